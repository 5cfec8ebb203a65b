"""Returns: parts that close to zero, exchanges, 反结账."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.money import MAX_FEN, half_up, tax_within
from pos.record import Adjustment, OrderClosed, SoldLine, Taken
from pos.refusal import Refused
from pos.sale import order as rules
from pos.sale import refunds, returns
from pos.sale.order import Product
from pos.sale.pricing import price
from pos.sale.refunds import Back
from pos.sale.returns import Returned, Sold, Wanted
from pos.sale.tenders import take_cash, take_reference
from tests.sale.goods import COLA, MILK, PEARS, SMOKES, closed, order_of
from tests.sale.returned import (
    STEADY,
    balanced,
    by_kind,
    one_by_one,
    returning,
    sold_in_parts,
    sold_line,
)


@STEADY
@given(sold_in_parts())
def test_parts_close_to_zero(case: tuple[SoldLine, list[int]]) -> None:
    line, parts = case
    gone = one_by_one(line, parts)
    assert sum(x.milli for x in gone) == -line.milli
    assert sum(x.list_fen for x in gone) == -line.list_fen
    assert sum(x.net_fen for x in gone) == -line.net_fen
    assert sum(x.tax_fen for x in gone) == -line.tax_fen
    assert sum(x.cost_fen or 0 for x in gone) == -(line.cost_fen or 0)
    assert sum(x.points for x in gone) == -line.points
    assert all(x.points <= 0 for x in gone)
    back = by_kind([a for x in gone for a in x.adjustments])
    assert back == {kind: -fen for kind, fen in by_kind(line.adjustments).items()}
    one_sign = all(a.fen > 0 for a in line.adjustments)
    for x in gone:
        assert balanced(x)
        assert x.net_fen <= 0
        assert x.net_fen <= x.tax_fen <= 0
        assert not one_sign or all(a.fen < 0 for a in x.adjustments)
        assert not one_sign or x.list_fen <= x.net_fen
        assert (x.of_order, x.of_line) == ("o1", 1)


@STEADY
@given(sold_in_parts())
def test_each_part_is_the_difference_of_two_rounded_sums(case: tuple[SoldLine, list[int]]) -> None:
    line, parts = case
    gone = one_by_one(line, parts)
    sums = accumulate(x.net_fen for x in gone)
    for net, upto in zip(sums, accumulate(parts), strict=True):
        assert -net == half_up(line.net_fen * upto, line.milli)
    if line.list_fen * 1000 % line.milli == 0 and all(a.fen > 0 for a in line.adjustments):
        unit = line.list_fen * 1000 // line.milli
        for x in gone:
            if line.milli % 1000 == 0:
                assert x.list_fen * 1000 == unit * x.milli  # pieces keep their list price


@STEADY
@given(sold_in_parts(), st.data())
def test_the_order_of_returns_does_not_matter(
    case: tuple[SoldLine, list[int]], data: st.DataObject
) -> None:
    line, parts = case
    other = data.draw(st.permutations(parts))
    keep = data.draw(st.integers(0, len(parts) - 1))
    # any two sequences that reach the same quantity gave the same money, tax and adjustments
    reached = sum(parts[:keep])
    ways = [one_by_one(line, parts[:keep])]
    ways += [one_by_one(line, other[:n]) for n in range(len(other)) if sum(other[:n]) == reached]
    sums = [returns.before_of(way).get(("o1", 1), returns.NOTHING) for way in ways]
    told = [(s.milli, s.list_fen, s.net_fen, s.tax_fen, by_kind(s.adjustments)) for s in sums]
    assert all(one == told[0] for one in told)


def test_a_third_of_ten_yuan() -> None:
    gone = one_by_one(sold_line(3000, 1200, [("promotion", 200)]), [1000, 1000, 1000])
    assert [x.net_fen for x in gone] == [-333, -334, -333]
    assert [x.list_fen for x in gone] == [-400, -400, -400]


def test_some_damaged_some_not() -> None:
    sold = Sold("o1", (sold_line(3000, 1000),), ())
    lines = returns.bring_back(sold, [Wanted(1, 1000, "damaged"), Wanted(1, 2000)], first_line=5)
    assert [(x.line_no, x.net_fen, x.condition) for x in lines] == [
        (5, -333, "damaged"),
        (6, -667, "stock"),
    ]


@pytest.mark.parametrize(
    ("milli", "line_no", "code"),
    [
        (0, 1, "return_not_positive"),
        (-1000, 1, "return_not_positive"),
        (1500, 1, "return_not_whole"),
        (3000, 1, "return_too_much"),
        (1000, 9, "no_line"),
        (1000, 2, "return_of_return"),
    ],
)
def test_what_cannot_come_back(milli: int, line_no: int, code: str) -> None:
    back = returns.bring_back(Sold("o0", (sold_line(1000, 350),), ()), [Wanted(1, 1000)])[0]
    lines = (sold_line(3000, 1000), replace(back, line_no=2))
    sold = Sold("o1", lines, (), {1: Returned(1000, 333, 333, 38)})
    with pytest.raises(Refused) as refused:
        returns.bring_back(sold, [Wanted(line_no, milli)])
    assert refused.value.code == code


def test_nothing_is_left_after_everything() -> None:
    line = sold_line(2000, 700)
    before = returns.before_of(one_by_one(line, [1000]))
    sold = Sold("o1", (line,), (), {n: done for (_, n), done in before.items()})
    assert returns.everything(sold) == (Wanted(1, 1000),)
    all_back = replace(sold, before={1: Returned(2000, 700, 700, line.tax_fen)})
    with pytest.raises(Refused, match="all_returned"):
        returns.everything(all_back)


def test_exchange_either_way() -> None:
    tenders = (Taken("alipay", 1000, 1000, "b" * 32),)
    sold = Sold("o1", (sold_line(1000, 1000),), tenders)
    lines = returns.bring_back(sold, [Wanted(1, 1000)])
    dearer = refunds.settle(lines, [sold], new_fen=1500)
    assert (dearer.due_fen, dearer.backs) == (500, ())
    even = refunds.settle(lines, [sold], new_fen=1000)
    assert (even.due_fen, even.backs) == (0, ())
    cheaper = refunds.settle(lines, [sold], new_fen=633, mode="down_jiao")
    assert cheaper.backs == (Back("alipay", 367, "b" * 32, 1, "o1"),)  # a wallet is not rounded


def test_two_receipts_in_one_return() -> None:
    one = Sold("o1", (sold_line(1000, 700),), (Taken("wechat", 700, 700, "c" * 32),))
    two = Sold("o2", (sold_line(1000, 500),), (Taken("cash", 500, 500),))
    lines = [line for sold in (one, two) for line in returns.bring_back(sold, [Wanted(1, 1000)])]
    bare = returns.without_receipt(COLA, "690", 1000, "damaged", line_no=3)
    settled = refunds.settle((*lines, bare), [one, two], mode="none")
    assert settled.backs == (Back("wechat", 700, "c" * 32, 1, "o1"), Back("cash", 850))


def test_goods_of_an_exchange_come_back_too() -> None:
    """10.00 paid with goods of 6.00 and 4.00 by card: the card gets 4.00, the rest is cash."""
    sold = Sold("o1", (sold_line(1000, 1000),), (Taken("bank", 400, 400, "REF9"),))
    settled = refunds.settle(returns.bring_back(sold, [Wanted(1, 1000)]), [sold])
    assert settled.backs == (Back("bank", 400, "REF9", 1, "o1"), Back("cash", 600))


def test_without_a_receipt() -> None:
    line = returns.without_receipt(PEARS, "", 535, "stock")
    assert (line.milli, line.list_fen, line.net_fen) == (-535, -534, -534)
    assert line.tax_fen == -tax_within(534, 900)
    assert (line.of_order, line.of_line) == ("", 0)
    lower = returns.without_receipt(COLA, "", 2000, "stock", price_fen=300)
    assert (lower.list_fen, lower.net_fen) == (-700, -600)
    assert lower.adjustments == (Adjustment("price", -100),)
    assert balanced(lower)
    with pytest.raises(Refused, match="return_above_list"):
        returns.without_receipt(COLA, "", 1000, "stock", price_fen=351)
    with pytest.raises(Refused, match="quantity_not_whole"):
        returns.without_receipt(COLA, "", 1500, "stock")


def test_limits_of_the_shop() -> None:
    bare = returns.without_receipt(COLA, "", 2000, "stock")
    own = returns.bring_back(Sold("o1", (sold_line(1000, 900),), ()), [Wanted(1, 1000)])
    mine = {"o1"}
    returns.check_limits([bare, *own], without_receipt_fen=700, other_till_fen=0, own=mine)
    with pytest.raises(Refused, match="return_over_limit"):
        returns.check_limits([bare], without_receipt_fen=699, other_till_fen=0, own=mine)
    with pytest.raises(Refused, match="return_unconfirmed"):
        returns.check_limits(own, without_receipt_fen=0, other_till_fen=899, own=set())
    returns.check_age("2026-03-01", "2026-03-08", 7)
    returns.check_age("2026-03-01", "2027-03-08", 0)
    with pytest.raises(Refused, match="return_too_late"):
        returns.check_age("2026-03-01", "2026-03-09", 7)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("000201010000001", "return_other_shop"),
        ("00010101000001", "not_an_order_number"),
        ("00010101000000x", "not_an_order_number"),
        ("０００１０１０１００００００１", "not_an_order_number"),
        ("", "not_an_order_number"),
    ],
)
def test_numbers_of_other_places(number: str, code: str) -> None:
    assert returns.till_of("000107010000001", "0001") == "07"
    with pytest.raises(Refused) as refused:
        returns.till_of(number, "0001")
    assert refused.value.code == code


def test_lines_and_money_of_a_return_must_agree() -> None:
    line = returns.without_receipt(COLA, "", 1000, "stock")
    with pytest.raises(Refused, match="still_due"):
        closed(replace(returning([line]), tenders=(Taken("cash", -349, -349),)))
    with pytest.raises(Refused, match="order_empty"):
        closed(replace(returning([]), tenders=(Taken("cash", 0, 0),)))
    exchange = rules.bring_back(order_of(MILK), line)
    fact = closed(take_cash(exchange, 1000, "none", MAX_FEN))
    assert [x.line_no for x in fact.lines] == [1, 2]
    assert (fact.total_fen, fact.change_fen) == (930, 70)
    assert [x.net_fen for x in fact.lines] == [1280, -350]


def test_nothing_of_the_pipeline_touches_what_came_back() -> None:
    back = returns.without_receipt(COLA, "", 2000, "damaged")
    order = rules.bring_back(order_of(MILK, COLA), back)
    discounted = rules.discount_order(order, price(order).discountable_fen, bp=1000)
    priced = price(discounted)
    assert price(order).discountable_fen == 1280 + 350
    assert priced.total_fen == 1280 + 350 - 163 - 700
    assert priced.lines[2] == replace(back, line_no=3)
    with pytest.raises(Refused, match="return_line_fixed"):
        rules.set_quantity(order, 3, 1000)
    with pytest.raises(Refused, match="return_line_fixed"):
        rules.set_price(order, 3, 100)
    with pytest.raises(Refused, match="return_line_fixed"):
        rules.discount_line(order, 3, bp=1000)
    again = rules.add(order, COLA, "", 1000)
    assert [line.milli for line in again.lines] == [1000, 1000, -2000, 1000]
    fixed = rules.discount_order(order, price(order).discountable_fen, fen=30)
    assert rules.void_line(fixed, 3).discount_fen == 30
    rounded = take_cash(order, None, "down_yuan", MAX_FEN)
    assert rounded.rounding_fen == 30
    assert price(rounded).lines[2].net_fen == -700


# --- 反结账 ---


def products() -> dict[int, Product]:
    return {p.product_id: p for p in (COLA, MILK, PEARS, SMOKES)}


def again(fact: OrderClosed, before: dict[int, Returned] | None = None) -> rules.Order:
    return refunds.reopen(
        fact, before or {}, products(), order_id="o2", opened_at="t", operator="1001"
    )


@STEADY
@given(st.integers(1, 9), st.integers(1, 3000), st.integers(0, 40), st.integers(0, 500))
def test_a_reopened_order_costs_the_same(
    pieces: int, weight: int, percent: int, order_fen: int
) -> None:
    order = order_of(COLA, MILK, SMOKES)
    order = rules.add(order, PEARS, "", weight)
    order = rules.change(order, replace(order.line(1), milli=pieces * 1000))
    order = rules.change(order, replace(order.line(2), price_fen=1111))
    order = rules.discount_line(order, 1, bp=percent * 100)
    order = rules.discount_order(order, price(order).discountable_fen, fen=order_fen)
    fact = closed(take_reference(order, "bank", None, "REF123"))
    opened = again(fact)
    assert price(opened).total_fen == fact.total_fen
    assert [(x.product.sku, x.milli) for x in opened.lines] == [
        (x.sku, x.milli) for x in fact.lines
    ]
    assert opened.line(4).product.weighed
    assert not opened.line(3).product.discountable
    full = Sold("o1", fact.lines, fact.tenders)
    settled = refunds.settle(returns.bring_back(full, returns.everything(full)), [full])
    assert settled.backs == (Back("bank", fact.total_fen, "REF123", 1, "o1"),)


def test_a_scale_label_keeps_its_amount() -> None:
    order = order_of(COLA)
    order = rules.add(order, PEARS, "22", 535, amount_fen=999)
    opened = again(closed(take_cash(order, None, "down_yuan", MAX_FEN)))
    assert opened.line(2).amount_fen == 999
    assert opened.rounding_fen == 0


def test_no_reopening_of_what_came_back() -> None:
    fact = closed(take_cash(order_of(COLA), None, "none", MAX_FEN))
    with pytest.raises(Refused, match="return_before_reopen"):
        again(fact, {1: Returned(1000, 350, 350, 40)})
    back = returns.without_receipt(COLA, "", 1000, "stock")
    with pytest.raises(Refused, match="return_before_reopen"):
        again(replace(fact, lines=(back,)))
