"""Order entry: scans, quantities, prices, discounts, voids, hold and recall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import NO_LIMIT_BP, Session, check_discount, check_price, require
from pos.access.signing import where_of
from pos.clock import local, moment_of, stamp
from pos.money import MILLI, line_amount, quantity, share_of, yuan
from pos.record import DrawerOpened, LineVoided, Reprinted, SoldLine
from pos.refusal import Refused
from pos.sale import entry
from pos.sale import order as rules
from pos.sale.order import Line, Order, Product
from pos.sale.pricing import price
from pos.sale.tenders import paid
from pos.text import clean_code
from pos.till import moving, paying, signing
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
    product = till.reader.product(code)
    if product is None and milli is None and (counted := entry.split_counted(code)):
        milli, code = counted[0], clean_code(counted[1])
        product = till.reader.product(code)
    if product is None:
        raise Refused("unknown_code", code=code[:32])
    if product.weighed and milli is None:
        _ask_weight(till, product, code)
        return
    _add(till, product, code, MILLI if milli is None else milli)
    state.quantity = None


def _add(till: Till, product: Product, code: str, milli: int) -> None:
    order = till.state.order or new_order(till)
    merge = till.config.settings.sale.merge_repeats
    order = rules.add(order, product, code, milli, merge=merge)
    till.state.selected = order.lines[-1].line_no
    till.keep(order)


def _ask_weight(till: Till, product: Product, code: str) -> None:
    def weighed(text: str) -> None:
        _add(till, product, code, entry.read_quantity(text))

    words = till.words.counter
    moving.ask(till, words.weight.format(name=product.name), words.weight_hint, weighed)


def new_order(till: Till) -> Order:
    """An empty order of whoever is signed in."""
    return Order(till.ids.uuid7(), stamp(till.clock.now()), till.session.operator_id)


def settle(till: Till) -> None:
    """Go to payment."""
    require("settle", till.session)
    order = till.state.order
    if order is None or not order.lines:
        raise Refused("order_empty")
    till.state.mode = "paying"


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
            _ask_price(till)
        case "discount_line":
            _need(text, "rate_first")
            _discount_line(till, command, bp=entry.read_rate(text))
        case "reduce_line":
            _need(text, "amount_first")
            _discount_line(till, command, fen=entry.read_amount(text))
        case "discount_order":
            _need(text, "rate_first")
            _discount_order(till, command, bp=entry.read_rate(text))
        case "reduce_order":
            _need(text, "amount_first")
            _discount_order(till, command, fen=entry.read_amount(text))
        case "delete_line":
            _void(till, selected(till), 0)
        case "void_order":
            _void_order(till)
        case "hold":
            _hold_or_recall(till)
        case "open_drawer":
            _open_drawer(till)
        case "reprint":
            _reprint(till)
        case "lock":
            signing.lock(till)
        case "sign_out":
            signing.sign_out(till)
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


def _order(till: Till) -> Order:
    if till.state.order is None:
        raise Refused("order_empty")
    return till.state.order


def _set_quantity(till: Till, milli: int) -> None:
    line = selected(till)
    rules.check_quantity(line.product, milli)
    if milli < line.milli:
        _void(till, line, milli)
    else:
        till.keep(rules.set_quantity(_order(till), line.line_no, milli))


def _step(till: Till, milli: int) -> None:
    line = selected(till)
    if line.product.weighed:
        raise Refused("quantity_not_whole", name=line.product.name)
    left = line.milli + milli
    if milli < 0:
        _void(till, line, max(0, left))
    else:
        till.keep(rules.set_quantity(_order(till), line.line_no, left))


def _void(till: Till, line: Line, left: int) -> None:
    """Take goods off the order, all of a line or some; it goes on record at once."""
    order = _order(till)
    rules.check_open(order)
    gone = line.milli - left
    list_fen = line_amount(line.product.price_fen, line.milli) - line_amount(
        line.product.price_fen, left
    )

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


def _ask_price(till: Till) -> None:
    line, words = selected(till), till.words.counter
    rules.check_open(_order(till))

    def priced(text: str) -> None:
        fen = entry.read_amount(text)
        order = rules.set_price(_order(till), line.line_no, fen)

        def act(approved: Approved | None) -> None:
            old = line.product.price_fen if line.price_fen is None else line.price_fen
            facts = signing.override(till, "price", approved, yuan(old), yuan(fen))
            till.keep_with(order, facts, lambda: None)

        signing.guard(till, "price", lambda s: check_price(s, line.product.price_fen, fen), act)

    moving.ask(till, words.price.format(name=line.product.name), "", priced)


def _discount_line(till: Till, command: str, *, bp: int = 0, fen: int = 0) -> None:
    line = selected(till)
    before = price(_order(till))
    order = rules.discount_line(_order(till), line.line_no, bp=bp, fen=fen)
    after = price(order)
    was, now = (_net(p.lines, line.line_no) for p in (before, after))
    listed = line_amount(line.product.price_fen, line.milli)

    def check(session: Session) -> None:
        check_discount(session, listed - now, listed)

    def act(approved: Approved | None) -> None:
        facts = signing.override(till, command, approved, yuan(was), yuan(now))
        till.keep_with(order, facts, lambda: _told(till, bp, fen))

    signing.guard(till, command, check, act)


def _discount_order(till: Till, command: str, *, bp: int = 0, fen: int = 0) -> None:
    before = price(_order(till))
    order = rules.discount_order(_order(till), before.discountable_fen, bp=bp, fen=fen)
    after = price(order)
    base = before.discountable_fen

    def check(session: Session) -> None:
        check_discount(session, fen or share_of(base, bp), base)

    def act(approved: Approved | None) -> None:
        facts = signing.override(
            till, command, approved, yuan(before.total_fen), yuan(after.total_fen)
        )
        till.keep_with(order, facts, lambda: _told(till, bp, fen, whole=True))

    signing.guard(till, command, check, act)


def _net(lines: tuple[SoldLine, ...], line_no: int) -> int:
    return next(line.net_fen for line in lines if line.line_no == line_no)


def _told(till: Till, bp: int, fen: int, *, whole: bool = False) -> None:
    words = till.words.counter
    if not bp and not fen:
        till.tell(words.discount_ended, "ok")
    elif whole and bp:
        till.tell(words.order_discount.format(rate=rate_text(bp)), "ok")
    elif whole:
        till.tell(words.order_reduced.format(amount=yuan(fen)), "ok")


def rate_text(bp: int) -> str:
    """Basis points off as 折: 1500 is `85`."""
    return f"{(NO_LIMIT_BP - bp) / 100:g}"


def _void_order(till: Till) -> None:
    order = _order(till)
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

            till.write(lambda ledger: ledger.void_order(order, where, reason, *facts), ended)

        moving.offer_reasons(till, till.words.counter.void_reasons, picked)

    signing.guard(till, "void_order", lambda _: None, act)


def clear(till: Till) -> None:
    """The counter is free for the next customer."""
    state = till.state
    state.order = state.shown = None
    state.selected, state.quantity, state.mode = 0, None, "selling"


def _hold_or_recall(till: Till) -> None:
    require("hold", till.session)
    order = till.state.order
    if order is not None and order.lines:
        _hold(till, order)
    else:
        _recall(till)


def _hold(till: Till, order: Order) -> None:
    rules.check_open(order)
    most = till.config.settings.sale.most_held
    if len(held_orders(till)) >= most:
        raise Refused("too_many_held", most=most)

    def saved() -> None:
        clear(till)
        till.state.held = held_orders(till)
        till.tell(till.words.counter.held, "ok")

    till.keep_with(replace(order, state="held"), (), saved)


def held_orders(till: Till) -> tuple[Order, ...]:
    """Orders on hold, oldest first."""
    return tuple(x for x in till.reader.drafts() if x.state == "held")


def _recall(till: Till) -> None:
    held = held_orders(till)
    if not held:
        raise Refused("nothing_held")

    def pick(index: int) -> None:
        order = replace(held[index], state="open")

        def saved() -> None:
            till.state.selected = order.lines[-1].line_no if order.lines else 0
            till.state.held = held_orders(till)
            till.tell(till.words.counter.recalled, "ok")

        till.keep_with(order, (), saved)

    if len(held) == 1:
        pick(0)
        return
    words = till.words.counter
    rows = tuple(_held_row(order) for order in held)
    moving.offer(till, words.held_title, words.held_columns, rows, pick)


def _held_row(order: Order) -> tuple[str, ...]:
    when = local(moment_of(order.opened_at)).strftime("%H:%M")
    first = order.lines[0].product.name if order.lines else ""
    return first, when, pieces(order.lines), yuan(price(order).total_fen)


def pieces(lines: tuple[Line, ...]) -> str:
    """How many pieces; a weighed line is one."""
    whole = sum(MILLI if x.product.weighed else x.milli for x in lines)
    return quantity(whole)


def restore(till: Till) -> None:
    """Bring back what a crash or a power cut left open; a paid order is closed."""
    state = till.state
    drafts = till.reader.drafts()
    state.held = tuple(x for x in drafts if x.state == "held")
    left = [x for x in drafts if x.state == "open" and (x.lines or x.tenders)]
    if not left:
        return
    order = left[-1]
    state.order = state.shown = order
    state.selected = order.lines[-1].line_no if order.lines else 0
    for other in left[:-1]:
        till.keep_with(replace(other, state="held"), (), lambda: None)
        state.order = state.shown = order
    till.tell(till.words.counter.restored, "warn")
    if paid(order):
        paying.close(till, order)
    elif order.tenders:
        state.mode = "paying"


def _open_drawer(till: Till) -> None:
    def act(approved: Approved | None) -> None:
        def picked(reason: str) -> None:
            facts = signing.override(till, "open_drawer", approved, "", reason)
            fact = DrawerOpened(where_of(till.session), reason)
            done = till.words.counter.drawer_opened
            till.write(lambda x: x.write(*facts, fact), lambda _: till.tell(done, "ok"))

        moving.offer_reasons(till, till.words.counter.drawer_reasons, picked)

    signing.guard(till, "open_drawer", lambda _: None, act)


def _reprint(till: Till) -> None:
    last = till.reader.last_order(till.session.operator_id)
    if last is None:
        raise Refused("no_last_order")
    copy = till.reader.copies(last.order_id) + 1

    def act(approved: Approved | None) -> None:
        facts = signing.override(till, "reprint", approved, last.number, str(copy))
        fact = Reprinted(where_of(till.session), last.order_id, last.number, copy)

        def done(_: object) -> None:
            words = till.words.counter.reprinted
            till.tell(words.format(number=last.number, copy=copy), "ok")
            till.refresh_header()

        till.write(lambda x: x.print_again(last.order_id, copy, *facts, fact), done)

    signing.guard(till, "reprint", lambda _: None, act)
