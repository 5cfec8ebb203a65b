"""Receipts and invoices to customers, by mail.

The address is a person's own, told at the counter and kept apart, or typed for one receipt; an
invoice goes to the one its buyer gave. Nothing is sent that nobody asked for: an address in a
person's file is kept with their consent and says "send me my receipts".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pos.clock import local, moment_of
from pos.config import Config
from pos.messages import templates
from pos.messages.addressing import to_customer
from pos.messages.message import Message
from pos.money import yuan
from pos.record import InvoiceEnded, OrderClosed, from_bytes
from pos.refusal import Refused
from pos.store import invoices, persons
from pos.store.reader import Reader
from pos.till import receipts
from pos.till.invoicing.keeping import course_of, document_of
from pos.words import messages as words_of
from pos.words.messages import MessageWords, Text

if TYPE_CHECKING:
    from pos.store.messages import MessageRow


def words_for(config: Config) -> MessageWords:
    """The texts in the till's language."""
    return words_of.ZH if config.settings.till.language == "zh" else words_of.EN


def filled(config: Config, name: str, text: Text, /, **values: object) -> tuple[str, str]:
    """Subject and text of a message: the shop's own template, else ours."""
    settings = config.settings
    told = {
        "shop": settings.shop.name or settings.shop.id,
        "till": settings.till.id,
        **{key: str(value) for key, value in values.items()},
    }
    folder = (
        config.file.parent / settings.messages.templates if settings.messages.templates else None
    )
    return templates.fill(folder, name, text.subject, text.text, told)


def receipt(config: Config, reader: Reader, order_id: str, to: str, again: str = "") -> Message:
    """The receipt of a closed order as a mail. `again`: what tells a second asking from the first.

    Refused("order_not_closed").
    """
    record, _ = reader.order_record(order_id)
    fact = record.fact
    if not isinstance(fact, OrderClosed):
        raise Refused("order_not_closed", number=getattr(fact, "number", ""))
    layout = receipts.order_slip(config, reader, order_id, "sale")
    words = words_for(config)
    day = f"{local(moment_of(record.at)):%Y-%m-%d}"
    subject, text = filled(
        config, "receipt", words.receipt, number=fact.number, total=yuan(fact.total_fen), date=day
    )
    about = f"receipt:{fact.number}{again}"
    plain = receipts.made(layout, "text")
    return to_customer(to, about, subject, f"{text}\n\n{plain}", receipts.made(layout, "html"))


def wanted(config: Config, reader: Reader, seen: int) -> Iterator[tuple[Message, str]]:
    """Messages to customers behind record `seen`, each with its person."""
    own = config.settings.messages
    if own.receipts:
        yield from _receipts(config, reader, seen)
    if own.invoices:
        yield from _invoices(config, reader, seen)


def _receipts(config: Config, reader: Reader, seen: int) -> Iterator[tuple[Message, str]]:
    """Sales to people who left an address for their receipts."""
    sold = reader.rows(
        "SELECT o.order_id, o.person_id FROM orders o JOIN persons p USING (person_id)"
        " WHERE o.jn > ? AND o.state = 'closed' AND p.mail IS NOT NULL AND p.erased_at = ''"
        " ORDER BY o.jn",
        (seen,),
    )
    vault = receipts.vault_of(config) if sold else None
    for row in sold:
        to = persons.mail_of(reader, vault, row["person_id"]) if vault else ""
        if to:
            yield receipt(config, reader, row["order_id"], to), row["person_id"]


def _invoices(config: Config, reader: Reader, seen: int) -> Iterator[tuple[Message, str]]:
    """Invoices that are there, to the address their buyer gave."""
    for row in reader.rows(
        "SELECT body FROM journal WHERE kind = 'invoice.ended' AND jn > ? ORDER BY jn", (seen,)
    ):
        fact = from_bytes(row["body"]).fact
        if not isinstance(fact, InvoiceEnded) or fact.state != "issued":
            continue
        work = invoices.work(reader, fact.invoice_no)
        document = document_of(reader, config, fact.invoice_no)
        if work is None or document is None or not document.buyer.email:
            continue
        course = course_of(work)
        subject, text = filled(
            config,
            "invoice",
            words_for(config).invoice,
            title=document.buyer.title,
            invoice=fact.bureau_no,
            number=document.order_number,
            total=yuan(document.total_fen),
            url=course.ofd_url or course.pdf_url or course.xml_url,
        )
        about = f"invoice:{fact.invoice_no}"
        yield to_customer(document.buyer.email, about, subject, text), work.person_id


def told(config: Config, reader: Reader, row: MessageRow) -> str:
    """Whom a message is to, for a list: a customer's address is masked."""
    from pos.till.messaging.desk import opened

    message = opened(config, reader, row)
    if message is None:
        return "-"
    return masked(message.to) if row.person_id else message.to


def masked(address: str) -> str:
    """`z***@example.cn`."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}"
