"""The code of an order for the customer's phone, where head office issues (`[invoices] owner`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.invoices import link as links
from pos.money import yuan
from pos.refusal import Refused
from pos.store import invoices
from pos.store.finding import FoundOrder
from pos.till import receipts
from pos.till.view import WalletView

if TYPE_CHECKING:
    from pos.till.till import Till


def show(till: Till, order: FoundOrder) -> None:
    """The code that is on the receipt, on the screen.

    Refused: invoice_no_link where none is set up or its key is missing, invoice_nothing.
    """
    own, words = till.config.settings.invoices, till.words.invoices
    if order.state != "closed":
        raise Refused("invoice_voided", number=order.number)
    if not own.link or not till.config.link_key.exists():
        raise Refused("invoice_no_link")
    found = receipts.invoice_link(till.config, till.reader, order.order_id)
    if found is None:
        raise Refused("invoice_nothing", number=order.number)
    url, link = found
    until = links.last_day(link, own.valid_days).isoformat()
    view = WalletView(
        state="qr",
        way=words.columns[0],
        title=words.code_title,
        amount=yuan(link.fen),
        number=order.number,
        clock=words.code_until.format(day=until),
        hints=(_state(till, order.number) or words.code_hint,),
        too_small=words.code_too_small,
        qr=url,
    )
    till.state.code, till.state.mode = (view, till.state.mode), "code"


def _state(till: Till, number: str) -> str:
    """What became of it at head office, as far as that came down; empty where nothing was asked."""
    words, told = till.words.invoices, invoices.at_headoffice(till.reader, number)
    if told is None:
        return ""
    return words.at_headoffice.format(
        state=words.above.get(told.status, told.status[:20]),
        invoice_no=told.invoice_no,
        reason=told.reason,
    ).strip()
