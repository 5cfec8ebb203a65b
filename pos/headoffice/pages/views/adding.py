"""A new product from the page, with its code and its first price, for every shop."""

from __future__ import annotations

from urllib.parse import quote

import msgspec

from pos.clock import stamp
from pos.config import basis_points
from pos.headoffice.database import Work
from pos.headoffice.master import publish
from pos.headoffice.pages.gate import Answer, Moved, Visit
from pos.headoffice.pages.views.goods import RATES, fen_of, listed, since_of
from pos.protocol.master import Barcode, Kind, Price, Product, Value, key_of
from pos.refusal import Refused
from pos.text import clean, clean_code

_LOCKED = "SELECT version FROM streams WHERE shop_id = ''"
_THERE = "SELECT value FROM items WHERE shop_id = '' AND kind = :k AND key = :x AND value <> 'null'"


def add(visit: Visit) -> Answer:
    """The form of `/products`."""
    try:
        values = _asked(visit)
        now = stamp(visit.house.clock.now())
        wanted = {key_of(value): msgspec.json.encode(value).decode() for value in values}

        def put(work: Work) -> None:
            work.rows(_LOCKED + work.locking)  # who adds the same code waits, and is told
            _check_free(work, wanted)
            publish(work, "", wanted, visit.who.name, now)

        visit.house.database.run(put)
    except Refused as refused:
        return listed(visit, visit.told(refused), 422)
    sku = next(value.sku for value in values if isinstance(value, Product))
    return Moved("/product?sku=" + quote(sku, safe=""), "added")


def _asked(visit: Visit) -> list[Value]:
    """Refused: whole_only, product_name, product_code, price_*, time_*."""
    if visit.who.of_shop:
        raise Refused("whole_only")
    name, unit = clean(visit.get("name"), 60), clean(visit.get("unit"), 10)
    if not name or not unit:
        raise Refused("product_name")
    code = clean_code(visit.get("code"))
    sku = clean(visit.get("sku"), 64) or code
    if not sku or "@" in sku:  # a price is kept under item code @ moment
        raise Refused("product_code")
    price = fen_of(visit, "price")
    if not price:
        raise Refused("price_new_missing")
    rate = visit.get("rate") if visit.get("rate") in RATES else RATES[0]
    found: list[Value] = [
        Product(
            *(sku, name, unit, basis_points(rate)),
            category=clean(visit.get("category"), 40),
            weighed=visit.get("weighed") == "1",
        ),
        Price(sku, since_of(visit), price),
    ]
    if code:
        found.append(Barcode(code, sku))
    return found


def _check_free(work: Work, wanted: dict[tuple[Kind, str], str]) -> None:
    """Refused: product_there, code_there."""
    for kind, key in wanted:
        rows = work.rows(_THERE, k=kind, x=key)
        if rows and kind == "product":
            raise Refused("product_there", sku=key)
        if rows and kind == "barcode":
            sku = msgspec.json.decode(rows[0]["value"], type=Barcode).sku
            raise Refused("code_there", code=key, sku=sku)
