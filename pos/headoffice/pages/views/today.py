"""The day at a glance: money by shop and hour, ways of paying, what sells, what needs a person."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from pos.clock import local, stamp
from pos.headoffice.database import Row, Work
from pos.headoffice.pages.chart import Bar, columns, rows
from pos.headoffice.pages.gate import Answer, Shown, Visit
from pos.headoffice.pages.views import invoices
from pos.headoffice.pages.views.shops import CUTOFF_HOUR, Day, day_of, shop_of, shops

SILENT = timedelta(minutes=10)
_FIRST, _LAST = 8, 21
_BEST = 10
# CROSS JOIN: SQLite goes from the shops to the index by shop and day, instead of through all orders
_ORDERS = """FROM shops s CROSS JOIN orders o
    WHERE o.shop_id = s.shop_id AND o.business_date = :d AND (:s = '' OR s.shop_id = :s)"""
_BY_HOUR = f"""SELECT s.shop_id, o.hour, o.state,
    CASE WHEN o.total_fen < 0 THEN 1 ELSE 0 END AS back, count(*) AS n, sum(o.total_fen) AS fen
    {_ORDERS}
    GROUP BY s.shop_id, o.hour, o.state, CASE WHEN o.total_fen < 0 THEN 1 ELSE 0 END"""
_WAYS = """SELECT t.way, sum(t.fen) AS fen, count(*) AS n
    FROM shops s CROSS JOIN orders o
    CROSS JOIN order_tenders t
    WHERE t.shop_id = o.shop_id AND t.number = o.number AND o.shop_id = s.shop_id
    AND o.business_date = :d AND (:s = '' OR s.shop_id = :s)
    AND o.state = 'closed' GROUP BY t.way ORDER BY 2 DESC"""
_GOODS = f"""SELECT l.sku, min(l.name) AS name, min(l.unit) AS unit, sum(l.milli) AS milli,
    sum(l.net_fen) AS fen
    FROM shops s CROSS JOIN orders o
    CROSS JOIN order_lines l
    WHERE l.shop_id = o.shop_id AND l.number = o.number AND o.shop_id = s.shop_id
    AND o.business_date = :d AND (:s = '' OR s.shop_id = :s)
    AND o.state = 'closed'
    GROUP BY l.sku ORDER BY 5 DESC, 1 LIMIT {_BEST}"""  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
_ASIDE = """SELECT count(*) AS n FROM quarantine
    WHERE decided_at = '' AND (:s = '' OR shop_id = :s)"""
_GAPS = "SELECT count(*) AS n FROM gaps WHERE kind = 'missing' AND (:s = '' OR shop_id = :s)"
_SILENT = """SELECT count(*) AS n FROM tills
    WHERE state = 'active' AND seen_at < :b AND (:s = '' OR shop_id = :s)"""
_LOW = """SELECT count(*) AS n FROM products p JOIN stock k ON k.sku = p.sku
    WHERE p.active = 1 AND p.stocked = 1 AND p.low_milli >= 0 AND k.milli <= p.low_milli
    AND (:s = '' OR k.shop_id = :s)"""


class Sums(msgspec.Struct):
    """Orders that took money, that gave some back, that were voided; what is left, in fen."""

    orders: int = 0
    fen: int = 0
    returns: int = 0
    returned_fen: int = 0
    voided: int = 0

    @property
    def average_fen(self) -> int:
        """What an order that took money came to."""
        return round((self.fen - self.returned_fen) / self.orders) if self.orders else 0

    def add(self, row: Row) -> None:
        """Count a group of orders."""
        if row["state"] != "closed":
            self.voided += row["n"]
            return
        self.fen += int(row["fen"])
        if row["back"]:
            self.returns += row["n"]
            self.returned_fen += int(row["fen"])
        else:
            self.orders += row["n"]


class ShopDay(msgspec.Struct, frozen=True):
    """A shop's line in the list."""

    shop: str
    name: str
    sums: Sums
    week_ago_fen: int


def show(visit: Visit) -> Answer:
    """`/`"""
    day, shop = day_of(visit), shop_of(visit)
    return visit.house.database.read(lambda work: _shown(work, visit, day, shop))


def _shown(work: Work, visit: Visit, day: Day, shop: str) -> Shown:
    now = visit.house.clock.now()
    found = work.rows(_BY_HOUR, d=day.iso, s=shop)
    before = work.rows(_BY_HOUR, d=day.week_ago, s=shop)
    until = _since_cutoff(local(now).hour) if day.is_today else 23
    known = shops(work, visit)
    total, per_shop = Sums(), {row["shop_id"]: Sums() for row in known}
    for row in found:
        total.add(row)
        per_shop[row["shop_id"]].add(row)
    ago = [
        row for row in before if row["state"] == "closed" and _since_cutoff(row["hour"]) <= until
    ]
    lines = [
        ShopDay(
            row["shop_id"],
            row["name"],
            per_shop[row["shop_id"]],
            sum(int(one["fen"]) for one in ago if one["shop_id"] == row["shop_id"]),
        )
        for row in known
        if shop in ("", row["shop_id"])
    ]
    bars = _bars(found, before)
    values = {
        "day": day,
        "shop": shop,
        "shops": known,
        "total": total,
        "ago_fen": sum(int(row["fen"]) for row in ago),
        "lines": lines,
        "bars": bars,
        "columns": columns(bars),
        "rows": rows(bars),
        "ways": work.rows(_WAYS, d=day.iso, s=shop),
        "goods": work.rows(_GOODS, d=day.iso, s=shop),
        "alerts": _alerts(work, shop, stamp(now - SILENT), local(now).date().isoformat()),
        "now": stamp(now),
    }
    return Shown("today.html", values)


def _since_cutoff(hour: int) -> int:
    """Hours since the trading day began."""
    return (hour - CUTOFF_HOUR) % 24


def _bars(found: list[Row], before: list[Row]) -> list[Bar]:
    """A bar for each hour a shop is usually open, and for any other that sold something."""

    def by_hour(rows: list[Row]) -> dict[int, tuple[int, int]]:
        sums: dict[int, tuple[int, int]] = {}
        for row in rows:
            if row["state"] == "closed":
                n, fen = sums.get(row["hour"], (0, 0))
                sums[row["hour"]] = (n + row["n"], fen + int(row["fen"]))
        return sums

    now, ago = by_hour(found), by_hour(before)
    hours = [*now, *ago, _FIRST, _LAST]
    return [
        Bar(hour, *now.get(hour, (0, 0)), ago.get(hour, (0, 0))[1])
        for hour in range(min(hours), max(hours) + 1)
    ]


def _alerts(work: Work, shop: str, before: str, today: str) -> list[tuple[str, str, int]]:
    """What needs a person: its name in the words, where to look, how many."""
    asked: tuple[tuple[str, str, str, dict[str, str]], ...] = (
        ("rejected", "/aside", _ASIDE, {}),
        ("gaps", "/tills", _GAPS, {}),
        ("silent", "/tills", _SILENT, {"b": before}),
        ("low", "/stock", _LOW, {}),
    )
    found = [(name, to, int(work.rows(sql, s=shop, **at)[0]["n"])) for name, to, sql, at in asked]
    found.append(("invoices", "/invoices", invoices.alert(work, shop, today)))
    return [one for one in found if one[2]]
