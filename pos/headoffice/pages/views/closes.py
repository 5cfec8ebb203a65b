"""Day closes: each till's Z beside what arrived, and what was over or short at each shift."""

from __future__ import annotations

from pos.headoffice.comparing import Compared, compare
from pos.headoffice.database import Row, Work
from pos.headoffice.pages.gate import Answer, Shown, Visit
from pos.headoffice.pages.views.shops import day_of, shop_of, shops

_CLOSES = """SELECT c.*, s.name AS shop_name FROM shops s
    CROSS JOIN closes c
    WHERE c.shop_id = s.shop_id AND c.business_date = :d AND (:s = '' OR s.shop_id = :s)
    ORDER BY c.shop_id, c.till_id, c.epoch, c.jn"""
_SHIFTS = """SELECT c.*, s.name AS shop_name FROM shops s
    CROSS JOIN shift_closes c
    WHERE c.shop_id = s.shop_id AND c.business_date = :d AND (:s = '' OR s.shop_id = :s)
    ORDER BY c.shop_id, c.till_id, c.closed_at"""
_COUNTS = """SELECT c.shop_id, c.till_id, c.shift_id, c.way, c.declared_fen, c.expected_fen,
    c.difference_fen FROM shops s
    CROSS JOIN shift_closes x
    CROSS JOIN counts c
    WHERE c.shop_id = x.shop_id AND c.till_id = x.till_id AND c.epoch = x.epoch AND c.jn = x.jn
    AND x.shop_id = s.shop_id AND x.business_date = :d AND (:s = '' OR s.shop_id = :s)
    ORDER BY c.way"""
_OPEN = """SELECT DISTINCT o.shop_id, s.name AS shop_name, o.till_id FROM shops s
    CROSS JOIN orders o
    WHERE o.shop_id = s.shop_id AND o.business_date = :d AND (:s = '' OR s.shop_id = :s)
    AND NOT EXISTS (SELECT 1 FROM closes c
        WHERE c.shop_id = o.shop_id AND c.till_id = o.till_id AND c.business_date = :d)
    ORDER BY o.shop_id, o.till_id"""


def show(visit: Visit) -> Answer:
    """`/closes`"""
    day, shop = day_of(visit), shop_of(visit)
    compared = compare(visit.house, day.iso, day.iso, shop)
    arrived = {(one.shop, one.till, one.epoch, one.z): one for one in compared}

    def ask(work: Work) -> Shown:
        closes = work.rows(_CLOSES, d=day.iso, s=shop)
        shifts = work.rows(_SHIFTS, d=day.iso, s=shop)
        counts: dict[tuple[str, str, str], list[object]] = {}
        for row in work.rows(_COUNTS, d=day.iso, s=shop):
            counts.setdefault((row["shop_id"], row["till_id"], row["shift_id"]), []).append(row)
        found = [
            (row, arrived.get((row["shop_id"], row["till_id"], row["epoch"], row["z"])))
            for row in closes
        ]
        values = {
            "day": day,
            "shop": shop,
            "shops": shops(work, visit),
            "closes": sorted(found, key=_calm),
            "shifts": [
                (row, counts.get((row["shop_id"], row["till_id"], row["shift_id"]), []))
                for row in shifts
            ],
            "open": work.rows(_OPEN, d=day.iso, s=shop),
            "net_fen": sum(int(row["net_fen"]) for row in closes),
            "orders": sum(int(row["orders"]) for row in closes),
            "over_fen": sum(int(row["difference_fen"]) for row in closes),
            "differ": sum(not one.agrees for one in compared),
        }
        return Shown("closes.html", values)

    return visit.house.database.read(ask)


def _calm(found: tuple[Row, Compared | None]) -> tuple[bool, bool]:
    """What needs a person comes first: what did not arrive as told, then what was over or short."""
    row, arrived = found
    return arrived is not None and arrived.agrees, not row["difference_fen"]
