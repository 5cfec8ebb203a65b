"""Invoices asked for without a screen: one, or a file of them."""

from __future__ import annotations

import csv
import io
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from pos.clock import Clock
from pos.config import Config
from pos.invoices import course as courses
from pos.invoices.buyers import check
from pos.invoices.document import Buyer
from pos.invoices.protocol import Delivered, Rejected
from pos.refusal import Refused
from pos.store import invoices
from pos.store.reader import Reader
from pos.text import clean
from pos.till.invoicing import keeping, orders
from pos.till.invoicing.acts import Asked
from pos.till.invoicing.keeping import BY_HAND, course_of, document_of
from pos.till.invoicing.orders import Wanted
from pos.till.invoicing.working import Worker, provider_of

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

__all__ = ["Asked", "Wanted", "ask_now", "deliver", "open_count", "read_file", "wanted", "worker"]
_YES = ("1", "y", "yes", "true", "是", "个人", "专票")
_COLUMNS = {
    "number": ("number", "单号"),
    "title": ("title", "抬头"),
    "tax_id": ("tax_id", "税号"),
    "person": ("person", "个人"),
    "special": ("special", "专票"),
    "email": ("email", "邮箱"),
    "mobile": ("mobile", "手机"),
}


def wanted(
    number: str, title: str, tax_id: str, person: bool, special: bool, email: str, mobile: str
) -> Wanted:
    """What was typed; the rules look at it later."""
    buyer = Buyer(title, person=person, tax_id=tax_id, email=email, mobile=mobile)
    return Wanted(number.strip(), buyer, special)


def read_file(text: io.StringIO, path: Path) -> list[Wanted]:
    """A CSV with a row for each order. Refused: file_header, file_row."""
    reader = csv.DictReader(text, strict=True)
    found = []
    try:
        names = {
            key: next((name for name in reader.fieldnames or () if name.strip() in aliases), "")
            for key, aliases in _COLUMNS.items()
        }
        for key in ("number", "title"):
            if not names[key]:
                raise Refused("file_header", path=path, columns=key)
        for row in reader:
            cell = {key: (row.get(name) or "").strip() for key, name in names.items()}
            person, special = (cell[key].lower() in _YES for key in ("person", "special"))
            found.append(
                wanted(
                    cell["number"],
                    cell["title"],
                    cell["tax_id"],
                    person,
                    special,
                    cell["email"],
                    cell["mobile"],
                )
            )
    except csv.Error as error:
        raise Refused("file_row", path=path, line=reader.line_num, why=str(error)) from error
    return found


def worker(config: Config, clock: Clock, ledger: Ledger) -> Worker:
    """Does in this thread what the till's thread does; the till must not be at work."""
    return Worker(config, clock, lambda job: job(ledger))


def open_count(config: Config) -> int:
    """How much is still to come without a person."""
    with closing(Reader(config.ledger)) as reader:
        return sum(work.next_at != BY_HAND for work in invoices.open_work(reader))


def ask_now(ledger: Ledger, config: Config) -> None:
    """Everything open is asked after at once, not when its pause is over."""
    now = ledger.place.clock.now()
    with closing(Reader(config.ledger)) as reader:
        works = [work for work in invoices.open_work(reader) if work.next_at != BY_HAND]
    for work in works:
        keeping.end(ledger, work, courses.ask_now(course_of(work), now))


def number_of(reader: Reader, no: str) -> str:
    """The order's number behind an invoice's or a red letter's. Refused("invoice_unknown")."""
    row = invoices.get_invoice(reader, no)
    if row is not None:
        return row.number
    work = invoices.work(reader, no)
    if work is None:
        raise Refused("invoice_unknown", number=clean(no, 24))
    found = reader.rows("SELECT number FROM orders WHERE order_id = ?", (work.order_id,))
    return str(found[0]["number"])


def deliver(
    reader: Reader, config: Config, clock: Clock, no: str, email: str, mobile: str
) -> dict[str, str]:
    """Have an issued invoice sent to its buyer once more, to other addresses where some are told.

    Refused: invoice_unknown, invoice_not_issued, invoice_no_address, invoice_not_delivered.
    """
    orders.check_owner(config)
    row = invoices.get_invoice(reader, no)
    if row is None:
        raise Refused("invoice_unknown", number=clean(no, 24))
    document = document_of(reader, config, row.invoice_no)
    if row.state != "issued" or document is None:
        raise Refused("invoice_not_issued", number=row.number)
    told = Buyer("x", person=True, email=email, mobile=mobile)
    buyer = check(told, "normal").buyer if email or mobile else document.buyer
    if not buyer.email and not buyer.mobile:
        raise Refused("invoice_no_address")
    provider = provider_of(config, clock)
    if provider is None:
        raise Refused("invoice_not_delivered", why="workbook")
    with closing(provider):
        answer = provider.deliver(row.bureau_no, buyer.email, buyer.mobile)
    if isinstance(answer, Delivered):
        return {"number": row.bureau_no, "email": buyer.email, "mobile": buyer.mobile}
    why = answer.why if isinstance(answer, Rejected) else answer.code
    raise Refused("invoice_not_delivered", why=why)
