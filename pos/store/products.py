"""Upkeep of single products at the counter, each change on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from pos.clock import stamp
from pos.record import Fact, ProductChanged, Where
from pos.refusal import Refused
from pos.store.ledger import Ledger
from pos.store.staging import DEFAULTS


def create(
    ledger: Ledger, values: Mapping[str, Any], barcode: str, where: Where, *facts: Fact
) -> int:
    """A new product from the counter with one barcode; its id. Refused: barcode_taken.

    `values` are columns of the products table; name, unit, price and tax rate must be among them.
    """
    made: list[int] = []

    def put(connection: Connection) -> None:
        taken = text("SELECT name FROM barcodes JOIN products USING (product_id) WHERE code = :c")
        if other := connection.execute(taken, {"c": barcode}).scalar():
            raise Refused("barcode_taken", code=barcode, name=other)
        product_id = 1 + int(
            connection.execute(text("SELECT max(product_id) FROM products")).scalar() or 0
        )
        now = stamp(ledger.place.clock.now())
        row = {**DEFAULTS, "sku": barcode, **values, "product_id": product_id}
        row |= {"created_at": now, "changed_at": now}
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO products ({names}) VALUES ({marks})"), row)  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        connection.execute(
            text("INSERT INTO barcodes (code, product_id) VALUES (:c, :p)"),
            {"c": barcode, "p": product_id},
        )
        _keep_search(connection, product_id)
        told = {name: ("", str(value)) for name, value in values.items() if value is not None}
        fact = ProductChanged(where, product_id, str(row["sku"]), "created", told)
        ledger.chain.append(connection, fact, ledger.place.clock.now())
        made.append(product_id)

    ledger.write(*facts, also=put)
    return made[0]


def edit(
    ledger: Ledger, product_id: int, values: Mapping[str, Any], where: Where, *facts: Fact
) -> None:
    """Change columns of a product; on record with what stood there before. Nothing new: nothing."""

    def put(connection: Connection) -> None:
        sql = text("SELECT * FROM products WHERE product_id = :id")
        old = connection.execute(sql, {"id": product_id}).mappings().one()
        new = {name: value for name, value in values.items() if old[name] != value}
        if not new:
            return
        sets = ", ".join(f"{name} = :{name}" for name in new)
        connection.execute(
            text(f"UPDATE products SET {sets}, changed_at = :now WHERE product_id = :id"),  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
            {**new, "now": stamp(ledger.place.clock.now()), "id": product_id},
        )
        _keep_search(connection, product_id)
        fields = {name: (_told(old[name]), _told(value)) for name, value in new.items()}
        fact = ProductChanged(where, product_id, old["sku"], _change(new), fields)
        ledger.chain.append(connection, fact, ledger.place.clock.now())

    ledger.write(*facts, also=put)


def set_initials(ledger: Ledger, product_id: int, initials: Sequence[str]) -> None:
    """Keep the pinyin initials of a product's name; no fact, it follows from the name."""

    def put(connection: Connection) -> None:
        connection.execute(
            text("DELETE FROM product_initials WHERE product_id = :id"), {"id": product_id}
        )
        rows = [{"initials": key, "id": product_id} for key in dict.fromkeys(initials) if key]
        if rows:
            connection.execute(text("INSERT INTO product_initials VALUES (:initials, :id)"), rows)

    ledger.change(put)


def _keep_search(connection: Connection, product_id: int) -> None:
    sql = """INSERT INTO product_search
        SELECT product_id, lower(trim(name || ' ' || short_name || ' ' || spec || ' ' || brand))
        FROM products WHERE product_id = :id
        ON CONFLICT (product_id) DO UPDATE SET text = excluded.text"""
    connection.execute(text(sql), {"id": product_id})


def _told(value: object) -> str:
    return "" if value is None else str(value)


def _change(new: Mapping[str, Any]) -> Any:
    if set(new) == {"active"}:
        return "enabled" if new["active"] else "disabled"
    return "edited"
