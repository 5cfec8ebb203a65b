"""Products and their prices: found, changed from a moment on, told to tills by the change log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import msgspec

from pos.clock import SHOP_ZONE, local, stamp
from pos.headoffice.database import Row, Work
from pos.headoffice.master import put, set_price
from pos.headoffice.pages.gate import Answer, Moved, Shown, Visit
from pos.headoffice.pages.views.shops import shops
from pos.money import MAX_FEN, parse_fen, parse_milli, quantity, yuan
from pos.protocol.master import Barcode, Price, Product
from pos.refusal import Refused
from pos.text import clean, clean_code

_AT_ONCE = 50
RATES = ("13%", "9%", "6%", "5%", "3%", "1%", "0%")
"""Rates of tax that a new product may have."""
_FARTHEST = timedelta(days=366)
_EARLIEST = timedelta(minutes=5)
_CODE = "SELECT value FROM items WHERE shop_id = '' AND kind = 'barcode' AND key = :q"
_ITEM = "SELECT value FROM items WHERE shop_id = '' AND kind = 'product' AND key = :k"
_PRICES = """SELECT shop_id, key, value FROM items WHERE kind = 'price' AND key >= :a AND key < :z
    AND shop_id IN (SELECT shop_id FROM streams) AND value <> 'null' ORDER BY shop_id, key"""
_BARCODES = """SELECT key, value FROM items
    WHERE shop_id = '' AND kind = 'barcode' AND value LIKE :l ORDER BY key LIMIT 500"""
_CHANGES = """SELECT shop_id, kind, value, before, at, who FROM changes
    WHERE shop_id IN (SELECT shop_id FROM streams)
    AND ((kind = 'price' AND key >= :a AND key < :z) OR (kind = 'product' AND key = :k))
    ORDER BY at DESC, shop_id, version DESC LIMIT 30"""


class Priced(msgspec.Struct, frozen=True):
    """A price with the shop it is for (empty: all); `state` is now, coming or past."""

    shop: str
    price: Price
    state: str


def show(visit: Visit) -> Answer:
    """`/products`"""
    return listed(visit, "", 200)


def listed(visit: Visit, why: str, status: int) -> Shown:
    """The list, and the form for a new product as it was typed where it is not taken."""
    text = visit.get("q")[:60]

    def ask(work: Work) -> Shown:
        found = _found(work, text)
        now = stamp(visit.house.clock.now())
        prices = {row["sku"]: _now(_prices(work, visit, row["sku"], now)) for row in found}
        values = {
            "q": text,
            "found": found,
            "prices": prices,
            "more": len(found) == _AT_ONCE,
            "rates": RATES,
            "soon": local(visit.house.clock.now()).strftime("%Y-%m-%dT%H:%M"),
            "why": why,
            "typed": dict(visit.values) if why else {},
        }
        return Shown("products.html", values, status)

    return visit.house.database.read(ask)


def _found(work: Work, text: str) -> list[Row]:
    """Products by a part of the name, the item code, or a barcode."""
    code = work.rows(_CODE, q=clean_code(text))
    sku = ""
    if code and code[0]["value"] != "null":
        sku = msgspec.json.decode(code[0]["value"], type=Barcode).sku
    wanted = text.lower().replace("%", "").replace("_", "")
    like = f"%{wanted}%" if wanted else ""
    return work.rows(
        """SELECT * FROM products WHERE :q = '' OR lower(name) LIKE :l OR sku = :q OR sku = :b
        ORDER BY active DESC, name, sku LIMIT :n""",
        q=text,
        l=like,
        b=sku,
        n=_AT_ONCE,
    )


def _prices(work: Work, visit: Visit, sku: str, now: str) -> list[Priced]:
    """All prices of a product that the account may see, the newest first."""
    found: list[Priced] = []
    seen: set[str] = set()
    rows = work.rows(_PRICES, a=f"{sku}@", z=f"{sku}A")
    prices = [(row["shop_id"], msgspec.json.decode(row["value"], type=Price)) for row in rows]
    prices.sort(key=lambda one: one[1].effective_at, reverse=True)
    for shop, price in prices:
        if visit.who.of_shop and shop not in ("", visit.who.of_shop):
            continue
        state = "coming" if price.effective_at > now else "past" if shop in seen else "now"
        if state == "now":
            seen.add(shop)
        found.append(Priced(shop, price, state))
    return found


def _now(prices: list[Priced]) -> Priced | None:
    mine = [one for one in prices if one.state == "now"]
    return min(mine, key=lambda one: one.shop, default=None)


def show_one(visit: Visit) -> Answer:
    """`/product?sku=…`. Refused: product_unknown."""
    return _one(visit, "", 200)


def _one(visit: Visit, why: str, status: int) -> Shown:
    sku = visit.get("sku")
    now = visit.house.clock.now()

    def ask(work: Work) -> Shown:
        product = _product(work, sku)
        at = {"a": f"{sku}@", "z": f"{sku}A"}
        needle = msgspec.json.encode(sku).decode().strip('"')
        needle = needle.replace("%", "").replace("_", "")
        codes = [
            msgspec.json.decode(row["value"], type=Barcode)
            for row in work.rows(_BARCODES, l=f"%{needle}%")
            if row["value"] != "null"
        ]
        values = {
            "product": product,
            "low": "" if product.low_milli is None else quantity(product.low_milli),
            "codes": [one for one in codes if one.sku == sku],
            "prices": _prices(work, visit, sku, stamp(now)),
            "changes": [_told(row) for row in work.rows(_CHANGES, k=sku, **at)],
            "shops": shops(work, visit),
            "now": stamp(now),
            "soon": local(now).strftime("%Y-%m-%dT%H:%M"),
            "why": why,
            "typed": dict(visit.values) if why else {},
        }
        return Shown("product.html", values, status)

    return visit.house.database.read(ask)


def _product(work: Work, sku: str) -> Product:
    rows = work.rows(_ITEM, k=sku)
    if not rows or rows[0]["value"] == "null":
        raise Refused("product_unknown", sku=sku)
    return msgspec.json.decode(rows[0]["value"], type=Product)


def _told(row: Row) -> dict[str, object]:
    """A change as people read it: what it was, what it became."""
    kind: type[Price | Product] = Price if row["kind"] == "price" else Product
    sides = []
    for text in (row["before"], row["value"]):
        one = None if text == "null" else msgspec.json.decode(text, type=kind)
        if isinstance(one, Price):
            sides.append(yuan(one.price_fen))
        else:
            sides.append("" if one is None else f"{one.name} {one.unit}")
    since = ""
    if row["kind"] == "price":
        text = row["before"] if row["value"] == "null" else row["value"]
        since = msgspec.json.decode(text, type=Price).effective_at
    return {
        "shop": row["shop_id"],
        "kind": row["kind"],
        "before": sides[0],
        "after": sides[1],
        "since": since,
        "at": row["at"],
        "who": row["who"],
    }


def change(visit: Visit) -> Answer:
    """The forms of `/product`: a price from a moment on, a coming price taken back, the product."""
    to = "/product?sku=" + quote(visit.get("sku"), safe="")
    try:
        match visit.get("act"):
            case "price":
                set_price(visit.house, _price(visit), visit.who.name, shop=_shop(visit))
                return Moved(to, "price")
            case "cancel":
                _cancel(visit)
                return Moved(to, "price_gone")
            case "product":
                put(visit.house, [_changed(visit)], visit.who.name)
                return Moved(to, "product")
    except Refused as refused:
        return _one(visit, visit.told(refused), 422)
    return Moved(to)


def _shop(visit: Visit) -> str:
    """The shop a price is for. Refused: shop_unknown."""
    shop = visit.who.of_shop or visit.get("shop")
    if shop:
        known = visit.house.database.read(lambda work: shops(work, visit))
        if shop not in {row["shop_id"] for row in known}:
            raise Refused("shop_unknown", shop=shop)
    return shop


def _price(visit: Visit) -> Price:
    """Refused: product_unknown, price_new_missing, price_form, price_order, price_large, time_*."""
    product = visit.house.database.read(lambda work: _product(work, visit.get("sku")))
    price = fen_of(visit, "price")
    if price is None:
        raise Refused("price_new_missing")
    member, lowest = fen_of(visit, "member"), fen_of(visit, "lowest")
    if member is not None and member > price:
        raise Refused("price_member", price=yuan(price), member=yuan(member))
    if lowest is not None and lowest > price:
        raise Refused("price_lowest", price=yuan(price), lowest=yuan(lowest))
    return Price(product.sku, since_of(visit), price, member, lowest)


def fen_of(visit: Visit, name: str) -> int | None:
    """An amount in a form, None where nothing is written. Refused: price_form, price_large."""
    text = visit.get(name).replace("¥", "").replace(",", "").strip()
    if not text:
        return None
    fen = parse_fen(text)
    if fen is None:
        raise Refused("price_form", text=visit.get(name)[:20])
    if fen > MAX_FEN:
        raise Refused("price_large", text=visit.get(name)[:20])
    return fen


def since_of(visit: Visit) -> str:
    """When a price begins, from the wall clock of the shops; now, if nothing is said."""
    now = visit.house.clock.now()
    text = visit.get("since")
    if not text:
        return stamp(now.replace(microsecond=0))
    try:
        moment = datetime.fromisoformat(text[:16] + SHOP_ZONE)
    except ValueError:
        raise Refused("time_form", text=text[:30]) from None
    if moment < now - _EARLIEST:
        raise Refused("time_past", text=text[:16].replace("T", " "))
    if moment > now + _FARTHEST:
        raise Refused("time_far", text=text[:16].replace("T", " "))
    return stamp(max(moment.astimezone(UTC), now.replace(microsecond=0)))


def _cancel(visit: Visit) -> None:
    """Take back a price that has not begun. Refused: price_begun, shop_unknown."""
    since, shop = visit.get("since"), visit.get("shop")
    if visit.who.of_shop and shop != visit.who.of_shop:
        raise Refused("shop_unknown", shop=shop)
    if since <= stamp(visit.house.clock.now()):
        raise Refused("price_begun")
    key = f"{visit.get('sku')}@{since}"
    put(visit.house, [], visit.who.name, shop=shop, gone=[("price", key)])


def _changed(visit: Visit) -> Product:
    """Refused: whole_only, product_unknown, product_name, quantity_form."""
    if visit.who.of_shop:
        raise Refused("whole_only")
    product = visit.house.database.read(lambda work: _product(work, visit.get("sku")))
    name, unit = clean(visit.get("name"), 60), clean(visit.get("unit"), 10)
    if not name or not unit:
        raise Refused("product_name")
    text = visit.get("low")
    low = parse_milli(text) if text else None
    if text and low is None:
        raise Refused("quantity_form", text=text[:20])
    return msgspec.structs.replace(
        product,
        name=name,
        unit=unit,
        category=clean(visit.get("category"), 40),
        low_milli=low,
        active=visit.get("active") == "1",
    )
