"""Finding products and orders by what a person remembers of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, get_args

import msgspec

from pos.store.reader import Reader
from pos.text import clean

MOST = 50
"""Rows of a list; whoever needs more types one more sign."""
_FEWEST_LAST = 4
"""Digits of the end of a barcode that are looked for; fewer would find everything."""
_TOP = "\U0010ffff"


class FoundProduct(msgspec.Struct, frozen=True):
    """A product in a list. `stock_milli` is None where none was ever counted."""

    product_id: int
    sku: str
    code: str
    name: str
    spec: str
    unit: str
    category: str
    price_fen: int
    member_fen: int | None
    active: bool
    stock_milli: int | None
    low_milli: int | None


_FOUND = """
SELECT p.product_id, p.sku, coalesce((SELECT min(code) FROM barcodes b
           WHERE b.product_id = p.product_id AND b.factor = 1), '') AS code,
       p.name, p.spec, p.unit, p.category, p.price_fen, p.member_fen, p.active,
       CASE WHEN p.stocked THEN s.milli END AS stock_milli, p.low_milli
FROM products p LEFT JOIN stock_levels s USING (product_id)
"""


def products(reader: Reader, query: str, limit: int = MOST) -> list[FoundProduct]:
    """Products by the head or the last digits of a code, by pinyin initials, or by parts of a name.

    Best first: a whole code, the head of a code, initials, then words (separated by spaces) that
    all stand in name, short name, spec or brand. Nothing typed: what changed last.
    """
    text = clean(query, 40).lower()
    if not text:
        rows = reader.rows(
            _FOUND + "ORDER BY p.changed_at DESC, p.product_id DESC LIMIT ?", (limit,)
        )
        return [_found(row) for row in rows]
    found: dict[int, None] = {}
    for ids in _searches(reader, text, limit):
        found |= dict.fromkeys(ids)
        if len(found) >= limit:
            break
    return products_of(reader, list(found)[:limit])


def products_of(reader: Reader, ids: Sequence[int]) -> list[FoundProduct]:
    """Products by their ids, in that order."""
    marks = ",".join("?" * len(ids))
    rows = reader.rows(f"{_FOUND} WHERE p.product_id IN ({marks})", tuple(ids))
    by_id = {row["product_id"]: _found(row) for row in rows}
    return [by_id[i] for i in ids if i in by_id]


def codes_of(reader: Reader, product_id: int) -> list[str]:
    """All barcodes of a product."""
    rows = reader.rows("SELECT code FROM barcodes WHERE product_id = ?", (product_id,))
    return [row[0] for row in rows]


def all_products(reader: Reader) -> Iterator[dict[str, object]]:
    """Every product as a row of a product file, with `codes` (code, factor, price_fen) each."""
    codes = reader.stream(
        "SELECT product_id, code, factor, price_fen FROM barcodes"
        " ORDER BY product_id, factor, rowid"
    )
    at = next(codes, None)
    for row in reader.stream("SELECT * FROM products ORDER BY product_id"):
        own: list[tuple[str, int, int | None]] = []
        while at is not None and at["product_id"] <= row["product_id"]:
            if at["product_id"] == row["product_id"]:
                own.append((at["code"], at["factor"], at["price_fen"]))
            at = next(codes, None)
        yield dict(row) | {"codes": own}


def _searches(reader: Reader, text: str, limit: int) -> Iterable[list[int]]:
    plain = text.isascii() and " " not in text
    if plain:
        code = text.upper()
        yield _ids(reader, "SELECT product_id FROM barcodes WHERE code = ?", code)
        yield _ids(reader, "SELECT product_id FROM products WHERE sku = ?", code)
        head = "SELECT product_id FROM {} WHERE {} >= ? AND {} < ? ORDER BY {} LIMIT ?"
        for table, column in (("products", "sku"), ("barcodes", "code")):
            sql = head.format(table, column, column, column)
            yield _ids(reader, sql, code, code + _TOP, limit)
        sql = head.format("product_initials", "initials", "initials", "initials")
        yield _ids(reader, sql, text, text + _TOP, limit)
    if text.isdigit() and len(text) >= _FEWEST_LAST:
        sql = "SELECT product_id FROM barcodes WHERE substr(code, ?) = ? LIMIT ?"
        yield _ids(reader, sql, -len(text), text, limit)
    words = text.split()
    each = " AND ".join(["instr(text, ?) > 0"] * len(words))
    sql = f"SELECT product_id FROM product_search WHERE {each} LIMIT ?"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    yield _ids(reader, sql, *words, limit)


def _ids(reader: Reader, sql: str, *values: object) -> list[int]:
    return [row[0] for row in reader.rows(sql, values)]


def _found(row: Any) -> FoundProduct:
    values = {name: row[name] for name in FoundProduct.__struct_fields__}
    return FoundProduct(**(values | {"active": bool(row["active"])}))


Status = Literal[
    "held",
    "open",
    "closed",
    "voided",
    "returned",
    "part_returned",
    "return",
    "to_deliver",
    "delivered",
]
STATUSES: tuple[Status, ...] = get_args(Status)


class FoundOrder(msgspec.Struct, frozen=True):
    """An ended order in a list; `fulfilment` is the last word on its delivery.

    `sold_milli` is what it sold, `back_milli` how much of that came back, `brings_back` whether it
    brought something back itself.
    """

    order_id: str
    number: str
    seq: int
    state: str
    operator: str
    business_date: str
    ended_at: str
    total_fen: int
    person_id: str
    delivery_id: str
    fulfilment: str
    sold_milli: int
    back_milli: int
    brings_back: int

    @property
    def status(self) -> Status:
        """Where the order stands, in the words of the list."""
        if self.state == "closed" and self.back_milli:
            return "returned" if self.back_milli >= self.sold_milli else "part_returned"
        if self.state == "closed" and self.brings_back:
            return "return"
        if self.state == "closed" and self.delivery_id:
            return "delivered" if self.fulfilment == "delivered" else "to_deliver"
        return "voided" if self.state == "voided" else "closed"


class OrderQuery(msgspec.Struct, frozen=True):
    """What is known of an order; empty fields match all. `number` may be its last digits."""

    number: str = ""
    date: str = ""
    operator: str = ""
    amount_fen: int | None = None
    person_ids: tuple[str, ...] | None = None
    status: Status | Literal[""] = ""
    limit: int = MOST


_ORDERS = """
SELECT o.order_id, o.number, o.seq, o.state, o.operator, o.business_date, o.ended_at, o.total_fen,
       o.person_id, o.delivery_id, coalesce((SELECT f.state FROM fulfilments f
           WHERE f.order_id = o.order_id ORDER BY f.jn DESC LIMIT 1), '') AS fulfilment,
       {sold} AS sold_milli, {back} AS back_milli, {brings} AS brings_back
FROM orders o
"""
_SOLD = (
    "(SELECT coalesce(sum(l.milli), 0) FROM order_lines l"
    " WHERE l.order_id = o.order_id AND l.milli > 0)"
)
_BACK = (
    "(SELECT coalesce(-sum(l.milli), 0) FROM order_lines l JOIN orders r USING (order_id)"
    " WHERE l.of_order = o.order_id AND l.of_order <> '' AND r.state = 'closed')"
)
_RETURNING = "EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.order_id AND l.milli < 0)"


def orders(reader: Reader, query: OrderQuery) -> list[FoundOrder]:
    """Ended orders that match all of `query`, newest first."""
    where, values = ["1"], dict[str, object]()
    if query.number:
        whole = len(query.number) == 15
        where.append("o.number = :number" if whole else "o.number LIKE '%' || :number")
        values["number"] = query.number
    for column, value in (("business_date", query.date), ("operator", query.operator)):
        if value:
            where.append(f"o.{column} = :{column}")
            values[column] = value
    if query.amount_fen is not None:
        where.append("o.total_fen = :amount")
        values["amount"] = query.amount_fen
    if query.person_ids is not None:
        marks = [f":person{n}" for n in range(len(query.person_ids))]
        where.append(f"o.person_id IN ({', '.join(marks)})")
        values |= {f"person{n}": who for n, who in enumerate(query.person_ids)}
    where += _of_status(query.status)
    head = _ORDERS.format(sold=_SOLD, back=_BACK, brings=_RETURNING)
    sql = f"{head} WHERE {' AND '.join(where)} ORDER BY o.jn DESC LIMIT {query.limit:d}"
    return [
        FoundOrder(**{name: row[name] for name in FoundOrder.__struct_fields__})
        for row in reader.rows(sql, values)
    ]


def _of_status(status: str) -> list[str]:
    last = "(SELECT f.state FROM fulfilments f WHERE f.order_id = o.order_id"
    last += " ORDER BY f.jn DESC LIMIT 1)"
    match status:
        case "closed" | "voided":
            return [f"o.state = '{status}'"]
        case "returned" | "part_returned":
            sign = ">=" if status == "returned" else "<"
            return ["o.state = 'closed'", f"{_BACK} > 0", f"{_BACK} {sign} {_SOLD}"]
        case "return":
            return ["o.state = 'closed'", _RETURNING]
        case "to_deliver":
            return ["o.state = 'closed'", "o.delivery_id <> ''", f"{last} IS NOT 'delivered'"]
        case "delivered":
            return ["o.delivery_id <> ''", f"{last} = 'delivered'"]
        case "":
            return []
    return ["0"]  # held and open orders are no ended ones
