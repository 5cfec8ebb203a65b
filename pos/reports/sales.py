"""Sales by day, hour, product, category, operator, seller, tender, customer; tax by day and rate.

Long ranges are read a business date at a time: between two dates `progress` is told how far it
is, and may end it. All sums are of stored lines; a category is the one its product has today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from pos.record import Rate, Scope, Way
from pos.refusal import Refused
from pos.reports import scope as scopes
from pos.reports.scope import of_date
from pos.store.reader import Reader

SalesBy = Literal["day", "hour", "product", "category", "operator", "seller"]
Progress = Callable[[int, int], bool]
"""Told business dates done and all of them; False ends the report."""

_DATES = """
WITH RECURSIVE days(day) AS (
    SELECT min(business_date) FROM orders WHERE business_date >= :first
    UNION ALL
    SELECT (SELECT min(business_date) FROM orders WHERE business_date > day) FROM days
    WHERE day IS NOT NULL
)
SELECT day FROM days WHERE day <= :last
"""
_HOUR = "printf('%02d', (CAST(substr(o.ended_at, 12, 2) AS INTEGER) + 8) % 24)"
"""The hour on the wall clock of a shop: China has one zone, UTC+8, without summer time."""
_KEYS: Mapping[SalesBy, tuple[str, str]] = {
    "day": ("o.business_date", "''"),
    "hour": (_HOUR, "''"),
    "product": ("l.sku", "max(l.name)"),
    "category": ("coalesce(p.category, '')", "''"),
    "operator": ("o.operator", "''"),
    "seller": ("l.seller", "''"),
}
_SALES = """
SELECT {key} AS key, {name} AS name, count(DISTINCT o.order_id) AS orders, count(*) AS lines,
       sum(l.milli * l.factor) AS milli, sum(l.list_fen) AS list_fen,
       sum(max(l.net_fen, 0)) AS sold_fen, sum(min(l.net_fen, 0)) AS returned_fen,
       sum(l.tax_fen) AS tax_fen
FROM orders o CROSS JOIN order_lines l USING (order_id) {join}
WHERE o.state = 'closed' AND l.account = '' AND {where} GROUP BY 1
"""
_PRODUCTS = "LEFT JOIN products p ON p.product_id = l.product_id"
_TENDERS = """
SELECT t.way, sum(t.fen >= 0), sum(max(t.fen, 0)), sum(t.fen < 0), sum(min(t.fen, 0)), sum(t.fen)
FROM orders o CROSS JOIN order_tenders t USING (order_id)
WHERE o.state = 'closed' AND {where} GROUP BY 1
"""
_TAX = """
SELECT l.tax_bp, sum(CASE WHEN l.milli > 0 THEN l.net_fen ELSE 0 END),
       sum(CASE WHEN l.milli < 0 THEN l.net_fen ELSE 0 END), sum(l.net_fen), sum(l.tax_fen)
FROM orders o CROSS JOIN order_lines l USING (order_id)
WHERE o.state = 'closed' AND l.account = '' AND {where} GROUP BY 1 ORDER BY 1
"""
_CUSTOMERS = """
SELECT o.person_id, count(*), sum(o.total_fen)
FROM orders o WHERE o.state = 'closed' AND {where} GROUP BY 1
"""


class Sales(msgspec.Struct, frozen=True):
    """Sales under one key; returns are taken off in every figure but `sold_fen`.

    `name` is a product's. `orders` are those with at least one such line.
    """

    key: str
    name: str
    orders: int
    lines: int
    milli: int
    list_fen: int
    sold_fen: int
    returned_fen: int
    tax_fen: int

    @property
    def net_fen(self) -> int:
        """What was sold less what came back."""
        return self.sold_fen + self.returned_fen

    @property
    def discount_fen(self) -> int:
        """All that was taken off list prices, 抹零 too."""
        return self.list_fen - self.net_fen


class TaxOfDay(msgspec.Struct, frozen=True):
    """One tax rate on one business date."""

    day: str
    rate: Rate


class Customers(msgspec.Struct, frozen=True):
    """Who bought, as numbers only: no report tells who."""

    known: int
    known_orders: int
    known_fen: int
    other_orders: int
    other_fen: int


def go_on(_done: int, _all: int) -> bool:
    """Progress that nobody watches."""
    return True


def sales(
    reader: Reader, by: SalesBy, first: str, last: str, progress: Progress = go_on
) -> tuple[Sales, ...]:
    """Sales of business dates from `first` to `last`, by key. Refused("report_stopped")."""
    key, name = _KEYS[by]
    sql = _SALES.replace("{key}", key).replace("{name}", name)
    sql = sql.replace("{join}", _PRODUCTS if by == "category" else "")
    sums: dict[str, Sales] = {}
    for _, rows in _by_date(reader, sql, first, last, progress):
        for row in rows:
            one = Sales(*row)
            old = sums.get(one.key)
            sums[one.key] = one if old is None else _plus(old, one)
    return tuple(sums[key] for key in sorted(sums))


def by_tender(reader: Reader, first: str, last: str, progress: Progress = go_on) -> tuple[Way, ...]:
    """Money by way of paying."""
    sums: dict[str, Way] = {}
    for _, rows in _by_date(reader, _TENDERS, first, last, progress):
        for row in rows:
            one = Way(*row)
            old = sums.get(one.way)
            if old is not None:
                pairs = zip(msgspec.structs.astuple(old), msgspec.structs.astuple(one), strict=True)
                one = Way(one.way, *(a + b for a, b in list(pairs)[1:]))
            sums[one.way] = one
    return tuple(sums[way] for way in sorted(sums))


def tax(reader: Reader, first: str, last: str, progress: Progress = go_on) -> tuple[TaxOfDay, ...]:
    """Tax by business date and rate."""
    return tuple(
        TaxOfDay(day, Rate(*row))
        for day, rows in _by_date(reader, _TAX, first, last, progress)
        for row in rows
    )


def customers(reader: Reader, first: str, last: str, progress: Progress = go_on) -> Customers:
    """How many known customers bought, and how much of the sales is theirs."""
    known: set[str] = set()
    sums = {True: [0, 0], False: [0, 0]}
    for _, rows in _by_date(reader, _CUSTOMERS, first, last, progress):
        for person, orders, fen in rows:
            sums[bool(person)][0] += orders
            sums[bool(person)][1] += fen
            known |= {person} if person else set()
    return Customers(len(known), *sums[True], *sums[False])


def _by_date(
    reader: Reader, sql: str, first: str, last: str, progress: Progress
) -> Iterator[tuple[str, list[Any]]]:
    """The rows of each business date; all dates end at the same record."""
    upto = reader.head()[0]
    dates = [row[0] for row in reader.rows(_DATES, {"first": first, "last": last})]
    for done, day in enumerate(dates):
        if not progress(done, len(dates)):
            raise Refused("report_stopped")
        scope: Scope = msgspec.structs.replace(of_date(day), upto_jn=upto)
        yield (
            day,
            reader.rows(sql.replace("{where}", scopes.where(scope, "o")), scopes.values(scope)),
        )
    progress(len(dates), len(dates))


def _plus(a: Sales, b: Sales) -> Sales:
    pairs = zip(msgspec.structs.astuple(a)[2:], msgspec.structs.astuple(b)[2:], strict=True)
    return Sales(b.key, b.name, *(x + y for x, y in pairs))
