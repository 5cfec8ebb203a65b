"""Attempts and refunds joined to the ledger: each event is one transaction, then come the acts.

Everything here runs in the ledger's thread, on rows as they are on disk. An outcome that completes
an order is committed together with the closing of that order; late money that no order waits for
becomes a refund task in the same transaction.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from pos.clock import stamp
from pos.payments import attempt as machine
from pos.payments import refunding
from pos.payments.protocol import Charge, RefundAsk
from pos.payments.refunding import Refund, RefundCall
from pos.payments.row import (
    Act,
    Alarm,
    Answered,
    Attach,
    Attempt,
    Begin,
    Decide,
    Event,
    Step,
)
from pos.record import Fact, PaymentResolved, RefundAsked, TenderWay, Where
from pos.refusal import Refused
from pos.sale import tenders
from pos.sale.order import Order
from pos.sale.returns import ReturnStale
from pos.store import attempts
from pos.store.attempt_steps import step_of
from pos.store.attempts import AttemptRow, RefundRow
from pos.untrusted import decoded

if TYPE_CHECKING:
    from datetime import datetime

    from pos.store.attempts import Transaction
    from pos.store.ledger import Ended, Ledger

LATE = "paid_late"
WAYS: dict[str, TenderWay] = {"wechat": "wechat", "alipay": "alipay"}
TAKEN = ("paid", "decided_paid")
_ENCODE = msgspec.json.Encoder().encode


class Done(msgspec.Struct, frozen=True):
    """An event that is on disk: how things are now, and the acts that follow."""

    attempt: Attempt
    acts: tuple[Act, ...] = ()
    order: Order | None = None
    """The order with the new tender, open or held, where it is not complete yet."""
    ended: Ended | None = None
    """The order that this outcome completed."""
    refunds: tuple[RefundDone, ...] = ()
    settled: bool = False
    """This event settled it."""


class RefundDone(msgspec.Struct, frozen=True):
    """A refund that is on disk as it is now, and the call that follows."""

    refund: Refund
    act: RefundCall | None = None
    ended: bool = False


def attempt_of(row: AttemptRow) -> Attempt:
    """The machine's state of a row. Refused("ledger_damaged") where it is none."""
    try:
        return decoded(row.body, Attempt)
    except msgspec.DecodeError as error:
        raise Refused("ledger_damaged", path=row.out_trade_no, why=str(error)) from error


def refund_of(row: RefundRow) -> Refund:
    """The machine's state of a row. Refused("ledger_damaged") where it is none."""
    try:
        return decoded(row.body, Refund)
    except msgspec.DecodeError as error:
        raise Refused("ledger_damaged", path=row.out_refund_no, why=str(error)) from error


def row_of(attempt: Attempt, where: Where) -> AttemptRow:
    """The row of an attempt as it is now; `where` it was begun."""
    return AttemptRow(
        attempt_id=attempt.attempt_id,
        order_id=attempt.order_id,
        channel=attempt.channel,
        way=attempt.way,
        out_trade_no=attempt.charge.out_trade_no,
        fen=attempt.charge.fen,
        state=attempt.state,
        live=int(attempt.live),
        open=int(attempt.unresolved or attempt.next_at is not None),
        code_mark=attempt.code_mark,
        operator=where.operator,
        shift_id=where.shift_id,
        business_date=where.business_date,
        created_at=stamp(attempt.created_at),
        body=_ENCODE(attempt),
    )


def refund_row_of(refund: Refund, attempt: Attempt | RefundRow) -> RefundRow:
    """The row of a refund as it is now; its attempt, or the row it was."""
    return RefundRow(
        out_refund_no=refund.ask.out_refund_no,
        attempt_id=attempt.attempt_id,
        order_id=attempt.order_id,
        channel=refund.channel,
        fen=refund.ask.fen,
        state=refund.state,
        open=int(refund.unresolved),
        created_at=stamp(refund.created_at),
        body=_ENCODE(refund),
    )


# --- payments ---


class CodeUsed(Refused):
    """A scanned code that was used before; `attempt` is what it was used for."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__("pay_code_used", state=attempt.state, amount=attempt.charge.fen)
        self.attempt = attempt


def begin(ledger: Ledger, attempt: Attempt, where: Where) -> Done:
    """Put a new attempt on disk, ready to be sent.

    Refused: "pay_live" while another attempt of the order has no result; CodeUsed; what
    `check_wallet` refuses of the order as it is on disk.
    """
    now = ledger.place.clock.now()

    def look(connection: Transaction) -> Order | None:
        for old in attempts.get_of_order(connection, attempt.order_id):
            if old.live:
                raise Refused("pay_live")
        if attempt.code_mark:
            used = attempts.get_with_mark(connection, attempt.code_mark, where.business_date)
            if used is not None:
                raise CodeUsed(attempt_of(used))
        return attempts.get_draft(connection, attempt.order_id)

    order = ledger.read(look)
    if order is None:
        raise Refused("order_empty")
    tenders.check_wallet(order, attempt.charge.fen)
    done = machine.step(attempt, Begin(), now)

    row = row_of(done.attempt, where)
    begun = step_of(row, "begin", f"{attempt.channel} {attempt.way} {attempt.charge.fen}")
    ledger.write(begun, also=lambda connection: attempts.put(connection, row))
    return Done(done.attempt, done.acts)


def charge_of(out_trade_no: str, fen: int, subject: str, place: tuple[str, str, str]) -> Charge:
    """What is asked for; `place` is shop, till and operator."""
    shop, till, operator = place
    return Charge(out_trade_no, fen, subject[:40], shop, till, operator)


def apply(ledger: Ledger, attempt_id: str, event: Event, where: Where | None = None) -> Done:
    """One event of an attempt. `where`: who decides, for `Decide` and `Attach`.

    Refused: "pay_unknown", "pay_order_gone", and what the machine refuses of a person.
    """
    now = ledger.place.clock.now()
    row = ledger.read(lambda c: attempts.get(c, attempt_id))
    if row is None:
        raise Refused("pay_unknown", number=attempt_id)
    order = ledger.read(lambda c: attempts.get_draft(c, row.order_id))
    old = attempt_of(row)
    fits = order is not None and tenders.due(order) >= row.fen
    before = old
    if old.wanted and old.state not in TAKEN and not fits:
        # the order was paid otherwise or is gone: money that comes now goes back
        before = replace(old, wanted=False)
    if isinstance(event, Decide) and event.verdict == "paid" and not before.wanted:
        raise Refused("pay_order_gone")
    if isinstance(event, Attach) and not before.wanted:
        raise Refused("pay_order_gone")
    done = machine.step(before, event, now)
    return _commit(ledger, row, old, done, event, order, where, now)


def _commit(
    ledger: Ledger,
    row: AttemptRow,
    old: Attempt,
    done: Step,
    event: Event,
    order: Order | None,
    where: Where | None,
    now: datetime,
) -> Done:
    new = done.attempt
    origin = Where(row.operator, row.shift_id, row.business_date)
    late = _late_refund(ledger, new, now)
    if new == old and late is None:
        return Done(new, done.acts)
    kept = row_of(new, origin)
    facts: tuple[Fact, ...] = (
        *_decision(new, old, event, where or origin),
        step_of(kept, _name(event), _detail(event, done.acts, new)),
    )
    going_back = None if late is None else refund_row_of(late.refund, new)
    if late is not None and going_back is not None:
        asked = asked_of(late.refund, new.order_id, origin)
        facts = (*facts, asked, step_of(going_back, "begin"))

    def put(connection: Transaction) -> None:
        attempts.put(connection, kept)
        if going_back is not None:
            attempts.put_refund(connection, going_back)

    settled = old.live and not new.live
    refunds = (late,) if late is not None else ()
    if new.state in TAKEN and old.state not in TAKEN and order is not None:
        way = WAYS[new.channel]
        number, on_word = new.charge.out_trade_no, new.state == "decided_paid"
        paid = tenders.take_wallet(order, way, new.charge.fen, number, unverified=on_word)
        if tenders.paid(paid):
            whole = replace(paid, state="open", label="")
            with suppress(ReturnStale):  # the money is there all the same: a person decides
                ended = ledger.close_order(whole, origin, "", *facts, also=put)
                return Done(new, done.acts, None, ended, refunds, settled=True)
        ledger.save_draft(paid, *facts, also=put)
        return Done(new, done.acts, paid, None, refunds, settled=True)
    ledger.write(*facts, also=put)
    return Done(new, done.acts, None, None, refunds, settled)


def _decision(new: Attempt, old: Attempt, event: Event, where: Where) -> tuple[Fact, ...]:
    if new == old:
        return ()
    said: Literal["paid", "unpaid", "attached"]
    match event:
        case Decide(verdict, _, why):
            said = verdict
        case Attach(_, why):
            said = "attached"
        case _:
            return ()
    charge = new.charge
    fact = PaymentResolved(
        where, new.attempt_id, new.order_id, new.channel, charge.out_trade_no, charge.fen,
        said, why,
    )  # fmt: skip
    return (fact,)


def _name(event: Event) -> str:
    return type(event).__name__.lower()


def _detail(event: Event, acts: tuple[Act, ...], new: Attempt) -> str:
    """What is worth keeping of an event: kinds and codes, never what a provider wrote freely."""
    parts = []
    if isinstance(event, Answered):
        code = getattr(event.answer, "code", "")
        parts.append(f"{event.call_no} {type(event.answer).__name__} {code}".strip())
    if isinstance(event, Decide | Attach):
        parts.append(f"{event.by} {event.why}")
    parts += [f"alarm {a.code}" if isinstance(a, Alarm) else _act(a) for a in acts]
    if new.next_at is not None:
        parts.append(f"next {stamp(new.next_at)}")
    return "; ".join(parts)


def _act(act: Act) -> str:
    call = getattr(act, "call", "")
    return f"{type(act).__name__.lower()} {call}".strip()


# --- refunds ---


def _late_refund(ledger: Ledger, attempt: Attempt, now: datetime) -> RefundDone | None:
    """The refund task of late money that no order waits for, once."""
    if attempt.state != LATE or attempt.wanted:
        return None
    if ledger.read(lambda c: attempts.get_refunds_of(c, attempt.attempt_id)):
        return None
    number = ledger.place.ids.uuid7().replace("-", "")
    fen = attempt.charge.fen
    ask = RefundAsk(attempt.charge.out_trade_no, number, fen, fen, LATE)
    step = refunding.begin_refund(Refund(attempt.channel, ask, now), now)
    return RefundDone(step.refund, step.act)


def asked_of(refund: Refund, order_id: str, where: Where) -> RefundAsked:
    """The fact that a refund was begun."""
    ask = refund.ask
    return RefundAsked(
        where, order_id, refund.channel, ask.out_trade_no, ask.out_refund_no, ask.fen, ask.reason
    )
