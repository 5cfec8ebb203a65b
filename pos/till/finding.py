"""Looking things up at the counter: products and orders, searched while one types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from pos.access.rights import require
from pos.clock import local, moment_of
from pos.money import parse_fen, quantity, yuan
from pos.refusal import Refused
from pos.sale.pricing import price
from pos.store import finding, persons
from pos.store.finding import MOST, FoundOrder, FoundProduct, OrderQuery, Status
from pos.text import clean
from pos.till import history, holding, receipts, refunding, returning, selling, upkeep
from pos.till.invoicing import counter as invoicing_counter
from pos.till.messaging import mailing
from pos.till.state import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.till.till import Till

_DATE = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})")
_FILTERS: tuple[Status | Literal[""], ...] = (
    "",
    "held",
    "closed",
    "to_deliver",
    "delivered",
    "returned",
    "part_returned",
    "return",
    "voided",
)


def open_products(
    till: Till,
    text: str = "",
    take: Callable[[str], None] | None = None,
    *,
    blind: bool = False,
) -> None:
    """Show the products; nothing typed shows what is new or changed.

    The one that is picked is sold, or its code goes to `take`.
    """
    require("find_products", till.session)
    till.state.find = Finding("products", scanned=bool(text), take=take, blind=blind)
    till.state.mode = "products"
    search(till, text)


def open_orders(till: Till, text: str = "") -> None:
    """Show the orders, newest first, held ones before them."""
    require("find_orders", till.session)
    till.state.find = Finding("orders", scanned=bool(text))
    till.state.mode = "orders"
    search(till, text)


def found_of(till: Till) -> Finding:
    """The list on the screen."""
    if till.state.find is None:
        raise Refused("not_here")
    return till.state.find


def typed(till: Till, text: str) -> None:
    """The entry line changed; the emptying that follows a scan changes nothing."""
    find = till.state.find
    if find is None or (find.scanned and not text):
        return
    find.scanned = False
    if text != find.query:
        search(till, text)


def search(till: Till, text: str) -> None:
    """Find what fits the query now."""
    find = found_of(till)
    find.query, find.selected = text, 0
    if find.kind == "products":
        find.products = finding.products(till.reader, text)
        find.rows = tuple(_product_row(till, product) for product in find.products)
    else:
        find.held = holding.held_orders(till) if _shows_held(find) else ()
        find.orders = _orders(till, text, find.status)
        find.rows = _order_rows(till, find)


def again(till: Till) -> None:
    """Search once more; the same row stays chosen."""
    find = found_of(till)
    at = find.selected
    search(till, find.query)
    find.selected = max(0, min(at, len(find.rows) - 1))


def entered(till: Till, text: str, burst: bool) -> None:
    """Enter takes the chosen row; a scan only shows what it is."""
    find = found_of(till)
    if text and text != find.query:
        search(till, text)
    if burst:
        find.scanned = True
        if not find.rows:
            raise Refused("unknown_code", code=text[:32])
        return
    if not find.rows:
        raise Refused("nothing_found", text=find.query[:32])
    if find.kind == "products":
        _sell(till, product_of(till))
    elif till.state.returning is not None:
        returning.begin_with(till, order_of(till))
    elif find.selected < len(find.held):
        holding.recall(till, find.held[find.selected])
    else:
        history.show(till, order_of(till))


def acted(till: Till, command: str, text: str) -> None:
    """A key on the list, for the chosen row, or on the receipt that is read."""
    find = till.state.find if till.state.receipt else found_of(till)
    if find and text and text != find.query:
        search(till, text)
        find.scanned = True
    match command:
        case "pick":
            entered(till, text, False)
        case "edit_price":
            upkeep.edit_price(till, product_of(till))
        case "edit_name":
            upkeep.edit_name(till, product_of(till))
        case "switch_product":
            upkeep.switch(till, product_of(till))
        case "new_product":
            upkeep.create(till, text or found_of(till).query)
        case "import_products":
            upkeep.ask_import(till)
        case "order_status":
            find = found_of(till)
            find.status = _FILTERS[(_FILTERS.index(find.status) + 1) % len(_FILTERS)]
            search(till, find.query)
        case "return_goods":
            returning.begin_with(till, order_of(till))
        case "reopen":
            refunding.reopen(till, order_of(till).order_id, order_of(till).number)
        case "fulfil":
            history.fulfil(till, order_of(till))
        case "invoice":
            invoicing_counter.key(till, order_of(till))
        case "invoice_amend":
            invoicing_counter.amend_key(till, order_of(till))
        case "mail_receipt":
            mailing.ask(till, order_of(till))
        case "voucher":
            history.voucher(till, order_of(till))
        case "reprint":
            history.reprint(till, order_of(till).order_id, order_of(till).number)
        case _:
            raise Refused("not_here")


def product_of(till: Till) -> FoundProduct:
    """The chosen product."""
    find = found_of(till)
    if find.kind != "products" or not find.products:
        raise Refused("nothing_found", text=find.query[:32])
    return find.products[find.selected]


def order_of(till: Till) -> FoundOrder:
    """The chosen order, or the one whose receipt is read; a held one has no receipt yet."""
    if till.state.receipt is not None:
        return till.state.receipt.order
    find = found_of(till)
    at = find.selected - len(find.held)
    if find.kind != "orders" or at < 0 or at >= len(find.orders):
        raise Refused("order_not_ended")
    return find.orders[at]


def _sell(till: Till, product: FoundProduct) -> None:
    take, code = found_of(till).take, product.code or product.sku
    till.state.find = None
    if take is not None:
        till.state.mode = "stocking"
        take(code)
        return
    till.state.mode = "selling"
    selling.entered(till, code)


def _product_row(till: Till, product: FoundProduct) -> tuple[str, ...]:
    words = till.words.finding
    hidden = product.stock_milli is None or found_of(till).blind
    stock = "" if hidden else quantity(product.stock_milli or 0)
    member = "" if product.member_fen is None else yuan(product.member_fen)
    state = "" if product.active else words.off_sale
    return (product.name, product.spec, product.sku, yuan(product.price_fen), member, stock, state)


def _shows_held(find: Finding) -> bool:
    return find.status == "held" or (not find.status and not find.query)


def _orders(till: Till, text: str, status: Status | Literal[""]) -> list[FoundOrder]:
    found: dict[str, FoundOrder] = {}
    if status == "held":
        return []
    for query in _queries(till, clean(text, 40), status):
        found |= {order.order_id: order for order in finding.orders(till.reader, query)}
    return sorted(found.values(), key=lambda order: order.ended_at, reverse=True)[:MOST]


def _queries(till: Till, text: str, status: Status | Literal[""]) -> list[OrderQuery]:
    """What the text may mean: a sum with a point, a date, a number's end, an operator, a person."""
    if not text:
        return [OrderQuery(status=status)]
    if date := _DATE.fullmatch(text):
        year = int(date[1] or local(till.clock.now()).year)
        day = f"{year:04d}-{int(date[2]):02d}-{int(date[3]):02d}"
        return [OrderQuery(date=day, status=status)]
    if "." in text and (fen := parse_fen(text)) is not None:
        return [OrderQuery(amount_fen=fen, status=status)]
    queries = []
    if text.isascii() and text.isdigit():
        queries.append(OrderQuery(number=text, status=status))
    if text.isascii() and text.isalnum():
        queries.append(OrderQuery(operator=text, status=status))
    if not text.isdigit() or len(text) in (4, 11):
        queries.append(OrderQuery(person_ids=_people(till, text), status=status))
    return queries


def _people(till: Till, text: str) -> tuple[str, ...]:
    try:
        vault = receipts.vault_of(till.config)
    except Refused:  # without its key nobody can be found; orders can
        return ()
    return tuple(person.person_id for person in persons.find(till.reader, vault, text))


def _order_rows(till: Till, find: Finding) -> tuple[tuple[str, ...], ...]:
    words = till.words.finding
    held = [
        (
            words.status["held"],
            f"{local(moment_of(order.opened_at)):%m-%d %H:%M}",
            order.operator,
            yuan(price(order).total_fen),
            holding.first_name(order),
            words.status["held"],
        )
        for order in find.held
    ]
    names = history.names_of(till, [order.person_id for order in find.orders])
    ended = [
        (
            order.number,
            f"{local(moment_of(order.ended_at)):%m-%d %H:%M}",
            order.operator,
            yuan(order.total_fen),
            names.get(order.person_id, ""),
            words.status[order.status],
        )
        for order in find.orders
    ]
    return (*held, *ended)


def low_note(till: Till, product_id: int, milli: int) -> str:
    """What a line says of stock that runs low; nothing refuses a customer (law 8)."""
    known = till.reader.low_stock(product_id)
    if known is None or (left := known[0] - milli) > known[1]:
        return ""
    words = till.words.finding
    shown = quantity(left)
    return (words.note_low if left >= 0 else words.note_short).format(left=shown)
