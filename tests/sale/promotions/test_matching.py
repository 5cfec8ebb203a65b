"""When, for whom and on what an offer is live."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pos.refusal import Refused
from pos.sale.promotions import (
    Context,
    Give,
    Limits,
    Live,
    Member,
    Offer,
    ProductFacts,
    Scope,
    Used,
    When,
)
from pos.sale.promotions.matching import Memory, covers, live_at
from tests.sale.promotions.goods import COLA, FACTS, MOMENT, TEA, given, order_of, told, why

NIGHT = When(date(2026, 3, 2), date(2026, 3, 6), (1, 5), ((22 * 60, 2 * 60),))


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("2026-03-02T21:59", False),
        ("2026-03-02T22:00", True),
        ("2026-03-03T01:59", True),  # still Monday's night
        ("2026-03-03T02:00", False),
        ("2026-03-03T22:00", False),  # Tuesday
        ("2026-03-02T01:00", False),  # Sunday's night
        ("2026-03-07T01:00", True),  # the last Friday's night
        ("2026-03-09T23:00", False),  # over
    ],
)
def test_a_time_past_midnight_belongs_to_the_day_it_began(text: str, live: bool) -> None:
    assert live_at(NIGHT, datetime.fromisoformat(text)) is live


def test_dates_are_the_shop_s() -> None:
    offer = Offer("s", "特价", "special", when=When(date(2026, 3, 3)), give=Give(off_bp=1000))
    late, early = "2026-03-02T16:00:00+00:00", "2026-03-02T15:59:00+00:00"
    order = order_of((COLA, 1))
    assert told(given(order, offer, moment=datetime.fromisoformat(late))) == [("s", 1, 35)]
    assert told(given(order, offer, moment=datetime.fromisoformat(early))) == []


def test_scopes() -> None:
    tea = FACTS[3]
    assert covers(Scope(), "T1", tea)
    assert covers(Scope(categories=("饮料",)), "T1", tea)
    assert not covers(Scope(categories=("饮",)), "T1", tea)
    assert not covers(Scope(categories=("饮料/茶/绿茶",)), "T1", tea)
    assert covers(Scope(brands=("甲",), skus=("X",)), "T1", tea)
    assert not covers(Scope(not_categories=("饮料",), skus=("T1",)), "T1", tea)
    assert not covers(Scope(not_skus=("T1",)), "T1", tea)
    assert not covers(Scope(brands=("甲",), not_brands=("甲",)), "T1", tea)
    assert not covers(Scope(categories=("饮料",)), "T1", ProductFacts())


@pytest.mark.parametrize(
    "scope",
    [
        Scope(),
        Scope(skus=("T1",)),
        Scope(categories=("饮料",), not_skus=("T2",)),
        Scope(brands=("甲",), not_categories=("饮料/茶",)),
        Scope(not_brands=("丙",)),
    ],
)
def test_the_index_says_what_the_scope_says(scope: Scope) -> None:
    live = Live((Offer("s", "特价", "special", scope, give=Give(off_bp=1000)),))
    for product in (TEA, COLA):
        facts = FACTS[product.product_id]
        assert bool(live.cover(product, facts).offers) == covers(scope, product.sku, facts)


@pytest.mark.parametrize(
    ("who", "member", "code"),
    [
        ("member", None, "members_only"),
        ("member", Member(), ""),
        ("level", Member("银"), "other_level"),
        ("level", Member("金"), ""),
        ("birthday", Member(birthday=(3, 3)), "not_birthday"),
        ("birthday", Member(birthday=(3, 2)), ""),
        ("birthday_month", Member(birthday=(3, 31)), ""),
        ("birthday_month", Member(), "not_birthday"),
    ],
)
def test_for_whom(who: str, member: Member | None, code: str) -> None:
    levels = ("金",) if who == "level" else ()
    offer = Offer(
        "s", "特价", "special", who=who, levels=levels, give=Give(off_bp=1000)  # type: ignore[arg-type]
    )  # fmt: skip
    outcome = given(order_of((COLA, 1)), offer, member=member)
    assert (why(outcome).get("s", ""), bool(outcome.applied)) == (code, not code)


def test_a_birthday_on_a_leap_day_is_on_the_28th_in_other_years() -> None:
    offer = Offer("s", "生日", "special", who="birthday", give=Give(off_bp=1000))
    member, order = Member(birthday=(2, 29)), order_of((COLA, 1))
    for text, there in (("2026-02-28", 1), ("2028-02-28", 0), ("2028-02-29", 1)):
        moment = datetime.fromisoformat(text + "T04:00:00+00:00")
        assert len(given(order, offer, member=member, moment=moment).applied) == there


def test_shops() -> None:
    offer = Offer("s", "特价", "special", shops=("0001",), give=Give(off_bp=1000))
    assert told(given(order_of((COLA, 1)), offer, shop="0001")) == [("s", 1, 35)]
    assert why(given(order_of((COLA, 1)), offer, shop="0002")) == {"s": "not_this_shop"}


def test_limits_are_the_least_of_all() -> None:
    limits = Limits(per_order=5, per_member=4, per_day=10, budget_fen=1000)
    live = Live(
        (Offer("s", "特价", "special", who="member", give=Give(off_bp=1000), limits=limits),)
    )
    for used, left in ((Used(), 4), (Used(member=3), 1), (Used(day=8), 2), (Used(member=9), 0)):
        assert live.left(0, Context(MOMENT, Member(), {"s": used})) == left
    assert live.left(0, Context(MOMENT, Member(), {"s": Used(fen=1000)})) == 0
    outcome = given(order_of((COLA, 1)), *live.offers, member=Member(), used={"s": Used(fen=1000)})
    assert why(outcome) == {"s": "budget_spent"}


def test_an_offer_with_a_fault_never_goes_live() -> None:
    with pytest.raises(Refused, match="offer_needs_one"):
        Live((Offer("s", "特价", "special"),))
    twice = Offer("s", "特价", "special", give=Give(off_bp=1000))
    with pytest.raises(Refused, match="offer_repeated"):
        Live((twice, twice))


def test_memory_forgets_the_oldest() -> None:
    memory = Memory(4)
    for n in range(5):
        memory.keep(n, str(n))
    assert [memory.get(n) for n in range(5)] == [None, None, "2", "3", "4"]
