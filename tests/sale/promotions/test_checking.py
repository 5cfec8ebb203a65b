"""What a check finds before offers go live."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from pos.refusal import Refused
from pos.sale.promotions import Give, Need, Offer, Scope, Slot, When
from pos.sale.promotions.checking import MOST_TOLD, Finding, check, lowest_price
from tests.sale.promotions.goods import ALL, DRINKS, FACTS, MOMENT, YOGURTS


def found(*offers: Offer) -> list[tuple[str, str, str]]:
    return [(f.offer_id, f.code, f.text or f.other) for f in check(offers, ALL, FACTS, MOMENT)]


def special(offer_id: str, *skus: str, fen: int = 349) -> Offer:
    return Offer(offer_id, "特价", "special", Scope(skus=skus or ("T2",)), give=Give(price_fen=fen))


def add_on(offer_id: str, scope: Scope, gift: str) -> Offer:
    give = Give(price_fen=300, gifts=(gift,))
    return Offer(offer_id, "换购", "add_on", scope, need=Need(amount_fen=900), give=give)


def test_sound_offers_have_no_findings() -> None:
    half = Offer("h", "半价", "nth", YOGURTS, need=Need(2), give=Give(off_bp=2000))
    assert found(special("s"), half) == []


def test_unknown_goods() -> None:
    scope = Scope(("T2", "NO"), ("饮料", "无"), ("甲", "无牌"), not_skus=("NO2",))
    offer = Offer("s", "特价", "special", scope, give=Give(off_bp=100))
    assert found(offer) == [
        ("s", "found_unknown_sku", "NO"),
        ("s", "found_unknown_sku", "NO2"),
        ("s", "found_unknown_category", "无"),
        ("s", "found_unknown_brand", "无牌"),
    ]
    assert ("a", "found_unknown_sku", "NO") in found(add_on("a", DRINKS, "NO"))


def test_dates() -> None:
    over = replace(special("s"), when=When(last=date(2026, 3, 1)))
    assert found(over) == [("s", "found_over", "2026-03-01")]
    night = replace(over, when=When(last=date(2026, 3, 1), times=((1320, 120),)))
    assert found(night) == []
    never = replace(special("s"), when=When(date(2026, 3, 2), date(2026, 3, 3), (3, 4)))
    assert found(never) == [("s", "found_never", "")]
    assert found(replace(never, when=When(date(2026, 3, 2), date(2026, 3, 4), (3, 4)))) == []


def test_offers_that_nothing_can_have() -> None:
    assert found(special("s", "S1", fen=1)) == [("s", "found_nothing", "")]
    pears = Offer("n", "梨", "nth", Scope(("P1",)), need=Need(2), give=Give(off_bp=1))
    assert found(pears) == [("n", "found_only_weighed", "")]


def test_clashes() -> None:
    one, two = special("a"), special("b", fen=340)
    assert found(one, two) == [("b", "found_clash", "a")]
    assert found(one, replace(two, group="2")) == []
    assert found(one, special("b", "T1", fen=499)) == []
    by_day = (replace(one, when=When(weekdays=(1,))), replace(two, when=When(weekdays=(2,))))
    assert found(*by_day) == []
    by_date = (
        replace(one, when=When(last=date(2026, 3, 4))),
        replace(two, when=When(first=date(2026, 3, 5))),
    )
    assert found(*by_date) == []
    by_hour = (
        replace(one, when=When(times=((0, 60),))),
        replace(two, when=When(times=((60, 90),))),
    )
    assert found(*by_hour) == []
    night = replace(two, when=When(times=((1380, 30),)))
    assert found(by_hour[0], night) == [("b", "found_clash", "a")]


def test_steps_of_a_threshold_are_no_clash() -> None:
    steps = [
        Offer(f"m{n}", "满减", "spend_off", need=Need(amount_fen=n), give=Give(off_fen=n // 100))
        for n in (1000, 2000)
    ]
    assert found(*steps) == []
    again = replace(steps[0], id="m3")
    assert found(*steps, again) == [("m3", "found_clash", "m1000")]


def test_add_ons_in_a_circle() -> None:
    one, two = add_on("a", DRINKS, "Y1"), add_on("b", YOGURTS, "T2")
    codes = [(who, code, what) for who, code, what in found(one, two) if "circle" in code]
    assert codes == [("a", "found_circle", "Y1"), ("b", "found_circle", "T2")]
    assert not [x for x in found(one, add_on("b", YOGURTS, "G1")) if "circle" in x[1]]


def test_prices_below_cost_and_lowest() -> None:
    findings = check((special("s", "C1", fen=590),), ALL, FACTS, MOMENT)
    assert findings == [
        Finding("s", "found_below_cost", "warning", "C1", fen=590, limit_fen=600),
        Finding("s", "found_below_lowest", "warning", "C1", fen=590, limit_fen=700),
    ]
    assert found(special("s", "C1", fen=990)) == [("s", "found_no_saving", "C1")]
    gift = add_on("a", DRINKS, "G1")
    assert ("a", "found_below_cost", "G1") in found(gift)
    order = Offer("m", "满折", "spend_rate", need=Need(amount_fen=1), give=Give(off_bp=3000))
    assert ("m", "found_below_lowest", "C1") in found(order)


@pytest.mark.parametrize(
    ("offer", "fen"),
    [
        (Offer("x", "x", "nth", need=Need(2), give=Give(off_bp=5000)), 750),
        (Offer("x", "x", "buy_get", need=Need(2), give=Give(free_qty=1)), 666),
        (Offer("x", "x", "bundle", need=Need(3), give=Give(price_fen=2100)), 700),
        (Offer("x", "x", "bundle", need=Need(4), give=Give(off_fen=400)), 900),
        (Offer("x", "x", "bundle", need=Need(4), give=Give(off_bp=1000)), 900),
        (Offer("x", "x", "bundle", need=Need(2), give=Give(off_fen=2001)), None),
        (Offer("x", "x", "member_price", give=Give(levels=(("金", 1000), ("银", 500)))), 900),
        (Offer("x", "x", "spend_off", need=Need(amount_fen=2000), give=Give(off_fen=500)), 750),
        (Offer("x", "x", "spend_off", need=Need(qty=5), give=Give(off_fen=500)), 900),
        (Offer("x", "x", "every_off", need=Need(amount_fen=100), give=Give(off_fen=20)), 800),
        (Offer("x", "x", "spend_off", need=Need(amount_fen=100), give=Give(off_fen=100)), 900),
        (Offer("x", "x", "spend_rate", need=Need(2), give=Give(off_bp=2000)), 800),
        (Offer("x", "x", "coupon", give=Give(off_fen=300)), 700),
        (Offer("x", "x", "points", give=Give(points=1, off_fen=1)), None),
    ],
)
def test_the_lowest_price_of_a_piece_of_ten_yuan(offer: Offer, fen: int | None) -> None:
    assert lowest_price(offer, 1000) == fen


def test_in_a_bundle_the_other_parts_are_taken_at_their_worst() -> None:
    need = Need(slots=(Slot(Scope(("A",))), Slot(Scope(("B",)))))
    price = Offer("x", "x", "bundle", need=need, give=Give(price_fen=1500))
    off = Offer("x", "x", "bundle", need=need, give=Give(off_fen=300))
    parts = [(1000, 1000), (500, 2000)]
    assert lowest_price(price, 1000, 1, parts) == 500  # 15.00 for 10.00 + 20.00
    assert lowest_price(off, 1000, 1, parts) == 800  # 3.00 off 10.00 + 5.00


def test_the_same_finding_on_many_goods_is_told_some_times() -> None:
    goods = [replace(ALL[3], product_id=n, sku=f"K{n}") for n in range(100, 200)]
    facts = dict.fromkeys(range(100, 200), FACTS[4])
    offer = Offer("s", "清仓", "special", DRINKS, give=Give(off_bp=9000))
    assert len(check((offer,), goods, facts, MOMENT)) == MOST_TOLD


def test_errors_come_first_and_faults_are_refused() -> None:
    low, over = special("a", "C1", fen=1), replace(special("z"), when=When(last=date(2026, 1, 1)))
    severities = [f.severity for f in check((low, over), ALL, FACTS, MOMENT)]
    assert severities == ["error", "warning", "warning"]
    with pytest.raises(Refused, match="offer_number"):
        check((special("s", fen=-1),), ALL, FACTS, MOMENT)
