"""Signing in and approving: PIN checked, wrong ones counted on disk, everything on record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, get_args

from pos.access.pins import Pins
from pos.access.rights import Role, Session, session_of
from pos.clock import business_date, moment_of, stamp
from pos.config import Settings
from pos.record import Fact, ShiftOpened, Where
from pos.record import Session as SessionFact
from pos.refusal import Refused
from pos.store.reader import OperatorRow, Reader

if TYPE_CHECKING:  # SQLModel loads in the ledger's thread, behind the first paint
    from pos.store.ledger import Ledger


@dataclass(frozen=True)
class Gate:
    """What checking a PIN needs."""

    pins: Pins
    settings: Settings


def recognise(gate: Gate, reader: Reader, now: datetime, operator_id: str, pin: str) -> Session:
    """The session of an operator; writes nothing, so a wrong PIN is not counted here.

    Refused: `wrong_pin`, `must_wait`, never saying whether the operator or the PIN was wrong.
    """
    row = reader.operator(operator_id)
    if row is None or not row.active:
        gate.pins.matches(pin, gate.pins.hash("902746"))  # takes as long as for a known operator
        raise Refused("wrong_pin")
    if row.wait_until and (left := (moment_of(row.wait_until) - now).total_seconds()) > 0:
        # a clock set back must not lock anybody out for longer than the wait itself
        raise Refused("must_wait", seconds=int(min(left, _wait(gate, row.wrong_pins))) + 1)
    if not gate.pins.matches(pin, row.pin_hash):
        raise Refused("wrong_pin")
    told = reader.role(row.role)
    return session_of(operator_id, row.name, role_of(row.role), gate.settings.roles, told)


def authenticate(gate: Gate, ledger: Ledger, reader: Reader, operator_id: str, pin: str) -> Session:
    """The session of an operator; Refused: `wrong_pin`, `must_wait`, never saying which was wrong.

    A wrong PIN is counted on disk before this returns, so a crash does not reset the count. After
    `wrong_pins` of them the operator waits, and twice as long after each further one.
    """
    now = ledger.place.clock.now()
    try:
        session = recognise(gate, reader, now, operator_id, pin)
    except Refused as refused:
        row = reader.operator(operator_id)
        if refused.code == "wrong_pin" and row is not None and row.active:
            _count_wrong(gate, ledger, row, now)
        raise
    row = reader.operator(operator_id)
    if row is not None and row.wrong_pins:
        _keep_count(ledger, operator_id, 0, "")
    return session


def sign_in(gate: Gate, ledger: Ledger, reader: Reader, operator_id: str, pin: str) -> Session:
    """Authenticate and open the operator's shift of the business date, unless it is open."""
    return begin(gate, ledger, reader, authenticate(gate, ledger, reader, operator_id, pin))


def begin(gate: Gate, ledger: Ledger, reader: Reader, session: Session) -> Session:
    """Put an authenticated operator's coming on record, in the shift of the business date."""
    if "sell" not in session.rights:
        raise Refused("role_cannot_sell")
    now = ledger.place.clock.now()
    today = business_date(now, gate.settings.shift.cutoff_hour).isoformat()
    shift, day = reader.shift(session.operator_id, today)
    day = day or today
    where = Where(session.operator_id, shift or ledger.place.ids.uuid7(), day)
    came = SessionFact(where, "signed_in", session.role)
    ledger.write(*([came] if shift else [ShiftOpened(where), came]))
    return replace(session, shift_id=where.shift_id, business_date=day)


def where_of(session: Session) -> Where:
    """Who and in which shift, for a record."""
    return Where(session.operator_id, session.shift_id, session.business_date)


def role_of(text: str) -> Role:
    """A role as kept; Refused when it is none."""
    for role in get_args(Role):
        if role == text:
            return role  # type: ignore[no-any-return]
    raise Refused("unknown_role", role=text)


def _count_wrong(gate: Gate, ledger: Ledger, row: OperatorRow, now: datetime) -> None:
    wrong = row.wrong_pins + 1
    until = ""
    if wrong >= gate.settings.access.wrong_pins:
        until = stamp(now + timedelta(seconds=_wait(gate, wrong)))
    fact = SessionFact(Where(row.operator_id, "", ""), "wrong_pin", row.role)
    _keep_count(ledger, row.operator_id, wrong, until, fact)


def _keep_count(ledger: Ledger, operator_id: str, wrong: int, until: str, *facts: Fact) -> None:
    from pos.store import operators

    operators.count_wrong(ledger, operator_id, wrong, until, *facts)


def _wait(gate: Gate, wrong: int) -> int:
    access = gate.settings.access
    doublings = min(max(0, wrong - access.wrong_pins), 10)
    return int(access.wait_seconds * 2**doublings)
