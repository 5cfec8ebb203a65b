"""Counting money: notes and coins, what should be there, the blind count of a shift.

Denominations are fen. The default is what circulates: 100 to 1 yuan, 5 and 1 jiao (notes and
coins of one value are counted together, facts/domain.md 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from pos.money import parse_fen
from pos.refusal import Refused

DENOMINATIONS = (10_000, 5000, 2000, 1000, 500, 100, 50, 10)
MOST_DENOMINATIONS = 20
MOST_PIECES = 99_999
MOST_FEN = 10**9
"""Nobody counts more than 10,000,000.00 yuan in one drawer."""

Stage = Literal["counting", "shown", "recounting", "signing", "done"]


class Cash(msgspec.Struct, frozen=True):
    """Counted notes and coins: (fen, pieces) each, largest first, none with 0 pieces."""

    pieces: tuple[tuple[int, int], ...] = ()

    @property
    def fen(self) -> int:
        """What they are worth."""
        return sum(fen * pieces for fen, pieces in self.pieces)


class Difference(msgspec.Struct, frozen=True):
    """A way of paying: declared and expected fen; positive `fen` is over, negative short."""

    way: str
    declared_fen: int
    expected_fen: int

    @property
    def fen(self) -> int:
        """What is over (长款) or, negative, short (短款)."""
        return self.declared_fen - self.expected_fen


def check_denominations(values: Sequence[int]) -> tuple[int, ...]:
    """Denominations of the config, largest first. Refused("denominations_wrong")."""
    found = tuple(sorted(values, reverse=True))
    if not found or len(found) > MOST_DENOMINATIONS or len(set(found)) != len(found):
        raise Refused("denominations_wrong", values=list(values))
    if found[-1] <= 0 or found[0] > 100_000:
        raise Refused("denominations_wrong", values=list(values))
    return found


def count(pieces: Mapping[int, int], denominations: Sequence[int] = DENOMINATIONS) -> Cash:
    """Pieces by denomination as cash.

    Refused: count_unknown_denomination, count_negative, count_too_large.
    """
    for fen, number in pieces.items():
        if fen not in denominations:
            raise Refused("count_unknown_denomination", fen=fen)
        if number < 0:
            raise Refused("count_negative")
        if number > MOST_PIECES:
            raise Refused("count_too_large", most=MOST_PIECES)
    found = Cash(tuple((fen, pieces[fen]) for fen in sorted(pieces, reverse=True) if pieces[fen]))
    if found.fen > MOST_FEN:
        raise Refused("count_too_large", most=MOST_PIECES)
    return found


def pieces_of(text: str) -> int:
    """Typed pieces; nothing typed is none. Refused: count_not_a_number, count_too_large."""
    if not text:
        return 0
    if text.startswith("-"):
        raise Refused("count_negative")
    if not (text.isascii() and text.isdigit()):
        raise Refused("count_not_a_number", text=text[:20])
    if len(text) > 6 or int(text) > MOST_PIECES:
        raise Refused("count_too_large", most=MOST_PIECES)
    return int(text)


def declared_of(text: str) -> int:
    """A typed sum in yuan as fen. Refused: count_not_a_number, count_negative."""
    if text.startswith("-"):
        raise Refused("count_negative")
    fen = parse_fen(text)
    if fen is None:
        raise Refused("count_not_a_number", text=text[:20])
    if fen > MOST_FEN:
        raise Refused("count_too_large", most=MOST_PIECES)
    return fen


def expected_cash(
    float_fen: int, kept_fen: int, in_fen: int = 0, out_fen: int = 0, drop_fen: int = 0
) -> int:
    """What should lie in the drawer.

    `kept_fen` is what cash tenders add up to: handed over less change, less what was refunded.
    """
    return float_fen + kept_fen + in_fen - out_fen - drop_fen


def differences(declared: Mapping[str, int], expected: Mapping[str, int]) -> tuple[Difference, ...]:
    """Every way of paying, cash first; what was not declared counts as nothing."""
    ways = sorted(declared.keys() | expected.keys(), key=lambda way: (way != "cash", way))
    return tuple(Difference(way, declared.get(way, 0), expected.get(way, 0)) for way in ways)


def drop_due(drawer_fen: int, ceiling_fen: int, keep_fen: int) -> int:
    """Fen to take out (解款) once more than `ceiling_fen` lies in the drawer; 0 below it.

    The drawer is brought down to `keep_fen`, in whole notes of 100 yuan; a ceiling of 0 is none.
    """
    if not ceiling_fen or drawer_fen <= ceiling_fen:
        return 0
    return max(0, drawer_fen - keep_fen) // DENOMINATIONS[0] * DENOMINATIONS[0]


class Count(msgspec.Struct, frozen=True):
    """A blind count on its way: what is expected stays hidden until something was declared.

    counting → shown → done, or shown → recounting → done; where it still differs by more than
    `tolerance_fen` in any way of paying, a manager signs first (signing → done).
    """

    expected: Mapping[str, int]
    tolerance_fen: int = 0
    stage: Stage = "counting"
    declared: Mapping[str, int] = {}
    cash: Cash = Cash()
    recounted: bool = False
    approver: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        """What has to be declared: every way that was used, and cash always."""
        return tuple(one.way for one in differences({"cash": 0}, self.expected))

    @property
    def shown(self) -> tuple[Difference, ...]:
        """The differences, and with them what was expected; none while it is counted."""
        if self.stage in ("counting", "recounting"):
            return ()
        return differences(self.declared, self.expected)

    @property
    def differs(self) -> bool:
        """Whether somebody has to answer for it."""
        return any(
            abs(one.fen) > self.tolerance_fen for one in differences(self.declared, self.expected)
        )


def submit(state: Count, declared: Mapping[str, int], cash: Cash) -> Count:
    """Hand in a count: `declared` has every way but cash. No count is ever refused as wrong.

    Refused: count_done, count_incomplete, count_negative.
    """
    if state.stage not in ("counting", "recounting"):
        raise Refused("count_done")
    told = {**declared, "cash": cash.fen}
    missing = [way for way in state.ways if way not in told]
    if missing:
        raise Refused("count_incomplete", ways="、".join(missing))
    if any(fen < 0 for fen in declared.values()) and not _refunds(declared, state.expected):
        raise Refused("count_negative")
    counted = replace(state, declared=told, cash=cash)
    if not counted.differs:
        return replace(counted, stage="done")
    return replace(counted, stage="signing" if state.recounted else "shown")


def _refunds(declared: Mapping[str, int], expected: Mapping[str, int]) -> bool:
    """Whether only ways that gave back more than they took were declared below zero."""
    return all(fen >= 0 or expected.get(way, 0) < 0 for way, fen in declared.items())


def recount(state: Count) -> Count:
    """Count once more; only once. Refused("count_done")."""
    if state.stage != "shown" or state.recounted:
        raise Refused("count_done")
    return replace(state, stage="recounting", recounted=True)


def accept(state: Count) -> Count:
    """Leave a difference as it is: it still has to be signed. Refused("count_done")."""
    if state.stage != "shown":
        raise Refused("count_done")
    return replace(state, stage="signing")


def sign(state: Count, approver: str, counter: str) -> Count:
    """Another operator answers for the difference. Refused: count_done, approver_is_asker."""
    if state.stage != "signing":
        raise Refused("count_done")
    if approver == counter:
        raise Refused("approver_is_asker")
    return replace(state, stage="done", approver=approver)


def leave(state: Count, approver: str = "") -> Count:
    """Close although nobody else signed: no close waits for a person. Refused("count_done").

    `approver` is who counted, where he may sign himself; else it stays unsigned.
    """
    if state.stage != "signing":
        raise Refused("count_done")
    return replace(state, stage="done", approver=approver)
