"""Facts of e-invoices: asked for, ended, taken back by red letters."""

from __future__ import annotations

from typing import Literal

import msgspec

from pos.record.parts import Base, Where


class InvoiceRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Row `n` of an invoice: what it shows of an order's line, net of its discount row."""

    n: int
    line_no: int
    milli: int
    net_fen: int
    tax_fen: int


class InvoiceAsked(Base, frozen=True, tag="invoice.asked"):
    """An invoice of an order, under a number of our own, before anybody is asked for it.

    The buyer is a person on file and nothing else here. `replaces` names the invoice that this one
    comes instead of; `special` is 专用发票.
    """

    where: Where
    invoice_no: str
    order_id: str
    number: str
    provider: str
    special: bool
    person_id: str
    total_fen: int
    tax_fen: int
    rows: tuple[InvoiceRow, ...]
    replaces: str = ""


class InvoiceEnded(Base, frozen=True, tag="invoice.ended"):
    """Issued under the bureau's 20 digits, written to a workbook, or failed."""

    invoice_no: str
    order_id: str
    state: Literal["issued", "exported", "failed"]
    bureau_no: str
    issued_at: str
    reason: str


class RedAsked(Base, frozen=True, tag="invoice.red_asked"):
    """A red letter to an invoice: positive figures; all its rows, or those that came back."""

    where: Where
    red_no: str
    invoice_no: str
    order_id: str
    cause: Literal["return", "mistake", "stopped", "allowance"]
    total_fen: int
    tax_fen: int
    rows: tuple[InvoiceRow, ...]


class RedEnded(Base, frozen=True, tag="invoice.red_ended"):
    """The red invoice is there; or the form failed, lapsed after 72 hours, was refused, is gone."""

    red_no: str
    invoice_no: str
    order_id: str
    state: Literal["red", "failed", "lapsed", "refused", "gone"]
    bureau_no: str
    reason: str
