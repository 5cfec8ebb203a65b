"""Barcodes and item codes as shops keep them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.goods.importing.cells import Readers
from pos.goods.importing.codes import barcode_list, item_code
from pos.refusal import Refused
from tests.goods.importing.files import MILK, TEA, Shop, ean

UPC = "036000291452"


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        (MILK, [MILK]),
        (f"{MILK},{TEA}", [MILK, TEA]),
        (f"{MILK}，{TEA}", [MILK, TEA]),
        (f"{MILK}、{TEA}", [MILK, TEA]),
        (f"{MILK}; {TEA};", [MILK, TEA]),
        (f"{MILK} {TEA}", [MILK, TEA]),
        (f"{MILK}\n{TEA}", [MILK, TEA]),
        (f"{MILK},{MILK}", [MILK]),
        (f"'{MILK}", [MILK]),
        (f"’{MILK}", [MILK]),
        (f'="{MILK}"', [MILK]),
        (f"{MILK}.0", [MILK]),
        (f"\t{MILK}\t", [MILK]),
        (f"{MILK}\x1d", [MILK]),
        (f"\u202a{MILK}\u202c", [MILK]),
        ("６９０１２３４５６７８９２", [MILK]),
        ("101,102,103", ["101", "102", "103"]),
        ("1234567890", ["1234567890"]),
        ("wm-12_A/b", ["wm-12_A/b"]),
        ("12E5", ["12E5"]),
        (UPC, [UPC]),
        ("96385074", ["96385074"]),
        ("12345678", ["12345678"]),
        ("", []),
        ("-", []),
        ("无", []),
        ("无条码", []),
        ("N/A", []),
        (",,", []),
    ],
)
def test_lists(shop: Shop, cell: str, codes: list[str]) -> None:
    found = shop.cell("条码", cell)
    assert sorted(found.codes) == sorted(codes)
    assert found.report.warnings == ()
    assert found.row["sku"] is None


@pytest.mark.parametrize(
    ("cell", "code", "told"),
    [
        (MILK[:12], MILK, "code_completed"),
        ("0" + MILK, MILK, "code_zero_dropped"),
        ("0" + UPC, UPC, "code_zero_dropped"),
        ("00" + UPC, UPC, "code_zero_dropped"),
        (MILK[:12] + "3", MILK[:12] + "3", "code_check_digit"),
        ("036000291453", "036000291453", "code_check_digit"),
        ("212345678901", "212345678901", "code_check_digit"),
        ("69012342", "69012342", "code_check_digit"),
        ("6,901,234,567,892", MILK, "code_joined"),
        ("6 901234 567892", MILK, "code_joined"),
        ("0", None, "code_zeros"),
        ("0000000000000", None, "code_zeros"),
    ],
)
def test_codes_that_went_in_with_a_warning(
    shop: Shop, cell: str, code: str | None, told: str
) -> None:
    found = shop.cell("条码", cell)
    assert list(found.codes) == ([code] if code else [])
    assert found.warned == [(2, told)]
    again = shop.cell("条码", code or "")
    assert list(again.codes) == list(found.codes)


@pytest.mark.parametrize("header", ["条码", "货号", "扩展条码"])
@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("6.90103E+12", "code_scientific"),
        ("6.90103e12", "code_scientific"),
        ("6E+12", "code_scientific"),
        ("６．９０１０３Ｅ＋１２", "code_scientific"),
        ("A" * 33, "code_too_long"),
        ("=A1&B1", "cell_formula"),
        ("3月5日", "cell_is_date"),
        ("#REF!", "cell_excel_error"),
        ("#########", "cell_excel_error"),
        ("69\ufffd", "cell_damaged"),
    ],
)
def test_codes_that_are_none(shop: Shop, header: str, cell: str, code: str) -> None:
    assert shop.cell(header, cell).rejected == [(2, header, code)]


def test_one_bad_code_of_several_keeps_the_row_out(shop: Shop) -> None:
    assert shop.cell("条码", f"{MILK},6.90103E+12").rejected == [(2, "条码", "code_scientific")]
    assert shop.cell("条码", "散装苹果").rejected == [(2, "条码", "code_wrong")]
    many = ",".join(str(n) for n in range(1000, 1300))
    assert shop.cell("条码", many).rejected == [(2, "条码", "too_many_codes")]


@pytest.mark.parametrize(
    ("cell", "sku"),
    [
        ("010001", "010001"),
        ("'010001", "010001"),
        ("10001.0", "10001"),
        ("A-1 b", "A-1 b"),
        ("１０１", "101"),
        ("苹果01", "苹果01"),
        ("-", None),
        ("", None),
    ],
)
def test_item_codes(shop: Shop, cell: str, sku: str | None) -> None:
    assert shop.cell("货号", cell).row["sku"] == sku


def test_main_and_further_codes(shop: Shop) -> None:
    found = shop.table("品名,售价,主条码,一品多码", ["茶", "5", MILK, f"{TEA}、{MILK}"])
    assert found.codes == {MILK: (2, 1, None), TEA: (2, 1, None)}


@pytest.mark.parametrize(
    ("size", "factor"),
    [
        ("24", 24),
        ("1*24", 24),
        ("1×24", 24),
        ("24瓶/箱", 24),
        ("24入", 24),
        ("500ml*24", 24),
        ("1.5L×12瓶", 12),
        ("２４", 24),
        ("24.0", 24),
        ("1", 1),
    ],
)
def test_case_sizes(shop: Shop, size: str, factor: int) -> None:
    found = shop.table("品名,售价,条码,箱码,箱规,箱价", ["茶", "5", MILK, TEA, size, ""])
    assert found.codes == {MILK: (2, 1, None), TEA: (2, factor, None)}


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ("", "pack_size_missing"),
        ("6*4", "pack_size_wrong"),
        ("0", "pack_size_wrong"),
        ("10000", "pack_size_wrong"),
        ("500ml", "pack_size_wrong"),
        ("一打", "pack_size_wrong"),
        ("12*2*500ml", "pack_size_wrong"),
        ("-24", "pack_size_wrong"),
    ],
)
def test_case_sizes_that_are_none(shop: Shop, size: str, code: str) -> None:
    found = shop.table("品名,售价,箱码,箱规", ["茶", "5", TEA, size])
    assert found.rejected == [(2, "箱码", code)]


def test_cases(shop: Shop) -> None:
    head = "品名,售价,条码,箱码,箱规,箱价"
    found = shop.table(head, ["茶", "5", MILK, f"{TEA};{ean('692000000002')}", "24;6", "110;"])
    assert found.codes[TEA] == (2, 24, 11000)
    assert found.codes[ean("692000000002")] == (2, 6, None)
    differ = shop.table(head, ["茶", "5", MILK, f"{TEA};{ean('692000000002')}", "24", ""])
    assert differ.rejected == [(2, "箱码", "pack_lists_differ")]
    twice = shop.table(head, ["茶", "5", MILK, MILK, "24", ""])
    assert twice.rejected == [(2, "箱码", "pack_code_repeated")]
    wrong = shop.table(head, ["茶", "5", MILK, TEA, "24", "很贵"])
    assert wrong.rejected == [(2, "箱码", "not_an_amount_cell")]
    # what is said of cases without their code is of no use, and no fault
    none = shop.table(head, ["茶", "5", MILK, "", "500ml*?", "-"])
    assert none.codes == {MILK: (2, 1, None)}


def test_several_faults_of_a_row_are_all_told(shop: Shop) -> None:
    found = shop.table("品名,售价,条码,税率", ["", "五元", "6.9E+12", "x"])
    assert found.rejected == [
        (2, "售价", "not_an_amount_cell"),
        (2, "税率", "not_a_tax_rate"),
        (2, "条码", "code_scientific"),
        (2, "品名", "name_missing"),
    ]
    assert found.report.rejects[0].cells == ("", "五元", "6.9E+12", "x")


CODES = st.text("0123456789-'.E+ ,aA;", max_size=20) | st.text(max_size=20)


@settings(deadline=None, derandomize=True, max_examples=500)
@given(CODES)
def test_what_is_made_of_codes_stays_as_it_is(text: str) -> None:
    """A code that went in once comes back the same from an export."""
    for read in (item_code, barcode_list):
        try:
            found = read(Readers(True, "", []), text)
        except Refused:
            continue
        for code in found if isinstance(found, tuple) else [found]:
            if code:
                again = read(Readers(True, "", []), code)
                assert again in (code, (code,))
