"""Goods that come back: of which order, which lines, how many of them, and where they go."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from pos.access.rights import Session, check_return
from pos.clock import local, moment_of
from pos.commands import shown_key
from pos.config import fen as fen_of
from pos.money import MILLI, quantity, yuan
from pos.protocol import between as wire
from pos.record import Condition, SoldLine
from pos.refusal import Refused
from pos.sale import entry, returns
from pos.sale import order as rules
from pos.sale.order import Order, Product
from pos.sale.returns import Sold, Wanted
from pos.store import elsewhere, returned
from pos.store import finding as finding_store
from pos.store.finding import FoundOrder, OrderQuery
from pos.text import clean_code
from pos.till import finding, moving, selling, signing, syncing
from pos.till.reading import goods_of
from pos.till.state import Approved, Returning
from pos.till.view import FindView, PromptView

if TYPE_CHECKING:
    from pos.till.till import Till

NUMBER_DIGITS = 15
FEWEST_DIGITS = 3
"""Of an order number's end; fewer would find too many."""
NUMBER_END = 7
MOST_QUANTITY_DIGITS = 6
"""Longer runs are codes, never quantities."""


def begin(till: Till, text: str = "") -> None:
    """Ask which order something comes back of; `text` may already say."""
    order = till.state.order
    if order is not None:
        rules.check_open(order)
        if order.reopens:
            raise Refused("reopening_fixed")
    till.state.returning = Returning()
    till.state.mode = "returning"
    if text:
        _find(till, text)


def begin_with(till: Till, order: FoundOrder) -> None:
    """Something comes back of an order that was found."""
    begin(till)
    till.state.find = till.state.receipt = None
    try:
        _load(till, order.order_id)
    except Refused:
        till.state.returning, till.state.mode = None, "selling"
        raise


def entered(till: Till, text: str, burst: bool) -> None:
    """A receipt's barcode, the end of its number, a quantity, goods; nothing takes the chosen."""
    work = _work(till)
    if work.sold is not None:
        if text:
            _chosen(till, work, work.sold, clean_code(text), burst)
        else:
            _take(till, work.sold)
    elif not text:
        end(till)
    elif work.bare:
        _bare(till, clean_code(text))
    else:
        _find(till, clean_code(text))


def acted(till: Till, command: str, text: str) -> None:
    """A key while something comes back."""
    work = _work(till)
    match command:
        case "find_orders":
            finding.open_orders(till, text)
            return
        case "return_bare":
            _ask_bare(till)
            return
        case "return_damaged" if work.bare:
            work.damaged ^= {0}
            return
    sold = work.sold
    if sold is None:
        raise Refused("not_here")
    if text and command in ("return_more", "return_less", "return_damaged"):
        entered(till, text, False)
        if command != "return_damaged":
            return
    match command:
        case "return_more":
            _step(till, work, sold, MILLI)
        case "return_less":
            _step(till, work, sold, -MILLI)
        case "return_damaged":
            work.damaged ^= {_line(work, sold).line_no}
        case "return_all":
            for one in returns.everything(sold):
                work.wanted[one.line_no] = one.milli
            _take(till, sold)
        case _:
            raise Refused("not_here")


def back(till: Till) -> None:
    """Esc: from the lines to another receipt, from there to the order."""
    work = _work(till)
    if work.sold is not None or work.bare:
        till.state.returning = Returning()
    else:
        end(till)


def end(till: Till) -> None:
    """Back to the order."""
    till.state.returning, till.state.mode = None, "selling"


def _work(till: Till) -> Returning:
    if till.state.returning is None:
        raise Refused("not_here")
    return till.state.returning


# --- which order ---


def _find(till: Till, text: str) -> None:
    if not (text.isascii() and text.isdigit() and FEWEST_DIGITS <= len(text) <= NUMBER_DIGITS):
        if goods_of(till, text) is not None:
            raise Refused("return_bare_first", key=key_of(till, "return_bare"))
        raise Refused("not_an_order_number", number=text[:24])
    whole = len(text) == NUMBER_DIGITS
    shop, own = till.config.settings.shop.id, till.config.settings.till.id
    seller = returns.till_of(text, shop) if whole else own
    found = [
        order
        for order in finding_store.orders(till.reader, OrderQuery(number=text))
        if order.state == "closed"
    ]
    if not found:
        if not whole and goods_of(till, text) is not None:
            raise Refused("return_bare_first", key=key_of(till, "return_bare"))
        if seller != own:
            _find_elsewhere(till, text, seller)
            return
        raise Refused("order_unknown", number=text)
    if len(found) == 1:
        _load(till, found[0].order_id)
        return
    words = till.words.returns
    rows = tuple(
        (
            one.number,
            f"{local(moment_of(one.ended_at)):%m-%d %H:%M}",
            one.operator,
            yuan(one.total_fen),
        )
        for one in found
    )
    moving.offer(
        till, words.many_title, words.many_columns, rows, lambda i: _load(till, found[i].order_id)
    )


def _find_elsewhere(till: Till, number: str, seller: str) -> None:
    """Another till's order: head office knows it, and what came back of it anywhere."""
    if till.headoffice is None:
        raise Refused("return_other_till", till=seller)
    till.tell(till.words.sync.asking)

    def known(told: bytes) -> None:
        order_id = elsewhere.order_id_of(told)

        def kept(_: None) -> None:
            if till.state.mode == "returning" and _work(till).sold is None:
                _load(till, order_id)

        till.write(lambda ledger: elsewhere.keep(ledger, order_id, told), kept)

    asked = syncing.asking(till).ask(lambda office: msgspec.json.encode(office.order(number)))
    till.follow(asked, known, till.refuse)


def _reserved(till: Till, sold: Sold, back: tuple[SoldLine, ...], order: Order) -> Future[Any]:
    """Another till's goods are kept for this return alone before they are put on it."""
    summed: dict[int, int] = {}
    for line in back:
        summed[line.of_line] = summed.get(line.of_line, 0) - line.milli
    lines = tuple(wire.Wanted(line_no, milli) for line_no, milli in summed.items())
    operator = till.session.operator_id
    asked = wire.Reserve(till.ids.uuid7(), operator, sold.number, lines)
    return syncing.asking(till).ask(lambda office: office.reserve(asked, order.order_id))


def _load(till: Till, order_id: str) -> None:
    """Show what may still come back; what drafts hold back counts as if it were."""
    work = _work(till)
    if any(work.wanted.values()):
        raise Refused("return_first")
    sold = sold_of(till, order_id, with_own=True)
    returns.everything(sold)
    work.sold, work.selected = sold, 0
    work.wanted.clear()
    work.damaged.clear()


def sold_of(till: Till, order_id: str, *, with_own: bool) -> Sold:
    """A closed order with what came back of it; the order at the counter counts `with_own`."""
    own = till.state.order
    drafts = [x for x in till.reader.drafts() if own is None or x.order_id != own.order_id]
    if with_own and own is not None:
        drafts.append(own)
    return returned.sold_of(till.reader.rows, order_id, drafts)


# --- which of it ---


def _lines(sold: Sold) -> list[SoldLine]:
    return [line for line in sold.lines if line.milli > 0]


def _line(work: Returning, sold: Sold) -> SoldLine:
    return _lines(sold)[work.selected]


def move(till: Till, step: int) -> None:
    """The arrows."""
    work = _work(till)
    if work.sold is not None:
        work.selected = max(0, min(work.selected + step, len(_lines(work.sold)) - 1))


def _chosen(till: Till, work: Returning, sold: Sold, text: str, burst: bool) -> None:
    """Goods that are scanned are one more of them; a number is how many of the chosen line."""
    digits = text.replace(".", "", 1)
    if digits.isascii() and digits.isdigit() and len(digits) <= MOST_QUANTITY_DIGITS and not burst:
        _set(till, work, sold, 0 if not digits.strip("0") else entry.read_quantity(text))
        return
    if len(text) == NUMBER_DIGITS and text.isdigit() and goods_of(till, text) is None:
        if any(work.wanted.values()):
            raise Refused("return_first")
        _find(till, text)
        return
    goods = goods_of(till, text)
    if goods is None:
        raise Refused("unknown_code", code=text[:32])
    product = goods.product
    for place, line in enumerate(_lines(sold)):
        left = sold.left(line.line_no) - work.wanted.get(line.line_no, 0)
        if (line.product_id, line.factor) == (product.product_id, product.factor) and left > 0:
            work.selected = place
            part = left if line.milli % MILLI else min(MILLI, left)
            _set(till, work, sold, work.wanted.get(line.line_no, 0) + part)
            return
    raise Refused("return_none_there", name=product.name)


def _step(till: Till, work: Returning, sold: Sold, milli: int) -> None:
    line = _line(work, sold)
    now, left = work.wanted.get(line.line_no, 0), sold.left(line.line_no)
    weighed = line.milli % MILLI  # it comes back as a whole, or as typed
    whole = left if milli > 0 else 0
    _set(till, work, sold, whole if weighed else max(0, now + milli))


def _set(till: Till, work: Returning, sold: Sold, milli: int) -> None:
    line = _line(work, sold)
    if milli:
        returns.bring_back(sold, [Wanted(line.line_no, milli)])
    work.wanted[line.line_no] = milli


def _condition(work: Returning, line_no: int) -> Condition:
    return "damaged" if line_no in work.damaged else "stock"


def _back(work: Returning, sold: Sold) -> tuple[SoldLine, ...]:
    wanted = [
        Wanted(line.line_no, milli, _condition(work, line.line_no))
        for line in _lines(sold)
        if (milli := work.wanted.get(line.line_no, 0))
    ]
    return returns.bring_back(sold, wanted)


def _take(till: Till, sold: Sold) -> None:
    """Put what is chosen on the order, by right; too late needs a manager."""
    work = _work(till)
    back = _back(work, sold)
    if not back:
        raise Refused("return_nothing", key=key_of(till, "return_all"))
    days, today = till.config.settings.returns.days, till.session.business_date

    def check(session: Session) -> None:
        check_return(session, lambda: returns.check_age(sold.sold_on, today, days))

    def act(approved: Approved | None) -> None:
        order = till.state.order or selling.new_order(till)
        for line in back:
            order = rules.bring_back(order, line)
        if not order.person_id:
            order = replace(order, person_id=sold.person_id)
        amount = yuan(-sum(line.net_fen for line in back))
        facts = signing.override(till, "return_goods", approved, sold.number, amount, order)

        def saved() -> None:
            end(till)
            till.state.selected = order.lines[-1].line_no
            said = till.words.returns.put_on
            till.tell(said.format(count=len(back), amount=amount), "ok")

        if elsewhere.found(till.reader.rows, sold.order_id) is None:
            till.keep_with(order, facts, saved)
            return
        till.tell(till.words.sync.asking)
        kept = _reserved(till, sold, back, order)
        till.wait(kept, lambda _: till.keep_with(order, facts, saved))

    signing.guard(till, "return_goods", check, act)


# --- without a receipt ---


def _ask_bare(till: Till) -> None:
    """Why there is no receipt; the right is asked for with each thing that comes back."""
    work = _work(till)

    def picked(reason: str) -> None:
        till.state.returning = Returning(bare=reason)

    if any(work.wanted.values()):
        raise Refused("return_first")
    moving.offer_reasons(till, till.words.returns.bare_reasons, picked)


def _bare(till: Till, text: str) -> None:
    found, milli = goods_of(till, text), None
    if found is None and (counted := entry.split_counted(text)):
        milli, text = counted[0], clean_code(counted[1])
        found = goods_of(till, text)
    if found is None:
        raise Refused("unknown_code", code=text[:32])
    product, code, size = found.product, found.code, milli or found.milli
    if size is not None or not product.weighed:
        _ask_price(till, product, code, MILLI if size is None else size)
        return
    words = till.words.counter

    def weighed(typed: str) -> None:
        _ask_price(till, product, code, entry.read_quantity(typed))

    moving.ask(till, words.weight.format(name=product.name), words.weight_hint, weighed)


def _ask_price(till: Till, product: Product, code: str, milli: int) -> None:
    words = till.words.returns
    rules.check_quantity(product, milli)

    def priced(text: str) -> None:
        fen = entry.read_amount(text) if text else None
        where = _condition(_work(till), 0)
        line = returns.without_receipt(product, code, milli, where, price_fen=fen)
        _put_bare(till, line)

    hint = words.bare_price_hint.format(price=yuan(product.price_fen))
    label = words.bare_price.format(name=product.name)
    moving.ask(till, label, hint, priced, optional=True)


def _put_bare(till: Till, line: SoldLine) -> None:
    reason = _work(till).bare
    order = till.state.order or selling.new_order(till)
    after = replace(rules.bring_back(order, line), reason=reason)
    most = fen_of(till.config.settings.returns.without_receipt)

    def check(session: Session) -> None:
        check_return(
            session,
            lambda: returns.check_limits(after.returned, without_receipt_fen=most),
        )

    def act(approved: Approved | None) -> None:
        amount = yuan(-line.net_fen)
        facts = signing.override(till, "return_bare", approved, line.name, amount, after)
        till.keep_with(after, facts, lambda: _select_last(till, after))

    signing.guard(till, "return_bare", check, act)


def _select_last(till: Till, order: Order) -> None:
    till.state.selected = order.lines[-1].line_no
    said = till.words.returns.put_on
    amount = yuan(-order.lines[-1].list_fen)
    till.tell(said.format(count=1, amount=amount), "ok")


# --- what is seen ---


def prompt(till: Till) -> PromptView:
    """What is asked for now."""
    work, words = _work(till), till.words.returns
    if work.bare:
        return PromptView(words.bare, words.bare_hint, words.conditions[_condition(work, 0)] + " ")
    if work.sold is None:
        return PromptView(words.which, words.which_hint)
    return PromptView(words.what, words.what_hint)


def panel(till: Till) -> FindView | None:
    """The lines of the order, with what came back before and what comes back now."""
    work = till.state.returning
    if work is None or work.sold is None:
        return None
    sold, words = work.sold, till.words.returns
    back = {line.of_line: line for line in _back(work, sold)}
    rows = tuple(_row(till, work, sold, line, back.get(line.line_no)) for line in _lines(sold))
    pieces = sum(-x.milli if x.milli % MILLI == 0 else MILLI for x in back.values())
    amount = yuan(-sum(x.net_fen for x in back.values()))
    return FindView(
        words.title.format(number=sold.number, date=sold.sold_on),
        words.columns,
        rows,
        work.selected,
        words.note.format(count=quantity(pieces), amount=amount),
        frozenset({1, 2, 3, 4}),
        banner=words.banner_return,
    )


def _row(
    till: Till, work: Returning, sold: Sold, line: SoldLine, back: SoldLine | None
) -> tuple[str, ...]:
    done = line.milli - sold.left(line.line_no)
    return (
        line.name,
        quantity(line.milli),
        quantity(done) if done else "",
        quantity(-back.milli) if back else "",
        yuan(-back.net_fen) if back else "",
        till.words.returns.conditions[_condition(work, line.line_no)],
    )


def key_of(till: Till, command: str) -> str:
    """A command's key as it is shown."""
    return shown_key(till.keymap.key_of(command))
