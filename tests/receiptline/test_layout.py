"""Where things stand: grids written by hand, and what the grids cannot say."""

from __future__ import annotations

import time

import pytest

from pos.receiptline.frame import grid
from pos.receiptline.layout import MAX_COLUMNS, MIN_COLUMNS, lay_out
from pos.receiptline.nodes import STAR, Border, Fault, Style
from pos.receiptline.parse import parse
from pos.receiptline.rows import (
    BarcodeRow,
    CutRow,
    FrameRow,
    ImageRow,
    Piece,
    QrRow,
    RuleRow,
    TextRow,
)
from pos.refusal import Refused
from tests.receiptline.setting import PNG, laid, shown

SHOP = r"""^^^晨光便利
{width:*,6,9}
|品名 |数量| 金额|
-
{width:*}
|可口可乐 330ml — 罐装·特惠 |
{width:*,6,9}
|~6901234567892 | 3| 9.00|
{width:auto}
-
|"合计" | "￥9.00"|
{border:line;width:*,10}
|微信支付 | 9.00|
-
|找零 | 0.00|
{border:space;width:auto}
{code:6901234567892;option:ean hri}
谢谢惠顾
="""

SHOP_32 = """\
        晨  光  便  利··
品名             数量       金额
--------------------------------
可口可乐 330ml — 罐装·特惠
 6901234567892       3      9.00
--------------------------------
合计                      ￥9.00
+-------------------+----------+
|微信支付           |      9.00|
+-------------------+----------+
|找零               |      0.00|
+-------------------+----------+
            谢谢惠顾"""

SHOP_48 = """\
                晨  光  便  利··
品名                             数量       金额
------------------------------------------------
可口可乐 330ml — 罐装·特惠
 6901234567892                       3      9.00
------------------------------------------------
合计                                      ￥9.00
+-----------------------------------+----------+
|微信支付                           |      9.00|
+-----------------------------------+----------+
|找零                               |      0.00|
+-----------------------------------+----------+
                    谢谢惠顾"""

KITCHEN = r"""{width:4 *;border:none}
|^^3 |^^鱼香肉丝`少辣`
|2 |米饭\n打包 |
{align:right;width:12}
|桌号 A12|
{align:left}
|桌号 A12|
{align:center;border:line}
|abcdefghijklmno|
{text:nowrap}
|abcdefghijklmno|"""

KITCHEN_32 = """\
3   鱼香肉丝少辣
2   米饭
    打包
                      桌号 A12
  桌号 A12
         +------------+
         |abcdefghijkl|
         |     mno    |
         |abcdefghijkl|
         +------------+"""


@pytest.mark.parametrize(
    ("source", "columns", "grid"),
    [(SHOP, 32, SHOP_32), (SHOP, 48, SHOP_48), (KITCHEN, 32, KITCHEN_32)],
    ids=["shop on 58 mm", "shop on 80 mm", "kitchen"],
)
def test_grids(source: str, columns: int, grid: str) -> None:
    assert "\n".join(map(marked, shown(source, columns))) == grid


def marked(line: str) -> str:
    """`line` with its last blanks to be seen."""
    kept = line.rstrip(" ")
    return kept + "·" * (len(line) - len(kept))


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        # what does not divide goes to the last; the border stands between
        ("{w:*,*}\n|a |b |", ["a               b"]),
        ("{w:*,*,*;b:none}\n|a |b |c |", ["a         b          c"]),
        ("{w:8,*;b:2}\n|a |b |", ["a         b"]),
        ("{w:8,*;b:none}\n|a |b |", ["a       b"]),
        # the widest give way until all fit
        ("{w:30,5}\n|a |b |", ["a                          b"]),
        ("{w:20,20}\n|a |b |", ["a                b"]),
        ("{w:40,*}\n|a |b |", ["a                              b"]),
        # a hidden column, and columns that the widths do not know
        ("{w:0,*}\n|a |b |", ["b"]),
        ("{w:3,0,*}\n|a |b |c |", ["a   c"]),
        ("{w:0}\na", [""]),
        ("{w:5,5;a:left}\n|a |b |c |", ["a     b"]),
        ("{w:5,5;a:left}\n|a |", ["a      "]),
        # a wide sign is never halved
        ("{w:3;a:left}\n|中文 |", ["中", "文"]),
        ("{w:3;a:left}\n|ab中 |", ["ab", "中"]),
        ("{w:5;a:left}\n|^a^中^b |", ["a 中", "b "]),
        ("{t:nowrap;w:3;a:left}\n|ab中c |", ["ab"]),
        # wrapped by hand; an empty line stays one
        ("a\\n\\nb", ["                a", "", "                b"]),
        ("{t:nowrap}\n|a\\nb |", ["a"]),
        ("", [" "]),
        ("~", ["                 "]),
        # frames
        ("{b:line}", []),
        ("{b:line;w:3;a:left}\n-", []),
        ("{b:line;w:3;a:left}\na\n-\n-", ["+---+", "| a |", "+---+"]),
        ("{b:line;w:3;a:left}\na\n=\n-\nb", ["+---+", "| a |", "+---+", "+---+", "| b |", "+---+"]),
        ("{b:line;w:3;a:left}\na\n{b:line}\nb", ["+---+", "| a |", "| b |", "+---+"]),
        (
            "{b:line;w:3;a:left}\na\n-\n{w:1,1}\n|b|c|",
            ["+---+", "| a |", "+-+-+", "|b|c|", "+-+-+"],
        ),
        (
            "{b:line;w:3;a:left}\na\n-\n{w:4;a:right}\n|b |",
            [
                "+---+",
                "| a |",
                "+---+                     +----+",
                "                          |b   |",
                "                          +----+",
            ],
        ),
    ],
)
def test_lines(source: str, lines: list[str]) -> None:
    assert shown(source) == lines


def test_pieces_know_all_that_a_printer_needs() -> None:
    (row,) = laid('|a_b_|^^^"中"`x` |').rows
    assert row == TextRow(
        1,
        (
            Piece(7, "a", Style(), 1),
            Piece(8, "b", Style(underline=True), 1),
            Piece(16, "中", Style(2, 2, bold=True), 4),
            Piece(20, "x", Style(2, 2, invert=True), 2),
        ),
        height=2,
    )


def test_rules_frames_and_cuts_are_rows() -> None:
    rows = laid("{w:10}\n-\n=\n{b:line}\na").rows
    assert rows[0] == RuleRow(2, 11, 10)
    assert rows[1] == CutRow(3)
    assert rows[2] == FrameRow(5, (), (10, 21))
    assert isinstance(rows[3], TextRow)
    assert rows[3].bars == (10, 21)
    assert rows[4] == FrameRow(5, (10, 21), ())


def test_a_rule_in_a_frame_stands_before_a_code() -> None:
    kinds = [type(row) for row in laid("{b:line}\na\n-\n{c:1}\nb|c").rows]
    assert kinds == [FrameRow, TextRow, FrameRow, BarcodeRow, TextRow, FrameRow]


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("{c:12;o:code39}", 135),
        ("|{c:12;o:code39}", 0),
        ("{c:12;o:code39}|", 270),
        ("{w:20;a:left}\n{c:12;o:code39}", 63),
        ("{w:20;a:right}\n{c:12;o:code39}|", 270),
        ("{w:5}\n{c:12;o:code39}", 135),
        ("{c:a;o:qrcode}", 160),
        ("{c:a;o:qrcode 8}|", 216),
    ],
)
def test_codes_stand_where_their_column_does(source: str, left: int) -> None:
    row = laid(source).rows[-1]
    assert isinstance(row, BarcodeRow | QrRow)
    assert row.left == left


def test_a_code_carries_its_data_and_its_bars() -> None:
    (row,) = laid("{c:690123456789;o:ean 3 100 hri}").rows
    assert isinstance(row, BarcodeRow)
    assert (row.code.symbology, row.code.module, row.code.height) == ("ean", 3, 100)
    assert row.code.data == "690123456789"
    assert row.text == "6901234567892"
    assert sum(row.widths) == 95 * 3


def test_a_code_that_is_too_wide_has_smaller_modules() -> None:
    (row,) = laid("{c:690123456789;o:ean 4}", 28).rows
    assert isinstance(row, BarcodeRow)
    assert row.code.module == 3
    (row,) = laid("{c:" + "a" * 90 + ";o:qrcode 8}", 24).rows
    assert isinstance(row, QrRow)
    assert (row.modules, row.code.cell) == (37, 7)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("{c:69O1;o:ean}", Fault("receipt_bad_code", 1, "69O1", "ean")),
        ("{c:6901234567891;o:ean}", Fault("receipt_bad_code", 1, "6901234567891", "ean")),
        ("{c:中;o:code128}", Fault("receipt_bad_code", 1, "中", "code128")),
        ("{c:12345;o:itf}", Fault("receipt_bad_code", 1, "12345", "itf")),
        ("{c:" + "7" * 80 + "}", Fault("receipt_code_too_wide", 1, "7" * 40, "code128")),
        ("{c:" + "7" * 3000 + ";o:qrcode}", Fault("receipt_bad_code", 1, "7" * 40, "qrcode")),
        ("{c:" + "7" * 1500 + ";o:qrcode}", Fault("receipt_code_too_wide", 1, "7" * 40, "qrcode")),
    ],
)
def test_data_that_is_no_code_is_printed_as_text_and_told(source: str, fault: Fault) -> None:
    layout = laid(source)
    assert layout.faults == (fault,)
    said = "".join(line.strip() for line in shown(source))
    assert said == source[3:].split(";")[0].rstrip("}")


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("{w:1}\na中b", Fault("receipt_too_narrow", 2, "中")),
        ("{w:3}\n^^^^中", Fault("receipt_too_narrow", 2, "中")),
        ("{w:3,3}\na|b|c", Fault("receipt_too_many_columns", 2, "3")),
        ("|".join("a" * 17), Fault("receipt_too_many_columns", 1, "17")),
    ],
)
def test_what_has_no_room_is_told(source: str, fault: Fault) -> None:
    assert laid(source).faults == (fault,)
    refused = fault.refused("a.receipt")
    assert (refused.code, refused.values["name"]) == (fault.code, "a.receipt")


def test_a_whole_receipt_has_no_faults() -> None:
    assert laid(SHOP).faults == ()


def test_a_picture_keeps_its_size_or_is_made_as_wide_as_the_paper() -> None:
    document = parse(f"{{i:{PNG}}}|")
    (row,) = lay_out(document, 32).rows
    assert isinstance(row, ImageRow)
    assert (row.left, row.width, row.height) == (381, 3, 2)


def test_a_picture_without_use_leaves_the_receipt_whole() -> None:
    layout = laid("a\n{i:xx}\nb")
    assert [fault.code for fault in layout.faults] == ["receipt_image"]
    assert len(layout.rows) == 2


@pytest.mark.parametrize("columns", [0, -1, MIN_COLUMNS - 1, MAX_COLUMNS + 1, 10**9])
def test_paper_of_no_printer_is_refused(columns: int) -> None:
    with pytest.raises(Refused, match="receipt_columns"):
        laid("a", columns)


def test_a_receipt_of_endless_rows_is_refused() -> None:
    source = "{b:none;w:" + ",".join("1" * 200) + "}\n" + "a" * 20_000 + "\n"
    with pytest.raises(Refused, match="receipt_too_long"):
        laid(source, 256)


def test_a_receipt_of_endless_qr_codes_is_refused() -> None:
    with pytest.raises(Refused, match="receipt_too_long"):
        laid("{c:a;o:qrcode}\n" * 65)


@pytest.mark.parametrize(
    ("widths", "sizes"),
    [
        ("10,10,20", [10, 10, 10]),
        ("20,5,20,5", [10, 5, 9, 5]),
        ("20,20,*,*", [14, 13, 1, 1]),
        ("256,256,256,256", [8, 7, 7, 7]),
        ("*,*,*,*,*", [5, 5, 6, 6, 6]),
    ],
)
def test_columns_share_the_paper(widths: str, sizes: list[int]) -> None:
    count = len(sizes)
    place = grid(
        tuple(STAR if width == "*" else int(width) for width in widths.split(",")),
        count,
        Border(),
        "center",
        32,
    )
    assert [size for _, _, size in place.spans] == sizes


@pytest.mark.parametrize(
    "source",
    [
        "|a" + "\u0301" * 300_000,
        "{w:1}\n" + "中" * 300_000,
        "^_" * 200_000,
        "a|" * 100_000,
        "{" + ";" * 300_000 + "}",
        "\n".join("{w:" + "90," * 60 + str(n) + "}\na" for n in range(500)),
    ],
    ids=["marks on one sign", "signs without room", "style marks", "pipes", "semicolons", "widths"],
)
def test_no_line_takes_long(source: str) -> None:
    started = time.monotonic()
    laid(source)
    # a quadratic step would take minutes
    assert time.monotonic() - started < 20
