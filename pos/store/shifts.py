"""Shifts and days as kept: what is open, what the last close said."""

from __future__ import annotations

from typing import Literal

import msgspec

from pos.record import DayClosed, Record, ShiftClosed, ShiftCounted, from_bytes
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


def latest_date(reader: Reader) -> str:
    """The business date of the shift that was opened last; empty before the first."""
    found = reader.rows("SELECT business_date FROM shifts ORDER BY jn DESC LIMIT 1")
    return str(found[0][0]) if found else ""


class Closed(msgspec.Struct, frozen=True):
    """A shift or a day that was closed, in a list; `difference_fen` None: not counted."""

    kind: Literal["shift", "z"]
    subject: str
    business_date: str
    closed_at: str
    operator: str
    fen: int
    difference_fen: int | None
    auto: int


_RECENT = """
SELECT * FROM (
    SELECT 'z' AS kind, CAST(z AS TEXT) AS subject, d.business_date, d.closed_at, d.operator,
           d.net_fen AS fen, CASE WHEN d.counted THEN (SELECT sum(n.difference_fen)
               FROM shift_counts n WHERE n.jn > d.after_jn AND n.jn <= d.upto_jn) END AS difference,
           d.auto, d.jn
    FROM day_closes d ORDER BY d.z DESC LIMIT :most)
UNION ALL SELECT * FROM (
    SELECT 'shift', c.shift_id, c.business_date, c.closed_at, c.owner, c.expected_fen,
           (SELECT sum(n.difference_fen) FROM shift_counts n WHERE n.shift_id = c.shift_id),
           c.auto, c.jn
    FROM shift_closes c ORDER BY c.jn DESC LIMIT :most)
ORDER BY jn DESC LIMIT :most
"""


def recent(reader: Reader, most: int = 60) -> list[Closed]:
    """Days and shifts that were closed, newest first."""
    return [Closed(*tuple(row)[:-1]) for row in reader.rows(_RECENT, {"most": most})]


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
    fact = record_of(reader, "z", str(z))[0].fact
    if not isinstance(fact, DayClosed):
        raise Refused("z_unknown", z=z)
    return fact


def record_of(reader: Reader, kind: str, subject: str) -> tuple[Record, bytes]:
    """The record behind a slip (`z`, `shift`, `cash`) and its hash.

    Refused: z_unknown, shift_not_closed, cash_unknown.
    """
    table, column, code = _RECORDS[kind]
    found = reader.rows(f"SELECT jn FROM {table} WHERE {column} = ?", (subject,))  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    found = found and reader.rows("SELECT body, hash FROM journal WHERE jn = ?", (found[0][0],))
    if not found:
        raise Refused(code, z=subject)
    return from_bytes(found[0][0]), found[0][1]


_RECORDS = {
    "z": ("day_closes", "z", "z_unknown"),
    "shift": ("shift_closes", "shift_id", "shift_not_closed"),
    "cash": ("cash_moves", "cash_id", "cash_unknown"),
}


def late_count(reader: Reader, shift_id: str) -> ShiftCounted | None:
    """The count of a shift that came after its close."""
    found = reader.rows(
        "SELECT body FROM journal WHERE kind = 'shift.counted' AND jn IN"
        " (SELECT jn FROM shift_counts WHERE shift_id = ?)",
        (shift_id,),
    )
    fact = from_bytes(found[0][0]).fact if found else None
    return fact if isinstance(fact, ShiftCounted) else None


def closed(reader: Reader, shift_id: str) -> ShiftClosed:
    """The fact that closed a shift. Refused("shift_not_closed")."""
    fact = record_of(reader, "shift", shift_id)[0].fact
    if not isinstance(fact, ShiftClosed):
        raise Refused("shift_not_closed")
    return fact
