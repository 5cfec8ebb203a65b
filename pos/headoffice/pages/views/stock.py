"""What is low, and what is below nothing: by shop, the emptiest first."""

from __future__ import annotations

from pos.headoffice.database import Work
from pos.headoffice.pages.gate import Answer, Shown, Visit
from pos.headoffice.pages.views.shops import shop_of, shops

_MOST = 300
_LOW = """SELECT k.shop_id, s.name AS shop_name, p.sku, p.name, p.unit, p.category, p.low_milli,
    k.milli FROM products p JOIN stock k ON k.sku = p.sku JOIN shops s ON s.shop_id = k.shop_id
    WHERE p.active = 1 AND p.stocked = 1 AND (:s = '' OR k.shop_id = :s)
    AND ((p.low_milli >= 0 AND k.milli <= p.low_milli) OR k.milli < 0)
    ORDER BY k.milli - p.low_milli, k.shop_id, p.sku LIMIT :n"""


def show(visit: Visit) -> Answer:
    """`/stock`"""
    shop = shop_of(visit)

    def ask(work: Work) -> Shown:
        found = work.rows(_LOW, s=shop, n=_MOST)
        return Shown("stock.html", {"shop": shop, "shops": shops(work, visit), "found": found})

    return visit.house.database.read(ask)
