"""The pipeline's order, and its sums to the fen whatever is on the order."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.money import MILLI, line_amount, tax_within
from pos.record import OrderClosed, SoldLine
from pos.refusal import Refused
from pos.sale.offers import (
    NO_OFFERS,
    LineOffer,
    LineOfferKind,
    Offers,
    OrderOffer,
    OrderOfferKind,
)
from pos.sale.order import (
    Line,
    Order,
    Product,
    add,
    discount_line,
    discount_order,
    set_price,
    set_quantity,
    void_line,
)
from pos.sale.pricing import Priced, price
from pos.sale.tenders import (
    RoundingMode,
    change_of,
    due,
    paid,
    round_cash,
    take_back,
    take_cash,
    take_reference,
)
from tests.sale.goods import BOOK, COLA, MILK, PEARS, SMOKES, closed, order_of

MODES: tuple[RoundingMode, ...] = get_args(RoundingMode)
RANK = [
    *("price", "member", "promotion", "line_discount", "order_promotion"),
    *("coupon", "points", "order_discount", "rounding"),
]


def taken(line: SoldLine) -> list[tuple[str, int]]:
    return [(a.kind, a.fen) for a in line.adjustments]


# --- one by one ---


def test_every_stage_works_on_what_the_stage_before_left() -> None:
    order = discount_line(order_of(MILK), 1, bp=1000)
    order = discount_order(order, 500, bp=1000)
    offers = Offers(
        (LineOffer("promotion", 1, 100), LineOffer("member", 1, 80)),
        (OrderOffer("points", 30), OrderOffer("coupon", 20), OrderOffer("order_promotion", 10)),
    )
    (line,) = price(replace(order, offers=offers)).lines
    assert taken(line) == [
        ("member", 80),
        ("promotion", 100),
        ("line_discount", 110),
        ("order_promotion", 10),
        ("coupon", 20),
        ("points", 30),
        ("order_discount", 93),
    ]
    assert (line.list_fen, line.net_fen) == (1280, 837)


def test_a_changed_price_stands_in_for_member_price_and_offers() -> None:
    offers = Offers((LineOffer("member", 1, 80), LineOffer("promotion", 1, 100)))
    (line,) = price(replace(set_price(order_of(MILK), 1, 1200), offers=offers)).lines
    assert taken(line) == [("price", 80)]


def test_a_raised_price_is_a_negative_adjustment() -> None:
    priced = price(set_price(order_of(MILK), 1, 1500))
    assert taken(priced.lines[0]) == [("price", -220)]
    assert (priced.list_fen, priced.total_fen, priced.saved_fen) == (1280, 1500, -220)


def test_an_order_discount_is_spread_by_largest_remainder() -> None:
    products = [replace(COLA, product_id=n, price_fen=f) for n, f in enumerate((1999, 2999, 501))]
    order = discount_order(order_of(*products), 5499, fen=1000)
    assert [taken(x) for x in price(order).lines] == [
        [("order_discount", 364)],
        [("order_discount", 545)],
        [("order_discount", 91)],
    ]


def test_discounts_stop_at_zero() -> None:
    offers = Offers((LineOffer("promotion", 1, 9999),), (OrderOffer("coupon", 9999),))
    priced = price(replace(order_of(COLA, MILK), offers=offers))
    assert [x.net_fen for x in priced.lines] == [0, 0]
    assert taken(priced.lines[0]) == [("promotion", 350)]
    assert taken(priced.lines[1]) == [("coupon", 1280)]


def test_offers_on_the_order_leave_alone_what_has_no_discount() -> None:
    priced = price(
        replace(order_of(SMOKES, COLA), offers=Offers((), (OrderOffer("coupon", 9999),)))
    )
    assert [x.net_fen for x in priced.lines] == [2500, 0]


def test_negative_offers_give_nothing() -> None:
    offers = Offers((LineOffer("member", 1, -50),), (OrderOffer("coupon", -50),))
    assert price(replace(order_of(COLA), offers=offers)) == price(order_of(COLA))


def test_rounding_lies_on_the_lines_also_where_no_discount_may() -> None:
    order = take_cash(order_of(replace(SMOKES, price_fen=2503)), None, "down_jiao", 0)
    assert taken(price(order).lines[0]) == [("rounding", 3)]


def test_what_can_be_discounted_is_told_before_the_order_discount() -> None:
    order = order_of(SMOKES, COLA, MILK)
    assert price(order).discountable_fen == 1630
    assert price(discount_order(order, 1630, bp=5000)).discountable_fen == 1630


def test_an_empty_order_costs_nothing() -> None:
    assert price(order_of()) == Priced((), 0, 0, 0, 0)


# --- whatever is on the order ---

PRODUCTS = st.builds(
    Product,
    product_id=st.integers(1, 10**6),
    sku=st.just("A"),
    name=st.just("货"),
    unit=st.just("件"),
    price_fen=st.integers(0, 300) | st.integers(0, 500_000),
    tax_bp=st.sampled_from((0, 100, 900, 1300)),
    weighed=st.booleans(),
    discountable=st.sampled_from((True, True, True, False)),
)


def amounts(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


def offers_for(order: Order) -> st.SearchStrategy[Offers]:
    numbers = st.sampled_from([x.line_no for x in order.lines])
    kinds: tuple[LineOfferKind, ...] = get_args(LineOfferKind)
    on_order: tuple[OrderOfferKind, ...] = get_args(OrderOfferKind)
    lines = st.builds(LineOffer, st.sampled_from(kinds), numbers, amounts(20_000))
    whole = st.builds(OrderOffer, st.sampled_from(on_order), amounts(20_000))
    return st.builds(
        Offers,
        st.lists(lines, max_size=4).map(tuple),
        st.lists(whole, max_size=3).map(tuple),
    )


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """An order as a cashier could make it, through the same doors."""
    order = order_of()
    for product in draw(st.lists(PRODUCTS, min_size=1, max_size=7)):
        milli = draw(st.integers(1, 5_000)) if product.weighed else draw(st.integers(1, 9)) * MILLI
        order = add(order, product, "", milli)
    for line in order.lines:
        act = draw(st.sampled_from(("", "price", "bp", "fen", "price bp", "price fen")))
        if "price" in act:
            order = set_price(order, line.line_no, draw(st.integers(1, 600_000)))
        if "bp" in act and line.product.discountable:
            order = discount_line(order, line.line_no, bp=draw(st.integers(0, 9_999)))
        if "fen" in act and line.product.discountable:
            left = next(x.net_fen for x in price(order).lines if x.line_no == line.line_no)
            order = discount_line(order, line.line_no, fen=draw(amounts(left)))
    order = replace(order, offers=draw(st.just(NO_OFFERS) | offers_for(order)))
    left = price(order).discountable_fen
    if left and draw(st.booleans()):
        bp, fen = draw(
            st.tuples(st.integers(0, 9_999), st.just(0)) | st.tuples(st.just(0), amounts(left))
        )
        order = discount_order(order, left, bp=bp, fen=fen)
    return order


def check_lines(priced: Priced) -> None:
    for line in priced.lines:
        assert line.list_fen == line_amount(line.unit_fen, line.milli)
        assert line.list_fen - sum(a.fen for a in line.adjustments) == line.net_fen
        assert line.tax_fen == tax_within(line.net_fen, line.tax_bp)
        assert all(a.fen for a in line.adjustments)
        ranks = [RANK.index(a.kind) for a in line.adjustments]
        assert ranks == sorted(ranks)
    assert priced.list_fen == sum(x.list_fen for x in priced.lines)
    assert priced.total_fen == sum(x.net_fen for x in priced.lines)
    assert priced.tax_fen == sum(x.tax_fen for x in priced.lines)


def check_fact(fact: OrderClosed) -> None:
    assert fact.total_fen == sum(x.net_fen for x in fact.lines)
    assert fact.total_fen == sum(t.fen for t in fact.tenders)
    assert fact.change_fen == sum(t.given_fen - t.fen for t in fact.tenders)
    assert fact.tax_fen == sum(x.tax_fen for x in fact.lines)
    rounding = sum(a.fen for x in fact.lines for a in x.adjustments if a.kind == "rounding")
    assert fact.rounding_fen == rounding


@settings(derandomize=True, max_examples=150, deadline=None)
@given(orders())
def test_lines_of_a_sale_add_up(order: Order) -> None:
    priced = price(order)
    check_lines(priced)
    assert priced.total_fen >= 0
    for line, sold in zip(order.lines, priced.lines, strict=True):
        assert sold.net_fen >= 0
        assert 0 <= sold.tax_fen <= sold.net_fen
        if not line.product.discountable:
            kinds = {a.kind for a in sold.adjustments}
            assert kinds <= {"price", "member", "promotion"}


def refuses_all(order: Order) -> bool:
    number = order.lines[0].line_no
    acts: tuple[Callable[[], Order], ...] = (
        lambda: add(order, COLA, "", 1000),
        lambda: set_quantity(order, number, 1000),
        lambda: set_price(order, number, 1),
        lambda: discount_line(order, number),
        lambda: discount_order(order, 1),
        lambda: void_line(order, number),
    )
    for act in acts:
        with pytest.raises(Refused, match="prices_frozen"):
            act()
    return True


@settings(derandomize=True, max_examples=150, deadline=None)
@given(orders(), st.sampled_from(MODES), st.data())
def test_money_taken_is_the_money_of_the_lines(
    start: Order, mode: RoundingMode, data: st.DataObject
) -> None:
    """Part in cash, part by reference, then cash to the end: kept money is what lines come to."""
    before = price(start).total_fen
    order, steps = start, [start]

    def step(new: Order) -> None:
        nonlocal order
        order = new
        steps.append(new)
        assert refuses_all(new)
        check_lines(price(new))

    for way in data.draw(st.lists(st.sampled_from(("cash", "bank", "transfer")), max_size=3)):
        left = due(order)
        if way == "cash":
            most = min(left, round_cash(left, mode)) - 1
            if most >= 1:
                step(take_cash(order, data.draw(st.integers(1, most)), mode, 0))
        elif left > 1:
            part = data.draw(st.integers(1, left - 1))
            step(take_reference(order, way, part, "REF123"))  # type: ignore[arg-type]
        assert order.rounding_fen == 0
        assert not paid(order)
    left = due(order)
    assert left + sum(t.fen for t in order.tenders) == before
    if left and data.draw(st.booleans()):
        step(take_reference(order, "bank", None, "REF123"))
        assert order.rounding_fen == 0
    else:
        asked = round_cash(left, mode)
        extra = data.draw(st.none() | amounts(10_000))
        given_fen = None if extra is None else asked + extra
        step(take_cash(order, given_fen, mode, 10_000))
        assert order.rounding_fen == left - asked
        assert change_of(order) == (extra or 0)
    assert paid(order)
    fact = closed(order)
    check_fact(fact)
    assert fact.total_fen + fact.rounding_fen == before
    for was in reversed(steps[:-1]):
        order = take_back(order)
        assert order == was


SIGNED = st.integers(-5_000, 5_000).filter(bool)


@st.composite
def signed_orders(draw: st.DrawFn) -> Order:
    """Lines of either sign, as a return's or an exchange's will be; no door lets them in yet."""
    lines = []
    for number, product in enumerate(draw(st.lists(PRODUCTS, min_size=1, max_size=6)), 1):
        milli = draw(SIGNED) if product.weighed else draw(st.integers(-5, 5).filter(bool)) * MILLI
        lines.append(
            Line(
                number,
                product,
                "",
                milli,
                draw(st.none() | st.integers(1, 500_000)),
                draw(st.sampled_from((0, 500, 3333))),
                draw(amounts(2_000)),
            )
        )
    return Order(
        "o1",
        "2026-03-01T01:00:00.000Z",
        "0042",
        lines=tuple(lines),
        discount_bp=draw(st.sampled_from((0, 0, 1234))),
        discount_fen=draw(amounts(5_000)),
    )


@settings(derandomize=True, max_examples=120, deadline=None)
@given(signed_orders(), st.sampled_from(MODES), st.data())
def test_lines_of_either_sign_add_up(order: Order, mode: RoundingMode, data: st.DataObject) -> None:
    order = replace(order, offers=data.draw(offers_for(order)))
    priced = price(order)
    check_lines(priced)
    for line, sold in zip(order.lines, priced.lines, strict=True):
        assert sold.net_fen * line.milli >= 0
        assert abs(sold.tax_fen) <= abs(sold.net_fen)
        if line.milli < 0:  # what is given back is no base for a discount
            kinds = {a.kind for a in sold.adjustments}
            assert kinds <= {"price", "line_discount"}
    done = take_cash(order, None, mode, 0)
    assert done.rounding_fen == priced.total_fen - round_cash(priced.total_fen, mode)
    fact = closed(done)
    check_fact(fact)
    assert fact.total_fen == round_cash(priced.total_fen, mode)
    assert fact.change_fen == 0


@settings(derandomize=True, max_examples=60, deadline=None)
@given(signed_orders())
def test_goods_returned_cost_what_they_cost_when_sold(order: Order) -> None:
    """Without discounts in fen and on the order a line and its mirror come to nothing."""
    plain = tuple(replace(x, discount_fen=0) for x in order.lines)
    mirror = tuple(replace(x, milli=-x.milli) for x in plain)
    there = price(replace(order, lines=plain, discount_bp=0, discount_fen=0))
    back = price(replace(order, lines=mirror, discount_bp=0, discount_fen=0))
    assert [x.net_fen for x in back.lines] == [-x.net_fen for x in there.lines]
    assert back.tax_fen == -there.tax_fen


def test_a_sale_of_all_rates() -> None:
    order = discount_order(order_of(COLA, MILK, PEARS, BOOK, SMOKES), 7129, bp=1000)
    fact = closed(take_cash(order, 10_000, "down_jiao", 50_000))
    assert [x.net_fen for x in fact.lines] == [315, 1151, 899, 4047, 2498]
    assert [x.tax_fen for x in fact.lines] == [36, 95, 74, 0, 287]
    assert (fact.total_fen, fact.tax_fen, fact.rounding_fen) == (8910, 492, 6)
    assert fact.change_fen == 1090
