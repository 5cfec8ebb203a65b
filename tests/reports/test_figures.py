"""X and Z: every figure against the facts added up in plain Python, and against each other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from itertools import pairwise

import msgspec
import pytest

from pos.money import MILLI, half_up
from pos.record import Amount, Counted, Figures, Scope, Where
from pos.reports.adding import counted, figures, grand_total
from pos.reports.scope import of_date, of_range, of_shift, of_z
from tests.reports.conftest import Made
from tests.reports.days import Days, sums

COSTS = {"000001": 111, "000003": 801}
Make = Callable[..., Made]


def in_scope(days: Days, scope: Scope) -> Callable[[Where], bool]:
    def holds(where: Where) -> bool:
        if scope.kind == "shift":
            return where.shift_id == scope.shift_id
        return scope.first <= where.business_date <= scope.last

    return holds


def check(found: Figures, days: Days, scope: Scope) -> None:
    """Every figure against the facts."""
    holds = in_scope(days, scope)
    facts = [fact for fact in days.facts if holds(fact.where)]
    told = sums(facts)
    assert (found.orders, found.returns) == (told.orders, told.returns)
    assert (found.net_fen, found.tax_fen) == (told.net, told.tax)
    assert (found.gross_fen, found.returned_fen) == (told.gross, told.back)
    assert (found.change_fen, found.rounding_fen) == (told.change, told.rounding)
    assert {a.key: a.fen for a in found.discounts} == dict(told.discounts)
    assert {r.tax_bp: [r.net_fen, r.tax_fen] for r in found.taxes} == dict(told.rates)
    ways = {w.way: [w.count, w.taken_fen, w.refunds, w.refunded_fen] for w in found.tenders}
    assert ways == dict(told.ways)
    voided = [fen for where, fen in days.voided if holds(where)]
    assert (found.voided_orders.count, found.voided_orders.fen) == (len(voided), sum(voided))
    lines = [fen for where, fen in days.voided_lines if holds(where)]
    assert (found.voided_lines.count, found.voided_lines.fen) == (len(lines), sum(lines))
    assert found.drawer_opens == sum(map(holds, days.opens))
    assert found.reprints == sum(map(holds, days.reprints))
    overrides = sum(map(holds, days.overrides))
    assert sum(a.count for a in found.overrides) == overrides
    moved = {"float": 0, "in": 0, "out": 0, "drop": 0}
    for move in days.cash:
        if holds(move.where):
            moved[move.move] += move.fen
    cash = sum(t.fen for f in facts for t in f.tenders if t.way == "cash")
    expected = moved["float"] + cash + moved["in"] - moved["out"] - moved["drop"]
    assert found.expected["cash"] == expected
    seqs = [f.seq for f in facts]
    assert not seqs or found.first_seq <= min(seqs)
    assert not seqs or found.last_seq >= max(seqs)


def agree(found: Figures) -> None:
    """What every report must say of itself."""
    net = found.net_fen
    assert sum(rate.net_fen for rate in found.taxes) == net
    assert sum(way.net_fen for way in found.tenders) == net
    assert sum(group.net_fen for group in found.categories) == net
    assert sum(group.net_fen for group in found.operators) == net
    assert sum(rate.tax_fen for rate in found.taxes) == found.tax_fen
    assert sum(group.tax_fen for group in found.categories) == found.tax_fen
    assert sum(one.tax_fen for one in found.operators) == found.tax_fen
    assert sum(one.orders for one in found.operators) == found.orders
    assert sum(group.lines for group in found.categories) == found.lines
    assert found.sold_fen + found.returned_fen == net
    listed = found.gross_fen + found.returned_list_fen
    assert listed - found.discount_fen - found.rounding_fen == net


@pytest.mark.parametrize("seed", range(6))
def test_figures_are_the_facts(made: Make, seed: int) -> None:
    it = made(seed)
    for scope in (
        of_date("2026-03-02"),
        of_date("2026-03-03"),
        of_range("2026-03-03", "2026-03-04"),
        of_range("2026-01-01", "2027-01-01"),
        of_shift("s-1001-2026-03-03"),
        of_shift("s-2001-2026-03-04", "2026-03-04"),
        of_date("2026-04-01"),
    ):
        found = figures(it.reader, scope)
        check(found, it.days, scope)
        agree(found)


@pytest.mark.parametrize("seed", range(2))
def test_every_order_is_in_exactly_one_z(made: Make, seed: int) -> None:
    it = made(100 + seed)
    ends = [row[0] for row in it.reader.rows("SELECT jn FROM orders ORDER BY jn")]
    cuts = [0, ends[len(ends) // 3], ends[len(ends) // 2], ends[-1]]
    day_of_z = [
        figures(it.reader, of_z("2026-03-02", after, upto)) for after, upto in pairwise(cuts)
    ]
    for found in day_of_z:
        agree(found)
    whole = figures(it.reader, of_range("2026-01-01", "2027-01-01"))
    assert sum(found.net_fen for found in day_of_z) == whole.net_fen
    assert sum(found.orders for found in day_of_z) == whole.orders
    for before, after in pairwise(day_of_z):
        assert after.first_seq == before.last_seq + 1
    total = 0
    for found, after, upto in zip(day_of_z, cuts, cuts[1:], strict=False):
        total = grand_total(it.reader, upto_jn=upto, base_jn=after, base_fen=total)
        assert total == grand_total(it.reader, upto_jn=upto)
        assert found.of.upto_jn == upto
    assert total == whole.net_fen


def test_a_report_ends_where_it_began(made: Make) -> None:
    """What closes while a report is read is not half in it."""
    it = made(200, acts=30)
    before = figures(it.reader, of_date("2026-03-02"))
    ledger = it.days.shop.ledger()
    it.days.ledger = ledger
    it.days.where = Where("1001", "s-1001-2026-03-02", "2026-03-02")
    it.days.sell()
    ledger.close()
    same = figures(it.reader, before.of)
    assert msgspec.structs.replace(same, unsent=before.unsent) == before
    assert figures(it.reader, of_date("2026-03-02")).orders == before.orders + 1


def test_cost_where_it_is_known(made: Make) -> None:
    it = made(300)
    found = figures(it.reader, of_range("2026-01-01", "2027-01-01"))
    lines = [line for fact in it.days.facts for line in fact.lines]
    known = [line for line in lines if line.cost_fen is not None and line.milli > 0]
    assert {line.sku for line in known} == set(COSTS)
    for line in known:  # nothing was received: all goods leave at their last known cost
        assert line.cost_fen == half_up(COSTS[line.sku] * line.milli * line.factor, MILLI)
    cost = sum(line.cost_fen or 0 for line in lines)
    assert (found.cost_fen, found.uncosted_lines) == (
        cost,
        sum(line.cost_fen is None for line in lines),
    )
    assert found.returned_fen < 0  # among them goods that came back


def test_what_is_left_open_is_told(made: Make) -> None:
    it = made(400, acts=12)
    ledger = it.days.shop.ledger()
    held = it.days.basket()
    ledger.save_draft(msgspec.structs.replace(held, state="held"))
    ledger.close()
    raw = sqlite3.connect(it.path)
    with raw:
        raw.execute(
            "INSERT INTO shift_counts (jn, way, operator, shift_id, business_date, declared_fen,"
            " expected_fen, difference_fen)"
            " VALUES (5, 'cash', '1001', 's', '2026-03-02', 950, 1000, -50)"
        )
    raw.close()
    found = figures(it.reader, of_date("2026-03-02"))
    assert found.held == 1
    assert found.unsent == it.reader.head()[0] > 0
    assert found.unresolved == Amount("unresolved", 0, 0)
    assert counted(it.reader, of_date("2026-03-02")) == (Counted("cash", 950, 1000, -50),)
    assert counted(it.reader, of_date("2026-03-03")) is None
