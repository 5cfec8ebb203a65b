"""Rows of e-invoices."""

from __future__ import annotations

from pos.record import InvoiceAsked, InvoiceEnded, Record, RedAsked, RedEnded
from pos.record.invoices import InvoiceRow
from pos.store.projection.rows import Row, Rows, where_row


def asked(record: Record, fact: InvoiceAsked) -> Rows:
    """An invoice was asked for."""
    row = where_row(record, fact.where) | {
        "invoice_no": fact.invoice_no,
        "order_id": fact.order_id,
        "number": fact.number,
        "provider": fact.provider,
        "special": int(fact.special),
        "person_id": fact.person_id,
        "total_fen": fact.total_fen,
        "tax_fen": fact.tax_fen,
        "replaces": fact.replaces,
        "asked_at": record.at,
    }
    key = {"invoice_no": fact.invoice_no, "jn": record.jn}
    return [("invoices", [row]), ("invoice_rows", [key | _row(one) for one in fact.rows])]


def ended(record: Record, fact: InvoiceEnded) -> Rows:
    """What became of it."""
    row = {
        "jn": record.jn,
        "invoice_no": fact.invoice_no,
        "state": fact.state,
        "bureau_no": fact.bureau_no,
        "issued_at": fact.issued_at,
        "reason": fact.reason,
        "at": record.at,
    }
    return [("invoice_ends", [row])]


def red_asked(record: Record, fact: RedAsked) -> Rows:
    """A red letter was asked for."""
    row = where_row(record, fact.where) | {
        "red_no": fact.red_no,
        "invoice_no": fact.invoice_no,
        "order_id": fact.order_id,
        "cause": fact.cause,
        "total_fen": fact.total_fen,
        "tax_fen": fact.tax_fen,
        "asked_at": record.at,
    }
    key = {"red_no": fact.red_no, "jn": record.jn}
    return [("invoice_reds", [row]), ("invoice_red_rows", [key | _row(one) for one in fact.rows])]


def red_ended(record: Record, fact: RedEnded) -> Rows:
    """What became of it."""
    row = {
        "jn": record.jn,
        "red_no": fact.red_no,
        "state": fact.state,
        "bureau_no": fact.bureau_no,
        "reason": fact.reason,
        "at": record.at,
    }
    return [("red_ends", [row])]


def _row(one: InvoiceRow) -> Row:
    return {
        "n": one.n,
        "line_no": one.line_no,
        "milli": one.milli,
        "net_fen": one.net_fen,
        "tax_fen": one.tax_fen,
    }
