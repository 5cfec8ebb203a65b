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
from pos.record import Fact
from pos.refusal import Refused
from pos.store import invoices
from pos.store.finding import FoundOrder
from pos.store.invoices import InvoiceRow
from pos.store.reader import Reader
from pos.till import moving, signing
from pos.till.invoicing import acts, asking, orders
from pos.till.invoicing.orders import Wanted
from pos.till.state import Approved

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.till.till import Till


def key(till: Till, order: FoundOrder) -> None:
    """The key: ask for the buyer, or offer what can be done with the invoice that is there."""
    require("invoice", till.session)
    orders.check_owner(till.config)
    rows = invoices.of_order(till.reader, order.order_id)
    last = rows[-1] if rows else None
    if last is None or (last.state == "failed" and last.replaces == ""):
        _ask_buyer(till, order.number, lambda wanted: _issue(till, wanted))
    else:
        _offer(till, order, last)


def amend_key(till: Till, order: FoundOrder) -> None:
    """The key: correct the order's last invoice, by whoever may."""
    orders.check_owner(till.config)
    rows = invoices.of_order(till.reader, order.order_id)
    if not rows:
        raise Refused("invoice_unknown", number=order.number)
    _amend(till, order.number, rows[-1])


def _offer(till: Till, order: FoundOrder, row: InvoiceRow) -> None:
    words = till.words.invoices
    acts_ = words.acts
    state = f"{words.states[row.state]} {row.bureau_no or row.reason}".strip()
    title = f"{order.number} {yuan(row.total_fen)} {state}"
    offered: list[tuple[str, Callable[[], None]]] = [(acts_["look"], lambda: _look(till))]
    if row.state == "issued":
        offered.append((acts_["resend"], lambda: _resend(till, row)))
    if row.state != "asked":
        offered.append((acts_["amend"], lambda: _amend(till, order.number, row)))
    if row.state in ("issued", "exported") and row.standing_fen > 0:
        offered.append((acts_["red"], lambda: _red(till, row)))
    shown = tuple((name,) for name, _ in offered)
    moving.offer(till, title, words.columns, shown, lambda n: offered[n][1]())


def _ask_buyer(till: Till, number: str, then: Callable[[Wanted], None]) -> None:
    """Title, then tax number; Enter alone for a person."""
    words = till.words.invoices

    def titled(title: str) -> None:
        def told(tax_id: str) -> None:
            buyer = Buyer(title, person=not tax_id, tax_id=tax_id)
            then(Wanted(number, buyer))

        if not title:
            told("")
            return
        moving.ask(till, words.ask_tax_id, words.ask_tax_hint, told, optional=True)

    moving.ask(till, words.ask_title, words.ask_title_hint, titled, free=True, optional=True)


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
        asked = acts.ask(ledger, till.config, wanted, where, confirmed)
        _also(ledger, facts)
        return asked

    till.write(job, lambda _: _asked(till, wanted.number))


def _amend(till: Till, number: str, row: InvoiceRow) -> None:
    def with_buyer(approved: Approved | None) -> None:
        _ask_buyer(till, number, partial(_put_amended, till, row, approved))

    signing.guard(till, "invoice_amend", lambda _: None, with_buyer)


def _put_amended(till: Till, row: InvoiceRow, approved: Approved | None, wanted: Wanted) -> None:
    facts = signing.override(till, "invoice_amend", approved, row.invoice_no, wanted.buyer.tax_id)
    where = where_of(till.session)

    def job(ledger: Ledger) -> acts.Asked:
        asked = acts.amend(ledger, till.config, row.invoice_no, wanted, where)
        _also(ledger, facts)
        return asked

    till.write(job, lambda _: _asked(till, row.number))


def _red(till: Till, row: InvoiceRow) -> None:
    words = till.words.invoices
    causes = acts.CAUSES

    def picked(approved: Approved | None, n: int) -> None:
        facts = signing.override(till, "invoice_amend", approved, row.invoice_no, causes[n])
        where = where_of(till.session)

        def job(ledger: Ledger) -> str:
            no = acts.take_back(ledger, till.config, row.invoice_no, {}, causes[n], where)
            _also(ledger, facts)
            return no

        till.write(job, lambda _: _asked(till, row.number))

    def allowed(approved: Approved | None) -> None:
        shown = tuple((words.causes[cause],) for cause in causes)
        moving.offer(till, words.acts["red"], words.columns, shown, partial(picked, approved))

    signing.guard(till, "invoice_amend", lambda _: None, allowed)


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


def _also(ledger: Ledger, facts: tuple[Fact, ...]) -> None:
    if facts:
        ledger.write(*facts)
