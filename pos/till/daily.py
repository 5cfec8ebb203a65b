"""交班 and 日结 at the till: counted blind, signed where it differs, then on record and paper."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing as closed_after
from typing import TYPE_CHECKING, TypeVar

from pos.access.signing import where_of
from pos.clock import business_date, local
from pos.config import fen as fen_of
from pos.record import DayClosed, Fact, ShiftClosed, ShiftCounted, Where
from pos.record import Session as SessionFact
from pos.refusal import Refused
from pos.store import shifts
from pos.store.reader import Reader
from pos.store.shifts import ShiftRow
from pos.till import closing, counting, keeping, moving, printing, signing, slipping
from pos.till.closing import Signed
from pos.till.state import Approved, Counting
from pos.words.refusals import fill

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.till.till import Till

T = TypeVar("T")


def close_shift(till: Till) -> None:
    """交班: count, hand in, sign, next."""
    _free(till)
    shift = closing.own_shift(till.reader, till.session)
    _hold_check(till, lambda: _count(till, shift, lambda fact: _gone(till, fact)))


def close_day(till: Till) -> None:
    """日结: the own shift first, then everything that came since the last Z."""
    _free(till)

    def act(approved: Approved | None) -> None:
        facts = signing.override(till, "close_day", approved, "", till.session.business_date)

        def after(_: ShiftClosed) -> None:
            _confirm_day(till, facts)

        def begin() -> None:
            own = [s for s in shifts.opened(till.reader) if s.shift_id == till.session.shift_id]
            if own:
                _count(till, own[0], after)
            else:
                _confirm_day(till, facts)

        _hold_check(till, begin)

    signing.guard(till, "close_day", lambda _: None, act)


def count_late(till: Till) -> None:
    """补点: a shift that was closed without a count, the oldest first."""
    waiting = shifts.uncounted(till.reader)
    if not waiting:
        raise Refused("nothing_to_count")
    shift = waiting[0]
    expected = shifts.closed(till.reader, shift.shift_id).figures.expected
    words = till.words.shifts
    title = words.late_title.format(operator=shift.operator, date=shift.business_date)

    def finish(ledger: Ledger, reader: Reader, signed: Signed) -> ShiftCounted:
        where = where_of(till.session)
        return closing.count_late(ledger, reader, where, shift, signed, _kept(till))

    def done(fact: ShiftCounted) -> None:
        off = sum(one.difference_fen for one in fact.counted)
        till.state.mode = "selling"
        till.tell(fill(words.late_done, fen=off), "warn" if off else "ok")
        slipping.show(till, "shift", shift.shift_id, "selling")

    _counted(till, shift, title, lambda: expected, finish, done)


def _free(till: Till) -> None:
    """An order on the screen is finished, held or voided first; nothing is taken from it."""
    if till.state.order and till.state.order.lines:
        raise Refused("order_open")


def _kept(till: Till) -> int:
    return fen_of(till.config.settings.shift.float)


def _hold_check(till: Till, then: Callable[[], None]) -> None:
    """Orders on hold at a close: nothing, a word, or in the way, as the shop wants."""
    rule = till.config.settings.shift.held
    held = sum(order.state == "held" for order in till.reader.drafts())
    if held and rule == "deny":
        raise Refused("orders_held", count=held)
    if held and rule == "warn":
        till.tell(till.words.shifts.held_warned.format(count=held), "warn")
    then()


def _count(till: Till, shift: ShiftRow, then: Callable[[ShiftClosed], None]) -> None:
    def expected() -> dict[str, int]:
        from pos.reports import closes

        return closes.shift_figures(till.reader, shift).expected

    def finish(ledger: Ledger, reader: Reader, signed: Signed) -> ShiftClosed:
        where = Where(till.session.operator_id, shift.shift_id, shift.business_date)
        return closing.close_shift(ledger, reader, where, shift, signed, _kept(till))

    def done(fact: ShiftClosed) -> None:
        _tell_shift(till, fact)
        then(fact)

    _counted(till, shift, till.words.shifts.close_title, expected, finish, done)


def _counted(
    till: Till,
    shift: ShiftRow,
    title: str,
    expected: Callable[[], dict[str, int]],
    finish: Callable[[Ledger, Reader, Signed], T],
    done: Callable[[T], None],
) -> None:
    """Count a shift; what differs is answered for; then it goes on record."""
    cash = counting.denominations(till)
    others = sorted(way for way in expected() if way != "cash")

    def handed(now: Counting) -> None:
        if now.count is None or now.count.stage == "recounting":
            now.count = counting.handed_in(till, now, expected())
        if now.count.stage != "done":
            counting.show_difference(till)
            return
        signed = Signed(now.count, now.first, now.reason)

        def job(ledger: Ledger) -> T:
            with closed_after(Reader(till.config.ledger)) as reader:
                return finish(ledger, reader, signed)

        def ended(fact: T) -> None:
            till.state.counting, till.state.mode = None, "selling"
            printing.take_up(till)
            done(fact)

        till.write(job, ended)

    counting.start(till, Counting(title, shift.shift_id, (*cash, *others), handed, "selling"))


def _tell_shift(till: Till, fact: ShiftClosed) -> None:
    words = till.words.shifts
    off = sum(one.difference_fen for one in fact.counted or ())
    handed = sum(fen * count for fen, count in fact.denominations) - fact.left_fen
    said = words.shift_over if off > 0 else words.shift_short if off < 0 else words.shift_done
    told = fill(said, fen=abs(off), handed=handed, left=fact.left_fen)
    if fact.figures.held or fact.figures.unresolved.count:
        told += "；" + words.left_open.format(
            held=fact.figures.held, unresolved=fact.figures.unresolved.count
        )
    till.tell(told, "warn" if off else "ok")


def _gone(till: Till, fact: ShiftClosed) -> None:
    """The shift is over: its slip to read, then the front page for the next operator."""
    session = till.session
    left = SessionFact(where_of(session), "signed_out", session.role)
    message = till.state.message

    def done(_: object) -> None:
        leave(till)
        slipping.show(till, "shift", fact.shift_id, "signing")
        till.state.message = message

    till.write(lambda ledger: ledger.write(left), done)


def leave(till: Till) -> None:
    """Nobody is signed in any more."""
    state = till.state
    state.session, state.mode, state.typed_id = None, "signing", ""
    state.order = state.shown = state.change = state.counting = None
    state.drop_due = 0


def warn_old_date(till: Till) -> None:
    """A shift that runs into the next business date is told so when somebody comes back to it."""
    session = till.session
    cutoff = till.config.settings.shift.cutoff_hour
    if session.business_date < business_date(till.clock.now(), cutoff).isoformat():
        till.tell(till.words.shifts.old_date.format(date=session.business_date), "warn")


def tell_auto(till: Till) -> None:
    """A day that nobody closed was closed at this sign-in: say so, it waits to be counted."""
    last = shifts.last_day(till.reader)
    if last is None or not last.auto or not shifts.uncounted(till.reader):
        return
    words = till.words.shifts
    till.tell(words.auto_closed.format(date=last.business_date, z=last.z), "warn")


# --- the day ---


def _confirm_day(till: Till, facts: tuple[Fact, ...]) -> None:
    """What is unusual about this day is said first: a clock that jumped, shifts left open."""
    from pos.reports import closes

    words, reader = till.words.shifts, till.reader
    last = shifts.last_day(reader)
    jumps = closes.clock_jumps(reader, last.jn if last else 0, reader.head()[0])
    odd = []
    if jumps:
        now = f"{local(till.clock.now()):%Y-%m-%d %H:%M}"
        odd.append(words.clock_back.format(count=jumps, now=now, date=till.session.business_date))
    odd += [
        words.still_open.format(operator=s.operator, date=s.business_date)
        for s in shifts.opened(reader)
    ]
    if not odd:
        _close_day(till, facts)
        return
    till.tell("；".join(odd), "warn")
    till.state.mode = "selling"

    def picked(index: int) -> None:
        if index == 0:
            _close_day(till, facts)

    rows = tuple((row,) for row in words.confirm_rows)
    moving.offer(till, words.confirm_title, ("；".join(odd),), rows, picked)


def _close_day(till: Till, facts: tuple[Fact, ...]) -> None:
    session = till.session
    where = where_of(session)
    came = SessionFact(where, "signed_out", session.role)

    def job(ledger: Ledger) -> DayClosed:
        with closed_after(Reader(till.config.ledger)) as reader:
            made = closing.close_day(ledger, reader, where, *facts)
        ledger.write(came)
        return made

    def done(fact: DayClosed) -> None:
        printing.take_up(till)
        leave(till)
        till.refresh_header()
        slipping.show(till, "z", str(fact.z), "signing")
        till.tell(fill(till.words.shifts.day_done, z=fact.z, fen=fact.figures.net_fen), "ok")
        keeping.keep(till, fact)

    till.write(job, done)
