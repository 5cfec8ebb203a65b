"""Goods, facts and short ways to make orders, for the tests of offers."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from pos.sale.order import Order, Product, add
from pos.sale.pricing import price
from pos.sale.promotions import (
    SCAN_UNITS,
    Context,
    Coupon,
    Live,
    Member,
    Offer,
    Outcome,
    ProductFacts,
    Scope,
    Used,
    best,
)

YOGURT = Product(1, "Y1", "酸奶", "杯", 600, 1300, member_fen=540)
PEACH = Product(2, "Y2", "桃酸奶", "杯", 800, 1300)
TEA = Product(3, "T1", "乌龙茶", "瓶", 500, 1300)
COLA = Product(4, "T2", "可乐", "罐", 350, 1300)
CHIPS = Product(5, "C1", "薯片", "袋", 990, 1300, lowest_fen=700)
PEARS = Product(6, "P1", "鸭梨", "kg", 999, 900, weighed=True)
SMOKES = Product(7, "S1", "香烟", "包", 2500, 1300, discountable=False)
TOWEL = Product(8, "G1", "毛巾", "条", 1990, 1300)
ALL = (YOGURT, PEACH, TEA, COLA, CHIPS, PEARS, SMOKES, TOWEL)

FACTS = {
    1: ProductFacts("食品/酸奶", "甲", 400),
    2: ProductFacts("食品/酸奶", "乙", 500),
    3: ProductFacts("饮料/茶", "甲", 300),
    4: ProductFacts("饮料", "丙", 200),
    5: ProductFacts("食品/零食", "丙", 600),
    6: ProductFacts("生鲜", "", 500),
    7: ProductFacts("烟酒", "", 2200),
    8: ProductFacts("日用", "丁", 900),
}
MOMENT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""10:00 on a Monday in the shop."""
YOGURTS = Scope(categories=("食品/酸奶",))
DRINKS = Scope(categories=("饮料",))


def order_of(*lines: tuple[Product, int | float]) -> Order:
    """An order with so many pieces, or kilograms, of each, a line each."""
    order = Order("o1", "2026-03-02T02:00:00.000Z", "0042")
    for product, count in lines:
        order = add(order, product, "", round(count * 1000), merge=False)
    return order


def given(
    order: Order,
    *offers: Offer,
    member: Member | None = None,
    used: dict[str, Used] | None = None,
    coupons: tuple[Coupon, ...] = (),
    points: int | None = None,
    moment: datetime = MOMENT,
    shop: str = "",
    units: int = SCAN_UNITS,
) -> Outcome:
    """The best of the offers on an order, its sum checked against what pricing takes off."""
    context = Context(moment, member, used or {}, coupons, points, shop)
    outcome = best(order, Live(offers), context, FACTS, units)
    assert (
        price(order).total_fen - price(replace(order, offers=outcome.offers)).total_fen
        == outcome.saving_fen
    )
    return outcome


def lines_off(order: Order, outcome: Outcome) -> list[int]:
    """What each line of the priced order costs less."""
    priced = price(replace(order, offers=outcome.offers))
    return [line.list_fen - line.net_fen for line in priced.lines]


def told(outcome: Outcome) -> list[tuple[str, int, int]]:
    """Each offer that was given: its id, how often, what it saves."""
    return [(a.offer_id, a.times, a.saving_fen) for a in outcome.applied]


def why(outcome: Outcome) -> dict[str, str]:
    """Why offers were not given, by their ids."""
    return {r.offer_id: r.code for r in outcome.reasons}
