"""Which pieces go to which offers: the best choice, or a good one where there are too many.

Pieces are taken dearest first; after each, only the best way to every state of the open sets is
kept (dynamic programming), and a state that cannot beat what is already known is dropped (branch
and bound). With a `width` only that many of the most promising states go on: best-first.

Everything is deterministic: ties go by `Play.penalty`, then to what was found first, and pieces
and plays come in the order of their ranks and lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest

import msgspec

from pos.sale.promotions.plays import Machine, Play, Step

WIDTH = 16
"""States that go on in a search of limited width."""
MOST_SEARCHED = 40
"""Pieces above which a component is only gone through greedily."""

Pick = tuple[int, int]
"""A class, and how many of its pieces."""


class Use(msgspec.Struct):
    """One way a play is given: the pieces of one set, dearest first, as often as `times`."""

    play: int
    times: int
    picks: tuple[Pick, ...]
    gain: int = 0
    given: tuple[Pick, ...] = ()


class _Option(msgspec.Struct):
    """A play's role for a class of pieces, its steps by node filled in as they are needed."""

    play: int
    role: int
    shift: int
    mask: int
    limit_shift: int
    limit_mask: int
    limit: int
    machine: Machine
    c: int
    table: dict[int, Step | None]

    def fill(self, node: int) -> Step | None:
        step = self.machine.step(node, self.c, self.role)
        if step is not None:
            after, gain, change, starts = step
            delta = (after - node) << self.shift
            if starts and self.limit_mask:
                delta += 1 << self.limit_shift
            step = delta, gain, change, starts and bool(self.limit_mask)
        self.table[node] = step
        return step


_Kept = tuple[int, int, int, int]
"""Gain, promise, the state before, the option taken (-1: none)."""


class Search:
    """One component: classes of equal pieces, dearest first, and the plays on them."""

    def __init__(self, counts: list[int], plays: list[Play]) -> None:
        self.counts = counts
        self.plays = plays
        self._options: list[list[_Option]] = [[] for _ in counts]
        self._machines: list[tuple[int, int, Machine]] = []
        self._coming: list[list[tuple[int, ...]]] = []
        self._build()
        self._units = [c for c, count in enumerate(counts) for _ in range(count)]
        self._future = self._futures()

    def run(self, width: int | None, floor: int = 0) -> tuple[int, list[Use]]:
        """The best gain above `floor`, with the uses that bring it; (floor, []) if there is none.

        `width` None searches to the end.
        """
        layer: dict[int, _Kept] = {0: (0, 0, 0, -1)}
        layers = [layer]
        for place, c in enumerate(self._units):
            layer = self._advance(layer, c, self._future[place + 1], floor)
            if place + 1 == len(self._units) or self._units[place + 1] != c:
                layer = self._alive(layer, c)
            if width is not None and len(layer) > width:
                kept = nlargest(width, layer.items(), key=lambda x: (x[1][0] + x[1][1], -x[0]))
                layer = dict(kept)
            if not layer:
                return floor, []
            layers.append(layer)
        state = max(layer, key=lambda s: (layer[s][0], -s))
        if layer[state][0] <= floor:
            return floor, []
        return layer[state][0], self._uses(layers, state)

    def _advance(
        self, layer: dict[int, _Kept], c: int, future: int, floor: int
    ) -> dict[int, _Kept]:
        """All states after one more piece of class `c`."""
        need = floor - future
        after: dict[int, _Kept] = {}
        options = [
            (n, o.shift, o.mask, o.table, o.fill, o.limit_shift, o.limit_mask, o.limit)
            for n, o in enumerate(self._options[c])
        ]
        for state, (gain, promise, _, _) in layer.items():
            if gain + promise > need:
                old = after.get(state)
                if old is None or gain > old[0]:
                    after[state] = (gain, promise, state, -1)
            for n, shift, mask, table, fill, limit_shift, limit_mask, limit in options:
                node = state >> shift & mask
                step = table[node] if node in table else fill(node)
                if step is None:
                    continue
                delta, more, change, starts = step
                total, open_promise = gain + more, promise + change
                if total + open_promise <= need:
                    continue
                if starts and state >> limit_shift & limit_mask >= limit:
                    continue
                old = after.get(state + delta)
                if old is None or total > old[0]:
                    after[state + delta] = (total, open_promise, state, n)
        return after

    def _alive(self, layer: dict[int, _Kept], c: int) -> dict[int, _Kept]:
        """The states whose open sets can still be filled by the pieces after class `c`."""
        for (shift, mask, machine), coming in zip(self._machines, self._coming, strict=True):
            if c < machine.first or c > machine.last:
                continue
            there = coming[c]
            can: dict[int, bool] = {0: True}
            for state in layer:
                node = state >> shift & mask
                if node not in can:
                    lacks = machine.lacks(node)
                    can[node] = all(a <= b for a, b in zip(lacks, there, strict=True))
            if not all(can.values()):
                layer = {s: k for s, k in layer.items() if can[s >> shift & mask]}
        return layer

    def _build(self) -> None:
        shift = 0
        limits: dict[int, tuple[int, int, int]] = {}
        for number, play in enumerate(self.plays):
            machine = Machine(play, self.counts)
            bits = machine.bits()
            mask = (1 << bits) - 1
            if bits:
                self._machines.append((shift, mask, machine))
                self._coming.append(_coming(play, self.counts))
            if play.left is None:
                limit = (0, 0, 0)
            elif play.rank in limits:
                limit = limits[play.rank]
            else:
                size = min(play.left, sum(self.counts)).bit_length()
                limit = limits[play.rank] = (shift + bits, (1 << size) - 1, play.left)
                bits += size
            for c in play.classes:
                for role in machine.roles(c):
                    option = _Option(number, role, shift, mask, *limit, machine, c, {})
                    self._options[c].append(option)
            shift += bits

    def _futures(self) -> list[int]:
        """At each place, at most what the pieces from there on can still bring.

        A piece brings the most that an offer without a limit may; what limited ones may bring
        beyond that is counted for as many pieces as they can have, the best ones.
        """
        free: list[int] = []
        more: list[dict[int, int]] = []
        for c, options in enumerate(self._options):
            bounds = [
                (self.plays[n], self.plays[n].bound(c, cap))
                for n, cap in {o.play: o.machine.cap for o in options}.items()
            ]
            free.append(max((0, *(most for p, most in bounds if p.left is None))))
            more.append({})
            for p, most_here in bounds:
                extra = most_here - free[c]
                if p.left is not None and extra > more[c].get(p.rank, 0):
                    more[c][p.rank] = extra
        most = {p.rank: p.left * p.size for p in self.plays if p.left is not None}
        best: dict[int, list[int]] = {rank: [] for rank in most}
        sums, unlimited = [0], 0
        for c in reversed(self._units):
            unlimited += free[c]
            for rank, extra in more[c].items():
                best[rank] = sorted((*best[rank], extra), reverse=True)[: most[rank]]
            sums.append(unlimited + sum(sum(row) for row in best.values()))
        return sums[::-1]

    def _uses(self, layers: Sequence[dict[int, _Kept]], state: int) -> list[Use]:
        """The pieces of each play on the way to a state, put together into sets."""
        taken: dict[int, list[tuple[int, int]]] = {}
        for place in range(len(self._units), 0, -1):
            _, _, before, n = layers[place][state]
            if n >= 0:
                option = self._options[self._units[place - 1]][n]
                taken.setdefault(option.play, []).append((option.c, option.role))
            state = before
        uses: list[Use] = []
        for number in sorted(taken):
            uses += self._sets(number, taken[number][::-1])
        return uses

    def _sets(self, number: int, pieces: list[tuple[int, int]]) -> list[Use]:
        play = self.plays[number]
        if play.form == "single":
            sets = [([c], [c]) for c, _ in pieces]
        elif play.form == "bundle":
            queues = [[c for c, role in pieces if role == n] for n in range(len(play.slots))]
            rows = range(len(queues[0]) // play.slots[0])
            parts = [
                [q[row * n : (row + 1) * n] for q, n in zip(queues, play.slots, strict=True)]
                for row in rows
            ]
            sets = [(sorted(c for slot in part for c in slot), []) for part in parts]
        elif not play.falling():
            payers = [c for c, role in pieces if role == 0]
            frees = [c for c, role in pieces if role == 1]
            p, f = play.payers, play.frees
            sets = [
                (payers[n * p : n * p + p] + frees[n * f : n * f + f], frees[n * f : n * f + f])
                for n in range(len(frees) // f)
            ]
        else:
            queue, k = [c for c, _ in pieces], play.size
            sets = [
                (queue[n : n + k], queue[n + play.payers : n + k]) for n in range(0, len(queue), k)
            ]
        merged: dict[tuple[tuple[Pick, ...], tuple[Pick, ...]], int] = {}
        for all_of, given in sets:
            key = (counted(all_of), counted(given))
            merged[key] = merged.get(key, 0) + 1
        return [
            Use(number, times, picks, saving_of(play, picks, given), given)
            for (picks, given), times in merged.items()
        ]


def _coming(play: Play, counts: list[int]) -> list[tuple[int, ...]]:
    """For each class: the play's pieces that come after it, by slot."""
    slots = len(play.slots) or 1
    rows = [(0,) * slots]
    own = set(play.classes)
    for c in range(len(counts) - 1, 0, -1):
        bits = (play.slots_of[c] if play.slots else 1) if c in own else 0
        row = rows[-1]
        rows.append(tuple(n + (counts[c] if bits >> k & 1 else 0) for k, n in enumerate(row)))
    return rows[::-1]


def counted(classes: Sequence[int]) -> tuple[Pick, ...]:
    """Classes one by one as classes with counts, in their order."""
    counts: dict[int, int] = {}
    for c in classes:
        counts[c] = counts.get(c, 0) + 1
    return tuple(sorted(counts.items()))


def saving_of(play: Play, picks: Sequence[Pick], given: Sequence[Pick]) -> int:
    """Fen that one set takes off the prices of its pieces."""
    if play.form == "bundle":
        return play.per_set + sum(play.value[c] * n for c, n in picks)
    return sum(play.value[c] * n for c, n in given)
