"""An order that arrived, as its customer sees it: its receipt, and what may be invoiced of it.

Both are made of its record, as a till makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import msgspec
from msgspec.structs import replace

from pos import slips
from pos.config import Settings
from pos.headoffice.database import Work, one
from pos.invoices.building import PREPAID, STORED_WAYS, Order
from pos.invoices.document import Sold
from pos.protocol.master import Product
from pos.receiptline import as_html
from pos.receiptline.shipped import lay_out, shipped_templates
from pos.record import OrderClosed, Record, SoldLine, from_bytes
from pos.words import CATALOGUE, Language

COLUMNS = 32
"""Of the receipt on a phone."""
_RECORD = """SELECT i.body, i.hash, s.name FROM orders o
    JOIN inbox i ON i.shop_id = o.shop_id AND i.till_id = o.till_id AND i.epoch = o.epoch
        AND i.jn = o.jn
    JOIN shops s ON s.shop_id = o.shop_id WHERE o.shop_id = :s AND o.number = :n"""
_INVOICES = """SELECT i.invoice_no, i.total_fen, COALESCE(e.state, 'asked') AS state,
        COALESCE(e.bureau_no, '') AS bureau_no,
        COALESCE((SELECT SUM(r.total_fen) FROM invoice_reds r JOIN invoice_ends x
            ON x.shop_id = r.shop_id AND x.no = r.red_no AND x.state = 'red'
            WHERE r.shop_id = i.shop_id AND r.invoice_no = i.invoice_no), 0) AS red_fen
    FROM invoices i LEFT JOIN invoice_ends e ON e.shop_id = i.shop_id AND e.no = i.invoice_no
    WHERE i.shop_id = :s AND i.number = :n ORDER BY i.invoice_no"""
_PRODUCT = "SELECT value FROM items WHERE shop_id = '' AND kind = 'product' AND key = :k"
_BACK = """SELECT DISTINCT by_shop, by_number FROM returned
    WHERE shop_id = :s AND order_id = :o ORDER BY by_shop, by_number"""


class Invoice(msgspec.Struct, frozen=True):
    """An e-invoice of an order. `state`: asked, issued, exported, failed, or red where red letters
    took all of it back; `number` is the bureau's, `red_fen` what was taken back. What follows is
    known of those that head office issued (`here`)."""

    invoice_no: str
    state: str
    number: str
    total_fen: int
    red_fen: int
    here: bool = False
    title: str = ""
    why: str = ""
    asked_at: str = ""
    papers: tuple[tuple[str, str], ...] = ()
    """Kind and address of its files."""

    @property
    def stands(self) -> bool:
        """Whether the order needs no other."""
        return self.state in ("asked", "issued", "exported")


class Arrived(msgspec.Struct, frozen=True):
    """A record of an order; `digest` is its hash, `back` are orders that took goods of it back."""

    record: Record
    digest: bytes
    shop_name: str
    back: tuple[OrderClosed, ...] = ()

    @property
    def fact(self) -> OrderClosed:
        """The order."""
        assert isinstance(self.record.fact, OrderClosed)  # noqa: S101  # nosec B101  # `arrived` gives no other
        return self.record.fact


def arrived(work: Work, number: str) -> Arrived | None:
    """A closed order by its number; None where it is not here yet, or was voided."""
    found = _record(work, number[:4], number)
    if found is None or not isinstance(found.record.fact, OrderClosed):
        return None
    rows = work.rows(_BACK, s=number[:4], o=found.fact.order_id)
    back = [_record(work, row["by_shop"], row["by_number"]) for row in rows]
    return replace(
        found,
        back=tuple(b.fact for b in back if b and isinstance(b.record.fact, OrderClosed)),
    )


def _record(work: Work, shop: str, number: str) -> Arrived | None:
    row = one(work.rows(_RECORD, s=shop, n=number))
    if row is None:
        return None
    return Arrived(from_bytes(row["body"].encode()), bytes.fromhex(row["hash"]), row["name"])


def asked_at_till(work: Work, number: str) -> list[Invoice]:
    """The invoices of an order that its till asked for, in the order of their numbers."""
    return [
        Invoice(
            row["invoice_no"],
            "red" if row["red_fen"] >= row["total_fen"] else row["state"],
            row["bureau_no"],
            row["total_fen"],
            int(row["red_fen"]),  # a sum of PostgreSQL is a Decimal
        )
        for row in work.rows(_INVOICES, s=number[:4], n=number)
    ]


def goods_of(work: Work, found: Arrived) -> dict[str, Product]:
    """The order's goods as the chain's stream has them now, by sku."""
    rows = (work.rows(_PRODUCT, k=sku) for sku in {line.sku for line in found.fact.lines})
    decode = msgspec.json.Decoder(Product | None).decode
    told = (decode(row["value"]) for some in rows for row in some)
    return {one.sku: one for one in told if one is not None}


def order_of(found: Arrived, goods: Mapping[str, Product] | None = None) -> Order:
    """The order as invoices see it; tax codes are those of `goods`."""
    fact, known = found.fact, goods or {}
    taken = [t for t in fact.tenders if not t.of_order]
    taken += [t for b in found.back for t in b.tenders if t.of_order == fact.order_id]
    return Order(
        fact.number,
        tuple(_sold(line.line_no, line, known.get(line.sku)) for line in fact.lines),
        tuple(
            _sold(line.of_line, line)
            for b in found.back
            for line in b.lines
            if line.of_order == fact.order_id
        ),
        sum(t.fen for t in taken if t.way in STORED_WAYS),
    )


def _sold(line_no: int, line: SoldLine, product: Product | None = None) -> Sold:
    return Sold(
        line_no,
        line.name,
        line.unit,
        line.milli,
        line.list_fen,
        line.net_fen,
        line.tax_bp,
        line.tax_fen,
        product.spec if product else "",
        PREPAID if line.account else product.tax_code if product else "",
        product.category if product else "",
    )


def as_page(found: Arrived, language: Language) -> str:
    """The receipt as a fragment of a page, which wants `as_html.STYLE`."""
    base = Settings()
    shop = replace(base.shop, id=found.record.shop, name=found.shop_name)
    # what the shop promises stands in its till's settings, which are not here
    settings = replace(base, shop=shop, receipt=replace(base.receipt, policy=""))
    data = slips.of_order(found.record, found.digest, settings, CATALOGUE[language].slips)
    returned = any(line.milli < 0 for line in found.fact.lines)
    name = "return.receipt" if returned else "sale.receipt"
    templates = _templates()
    return as_html.fragment(lay_out(templates[name], name, data, COLUMNS, templates))


@cache
def _templates() -> dict[str, str]:
    return shipped_templates()
