"""Signing in and approving: PIN checked, wrong ones counted on disk, everything on record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, get_args

from pos.access.pins import Pins
from pos.access.rights import Role, Session, session_of
from pos.clock import business_date, moment_of, stamp
from pos.config import Settings
from pos.record import Fact, ShiftOpened, Where
from pos.record import Session as SessionFact
from pos.refusal import Refused
from pos.store import wrong_pins
from pos.store.faults import in_words
from pos.store.reader import Reader

if TYPE_CHECKING:  # SQLModel loads in the ledger's thread, behind the first paint
    from pos.store.ledger import Ledger


_PATIENCE_SECONDS = 10.0
_TILL_SECONDS = 1.0


class _Keep(Protocol):
    """Keeps an operator's count and wait; with the fact where one more was wrong."""

    def __call__(self, wrong: int, until: str, *facts: Fact) -> None: ...


@dataclass(frozen=True)
class Gate:
    """What checking a PIN needs."""

    pins: Pins
    settings: Settings


def recognise(gate: Gate, reader: Reader, now: datetime, operator_id: str, pin: str) -> Session:
    """As `authenticate`, where the ledger is only read: another program may hold it.

    A wrong PIN is counted beside the ledger, on disk before this returns, and makes wait here as at
    the till. The ledger takes it in, and on record, at the next `authenticate`. One process at a
    time tries, so that many at once guess no more than one. Refused besides: `ledger_in_use` where
    another takes longer over it than anybody would; what the disk refuses.
    """
    path = reader.path

    def keep(wrong: int, until: str, *facts: Fact) -> None:
        try:
            wrong_pins.keep(path, operator_id, wrong, until, len(facts))
        except OSError as error:
            raise in_words(error, path) from error

    with wrong_pins.alone(path, _PATIENCE_SECONDS) as had:
        if not had:
            raise Refused("ledger_in_use", holder="pos")
        return _checked(gate, reader, now, operator_id, pin, keep)


def authenticate(gate: Gate, ledger: Ledger, reader: Reader, operator_id: str, pin: str) -> Session:
    """The session of an operator; Refused: `wrong_pin`, `must_wait`, never saying which was wrong.

    A wrong PIN is counted on disk before this returns, so a crash does not reset the count. After
    `wrong_pins` of them the operator waits, and twice as long after each further one.
    """
    _take_in(ledger, reader)

    def keep(wrong: int, until: str, *facts: Fact) -> None:
        from pos.store import operators

        operators.count_wrong(ledger, operator_id, wrong, until, *facts)

    return _checked(gate, reader, ledger.place.clock.now(), operator_id, pin, keep)


def _take_in(ledger: Ledger, reader: Reader) -> None:
    """What was counted beside the ledger comes into it, and on record.

    A kill in between loses none of it, but may put it on record twice. Who holds the lock for too
    long is not waited for, since a till has to go on: then it holds all the same, and comes later.
    """
    path = reader.path
    if not wrong_pins.found(path):
        return
    from pos.store import operators

    with wrong_pins.alone(path, _TILL_SECONDS) as had:
        if had:
            roles = {row.operator_id: row.role for row in reader.operators()}
            beside = {who: tried for who, tried in wrong_pins.found(path).items() if who in roles}
            operators.take_in(ledger, roles, beside)
            wrong_pins.forget(path)


def _checked(
    gate: Gate, reader: Reader, now: datetime, operator_id: str, pin: str, keep: _Keep
) -> Session:
    row = reader.operator(operator_id)
    if row is None or not row.active:
        gate.pins.matches(pin, gate.pins.hash("902746"))  # takes as long as for a known operator
        raise Refused("wrong_pin")
    row = wrong_pins.with_those_beside(reader.path, row)
    if row.wait_until and (left := (moment_of(row.wait_until) - now).total_seconds()) > 0:
        wait = _wait(gate, row.wrong_pins)
        if left > wait:  # the clock was set back: counted from now, or it would last the whole jump
            left = wait
            keep(row.wrong_pins, stamp(now + timedelta(seconds=wait)))
        raise Refused("must_wait", seconds=int(left) + 1)
    if not gate.pins.matches(pin, row.pin_hash):
        wrong, until = row.wrong_pins + 1, ""
        if wrong >= gate.settings.access.wrong_pins:
            until = stamp(now + timedelta(seconds=_wait(gate, wrong)))
        keep(wrong, until, SessionFact(Where(operator_id, "", ""), "wrong_pin", row.role))
        raise Refused("wrong_pin")
    if row.wrong_pins:
        keep(0, "")
    told = reader.role(row.role)
    return session_of(operator_id, row.name, role_of(row.role), gate.settings.roles, told)


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


def _wait(gate: Gate, wrong: int) -> int:
    access = gate.settings.access
    doublings = min(max(0, wrong - access.wrong_pins), 10)
    return int(access.wait_seconds * 2**doublings)
