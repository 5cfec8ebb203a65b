"""Which column means what."""

from __future__ import annotations

import pytest

from pos.goods.importing import ImportOptions
from pos.goods.importing.fields import FIELDS, plain_header
from pos.refusal import Refused
from pos.words import goods
from tests.goods.importing.files import Shop


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("商品名称", "name"),
        (" 商 品 名 称 ", "name"),
        ("*商品名称", "name"),
        ("商品名称（必填）", "name"),
        ("【必填】品名", "name"),
        ("名称:", "name"),
        ("Item Name", "name"),
        ("售价(元)", "price"),
        ("零售价（必填，元）", "price"),
        ("销售价[元/kg]", "price"),
        ("原价", "price"),
        ("ＵＰＣ码", "barcode"),
        ("国标码", "barcode"),
        ("条码(多个用逗号隔开)", "barcode"),
        ("\ufeff条形码", "barcode"),
        ("一品多码", "more_barcodes"),
        ("自编码", "sku"),
        ("SKU", "sku"),
        ("tax rate (%)", "tax_rate"),
        ("Tax_Rate", "tax_rate"),
        ("是否称重(是/否)", "weighed"),
        ("称重（1/0）", "weighed"),
        ("不计库存", "not_stocked"),
        ("最低库存", "low_stock"),
        ("商品状态", "active"),
        ("供货商", "supplier"),
        ("成本价", "cost"),
        ("箱规", "pack_size"),
        ("折扣价", "offer_price"),
        ("助记码", "initials"),
        ("生产日期", "ignored"),
        ("售价(元/斤)", "ignored"),
        ("价格(会员)", "ignored"),
        ("", "ignored"),
    ],
)
def test_headers(shop: Shop, header: str, field: str) -> None:
    rest = {"name": "简称", "price": "会员价"}.get(field, "简称")
    needed = "" if field == "name" else "商品名,"
    found = shop.table(f"{needed}{rest},{header.replace(',', '，')},尾", ["a", "5", "", "b"][:4])
    assert found.report.mapping[-2][1] == field


def test_words_and_fields_go_together() -> None:
    fields = goods.ColumnWords.__struct_fields__
    assert set(fields) <= set(FIELDS)
    for words in (goods.ZH, goods.EN):
        headers = [getattr(words.columns, field) for field in fields]
        assert len(set(map(plain_header, headers))) == len(fields)


def test_the_mapping_is_told_in_the_order_of_the_file(shop: Shop) -> None:
    found = shop.text("序号,品名,备注,售价,,折扣价\n1,茶,x,5,,4\n")
    assert found.report.mapping == (
        ("序号", "ignored"),
        ("品名", "name"),
        ("备注", "ignored"),
        ("售价", "price"),
        ("", "ignored"),
        ("折扣价", "offer_price"),
    )
    assert found.row["price_fen"] == 500
    assert found.warned == [(0, "offer_price_ignored")]


def test_titles_above_the_header(shop: Shop) -> None:
    text = "清溪便利店商品资料,,\n导出时间：2024-03-05,,\n\n名称,条码,售价\n茶,,5\n"
    found = shop.text(text)
    assert (found.report.header_line, found.row["line"]) == (4, 5)


def test_a_header_beyond_the_first_rows_is_not_looked_for(shop: Shop) -> None:
    with pytest.raises(Refused, match="no_header"):
        shop.text("x,y\n" * 41 + "名称,售价\n茶,5\n")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b\n1,2\n", "no_header"),
        ("名称\n茶\n", "no_header"),
        ("\n\n", "no_header"),
        ("条码,售价\n1,2\n", "column_missing"),
        ("名称,售价,零售价\n茶,1,2\n", "field_twice"),
        ("名称,品名,售价\n茶,1,2\n", "field_twice"),
        ("名称,计库存,不计库存\n茶,1,2\n", "field_twice"),
        ("名称,货号,商品编码\n茶,1,2\n", "field_twice"),
    ],
)
def test_headers_that_will_not_do(shop: Shop, text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        shop.text(text)
    assert not shop.staging.exists()


def test_the_same_twice_is_named(shop: Shop) -> None:
    with pytest.raises(Refused) as refused:
        shop.text("名称,售价,零售价\n茶,1,2\n")
    values = refused.value.values
    assert (values["one"], values["two"], values["field"]) == ("售价", "零售价", "price")


def test_a_person_may_say_what_a_column_means(shop: Shop) -> None:
    text = "名称,售价,零售价,我的码\n茶,1,2,k1\n"
    options = ImportOptions(columns={"售价": "ignored", "我的码": "sku"})
    assert (shop.text(text, options).row["price_fen"], shop.text(text, options).row["sku"]) == (
        200,
        "k1",
    )
    for columns, code in (
        ({"没有": "sku"}, "column_unknown"),
        ({"我的码": "品牌"}, "field_unknown"),
        ({"我的码": "name"}, "field_twice"),
    ):
        with pytest.raises(Refused, match=code):
            shop.text(text, ImportOptions(columns=columns))


def test_headers_repeated_and_totals_are_skipped(shop: Shop) -> None:
    text = "条码,名称,售价\n1,茶,5\n条码,名称,售价\n,,\n , ,\t\n2,水,3\n合计,,8\n,总计,8\n"
    found = shop.text(text)
    assert [row["name"] for row in found.rows] == ["茶", "水"]
    assert found.warned == [(3, "header_again"), (7, "total_row"), (8, "total_row")]
    assert found.report.read == 2
    assert shop.table("货号,名称,售价", ["7", "合计", "5"]).row["name"] == "合计"


def test_brackets_that_never_close_take_no_time() -> None:
    hostile = "(" + "以用多个必填元" * 5000 + "(必填" * 5000
    assert plain_header(hostile)
