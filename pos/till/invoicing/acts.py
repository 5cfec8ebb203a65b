"""What is asked for, put on record with the work it makes; in the ledger's thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Literal, get_args

import msgspec
from msgspec.structs import replace

from pos.clock import stamp
from pos.config import Config
from pos.invoices import buyers
from pos.invoices.building import number_of
from pos.invoices.course import Course
from pos.invoices.document import Buyer, Document, RedForm, RedReason
from pos.record import (
    Fact,
    Where,
)
from pos.refusal import Refused
from pos.store import invoices, persons
from pos.store.invoices import Work
from pos.store.reader import Reader
from pos.till.invoicing import orders
from pos.till.invoicing.keeping import (
    BY_HAND,
    asked_fact,
    course_of,
    document_of,
    encode,
    end,
    put_red,
    red_fact,
    red_form,
    red_form_of,
)
from pos.till.invoicing.orders import Wanted
from pos.till.invoicing.returns import follow_returns, not_taken_back
from pos.till.receipts import vault_of

if TYPE_CHECKING:
    from pos.store.attempts import Transaction
    from pos.store.ledger import Ledger


CAUSES: tuple[RedReason, ...] = get_args(RedReason)
RETURNED: Literal["returned"] = "returned"
Rows = Mapping[int, int] | Literal["returned"]
"""What is taken back: rows by number with thousandths, all where none is named, or what the order's
returns brought and no red letter has taken yet."""


class Asked(msgspec.Struct, frozen=True):
    """What was put on record: our own numbers, and of an amendment the red letter before it."""

    invoices: tuple[str, ...]
    red_no: str = ""


def ask(
    ledger: Ledger,
    config: Config,
    wanted: Wanted,
    where: Where,
    confirmed: bool = False,
    also: tuple[Fact, ...] = (),
) -> Asked:
    """An invoice of an order; `also` goes on record with it.

    Refused: what `orders.check` says, invoice_tax_id_doubtful.
    """
    with closing(Reader(config.ledger)) as reader:
        order_id, documents = _documents(ledger, config, reader, wanted, confirmed)
    return _put(ledger, config, order_id, documents, where, also=also)


def _documents(
    ledger: Ledger, config: Config, reader: Reader, wanted: Wanted, confirmed: bool
) -> tuple[str, tuple[Document, ...]]:
    orders.check_owner(config)
    buyer = _buyer(wanted, confirmed)
    found = orders.find(reader, wanted.number)
    orders.check_in_time(config, ledger.place.clock, found.day)
    known = invoices.of_order(reader, found.order_id)
    orders.check_free(known, wanted.number)
    orders.check_elsewhere(reader, wanted.number)
    at = stamp(ledger.place.clock.now())
    documents = orders.documents(config, found, wanted.kind, buyer, len(known) + 1, at)
    return found.order_id, documents


def _buyer(wanted: Wanted, confirmed: bool) -> Buyer:
    checked = buyers.check(wanted.buyer, wanted.kind)
    if checked.doubts and not confirmed:
        raise Refused(checked.doubts[0])
    return checked.buyer


def _put(
    ledger: Ledger,
    config: Config,
    order_id: str,
    documents: Iterable[Document],
    where: Where,
    replaces: str = "",
    red: RedForm | None = None,
    also: tuple[Fact, ...] = (),
) -> Asked:
    """Facts and work of new invoices, and of the red letter that comes before them."""
    documents = tuple(documents)
    buyer = documents[0].buyer
    vault = vault_of(config)
    person_id = persons.add(ledger, vault, buyer.title, buyer.mobile)
    provider = config.settings.invoices.provider
    facts: list[Fact] = list(also)
    if red is not None:
        facts.append(red_fact(red, replaces, order_id, where))
    for one in documents:
        facts.append(asked_fact(one, order_id, provider, person_id, where, replaces))

    def put(connection: Transaction) -> None:
        if red is not None:
            put_red(connection, config, vault, red, (person_id, order_id, replaces), "")
        for one in documents:
            row = Work(
                no=one.invoice_no,
                kind="invoice",
                order_id=order_id,
                person_id=person_id,
                state="new",
                open=1,
                next_at=BY_HAND if provider == "workbook" else "",
                waits_for=red.red_no if red else "",
                body=encode(Course(one.invoice_no)),
                sealed=persons.seal(connection, vault, person_id, encode(one), one.invoice_no),
            )
            invoices.put(connection, row)

    ledger.write(*facts, also=put)
    return Asked(tuple(one.invoice_no for one in documents), red.red_no if red else "")


def amend(
    ledger: Ledger,
    config: Config,
    invoice_no: str,
    wanted: Wanted,
    where: Where,
    also: tuple[Fact, ...] = (),
) -> Asked:
    """A manager corrects an invoice: one that failed is asked for anew; one that was issued is
    taken back whole (开票有误) and the new one follows once the red letter is there.

    Refused: invoice_unknown, invoice_pending, invoice_red_first, and what `ask` says.
    """
    orders.check_owner(config)
    with closing(Reader(config.ledger)) as reader:
        row = _invoice(reader, invoice_no)
        buyer = _buyer(wanted, True)
        if row.state == "asked":
            raise Refused("invoice_pending", number=row.number)
        if row.state != "failed" and row.standing_fen <= 0:
            raise Refused("invoice_red_already", number=row.number)
        known = invoices.of_order(reader, row.order_id)
        red = None if row.state == "failed" else red_form(reader, config, row, None, "mistake")
        at = stamp(ledger.place.clock.now())
        if any(x.standing_fen > 0 for x in known if x.invoice_no != row.invoice_no):
            documents = _same_rows(reader, config, row, wanted, buyer, len(known) + 1, at)
        else:
            found = orders.find(reader, row.number)
            documents = orders.documents(config, found, wanted.kind, buyer, len(known) + 1, at)
    return _put(ledger, config, row.order_id, documents, where, row.invoice_no, red, also)


def _same_rows(
    reader: Reader,
    config: Config,
    row: invoices.InvoiceRow,
    wanted: Wanted,
    buyer: Buyer,
    n: int,
    at: str,
) -> tuple[Document, ...]:
    """One of an order's several invoices, with its own rows, for another buyer."""
    if row.red_fen or row.red_open_fen:
        raise Refused("invoice_red_first", number=row.number)
    old = document_of(reader, config, row.invoice_no)
    if old is None:
        raise Refused("invoice_erased", number=row.number)
    number = number_of(old.order_number, n)
    return (replace(old, invoice_no=number, kind=wanted.kind, buyer=buyer, at=at),)


def take_back(
    ledger: Ledger,
    config: Config,
    invoice_no: str,
    wanted: Rows,
    cause: RedReason,
    where: Where,
    also: tuple[Fact, ...] = (),
) -> str:
    """A red letter to an issued invoice: its rows by number with thousandths (0: all of a row),
    what came back of its order, or all of it; our number of it. `also` goes on record with it.

    Refused: invoice_unknown, invoice_not_issued, invoice_none_back, and what `reds` says.
    """
    orders.check_owner(config)
    if wanted == RETURNED:
        follow_returns(ledger, config)  # what goes with a return by itself is no part of this
    with closing(Reader(config.ledger)) as reader:
        row = _invoice(reader, invoice_no)
        if row.state not in ("issued", "exported"):
            raise Refused("invoice_not_issued", number=row.number)
        if wanted == RETURNED:
            form = red_form_of(reader, config, row, not_taken_back(reader, config, row), cause)
        else:
            form = red_form(reader, config, row, wanted, cause)
    vault = vault_of(config)

    def put(connection: Transaction) -> None:
        about = (row.person_id, row.order_id, row.invoice_no)
        put_red(connection, config, vault, form, about, "")

    ledger.write(red_fact(form, row.invoice_no, row.order_id, where), *also, also=put)
    return form.red_no


def mark(ledger: Ledger, config: Config, no: str, bureau_no: str) -> None:
    """A person tells the number the bureau gave: for what was imported or taken back by hand.

    Refused: invoice_unknown, invoice_number_wrong.
    """
    if len(bureau_no) != 20 or not (bureau_no.isascii() and bureau_no.isdigit()):
        raise Refused("invoice_number_wrong", number=bureau_no[:24])
    with closing(Reader(config.ledger)) as reader:
        row = invoices.get_invoice(reader, no)
        work = invoices.work(reader, row.invoice_no if row else no)
    if work is None:
        raise Refused("invoice_unknown", number=no[:24])
    now = stamp(ledger.place.clock.now())
    course = replace(
        course_of(work),
        state="issued" if work.kind == "invoice" else "red",
        number=bureau_no,
        issued_at=now,
        next_at="",
    )
    end(ledger, work, course)


def _invoice(reader: Reader, no: str) -> invoices.InvoiceRow:
    row = invoices.get_invoice(reader, no)
    if row is None:
        raise Refused("invoice_unknown", number=no[:24])
    return row
