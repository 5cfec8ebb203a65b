"""Invoices' work beside its facts: put down, ended, read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

import msgspec

from pos.config import Config
from pos.invoices import reds
from pos.invoices.course import Course
from pos.invoices.document import Document, Item, RedForm, RedReason, RedRow
from pos.invoices.reds import Standing
from pos.record import Fact, InvoiceAsked, InvoiceEnded, InvoiceRow, RedAsked, RedEnded, Where
from pos.refusal import Refused
from pos.sealing import Vault
from pos.store import invoices, persons
from pos.store.invoices import Work
from pos.store.reader import Reader
from pos.till.receipts import vault_of

if TYPE_CHECKING:
    from pos.store.attempts import Transaction
    from pos.store.ledger import Ledger

BY_HAND = "9999"
"""When the next step of work is a person's."""
_ENDS: dict[str, Literal["issued", "exported", "failed"]] = {
    "issued": "issued",
    "exported": "exported",
}
_RED_ENDS: dict[str, Literal["red", "failed", "lapsed", "refused", "gone"]] = {
    "red": "red",
    "lapsed": "lapsed",
    "refused": "refused",
    "gone": "gone",
}
_COURSE = msgspec.json.Decoder(Course)
_DOCUMENT = msgspec.json.Decoder(Document)
_FORM = msgspec.json.Decoder(RedForm)
encode = msgspec.json.encode


def red_form(
    reader: Reader,
    config: Config,
    row: invoices.InvoiceRow,
    wanted: Mapping[int, int] | None,
    cause: RedReason,
) -> RedForm:
    """A form for rows by number with thousandths, all of them where none is named."""
    document = _standing_document(reader, config, row)
    standing = standing_of(reader, document, ())
    rows = reds.by_number(standing, wanted) if wanted else reds.whole(standing)
    return red_form_of(reader, config, row, rows, cause)


def red_form_of(
    reader: Reader,
    config: Config,
    row: invoices.InvoiceRow,
    rows: tuple[RedRow, ...],
    cause: RedReason,
) -> RedForm:
    """A form for `rows` under the order's next number."""
    document = _standing_document(reader, config, row)
    standing = standing_of(reader, document, ())
    number = len(invoices.reds_of(reader, row.order_id)) + 1
    whole = reds.is_whole(standing, rows)
    return reds.form_of(document, row.bureau_no, rows, whole, cause, number)


def _standing_document(reader: Reader, config: Config, row: invoices.InvoiceRow) -> Document:
    document = document_of(reader, config, row.invoice_no)
    if document is None:
        raise Refused("invoice_erased", number=row.number)
    return document


def standing_of(reader: Reader, document: Document, more: Iterable[RedRow]) -> Standing:
    """An invoice with every red letter that is there or asked for."""
    items = {item.n: item for item in document.items}
    rows = reader.rows(
        "SELECT x.n, x.milli, x.net_fen, x.tax_fen FROM invoice_red_rows x"
        " JOIN invoice_reds r USING (red_no) WHERE r.invoice_no = ? AND NOT EXISTS"
        " (SELECT 1 FROM red_ends e WHERE e.red_no = r.red_no AND e.state <> 'red')",
        (document.invoice_no,),
    )
    gone = [RedRow(items[r["n"]], r["milli"], r["net_fen"], r["tax_fen"]) for r in rows]
    return Standing(document.invoice_no, document.items, (*gone, *more))


def put_red(
    connection: Transaction,
    config: Config,
    vault: Vault,
    form: RedForm,
    about: tuple[str, str, str],
    waits_for: str,
) -> None:
    """The work of a red letter; `about`: person, order, our number of the invoice."""
    person_id, order_id, invoice_no = about
    by_hand = config.settings.invoices.provider == "workbook"
    row = Work(
        no=form.red_no,
        kind="red",
        order_id=order_id,
        person_id=person_id,
        state="new",
        open=1,
        next_at=BY_HAND if by_hand else "",
        waits_for=waits_for,
        body=encode(Course(form.red_no, of=invoice_no)),
        sealed=persons.seal(connection, vault, person_id, encode(form), form.red_no),
    )
    invoices.put(connection, row)


def end(ledger: Ledger, work: Work, course: Course, *also: Fact) -> None:
    """Keep a course; where it has ended, with the fact that says how."""
    facts = [*also, *ended_facts(work, course)]

    def put(connection: Transaction) -> None:
        invoices.put(connection, with_course(work, course))

    ledger.write(*facts, also=put) if facts else ledger.change(put)


def ended_facts(work: Work, course: Course) -> list[Fact]:
    """The fact of an end; none where there is none yet."""
    if course.open:
        return []
    reason = f"{course.code} {course.why}".strip()
    if work.kind == "invoice":
        state = _ENDS.get(course.state, "failed")
        told = (course.number, course.issued_at, reason)
        return [InvoiceEnded(work.no, work.order_id, state, *told)]
    red = _RED_ENDS.get(course.state, "failed")
    return [RedEnded(work.no, course.of, work.order_id, red, course.number, reason)]


def with_course(work: Work, course: Course) -> Work:
    """Work with its course as it is now."""
    return msgspec.structs.replace(
        work,
        state=course.state,
        open=int(course.open),
        next_at=course.next_at,
        body=encode(course),
    )


def course_of(work: Work) -> Course:
    """The machine's state."""
    return _COURSE.decode(work.body)


def document_of(reader: Reader, config: Config, invoice_no: str) -> Document | None:
    """An invoice's document; None where there is none, or its buyer was erased."""
    work = invoices.work(reader, invoice_no)
    if work is None:
        return None
    data = persons.unseal(reader, vault_of(config), work.person_id, work.sealed, work.no)
    return None if data is None else _DOCUMENT.decode(data)


def form_of(reader: Reader, config: Config, work: Work) -> RedForm | None:
    """A red letter's form; None where its buyer was erased."""
    data = persons.unseal(reader, vault_of(config), work.person_id, work.sealed, work.no)
    return None if data is None else _FORM.decode(data)


def _row(item: Item) -> InvoiceRow:
    return InvoiceRow(item.n, item.line_no, item.milli, item.net_fen, item.tax_fen)


def asked_fact(
    one: Document, order_id: str, provider: str, person_id: str, where: Where, replaces: str
) -> InvoiceAsked:
    return InvoiceAsked(
        where,
        one.invoice_no,
        order_id,
        one.order_number,
        provider,
        one.kind == "special",
        person_id,
        one.total_fen,
        one.tax_fen,
        tuple(_row(item) for item in one.items),
        replaces,
    )


def red_fact(form: RedForm, invoice_no: str, order_id: str, where: Where) -> RedAsked:
    return RedAsked(
        where,
        form.red_no,
        invoice_no,
        order_id,
        form.reason,
        form.total_fen,
        form.tax_fen,
        tuple(
            InvoiceRow(row.item.n, row.item.line_no, row.milli, row.net_fen, row.tax_fen)
            for row in form.rows
        ),
    )


def came_to_nothing(reader: Reader, work: Work) -> str:
    """Why work can never be done: what it waited for failed; empty where it can."""
    if not work.waits_for:
        return ""
    first = invoices.work(reader, work.waits_for)
    if first is None or first.open or first.state in ("issued", "exported", "red"):
        return ""
    return f"{first.kind}_{first.state}"


def blocked(reader: Reader, work: Work) -> bool:
    """Whether something has to end before it."""
    first = invoices.work(reader, work.waits_for) if work.waits_for else None
    return first is not None and first.state not in ("issued", "exported", "red")
