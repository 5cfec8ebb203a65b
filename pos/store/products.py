"""Products on disk: put in as a whole list, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from pos.record import CatalogImported
from pos.refusal import Refused
from pos.store.ledger import Ledger
from pos.store.models import table


class ProductRow(msgspec.Struct, frozen=True):
    """A product as a file gives it; all its barcodes with it."""

    sku: str
    name: str
    unit: str
    price_fen: int
    tax_bp: int
    barcodes: tuple[str, ...] = ()
    short_name: str = ""
    spec: str = ""
    category: str = ""
    member_fen: int | None = None
    lowest_fen: int | None = None
    weighed: int = 0
    discountable: int = 1


_FIELDS = tuple(f for f in ProductRow.__struct_fields__ if f not in ("barcodes",))


def put_products(
    ledger: Ledger, rows: Sequence[ProductRow], file_sha256: str, by: str
) -> tuple[int, int, int]:
    """Upsert by item code in one transaction; (created, updated, unchanged).

    A barcode that belongs to another product is Refused("barcode_taken"); nothing is deleted.
    Run twice, nothing changes and nothing goes on record.
    """
    counts = [0, 0, 0]

    def put(connection: Connection) -> None:
        products, barcodes = table("products"), table("barcodes")
        old = {row.sku: row for row in connection.execute(select(products))}
        codes = {c.code: c.product_id for c in connection.execute(select(barcodes))}
        next_id = max((row.product_id for row in old.values()), default=0) + 1
        new_products, changed, new_codes = [], [], []
        for row in rows:
            values = {name: getattr(row, name) for name in _FIELDS}
            known = old.get(row.sku)
            if known is None:
                product_id, next_id = next_id, next_id + 1
                new_products.append(values | {"product_id": product_id, "active": 1})
                counts[0] += 1
            else:
                product_id = known.product_id
            fresh = [code for code in row.barcodes if code not in codes]
            for code in row.barcodes:
                if codes.setdefault(code, product_id) != product_id:
                    raise Refused("barcode_taken", code=code, name=row.name)
            new_codes += [{"code": code, "product_id": product_id} for code in fresh]
            if known is not None:
                differs = any(getattr(known, name) != value for name, value in values.items())
                if differs:
                    new = {f"new_{name}": value for name, value in values.items()}
                    changed.append(new | {"id": product_id})
                counts[1 if differs or fresh else 2] += 1
        if new_products:
            connection.execute(insert(products), new_products)
        if changed:
            by_id = update(products).where(products.c.product_id == bindparam("id"))
            by_id = by_id.values({name: bindparam(f"new_{name}") for name in _FIELDS})
            connection.execute(by_id, changed)
        if new_codes:
            connection.execute(insert(barcodes), new_codes)
        if counts[0] or counts[1]:
            fact = CatalogImported(by, file_sha256, len(rows), counts[0], counts[1])
            ledger.chain.append(connection, fact, ledger.place.clock.now())

    ledger.write(also=put)
    return counts[0], counts[1], counts[2]
