"""What is kept of each line, field by field, and of which offer each fen was."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pos.record import Adjustment, SoldLine
from pos.sale.offers import LineOffer, Offers, OrderOffer
from pos.sale.order import Line, Product
from pos.sale.pricing import price
from tests.sale.goods import COLA, MILK, order_of

PACK = Product(7, "A7", "可乐六罐", "组", 2000, 1300, factor=6)
LINE = Line(3, PACK, "6901234567892", 2000, seller="0007", account="acc-1")
SOLD = SoldLine(
    line_no=3,
    product_id=7,
    sku="A7",
    barcode="6901234567892",
    name="可乐六罐",
    unit="组",
    milli=2000,
    unit_fen=2000,
    list_fen=4000,
    adjustments=(),
    net_fen=4000,
    tax_bp=1300,
    tax_fen=460,
    factor=6,
    seller="0007",
    account="acc-1",
)


def test_every_field_of_a_line_is_kept() -> None:
    order = replace(order_of(), lines=(LINE,), next_line=4)
    assert price(order).lines == (SOLD,)


@pytest.mark.parametrize("field", ["seller", "account", "barcode"])
def test_what_nobody_named_stays_empty(field: str) -> None:
    order = replace(order_of(), lines=(replace(LINE, **{field: ""}),), next_line=4)
    assert price(order).lines == (replace(SOLD, **{field: ""}),)


def test_each_fen_is_kept_with_its_offer() -> None:
    offers = Offers(
        (LineOffer("member", 1, 50), LineOffer("promotion", 1, 30, "second half")),
        (OrderOffer("order_promotion", 100, "spend"), OrderOffer("coupon", 50, "C1")),
    )
    order = replace(order_of(COLA, MILK), offers=offers, rounding_fen=5)
    order = replace(order, lines=(replace(order.lines[0], discount_fen=20), order.lines[1]))
    first, second = price(order).lines
    assert first.adjustments[:3] == (
        Adjustment("member", 50),
        Adjustment("promotion", 30, "second half"),
        Adjustment("line_discount", 20),
    )
    shared = [
        a for line in (first, second) for a in line.adjustments if a not in first.adjustments[:3]
    ]
    sums: dict[tuple[str, str], int] = {}
    for one in shared:
        sums[one.kind, one.offer] = sums.get((one.kind, one.offer), 0) + one.fen
    assert sums == {
        ("order_promotion", "spend"): 100,
        ("coupon", "C1"): 50,
        ("rounding", ""): 5,
    }
    assert first.net_fen + second.net_fen == 350 + 1280 - 100 - 155


def test_an_offer_that_gives_nothing_leaves_no_trace() -> None:
    offers = Offers((LineOffer("promotion", 1, 0, "o1"),), (OrderOffer("coupon", 0, "C1"),))
    [line] = price(replace(order_of(COLA), offers=offers)).lines
    assert line.adjustments == ()
    assert (line.net_fen, line.list_fen) == (350, 350)


def test_an_offer_is_for_the_line_it_names() -> None:
    offers = Offers((LineOffer("promotion", 2, 80, "o1"),))
    first, second = price(replace(order_of(COLA, MILK), offers=offers)).lines
    assert (first.adjustments, second.adjustments) == ((), (Adjustment("promotion", 80, "o1"),))
