"""The facts that close a shift and a day, made from what is on record.

They are made where the ledger is written, so nothing comes between what they read and their own
place in the journal. A close never refuses a count, and never waits for anything outside.
"""

from __future__ import annotations

from pos.record import Counted, DayClosed, Figures, ShiftClosed, ShiftCounted, Where
from pos.refusal import Refused
from pos.reports.adding import counted, figures, grand_total
from pos.reports.scope import of_shift, of_z
from pos.sale.counting import Count
from pos.store import shifts
from pos.store.reader import Reader
from pos.store.shifts import ShiftRow


def shift_figures(reader: Reader, shift: ShiftRow) -> Figures:
    """The X of one shift."""
    return figures(reader, of_shift(shift.shift_id, shift.business_date))


def shift_closed(
    reader: Reader,
    where: Where,
    shift: ShiftRow,
    count: Count | None,
    *,
    left_fen: int = 0,
    reason: str = "",
    first: dict[str, int] | None = None,
) -> ShiftClosed:
    """交班. Without a count it closes by itself (`auto`), and somebody counts later.

    What is expected is read anew: between a count and its close nothing is lost.
    Refused("shift_closed_already").
    """
    if shift.shift_id not in {one.shift_id for one in shifts.opened(reader)}:
        raise Refused("shift_closed_already")
    found = shift_figures(reader, shift)
    return ShiftClosed(
        where=where,
        shift_id=shift.shift_id,
        owner=shift.operator,
        business_date=shift.business_date,
        opened_at=shift.opened_at,
        figures=found,
        counted=None if count is None else _told(count, found.expected),
        denominations=() if count is None else count.cash.pieces,
        recounted=count is not None and count.recounted,
        first_declared=tuple(sorted((first or {}).items())),
        approver="" if count is None else count.approver,
        reason=reason,
        left_fen=left_fen,
        auto=count is None,
    )


def shift_counted(
    reader: Reader,
    where: Where,
    shift: ShiftRow,
    count: Count,
    *,
    left_fen: int = 0,
    reason: str = "",
    first: dict[str, int] | None = None,
) -> ShiftCounted:
    """A shift that was closed without a count is counted. Refused("shift_counted_already")."""
    if shift.shift_id not in {one.shift_id for one in shifts.uncounted(reader)}:
        raise Refused("shift_counted_already")
    expected = shifts.closed(reader, shift.shift_id).figures.expected
    return ShiftCounted(
        where=where,
        shift_id=shift.shift_id,
        counted=_told(count, expected),
        denominations=count.cash.pieces,
        recounted=count.recounted,
        first_declared=tuple(sorted((first or {}).items())),
        approver=count.approver,
        reason=reason,
        left_fen=left_fen,
    )


def day_closed(reader: Reader, where: Where, business_date: str, *, auto: bool) -> DayClosed:
    """日结: all that came since the Z before. Refused("day_nothing") where that is nothing."""
    last = shifts.last_day(reader)
    after, base = (last.jn, last.grand_total_fen) if last else (0, 0)
    upto = reader.head()[0]
    found = figures(reader, of_z(business_date, after, upto))
    closed, bare = _closes(reader, after, upto)
    if not found.orders and not found.voided_orders.count and not closed:
        raise Refused("day_nothing")
    return DayClosed(
        where=where,
        z=last.z + 1 if last else 1,
        business_date=business_date,
        first_seq=found.first_seq,
        last_seq=found.last_seq,
        shifts=closed,
        figures=found,
        counted=counted(reader, found.of),
        uncounted=bare,
        grand_total_fen=grand_total(reader, upto_jn=upto, base_jn=after, base_fen=base),
        clock_jumps=clock_jumps(reader, after, upto),
        auto=auto,
    )


def last_date(reader: Reader) -> str:
    """The latest business date of what came after the last Z; empty where nothing did."""
    last = shifts.last_day(reader)
    after = last.jn if last else 0
    sql = (
        "SELECT coalesce(max(d), '') FROM ("
        "SELECT business_date AS d FROM shifts WHERE jn > :after UNION ALL "
        "SELECT business_date FROM shift_closes WHERE jn > :after UNION ALL "
        "SELECT business_date FROM orders WHERE jn > :after)"
    )
    return str(reader.rows(sql, {"after": after})[0][0])


def clock_jumps(reader: Reader, after_jn: int, upto_jn: int) -> int:
    """How often the clock was found to have jumped."""
    sql = "SELECT count(*) FROM events WHERE kind = 'clock.jumped' AND jn > ? AND jn <= ?"
    return int(reader.rows(sql, (after_jn, upto_jn))[0][0])


def _closes(reader: Reader, after_jn: int, upto_jn: int) -> tuple[int, int]:
    """Shifts closed in between, and how many of them without a count."""
    sql = (
        "SELECT count(*), coalesce(sum(counted = 0), 0) FROM shift_closes WHERE jn > ? AND jn <= ?"
    )
    closed, bare = reader.rows(sql, (after_jn, upto_jn))[0]
    return int(closed), int(bare)


def _told(count: Count, expected: dict[str, int]) -> tuple[Counted, ...]:
    ways = sorted(count.declared.keys() | expected.keys(), key=lambda way: (way != "cash", way))
    return tuple(
        Counted(way, count.declared.get(way, 0), expected.get(way, 0), fen)
        for way in ways
        for fen in (count.declared.get(way, 0) - expected.get(way, 0),)
    )
