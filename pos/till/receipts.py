"""Which template a slip is made from, and the slip laid out for paper, screen or a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal, get_args

from pos import slips
from pos.clock import stamp
from pos.config import Config
from pos.invoices import link as links
from pos.invoices.building import STORED_WAYS
from pos.payments.attempt import shows_qr
from pos.receiptline.shipped import SUFFIX, lay_out, of_folder, read_template, shipped_templates
from pos.record import Fact, OrderClosed, OrderVoided, Record
from pos.refusal import Refused
from pos.sealing import Vault
from pos.store import attempts, levels, members, persons, shifts
from pos.store.reader import Reader
from pos.store.stock import SLIP
from pos.system import read_private
from pos.till import attempting
from pos.till.view import ReceiptPiece, ReceiptRows
from pos.words import CATALOGUE
from pos.words.reports import CATALOGUE as REPORTS

if TYPE_CHECKING:
    from datetime import datetime

    from pos.receiptline.rows import Layout
    from pos.slips import Data

EXAMPLE_QR = "weixin://wxpay/bizpayurl?pr=example00"
__all__ = ["lay_out", "read_template", "shipped_templates"]
CLOSES = ("x", "z", "shift", "cash", "report")
"""Slips that are of no order."""
Form = Literal["text", "html", "svg"]
FORMS: tuple[Form, ...] = get_args(Form)


def templates(config: Config) -> dict[str, str]:
    """All templates by file name: the product's, with the shop's own in their place."""
    return shipped_templates() | of_folder(config.receipts)


def made(layout: Layout, form: Form) -> str:
    """A laid-out slip as plain text, as a page for a phone, or as a picture."""
    from pos.receiptline import as_html, as_svg, as_text

    match form:
        case "text":
            return as_text.text(layout)
        case "html":
            return as_html.page(layout)
        case "svg":
            return as_svg.svg(layout)


def slip(config: Config, kind: str, data: Mapping[str, object], columns: int = 0) -> Layout:
    """A slip of a kind (`sale`, `reprint`, `return`, `void`, `voucher`, `test`), `columns` wide.

    Without `columns` it is as wide as the shop's receipts.
    """
    name, found = kind + SUFFIX, templates(config)
    data = {**data, "training": config.training}
    if name not in found:
        raise Refused("receipt_no_template", name=name, line=0, what=name)
    wide = columns or config.settings.receipt.columns
    return lay_out(found[name], name, data, wide, found)


def order_slip(
    config: Config,
    reader: Reader,
    order_id: str,
    kind: str,
    copy: int = 0,
    *,
    columns: int = 0,
    doubtful: bool = False,
) -> Layout:
    """A slip of an ended order, made from its record; `sale` of a voided order is `void`.

    That of an order with goods that came back is `return`.

    `doubtful`: it may have been printed before, and says so. Kind `stock`: the slip of a document
    of stock.
    """
    if kind == SLIP:
        return slip(
            config, kind, stock_data(config, reader, order_id) | {"doubtful": doubtful}, columns
        )
    data = order_data(config, reader, order_id, copy) | {"doubtful": doubtful}
    if kind in ("sale", "reprint") and (data["voided"] or data["returned"]):
        kind = "void" if data["voided"] else "return"
    return slip(config, kind, data, columns)


def qr_slip(config: Config, reader: Reader, order_id: str, now: datetime, columns: int) -> Layout:
    """The payment code that an order waits for; Refused("qr_gone") where it is none any more."""
    found = [attempting.attempt_of(row) for row in attempts.of_order(reader, order_id)]
    one = next((x for x in found if shows_qr(x)), None)
    if one is None or one.expires_at is None or one.expires_at <= now:
        raise Refused("qr_gone")
    words = CATALOGUE[config.settings.till.language].slips
    until = stamp(one.expires_at)
    data = slips.of_qr(config.settings, words, one.channel, one.charge.fen, one.qr, until)
    return slip(config, "qr", data, columns)


def stock_data(config: Config, reader: Reader, doc_id: str) -> Data:
    """What a template is told of a document of stock."""
    found = levels.document(reader, doc_id)
    if found is None:
        raise Refused("order_unknown", number=doc_id)
    words = CATALOGUE[config.settings.till.language]
    return slips.of_stock(*found, config.settings, words.slips, words.stock)


def job_slip(
    config: Config,
    reader: Reader,
    kind: str,
    subject: str,
    copy: int = 0,
    *,
    columns: int = 0,
    doubtful: bool = False,
) -> Layout:
    """The slip of a print job: of an order, or of what was closed, counted or reported."""
    if kind in CLOSES:
        data = closing_data(config, reader, kind, subject)
        return slip(config, kind, data | {"doubtful": doubtful}, columns)
    return order_slip(config, reader, subject, kind, copy, columns=columns, doubtful=doubtful)


def closing_data(config: Config, reader: Reader, kind: str, subject: str) -> Data:
    """What a template of an X, a Z, a shift, cash or a report is told."""
    from pos.reports import adding, asked
    from pos.reports import slips as made

    settings, words = config.settings, CATALOGUE[config.settings.till.language]
    report = REPORTS[settings.till.language]
    if kind == "report":
        table, about = asked.table_of(reader, asked.Asked.of(subject), report)
        return made.of_table(table, about, settings, words, reader.head()[1])
    if kind == "x":
        scope, who = asked.x_scope(reader, subject)
        found = adding.figures(reader, scope)
        return made.of_x(found, settings, words, report, who, reader.moment_of(scope.upto_jn))
    record, digest = shifts.record_of(reader, kind, subject)
    match kind:
        case "z":
            return made.of_day(record, digest, settings, words, report)
        case "shift":
            late = shifts.late_count(reader, subject)
            return made.of_shift(record, digest, settings, words, report, late)
        case _:
            return made.of_cash(record, digest, settings, words, report)


def pieces_of(layout: Layout) -> ReceiptRows:
    """A laid-out slip as rows of the screen."""
    from pos.receiptline.cells import cells

    return tuple(
        tuple(
            ReceiptPiece(
                part.column,
                part.text,
                part.style.bold or part.style.height > 1,
                part.style.invert,
                part.style.underline,
                part.kind == "code",
            )
            for part in row
        )
        for row in cells(layout)
    )


def order_data(config: Config, reader: Reader, order_id: str, copy: int = 0) -> Data:
    """What a template is told of an ended order."""
    record, digest = reader.order_record(order_id)
    words = CATALOGUE[config.settings.till.language].slips
    customer, delivery = _person(config, reader, order_id)
    total = None
    if customer and not config.settings.headoffice.url:
        person_id, _ = reader.order_person(order_id)
        total = members.points(reader, person_id, record.jn)
    return slips.of_order(
        record,
        digest,
        config.settings,
        words,
        copy=copy,
        customer=customer,
        points_total=total,
        delivery=delivery,
        originals=_originals(reader, record),
        invoice_url=_invoice_url(config, record.fact),
    )


def _originals(reader: Reader, record: Record) -> dict[str, str]:
    fact = record.fact
    lines = fact.lines if isinstance(fact, OrderClosed | OrderVoided) else ()
    return {x.of_order: reader.number_of(x.of_order) for x in lines if x.of_order}


def invoice_link(config: Config, reader: Reader, order_id: str) -> tuple[str, links.Link] | None:
    """The signed link of a closed order with what it says; None where a receipt has none."""
    return _link(config, reader.order_record(order_id)[0].fact)


def _invoice_url(config: Config, fact: Fact) -> str:
    """The signed link for a receipt; empty where nothing may be invoiced or no link is set up.

    A key that is missing takes no receipt away.
    """
    found = _link(config, fact)
    return found[0] if found else ""


def _link(config: Config, fact: Fact) -> tuple[str, links.Link] | None:
    own = config.settings.invoices
    if not own.link or config.training or not isinstance(fact, OrderClosed):
        return None
    stored = sum(taken.fen for taken in fact.tenders if taken.way in STORED_WAYS)
    fen = sum(line.net_fen for line in fact.lines if line.net_fen > 0) - stored
    if fen <= 0:
        return None
    try:
        key = read_private(config.link_key)
    except Refused:
        return None
    link = links.Link(fact.number, date.fromisoformat(fact.where.business_date), fen)
    return links.url(own.link, key, link), link


def _person(config: Config, reader: Reader, order_id: str) -> tuple[str, dict[str, str] | None]:
    person_id, delivery_id = reader.order_person(order_id)
    if not person_id:
        return "", None
    vault = vault_of(config)
    person = persons.get(reader, vault, person_id)
    where = persons.address(reader, vault, delivery_id) if delivery_id else None
    if person is None:
        return "", None
    if where is None:
        return person.masked, None
    to = {"name": person.name, "phone": person.phone, "address": where.address, "note": where.note}
    return person.masked, to


def vault_of(config: Config) -> Vault:
    """The key that opens people's data; Refused where its file is not right."""
    return Vault(read_private(config.person_key))


def example(config: Config, at: str) -> Data:
    """Data for whoever writes a template: an invented sale with everything on it."""
    words = CATALOGUE[config.settings.till.language].slips
    record = slips.example(config.settings, at)
    to = {"name": "样例", "phone": "13800000000", "address": "样例路 1 号", "note": "放门口"}
    data = slips.of_order(
        record,
        bytes(32),
        config.settings,
        words,
        copy=1,
        customer="样* 138****0000",
        delivery=to,
        invoice_url="https://example.invalid/i/000101010000001.EXAMPLE",
    )
    code = slips.of_qr(config.settings, words, "wechat", 1234, EXAMPLE_QR, at)
    return slips.of_test(config.settings, words, at, config.settings.receipt.columns) | code | data


def trial_slip(config: Config, at: str, columns: int = 0) -> Layout:
    """The test print of a moment (as `pos.clock.stamp` gives it)."""
    words = CATALOGUE[config.settings.till.language].slips
    wide = columns or config.settings.receipt.columns
    data = slips.of_test(config.settings, words, at, wide)
    return slip(config, "test", data, wide)
