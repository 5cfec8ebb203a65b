"""Out and in again: the same rows, and no formula on the way."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from pos.goods.exporting import export
from pos.refusal import Refused
from pos.words import Language
from tests.goods.importing.files import MILK, TEA, Shop, Staged, ean, table

FORMULAS = ["=1+1", "+1", "-1", "@A1", "\t=1", "'=1", "''=1", "＝1", '="x"', "'x"]


def _rows(found: Staged) -> list[dict[str, Any]]:
    """Staged rows as the exporter takes them."""
    rows = []
    for row in found.rows:
        codes = [
            (c, factor, fen)
            for c, (line, factor, fen) in found.codes.items()
            if line == row["line"]
        ]
        rows.append({**row, "codes": codes})
    return rows


def _there_and_back(shop: Shop, rows: list[dict[str, Any]], name: str, language: Language) -> None:
    target = shop.folder / name
    assert export(iter(rows), target, language) == len(rows)
    back = shop.file(target)
    assert back.report.rejects == ()
    assert [_without_line(row) for row in _rows(back)] == [_without_line(row) for row in rows]


def _without_line(row: dict[str, Any]) -> dict[str, Any]:
    return {key: sorted(v) if key == "codes" else v for key, v in row.items() if key != "line"}


FULL: dict[str, Any] = {
    "sku": "010001",
    "name": "=1+1",
    "short_name": "@茶",
    "spec": "5-1",
    "unit": "瓶",
    "category": "饮料",
    "brand": "-",
    "origin": "福建,安溪",
    "supplier": '"甲"公司',
    "price_fen": 1205,
    "member_fen": 1000,
    "lowest_fen": 0,
    "cost_fen": 999,
    "tax_bp": 1350,
    "tax_code": "1030207010100000000",
    "weighed": 0,
    "discountable": 1,
    "earns_points": 0,
    "stocked": 1,
    "low_milli": 535,
    "high_milli": 10_000_000,
    "active": 0,
    "initials": "11 zz",
    "search": "=1+1 @茶 5-1 -",
    "codes": [
        (MILK, 1, None),
        (TEA, 1, None),
        ("-wm1", 1, None),
        (ean("692000000002"), 24, 28_000),
        (ean("692000000003"), 6, None),
        (ean("692000000004"), 1, 500),
    ],
}
BARE: dict[str, Any] = {
    **dict.fromkeys(FULL),
    "name": "茶",
    "initials": "c",
    "search": "茶",
    "codes": [],
}


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_there_and_back(shop: Shop, name: str, language: Language) -> None:
    _there_and_back(shop, [FULL, BARE], name, language)


CELL = st.text(max_size=12) | st.sampled_from([*FORMULAS, "2024", "1/2", "5-1", "TRUE", "1E5", "0"])
CODE = (
    st.text("0123456789", min_size=1, max_size=14)
    | st.text("0123456789abAB-._/", min_size=1, max_size=12)
    | st.text("0123456789", min_size=12, max_size=12).map(ean)
)
PRICE = st.integers(0, 10**9).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")
FLAG = st.sampled_from(["", "是", "否", "Y", "0"])
DIRTY = st.tuples(
    CODE, CELL, CELL, CELL, CELL, CELL, PRICE, PRICE | st.just(""), FLAG, FLAG,
    st.sampled_from(["", "13%", "0.09", "免税", "1.5%"]),
    st.lists(CODE, max_size=3).map(";".join),
    st.sampled_from(["", "3", "0.535"]),
    st.text("abcXYZ19 ", max_size=6),
)  # fmt: skip
HEAD = "货号,商品名称,简称,规格,单位,品牌,售价,进价,称重,不计库存,税率,条码,库存下限,拼音码"


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_whatever_went_in_comes_back(shop: Shop, name: str) -> None:
    @settings(
        deadline=None,
        derandomize=True,
        max_examples=60,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.lists(DIRTY, min_size=1, max_size=6), st.sampled_from(["zh", "en"]))
    def check(rows: list[tuple[str, ...]], language: Language) -> None:
        text = table(HEAD, rows)
        found = shop.bytes(text.encode("utf-8", "replace"))
        _there_and_back(shop, _rows(found), name, language)

    check()


@pytest.mark.parametrize("text", FORMULAS)
def test_no_formula_gets_out(shop: Shop, text: str) -> None:
    target = shop.folder / "out.csv"
    export([{**BARE, "name": text, "sku": text, "spec": text}], target, "zh")
    with target.open(encoding="utf-8-sig", newline="") as file:
        cells = next(row for row in csv.reader(file) if row[0] != "货号")
    assert not [cell for cell in cells if cell[:1] in set("=+-@＝\t\r")]
    book = shop.folder / "out.xlsx"
    export([{**BARE, "name": text, "sku": text, "spec": text}], book, "zh")
    with closing(load_workbook(book)) as found:
        pages: Any = found.worksheets
        written = [cell for row in pages[0].iter_rows() for cell in row]
    kinds = {cell.data_type for cell in written if cell.value}
    assert kinds == {"s"}
    with zipfile.ZipFile(book) as archive:
        page = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in page
    assert b"<f " not in page


def test_keys_that_are_missing_say_nothing(shop: Shop) -> None:
    target = shop.folder / "out.csv"
    assert export([{"name": "茶", "price_fen": 500}], target, "zh") == 1
    assert shop.file(target).row["price_fen"] == 500


def test_what_cannot_be_written(shop: Shop) -> None:
    with pytest.raises(Refused, match="file_suffix"):
        export([], shop.folder / "out.pdf", "zh")
    for suffix in ("csv", "xlsx"):
        with pytest.raises(Refused, match="file_unwritable"):
            export([BARE], shop.folder / "none" / f"out.{suffix}", "zh")


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_file_that_is_there_is_replaced_whole_or_not_at_all(shop: Shop, suffix: str) -> None:
    target = shop.folder / f"out.{suffix}"
    target.write_bytes(b"before")

    def rows() -> Iterator[dict[str, Any]]:
        yield BARE
        raise RuntimeError("the ledger went away")

    with pytest.raises(RuntimeError):
        export(rows(), target, "zh")
    assert target.read_bytes() == b"before"
    assert list(shop.folder.iterdir()) == [target]
    export([BARE], target, "zh")
    assert shop.file(target).row["name"] == "茶"


def test_an_empty_export_imports_as_nothing(shop: Shop) -> None:
    for name in ("out.csv", "out.xlsx"):
        export([], shop.folder / name, "en")
        assert shop.file(Path(shop.folder / name)).report.read == 0
