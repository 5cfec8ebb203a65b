"""Which order goods come back of: this till's own, or another's that head office knows."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import msgspec

from pos.clock import local, moment_of
from pos.commands import shown_key
from pos.money import yuan
from pos.protocol import between as wire
from pos.record import SoldLine
from pos.refusal import Refused
from pos.sale import returns
from pos.sale.order import Order
from pos.sale.returns import Sold
from pos.store import elsewhere, returned
from pos.store import finding as finding_store
from pos.store.finding import OrderQuery
from pos.till import moving, syncing
from pos.till.reading import goods_of
from pos.till.state import Returning

if TYPE_CHECKING:
    from pos.till.till import Till

NUMBER_DIGITS = 15
FEWEST_DIGITS = 3
"""Of an order number's end; fewer would find too many."""


def work_of(till: Till) -> Returning:
    """What comes back, while it is being chosen."""
    if till.state.returning is None:
        raise Refused("not_here")
    return till.state.returning


def find(till: Till, text: str) -> None:
    """Load the order of a number or of its end; several are offered to choose from."""
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
            _elsewhere(till, text, seller)
            return
        raise Refused("order_unknown", number=text)
    if len(found) == 1:
        load(till, found[0].order_id)
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
        till, words.many_title, words.many_columns, rows, lambda i: load(till, found[i].order_id)
    )


def _elsewhere(till: Till, number: str, seller: str) -> None:
    """Another till's order: head office knows it, and what came back of it anywhere."""
    if till.headoffice is None:
        raise Refused("return_other_till", till=seller)
    till.tell(till.words.sync.asking)

    def known(told: bytes) -> None:
        order_id = elsewhere.order_id_of(told)

        def kept(_: None) -> None:
            if till.state.mode == "returning" and work_of(till).sold is None:
                load(till, order_id)

        till.write(lambda ledger: elsewhere.keep(ledger, order_id, told), kept)

    asked = syncing.asking(till).ask(lambda office: msgspec.json.encode(office.order(number)))
    till.follow(asked, known, till.refuse)


def reserved(till: Till, sold: Sold, back: tuple[SoldLine, ...], order: Order) -> Future[Any]:
    """Another till's goods are kept for this return alone before they are put on it."""
    summed: dict[int, int] = {}
    for line in back:
        summed[line.of_line] = summed.get(line.of_line, 0) - line.milli
    lines = tuple(wire.Wanted(line_no, milli) for line_no, milli in summed.items())
    operator = till.session.operator_id
    asked = wire.Reserve(till.ids.uuid7(), operator, sold.number, lines)
    return syncing.asking(till).ask(lambda office: office.reserve(asked, order.order_id))


def load(till: Till, order_id: str) -> None:
    """Show what may still come back; what drafts hold back counts as if it were."""
    work = work_of(till)
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


def key_of(till: Till, command: str) -> str:
    """A command's key as it is shown."""
    return shown_key(till.keymap.key_of(command))
