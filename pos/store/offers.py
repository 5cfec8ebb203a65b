"""Offers as the ledger has them: the newest version, coupons, how often each was given.

Reading alone; `store.promoting` writes. The rules load with the first offer there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from pos.sale.order import Product
from pos.sale.promotions.model import ProductFacts
from pos.store.reader import Reader

if TYPE_CHECKING:
    from pos.sale.promotions.model import Offer, Used


class Kept(msgspec.Struct, frozen=True):
    """The newest version of the offers; version 0 is none."""

    version: int = 0
    source: str = ""
    sha256: str = ""
    offers: tuple[Offer, ...] = ()


class CouponRow(msgspec.Struct, frozen=True):
    """A coupon's code, its offer, and what is left of its uses.

    Of a `central` one only head office knows that: it counts for all tills.
    """

    code: str
    offer_id: str
    uses_left: int
    central: bool = False


def kept(reader: Reader) -> Kept:
    """The offers of the shop now, those not yet live and those over among them."""
    rows = reader.rows("SELECT * FROM offer_versions ORDER BY version DESC LIMIT 1")
    if not rows:
        return Kept()
    from pos.sale.promotions.model import Offer

    decode = msgspec.json.Decoder(Offer).decode
    version = int(rows[0]["version"])
    bodies = reader.rows("SELECT body FROM offers WHERE version = ? ORDER BY offer_id", (version,))
    offers = tuple(decode(row["body"]) for row in bodies)
    return Kept(version, rows[0]["source"], rows[0]["sha256"], offers)


def version_of(reader: Reader) -> int:
    """The number of the newest version, 0 before the first."""
    return int(reader.rows("SELECT coalesce(max(version), 0) FROM offer_versions")[0][0])


def used(
    reader: Reader, offers: Iterable[Offer], person_id: str, business_date: str
) -> dict[str, Used]:
    """How often this till's closed orders were given each offer, by its id.

    Only this ledger is asked: what other tills gave is head office's to know.
    """
    from pos.sale.promotions.model import Used

    found = {}
    for offer in offers:
        limits, member, day, fen = offer.limits, 0, 0, 0
        if limits.per_member is not None and person_id:
            sql = "SELECT coalesce(sum(times), 0) FROM order_offers WHERE person_id = ?"
            member = reader.rows(sql + " AND offer_id = ?", (person_id, offer.id))[0][0]
        if limits.per_day is not None:
            sql = "SELECT coalesce(sum(times), 0) FROM order_offers WHERE offer_id = ?"
            day = reader.rows(sql + " AND business_date = ?", (offer.id, business_date))[0][0]
        if limits.budget_fen is not None:
            rows = reader.rows("SELECT fen FROM offer_totals WHERE offer_id = ?", (offer.id,))
            fen = rows[0][0] if rows else 0
        if member or day or fen:
            found[offer.id] = Used(member, day, fen)
    return found


def coupon(reader: Reader, code: str) -> CouponRow | None:
    """A coupon by its code with what is left of its uses; None where nobody knows it."""
    rows = reader.rows("SELECT offer_id, uses FROM coupons WHERE code = ?", (code,))
    if not rows:
        return _central(reader, code)
    sql = "SELECT count(*) FROM order_offers WHERE code = ?"
    spent = int(reader.rows(sql, (code,))[0][0])
    return CouponRow(code, rows[0]["offer_id"], rows[0]["uses"] - spent)


def _central(reader: Reader, code: str) -> CouponRow | None:
    rows = reader.rows("SELECT value FROM received WHERE kind = 'coupon' AND key = ?", (code,))
    if not rows:
        return None
    told = msgspec.json.decode(rows[0][0], type=_Told)
    return CouponRow(code, told.offer_id, told.uses, central=True)


class _Told(msgspec.Struct, frozen=True):
    """A coupon as head office sends it."""

    offer_id: str
    uses: int = 1


def coupons(reader: Reader) -> int:
    """How many codes there are."""
    sql = "SELECT (SELECT count(*) FROM coupons)"
    sql += " + (SELECT count(*) FROM received WHERE kind = 'coupon')"
    return int(reader.rows(sql)[0][0])


def facts_of(reader: Reader, product_id: int) -> tuple[str, str, int | None]:
    """What offers ask of a product beside what an order line holds: category, brand, cost."""
    sql = "SELECT category, brand, cost_fen FROM products WHERE product_id = ?"
    rows = reader.rows(sql, (product_id,))
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else ("", "", None)


def totals(reader: Reader) -> dict[str, tuple[int, int]]:
    """How often each offer was given, and fen in all."""
    rows = reader.rows("SELECT offer_id, times, fen FROM offer_totals")
    return {row[0]: (row[1], row[2]) for row in rows}


def goods(reader: Reader) -> tuple[list[Product], dict[int, ProductFacts]]:
    """Products that are sold, with what offers ask of them, by product_id."""
    products: list[Product] = []
    facts: dict[int, ProductFacts] = {}
    sql = (
        "SELECT product_id, sku, name, unit, price_fen, tax_bp, weighed, discountable, member_fen,"
        " lowest_fen, category, brand, cost_fen FROM products WHERE active"
    )
    for row in reader.stream(sql):
        product = Product(row[0], row[1], row[2], row[3], row[4], row[5])
        flags = {"weighed": bool(row[6]), "discountable": bool(row[7])}
        products.append(replace(product, **flags, member_fen=row[8], lowest_fen=row[9]))
        facts[row[0]] = ProductFacts(row[10], row[11], row[12])
    return products, facts
