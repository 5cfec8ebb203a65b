"""Order entry: scans, quantities, prices, discounts, voids, hold and recall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.access.rights import require
from pos.access.signing import where_of
from pos.clock import stamp
from pos.money import MILLI, line_amount, quantity, yuan
from pos.record import DrawerOpened, LineVoided
from pos.refusal import Refused
from pos.sale import entry
from pos.sale import order as rules
from pos.sale.order import Line, Order, Product
from pos.sale.pricing import price
from pos.store.faults import check_room
from pos.text import clean_code
from pos.till import (
    billing,
    cashing,
    checking,
    comforts,
    customers,
    duties,
    finding,
    history,
    holding,
    membership,
    moving,
    offering,
    printing,
    quickkeys,
    reducing,
    refunding,
    returning,
    sharing,
    signing,
    stocking,
    storing,
    syncing,
    training,
    unresolved,
    upkeep,
)
from pos.till.reading import goods_of
from pos.till.state import Approved

if TYPE_CHECKING:
    from pos.store.ledger import Ended
    from pos.till.till import Till


def entered(till: Till, text: str) -> None:
    """A code, scanned or typed; nothing typed goes to payment or applies a quantity."""
    state = till.state
    if not text:
        if state.quantity is not None:
            wanted, state.quantity = state.quantity, None
            _set_quantity(till, wanted)
        else:
            settle(till)
        return
    require("settle", till.session)
    code, milli = clean_code(text), state.quantity
    try:
        found = goods_of(till, code)
    except Refused as refused:
        if refused.code == "member_card_early" and membership.scanned(till, code):
            return
        raise
    if found is None and milli is None and (counted := entry.split_counted(code)):
        milli, code = counted[0], clean_code(counted[1])
        found = goods_of(till, code)
    if found is None and membership.scanned(till, code):
        return
    if found is None:
        if milli is None and offering.coupon(till, code):
            return
        till.state.unknown = code
        raise Refused("unknown_code", code=code[:32])
    product = found.product
    milli = milli or found.milli
    if product.weighed and milli is None:
        _ask_weight(till, product, found.code)
        return
    _add(till, product, found.code, MILLI if milli is None else milli, found.amount_fen)
    state.quantity = None


def _add(
    till: Till, product: Product, code: str, milli: int, amount_fen: int | None = None
) -> None:
    order = till.state.order or new_order(till)
    merge = till.config.settings.sale.merge_repeats
    order = rules.add(
        order,
        product,
        code,
        milli,
        merge=merge,
        amount_fen=amount_fen,
        seller=till.state.seller,
    )
    line = order.lines[-1]
    till.state.selected, till.state.last_code = line.line_no, code
    till.beside.show("price", line.product.price_fen, f"{product.sku} x {quantity(line.milli)}")
    till.keep(order)


def _ask_weight(till: Till, product: Product, code: str) -> None:
    def weighed(text: str) -> None:
        _add(till, product, code, entry.read_quantity(text))

    words = till.words.counter
    moving.ask(till, words.weight.format(name=product.name), words.weight_hint, weighed)
    if till.config.settings.scale.enabled:
        weigh(till)


def weigh(till: Till) -> None:
    """Take the weight from the scale into the question; where there is none, fingers answer."""
    asked = till.state.ask
    if asked is None or not asked.label.startswith(till.words.counter.weight.partition("{")[0]):
        raise Refused("not_here")

    def weighed(grams: int) -> None:
        if till.state.ask is asked:
            moving.answer(till, quantity(grams))

    till.aside(till.beside.weigh, weighed)


def new_order(till: Till) -> Order:
    """An empty order of whoever is signed in."""
    return Order(till.ids.uuid7(), stamp(till.clock.now()), till.session.operator_id)


def settle(till: Till) -> None:
    """Go to payment."""
    require("settle", till.session)
    order = till.state.order
    if order is None or not order.lines:
        raise Refused("order_empty")
    if cashing.drop_first(till):
        return
    check_room(till.config.ledger)
    till.state.mode = "paying"
    found = offering.promoted(till, order)
    if refunding.wanted(found):
        till.state.mode = "refunding"
    if found is not order:
        till.keep(found)
    till.beside.show("total", price(found).total_fen)


def acted(till: Till, command: str, text: str) -> None:
    """A key of order entry."""
    match command:
        case "settle":
            settle(till)
        case "quantity":
            if not text:
                raise Refused("quantity_first")
            till.state.quantity = entry.read_quantity(text)
        case "increment" | "decrement":
            _step(till, MILLI if command == "increment" else -MILLI)
        case "price":
            reducing.ask_price(till)
        case "discount_line":
            _need(text, "rate_first")
            reducing.discount_line(till, command, bp=entry.read_rate(text))
        case "reduce_line":
            _need(text, "amount_first")
            reducing.discount_line(till, command, fen=entry.read_amount(text))
        case "discount_order":
            _need(text, "rate_first")
            reducing.discount_order(till, command, bp=entry.read_rate(text))
        case "reduce_order":
            _need(text, "amount_first")
            reducing.discount_order(till, command, fen=entry.read_amount(text))
        case "delete_line":
            _void(till, selected(till), 0)
        case "void_order":
            _void_order(till)
        case "return_goods":
            returning.begin(till, text)
        case "hold":
            holding.hold_or_recall(till)
        case "open_drawer":
            _open_drawer(till)
        case "reprint":
            _reprint(till)
        case "share":
            sharing.give(till)
        case "sync":
            syncing.show(till)
        case "last_receipt":
            history.show_last(till)
        case "invoice":
            history.invoice_last(till)
        case "devices":
            checking.show(till)
        case "print_jobs":
            printing.show_jobs(till)
        case "reconcile":
            billing.show(till)
        case "unresolved":
            unresolved.show(till)
        case "find_products":
            finding.open_products(till, text)
        case "find_orders":
            finding.open_orders(till, text)
        case "customer":
            customers.ask(till, text)
        case "deliver":
            customers.ask_delivery(till)
        case "seller":
            comforts.ask_seller(till, text)
        case "note":
            comforts.ask_note(till)
        case "repeat":
            comforts.repeat(till)
        case "price_check":
            comforts.start_check(till)
        case "training":
            training.switch(till)
        case "quick_keys":
            quickkeys.show(till)
        case "offers":
            offering.show(till)
        case "new_product":
            upkeep.create(till, text)
        case "top_up":
            storing.top_up(till, text)
        case "stock":
            stocking.menu(till)
        case "lock":
            signing.lock(till)
        case "duties":
            duties.show(till)
        case _:
            raise Refused("not_here")


def _need(text: str, code: str) -> None:
    if not text:
        raise Refused(code)


def selected(till: Till) -> Line:
    """The selected line of the order."""
    order = till.state.order
    if order is None or not order.lines:
        raise Refused("no_line")
    for line in order.lines:
        if line.line_no == till.state.selected:
            return line
    return order.lines[-1]


def _changeable(till: Till) -> Line:
    """The selected line, where its quantity may change: what came back stays as it is."""
    line = selected(till)
    if line.returned is not None:
        raise Refused("return_line_fixed", name=line.product.name)
    return line


def current(till: Till) -> Order:
    if till.state.order is None:
        raise Refused("order_empty")
    return till.state.order


def _set_quantity(till: Till, milli: int) -> None:
    line = _changeable(till)
    rules.check_quantity(line.product, milli)
    if milli < line.milli:
        _void(till, line, milli)
    else:
        till.keep(rules.set_quantity(current(till), line.line_no, milli))


def _step(till: Till, milli: int) -> None:
    line = _changeable(till)
    if line.product.weighed:
        raise Refused("quantity_not_whole", name=line.product.name)
    left = line.milli + milli
    if milli < 0:
        _void(till, line, max(0, left))
    else:
        till.keep(rules.set_quantity(current(till), line.line_no, left))


def _void(till: Till, line: Line, left: int) -> None:
    """Take goods off the order, all of a line or some; it goes on record at once."""
    order = current(till)
    rules.check_open(order)
    if line.returned is not None:
        require("delete_line", till.session)
        till.keep_with(
            rules.void_line(order, line.line_no), (), lambda: _select_near(till, order, line)
        )
        return
    gone = line.milli - left
    list_fen = line.list_fen - (line_amount(line.product.price_fen, left) if left else 0)

    def act(approved: Approved | None) -> None:
        after = (
            rules.set_quantity(order, line.line_no, left)
            if left
            else rules.void_line(order, line.line_no)
        )
        fact = LineVoided(
            where=where_of(till.session),
            order_id=order.order_id,
            line_no=line.line_no,
            sku=line.product.sku,
            name=line.product.name,
            milli=gone,
            unit_fen=line.product.price_fen,
            list_fen=list_fen,
        )
        allowed = signing.override(
            till, "delete_line", approved, quantity(line.milli), quantity(left)
        )

        def saved() -> None:
            till.tell(till.words.counter.line_voided.format(name=line.product.name), "warn")
            if not left:
                _select_near(till, order, line)

        till.keep_with(after, (*allowed, fact), saved)

    signing.guard(till, "delete_line", lambda _: None, act)


def _select_near(till: Till, before: Order, gone: Line) -> None:
    later = [x.line_no for x in before.lines if x.line_no > gone.line_no]
    earlier = [x.line_no for x in before.lines if x.line_no < gone.line_no]
    till.state.selected = later[0] if later else earlier[-1] if earlier else 0


def _void_order(till: Till) -> None:
    order = current(till)
    if not order.lines:
        raise Refused("order_empty")
    if order.tenders:
        raise Refused("tender_taken")

    def act(approved: Approved | None) -> None:
        def picked(reason: str) -> None:
            total = yuan(price(order).total_fen)
            facts = signing.override(till, "void_order", approved, total, "0.00")
            where = where_of(till.session)

            def ended(done: Ended) -> None:
                clear(till)
                words = till.words.counter
                till.tell(words.order_voided.format(number=done.number), "warn")
                till.refresh_header()
                syncing.closed(till)

            till.write(lambda ledger: ledger.void_order(order, where, reason, *facts), ended)

        moving.offer_reasons(till, till.words.counter.void_reasons, picked)

    signing.guard(till, "void_order", lambda _: None, act)


def clear(till: Till) -> None:
    """The counter is free for the next customer."""
    state = till.state
    state.order = state.shown = None
    state.selected, state.quantity, state.mode, state.customer = 0, None, "selling", ""
    state.wallet = state.returning = None


def _open_drawer(till: Till) -> None:
    def act(approved: Approved | None) -> None:
        def picked(reason: str) -> None:
            facts = signing.override(till, "open_drawer", approved, "", reason)
            fact = DrawerOpened(where_of(till.session), reason)
            done = till.words.counter.drawer_opened

            def opened(_: object) -> None:
                if till.spool is not None:
                    till.spool.kick()
                till.tell(done, "ok")

            till.write(lambda x: x.write(*facts, fact), opened)

        moving.offer_reasons(till, till.words.counter.drawer_reasons, picked)

    signing.guard(till, "open_drawer", lambda _: None, act)


def _reprint(till: Till) -> None:
    last = till.reader.last_order(till.session.operator_id)
    if last is None:
        raise Refused("no_last_order")
    history.reprint(till, last.order_id, last.number)
