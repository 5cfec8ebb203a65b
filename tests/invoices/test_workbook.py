"""The bureau's import workbook: found by headers, kept intact, split, read back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pos.invoices.building import Order, documents
from pos.invoices.document import Document
from pos.invoices.settings import InvoiceSettings, Seller
from pos.invoices.workbook import template as templates
from pos.invoices.workbook.child import in_child
from pos.invoices.workbook.filling import Report, export, read_rows
from pos.invoices.workbook.rows import LIMITS
from pos.invoices.workbook.template import open_book
from pos.refusal import Refused
from tests.invoices.orders import AT, CODES, COMPANY, PERSON, document, sold
from tests.invoices.template import BASIC, make

SETTINGS = InvoiceSettings(
    provider="workbook", seller=Seller(name="店"), payee="李四", checker="赵六"
)
REAL = Path(__file__).parents[3] / "shared" / "data" / "tax-bureau-batch-import-V260401.xlsx"


def go(done: int, total: int) -> bool:
    """Nobody stops it."""
    return False


def orders(count: int) -> list[Document]:
    """So many orders, two lines each."""
    found: list[Document] = []
    for n in range(1, count + 1):
        number = f"0001010100{n:05d}"
        lines = (sold(1, f"饼干{n}", 2000, 990, 880), sold(2, "水", 1000, 350, category="饮料"))
        buyer = PERSON if n % 3 else COMPANY
        found += documents(Order(number, lines), "normal", buyer, CODES, LIMITS, 1, AT)
    return found


def written(
    folder: Path, report: Report
) -> list[tuple[list[dict[str, str]], list[dict[str, str]]]]:
    """The rows of each file."""
    found = []
    for file in report.files:
        book = open_book(folder / file.name)
        told = templates.read(book_of_empty(folder), folder / "t.xlsx")
        found.append(
            (
                read_rows(book[told.basic.title], told.basic),
                read_rows(book[told.detail.title], told.detail),
            )
        )
    return found


def book_of_empty(folder: Path) -> Any:
    """The template itself."""
    return open_book(folder / "t.xlsx")


def test_one_order(tmp_path: Path) -> None:
    source = make(tmp_path / "t.xlsx")
    report = export([document()], SETTINGS, source, tmp_path, "发票", go)
    assert report.version == "20260401"
    ((basic, details),) = written(tmp_path, report)
    assert basic == [
        {
            "发票流水号": "00010101000004201",
            "发票类型": "普通发票",
            "是否含税": "是",
            "受票方自然人标识": "否",
            "购买方名称": COMPANY.title,
            "购买方纳税人识别号": COMPANY.tax_id,
            "购买方邮箱": "fp@example.cn",
            "备注": "单号 000101010000042",
            "收款人": "李四",
            "复核人": "赵六",
        }
    ]
    assert [(r["项目名称"], r["金额"], r.get("折扣金额"), r["税率"]) for r in details] == [
        ("苏打饼干", "9.90", "1.10", "0.13"),
        ("矿泉水", "3.50", None, "0.13"),
        ("散养鸡蛋", "24.56", None, "0"),
    ]
    assert details[2]["优惠政策类型"] == "免税"
    assert details[2]["数量"] == "1.535"


def test_nothing_of_the_template_is_lost(tmp_path: Path) -> None:
    source = make(tmp_path / "t.xlsx")
    export([document()], SETTINGS, source, tmp_path, "发票", go)
    before, after = open_book(source), open_book(tmp_path / "发票-1.xlsx")
    assert shape(before) == shape(after)
    cell = after["1-发票基本信息"]["F4"]
    assert (cell.data_type, cell.number_format) == ("s", "@")


def shape(book: Any) -> object:
    """Sheets, their states, validations and names."""
    return (
        [(s.title, s.sheet_state) for s in book.worksheets],
        [
            sorted((str(r.sqref), str(r.formula1)) for r in s.data_validations.dataValidation)
            for s in book.worksheets
        ],
        sorted(book.defined_names),
        [[c.value or "" for c in s[3]] for s in book.worksheets],
    )


def test_a_formula_stays_text(tmp_path: Path) -> None:
    source = make(tmp_path / "t.xlsx")
    bad = replace(document(), buyer=replace(COMPANY, title="=1+1", address="@SUM(A1)"))
    export([bad], SETTINGS, source, tmp_path, "发票", go)
    sheet = open_book(tmp_path / "发票-1.xlsx")["1-发票基本信息"]
    assert (sheet["F4"].value, sheet["F4"].data_type) == ("=1+1", "s")


def test_files_are_split_where_the_lists_end(tmp_path: Path) -> None:
    source = make(tmp_path / "t.xlsx", last=6)  # three rows of data
    documents = orders(8)
    report = export(documents, SETTINGS, source, tmp_path, "发票", go)
    assert [(len(f.invoices), f.details) for f in report.files] == [(3, 6), (3, 6), (2, 4)]
    found = written(tmp_path, report)
    assert [row["发票流水号"] for basic, _ in found for row in basic] == [
        d.invoice_no for d in documents
    ]
    assert [row["项目名称"] for _, rows in found for row in rows][::2] == [
        f"饼干{n}" for n in range(1, 9)
    ]
    assert sorted(os.listdir(tmp_path)) == ["t.xlsx", "发票-1.xlsx", "发票-2.xlsx", "发票-3.xlsx"]


def test_files_are_split_where_the_bureau_would_choke(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos.invoices.workbook.rows.MOST_DETAILS", 5)
    report = export(orders(5), SETTINGS, make(tmp_path / "t.xlsx"), tmp_path, "发票", go)
    assert [f.details for f in report.files] == [4, 4, 2]


def test_a_small_taxpayer_gives_the_templates_own_reason(tmp_path: Path) -> None:
    source = make(tmp_path / "t.xlsx")
    settings = replace(SETTINGS, taxpayer="small", waiver="choice")
    line = sold(1, "饼干", 1000, 1000, tax_bp=300)
    (one,) = documents(Order("1" * 15, (line,)), "normal", PERSON, CODES, LIMITS, 1, AT)
    report = export([one], settings, source, tmp_path, "发票", go)
    ((basic, _),) = written(tmp_path, report)
    assert basic[0]["放弃享受减按1%征收率原因"] == "因为实际经营业务需要"
    assert basic[0]["受票方自然人标识"] == "是"


def test_a_discount_that_would_come_to_another_tax_is_not_shown(tmp_path: Path) -> None:
    """0.05 less 0.01 at 13 %: apart 0.01 − 0.00, together 0.00."""
    source = make(tmp_path / "t.xlsx")
    line = sold(1, "糖", 1000, 5, 4)
    (one,) = documents(Order("1" * 15, (line,)), "normal", PERSON, CODES, LIMITS, 1, AT)
    report = export([one], SETTINGS, source, tmp_path, "发票", go)
    ((_, details),) = written(tmp_path, report)
    assert (details[0]["金额"], details[0].get("折扣金额")) == ("0.04", None)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("missing", "template_missing"),
        ("damaged", "template_damaged"),
        ("header", "template_header"),
        ("column", "template_column"),
        ("filled", "template_filled"),
        ("long", "template_long"),
        ("choice", "template_choice"),
        ("none", "invoice_none"),
        ("stopped", "invoice_stopped"),
        ("folder", "file_unwritable"),
    ],
)
def test_nothing_is_written_where_something_is_wrong(tmp_path: Path, what: str, code: str) -> None:
    source = tmp_path / "t.xlsx"
    documents = [document()]
    if what == "damaged":
        source.write_bytes(b"PK\x03\x04 no workbook")
    elif what == "header":
        make(source, columns=[c for c in BASIC if c[0] != "购买方名称"])
    elif what == "column":
        make(source, columns=[c for c in BASIC if c[0] != "备注"])
    elif what == "choice":
        make(
            source,
            columns=[("发票类型", 10, "纸质发票"), *[c for c in BASIC if c[0] != "发票类型"]],
        )
    elif what != "missing":
        make(source)
    if what == "filled":
        book = open_book(source)
        book["1-发票基本信息"]["A4"] = "1"
        book.save(source)
    if what == "long":
        documents = [replace(document(), remark="长" * 231)]
    if what == "none":
        documents = []
    before = set(os.listdir(tmp_path))
    target = tmp_path / "absent" if what == "folder" else tmp_path
    with pytest.raises(Refused, match=code):
        export(documents, SETTINGS, source, target, "发票", lambda d, t: what == "stopped")
    assert set(os.listdir(tmp_path)) == before


def test_a_child_does_the_same_and_openpyxl_stays_out(tmp_path: Path) -> None:
    source = make(tmp_path / "t.xlsx")
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return False

    report = in_child(orders(3), SETTINGS, source, tmp_path, "发票", progress)
    assert report.files[0].details == 6
    assert told[-1] == (3, 3)
    with pytest.raises(Refused, match="template_missing"):
        in_child(orders(1), SETTINGS, tmp_path / "no.xlsx", tmp_path, "发票", progress)


@pytest.mark.skipif(not REAL.exists(), reason="the bureau's workbook is not here")
def test_the_bureaus_own_workbook(tmp_path: Path) -> None:
    kinds = [document(), document(kind="special", first=2)]
    report = export(kinds, replace(SETTINGS), REAL, tmp_path, "发票", go)
    assert report.version == "20260401"
    before, after = open_book(REAL), open_book(tmp_path / "发票-1.xlsx")
    assert shape(before) == shape(after)
    assert len(before.defined_names) == 3206
    assert sum(len(s.data_validations.dataValidation) for s in after.worksheets) == 37
