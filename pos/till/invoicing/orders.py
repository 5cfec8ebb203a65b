"""What of a closed order may be invoiced, and to whom: reading only."""

from __future__ import annotations

import msgspec

from pos.clock import Clock, business_date
from pos.config import Config
from pos.invoices import buyers, selling
from pos.invoices.building import PREPAID, STORED_WAYS, Order
from pos.invoices.document import Buyer, Document, Kind, Sold
from pos.record import OrderClosed, SoldLine, from_bytes
from pos.refusal import Refused
from pos.store import invoices
from pos.store.reader import Reader


class Wanted(msgspec.Struct, frozen=True):
    """What somebody asks for."""

    number: str
    buyer: Buyer
    special: bool = False

    @property
    def kind(self) -> Kind:
        """专票 or 普票."""
        return "special" if self.special else "normal"


class Found(msgspec.Struct, frozen=True):
    """A closed order as invoices see it."""

    order_id: str
    day: str
    order: Order


def check_owner(config: Config) -> None:
    """Refused: invoice_off without a provider, invoice_not_here where head office issues."""
    own = config.settings.invoices
    if own.owner != "till":
        raise Refused("invoice_not_here")
    if own.provider == "none" or config.training:
        raise Refused("invoice_off")


def find(reader: Reader, number: str) -> Found:
    """A closed order by its number, with what came back of it.

    Refused: order_unknown, invoice_voided.
    """
    rows = reader.rows("SELECT order_id, jn FROM orders WHERE number = ?", (number,))
    if not rows:
        raise Refused("order_unknown", number=number[:24])
    order_id = str(rows[0]["order_id"])
    body = reader.rows("SELECT body FROM journal WHERE jn = ?", (rows[0]["jn"],))[0][0]
    fact = from_bytes(body).fact
    if not isinstance(fact, OrderClosed):
        raise Refused("invoice_voided", number=number)
    goods = invoices.goods_of(reader, sorted({line.product_id for line in fact.lines}))
    lines = tuple(
        Sold(
            line.line_no,
            line.name,
            line.unit,
            line.milli,
            line.list_fen,
            line.net_fen,
            line.tax_bp,
            line.tax_fen,
            *_about(_goods_of(line, goods)),
        )
        for line in fact.lines
    )
    order = Order(number, lines, _returned(reader, order_id), _stored(reader, order_id))
    return Found(order_id, fact.where.business_date, order)


def _goods_of(line: SoldLine, goods: dict[int, tuple[str, str, str]]) -> tuple[str, str, str]:
    """A product's tax code, category and specification; stored value paid in has a code of its
    own."""
    return (PREPAID, "", "") if line.account else goods.get(line.product_id, ("", "", ""))


def _about(goods: tuple[str, str, str]) -> tuple[str, str, str]:
    """Specification, tax code, category: the order of `Sold`."""
    tax_code, category, spec = goods
    return spec, tax_code, category


def _returned(reader: Reader, order_id: str) -> tuple[Sold, ...]:
    rows = reader.rows(
        "SELECT of_line, name, unit, milli, list_fen, net_fen, tax_bp, tax_fen FROM order_lines"
        " WHERE of_order = ? AND of_order <> '' ORDER BY jn, line_no",
        (order_id,),
    )
    return tuple(Sold(*tuple(row)) for row in rows)


def _stored(reader: Reader, order_id: str) -> int:
    """Stored value spent on an order less what went back to it."""
    marks = ",".join("?" * len(STORED_WAYS))
    rows = reader.rows(
        f"SELECT coalesce(sum(fen), 0) FROM order_tenders WHERE way IN ({marks})"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        " AND (order_id = ? OR of_order = ?)",
        (*STORED_WAYS, order_id, order_id),
    )
    return int(rows[0][0])


def check(config: Config, reader: Reader, clock: Clock, wanted: Wanted) -> buyers.Checked:
    """Everything that can be said before something is written: the buyer, the order, its codes.

    Refused: what is wrong. `doubts` are for a manager to confirm.
    """
    check_owner(config)
    checked = buyers.check(wanted.buyer, wanted.kind)
    found = find(reader, wanted.number)
    check_in_time(config, clock, found.day)
    check_free(invoices.of_order(reader, found.order_id), wanted.number)
    check_elsewhere(reader, wanted.number)
    documents(config, found, wanted.kind, checked.buyer, 1, "")
    return checked


def documents(
    config: Config, found: Found, kind: Kind, buyer: Buyer, first: int, at: str
) -> tuple[Document, ...]:
    """The invoices an order gets. Refused: what `building` says."""
    own, shop = config.settings.invoices, config.settings.shop.name
    folder = config.file.parent
    return selling.documents(own, folder, found.order, found.day, kind, buyer, first, at, shop)


def check_in_time(config: Config, clock: Clock, day: str) -> None:
    """Refused("invoice_late") past the days in which an order may be invoiced."""
    today = business_date(clock.now(), config.settings.shift.cutoff_hour)
    selling.check_in_time(config.settings.invoices, today, day)


def check_free(rows: list[invoices.InvoiceRow], number: str, replaces: str = "") -> None:
    """Refused: invoice_pending, invoice_exists where something stands for the order already."""
    for row in rows:
        if row.invoice_no == replaces or row.standing_fen <= 0:
            continue
        if row.state == "asked":
            raise Refused("invoice_pending", number=number)
        raise Refused("invoice_exists", number=number, invoice=row.bureau_no or row.invoice_no)


def check_elsewhere(reader: Reader, number: str) -> None:
    """Refused: invoice_pending, invoice_exists where head office issued one, or is about to:
    one of the two was set up as owner later."""
    told = invoices.at_headoffice(reader, number)
    if told is None or told.status in ("failed", "red"):
        return
    if told.status == "asked":
        raise Refused("invoice_pending", number=number)
    raise Refused("invoice_exists", number=number, invoice=told.invoice_no)
