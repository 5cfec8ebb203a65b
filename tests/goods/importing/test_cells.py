"""One cell: what it means, or what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.goods.importing.guard import guard, guard_as_text, unguard
from tests.goods.importing.files import Shop


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("12.50", 1250),
        (" 12.50 ", 1250),
        (".5", 50),
        ("5.", 500),
        ("0", 0),
        ("+5", 500),
        ("¥12.5", 1250),
        ("￥12.5", 1250),
        ("12.5元", 1250),
        ("RMB 12.5", 1250),
        ("１２．５０", 1250),
        ("1,234.50", 123450),
        ("1，234", 123400),
        ("12.30000001", 1230),
        ("0.30000000000000004", 30),
        ("12.9999999999", 1300),
        ("12.5000", 1250),
        ("", None),
        ("-", None),
        ("—", None),
        ("无", None),
        ("NULL", None),
        ("'12.50", 1250),
    ],
)
def test_amounts(shop: Shop, cell: str, fen: int | None) -> None:
    assert shop.cell("进价", cell).row["cost_fen"] == fen


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("-5", "amount_negative"),
        ("(5.00)", "amount_negative"),
        ("－5", "amount_negative"),
        ("5.005", "amount_decimals"),
        ("12.345678", "amount_decimals"),
        ("6901234567892", "amount_too_large"),
        ("99999999", "amount_too_large"),
        ("1,2", "not_an_amount_cell"),
        ("1,20", "not_an_amount_cell"),
        ("1.234,50", "not_an_amount_cell"),
        ("12,34,567", "not_an_amount_cell"),
        ("5.98元/斤", "not_an_amount_cell"),
        ("$5", "not_an_amount_cell"),
        ("1e3", "not_an_amount_cell"),
        ("1E+05", "not_an_amount_cell"),
        ("五元", "not_an_amount_cell"),
        ("nan%", "not_an_amount_cell"),
        ("٣", "not_an_amount_cell"),
        ("=B2*1.2", "cell_formula"),
        ("#N/A", "cell_excel_error"),
        ("#REF!", "cell_excel_error"),
        ("####", "cell_excel_error"),
        ("1" * 400, "not_an_amount_cell"),
    ],
)
def test_amounts_that_are_none(shop: Shop, cell: str, code: str) -> None:
    assert shop.cell("进价", cell).rejected == [(2, "进价", code)]


@pytest.mark.parametrize(
    ("cell", "bp"),
    [
        ("13%", 1300),
        ("13", 1300),
        ("0.13", 1300),
        ("13％", 1300),
        ("13.00%", 1300),
        ("0.13000000000000003", 1300),
        ("9 %", 900),
        ("0.09", 900),
        ("1", 100),
        ("0.5%", 50),
        ("0.03", 300),
        ("0", 0),
        ("0%", 0),
        ("免税", 0),
        ("不征税", 0),
        ("", None),
    ],
)
def test_tax_rates(shop: Shop, cell: str, bp: int | None) -> None:
    assert shop.cell("税率", cell).row["tax_bp"] == bp


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("x%", "not_a_tax_rate"),
        ("99%", "not_a_tax_rate"),
        ("-1%", "not_a_tax_rate"),
        ("0.125%", "not_a_tax_rate"),
        ("0.5", "tax_unclear"),
        ("%", "not_a_tax_rate"),
        ("=0.13", "cell_formula"),
    ],
)
def test_tax_rates_that_are_none(shop: Shop, cell: str, code: str) -> None:
    assert shop.cell("税率", cell).rejected == [(2, "税率", code)]


def test_tax_codes(shop: Shop) -> None:
    assert shop.cell("税收分类编码", "1030207010100000000").row["tax_code"] == "1030207010100000000"
    assert shop.cell("税收编码", "'1030207010100000000").row["tax_code"] == "1030207010100000000"
    assert shop.cell("税收编码", "1.03020701E+18").rejected[0][2] == "code_scientific"
    assert shop.cell("税收编码", "10302").rejected[0][2] == "not_a_tax_code"


YES = "是 Y yes YES 1 √ ✓ true TRUE Ｙ 启用 上架 在售 允许 称重"
NO = "否 N no 0 × x ✗ false 停用 下架 停售 不允许 计件"


@pytest.mark.parametrize("cell", YES.split())
def test_yes(shop: Shop, cell: str) -> None:
    assert shop.cell("是否称重", cell).row["weighed"] == 1
    assert shop.cell("不计库存", cell).row["stocked"] == 0


@pytest.mark.parametrize("cell", NO.split())
def test_no(shop: Shop, cell: str) -> None:
    assert shop.cell("状态", cell).row["active"] == 0
    assert shop.cell("不计库存", cell).row["stocked"] == 1


def test_neither_yes_nor_no(shop: Shop) -> None:
    assert shop.cell("允许打折", "").row["discountable"] is None
    assert shop.cell("允许打折", "也许").rejected == [(2, "允许打折", "not_yes_or_no")]
    assert shop.cell("可积分", "2").rejected == [(2, "可积分", "not_yes_or_no")]


@pytest.mark.parametrize(
    ("cell", "milli"), [("3", 3000), ("0.535", 535), ("1,200", 1_200_000), ("", None), ("0", 0)]
)
def test_stock_limits(shop: Shop, cell: str, milli: int | None) -> None:
    assert shop.cell("库存下限", cell).row["low_milli"] == milli


@pytest.mark.parametrize("cell", ["-1", "0.1234", "许多", "99999999999"])
def test_stock_limits_that_are_none(shop: Shop, cell: str) -> None:
    assert shop.cell("库存上限", cell).rejected == [(2, "库存上限", "not_a_stock")]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("  茶  叶 ", "茶 叶"),
        ("\x07茶\u202e叶\u200b\n[red]x[/]", "茶叶 [red]x[/]"),
        ("茶\x00叶", "茶叶"),
        ("\x1b[2J茶", "[2J茶"),
        ("<b>茶</b>", "<b>茶</b>"),
        ("=1+1", "=1+1"),
        ("'=1+1", "=1+1"),
        ("@茶", "@茶"),
        ("'70年代", "'70年代"),
        ('="茶"', "茶"),
        ("茶\u3000叶", "茶 叶"),
        ("cafe\u0301", "café"),
        ("茶\ufffc叶", "茶\ufffc叶"),
        ("2024款茶", "2024款茶"),
    ],
)
def test_names(shop: Shop, cell: str, name: str) -> None:
    assert shop.table("名称,售价", [cell, "5"]).row["name"] == name


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "name_missing"),
        ("\u200b", "name_missing"),
        ("\x07", "name_missing"),
        ("茶\ufffd", "cell_damaged"),
        ("2024-03-05 00:00:00", "cell_is_date"),
        ("2024/3/5", "cell_is_date"),
        ("3月5日", "cell_is_date"),
        ("5-Mar", "cell_is_date"),
        ("#NAME?", "cell_excel_error"),
        ("茶" * 10_000, "cell_too_long"),
    ],
)
def test_names_that_are_none(shop: Shop, cell: str, code: str) -> None:
    assert shop.table("名称,售价", [cell, "5"]).rejected == [(2, "名称", code)]


def test_long_names_are_cut_and_told(shop: Shop) -> None:
    found = shop.table("名称,售价,规格", ["茶" * 81, "5", "大" * 41])
    assert (found.row["name"], found.row["spec"]) == ("茶" * 80, "大" * 40)
    assert found.warned == [(2, "text_cut"), (2, "text_cut")]
    assert found.report.warnings[0].column == "名称"


def test_what_is_told_once_is_told_at_every_row(shop: Shop) -> None:
    rows = [[f"茶{n}", "5", "大" * 41] for n in range(3)]
    assert shop.table("名称,售价,规格", *rows).report.warned == {"text_cut": 3}


def test_figures_that_do_not_go_together(shop: Shop) -> None:
    found = shop.table(
        "名称,售价,会员价,最低售价,进价,库存下限,库存上限",
        ["茶", "5", "6", "7", "8", "9", "1"],
        ["水", "0", "", "", "1", "", ""],
    )
    assert found.warned == [
        (2, "low_above_high"),
        (2, "member_above_price"),
        (2, "lowest_above_price"),
        (2, "cost_above_price"),
        (3, "price_zero"),
    ]


def test_search_text(shop: Shop) -> None:
    found = shop.table("品名,简称,规格,品牌,售价", ["Green 绿茶", "绿", "500ML", "QX", "3"])
    assert found.row["search"] == "green 绿茶 绿 500ml qx"
    assert found.row["initials"] == "greenlc"


def test_an_own_code_of_letters_is_one_more_variant(shop: Shop) -> None:
    found = shop.table("品名,拼音码,售价", ["绿茶", "GT lc", "3"], ["水", "水！", "3"])
    assert [row["initials"] for row in found.rows] == ["lc gt", "s"]


TEXTS = st.text(max_size=30).map(str.strip)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(TEXTS | st.text("'=+-@ab1", max_size=8))
def test_guard_and_back(text: str) -> None:
    for guarded in (guard(text), guard_as_text(text).strip()):
        assert guarded[:1] not in set("=+-@＝＋－＠")
        if text and not text.startswith('="'):
            assert unguard(guarded) == text


@pytest.mark.parametrize(
    "text", ["6901234567892", "010001", "5-1", "1/2", "1E5", "3-May", "TRUE", "12:30"]
)
def test_what_a_spreadsheet_would_spoil_gets_a_tab(text: str) -> None:
    assert guard_as_text(text) == text + "\t"
