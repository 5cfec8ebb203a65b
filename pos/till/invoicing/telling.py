"""Invoices and red letters as JSON and lists tell them."""

from __future__ import annotations

from typing import Any

import msgspec

from pos.clock import stamp
from pos.config import Config
from pos.invoices.course import lapses_at
from pos.refusal import Refused
from pos.store import invoices
from pos.store.reader import Reader
from pos.till.invoicing.keeping import course_of, document_of


def invoice_told(reader: Reader, config: Config, row: invoices.InvoiceRow) -> dict[str, Any]:
    """One invoice with its buyer, links, and what is still to come."""
    work = invoices.work(reader, row.invoice_no)
    document = document_of(reader, config, row.invoice_no)
    course = course_of(work) if work else None
    return {
        "invoice_no": row.invoice_no,
        "order_id": row.order_id,
        "number": row.number,
        "business_date": row.business_date,
        "asked_at": row.asked_at,
        "provider": row.provider,
        "special": bool(row.special),
        "state": row.state,
        "bureau_no": row.bureau_no,
        "issued_at": row.issued_at,
        "total_fen": row.total_fen,
        "tax_fen": row.tax_fen,
        "red_fen": row.red_fen,
        "red_open_fen": row.red_open_fen,
        "replaces": row.replaces,
        "reason": row.reason,
        "title": document.buyer.title if document else "",
        "tax_id": document.buyer.tax_id if document else "",
        "pdf_url": course.pdf_url if course else "",
        "ofd_url": course.ofd_url if course else "",
        "xml_url": course.xml_url if course else "",
        "waits": course.code if course else "",
    }


def red_told(reader: Reader, row: invoices.RedRow) -> dict[str, Any]:
    """One red letter; `lapses_at` where it waits for its buyer."""
    work = invoices.work(reader, row.red_no)
    lapses = lapses_at(course_of(work)) if work else None
    return {
        "red_no": row.red_no,
        "invoice_no": row.invoice_no,
        "order_id": row.order_id,
        "business_date": row.business_date,
        "asked_at": row.asked_at,
        "cause": row.cause,
        "state": row.state,
        "bureau_no": row.bureau_no,
        "total_fen": row.total_fen,
        "tax_fen": row.tax_fen,
        "reason": row.reason,
        "lapses_at": stamp(lapses) if lapses else "",
    }


def of_order(reader: Reader, config: Config, number: str) -> dict[str, Any]:
    """Everything of an order: its invoices and red letters. Refused("order_unknown")."""
    rows = reader.rows("SELECT order_id FROM orders WHERE number = ?", (number,))
    if not rows:
        raise Refused("order_unknown", number=number[:24])
    order_id = str(rows[0]["order_id"])
    above = invoices.at_headoffice(reader, number)
    return {
        "number": number,
        "invoices": [
            invoice_told(reader, config, row) for row in invoices.of_order(reader, order_id)
        ],
        "reds": [red_told(reader, row) for row in invoices.reds_of(reader, order_id)],
        "headoffice": msgspec.structs.asdict(above) if above else None,
    }


def of_day(reader: Reader, config: Config, day: str) -> dict[str, Any]:
    """The list of a day: what was asked for, what of it is issued, failed, pending, red."""
    found = [invoice_told(reader, config, row) for row in invoices.of_day(reader, day)]
    reds = [red_told(reader, row) for row in invoices.reds_of_day(reader, day)]
    counts = {
        "issued": sum(one["state"] in ("issued", "exported") for one in found),
        "failed": sum(one["state"] == "failed" for one in found),
        "pending": sum(one["state"] == "asked" for one in found),
        "red": sum(one["state"] == "red" for one in reds),
        "red_pending": sum(one["state"] == "asked" for one in reds),
    }
    return {"date": day, "counts": counts, "invoices": found, "reds": reds}
