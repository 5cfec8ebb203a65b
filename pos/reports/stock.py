"""What the stock is worth, and what sells and what lies."""

from __future__ import annotations

import msgspec

from pos.money import MILLI, half_up
from pos.reports.sales import Progress, go_on, sales
from pos.sale.costing import Valued, worth
from pos.store.reader import Reader

_STOCK = """
SELECT p.sku, p.name, p.unit, p.category, coalesce(s.cost_fen, p.cost_fen) AS cost_fen,
       coalesce(s.milli, 0) AS milli, coalesce(s.valued_milli, 0) AS valued_milli,
       coalesce(s.value_fen, 0) AS value_fen
FROM products p LEFT JOIN stock_levels s USING (product_id)
WHERE p.stocked AND (p.active OR s.milli <> 0) ORDER BY p.sku
"""


class Stocked(msgspec.Struct, frozen=True):
    """A product in stock: `cost_fen` is the average of one unit, else what it cost last.

    `value_fen` is None where nobody told what it cost.
    """

    sku: str
    name: str
    unit: str
    category: str
    milli: int
    cost_fen: int | None
    value_fen: int | None


class StockValue(msgspec.Struct, frozen=True):
    """The stock at cost: what is known of it, and what is not.

    What is below zero (sold before it was received) takes value off, and is counted.
    """

    rows: tuple[Stocked, ...]
    value_fen: int
    uncosted: int
    negative: int


class Mover(msgspec.Struct, frozen=True):
    """How a product sold over a range of dates, and what is left of it."""

    sku: str
    name: str
    sold_milli: int
    net_fen: int
    stock_milli: int


def stock_value(reader: Reader) -> StockValue:
    """All products that are kept in stock, at what they cost."""
    rows = tuple(_stocked(*row) for row in reader.stream(_STOCK))
    there = [row for row in rows if row.milli]
    return StockValue(
        rows,
        sum(row.value_fen or 0 for row in there),
        sum(row.value_fen is None for row in there),
        sum(row.milli < 0 for row in there),
    )


def movers(
    reader: Reader, first: str, last: str, *, most: int = 20, progress: Progress = go_on
) -> tuple[tuple[Mover, ...], tuple[Mover, ...]]:
    """The products that brought in most, and those on hand that sold least.

    The slow ones are in stock; among equals the one with more of it comes first.
    """
    sold = {row.key: row for row in sales(reader, "product", first, last, progress)}
    stock = {row["sku"]: row for row in reader.stream(_STOCK)}
    top = sorted(sold.values(), key=lambda row: (-row.net_fen, row.key))[:most]
    best = tuple(
        Mover(
            row.key,
            row.name,
            row.milli,
            row.net_fen,
            stock[row.key]["milli"] if row.key in stock else 0,
        )
        for row in top
        if row.net_fen > 0
    )
    lying = []
    for sku, row in stock.items():
        if row["milli"] > 0:
            was = sold.get(sku)
            milli, fen = (was.milli, was.net_fen) if was else (0, 0)
            lying.append(Mover(sku, row["name"], milli, fen, row["milli"]))
    lying.sort(key=lambda one: (one.sold_milli, -one.stock_milli, one.sku))
    return best, tuple(lying[:most])


def _stocked(
    sku: str,
    name: str,
    unit: str,
    category: str,
    cost_fen: int | None,
    milli: int,
    valued_milli: int,
    value_fen: int,
) -> Stocked:
    rest = worth(Valued(cost_fen=cost_fen), milli - valued_milli)
    if valued_milli > 0:
        cost_fen = half_up(value_fen * MILLI, valued_milli)
    value = None if rest is None and milli != valued_milli else value_fen + (rest or 0)
    return Stocked(sku, name, unit, category, milli, cost_fen, value)
