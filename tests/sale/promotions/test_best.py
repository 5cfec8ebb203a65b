"""What holds whatever is bought and offered; that the best is found, against brute force."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.sale.order import Line, Order, Product
from pos.sale.pricing import price
from pos.sale.promotions import (
    PAYMENT_UNITS,
    SCAN_UNITS,
    Context,
    Coupon,
    Give,
    Live,
    Member,
    Need,
    Offer,
    Outcome,
    ProductFacts,
    Scope,
    best,
)
from pos.sale.promotions.choosing import Candidate, choose
from pos.sale.promotions.greedy import best_first
from pos.sale.promotions.plays import Play
from tests.sale.promotions.brute import most_on_order, most_saved
from tests.sale.promotions.carts import Cart, cart
from tests.sale.promotions.goods import MOMENT

SEEDS = st.integers(0, 10**9)
BASKET = (
    Offer("m1", "满 20 减 3", "spend_off", need=Need(amount_fen=2000), give=Give(off_fen=300)),
    Offer("m2", "饮料满 9 打 8 折", "spend_rate", Scope(categories=("饮料",)),
          need=Need(amount_fen=900), give=Give(off_bp=2000), group="2"),
    Offer("m3", "每满 15 减 1", "every_off", Scope(brands=("甲",)), need=Need(amount_fen=1500),
          give=Give(off_fen=100)),
    Offer("m4", "加 1 元换购", "add_on", need=Need(amount_fen=1500),
          give=Give(price_fen=100, gifts=("S1", "S2"))),
    Offer("c", "券", "coupon", need=Need(amount_fen=800), give=Give(off_fen=200)),
    Offer("p", "积分", "points", who="member", give=Give(points=10, off_fen=7, most_bp=3000)),
)  # fmt: skip


def solved(case: Cart, offers: tuple[Offer, ...], units: int = PAYMENT_UNITS) -> Outcome:
    member = None if case.level is None else Member(case.level, points=500)
    context = Context(MOMENT, member, coupons=(Coupon("A", "c"),), points=300)
    return best(case.order, Live(offers), context, case.facts, units)


@pytest.mark.parametrize("block", range(6))
def test_no_choice_of_offers_on_items_saves_more(block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        case = cart(Random(seed))
        outcome = solved(case, case.offers)
        assert outcome.exact
        assert outcome.saving_fen == most_saved(case.order, case.offers, case.facts, case.level)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(SEEDS)
def test_no_offer_makes_a_line_negative_and_the_parts_are_the_whole(seed: int) -> None:
    case = cart(Random(seed))
    outcome = solved(case, (*case.offers, *BASKET))
    before, after = price(case.order), price(replace(case.order, offers=outcome.offers))
    assert before.total_fen - after.total_fen == outcome.saving_fen
    for line, sold in zip(case.order.lines, after.lines, strict=True):
        assert 0 <= sold.net_fen <= sold.list_fen
        assert sum(a.fen for a in sold.adjustments) == sold.list_fen - sold.net_fen
        if not line.product.discountable:
            assert {a.kind for a in sold.adjustments} <= {"member"}
    for applied in outcome.applied:
        assert applied.saving_fen > 0
        assert applied.times > 0
        if not applied.spread:
            assert sum(p.saving_fen for p in applied.parts) == applied.saving_fen
        assert all(0 <= p.saving_fen <= p.original_fen for p in applied.parts)
    on_lines = sum(a.saving_fen for a in outcome.applied if not a.spread)
    assert on_lines == sum(x.fen for x in outcome.offers.lines)
    assert outcome.saving_fen - on_lines == sum(x.fen for x in outcome.offers.order)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(SEEDS, st.integers(1, 9999), st.integers(1, 3))
def test_a_line_outside_every_scope_and_threshold_adds_its_net(
    seed: int, fen: int, count: int
) -> None:
    case = cart(Random(seed))
    named = tuple(o for o in case.offers if not o.scope.everything or o.need.slots)
    offers = (*named, *(o for o in BASKET if not o.scope.everything))
    outside = Product(99, "X", "别的", "件", fen, 1300)
    line = Line(90, outside, "", count * 1000)
    more = replace(case.order, lines=(*case.order.lines, line))
    one = solved(case, offers)
    two = solved(case._replace(order=more), offers)
    assert price(replace(more, offers=two.offers)).total_fen == (
        price(replace(case.order, offers=one.offers)).total_fen + fen * count
    )


@settings(derandomize=True, deadline=None, max_examples=100)
@given(SEEDS, SEEDS)
def test_the_order_of_lines_does_not_change_what_items_save(seed: int, shuffle: int) -> None:
    case = cart(Random(seed))
    lines = list(case.order.lines)
    Random(shuffle).shuffle(lines)
    turned = case._replace(order=replace(case.order, lines=tuple(lines)))
    # pieces of one price are told apart by their line, so stacking offers may differ between them
    offers = tuple(replace(o, stack_with_member_price=False) for o in case.offers)
    assert solved(case, offers).saving_fen == solved(turned, offers).saving_fen


@settings(derandomize=True, deadline=None, max_examples=60)
@given(SEEDS)
def test_the_same_question_has_the_same_answer_also_from_memory(seed: int) -> None:
    case = cart(Random(seed))
    live = Live((*case.offers, *BASKET))
    context = Context(MOMENT, None if case.level is None else Member(case.level))
    first = best(case.order, live, context, case.facts)
    assert best(case.order, live, context, case.facts) == first
    assert best(case.order, Live(live.offers[::-1]), context, case.facts) == first


@settings(derandomize=True, deadline=None, max_examples=60)
@given(SEEDS)
def test_one_more_offer_never_makes_items_dearer(seed: int) -> None:
    case = cart(Random(seed))
    fewer = solved(case, case.offers[1:]).saving_fen
    assert solved(case, case.offers).saving_fen >= fewer


@settings(derandomize=True, deadline=None, max_examples=60)
@given(SEEDS)
def test_one_more_piece_never_lowers_what_items_save(seed: int) -> None:
    case = cart(Random(seed), 14)
    lines = list(case.order.lines)
    n = next((n for n, x in enumerate(lines) if not x.product.weighed), None)
    if n is None:
        return
    lines[n] = replace(lines[n], milli=lines[n].milli + 1000)
    more = case._replace(order=replace(case.order, lines=tuple(lines)))
    # what was chosen before can still be chosen: the piece may stay out of every set
    assert solved(more, case.offers).saving_fen >= solved(case, case.offers).saving_fen


@settings(derandomize=True, deadline=None, max_examples=100)
@given(SEEDS)
def test_payment_never_finds_less_than_a_scan(seed: int) -> None:
    case = cart(Random(seed))
    scan = solved(case, case.offers, 4)
    assert solved(case, case.offers).saving_fen >= scan.saving_fen


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(1, 63), st.integers(1, 500)), max_size=9))
def test_no_choice_of_offers_on_the_order_saves_more(pairs: list[tuple[int, int]]) -> None:
    candidates = [Candidate(mask, fen, n, n) for n, (mask, fen) in enumerate(pairs)]
    chosen, exact = choose(candidates, 18)
    sets = [(frozenset(k for k in range(6) if m >> k & 1), fen) for m, fen in pairs]
    assert exact
    assert sum(c.fen for c in chosen) == most_on_order(sets)
    some, whole = choose(candidates, 0)
    assert whole == (not candidates)
    assert sum(c.fen for c in some) <= sum(c.fen for c in chosen)


def test_ties_go_by_priority_then_id() -> None:
    product = Product(1, "A", "货", "件", 500, 1300)
    order = Order("o", "", "", (Line(1, product, "", 2000),))
    two = [
        Offer(name, name, "nth", need=Need(2), give=Give(off_bp=5000), priority=priority)
        for name, priority in (("b", 0), ("a", 0), ("z", 0))
    ]
    context = Context(MOMENT)
    (applied,) = best(order, Live(two), context, {}).applied
    assert applied.offer_id == "a"
    two[2] = replace(two[2], priority=1)
    (applied,) = best(order, Live(two), context, {}).applied
    assert applied.offer_id == "z"


def test_a_line_of_very_many_pieces_is_no_slower_to_think_about() -> None:
    product = Product(1, "A", "货", "件", 500, 1300)
    other = Product(2, "B", "货", "件", 300, 1300)
    order = Order("o", "", "", (Line(1, product, "", 99_999_000), Line(2, other, "", 50_000_000)))
    offers = (
        Offer("n", "第二件半价", "nth", need=Need(2), give=Give(off_bp=5000), mix=True),
        Offer("f", "买二送一", "buy_get", need=Need(2), give=Give(free_qty=1), mix=True),
    )
    outcome = best(order, Live(offers), Context(MOMENT), {})
    assert not outcome.exact
    assert outcome.saving_fen >= 33_333 * 500 + 16_666 * 300


def test_best_first_is_not_always_best_but_the_search_is() -> None:
    plays = [
        Play(0, "bundle", None, slots=(2,), per_set=100),
        Play(1, "ranked", None, 1, 1),
    ]
    for play in plays:
        for c, value in enumerate((90, 80, 70)):
            play.classes.append(c)
            play.value[c] = value if play.form == "ranked" else 0
            play.cost[c], play.base[c], play.slots_of[c] = 0, value, 1
    gain, uses = best_first([1, 1, 1], plays)
    assert gain >> 20 == 99
    assert [use.play for use in uses] == [0]


def test_above_the_limit_the_answer_is_good_and_said_not_to_be_exact() -> None:
    """Best first with a narrow search stays near the best on carts that a full search can do."""
    found = most = 0
    for seed in range(60):
        case = cart(Random(seed), 18)
        some = solved(case, case.offers, 0)
        found += some.saving_fen
        most += solved(case, case.offers).saving_fen
    assert found >= most * 98 // 100
    assert SCAN_UNITS < PAYMENT_UNITS


def test_facts_of_a_product_that_change_are_seen() -> None:
    product = Product(1, "A", "货", "件", 500, 1300)
    order = Order("o", "", "", (Line(1, product, "", 1000),))
    live = Live((Offer("s", "特价", "special", Scope(brands=("甲",)), give=Give(off_bp=1000)),))
    context = Context(MOMENT)
    assert best(order, live, context, {}).saving_fen == 0
    assert best(order, live, context, {1: ProductFacts(brand="甲")}).saving_fen == 50
