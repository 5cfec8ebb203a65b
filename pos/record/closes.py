"""Facts that close: a shift (交班), a day (日结); and a count that came later than its close."""

from __future__ import annotations

from pos.record.figures import Counted, Figures
from pos.record.parts import Base, Where


class ShiftClosed(Base, frozen=True, tag="shift.closed"):
    """交班 of `owner`, by who is in `where`. `counted` is None where nobody has counted (`auto`).

    Every way of paying as declared, cash by denomination (fen, pieces). `recounted`: a first count
    was put aside, its sums by way are `first_declared`. `approver` signed what still differed.
    `left_fen` of the cash stays in the drawer for whoever comes next.
    """

    where: Where
    shift_id: str
    owner: str
    business_date: str
    opened_at: str
    figures: Figures
    counted: tuple[Counted, ...] | None
    denominations: tuple[tuple[int, int], ...]
    recounted: bool
    first_declared: tuple[tuple[str, int], ...]
    approver: str
    reason: str
    left_fen: int
    auto: bool


class ShiftCounted(Base, frozen=True, tag="shift.counted"):
    """A shift that was closed without a count was counted after all; it is a fact of its own day.

    What is expected is what its close said. Fields as in ShiftClosed.
    """

    where: Where
    shift_id: str
    counted: tuple[Counted, ...]
    denominations: tuple[tuple[int, int], ...]
    recounted: bool
    first_declared: tuple[tuple[str, int], ...]
    approver: str
    reason: str
    left_fen: int


class DayClosed(Base, frozen=True, tag="day.closed"):
    """日结: the `z`-th of this till; its figures are of all records since the Z before.

    `counted` adds up what was counted since then, None where nothing was; `uncounted` shifts of it
    were closed without a count. `grand_total_fen` is of all orders ever closed here, returns taken
    off. `clock_jumps` were on record and confirmed by who closed, unless `auto`.
    """

    where: Where
    z: int
    business_date: str
    first_seq: int
    last_seq: int
    shifts: int
    figures: Figures
    counted: tuple[Counted, ...] | None
    uncounted: int
    grand_total_fen: int
    clock_jumps: int
    auto: bool
