"""Which of the offers on the whole order: the best set of them that shares no line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Candidate(NamedTuple):
    """An offer that could be given: its lines bit by bit, what it saves, its rank, its number."""

    mask: int
    fen: int
    rank: int
    number: int


def choose(candidates: Sequence[Candidate], exact: int) -> tuple[list[Candidate], bool]:
    """Candidates without a line in common that save most, in the order of their ranks.

    Exact where at most `exact` of them hang together, best first beyond; the second value tells.
    """
    best_of: dict[int, Candidate] = {}
    for new in candidates:
        old = best_of.get(new.mask)
        if new.fen > 0 and (old is None or _first(new) < _first(old)):
            best_of[new.mask] = new
    chosen: list[Candidate] = []
    whole = True
    for part in _parts(sorted(best_of.values(), key=_first)):
        if len(part) <= exact:
            chosen += _exact(part)
        else:
            whole = False
            chosen += _greedy(part)
    return sorted(chosen, key=lambda c: (c.rank, c.number)), whole


def _first(candidate: Candidate) -> tuple[int, int, int]:
    return (-candidate.fen, candidate.rank, candidate.number)


def _parts(candidates: list[Candidate]) -> list[list[Candidate]]:
    """Candidates that share lines, directly or through others."""
    parts: list[tuple[int, list[Candidate]]] = []
    for candidate in candidates:
        mask, members = candidate.mask, [candidate]
        rest = []
        for other_mask, others in parts:
            if other_mask & mask:
                mask |= other_mask
                members = others + members
            else:
                rest.append((other_mask, others))
        parts = [*rest, (mask, members)]
    return [sorted(members, key=_first) for _, members in parts]


def _greedy(part: list[Candidate]) -> list[Candidate]:
    used, chosen = 0, []
    for candidate in part:
        if not candidate.mask & used:
            used |= candidate.mask
            chosen.append(candidate)
    return chosen


def _exact(part: list[Candidate]) -> list[Candidate]:
    """Depth first with the sum of what is left as bound; the part is sorted, the best first."""
    after = [0]
    for candidate in reversed(part):
        after.append(after[-1] + candidate.fen)
    after.reverse()
    best: list[Candidate] = []
    most = 0

    def look(place: int, used: int, fen: int, taken: list[Candidate]) -> None:
        nonlocal best, most
        if fen > most:
            best, most = list(taken), fen
        if place == len(part) or fen + after[place] <= most:
            return
        candidate = part[place]
        if not candidate.mask & used:
            taken.append(candidate)
            look(place + 1, used | candidate.mask, fen + candidate.fen, taken)
            taken.pop()
        look(place + 1, used, fen, taken)

    look(0, 0, 0, [])
    return best
