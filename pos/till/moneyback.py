"""Refunds through the original channel: begun, asked for under their own number, and known.

Everything here runs in the ledger's thread. `ask_refund` is what a return calls; the `payments`
thread (`Collector.refund`) or a `Settler` then does the calls until the provider has confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, get_args

from msgspec.structs import replace

from pos.payments import attempt as machine
from pos.payments import refunding
from pos.payments.protocol import RefundAnswer, RefundAsk
from pos.payments.refunding import Refund, RefundStep
from pos.payments.row import Attempt, LateRefunded
from pos.record import CashMoved, Fact, OrderClosed, RefundEnded, RefundSettled, Where
from pos.refusal import Refused
from pos.sale.order import Order
from pos.sale.refunds import Back, as_tenders
from pos.sale.tenders import check_reference
from pos.store import attempts
from pos.store.attempt_steps import step_of
from pos.till.attempting import (
    LATE,
    TAKEN,
    WAYS,
    RefundDone,
    asked_of,
    attempt_of,
    refund_of,
    refund_row_of,
    row_of,
)

if TYPE_CHECKING:
    from datetime import datetime

    from pos.store.attempts import AttemptRow, RefundRow, Transaction
    from pos.store.ledger import Ended, Ledger


SettledBy = Literal["cash", "bank", "transfer"]
SETTLED_BY: tuple[SettledBy, ...] = get_args(SettledBy)


def refundable(ledger: Ledger, out_trade_no: str) -> tuple[Attempt, int]:
    """The payment behind a tender's reference, and the fen of it that may still go back.

    Refused: "refund_unknown_payment" where no provider has confirmed such money.
    """
    row = ledger.read(lambda c: attempts.get(c, _id_of(out_trade_no)))
    attempt = attempt_of(row) if row is not None else None
    if attempt is None or attempt.state not in (*TAKEN, LATE):
        raise Refused("refund_unknown_payment", number=out_trade_no)
    others = ledger.read(lambda c: attempts.get_refunds_of(c, attempt.attempt_id))
    return attempt, refunding.refundable(attempt.charge.fen, [refund_of(r) for r in others])


def ask_refund(
    ledger: Ledger,
    out_trade_no: str,
    fen: int,
    reason: str,
    where: Where,
    *facts: Fact,
    order: Order | None = None,
    out_refund_no: str = "",
) -> RefundDone:
    """Begin a refund through the original channel, under a number of its own.

    The money is on its way only when the refund's `state` says "refunded". `order`: a draft to
    save in the same transaction (a tender taken back); `facts` belong to it too. The same
    `out_refund_no` begins nothing twice: the refund as it is comes back.
    Refused: "refund_unknown_payment", "refund_too_much".
    """
    now = ledger.place.clock.now()
    attempt, left = refundable(ledger, out_trade_no)
    number = out_refund_no or ledger.place.ids.uuid7().replace("-", "")
    if known := ledger.read(lambda c: attempts.get_refund(c, number)):
        return RefundDone(refund_of(known))
    if not 0 < fen <= left:
        raise Refused("refund_too_much", left=left)
    ask = RefundAsk(attempt.charge.out_trade_no, number, attempt.charge.fen, fen, reason[:80])
    step = refunding.begin_refund(Refund(attempt.channel, ask, now), now)

    row = refund_row_of(step.refund, attempt)

    def put(connection: Transaction) -> None:
        attempts.put_refund(connection, row)

    asked = asked_of(step.refund, attempt.order_id, where)
    told = (*facts, asked, step_of(row, "begin", step.refund.reason))
    if order is not None:
        ledger.save_draft(order, *told, also=put)
    else:
        ledger.write(*told, also=put)
    return RefundDone(step.refund, step.act)


def close_return(
    ledger: Ledger,
    order: Order,
    backs: Sequence[Back],
    where: Where,
    *facts: Fact,
    follow: Order | None = None,
) -> Ended:
    """Close a return with what is still to go back; a wallet's refund begins with it on disk.

    Nothing is called here: `refunds_of` names the refunds, and `refund_restarted` begins each one,
    now or when the till starts again. A refund without an answer never holds up the return.
    """
    now = ledger.place.clock.now()
    begun: list[RefundRow] = []
    told: list[Fact] = [*facts]
    given: list[Back] = []
    for back in backs:
        if back.way in WAYS:
            attempt, left = refundable(ledger, back.reference)
            if back.fen > left:
                raise Refused("refund_too_much", left=left)
            number = ledger.place.ids.uuid7().replace("-", "")
            reason = order.reason or "return"
            ask = RefundAsk(back.reference, number, attempt.charge.fen, back.fen, reason[:80])
            refund = Refund(attempt.channel, ask, now)
            begun.append(row := refund_row_of(refund, attempt))
            told += [asked_of(refund, attempt.order_id, where), step_of(row, "asked")]
            back = replace(back, reference=number)
        given.append(back)
    taken = order.tenders if order.tenders and not given else (*order.tenders, *as_tenders(given))

    def put(connection: Transaction) -> None:
        for row in begun:
            attempts.put_refund(connection, row)

    paid = replace(order, tenders=taken)
    return ledger.close_order(paid, where, "", *told, also=put, follow=follow)


def refunds_of(fact: OrderClosed) -> tuple[str, ...]:
    """Our numbers of the wallets' refunds that a return began."""
    return tuple(t.reference for t in fact.tenders if t.fen < 0 and t.way in WAYS)


def refund_wake(ledger: Ledger, number: str) -> RefundDone:
    """It is time to look after a refund."""
    return _apply_refund(ledger, number, "wake", refunding.refund_wake)


def refund_restarted(ledger: Ledger, number: str) -> RefundDone:
    """The till starts: ask what became of it."""
    return _apply_refund(ledger, number, "restarted", refunding.refund_restarted)


def refund_retry(ledger: Ledger, number: str) -> RefundDone:
    """A person tries a refused refund again, under the same number."""
    return _apply_refund(ledger, number, "retry", refunding.retry_refund)


def refund_settle(
    ledger: Ledger,
    number: str,
    way: SettledBy,
    reference: str,
    where: Where,
    reason: str,
    *facts: Fact,
) -> RefundDone:
    """A manager gives the money of a refused refund back by another way; it is on record.

    Cash leaves the drawer of `where`. Refused: pay_why_missing, refund_running, pay_unknown,
    and what is wrong with the reference of a slip.
    """
    if not reason.strip():
        raise Refused("pay_why_missing")
    if way != "cash":
        check_reference(way, reference)
    row = ledger.read(lambda c: attempts.get_refund(c, number))
    if row is None:
        raise Refused("pay_unknown", number=number)
    new = refunding.settle_refund(refund_of(row)).refund
    kept = refund_row_of(new, row)
    told: list[Fact] = [
        *facts,
        RefundSettled(
            where, row.order_id, new.channel, new.ask.out_trade_no, number, new.ask.fen, way,
            reference if way != "cash" else "", reason,
        ),
        step_of(kept, f"settled {way}", reason),
    ]  # fmt: skip
    cash_id = ledger.place.ids.uuid7() if way == "cash" else ""
    if cash_id:
        told.append(CashMoved(where, cash_id, "out", new.ask.fen, f"{reason} {number[-8:]}"))

    def put(connection: Transaction) -> None:
        attempts.put_refund(connection, kept)
        if cash_id:
            ledger.queue_print(connection, cash_id, "cash", 0)

    ledger.write(*told, also=put)
    return RefundDone(new, ended=True)


def refund_answered(ledger: Ledger, number: str, call_no: int, answer: RefundAnswer) -> RefundDone:
    """What a call brought."""

    def answered(refund: Refund, now: datetime) -> RefundStep:
        return refunding.refund_answered(refund, call_no, answer, now)

    return _apply_refund(ledger, number, f"answered {type(answer).__name__}", answered)


def _apply_refund(
    ledger: Ledger, number: str, event: str, move: Callable[[Refund, datetime], RefundStep]
) -> RefundDone:
    now = ledger.place.clock.now()
    row = ledger.read(lambda c: attempts.get_refund(c, number))
    if row is None:
        raise Refused("pay_unknown", number=number)
    old = refund_of(row)
    step = move(old, now)
    new = step.refund
    if new == old:
        return RefundDone(new, step.act)
    ended = new.state != old.state and new.state in ("refunded", "refused")
    kept = refund_row_of(new, row)
    facts: list[Fact] = [step_of(kept, event, new.reason)]
    payment = _refunded_late(ledger, row.attempt_id, now) if new.state == "refunded" else None
    if payment is not None:
        facts.append(step_of(payment, "laterefunded"))

    def put(connection: Transaction) -> None:
        attempts.put_refund(connection, kept)
        if payment is not None:
            attempts.put(connection, payment)

    if ended:
        ask = new.ask
        state: Literal["refunded", "refused"] = "refunded" if new.refunded else "refused"
        provider = new.refunded.refund_id if new.refunded else ""
        facts.append(
            RefundEnded(new.channel, ask.out_trade_no, number, ask.fen, state, provider, new.reason)
        )
    ledger.write(*facts, also=put)
    return RefundDone(new, step.act, ended)


def _refunded_late(ledger: Ledger, attempt_id: str, now: datetime) -> AttemptRow | None:
    """The row of a payment whose late money is back, where that changes it."""
    row = ledger.read(lambda c: attempts.get(c, attempt_id))
    if row is None:
        return None
    attempt = attempt_of(row)
    after = machine.step(attempt, LateRefunded(), now).attempt
    if after == attempt:
        return None
    return row_of(after, Where(row.operator, row.shift_id, row.business_date))


def _id_of(out_trade_no: str) -> str:
    """The attempt's UUID: its number is its 32 hex digits."""
    n = out_trade_no
    return f"{n[:8]}-{n[8:12]}-{n[12:16]}-{n[16:20]}-{n[20:]}"
