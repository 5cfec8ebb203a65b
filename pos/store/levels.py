"""How much is there, what it is worth, what moved it, and what runs low."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from pos.money import MILLI
from pos.record import Record, from_bytes
from pos.sale.costing import Valued
from pos.store.reader import Reader
from pos.store.stock import Draft, Entry


def book(reader: Reader, product_id: int) -> int:
    """What the books hold of a product."""
    rows = reader.rows("SELECT milli FROM stock_levels WHERE product_id = ?", (product_id,))
    return int(rows[0][0]) if rows else 0


def book_at(reader: Reader, product_id: int, moment: str) -> int:
    """What the books held of a product at a moment (as `pos.clock.stamp` writes it)."""
    sql = (
        "SELECT coalesce(sum(m.milli), 0) FROM stock_moves m JOIN journal j USING (jn)"
        " WHERE m.product_id = ? AND j.at > ?"
    )
    return book(reader, product_id) - int(reader.rows(sql, (product_id, moment))[0][0])


def cost(reader: Reader, product_id: int) -> int | None:
    """What one unit costs: as it cost last, else as the product file says."""
    rows = reader.rows(
        "SELECT coalesce(s.cost_fen, p.cost_fen) FROM products p"
        " LEFT JOIN stock_levels s USING (product_id) WHERE product_id = ?",
        (product_id,),
    )
    return None if not rows or rows[0][0] is None else int(rows[0][0])


def value(reader: Reader, product_id: int) -> Valued:
    """What is known of the value of a product's stock."""
    rows = reader.rows(
        "SELECT valued_milli, value_fen FROM stock_levels WHERE product_id = ?", (product_id,)
    )
    known = cost(reader, product_id)
    return Valued(rows[0][0], rows[0][1], known) if rows else Valued(cost_fen=known)


def uncounted(reader: Reader, counted: Draft, line_no: int) -> tuple[Entry, ...]:
    """What the books hold of products that were not counted: a whole stocktake takes it as gone."""
    have = {entry.product_id for entry in counted.entries}
    rows = reader.rows(
        "SELECT p.product_id, p.sku, p.name, p.unit, p.weighed, s.milli FROM products p"
        " JOIN stock_levels s USING (product_id) WHERE p.stocked AND s.milli <> 0 ORDER BY p.sku"
    )
    return tuple(
        Entry(n, row[0], row[1], "", row[2], row[3], bool(row[4]), 0, book_milli=row[5])
        for n, row in enumerate((row for row in rows if row[0] not in have), line_no)
    )


class Low(msgspec.Struct, frozen=True):
    """A product that runs low, or is below zero; `suggested_milli` fills it up to `high_milli`."""

    product_id: int
    sku: str
    name: str
    unit: str
    supplier: str
    milli: int
    low_milli: int | None
    high_milli: int | None
    suggested_milli: int


_LOW = """
SELECT p.product_id, p.sku, p.name, p.unit, p.supplier, p.weighed, coalesce(s.milli, 0) AS milli,
       p.low_milli, p.high_milli
FROM products p LEFT JOIN stock_levels s USING (product_id)
WHERE p.stocked AND p.active AND {which} ORDER BY p.supplier, p.sku
"""
_IS_LOW = "p.low_milli IS NOT NULL AND coalesce(s.milli, 0) <= p.low_milli"
_IS_NEGATIVE = "s.milli < 0"


def low(reader: Reader, *, negative: bool = False) -> Iterator[Low]:
    """What is at or below its lower limit, by supplier; or what is below zero.

    Without an upper limit twice the lower one is aimed at.
    """
    sql = _LOW.format(which=_IS_NEGATIVE if negative else f"({_IS_LOW} OR {_IS_NEGATIVE})")
    for row in reader.stream(sql):
        bottom = row["low_milli"] or 0
        high = bottom * 2 if row["high_milli"] is None else row["high_milli"]
        want = max(high, bottom) - row["milli"]
        if not row["weighed"]:
            want = -(-want // MILLI) * MILLI
        yield Low(
            row["product_id"],
            row["sku"],
            row["name"],
            row["unit"],
            row["supplier"],
            row["milli"],
            row["low_milli"],
            row["high_milli"],
            max(want, 0),
        )


class Move(msgspec.Struct, frozen=True):
    """Goods that came or went, with the order or document that says so."""

    jn: int
    at: str
    kind: str
    product_id: int
    sku: str
    name: str
    milli: int
    value_fen: int | None
    number: str
    partner: str
    operator: str
    business_date: str


_MOVES = """
SELECT m.jn, j.at, m.kind, m.product_id, m.sku, coalesce(p.name, '') AS name, m.milli, m.value_fen,
       coalesce(d.number, o.number, '') AS number, coalesce(d.partner, '') AS partner,
       coalesce(d.operator, o.operator, '') AS operator,
       coalesce(d.business_date, o.business_date, '') AS business_date
FROM stock_moves m JOIN journal j USING (jn) LEFT JOIN stock_documents d USING (jn)
LEFT JOIN orders o USING (jn) LEFT JOIN products p ON p.product_id = m.product_id
WHERE (:product IS NULL OR m.product_id = :product) AND (:kind = '' OR m.kind = :kind)
  AND (:date = '' OR coalesce(d.business_date, o.business_date) = :date)
ORDER BY m.jn DESC, m.n DESC LIMIT :limit
"""


def moves(
    reader: Reader,
    *,
    product_id: int | None = None,
    kind: str = "",
    date: str = "",
    limit: int = 500,
) -> list[Move]:
    """Moves, newest first; empty filters match all."""
    values = {"product": product_id, "kind": kind, "date": date, "limit": limit}
    return [Move(**dict(row)) for row in reader.rows(_MOVES, values)]


def document(reader: Reader, doc_id: str) -> tuple[Record, bytes] | None:
    """The record a document of stock was made by, and its hash."""
    sql = (
        "SELECT body, hash FROM journal"
        " WHERE jn = (SELECT jn FROM stock_documents WHERE doc_id = ?)"
    )
    rows = reader.rows(sql, (doc_id,))
    return (from_bytes(rows[0]["body"]), rows[0]["hash"]) if rows else None


def number_of(reader: Reader, doc_id: str) -> str:
    """The number of a document of stock, empty where there is none."""
    rows = reader.rows("SELECT number FROM stock_documents WHERE doc_id = ?", (doc_id,))
    return str(rows[0][0]) if rows else ""
