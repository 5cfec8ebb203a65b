"""What is unresolved (未决): listed, asked after, decided with a reason, given back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pos.access.rights import require
from pos.access.signing import where_of
from pos.clock import local
from pos.money import yuan
from pos.payments.attempt import parkable
from pos.payments.refunding import Refund
from pos.payments.row import AskNow, Attach, Attempt, CancelAsked, Decide, Event, Unwanted
from pos.record import Where
from pos.refusal import Refused
from pos.sale.tenders import check_reference
from pos.store import attempts
from pos.text import clean
from pos.till import attempting, moneyback, moving, signing
from pos.till.attempting import RefundDone
from pos.till.moneyback import SettledBy
from pos.till.state import Approved
from pos.words.payments import tell

if TYPE_CHECKING:
    from pos.till.till import Till


def show(till: Till) -> None:
    """The list; picking a row offers what can be done with it."""
    require("unresolved", till.session)
    found = [attempting.attempt_of(row) for row in attempts.open_attempts(till.reader)]
    payments = [attempt for attempt in found if attempt.unresolved]
    refunds = [attempting.refund_of(row) for row in attempts.open_refunds(till.reader)]
    if not payments and not refunds:
        raise Refused("nothing_unresolved")
    rows = [payment_row(till, one) for one in payments] + [refund_row(till, one) for one in refunds]

    def pick(index: int) -> None:
        if index < len(payments):
            _offer(till, payments[index])
        else:
            _offer_refund(till, refunds[index - len(payments)])

    words = till.words.wallets
    moving.offer(till, words.list_title, words.list_columns, tuple(rows), pick)


def payment_row(till: Till, attempt: Attempt) -> tuple[str, ...]:
    """A payment in the list."""
    words = till.words
    return (
        f"{local(attempt.created_at):%m-%d %H:%M}",
        words.slips.ways.get(attempt.channel, attempt.channel),
        yuan(attempt.charge.fen),
        getattr(words.payments, f"state_{attempt.state}"),
        tell(words.payments, attempt.reason) if attempt.reason else "",
    )


def refund_row(till: Till, refund: Refund) -> tuple[str, ...]:
    """A refund in the list."""
    words = till.words
    return (
        f"{local(refund.created_at):%m-%d %H:%M}",
        words.slips.ways.get(refund.channel, refund.channel) + words.wallets.refund,
        yuan(refund.ask.fen),
        words.wallets.refund_states[refund.state],
        tell(words.payments, refund.reason) if refund.reason else "",
    )


def acts_for(till: Till, attempt: Attempt) -> tuple[str, ...]:
    """What can be done with a payment now."""
    if attempt.state == "paid_late":
        return ("attach", "refund")
    found = ["ask"]
    if attempt.state != "cancelling" and not attempt.cancel_asked:
        found.append("cancel")
    if attempt.parked_at is not None or parkable(attempt, till.clock.now()):
        found += ["paid", "unpaid"]
    return tuple(found)


def _offer(till: Till, attempt: Attempt) -> None:
    words = till.words.wallets
    acts = acts_for(till, attempt)

    def pick(index: int) -> None:
        match acts[index]:
            case "ask":
                _send(till, attempt, AskNow())
                till.tell(words.asking)
            case "cancel":
                _send(till, attempt, CancelAsked())
                till.tell(words.cancelling, "warn")
            case "refund":
                _with_reason(till, lambda by, why, a: _send(till, attempt, Unwanted(), by, a))
            case "attach":
                _decided(till, attempt, "attach", lambda by, why: Attach(by, why))
            case "paid":
                _decided(till, attempt, "paid", lambda by, why: Decide("paid", by, why))
            case "unpaid":
                _decided(till, attempt, "unpaid", lambda by, why: Decide("unpaid", by, why))

    _ask_what(till, attempt.channel, attempt.charge.fen, acts, pick)


def decide(till: Till, attempt: Attempt) -> None:
    """A manager decides on the payment that is shown, once the provider's time is over.

    Refused("pay_not_yet") before that, ("pay_settled") after.
    """
    if not attempt.live:
        raise Refused("pay_settled")
    if attempt.parked_at is None and not parkable(attempt, till.clock.now()):
        raise Refused("pay_not_yet")

    def pick(index: int) -> None:
        if index == 0:
            _decided(till, attempt, "paid", lambda by, why: Decide("paid", by, why))
        else:
            _decided(till, attempt, "unpaid", lambda by, why: Decide("unpaid", by, why))

    _ask_what(till, attempt.channel, attempt.charge.fen, ("paid", "unpaid"), pick)


def _ask_what(
    till: Till, channel: str, fen: int, acts: tuple[str, ...], pick: Callable[[int], None]
) -> None:
    words = till.words.wallets
    way = till.words.slips.ways.get(channel, channel)
    rows = tuple((words.acts[name],) for name in acts)
    moving.offer(till, words.what.format(way=way, amount=yuan(fen)), ("",), rows, pick)


def _decided(till: Till, attempt: Attempt, name: str, event: Callable[[str, str], Event]) -> None:
    def act(by: str, why: str, approved: Approved | None) -> None:
        _send(till, attempt, event(by, why), by, approved)
        words = till.words.wallets
        till.tell(words.decided.format(what=words.acts[name]), "warn")

    _with_reason(till, act)


def _with_reason(till: Till, act: Callable[[str, str, Approved | None], None]) -> None:
    """A manager's act: by a session with the right, or by an approver; with a reason."""

    def allowed(approved: Approved | None) -> None:
        def picked(reason: str) -> None:
            by = approved.approver if approved else till.session.operator_id
            act(by, reason, approved)

        moving.offer_reasons(till, till.words.wallets.reasons, picked)

    signing.guard(till, "payment_decide", lambda _: None, allowed)


def _send(
    till: Till, attempt: Attempt, event: Event, by: str = "", approved: Approved | None = None
) -> None:
    if till.payments is None:
        raise Refused("ledger_not_open")
    here = where_of(till.session)
    where = Where(by or here.operator, here.shift_id, here.business_date)
    facts = signing.override(
        till, "payment_decide", approved, attempt.state, type(event).__name__.lower()
    )
    if facts:
        till.submit(lambda ledger: ledger.write(*facts))
    till.wait(till.payments.send(attempt.attempt_id, event, where), lambda _: None)


def _offer_refund(till: Till, refund: Refund) -> None:
    acts = ("retry", *(f"settle_{way}" for way in moneyback.SETTLED_BY))

    def pick(index: int) -> None:
        if refund.state != "refused":
            raise Refused("refund_running")
        if index:
            _settle(till, refund, moneyback.SETTLED_BY[index - 1])
            return

        def act(by: str, why: str, approved: Approved | None) -> None:
            if till.payments is None:
                raise Refused("ledger_not_open")
            number = refund.ask.out_refund_no
            done: Any = till.payments.refund(lambda x: moneyback.refund_retry(x, number))
            till.wait(done, lambda _: None)
            till.tell(till.words.wallets.asking)

        _with_reason(till, act)

    _ask_what(till, refund.channel, refund.ask.fen, acts, pick)


def _settle(till: Till, refund: Refund, way: SettledBy) -> None:
    """The provider will not give it back: a manager does, by another way, on record."""
    words, number = till.words.wallets, refund.ask.out_refund_no
    amount, name = yuan(refund.ask.fen), till.words.slips.ways[way]

    def settled(_: RefundDone) -> None:
        if way == "cash" and till.spool is not None:
            till.spool.kick()
        till.tell(words.refund_settled.format(amount=amount, way=name), "warn")
        till.refresh_header()

    def put(by: str, why: str, reference: str, approved: Approved | None) -> None:
        here = where_of(till.session)
        where = Where(by, here.shift_id, here.business_date)
        facts = signing.override(till, "payment_decide", approved, refund.state, f"settle_{way}")
        till.write(
            lambda ledger: moneyback.refund_settle(
                ledger, number, way, reference, where, why, *facts
            ),
            settled,
        )

    def act(by: str, why: str, approved: Approved | None) -> None:
        if way == "cash":
            put(by, why, "", approved)
            return

        def told(text: str) -> None:
            reference = clean(text, 40)
            check_reference(way, reference)
            put(by, why, reference, approved)

        said = till.words.returns
        label = said.refund_reference.format(way=name, amount=amount)
        hint = said.refund_reference_hint.format(amount=amount)
        moving.ask(till, label, hint, told, free=True)

    _with_reason(till, act)
