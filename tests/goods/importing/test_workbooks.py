"""XLSX files as shops have them, and as nobody should."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from pos.goods.importing import ImportOptions
from pos.goods.importing import workbook as module
from pos.refusal import Refused
from tests.goods.importing.files import MILK, TEA, Shop
from tests.goods.importing.workbooks import PARTS, by_hand, ole, sheet, workbook

HEAD = ("商品名称", "条码", "售价")


def test_a_workbook(shop: Shop) -> None:
    rows = [HEAD, ("牛奶", int(MILK), 12.5), ("茶", TEA, 3), (), ("水", None, "2.00")]
    found = shop.file(workbook(shop.folder / "a.xlsx", rows))
    assert [(row["line"], row["name"], row["price_fen"]) for row in found.rows] == [
        (2, "牛奶", 1250),
        (3, "茶", 300),
        (5, "水", 200),
    ]
    assert found.codes == {MILK: (2, 1, None), TEA: (3, 1, None)}
    report = found.report
    assert (report.format, report.sheet, report.encoding, report.delimiter) == (
        "xlsx",
        "Sheet",
        "",
        "",
    )


def test_numbers_of_excel(shop: Shop) -> None:
    head = (*HEAD, "货号", "税率", "会员价", "是否称重")
    path = workbook(
        shop.folder / "a.xlsx",
        [
            head,
            ("牛奶", int(MILK), 12.30000001, 1001, 0.13, 0.1 + 0.2, True),
            ("茶", 6901234567892000, 3, 1002.0, 13, None, False),
            ("水", 1.5, 3, 10**15, 9, None, None),
        ],
    )
    found = shop.file(path)
    row = found.row
    assert (row["price_fen"], row["member_fen"], row["tax_bp"]) == (1230, 30, 1300)
    assert (row["sku"], row["weighed"], list(found.codes)) == ("1001", 1, [MILK])
    assert found.rejected == [(3, "条码", "code_scientific"), (4, "货号", "code_scientific")]


def test_leading_zeros_that_a_format_shows(shop: Shop) -> None:
    def finish(book: Any) -> None:
        book.active["D2"].number_format = "000000"

    path = workbook(
        shop.folder / "a.xlsx",
        [(*HEAD, "货号"), ("牛奶", None, 5, 123), ("茶", None, 5, 123456)],
        finish,
    )
    assert [row["sku"] for row in shop.file(path).rows] == ["000123", "123456"]


def test_titles_merged_hidden_sheets_and_macros(shop: Shop) -> None:
    def finish(book: Any) -> None:
        book.active.merge_cells("A1:C1")
        hidden = book.create_sheet("旧", 0)
        hidden.append(["商品名称", "售价"])
        hidden.append(["旧茶", 1])
        hidden.sheet_state = "hidden"
        book.create_sheet("说明", 1).append(["请按模板填写"])
        book.create_sheet("别的")

    path = workbook(shop.folder / "a.xlsm", [["清溪商品表"], [], HEAD, ("茶", None, 3)], finish)
    found = shop.file(path)
    assert (found.row["name"], found.row["line"], found.report.sheet) == ("茶", 4, "Sheet")
    assert found.warned == [(0, "other_sheets")]
    named = shop.file(path, ImportOptions(sheet="旧"))
    assert (named.row["name"], named.report.warnings) == ("旧茶", ())
    with pytest.raises(Refused, match="sheet_missing"):
        shop.file(path, ImportOptions(sheet="没有"))
    with pytest.raises(Refused, match="no_header"):
        shop.file(path, ImportOptions(sheet="说明"))


def test_formulas_are_text(shop: Shop) -> None:
    path = workbook(
        shop.folder / "a.xlsx",
        [
            HEAD,
            ("=HYPERLINK(1)", f'="{MILK}"', 5),
            ("茶", None, "=1+1"),
            ("水", "=A1", 5),
            ("=1+1", None, 5),
        ],
        lambda book: setattr(book.active["A5"], "data_type", "s"),
    )
    found = shop.file(path)
    assert [row["name"] for row in found.rows] == ["=HYPERLINK(1)", "=1+1"]
    assert list(found.codes) == [MILK]
    assert found.rejected == [(3, "售价", "cell_formula"), (4, "条码", "cell_formula")]


@pytest.mark.parametrize("moment", [date(2024, 3, 5), datetime(2024, 3, 5, 12, 30)])  # noqa: DTZ001
@pytest.mark.parametrize(("at", "column"), [(0, "商品名称"), (1, "条码")])
def test_dates_where_text_was_typed(shop: Shop, moment: date, at: int, column: str) -> None:
    cells: list[Any] = ["茶", None, 5]
    cells[at] = moment
    found = shop.file(workbook(shop.folder / "a.xlsx", [HEAD, cells]))
    assert found.rejected == [(2, column, "cell_is_date")]


def test_strings_of_all_kinds(shop: Shop) -> None:
    rows = (
        '<row r="2"><c r="A2" t="inlineStr"><is><r><t>绿</t></r><r><t>茶</t></r></is></c>'
        '<c r="C2"><v>5</v></c></row>'
        '<row r="5"><c r="A5" t="str"><v>a_x000D_b</v></c><c r="C5" t="e"><v>#N/A</v></c></row>'
        '<row r="6"><c r="A6" t="s"><v>3</v></c><c r="B6"><v>6.901234567892E12</v></c></row>'
    )
    found = shop.file(by_hand(shop.folder / "a.xlsx", rows))
    assert [(r["line"], r["name"]) for r in found.rows] == [(2, "绿茶"), (6, "牛奶")]
    assert found.rejected == [(5, "售价", "cell_excel_error")]
    assert found.report.rejects[0].cells == ("a b", "", "#N/A")
    assert list(found.codes) == [MILK]


@pytest.mark.parametrize("dimension", ["A1", "A1:C1", "A1:XFD1048576", "B7:B7"])
def test_a_wrong_size_tag(shop: Shop, dimension: str) -> None:
    rows = '<row r="2"><c r="A2" t="s"><v>3</v></c><c r="C2"><v>5</v></c></row>'
    path = by_hand(shop.folder / "a.xlsx", rows, dimension=dimension)
    assert shop.file(path).row["price_fen"] == 500


def test_columns_far_to_the_right(shop: Shop) -> None:
    rows = '<row r="2"><c r="A2" t="s"><v>3</v></c><c r="XFD2"><v>5</v></c></row>'
    assert shop.file(by_hand(shop.folder / "a.xlsx", rows)).row["name"] == "牛奶"
    rows = '<row r="2"><c r="A2" t="s"><v>3</v></c><c r="F2"><v>5</v></c></row>'
    assert shop.file(by_hand(shop.folder / "a.xlsx", rows)).rejected == [(2, "", "row_too_long")]


def _with(name: str, text: str) -> dict[str, str]:
    return {name: text}


ROW = '<row r="2"><c r="A2" t="s"><v>3</v></c></row>'
ENTITIES = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]>'


@pytest.mark.parametrize(
    ("rows", "more"),
    [
        ('<row r="2"><c r="A2" t="s"><v>99</v></c></row>', {}),
        ('<row r="2"><c r="A2" t="s"><v>x</v></c></row>', {}),
        ('<row r="2"><c r="A2"><v>x</v></c></row>', {}),
        ('<row r="x"><c r="A2"><v>1</v></c></row>', {}),
        ('<row r="2"><c r="2A"><v>1</v></c></row>', {}),
        ("<row", {}),
        (ROW, _with("xl/worksheets/sheet1.xml", ENTITIES + sheet(ROW))),
        (ROW, _with("xl/sharedStrings.xml", ENTITIES + PARTS["xl/sharedStrings.xml"])),
        (ROW, _with("xl/workbook.xml", "<x/>")),
        (ROW, _with("xl/workbook.xml", "")),
        (ROW, _with("[Content_Types].xml", "<x/>")),
        (ROW, _with("xl/_rels/workbook.xml.rels", "<x/>")),
        (ROW, _with("xl/styles.xml", "no xml")),
    ],
)
def test_damaged_workbooks(shop: Shop, rows: str, more: dict[str, str]) -> None:
    path = by_hand(shop.folder / "a.xlsx", rows, more)
    with pytest.raises(Refused) as refused:
        shop.file(path)
    assert refused.value.code in ("file_damaged", "no_header")
    assert not shop.staging.exists()


def test_a_workbook_cut_off(shop: Shop) -> None:
    whole = workbook(shop.folder / "a.xlsx", [HEAD, ("茶", MILK, 3)]).read_bytes()
    for size in (4, 30, len(whole) // 2, len(whole) - 1):
        with pytest.raises(Refused, match=r"file_damaged|file_not_table"):
            shop.bytes(whole[:size], name="b.xlsx")


def test_rows_that_never_end(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 1000)
    far = by_hand(shop.folder / "a.xlsx", '<row r="1000000000"><c><v>1</v></c></row>')
    many = by_hand(shop.folder / "b.xlsx", '<row><c t="s"><v>3</v></c></row>' * 1001)
    more = by_hand(shop.folder / "c.xlsx", "<row/>" * 2001)
    for path in (far, many, more):
        with pytest.raises(Refused, match="too_many_rows"):
            shop.file(path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("xl/worksheets/sheet1.xml", "<a/>"),
        ("xl/sharedStrings.xml", "<si/>"),
        ("xl/styles.xml", "<a/>"),
        ("xl/media/image1.png", "aaaa"),
    ],
)
def test_bombs(shop: Shop, monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setattr(module, "MOST_UNPACKED", 1 << 20)
    path = by_hand(shop.folder / "a.xlsx", ROW, {name: text * 300_000})
    assert path.stat().st_size < 20_000
    with pytest.raises(Refused, match="file_bomb"):
        shop.file(path)
    monkeypatch.setattr(module, "_MOST_SMALL", 1 << 20)
    monkeypatch.setattr(module, "_MOST_STRINGS", 1 << 20)
    monkeypatch.setattr(module, "_MOST_ROW", 1 << 20)
    monkeypatch.setattr(module, "MOST_UNPACKED", 1 << 30)
    monkeypatch.setattr(module, "_CHUNK", 1 << 18)
    with pytest.raises(Refused, match=r"file_bomb|too_many_rows"):
        shop.file(path)


def test_parts_beyond_number(shop: Shop) -> None:
    more = {f"xl/x{n}": "" for n in range(module.MOST_PARTS)}
    with pytest.raises(Refused, match="file_bomb"):
        shop.file(by_hand(shop.folder / "a.xlsx", ROW, more))


def _zip(*names: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code", "kind"),
    [
        (ole(["Workbook"]), "file_xls", None),
        (ole(["EncryptionInfo", "EncryptedPackage"]), "file_password", None),
        (_zip("word/document.xml", "[Content_Types].xml"), "file_not_table", "Word"),
        (_zip("ppt/presentation.xml"), "file_not_table", "PowerPoint"),
        (_zip("xl/workbook.bin"), "file_not_table", "XLSB"),
        (_zip("goods.csv"), "file_not_table", "ZIP"),
        (
            _zip("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            "file_not_table",
            "OpenDocument",
        ),
        (b"%PDF-1.7\n%\xe2\xe3", "file_not_table", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file_not_table", "PNG"),
        (b"Rar!\x1a\x07\x00", "file_not_table", "RAR"),
        (b"SQLite format 3\x00" + bytes(100), "file_not_table", "SQLite"),
        (b"MZ\x90\x00\x03\x00", "file_not_table", "EXE"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "file_not_table", "HTML"),
        ("\ufeff\n <TABLE border=1>".encode(), "file_not_table", "HTML"),
        (b'<?xml version="1.0"?><Workbook>', "file_not_table", "XML"),
        (b'[{"name": 1}]', "file_not_table", "JSON"),
        (b"", "file_empty", None),
        (bytes(range(256)) * 40, "file_binary", None),
        (b"\x00" * 5000, "no_header", None),
    ],
)
def test_files_that_are_no_table_are_called_what_they_are(
    shop: Shop, data: bytes, code: str, kind: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        shop.bytes(data, name="goods.xls")
    assert refused.value.code == code
    assert refused.value.values.get("kind") == kind
    assert not shop.staging.exists()


def test_a_locked_archive(shop: Shop) -> None:
    data = bytearray(by_hand(shop.folder / "a.xlsx", ROW).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(mark, start + 4)
    with pytest.raises(Refused, match=r"file_password|file_damaged"):
        shop.bytes(bytes(data), name="b.xlsx")


def test_no_file_at_all(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="file_unreadable"):
        shop.file(tmp_path / "none.csv")
    with pytest.raises(Refused, match="not_a_file"):
        shop.file(tmp_path)
