"""Best first: give the offer that gains most, then the next, on any number of pieces.

Counts of equal pieces are never taken apart one by one, so that a line of ten thousand pieces
costs what a line of ten does. What this finds is good, not always best; it is used alone where a
component is too large to search.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from pos.sale.promotions.packing import Use, counted, saving_of
from pos.sale.promotions.plays import SCALE, Play


def best_first(counts: Sequence[int], plays: Sequence[Play]) -> tuple[int, list[Use]]:
    """The gain, and the uses that bring it. `counts` are pieces by class, dearest class first."""
    left = list(counts)
    limits = {p.rank: p.left for p in plays if p.left is not None}
    queue = [(-SCALE * 10**12, p.rank, n) for n, p in enumerate(plays)]
    heapify(queue)
    uses: list[Use] = []
    total = 0
    while queue:
        known, rank, number = heappop(queue)
        play = plays[number]
        sets = limits.get(rank)
        found = _best_set(play, left) if sets is None or sets > 0 else None
        if found is None or found[0] <= 0:
            continue
        gain, picks, given = found
        # gains only fall while pieces go, so an old gain that is still the highest is the highest
        if -gain > known and queue and (-gain, rank, number) > queue[0]:
            heappush(queue, (-gain, rank, number))
            continue
        times = min(left[c] // n for c, n in picks)
        if sets is not None:
            times = min(times, sets)
            limits[rank] = sets - times
        for c, n in picks:
            left[c] -= n * times
        total += gain * times
        uses.append(Use(number, times, picks, saving_of(play, picks, given), given))
        heappush(queue, (-gain, rank, number))
    return total, uses


_Found = tuple[int, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]


def _best_set(play: Play, left: Sequence[int]) -> _Found | None:
    """The set of a play that gains most on what is left; None where there is none."""
    if play.form == "bundle":
        return _best_bundle(play, left)
    if play.form == "single":
        there = [c for c in play.classes if left[c]]
        if not there:
            return None
        best = max(there, key=lambda c: (play.value[c] + play.cost[c], -c))
        return _scored(play, [best], [best])
    size = play.size
    if not play.falling():
        return _best_ranked_any(play, left)
    row = [c for c in play.classes for _ in range(min(left[c], size))]
    best_at, best_gain = -1, 0
    for start in range(len(row) - size + 1):
        window = row[start : start + size]
        gain = sum(play.cost[c] for c in window) + sum(play.value[c] for c in window[play.payers :])
        if gain > best_gain:
            best_at, best_gain = start, gain
    if best_at < 0:
        return None
    window = row[best_at : best_at + size]
    return _scored(play, window, window[play.payers :])


def _best_ranked_any(play: Play, left: Sequence[int]) -> _Found | None:
    """Where gains do not fall with prices: the best pieces to give, the cheapest payers before."""
    row = [c for c in play.classes for _ in range(min(left[c], play.size))]
    best: _Found | None = None
    for first in range(play.payers, len(row) - play.frees + 1):
        payers = sorted(row[:first], key=lambda c: (-play.cost[c], c))[: play.payers]
        rest = sorted(row[first:], key=lambda c: (-play.value[c] - play.cost[c], c))
        frees = rest[: play.frees]
        found = _scored(play, payers + frees, frees)
        if best is None or found[0] > best[0]:
            best = found
    return best


def _best_bundle(play: Play, left: Sequence[int]) -> _Found | None:
    """The best pieces slot by slot, the slot with the fewest to choose from first."""
    spare = {c: left[c] for c in play.classes if left[c]}
    fitting = [[c for c in spare if play.slots_of[c] >> n & 1] for n in range(len(play.slots))]
    picked: list[int] = []
    for n in sorted(range(len(play.slots)), key=lambda n: (len(fitting[n]), n)):
        need = play.slots[n]
        for c in sorted(fitting[n], key=lambda c: (-play.value[c] - play.cost[c], c)):
            take = min(need, spare[c])
            picked += [c] * take
            spare[c] -= take
            need -= take
            if not need:
                break
        if need:
            return None
    return _scored(play, picked, [])


def _scored(play: Play, pieces: list[int], given: list[int]) -> _Found:
    picks, free = counted(pieces), counted(given)
    fen = saving_of(play, picks, free) + sum(play.cost[c] * n for c, n in picks)
    return fen * SCALE - play.penalty * len(pieces), picks, free
