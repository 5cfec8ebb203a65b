"""Shifts and days opened and closed at a ledger; the same for the screen and the command line.

Runs where the ledger is written. Nothing here waits for a network or refuses a count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pos.access.rights import Session
from pos.access.signing import Gate, begin, where_of
from pos.clock import business_date
from pos.config import Config, fen
from pos.record import CashKind, CashMoved, DayClosed, Fact, ShiftClosed, ShiftCounted, Where
from pos.refusal import Refused
from pos.reports import closes
from pos.sale.counting import Cash, Count
from pos.store import shifts
from pos.store.reader import Reader
from pos.store.shifts import ShiftRow

if TYPE_CHECKING:
    from pos.store.ledger import Ledger


class Signed(msgspec.Struct, frozen=True):
    """How a count ended: a first count that was put aside, and why what differs stays."""

    count: Count
    first: dict[str, int] = {}
    reason: str = ""


def come(gate: Gate, ledger: Ledger, reader: Reader, session: Session) -> Session:
    """Put an operator's coming on record; days that nobody closed are closed before it."""
    cutoff = gate.settings.shift.cutoff_hour
    today = business_date(ledger.place.clock.now(), cutoff).isoformat()
    catch_up(ledger, reader, session.operator_id, today)
    return begin(gate, ledger, reader, session)


def catch_up(ledger: Ledger, reader: Reader, operator: str, today: str) -> DayClosed | None:
    """Close what is left open of the days before `today`, without a count."""
    old = [one for one in shifts.opened(reader) if one.business_date < today]
    days = [one.business_date for one in old]
    for shift in old:
        where = Where(operator, shift.shift_id, shift.business_date)
        _put(ledger, closes.shift_closed(reader, where, shift, None), shift.shift_id, "shift")
    last = closes.last_date(reader)
    if last and last < today:
        days.append(last)
    if not days:
        return None
    day = max(days)
    fact = closes.day_closed(reader, Where(operator, "", day), day, auto=True)
    _put(ledger, fact, str(fact.z), "z")
    return fact


def close_shift(
    ledger: Ledger, reader: Reader, where: Where, shift: ShiftRow, signed: Signed, kept_fen: int
) -> ShiftClosed:
    """交班 with a count; `kept_fen` is what should stay in the drawer, the rest is handed over."""
    fact = closes.shift_closed(
        reader,
        where,
        shift,
        signed.count,
        left_fen=min(max(signed.count.cash.fen, 0), kept_fen),
        reason=signed.reason,
        first=signed.first,
    )
    _put(ledger, fact, shift.shift_id, "shift")
    return fact


def count_late(
    ledger: Ledger, reader: Reader, where: Where, shift: ShiftRow, signed: Signed, kept_fen: int
) -> ShiftCounted:
    """Count a shift that was closed without."""
    fact = closes.shift_counted(
        reader,
        where,
        shift,
        signed.count,
        left_fen=min(max(signed.count.cash.fen, 0), kept_fen),
        reason=signed.reason,
        first=signed.first,
    )
    _put(ledger, fact, shift.shift_id, "shift")
    return fact


def close_day(ledger: Ledger, reader: Reader, where: Where, *extra: Fact) -> DayClosed:
    """日结. Shifts that are still open are closed with it, without a count."""
    for shift in shifts.opened(reader):
        own = Where(where.operator, shift.shift_id, shift.business_date)
        _put(ledger, closes.shift_closed(reader, own, shift, None), shift.shift_id, "shift")
    day = closes.last_date(reader) or where.business_date
    fact = closes.day_closed(reader, where, day, auto=False)
    _put(ledger, fact, str(fact.z), "z", *extra)
    return fact


def move_cash(
    ledger: Ledger, where: Where, move: CashKind, cash: int | Cash, reason: str, *extra: Fact
) -> CashMoved:
    """Cash in or out of the drawer beside sales, on record; all but a float get a slip."""
    amount, pieces = (cash, ()) if isinstance(cash, int) else (cash.fen, cash.pieces)
    if amount <= 0:
        raise Refused("amount_not_positive")
    fact = CashMoved(where, ledger.place.ids.uuid7(), move, amount, reason, pieces)
    if move == "float":
        ledger.write(*extra, fact)
    else:
        _put(ledger, fact, fact.cash_id, "cash", *extra)
    return fact


def _put(ledger: Ledger, fact: Fact, subject: str, kind: str, *extra: Fact) -> None:
    """A fact with its slip, in one transaction."""
    ledger.write(
        *extra, fact, also=lambda connection: ledger.queue_print(connection, subject, kind, 0)
    )


def own_shift(reader: Reader, session: Session) -> ShiftRow:
    """The open shift of who is signed in. Refused("shift_none")."""
    for shift in shifts.opened(reader):
        if shift.operator == session.operator_id:
            return shift
    raise Refused("shift_none")


def where_in(reader: Reader, session: Session, today: str) -> Where:
    """Who acts in which shift, where nobody signed in: his open one, else none."""
    if session.shift_id:
        return where_of(session)
    for shift in shifts.opened(reader):
        if shift.operator == session.operator_id:
            return Where(session.operator_id, shift.shift_id, shift.business_date)
    return Where(session.operator_id, "", today)


def wants_float(reader: Reader, shift_id: str) -> bool:
    """Whether a shift has neither a float nor an order yet."""
    sql = (
        "SELECT EXISTS (SELECT 1 FROM cash_moves WHERE shift_id = ? AND move = 'float')"
        " OR EXISTS (SELECT 1 FROM orders WHERE business_date ="
        " (SELECT business_date FROM shifts WHERE shift_id = ?) AND shift_id = ?)"
    )
    return not reader.rows(sql, (shift_id, shift_id, shift_id))[0][0]


def float_offered(reader: Reader, config: Config) -> int:
    """What the last shift left in the drawer, else what the settings say."""
    left = shifts.left_fen(reader)
    return fen(config.settings.shift.float) if left is None else left


def drawer_fen(reader: Reader, shift_id: str, day: str) -> int:
    """What should lie in the drawer of a shift."""
    cash = (
        "SELECT coalesce(sum(t.fen), 0) FROM orders o CROSS JOIN order_tenders t USING (order_id)"
        " WHERE o.business_date = ? AND o.shift_id = ? AND o.state = 'closed' AND t.way = 'cash'"
    )
    moved = (
        "SELECT coalesce(sum(CASE WHEN move IN ('out', 'drop') THEN -fen ELSE fen END), 0)"
        " FROM cash_moves WHERE shift_id = ?"
    )
    kept = int(reader.rows(cash, (day, shift_id))[0][0])
    return kept + int(reader.rows(moved, (shift_id,))[0][0])
