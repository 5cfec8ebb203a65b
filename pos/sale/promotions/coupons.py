"""Coupon codes from the text of a CSV file: which offer each belongs to, how often it can be used.

Everything is checked before anything goes live: a file with a fault gives no code.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection

from pos.refusal import Refused
from pos.sale.promotions.model import Coupon
from pos.text import clean, clean_code

MOST_COUPONS = 200_000
MOST_USES = 1_000_000
LONGEST_CODE = 64
COLUMNS = {"code": ("code", "券码"), "offer": ("offer", "促销"), "uses": ("uses", "可用次数")}


def read_coupons(text: str, offer_ids: Collection[str]) -> tuple[Coupon, ...]:
    """The codes of a file with columns code, offer and, where one can be used more often, uses.

    Refused with the line: coupons_not_csv, coupons_no_header, coupons_too_many, coupon_code,
    coupon_repeated, coupon_no_offer, coupon_uses.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    found: dict[str, Coupon] = {}
    places: dict[str, int] | None = None
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if places is None:
                places = _places(row)
            elif any(row):
                coupon = _coupon(row, places, reader.line_num, offer_ids)
                if coupon.code in found:
                    raise Refused("coupon_repeated", line=reader.line_num, code=coupon.code)
                found[coupon.code] = coupon
                if len(found) > MOST_COUPONS:
                    raise Refused("coupons_too_many", most=MOST_COUPONS)
    except csv.Error as error:
        raise Refused("coupons_not_csv", line=reader.line_num, why=clean(str(error))) from None
    if places is None:
        _places([])
    return tuple(found.values())


def _places(header: list[str]) -> dict[str, int]:
    names = {name: n for n, name in enumerate(header)}
    places = {
        key: next((names[x] for x in aliases if x in names), -1) for key, aliases in COLUMNS.items()
    }
    missing = [key for key in ("code", "offer") if places[key] < 0]
    if missing:
        raise Refused("coupons_no_header", columns=", ".join(missing))
    return places


def _coupon(
    row: list[str], places: dict[str, int], line: int, offer_ids: Collection[str]
) -> Coupon:
    def cell(key: str) -> str:
        place = places[key]
        return row[place] if 0 <= place < len(row) else ""

    code, offer, uses = cell("code"), cell("offer"), cell("uses") or "1"
    if not code or clean_code(code) != code or len(code) > LONGEST_CODE:
        raise Refused("coupon_code", line=line, code=clean(code, 32))
    if offer not in offer_ids:
        raise Refused("coupon_no_offer", line=line, code=code, offer=clean(offer, 32))
    if not (uses.isascii() and uses.isdigit() and 0 < int(uses) <= MOST_USES):
        raise Refused("coupon_uses", line=line, code=code, text=clean(uses, 16))
    return Coupon(code, offer, int(uses))
