"""Every kind of offer by itself, with sums worked out by hand."""

from __future__ import annotations

from msgspec.structs import replace

from pos.sale.order import discount_line, set_price
from pos.sale.promotions import (
    Coupon,
    Give,
    Limits,
    Member,
    Need,
    Offer,
    Scope,
    Slot,
    Used,
    When,
)
from tests.sale.promotions.goods import (
    CHIPS,
    COLA,
    DRINKS,
    PEACH,
    PEARS,
    SMOKES,
    TEA,
    TOWEL,
    YOGURT,
    YOGURTS,
    given,
    lines_off,
    order_of,
    told,
    why,
)

HALF = Offer(
    "half", "酸奶第二件半价", "nth", YOGURTS, need=Need(2), give=Give(off_bp=5000), mix=True
)
FREE = Offer(
    "free", "饮料买二送一", "buy_get", DRINKS, need=Need(2), give=Give(free_qty=1), mix=True
)
LESS = Offer("less", "满 30 减 5", "spend_off", need=Need(amount_fen=3000), give=Give(off_fen=500))


def test_a_special_price_by_price_sum_and_rate() -> None:
    order = order_of((COLA, 2), (PEARS, 0.535))
    for give, off in ((Give(price_fen=300), 100), (Give(off_fen=20), 40), (Give(off_bp=1000), 70)):
        offer = Offer("s", "特价", "special", Scope(skus=("T2",)), give=give)
        assert lines_off(order, given(order, offer)) == [off, 0]
    pears = Offer("p", "鸭梨特价", "special", Scope(skus=("P1",)), give=Give(price_fen=799))
    assert lines_off(order, given(order, pears)) == [0, 534 - 427]


def test_a_special_price_above_the_list_price_gives_nothing() -> None:
    offer = Offer("s", "特价", "special", Scope(skus=("T2",)), give=Give(price_fen=400))
    outcome = given(order_of((COLA, 2)), offer)
    assert outcome.applied == ()
    assert why(outcome) == {"s": "other_better"}


def test_a_limited_special_price_is_for_so_many_pieces() -> None:
    limits = Limits(per_order=3, per_member=2, per_day=10)
    offer = Offer(
        "s", "限购", "special", Scope(skus=("T2",)), who="member", give=Give(off_fen=50),
        limits=limits,
    )  # fmt: skip
    order = order_of((COLA, 5))
    assert told(given(order, offer, member=Member())) == [("s", 2, 100)]
    assert told(given(order, offer, member=Member(), used={"s": Used(day=9)})) == [("s", 1, 50)]
    spent = given(order, offer, member=Member(), used={"s": Used(member=2)})
    assert (told(spent), why(spent)) == ([], {"s": "limit_reached"})
    assert why(given(order, offer)) == {"s": "members_only"}


def test_a_member_price_of_the_product_and_by_level() -> None:
    order = order_of((YOGURT, 2), (TEA, 1))
    assert told(given(order)) == []
    assert told(given(order, member=Member())) == [("", 2, 120)]
    levels = Give(levels=(("金", 2000), ("银", 500)))
    offer = Offer("m", "会员日", "member_price", who="member", give=levels)
    assert lines_off(order, given(order, offer, member=Member("金"))) == [240, 100]
    silver = given(order, offer, member=Member("银"))
    assert lines_off(order, silver) == [120, 25]
    assert [x.kind for x in silver.offers.lines] == ["member", "member"]


def test_a_member_has_the_lower_of_member_price_and_offer() -> None:
    order = order_of((YOGURT, 2))
    weak = Offer("s", "特价", "special", Scope(skus=("Y1",)), give=Give(off_fen=30))
    assert told(given(order, weak, member=Member())) == [("", 2, 120)]
    strong = Offer("s", "特价", "special", Scope(skus=("Y1",)), give=Give(off_fen=90))
    assert told(given(order, strong, member=Member())) == [("s", 2, 180)]


def test_an_offer_that_stacks_is_reckoned_on_the_member_price() -> None:
    offer = Offer(
        "s", "折上折", "special", Scope(skus=("Y1",)), give=Give(off_bp=1000),
        stack_with_member_price=True,
    )  # fmt: skip
    order = order_of((YOGURT, 2))
    outcome = given(order, offer, member=Member())
    assert told(outcome) == [("", 2, 120), ("s", 2, 108)]
    assert [(x.kind, x.fen) for x in outcome.offers.lines] == [("member", 120), ("promotion", 108)]


def test_happy_hour() -> None:
    evening = Offer(
        "t", "晚市", "time_price", DRINKS, When(times=((1020, 1200),)), give=Give(off_bp=2000)
    )
    outcome = given(order_of((COLA, 1)), evening)
    assert (told(outcome), why(outcome)) == ([], {"t": "not_now"})
    morning = Offer(
        "t", "早市", "time_price", DRINKS, When(times=((540, 660),)), give=Give(off_bp=2000)
    )
    assert told(given(order_of((COLA, 1)), morning)) == [("t", 1, 70)]


def test_the_second_at_half_price_is_the_cheaper_of_each_pair() -> None:
    order = order_of((YOGURT, 2), (PEACH, 3))
    outcome = given(order, HALF)
    assert told(outcome) == [("half", 2, 400 + 300)]  # 800+800, 800+600, one left
    # split over both pieces of each pair by what they cost: 400 on 800+800, 300 on 800+600
    assert lines_off(order, outcome) == [129, 571]
    part = outcome.of_line(1)[0][1]
    assert (part.milli, part.original_fen, part.saving_fen) == (1000, 600, 129)


def test_without_mixing_each_product_makes_its_own_pairs() -> None:
    apart = Offer("half", "同款第二件半价", "nth", YOGURTS, need=Need(2), give=Give(off_bp=5000))
    assert told(given(order_of((YOGURT, 1), (PEACH, 3)), apart)) == [("half", 1, 400)]
    assert told(given(order_of((YOGURT, 1), (PEACH, 1)), apart)) == []


def test_buy_two_get_one() -> None:
    order = order_of((TEA, 2), (COLA, 4))
    outcome = given(order, FREE)
    assert told(outcome) == [("free", 2, 700)]
    assert sum(lines_off(order, outcome)) == 700
    assert told(given(order_of((TEA, 2)), FREE)) == []


def test_three_for_a_price_takes_the_dearest() -> None:
    offer = Offer(
        "f", "三件 12 元", "bundle", DRINKS, need=Need(3), give=Give(price_fen=1000), mix=True
    )
    order = order_of((TEA, 2), (COLA, 2))
    outcome = given(order, offer)
    assert told(outcome) == [("f", 1, 350)]
    assert lines_off(order, outcome) == [259, 91]


def test_a_bundle_of_parts() -> None:
    slots = (Slot(Scope(skus=("C1",))), Slot(DRINKS, 2))
    offer = Offer("b", "下午茶", "bundle", need=Need(slots=slots), give=Give(price_fen=1500))
    assert told(given(order_of((CHIPS, 2), (TEA, 3)), offer)) == [("b", 1, 490)]
    twice = Offer(
        "b", "下午茶", "bundle", need=Need(slots=slots), give=Give(price_fen=1500), repeat=1
    )
    assert told(given(order_of((CHIPS, 2), (TEA, 4)), twice)) == [("b", 1, 490)]
    near = given(order_of((CHIPS, 1), (TEA, 1)), offer)
    assert [(p.wanted, p.missing) for p in near.proposals] == [("pieces", 1)]


def test_off_the_order_from_an_amount_on() -> None:
    assert told(given(order_of((TEA, 6)), LESS)) == [("less", 1, 500)]
    outcome = given(order_of((TEA, 5)), LESS)
    assert told(outcome) == []
    assert [(p.wanted, p.missing) for p in outcome.proposals] == [("amount", 500)]
    assert [(r.code, r.missing) for r in outcome.reasons] == [("needs_amount", 500)]


def test_thresholds_look_at_what_is_left_after_items() -> None:
    cheap = Offer("s", "特价", "special", Scope(skus=("T1",)), give=Give(price_fen=400))
    assert told(given(order_of((TEA, 6)), LESS, cheap)) == [("s", 6, 600)]
    assert told(given(order_of((TEA, 8)), LESS, cheap)) == [("s", 8, 800), ("less", 1, 500)]


def test_off_every_amount() -> None:
    offer = Offer(
        "e", "每满 10 减 1", "every_off", need=Need(amount_fen=1000), give=Give(off_fen=100)
    )
    assert told(given(order_of((TEA, 7)), offer)) == [("e", 3, 300)]
    most = Offer(
        "e", "每满 10 减 1", "every_off", need=Need(amount_fen=1000), give=Give(off_fen=100),
        repeat=2,
    )  # fmt: skip
    assert told(given(order_of((TEA, 7)), most)) == [("e", 2, 200)]


def test_a_rate_from_pieces_on_with_a_most() -> None:
    give = Give(off_bp=1000, most_off_fen=120)
    offer = Offer("r", "三件九折", "spend_rate", DRINKS, need=Need(3), give=give)
    order = order_of((TEA, 2), (COLA, 1), (TOWEL, 1))
    outcome = given(order, offer)
    assert told(outcome) == [("r", 1, 120)]
    assert lines_off(order, outcome) == [89, 31, 0]


def test_of_thresholds_on_the_same_goods_the_best_is_given() -> None:
    more = Offer(
        "more", "满 60 减 12", "spend_off", need=Need(amount_fen=6000), give=Give(off_fen=1200)
    )
    assert told(given(order_of((TEA, 11)), LESS, more)) == [("less", 1, 500)]
    assert told(given(order_of((TEA, 12)), LESS, more)) == [("more", 1, 1200)]
    other = Offer(
        "more", "满减", "spend_off", need=Need(amount_fen=6000), give=Give(off_fen=1200), group="2"
    )
    assert told(given(order_of((TEA, 12)), LESS, other)) == [("less", 1, 500), ("more", 1, 1200)]


def test_an_add_on_is_proposed_then_given_and_never_meets_its_own_need() -> None:
    give = Give(price_fen=990, gifts=("G1",))
    offer = Offer("a", "加 9.9 换毛巾", "add_on", need=Need(amount_fen=3000), give=give)
    before = given(order_of((TEA, 6)), offer)
    assert told(before) == []
    (proposal,) = before.proposals
    assert (proposal.wanted, proposal.skus, proposal.price_fen, proposal.missing) == (
        "add_on", ("G1",), 990, 1,
    )  # fmt: skip
    after = given(order_of((TEA, 6), (TOWEL, 2)), offer)
    assert told(after) == [("a", 1, 1000)]
    assert after.proposals == ()
    assert told(given(order_of((TEA, 3), (TOWEL, 1)), offer)) == []  # 34.90 with it, 15.00 without
    assert told(given(order_of((TEA, 3), (TOWEL, 2)), offer)) == [("a", 1, 1000)]


def test_coupons() -> None:
    ten = Offer("ten", "十元券", "coupon", need=Need(amount_fen=3000), give=Give(off_fen=1000))
    two = Offer("two", "九折券", "coupon", give=Give(off_bp=1000))
    order = order_of((TEA, 8))
    outcome = given(order, ten, two, coupons=(Coupon("A", "ten"), Coupon("B", "two")))
    assert [(a.offer_id, a.code, a.saving_fen) for a in outcome.applied] == [("ten", "A", 1000)]
    assert [(r.offer_id, r.code, r.detail) for r in outcome.reasons] == [
        ("two", "coupon_other_better", "B")
    ]
    bad = (Coupon("A", "ten", 0), Coupon("B", "two"), Coupon("B", "two"), Coupon("C", "none"))
    codes = [r.code for r in given(order, ten, two, coupons=bad).reasons]
    assert codes == ["coupon_used", "coupon_twice", "coupon_unknown"]
    short = given(order_of((TEA, 1)), ten, coupons=(Coupon("A", "ten"),))
    assert [(r.code, r.missing) for r in short.reasons] == [("coupon_needs_more", 2500)]


def test_points_are_spent_in_whole_steps_up_to_a_share() -> None:
    give = Give(points=100, off_fen=100, most_bp=5000)
    offer = Offer("p", "积分抵现", "points", who="member", give=give)
    order = order_of((TEA, 3))
    rich = given(order, offer, member=Member(points=5000), points=5000)
    assert [(a.points, a.saving_fen) for a in rich.applied] == [(700, 700)]
    poor = given(order, offer, member=Member(points=250), points=5000)
    assert [(a.points, a.saving_fen) for a in poor.applied] == [(200, 200)]
    assert given(order, offer, member=Member(points=5000)).applied == ()
    assert given(order, offer, points=5000).applied == ()


def test_layers_follow_one_another() -> None:
    coupon = Offer("c", "九折券", "coupon", give=Give(off_bp=1000))
    points = Offer("p", "积分", "points", who="member", give=Give(points=1, off_fen=1))
    outcome = given(
        order_of((TEA, 6), (PEACH, 2)), HALF, LESS, coupon, points,
        member=Member(points=10), points=10, coupons=(Coupon("A", "c"),),
    )  # fmt: skip
    assert told(outcome) == [("half", 1, 400), ("less", 1, 500), ("c", 1, 370), ("p", 1, 10)]


def test_what_takes_no_discount_is_left_alone() -> None:
    offer = Offer("s", "全场", "special", give=Give(off_bp=5000))
    order = order_of((SMOKES, 2))
    outcome = given(order, offer, LESS)
    assert (told(outcome), why(outcome)) == ([], {"s": "no_discount_goods", "less": "needs_amount"})
    mixed = order_of((SMOKES, 1), (TEA, 6))
    assert lines_off(mixed, given(mixed, LESS)) == [0, 500]


def test_a_price_changed_by_hand_has_no_offer_on_goods() -> None:
    order = set_price(order_of((YOGURT, 4)), 1, 500)
    outcome = given(order, HALF, member=Member())
    assert (told(outcome), why(outcome)) == ([], {"half": "priced_by_hand"})
    scoped = Offer(
        "l", "满减", "spend_off", YOGURTS, need=Need(amount_fen=1000), give=Give(off_fen=100)
    )
    assert told(given(order, scoped)) == []
    whole = Offer("l", "满减", "spend_off", need=Need(amount_fen=1000), give=Give(off_fen=100))
    assert told(given(order, whole)) == [("l", 1, 100)]
    cut = discount_line(order_of((TEA, 7)), 1, bp=2000)
    assert told(given(cut, LESS)) == []  # 28.00 after what the cashier took off


def test_weighed_goods_are_no_pieces() -> None:
    offer = Offer("n", "第二件半价", "nth", need=Need(2), give=Give(off_bp=5000), mix=True)
    outcome = given(order_of((PEARS, 1), (PEARS, 2)), offer)
    assert (told(outcome), why(outcome)) == ([], {"n": "weighed_goods"})
    rate = Offer("r", "两件九折", "spend_rate", need=Need(2), give=Give(off_bp=1000))
    assert told(given(order_of((PEARS, 1), (PEARS, 2)), rate)) == []


def test_a_group_of_higher_priority_goes_first_and_others_work_on_the_rest() -> None:
    first = Offer(
        "x",
        "特价",
        "special",
        Scope(skus=("T1",)),
        give=Give(price_fen=400),
        group="价",
        priority=5,
    )
    second = Offer("y", "第二件半价", "nth", DRINKS, need=Need(2), give=Give(off_bp=5000))
    assert told(given(order_of((TEA, 2)), first, second)) == [("x", 2, 200), ("y", 1, 200)]


def test_a_pack_takes_rates_but_no_price_and_no_set_of_single_pieces() -> None:
    """A special price for a bottle is no price for twelve; a tenth off is a tenth off them too."""
    pack = replace(TEA, name="乌龙茶 ×12", price_fen=5400, factor=12)
    special = Offer("s", "特价", "special", Scope(skus=("T1",)), give=Give(price_fen=400))
    tea, give = Scope(skus=("T1",)), Give(off_bp=5000)
    half = Offer("h", "第二件半价", "nth", tea, need=Need(2), give=give)
    tenth = Offer("t", "九折", "special", Scope(skus=("T1",)), give=Give(off_bp=1000))
    order = order_of((TEA, 1), (pack, 2))
    assert lines_off(order, given(order, special)) == [100, 0]
    assert lines_off(order, given(order, half)) == [0, 0]
    assert lines_off(order, given(order, tenth)) == [50, 1080]
