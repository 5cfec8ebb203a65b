"""Reports of ranges: against the facts, against X figures, with progress and a way to stop."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable

import pytest

from pos.money import MILLI, half_up
from pos.refusal import Refused
from pos.reports import sales as reports
from pos.reports.adding import figures
from pos.reports.audit import audit
from pos.reports.sales import Customers, SalesBy
from pos.reports.scope import of_date, of_range
from pos.reports.stock import movers, stock_value
from tests.reports.conftest import Made

Make = Callable[..., Made]
FIRST, LAST = "2026-01-01", "2027-01-01"
ALL: tuple[SalesBy, ...] = ("day", "hour", "product", "category", "operator", "seller")


@pytest.mark.parametrize("seed", range(3))
def test_every_report_adds_up_to_the_same(made: Make, seed: int) -> None:
    it = made(seed)
    for first, last in ((FIRST, LAST), ("2026-03-03", "2026-03-03"), ("2026-03-03", "2026-03-04")):
        whole = figures(it.reader, of_range(first, last))
        for by in ALL:
            rows = reports.sales(it.reader, by, first, last)
            assert sum(row.net_fen for row in rows) == whole.net_fen, by
            assert sum(row.tax_fen for row in rows) == whole.tax_fen, by
            assert sum(row.lines for row in rows) == whole.lines, by
            off = sum(row.discount_fen for row in rows)
            assert off == whole.discount_fen + whole.rounding_fen, by
        for by in ("day", "hour", "operator"):
            rows = reports.sales(it.reader, by, first, last)
            assert sum(row.orders for row in rows) == whole.orders
        assert reports.by_tender(it.reader, first, last) == whole.tenders
        rates: dict[int, int] = defaultdict(int)
        for one in reports.tax(it.reader, first, last):
            rates[one.rate.tax_bp] += one.rate.tax_fen
            assert one.rate.sold_fen + one.rate.returned_fen == one.rate.net_fen
        assert rates == {rate.tax_bp: rate.tax_fen for rate in whole.taxes}


def test_keys_are_those_of_the_facts(made: Make) -> None:
    it = made(10)
    products: dict[str, int] = defaultdict(int)
    days: dict[str, int] = defaultdict(int)
    for fact in it.days.facts:
        days[fact.where.business_date] += fact.total_fen
        for line in fact.lines:
            products[line.sku] += line.milli * line.factor
    by_product = reports.sales(it.reader, "product", FIRST, LAST)
    assert {row.key: row.milli for row in by_product} == products
    by_day = reports.sales(it.reader, "day", FIRST, LAST)
    assert {row.key: row.net_fen for row in by_day} == days
    assert {row.key for row in reports.sales(it.reader, "category", FIRST, LAST)} == {
        "",
        "生鲜",
        "饮品",
    }
    first = min(it.reader.rows("SELECT min(ended_at) FROM orders WHERE state = 'closed'")[0][0:1])
    assert first.startswith("2026-03-02T02:")  # 10 o'clock in the shop
    hours = {row.key for row in reports.sales(it.reader, "hour", "2026-03-02", "2026-03-02")}
    assert min(hours) >= "10"
    assert hours <= {f"{hour:02d}" for hour in range(24)}


def test_customers_are_only_counted(made: Make) -> None:
    it = made(20)
    named = [fact for fact in it.days.facts if fact.person_id]
    other = [fact for fact in it.days.facts if not fact.person_id]
    assert reports.customers(it.reader, FIRST, LAST) == Customers(
        2,
        len(named),
        sum(fact.total_fen for fact in named),
        len(other),
        sum(fact.total_fen for fact in other),
    )


def test_progress_by_date_and_a_way_to_stop(made: Make) -> None:
    it = made(30, acts=30)
    seen: list[tuple[int, int]] = []

    def watch(done: int, of: int) -> bool:
        seen.append((done, of))
        return len(seen) < 2

    with pytest.raises(Refused, match="report_stopped"):
        reports.sales(it.reader, "product", FIRST, LAST, watch)
    assert seen == [(0, 3), (1, 3)]
    more: list[tuple[int, int]] = []

    def see(done: int, of: int) -> bool:
        more.append((done, of))
        return True

    assert reports.tax(it.reader, FIRST, LAST, see)
    assert more == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert reports.sales(it.reader, "day", "2030-01-01", "2030-12-31") == ()
    assert reports.sales(it.reader, "day", "2026-12-31", "2026-01-01") == ()


def test_what_the_stock_is_worth(made: Make) -> None:
    it = made(40)
    found = stock_value(it.reader)
    moved: dict[str, int] = defaultdict(int)
    unvalued: dict[str, int] = defaultdict(int)
    worth = 0
    for row in it.reader.rows("SELECT sku, milli, value_fen FROM stock_moves"):
        moved[row["sku"]] += row["milli"]
        worth += row["value_fen"] or 0
        if row["value_fen"] is None:  # goods that nobody costed are worth what they cost last
            unvalued[row["sku"]] += row["milli"]
    costs = {"000001": 111, "000003": 801}
    worth += sum(half_up(costs[k] * unvalued[k], MILLI) for k in costs)
    assert {row.sku: row.milli for row in found.rows} == {
        row.sku: moved.get(row.sku, 0) for row in found.rows
    }
    assert found.value_fen == worth < 0
    assert found.uncosted == sum(1 for sku, milli in moved.items() if milli and sku not in costs)
    assert found.negative == sum(milli < 0 for milli in moved.values()) > 0


def test_what_sells_and_what_lies(made: Make) -> None:
    it = made(50)
    raw = sqlite3.connect(it.path)
    with raw:
        raw.execute("UPDATE stock_levels SET milli = 100000 WHERE product_id <> 1")
        raw.execute(
            "INSERT INTO products (product_id, sku, name, short_name, spec, unit, category,"
            " price_fen, tax_bp, weighed, discountable, active)"
            " VALUES (99, '000099', '没人买', '', '', '个', '', 100, 1300, 0, 1, 1)"
        )
        raw.execute("INSERT INTO stock_levels (product_id, milli) VALUES (99, 5000)")
    raw.close()
    top, slow = movers(it.reader, FIRST, LAST, most=3)
    rows = reports.sales(it.reader, "product", FIRST, LAST)
    best = sorted(rows, key=lambda row: -row.net_fen)[:3]
    assert [one.sku for one in top] == [row.key for row in best]
    assert (slow[0].sku, slow[0].sold_milli, slow[0].stock_milli) == ("000099", 0, 5000)
    assert [one.sold_milli for one in slow] == sorted(one.sold_milli for one in slow)
    assert all(one.stock_milli > 0 for one in slow)


def test_what_is_worth_a_look(made: Make) -> None:
    it = made(60)
    days = it.days
    found = list(audit(it.reader, of_range(FIRST, LAST)))
    kinds: dict[str, int] = defaultdict(int)
    for one in found:
        kinds[one.kind] += 1
        assert one.at
    assert kinds["override"] == len(days.overrides)
    assert kinds["line.voided"] == len(days.voided_lines)
    assert kinds["order.voided"] == len(days.voided)
    assert kinds["drawer.opened"] == len(days.opens)
    assert kinds["receipt.reprinted"] == len(days.reprints)
    assert sum(n for kind, n in kinds.items() if kind.startswith("cash.")) == len(days.cash)
    assert [one.jn for one in found] == sorted(one.jn for one in found)
    one_day = list(audit(it.reader, of_date("2026-03-03")))
    assert 0 < len(one_day) < len(found)
    assert list(audit(it.reader, of_range(FIRST, LAST), lambda _done, _of: False)) == []
