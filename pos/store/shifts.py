"""Shifts and days as kept: what is open, what the last close said."""

from __future__ import annotations

import msgspec

from pos.record import DayClosed, ShiftClosed, from_bytes
from pos.refusal import Refused
from pos.store.reader import Reader

_OPEN = """
SELECT s.shift_id, s.jn, s.operator, s.business_date, s.opened_at FROM shifts s
WHERE NOT EXISTS (SELECT 1 FROM shift_closes c WHERE c.shift_id = s.shift_id) ORDER BY s.jn
"""
_SHIFT = "SELECT shift_id, jn, operator, business_date, opened_at FROM shifts WHERE shift_id = ?"
_UNCOUNTED = """
SELECT s.shift_id, s.jn, s.operator, s.business_date, s.opened_at
FROM shift_closes c JOIN shifts s USING (shift_id)
WHERE c.counted = 0 AND NOT EXISTS (SELECT 1 FROM shift_counts n WHERE n.shift_id = c.shift_id)
ORDER BY c.jn
"""
_DAY = "SELECT z, jn, business_date, closed_at, grand_total_fen, auto, counted FROM day_closes"


class ShiftRow(msgspec.Struct, frozen=True):
    """A shift: `operator` opened it, `jn` is the record that did."""

    shift_id: str
    jn: int
    operator: str
    business_date: str
    opened_at: str


class DayRow(msgspec.Struct, frozen=True):
    """A closed day in a list."""

    z: int
    jn: int
    business_date: str
    closed_at: str
    grand_total_fen: int
    auto: int
    counted: int


def opened(reader: Reader) -> list[ShiftRow]:
    """Shifts that are open, oldest first."""
    return [ShiftRow(*row) for row in reader.rows(_OPEN)]


def shift(reader: Reader, shift_id: str) -> ShiftRow | None:
    """A shift by its id."""
    found = reader.rows(_SHIFT, (shift_id,))
    return ShiftRow(*found[0]) if found else None


def uncounted(reader: Reader) -> list[ShiftRow]:
    """Shifts that were closed and that nobody has counted yet, oldest first."""
    return [ShiftRow(*row) for row in reader.rows(_UNCOUNTED)]


def left_fen(reader: Reader) -> int | None:
    """What the last shift that was counted left in the drawer; None before the first."""
    sql = "SELECT left_fen FROM shift_closes WHERE counted = 1 ORDER BY jn DESC LIMIT 1"
    found = reader.rows(sql)
    return int(found[0][0]) if found else None


def last_day(reader: Reader) -> DayRow | None:
    """The last Z."""
    found = reader.rows(f"{_DAY} ORDER BY z DESC LIMIT 1")
    return DayRow(*found[0]) if found else None


def days(reader: Reader, business_date: str = "") -> list[DayRow]:
    """Z of a business date, or of all dates, oldest first."""
    sql = f"{_DAY} WHERE (:day = '' OR business_date = :day) ORDER BY z"
    return [DayRow(*row) for row in reader.rows(sql, {"day": business_date})]


def day(reader: Reader, z: int) -> DayClosed:
    """The fact of a Z. Refused("z_unknown")."""
    sql = "SELECT body FROM journal WHERE jn = (SELECT jn FROM day_closes WHERE z = ?)"
    found = reader.rows(sql, (z,))
    fact = from_bytes(found[0][0]).fact if found else None
    if not isinstance(fact, DayClosed):
        raise Refused("z_unknown", z=z)
    return fact


def closed(reader: Reader, shift_id: str) -> ShiftClosed:
    """The fact that closed a shift. Refused("shift_not_closed")."""
    sql = "SELECT body FROM journal WHERE jn = (SELECT jn FROM shift_closes WHERE shift_id = ?)"
    found = reader.rows(sql, (shift_id,))
    fact = from_bytes(found[0][0]).fact if found else None
    if not isinstance(fact, ShiftClosed):
        raise Refused("shift_not_closed")
    return fact
