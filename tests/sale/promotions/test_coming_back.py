"""What offers took off comes back with the goods: partial returns in any order close to zero."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.record import OrderClosed, Where
from pos.sale import spending
from pos.sale.ending import close
from pos.sale.promotions import PAYMENT_UNITS, Context, Live, Member, best
from pos.sale.promotions.model import Give, Offer
from pos.sale.returns import NOTHING, Sold, Wanted, and_back, bring_back
from pos.sale.tenders import take_cash
from tests.sale.promotions.carts import Cart, cart
from tests.sale.promotions.goods import MOMENT
from tests.sale.promotions.test_best import BASKET

SPENDING = Offer("spend", "积分", "points", who="member", give=Give(points=7, off_fen=3))


def sold(case: Cart) -> OrderClosed:
    """A cart with all its offers and 1,000 points of a member, paid in cash and closed."""
    member = None if case.level is None else Member(case.level, points=1000)
    live = Live((*case.offers, *BASKET, SPENDING))
    context = Context(MOMENT, member, points=1000)
    outcome = best(case.order, live, context, case.facts, PAYMENT_UNITS)
    order = replace(case.order, offers=outcome.offers)
    paid = take_cash(order, None, "none", 0)
    return close(paid, Where("1", "s", "2026-03-02"), 1, "000101010000001")


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_partial_returns_close_to_zero(seed: int, way: int) -> None:
    fact = sold(cart(Random(seed)))
    assert fact.total_fen == sum(line.net_fen for line in fact.lines)
    given_fen = sum(offer.fen for offer in fact.offers)
    off = [a for line in fact.lines for a in line.adjustments]
    assert sum(a.fen for a in off) == given_fen, "what offers gave lies on the lines to the fen"
    named = {offer.offer for offer in fact.offers}
    assert {a.offer for a in off} <= named
    for one in fact.offers:
        assert sum(a.fen for a in off if a.offer == one.offer) == sum(
            x.fen for x in fact.offers if x.offer == one.offer
        )
    random = Random(way)
    left = {line.line_no: line.milli for line in fact.lines}
    before = dict.fromkeys(left, NOTHING)
    back_fen = back_tax = points = 0
    off_of: Counter[str] = Counter()
    while any(left.values()):
        number = random.choice([n for n, milli in left.items() if milli])
        line = next(x for x in fact.lines if x.line_no == number)
        step = 1000 if line.milli % 1000 == 0 else 1
        milli = random.randint(1, left[number] // step) * step
        order = Sold(fact.order_id, fact.lines, fact.tenders, before, offers=fact.offers)
        [back] = bring_back(order, [Wanted(number, milli)])
        assert -line.net_fen <= back.net_fen <= 0
        for a in back.adjustments:
            off_of[a.offer] += a.fen
        for one in spending.back(order, [back]):
            assert one.times == 0
            assert one.points < 0
            points -= one.points
        before[number] = and_back(before[number], back)
        left[number] -= milli
        back_fen += back.net_fen
        back_tax += back.tax_fen
    assert back_fen == -fact.total_fen
    assert back_tax == -fact.tax_fen
    assert points == sum(one.points for one in fact.offers), "all points are back, and no more"
    for name in named:
        assert -off_of[name] == sum(a.fen for a in off if a.offer == name), "by offer, not by kind"
