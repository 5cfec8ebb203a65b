"""Money of a return: back the way it came, cash by right, and the return closed on disk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import Session, check_return, require
from pos.access.signing import where_of
from pos.clock import stamp
from pos.money import yuan
from pos.record import OrderClosed, Taken
from pos.refusal import Refused
from pos.sale import order as rules
from pos.sale import refunds, returns, tenders
from pos.sale.order import Order
from pos.sale.pricing import price
from pos.sale.refunds import Back
from pos.store import elsewhere
from pos.text import clean
from pos.till import moneyback, moving, offering, paying, selling, signing, soldorders, wallets
from pos.till.attempting import WAYS
from pos.till.state import Approved
from pos.till.view import PromptView, RefundView, TenderView

if TYPE_CHECKING:
    from pos.record import Override
    from pos.store.ledger import Ended
    from pos.till.till import Till

NUMBER_END = 6


def wanted(order: Order) -> bool:
    """Whether settling this order gives money back (or nothing, for one that is reopened)."""
    return bool(order.returned) and (price(order).total_fen < 0 or bool(order.reopens))


def entered(till: Till, text: str, burst: bool) -> None:
    """Enter gives the money back as it is listed; nothing is typed here."""
    if text:
        raise Refused("scan_while_paying" if burst else "not_here", code=text[:24])
    _refund(till, in_cash=False, facts=())


def acted(till: Till, command: str, text: str) -> None:
    """All in cash, or a reference taken back."""
    match command:
        case "refund":
            entered(till, text, False)
        case "refund_cash":
            _in_cash(till)
        case "take_back":
            _take_back(till)
        case _:
            raise Refused("not_here")


def _order(till: Till) -> Order:
    require("refund", till.session)
    if till.state.order is None:
        raise Refused("order_empty")
    return till.state.order


def proposed(till: Till, order: Order, *, in_cash: bool = False) -> tuple[Order, tuple[Back, ...]]:
    """The order as it would close now, and what is still to go back."""
    named = list(dict.fromkeys(line.of_order for line in order.returned if line.of_order))
    sold = [soldorders.sold_of(till, order_id, with_own=False) for order_id in named]
    mode = till.config.settings.cash.rounding
    return refunds.give_back(order, sold, mode, in_cash=in_cash)


def _refund(till: Till, *, in_cash: bool, facts: tuple[Override, ...]) -> None:
    order = _order(till)
    settled, backs = proposed(till, order, in_cash=in_cash)
    for back in backs:
        if back.way in refunds.MANUAL:
            _ask_reference(till, back)
            return
        _check_here(till, back)
    _close(till, settled, backs, facts)


def _check_here(till: Till, back: Back) -> None:
    """A wallet's money goes back by the till that took it: what else was refunded of it, and how
    that ended, only its own rows say. Refused: refund_other_till."""
    if back.way not in WAYS:
        return
    if (sold := elsewhere.found(till.reader.rows, back.of_order)) is not None:
        key = soldorders.key_of(till, "refund_cash")
        raise Refused("refund_other_till", till=sold.till, key=key)


def _ask_reference(till: Till, back: Back) -> None:
    """The slip of the card terminal or the bank: it is on disk before anything else happens."""
    words, amount, way = till.words.returns, yuan(back.fen), back.way

    def given(text: str) -> None:
        reference = clean(text, 40)
        tenders.check_reference(way, reference)
        taken = Taken(way, -back.fen, -back.fen, reference, back.of_order, back.tender)
        order = _order(till)
        after = replace(order, tenders=(*order.tenders, taken))
        till.keep_with(after, (), partial(_refund, till, in_cash=False, facts=()))

    label = words.refund_reference.format(way=till.words.slips.ways[way], amount=amount)
    hint = words.refund_reference_hint.format(amount=amount)
    moving.ask(till, label, hint, given, free=True, optional=way == "static_code")


def _in_cash(till: Till) -> None:
    order = _order(till)
    _, as_paid = proposed(till, order)
    if all(back.way == "cash" for back in as_paid):
        _refund(till, in_cash=False, facts=())
        return
    ways = till.words.slips.ways
    before = " ".join(f"{ways[back.way]} {yuan(back.fen)}" for back in as_paid)

    def act(approved: Approved | None) -> None:
        after = f"{ways['cash']} {yuan(sum(back.fen for back in as_paid))}"
        facts = signing.override(till, "refund_cash", approved, before, after)
        _refund(till, in_cash=True, facts=facts)

    signing.guard(till, "refund_cash", lambda _: None, act)


def _take_back(till: Till) -> None:
    order = _order(till)
    after = tenders.take_back(order)
    last, words = order.tenders[-1], till.words

    def saved() -> None:
        said = words.returns.taken_back
        way = words.slips.ways[last.way]
        till.tell(said.format(way=way, amount=yuan(-last.fen)), "warn")

    till.keep_with(after, (), saved)


def _close(
    till: Till, order: Order, backs: tuple[Back, ...], facts: tuple[Override, ...] = ()
) -> None:
    """Close the return in one transaction; refunds of wallets begin behind it."""
    wallets.check_idle(till)
    where, follow = where_of(till.session), follow_of(till, order)

    def closed(ended: Ended) -> None:
        _begin_refunds(till, ended)
        paying.finished(till, ended)
        _said(till, ended)
        if follow is not None:
            go_on(till, follow, ended.number)

    till.write(
        lambda ledger: moneyback.close_return(ledger, order, backs, where, *facts, follow=follow),
        closed,
    )


def follow_of(till: Till, order: Order) -> Order | None:
    """The open order that follows one taken back as a whole (反结账)."""
    if not order.reopens:
        return None
    fact = till.reader.order_record(order.reopens)[0].fact
    if not isinstance(fact, OrderClosed):
        raise Refused("order_not_closed", number=order.reopens)
    products = till.reader.products_of({line.product_id for line in fact.lines})
    return refunds.reopen(
        fact,
        {},
        products,
        order_id=till.ids.uuid7(),
        opened_at=stamp(till.clock.now()),
        operator=till.session.operator_id,
    )


def go_on(till: Till, order: Order, number: str) -> None:
    """The same goods are open anew at the counter."""
    till.state.order = till.state.shown = order
    if (found := offering.promoted(till, order)) is not order:
        till.keep(found)
    till.state.selected = order.lines[-1].line_no if order.lines else 0
    till.tell(till.words.returns.reopened.format(number=number), "warn")


def _begin_refunds(till: Till, ended: Ended) -> None:
    if till.payments is None or not isinstance(ended.fact, OrderClosed):
        return
    for number in moneyback.refunds_of(ended.fact):
        till.payments.refund(partial(moneyback.refund_restarted, number=number))


def _said(till: Till, ended: Ended) -> None:
    fact, words = ended.fact, till.words.returns
    if not isinstance(fact, OrderClosed):
        return
    amount = yuan(-fact.total_fen)
    behind = [taken for taken in fact.tenders if taken.way in ("wechat", "alipay")]
    said = words.closed.format(number=ended.number, amount=amount)
    if behind:
        key, fen = soldorders.key_of(till, "unresolved"), -sum(taken.fen for taken in behind)
        way = till.words.slips.ways[behind[0].way]
        said = words.refund_behind.format(way=way, amount=yuan(fen), key=key)
    till.tell(said, "ok")


def reopen(till: Till, order_id: str, number: str) -> None:
    """反结账: the whole order comes back, and its goods open anew when the money is settled."""
    if till.state.order is not None and till.state.order.lines:
        raise Refused("order_open")
    sold = soldorders.sold_of(till, order_id, with_own=False)
    if sold.before or any(line.milli < 0 for line in sold.lines):
        raise Refused("return_before_reopen")
    back = returns.bring_back(sold, returns.everything(sold))
    days, today = till.config.settings.returns.days, till.session.business_date

    def check(session: Session) -> None:
        check_return(session, lambda: returns.check_age(sold.sold_on, today, days))

    def act(approved: Approved | None) -> None:
        def picked(reason: str) -> None:
            order = selling.new_order(till)
            for line in back:
                order = rules.bring_back(order, line)
            order = replace(order, reason=reason, reopens=order_id, person_id=sold.person_id)
            amount = yuan(-price(order).total_fen)
            facts = signing.override(till, "reopen", approved, number, amount, order)

            def saved() -> None:
                state = till.state
                state.find = state.receipt = state.change = None
                state.selected = order.lines[-1].line_no
                state.mode = "refunding"
                till.tell(till.words.returns.reopening, "warn")

            till.keep_with(order, facts, saved)

        moving.offer_reasons(till, till.words.returns.reopen_reasons, picked)

    signing.guard(till, "reopen", check, act)


# --- what is seen ---


def prompt(till: Till) -> PromptView:
    """Nothing is typed."""
    return PromptView(till.words.returns.refund_prompt, till.words.returns.refund_hint)


def panel(till: Till) -> RefundView | None:
    """What goes back and how."""
    order = till.state.shown
    if order is None:
        return None
    settled, backs = proposed(till, order)
    ways = till.words.slips.ways
    total = price(settled).total_fen
    return RefundView(
        total=yuan(-total),
        due=yuan(-total + sum(t.fen for t in order.tenders)),
        backs=tuple(
            TenderView(ways[back.way], yuan(back.fen), back.reference[-NUMBER_END:])
            for back in backs
        ),
        given=tuple(TenderView(ways[t.way], yuan(-t.fen), t.reference) for t in order.tenders),
    )
