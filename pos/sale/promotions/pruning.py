"""Plays that another play makes needless are left out of a search."""

from __future__ import annotations

from collections.abc import Sequence

from pos.sale.promotions.plays import Play


def needed(plays: Sequence[Play]) -> list[int]:
    """The places of the plays that no other one can always stand in for.

    Shops put many offers on the same goods; most of them lose to one everywhere. Only what has no
    limit can stand in for another. Of equals the one with the better rank stays.
    """
    kept: list[int] = []
    for n, play in enumerate(plays):
        if not any(
            _stands_in(other, play) for k, other in enumerate(plays) if k != n and _may(other)
        ):
            kept.append(n)
    return kept


def _may(play: Play) -> bool:
    return play.left is None and play.form != "single"


def _stands_in(better: Play, play: Play) -> bool:
    """Whether every set of `play` could be one of `better` and would gain as much or more.

    Where it gains just as much, `better` must have the better rank.
    """
    if play.form == "single" or better.size != play.size:
        return False
    if len(play.classes) == 1:
        own, other = _alone(play, play.classes[0]), _alone(better, play.classes[0])
        return other is not None and own is not None and _first(other, own, better, play)
    if (better.form, better.payers, better.slots) != (play.form, play.payers, play.slots):
        return False
    if better.per_set < play.per_set:
        return False
    more = better.per_set > play.per_set or better.rank < play.rank
    strictly = True
    for c in play.classes:
        if c not in better.value or play.slots_of[c] & ~better.slots_of[c]:
            return False
        if better.value[c] < play.value[c] or better.cost[c] < play.cost[c]:
            return False
        strictly &= better.value[c] > play.value[c]
    return more or strictly


def _first(other: int, own: int, better: Play, play: Play) -> bool:
    return other > own or (other == own and better.rank < play.rank)


def _alone(play: Play, c: int) -> int | None:
    """What a set of pieces of one class gains; None where it cannot be one."""
    if c not in play.value:
        return None
    if play.form == "bundle":
        if play.slots_of[c] != (1 << len(play.slots)) - 1:
            return None
        return play.per_set + (play.value[c] + play.cost[c]) * play.size
    return play.value[c] * play.frees + play.cost[c] * play.size
