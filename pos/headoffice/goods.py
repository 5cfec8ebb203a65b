"""A staged product file (as the till's import makes one) put into the chain's stream.

A row that names no item code is kept under its first barcode. What the file says nothing of stays
as it is; a new product takes the defaults of `pos.protocol.master`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from pos.headoffice.database import Work
from pos.headoffice.house import House
from pos.headoffice.master import Put, put
from pos.protocol.master import Barcode, Cost, Price, Product, Value

_FLAGS = ("weighed", "discountable", "active", "earns_points", "stocked")
_TEXTS = ("name", "short_name", "spec", "unit", "category", "brand", "origin", "supplier")
_OTHERS = ("tax_code", "tax_bp", "low_milli", "high_milli")


class Imported(msgspec.Struct, frozen=True):
    """How many products, barcodes and prices the file had; how many keys differ now."""

    products: int
    barcodes: int
    prices: int
    changed: int


def import_staged(
    house: House, staged: Path, by: str, tax_bp: int, effective_at: str = "", shop: str = ""
) -> Imported:
    """Put a staged file in, all or nothing; prices are good from `effective_at` on.

    With `shop` only the prices count, and for that shop alone.
    """
    there = house.database.read(_there)
    values: list[Value] = []
    with closing(sqlite3.connect(f"{staged.absolute().as_uri()}?mode=ro", uri=True)) as file:
        file.row_factory = sqlite3.Row
        codes: dict[int, list[sqlite3.Row]] = {}
        for code in file.execute("SELECT * FROM codes ORDER BY line, code"):
            codes.setdefault(code["line"], []).append(code)
        for row in file.execute("SELECT * FROM rows ORDER BY line"):
            values += _values(row, codes.get(row["line"], []), there, tax_bp, effective_at)
    if shop:
        values = [value for value in values if isinstance(value, Price)]
    done: Put = put(house, values, by, shop=shop)
    count = {kind: sum(isinstance(value, kind) for value in values) for kind in (Product, Barcode)}
    prices = sum(isinstance(value, Price) for value in values)
    return Imported(count[Product], count[Barcode], prices, done.changed)


def _there(work: Work) -> dict[str, Product]:
    sql = "SELECT key, value FROM items WHERE shop_id = '' AND kind = 'product' AND value <> 'null'"
    return {row["key"]: msgspec.json.decode(row["value"], type=Product) for row in work.rows(sql)}


def _values(
    row: sqlite3.Row,
    codes: list[sqlite3.Row],
    there: Mapping[str, Product],
    tax_bp: int,
    effective_at: str,
) -> Iterator[Value]:
    single = [code["code"] for code in codes if code["factor"] == 1]
    sku = row["sku"] or (single or [code["code"] for code in codes] or [row["name"]])[0]
    said: dict[str, Any] = {key: row[key] for key in (*_TEXTS, *_OTHERS) if row[key] is not None}
    said |= {key: bool(row[key]) for key in _FLAGS if row[key] is not None}
    old = there.get(sku)
    if old is None:
        fresh: dict[str, Any] = {"unit": "件", "tax_bp": tax_bp} | said
        yield Product(sku=sku, **fresh)
    else:
        yield msgspec.structs.replace(old, **said)
    for code in codes:
        yield Barcode(code["code"], sku, code["factor"], code["price_fen"])
    if row["price_fen"] is not None:
        yield Price(sku, effective_at, row["price_fen"], row["member_fen"], row["lowest_fen"])
    if row["cost_fen"] is not None:
        yield Cost(sku, row["cost_fen"])
