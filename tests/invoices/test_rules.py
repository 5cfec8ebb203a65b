"""What is invoiced of an order: Σ lines − stored value, the stored split, limits, rates, codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.invoices.building import (
    PREPAID,
    Codes,
    Order,
    check_rates,
    documents,
    invoiceable,
    invoiceable_fen,
    number_of,
)
from pos.invoices.classification import Classification, load, significant
from pos.invoices.document import Limits, Sold
from pos.invoices.settings import InvoiceSettings, Rates, rates_on
from pos.money import tax_within
from pos.refusal import Refused
from tests.invoices.orders import (
    AT,
    BISCUIT,
    CODES,
    COMPANY,
    LINES,
    NUMBER,
    ORDER,
    TABLE,
    back,
    document,
    sold,
)

REAL_CODES = Path(__file__).parents[3] / "shared" / "data" / "tax-classification-codes.csv"


def test_an_order_as_it_was_sold() -> None:
    found = document()
    assert found.invoice_no == NUMBER + "01"
    assert len(found.invoice_no) <= 20
    rows = [
        (i.n, i.line_no, i.gross_fen, i.discount_fen, i.net_fen, i.tax_fen) for i in found.items
    ]
    # the free line is left out; the discount row of the first takes a number of its own
    assert rows == [(1, 1, 990, 110, 880, 101), (3, 2, 350, 0, 350, 40), (4, 4, 2456, 0, 2456, 0)]
    assert [i.short_name for i in found.items] == ["焙烤食品", "软饮料", "禽蛋"]
    assert [i.zero for i in found.items] == ["", "", "exempt"]
    assert (found.total_fen, found.tax_fen) == (3686, 141)


def test_the_stored_split_is_not_worked_out_again() -> None:
    line = replace(sold(1, "饼干", 1000, 990), tax_fen=113)  # one fen off what the rate gives
    found = document(Order(NUMBER, (line,)))
    assert found.tax_fen == 113


def test_stored_value_is_not_invoiced() -> None:
    order = Order(NUMBER, (sold(1, "饼干", 1000, 1000), sold(2, "水", 1000, 500)), stored_fen=600)
    left = invoiceable(order)
    assert [line.net_fen for line in left] == [600, 300]
    assert [line.tax_fen for line in left] == [tax_within(600, 1300), tax_within(300, 1300)]
    assert document(order).total_fen == 900
    with pytest.raises(Refused, match="invoice_stored"):
        invoiceable(replace(order, stored_fen=1500))
    assert invoiceable_fen(replace(order, stored_fen=1500)) == 0


def test_stored_value_paid_in_is_untaxed_and_never_special() -> None:
    table = Codes(Classification({PREPAID: ("预付卡销售和充值", "预付卡销售")}))
    order = Order(NUMBER, (sold(1, "会员充值", 1000, 10_000, tax_bp=0, tax_code=PREPAID),))
    (found,) = documents(order, "normal", COMPANY, table, Limits(), 1, AT)
    assert [(i.tax_code, i.zero, i.tax_fen) for i in found.items] == [(PREPAID, "untaxed", 0)]
    with pytest.raises(Refused, match="invoice_prepaid_special"):
        documents(order, "special", COMPANY, table, Limits(), 1, AT)


def test_what_came_back_is_not_invoiced() -> None:
    one, two = LINES[0], LINES[1]
    half = back(one, 1000, 440, 495)
    order = Order(NUMBER, (one, two), (half,))
    left = invoiceable(order)
    assert [(line.milli, line.net_fen, line.tax_fen) for line in left] == [
        (1000, 440, one.tax_fen + half.tax_fen),
        (1000, 350, 40),
    ]
    gone = (back(one, 2000, 880, 990), back(two, 1000, 350, 350))
    with pytest.raises(Refused, match="invoice_returned"):
        invoiceable(Order(NUMBER, (one, two), gone))


def test_a_return_itself_has_nothing_to_invoice() -> None:
    with pytest.raises(Refused, match="invoice_nothing"):
        invoiceable(Order(NUMBER, (back(LINES[0], 2000, 880, 990),)))
    # an exchange invoices what was bought
    order = Order(NUMBER, (LINES[1], back(LINES[0], 2000, 880, 990)))
    assert [line.line_no for line in invoiceable(order)] == [2]


def test_a_price_that_was_raised_has_no_discount_row() -> None:
    (item,) = document(Order(NUMBER, (sold(1, "饼干", 1000, 500, 600),))).items
    assert (item.gross_fen, item.discount_fen, item.rows) == (600, 0, 1)


def test_a_dear_order_is_split() -> None:
    lines = (sold(1, "冰箱", 3000, 90_000), sold(2, "水", 1000, 500), sold(3, "茶", 1000, 39_600))
    parts = documents(Order(NUMBER, lines), "normal", COMPANY, CODES, Limits(fen=40_000), 3, AT)
    assert [p.invoice_no[-2:] for p in parts] == ["03", "04", "05", "06"]
    assert [p.total_fen for p in parts] == [30_000, 30_000, 30_500, 39_600]
    assert sum(p.tax_fen for p in parts) == sum(line.tax_fen for line in lines)
    assert [i.milli for p in parts for i in p.items] == [1000, 1000, 1000, 1000, 1000]


def test_many_rows_are_split_with_their_discounts() -> None:
    lines = [sold(n, f"糖{n}", 1000, 100, 90) for n in range(1, 8)]
    parts = documents(Order(NUMBER, tuple(lines)), "normal", COMPANY, CODES, Limits(rows=5), 1, AT)
    assert [len(p.items) for p in parts] == [2, 2, 2, 1]
    assert all(sum(i.rows for i in p.items) <= 5 for p in parts)


def test_too_many_parts_are_refused() -> None:
    order = Order(NUMBER, (sold(1, "金条", 20_000, 2_000_000),))
    with pytest.raises(Refused, match="invoice_too_large"):
        documents(order, "normal", COMPANY, CODES, Limits(fen=100_000), 1, AT)
    with pytest.raises(Refused, match="invoice_too_large"):
        documents(ORDER, "normal", COMPANY, CODES, Limits(), 100, AT)
    with pytest.raises(Refused, match="invoice_too_many"):
        number_of(NUMBER, 100)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 99_000), st.integers(1, 200_000), st.integers(0, 100),
            st.sampled_from([1300, 900, 600, 300, 100, 0]),
        ),
        min_size=1, max_size=8,
    ),
    st.integers(0, 400_000),
    st.sampled_from([0, 5_000, 80_000]),
)  # fmt: skip
def test_no_fen_is_lost(told: Sequence[tuple[int, int, int, int]], stored: int, most: int) -> None:
    """Σ invoices = Σ lines − stored value; every row passes the bureau's checks."""
    lines = tuple(
        sold(n, f"货{n}", milli, fen, fen * percent // 100, bp)
        for n, (milli, fen, percent, bp) in enumerate(told, 1)
    )
    paid = sum(line.net_fen for line in lines)
    order = Order(NUMBER, lines, stored_fen=stored)
    try:
        parts = documents(order, "normal", COMPANY, CODES, Limits(fen=most, rows=6), 1, AT)
    except Refused as refused:
        expected = (
            {"invoice_nothing", "invoice_stored"} if paid <= stored else {"invoice_too_large"}
        )
        if refused.code not in expected:
            raise
        return
    items = [item for part in parts for item in part.items]
    assert sum(item.net_fen for item in items) == paid - stored
    if not stored:
        assert sum(item.tax_fen for item in items) == sum(line.tax_fen for line in lines)
    for item in items:
        assert item.net_fen > 0
        for fen, tax in ((item.gross_fen, item.gross_tax_fen), (item.net_fen, item.tax_fen)):
            assert abs((fen - tax) * item.tax_bp / 10_000 - tax) <= 6
    for part in parts:
        numbers = [item.n for item in part.items]
        assert numbers[0] == 1
        assert numbers == sorted(set(numbers))
        assert not most or part.total_fen <= most or len(part.items) == 1


def test_rates_by_day_and_taxpayer() -> None:
    settings = InvoiceSettings(
        rates=(Rates("2026-01-01", ("13%", "9%"), ("1%",)), Rates("2027-01-01", ("12%",), ("3%",)))
    )
    assert rates_on(settings, date(2025, 12, 31)) == frozenset()
    assert rates_on(settings, date(2026, 7, 1)) == {1300, 900}
    assert rates_on(settings, date(2027, 1, 1)) == {1200}
    small = replace(settings, taxpayer="small")
    assert rates_on(small, date(2026, 7, 1)) == {100}
    with pytest.raises(Refused) as refused:
        check_rates(LINES, frozenset({1300}), "")
    assert refused.value.values == {"name": "散养鸡蛋", "rate": "0%"}


def test_a_small_taxpayers_three_percent_needs_a_reason() -> None:
    lines = [sold(1, "饼干", 1000, 1000, tax_bp=300)]
    usual = rates_on(InvoiceSettings(taxpayer="small"), date(2026, 7, 1))
    with pytest.raises(Refused, match="invoice_waiver"):
        check_rates(lines, usual, "")
    check_rates(lines, usual, "choice")
    check_rates([sold(1, "饼干", 1000, 1000, tax_bp=100)], usual, "")


def test_goods_without_a_usable_code() -> None:
    bare = Codes(TABLE)
    for line, code in (
        (sold(1, "饼干", 1000, 100), "invoice_code_missing"),
        (sold(1, "饼干", 1000, 100, tax_code="1030201000000000000"), "invoice_code_general"),
        (sold(1, "饼干", 1000, 100, tax_code="9"), "invoice_code_unknown"),
    ):
        with pytest.raises(Refused, match=code):
            bare.of(line)
    # the goods' own code comes before their category's and the shop's
    assert CODES.of(sold(1, "水", 1000, 100, category="饮料", tax_code=BISCUIT)).code == BISCUIT


def test_names_lose_what_no_invoice_prints() -> None:
    line = replace(sold(1, "🍎=苹果\u202e 🎁", 1000, 100), unit="袋" * 30)
    (item,) = document(Order(NUMBER, (line,))).items
    assert item.name == "苹果"
    assert len(item.unit) == 20
    long = Sold(1, "字" * 200, "", 1000, 100, 100, 1300, 12)
    assert len(document(Order(NUMBER, (long,))).items[0].name) == 90


def test_a_table_of_codes(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(f"编码,名称,简称\n{BISCUIT},饼干,焙烤食品\n1,货物,货物\nx,y,z\n", "gb18030")
    assert load(path).leaf(BISCUIT, "").short_name == "焙烤食品"
    path.write_text(f"official_code,official_name,category_short_name\n{BISCUIT},饼干,焙烤\n")
    assert load(path).leaf(BISCUIT, "").short_name == "焙烤"
    for text, code in (("a,b\n1,2\n", "header"), ("编码,名称,简称\nx,y,z\n", "empty")):
        path.write_text(text, "utf-8")
        with pytest.raises(Refused, match=f"invoice_codes_{code}"):
            load(path)
    with pytest.raises(Refused, match="invoice_codes_missing"):
        load(tmp_path / "none.csv")


def test_groups_are_told_from_leaves() -> None:
    assert significant(BISCUIT) == "103020103"
    assert significant("1000000000000000000") == "1"
    assert significant("6010000000000000000") == "601"
    table = Classification(
        {"3070401000000000000": ("餐饮", "餐饮"), "3070400000000000000": ("", "")}
    )
    assert table.leaves == 1


@pytest.mark.skipif(not REAL_CODES.exists(), reason="the official table is not here")
def test_the_official_table() -> None:
    table = load(REAL_CODES)
    # the pairs count: 1030101 0… is no group of 1030101 1…
    assert (len(table), table.leaves) == (4205, 3461)
    assert table.leaf("6010000000000000000", "").name
    assert table.leaf("1010303020100000000", "").short_name == "畜禽产品"
    with pytest.raises(Refused, match="invoice_code_general"):
        table.leaf("1010303020000000000", "蛋")
