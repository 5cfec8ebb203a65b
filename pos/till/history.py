"""Orders that ended: their receipt on the screen, printed again, vouchers, deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from pos.access.rights import require
from pos.access.signing import where_of
from pos.record import Fulfilled, Reprinted
from pos.refusal import Refused
from pos.store import finding as finding_store
from pos.store import persons
from pos.store.finding import FoundOrder
from pos.store.reader import Reader
from pos.till import finding, moving, printing, receipts, signing
from pos.till.invoicing import counter as invoicing_counter
from pos.till.state import Approved, ReceiptPage
from pos.till.view import ReceiptRows

if TYPE_CHECKING:
    from pos.config import Config
    from pos.till.till import Till


def show(till: Till, order: FoundOrder) -> None:
    """Read an order's receipt on the screen."""
    rows, columns = rows_of(till.config, order.order_id)
    till.state.receipt = ReceiptPage(order, rows, columns)
    till.state.mode = "receipt"


def show_last(till: Till) -> None:
    """Read the receipt of the operator's last sale."""
    require("last_receipt", till.session)
    show(till, _last(till))


def invoice_last(till: Till) -> None:
    """The invoice of the order just closed."""
    require("invoice", till.session)
    invoicing_counter.key(till, _last(till))


def _last(till: Till) -> FoundOrder:
    """The operator's last sale."""
    last = till.reader.last_order(till.session.operator_id)
    if last is None:
        raise Refused("no_last_order")
    [found] = finding_store.orders(till.reader, finding_store.OrderQuery(number=last.number))
    return found


def rows_of(config: Config, order_id: str, kind: str = "sale") -> tuple[ReceiptRows, int]:
    """A slip of an order in screen rows, and its width; opens a reader of its own."""
    reader = Reader(config.ledger)
    try:
        layout = receipts.order_slip(config, reader, order_id, kind)
    finally:
        reader.close()
    return receipts.pieces_of(layout), config.settings.receipt.columns


def reprint(till: Till, order_id: str, number: str) -> None:
    """Print a receipt once more: marked, counted, by right."""
    copy = till.reader.copies(order_id) + 1

    def act(approved: Approved | None) -> None:
        facts = signing.override(till, "reprint", approved, number, str(copy))
        fact = Reprinted(where_of(till.session), order_id, number, copy)

        def done(_: object) -> None:
            words = till.words.counter.reprinted
            till.tell(words.format(number=number, copy=copy), "ok")
            printing.take_up(till)
            till.refresh_header()

        till.write(lambda x: x.print_again(order_id, copy, *facts, fact), done)

    signing.guard(till, "reprint", lambda _: None, act)


def voucher(till: Till, order: FoundOrder) -> None:
    """Print the settlement voucher of a closed order."""
    require("voucher", till.session)
    if order.state != "closed":
        raise Refused("order_not_closed", number=order.number)

    def done(_: object) -> None:
        till.tell(till.words.finding.voucher_queued.format(number=order.number), "ok")
        printing.take_up(till)
        till.refresh_header()

    till.write(lambda x: x.print_slip(order.order_id, "voucher"), done)


def fulfil(till: Till, order: FoundOrder) -> None:
    """Mark a delivery as done, or as to be done again; the order stays as it was."""
    require("fulfil", till.session)
    if not order.delivery_id or order.state != "closed":
        raise Refused("nothing_to_deliver", number=order.number)
    done_before = order.fulfilment == "delivered"
    state: Literal["delivered", "undelivered"] = "undelivered" if done_before else "delivered"
    fact = Fulfilled(where_of(till.session), order.order_id, order.number, state)

    def done(_: object) -> None:
        if till.state.receipt is not None:
            moving.back(till)
        if till.state.find is not None:
            finding.again(till)
        till.tell(getattr(till.words.finding, state).format(number=order.number), "ok")

    till.write(lambda x: x.write(fact), done)


def names_of(till: Till, ids: Iterable[str]) -> dict[str, str]:
    """Masked names of people; erased ones have none."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    found: dict[str, str] = {}
    with suppress(Refused):  # no key, no names: the list is still of use
        vault = receipts.vault_of(till.config)
        for one in wanted:
            if person := persons.get(till.reader, vault, one):
                found[one] = person.masked
    return found
