"""Invoices by key: on an order that was found, or on the receipt that is read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import require
from pos.access.signing import where_of
from pos.invoices.document import Buyer
from pos.money import yuan
from pos.refusal import Refused
from pos.store import invoices
from pos.store.finding import FoundOrder
from pos.store.invoices import InvoiceRow
from pos.store.reader import Reader
from pos.till import moving, signing
from pos.till.invoicing import acts, asking, codes, form, orders, redding
from pos.till.invoicing.keeping import document_of
from pos.till.invoicing.orders import Wanted
from pos.till.state import Approved

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.till.till import Till


def key(till: Till, order: FoundOrder) -> None:
    """The key: ask for the buyer, or offer what can be done with the invoice that is there.

    Where head office issues, the customer's phone is shown the way.
    """
    require("invoice", till.session)
    if till.config.settings.invoices.owner == "headoffice":
        codes.show(till, order)
        return
    orders.check_owner(till.config)
    rows = invoices.of_order(till.reader, order.order_id)
    last = rows[-1] if rows else None
    if last is None or (last.state == "failed" and last.replaces == ""):
        _check_order(till, order)
        form.ask_buyer(till, order.number, lambda wanted: _issue(till, wanted))
    else:
        offer(till, order.number, last)


def amend_key(till: Till, order: FoundOrder) -> None:
    """The key: correct the order's last invoice, by whoever may."""
    orders.check_owner(till.config)
    rows = invoices.of_order(till.reader, order.order_id)
    if not rows:
        raise Refused("invoice_unknown", number=order.number)
    _amend(till, order.number, rows[-1])


def offer(till: Till, number: str, row: InvoiceRow) -> None:
    """What can be done with one invoice."""
    words = till.words.invoices
    names = words.acts
    state = f"{words.states[row.state]} {row.bureau_no or row.reason}".strip()
    title = f"{number}  {yuan(row.total_fen)}"
    offered: list[tuple[str, Callable[[], None]]] = [(names["look"], lambda: _look(till))]
    if row.state == "issued":
        offered.append((names["resend"], lambda: _resend(till, row)))
    if row.state != "asked":
        offered.append((names["amend"], lambda: _amend(till, number, row)))
    if row.state in ("issued", "exported") and row.standing_fen > 0:
        offered.append((names["red"], lambda: redding.whole(till, row)))
        offered.append((names["red_part"], lambda: redding.part(till, row)))
        offered.append((names["red_back"], lambda: redding.returned(till, row)))
    shown = tuple((name,) for name, _ in offered)
    moving.offer(till, title, (state,), shown, lambda n: offered[n][1]())


def _check_order(till: Till, order: FoundOrder) -> None:
    """What no buyer can mend is told before anybody is asked for one."""
    nobody = Wanted(order.number, Buyer("", person=True))
    orders.check(till.config, till.reader, till.clock, nobody)


def _issue(till: Till, wanted: Wanted) -> None:
    checked = orders.check(till.config, till.reader, till.clock, wanted)
    wanted = replace(wanted, buyer=checked.buyer)
    if not checked.doubts:
        _put(till, wanted, None, False)
        return
    till.tell(till.words.invoices.invoice_tax_id_doubtful, "warn")
    signing.guard(till, "invoice_amend", lambda _: None, lambda a: _put(till, wanted, a, True))


def _put(till: Till, wanted: Wanted, approved: Approved | None, confirmed: bool) -> None:
    facts = signing.override(till, "invoice_amend", approved, wanted.number, wanted.buyer.tax_id)
    where = where_of(till.session)

    def job(ledger: Ledger) -> acts.Asked:
        return acts.ask(ledger, till.config, wanted, where, confirmed, facts)

    till.write(job, lambda _: _asked(till, wanted.number))


def _amend(till: Till, number: str, row: InvoiceRow) -> None:
    def with_buyer(approved: Approved | None) -> None:
        old = document_of(till.reader, till.config, row.invoice_no)
        then = partial(_put_amended, till, row, approved)
        form.ask_buyer(till, number, then, old.buyer if old else None, bool(row.special))

    signing.guard(till, "invoice_amend", lambda _: None, with_buyer)


def _put_amended(till: Till, row: InvoiceRow, approved: Approved | None, wanted: Wanted) -> None:
    facts = signing.override(till, "invoice_amend", approved, row.invoice_no, wanted.buyer.tax_id)
    where = where_of(till.session)

    def job(ledger: Ledger) -> acts.Asked:
        return acts.amend(ledger, till.config, row.invoice_no, wanted, where, facts)

    till.write(job, lambda _: _asked(till, row.number))


def _resend(till: Till, row: InvoiceRow) -> None:
    """Behind the next keys: the provider may take its time."""
    words = till.words.invoices

    def job() -> dict[str, str]:
        with closing(Reader(till.config.ledger)) as reader:
            return asking.deliver(reader, till.config, till.clock, row.invoice_no, "", "")

    till.aside(job, lambda told: till.tell(words.delivered.format(**told), "ok"))


def _look(till: Till) -> None:
    """Ask the provider at once; the list shows what came of it."""
    till.write(lambda ledger: asking.ask_now(ledger, till.config), lambda _: _woken(till))


def _woken(till: Till) -> None:
    if till.invoicing is not None:
        till.invoicing.look()
    till.tell(till.words.invoices.asking, "info")


def _asked(till: Till, number: str) -> None:
    if till.invoicing is not None:
        till.invoicing.look()
    till.tell(till.words.invoices.asked.format(number=number), "ok")
