"""What can be done to the lines of an open order, and what cannot."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from pos.money import MAX_FEN, MAX_MILLI
from pos.refusal import Refused
from pos.sale.order import (
    MAX_LINES,
    Order,
    Product,
    add,
    change,
    discount_line,
    discount_order,
    set_price,
    set_quantity,
    void_line,
)
from pos.sale.pricing import price
from pos.sale.tenders import take_back, take_cash
from tests.sale.goods import COLA, MILK, PEARS, RICE, SMOKES, order_of


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


# --- adding ---


def test_a_repeat_of_the_last_product_raises_its_quantity() -> None:
    order = add(add(order_of(), COLA, "690", 1000), COLA, "690", 2000)
    assert [(x.line_no, x.milli) for x in order.lines] == [(1, 3000)]
    assert order.next_line == 2


@pytest.mark.parametrize(
    ("first", "again", "barcode", "merge"),
    [
        (PEARS, PEARS, "690", True),
        (COLA, MILK, "690", True),
        (COLA, COLA, "691", True),
        (COLA, COLA, "690", False),
        (COLA, replace(COLA, price_fen=360), "690", True),
    ],
    ids=["weighed", "another", "another barcode", "switched off", "repriced"],
)
def test_a_line_of_its_own(first: Product, again: Product, barcode: str, merge: bool) -> None:
    order = add(add(order_of(), first, "690", 1000), again, barcode, 1000, merge=merge)
    assert [x.line_no for x in order.lines] == [1, 2]


def test_only_the_last_line_is_merged_into() -> None:
    order = order_of(COLA, MILK)
    assert [x.milli for x in add(order, COLA, "", 1000).lines] == [1000, 1000, 1000]


@pytest.mark.parametrize(
    "act",
    [
        lambda o: set_price(o, 1, 300),
        lambda o: discount_line(o, 1, bp=500),
        lambda o: discount_line(o, 1, fen=5),
    ],
)
def test_a_line_somebody_changed_is_not_merged_into(act: Callable[[Order], Order]) -> None:
    order = add(act(order_of(COLA)), COLA, "", 1000)
    assert [x.milli for x in order.lines] == [1000, 1000]
    assert order.lines[1].plain


def test_line_numbers_never_come_twice() -> None:
    order = void_line(order_of(COLA, MILK), 2)
    order = add(order, MILK, "", 1000)
    assert [x.line_no for x in order.lines] == [1, 3]


def test_orders_are_values() -> None:
    order = order_of(COLA)
    add(order, COLA, "", 1000)
    set_price(order, 1, 100)
    void_line(order, 1)
    assert order == order_of(COLA)


# --- quantities ---


@pytest.mark.parametrize(
    ("product", "milli", "code"),
    [
        (COLA, 0, "quantity_not_positive"),
        (COLA, -1000, "quantity_not_positive"),
        (PEARS, -535, "quantity_not_positive"),
        (COLA, 1500, "quantity_not_whole"),
        (COLA, 1, "quantity_not_whole"),
        (COLA, MAX_MILLI + 1000, "quantity_too_large"),
        (PEARS, MAX_MILLI + 1, "quantity_too_large"),
        (replace(COLA, price_fen=MAX_FEN), 2000, "quantity_too_large"),
    ],
)
def test_quantities_that_cannot_be_meant(product: Product, milli: int, code: str) -> None:
    assert code_of(lambda: add(order_of(), product, "", milli)) == code
    order = order_of(product)
    assert code_of(lambda: set_quantity(order, 1, milli)) == code


def test_the_most_that_can_be_meant() -> None:
    assert add(order_of(), COLA, "", MAX_MILLI).lines[0].milli == MAX_MILLI
    assert add(order_of(), replace(COLA, price_fen=MAX_FEN), "", 1000).lines


def test_a_merged_quantity_is_checked_as_a_whole() -> None:
    order = add(order_of(), COLA, "", MAX_MILLI)
    assert code_of(lambda: add(order, COLA, "", 1000)) == "quantity_too_large"


def test_a_raised_price_counts_in_the_quantity_too() -> None:
    order = set_price(order_of(COLA), 1, MAX_FEN)
    assert code_of(lambda: set_quantity(order, 1, 2000)) == "quantity_too_large"
    many = set_quantity(order_of(COLA), 1, MAX_MILLI)
    assert code_of(lambda: set_price(many, 1, MAX_FEN)) == "price_out_of_range"


def test_no_more_lines_than_fit() -> None:
    order = order_of(*([COLA] * MAX_LINES))
    assert code_of(lambda: add(order, MILK, "", 1000)) == "too_many_lines"
    assert add(order, COLA, "", 1000).lines[-1].milli == 2000


# --- prices and discounts ---


@pytest.mark.parametrize("fen", [0, -1, MAX_FEN + 1])
def test_prices_out_of_range(fen: int) -> None:
    assert code_of(lambda: set_price(order_of(COLA), 1, fen)) == "price_out_of_range"


def test_no_price_below_the_lowest() -> None:
    order = order_of(RICE)
    with pytest.raises(Refused) as caught:
        set_price(order, 1, 4999)
    assert (caught.value.code, caught.value.values) == ("price_below_lowest", {"lowest": 5000})
    assert price(set_price(order, 1, 5000)).total_fen == 5000


def test_a_new_price_ends_the_lines_discount() -> None:
    for discounted in (
        discount_line(order_of(COLA), 1, bp=1000),
        discount_line(order_of(COLA), 1, fen=100),
    ):
        assert price(set_price(discounted, 1, 300)).total_fen == 300


@pytest.mark.parametrize(
    ("bp", "fen", "code"),
    [
        (10_000, 0, "discount_too_large"),
        (12_000, 0, "discount_too_large"),
        (0, 351, "discount_too_large"),
        (-1, 0, "discount_negative"),
        (0, -1, "discount_negative"),
    ],
)
def test_discounts_that_cannot_be_meant(bp: int, fen: int, code: str) -> None:
    order = order_of(COLA)
    assert code_of(lambda: discount_line(order, 1, bp=bp, fen=fen)) == code
    assert code_of(lambda: discount_order(order, 350, bp=bp, fen=fen)) == code


def test_a_discount_is_measured_by_the_changed_price() -> None:
    order = set_price(order_of(COLA), 1, 100)
    assert code_of(lambda: discount_line(order, 1, fen=101)) == "discount_too_large"
    assert price(discount_line(order, 1, fen=99)).total_fen == 1


def test_what_has_no_discount() -> None:
    order = order_of(SMOKES)
    assert code_of(lambda: discount_line(order, 1, bp=500)) == "not_discountable"
    assert code_of(lambda: discount_line(order, 1, fen=5)) == "not_discountable"
    assert discount_line(order, 1) == order
    left = price(order).discountable_fen
    assert left == 0
    assert code_of(lambda: discount_order(order, left, bp=500)) == "nothing_discountable"


def test_an_order_discount_leaves_alone_what_has_none() -> None:
    order = order_of(SMOKES, COLA)
    priced = price(discount_order(order, price(order).discountable_fen, bp=1000))
    assert [x.net_fen for x in priced.lines] == [2500, 315]
    assert code_of(lambda: discount_order(order, 350, fen=351)) == "discount_too_large"


def test_discounts_end() -> None:
    order = order_of(COLA)
    assert discount_line(discount_line(order, 1, bp=500), 1) == order
    assert discount_order(discount_order(order, 350, fen=50), 350) == order
    assert code_of(lambda: discount_order(order_of(), 0, bp=500)) == "order_empty"


def test_a_discount_in_fen_ends_when_goods_go() -> None:
    order = discount_line(add(order_of(), COLA, "", 3000), 1, fen=700)
    assert price(set_quantity(order, 1, 1000)).total_fen == 350


# --- the freeze ---

MUTATIONS: dict[str, Callable[[Order], Order]] = {
    "add": lambda o: add(o, MILK, "", 1000),
    "add again": lambda o: add(o, o.lines[-1].product, "", 1000),
    "change": lambda o: change(o, replace(o.lines[0], milli=5000)),
    "set_quantity": lambda o: set_quantity(o, 1, 2000),
    "set_price": lambda o: set_price(o, 1, 300),
    "discount_line bp": lambda o: discount_line(o, 1, bp=100),
    "discount_line fen": lambda o: discount_line(o, 1, fen=1),
    "discount_line none": lambda o: discount_line(o, 1),
    "discount_order bp": lambda o: discount_order(o, 350, bp=100),
    "discount_order fen": lambda o: discount_order(o, 350, fen=1),
    "discount_order none": lambda o: discount_order(o, 350),
    "void_line": lambda o: void_line(o, 1),
}


@pytest.mark.parametrize("act", MUTATIONS.values(), ids=MUTATIONS.keys())
def test_prices_freeze_at_the_first_tender(act: Callable[[Order], Order]) -> None:
    order = order_of(COLA, MILK)
    act(order)
    for given in (1, 1630):
        frozen = take_cash(order, given, "none", 0)
        assert code_of(lambda frozen=frozen: act(frozen)) == "prices_frozen"  # type: ignore[misc]
        act(take_back(frozen))


@pytest.mark.parametrize(
    "act",
    [
        lambda o: set_quantity(o, 9, 1000),
        lambda o: set_price(o, 9, 100),
        lambda o: discount_line(o, 9, bp=1),
        lambda o: void_line(o, 9),
        lambda o: change(o, replace(o.lines[0], line_no=9)),
    ],
)
def test_a_line_that_is_gone(act: Callable[[Order], Order]) -> None:
    assert code_of(lambda: act(order_of(COLA))) == "no_line"
