"""What a seller's settings make of an order: its codes, its limits, its invoices."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from msgspec.structs import replace

from pos.invoices import building, classification
from pos.invoices.building import Codes, Order
from pos.invoices.document import Buyer, Document, Kind, Limits
from pos.invoices.settings import InvoiceSettings, rates_on
from pos.invoices.workbook.rows import LIMITS as WORKBOOK_LIMITS
from pos.money import parse_fen
from pos.refusal import Refused


def codes_of(own: InvoiceSettings, folder: Path) -> Codes:
    """How goods get their tax codes. Refused: what is wrong with the table."""
    table = classification.load(folder / own.codes)
    return Codes(table, own.default_code, own.categories, own.zero)


def limits_of(own: InvoiceSettings) -> Limits:
    """What the provider takes, and what the shop wants on one invoice at most."""
    base = WORKBOOK_LIMITS if own.provider == "workbook" else Limits()
    return replace(base, fen=parse_fen(own.most) or 0)


def documents(
    own: InvoiceSettings,
    folder: Path,
    order: Order,
    day: str,
    kind: Kind,
    buyer: Buyer,
    first: int,
    at: str,
    shop_name: str,
) -> tuple[Document, ...]:
    """The invoices an order of business date `day` gets; `folder` is where paths start.

    Refused: what `building` says.
    """
    lines = building.invoiceable(order)
    building.check_rates(lines, rates_on(own, date.fromisoformat(day)), own.waiver)
    codes, limits = codes_of(own, folder), limits_of(own)
    remark = f"{shop_name} 单号 {order.number}".strip()
    return building.documents(order, kind, buyer, codes, limits, first, at, remark)


def check_in_time(own: InvoiceSettings, today: date, day: str) -> None:
    """Refused("invoice_late") past the days in which an order may be invoiced."""
    if today > date.fromisoformat(day) + timedelta(days=own.valid_days):
        raise Refused("invoice_late", days=own.valid_days, day=day)
