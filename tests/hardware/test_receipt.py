"""Bytes of a receipt, judged by an interpreter that knows nothing of how they were made."""

from __future__ import annotations

import base64
import io
import random
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image as Picture

from pos.devices import Printer
from pos.hardware import drawing
from pos.hardware.raster import BAND_ROWS, Bitmap, raster
from pos.hardware.receipt import receipt_bytes
from pos.hardware.trial import PARTS, Part, trial_page
from pos.receiptline.as_text import frame
from pos.receiptline.layout import lay_out
from pos.receiptline.nodes import PLAIN, Style
from pos.receiptline.parse import parse
from pos.receiptline.rows import FrameRow, Layout, Piece, RuleRow, TextRow
from pos.refusal import Refused
from pos.simulators.printer import Model, Receipt, interpret
from pos.simulators.printer import Style as Look

FONT = drawing.find_font()
needs_font = pytest.mark.skipif(FONT is None, reason="no Chinese font on this machine")
RECEIPT = """^^^荣华超市
文化路店
-
{w:*,6,9,10}
品名 |数量| 单价| 金额
可口可乐 500ml | 2| ¥3.50| ¥7.00
龙井茶·明前…特级 | 1| 128.00| 128.00
-
{w:auto}
"合计" | ^^^￥135.00
_会员_ | `尊贵`
{b:line; w:*,8}
现金 | 200.00
找零 | 65.00
{b:0; w:auto}
{o:ean,3,60,hri; c:690123456789}
{o:code128,2,48,nohri; c:000101010000042}
{o:qrcode,5,m; c:https://example.test/r/42}
谢谢惠顾
="""


def printed(document: str, printer: Printer, columns: int = 0, **keys: bool) -> list[Receipt]:
    layout = lay_out(parse(document), columns or printer.width)
    dots = 576 if printer.width == 48 else 384
    made = receipt_bytes(layout, printer)
    receipts = interpret(made.data, Model(dots=dots, **keys))  # type: ignore[arg-type]
    for receipt in receipts:
        assert receipt.faults == ()
    return receipts


@pytest.mark.parametrize(("paper", "columns"), [(80, 48), (58, 32)])
def test_every_piece_stands_in_its_column(paper: int, columns: int) -> None:
    layout = lay_out(parse(RECEIPT), columns)
    (receipt,) = printed(RECEIPT, Printer(paper_mm=paper))  # type: ignore[arg-type]
    wanted = [cells_of(row, columns) for row in layout.rows if isinstance(row, WRITTEN)]
    assert [row.text for row in receipt.rows] == wanted
    assert receipt.overflows == ()
    assert receipt.ended == "partial"
    assert [(c.kind, c.text) for c in receipt.codes] == [
        ("EAN13", "6901234567892"),
        ("CODE128", "000101010000042"),
        ("QR", "https://example.test/r/42"),
    ]


WRITTEN = (TextRow, RuleRow, FrameRow)


def cells_of(row: object, columns: int) -> str:
    """A row as a person reads it: a sign where it begins, blanks elsewhere."""
    if isinstance(row, FrameRow):
        return frame(row)
    if isinstance(row, RuleRow):
        return " " * row.column + "-" * row.width
    assert isinstance(row, TextRow)
    cells = [" "] * columns
    for piece in row.pieces:
        at = piece.column
        for sign in piece.text.replace("¥", "￥"):
            wide = (2 if sign > "\x7f" else 1) * piece.style.width
            cells[at : at + wide] = [sign] + [""] * (wide - 1)
            at += wide
    for bar in row.bars:
        cells[bar] = "|"
    return "".join(cells).rstrip(" ")


def test_styles_reach_the_paper() -> None:
    (receipt,) = printed(RECEIPT, Printer())
    looks = {span.text: span.style for span in receipt.spans}
    assert (looks["荣华超市"].width, looks["荣华超市"].height) == (2, 2)
    assert looks["合计"].bold
    assert looks["会员"].underline
    assert looks["尊贵"].invert
    assert looks["谢谢惠顾"] == Look()


def test_underline_lasts_when_the_size_changes() -> None:
    (receipt,) = printed("_小^大^_", Printer())
    said = [s for s in receipt.spans if s.text.strip()]
    assert [(s.text, s.style.width, bool(s.style.underline)) for s in said] == [
        ("小", 1, True),
        ("大", 2, True),
    ]


@pytest.mark.parametrize("hanzi", ["gs", "fs", "both"])
def test_chinese_grows_on_printers_of_both_kinds(hanzi: str) -> None:
    for gs_size_hanzi in {"gs": [True], "fs": [True, False], "both": [True, False]}[hanzi]:
        (receipt,) = printed(
            "^^^大字A",
            Printer(hanzi_size=hanzi),  # type: ignore[arg-type]
            gs_size_hanzi=gs_size_hanzi,
        )
        assert {(s.style.width, s.style.height) for s in receipt.spans if s.text.strip()} == {
            (2, 2)
        }


def test_copies_cuts_and_beeps() -> None:
    receipts = printed("一\n=\n二", Printer(copies=2, cut="full", buzzer=3, feed_lines=5))
    assert [(r.lines[0], r.ended) for r in receipts] == [
        ("一".center(47).rstrip(), "full"),
        ("二".center(47).rstrip(), "full"),
    ] * 2 + [(receipts[-1].lines[0], receipts[-1].ended)] * (len(receipts) - 4)
    data = receipt_bytes(lay_out(parse("一"), 48), Printer(copies=2, buzzer=3)).data
    assert data.count(b"\x1dV\x01") == 2
    assert data.endswith(b"\x1bB\x03\x02")
    assert (
        receipt_bytes(lay_out(parse("一"), 48), Printer(copies=2), copies=1).data.count(b"\x1dV")
        == 1
    )
    bare = receipt_bytes(lay_out(parse("一"), 48), Printer(cut="none", feed_lines=0)).data
    assert bare.endswith(b"\n")


def test_a_layout_wider_than_the_paper_is_refused() -> None:
    with pytest.raises(Refused, match="printer_too_narrow"):
        receipt_bytes(lay_out(parse("一"), 48), Printer(paper_mm=58))


def test_what_the_printer_has_not_is_told() -> None:
    made = receipt_bytes(lay_out(parse("𠮷野家\n𠮷🥤"), 48), Printer())
    assert made.replaced == "𠮷🥤"
    assert made.drawn == 0


@needs_font
def test_a_line_with_a_rare_name_is_drawn() -> None:
    layout = lay_out(parse("𠮷野家\n面馆"), 48)
    made = receipt_bytes(layout, Printer(missing="draw"))
    assert (made.replaced, made.drawn) == ("", 1)
    (receipt,) = interpret(made.data)
    assert receipt.faults == ()
    assert len(receipt.images) == 1
    assert [line.strip() for line in receipt.lines if line] == ["面馆"]


@needs_font
def test_a_whole_receipt_drawn() -> None:
    layout = lay_out(parse(RECEIPT), 48)
    made = receipt_bytes(layout, Printer(encoding="image", qr="image", barcode="image"))
    (receipt,) = interpret(made.data)
    assert receipt.faults == ()
    assert receipt.spans == ()
    # the readable line under the drawn EAN is drawn too
    assert made.drawn == len([row for row in layout.rows if isinstance(row, WRITTEN)]) + 1
    assert decoded(receipt) == {
        "6901234567892",
        "000101010000042",
        "https://example.test/r/42",
    }


def test_no_font_for_a_printer_that_needs_one() -> None:
    with pytest.raises(Refused, match="font_missing"):
        receipt_bytes(lay_out(parse("一"), 48), Printer(encoding="image", font="missing.ttf"))


def test_a_font_that_is_none_is_like_a_missing_one(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("fonts") / "bad.ttf"
    file.write_bytes(b"no font")
    with pytest.raises(Refused, match="font_missing"):
        receipt_bytes(lay_out(parse("一"), 48), Printer(encoding="image", font=str(file)))


def decoded(receipt: Receipt) -> set[str]:
    """What a reader finds in the dots of all images, on white paper where they were printed."""
    height = max(image.y + image.height for image in receipt.images)
    paper = Picture.new("L", (receipt.dots + 80, height + 80), 255)
    for image in receipt.images:
        size = ((image.width + 7) // 8 * 8, image.height)
        dots = Picture.frombytes("1", size, image.data).convert("L").point(lambda dot: 255 - dot)
        paper.paste(dots, (image.x + 40, image.y + 40))
    paper = paper.resize((paper.width * 2, paper.height * 2), Picture.Resampling.NEAREST)
    return {found.text for found in zxingcpp.read_barcodes(paper)}


CODES = [
    ("ean", "690123456789", "6901234567892"),
    ("ean", "9638507", "96385074"),
    ("upc", "03600029145", "036000291452"),
    ("code39", "GUITAI-42", "GUITAI-42"),
    ("itf", "12345678", "12345678"),
    ("codabar", "A123456B", "A123456B"),
    ("nw7", "A123456B", "A123456B"),
    ("code93", "GUITAI42", "GUITAI42"),
    ("code128", "Guitai {42} 0123456789", "Guitai {42} 0123456789"),
    ("code128", "000101010000042", "000101010000042"),
    ("code128", "12345", "12345"),
    ("code128", "AB123456", "AB123456"),
]


@pytest.mark.parametrize(("symbology", "data", "text"), CODES)
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_barcodes_by_the_printer_and_by_us(
    symbology: str, data: str, text: str, align: str
) -> None:
    said = data.replace("{", "\\{").replace("}", "\\}")
    pipe = {"left": "|{", "center": "{", "right": "{"}[align]
    end = {"left": "}", "center": "}", "right": "}|"}[align]
    document = f"{pipe}o:{symbology},2,60,hri; c:{said}{end}"
    (native,) = printed(document, Printer())
    (code,) = native.codes
    assert text.strip("AB") in code.text or text in code.text
    (drawn,) = printed(document, Printer(barcode="image"))
    assert any(text.strip("AB") in found for found in decoded(drawn))
    assert (text in drawn.text or f"*{text}*" in drawn.text) or symbology in ("codabar", "nw7")


@pytest.mark.parametrize("level", ["l", "m", "q", "h"])
@pytest.mark.parametrize("data", ["https://example.test/抬头?x=1", "1", "x" * 300])
def test_qr_codes_by_the_printer_and_by_us(level: str, data: str) -> None:
    document = f"{{o:qrcode,4,{level}; c:{data}}}"
    (native,) = printed(document, Printer())
    assert [c.text for c in native.codes] == [data]
    (drawn,) = printed(document, Printer(qr="image"))
    assert decoded(drawn) == {data}


def test_a_code_in_a_narrow_column_is_drawn_where_it_stands() -> None:
    document = "{w:10,20; a:left}\n|{o:qrcode,3,l; c:a}"
    layout = lay_out(parse(document), 48)
    (receipt,) = interpret(receipt_bytes(layout, Printer()).data)
    assert receipt.faults == ()


def png(width: int, height: int, mode: str = "RGBA") -> bytes:
    picture = Picture.new(mode, (width, height), "black" if mode == "L" else (0, 0, 0, 255))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_pictures_and_the_logo() -> None:
    document = f"{{i:{base64.b64encode(png(100, 250)).decode()}}}"
    layout = lay_out(parse(document), 48)
    made = receipt_bytes(layout, Printer(), logo=png(800, 40, "L"))
    (receipt,) = interpret(made.data)
    assert receipt.faults == ()
    assert made.left_out == ()
    assert sum(image.height for image in receipt.images[1:]) in (250, 251)
    # the logo is 800 dots wide: it is made as wide as the paper
    assert receipt.images[0].width == 576


def test_pictures_that_are_none_are_left_out() -> None:
    broken = png(40, 40)[:-30] + b"\0" * 18 + png(40, 40)[-12:]
    document = f"前\n{{i:{base64.b64encode(broken).decode()}}}\n后"
    made = receipt_bytes(lay_out(parse(document), 48), Printer(), logo=b"no png")
    assert made.left_out[0] == 0
    (receipt,) = interpret(made.data)
    assert [line.strip() for line in receipt.lines if line] == ["前", "后"]


@pytest.mark.parametrize("height", [1, 47, 48, 96, 99, 100, 101, 148, 196, 300])
def test_bands(height: int) -> None:
    data = bytes(random.Random(height).randrange(256) for _ in range(72 * height))
    (receipt,) = interpret(raster(Bitmap(72, data)) + b"\x1bd\x04\x1dV\x01")
    assert receipt.faults == ()
    rows = b"".join(image.data for image in receipt.images)
    assert rows[: len(data)] == data
    assert not rows[len(data) :].strip(b"\0")
    assert all(image.height <= BAND_ROWS for image in receipt.images)
    assert receipt.images[-1].height % 48


TEXTS = st.text(st.characters(codec=None, categories=None), max_size=20)
STYLES = st.builds(
    Style,
    st.integers(1, 6),
    st.integers(1, 6),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(st.tuples(TEXTS, STYLES), max_size=4), st.sampled_from(["gb18030", "gbk", "big5"]))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_no_text_becomes_a_command(parts: list[tuple[str, Style]], encoding: str) -> None:
    """The commands of a receipt are those of the same receipt with harmless text."""
    printer = Printer(encoding=encoding)  # type: ignore[arg-type]

    def commands(harmless: bool) -> list[bytes]:
        rows = tuple(
            TextRow(1, (Piece(0, "x" * len(text) if harmless else text, style, 1),), 1)
            for text, style in parts
        )
        data = receipt_bytes(Layout(48, rows), printer).data
        return list(control_bytes(data))

    assert commands(False) == commands(True)


def control_bytes(data: bytes) -> Iterator[bytes]:
    """Every control byte and, of our own commands, their parameters."""
    lengths = {b"\x1b@": 2, b"\x1c&": 2, b"\x1bE": 3, b"\x1b-": 3, b"\x1c-": 3, b"\x1d!": 3,
               b"\x1c!": 3, b"\x1dB": 3, b"\x1bd": 3, b"\x1dV": 3}  # fmt: skip
    at = 0
    while at < len(data):
        length = lengths.get(data[at : at + 2], 1)
        if length > 1 or data[at] < 0x20 or data[at] == 0x7F:
            yield data[at : at + length]
        at += length


@given(TEXTS)
@settings(deadline=None, derandomize=True, max_examples=100)
def test_no_code_becomes_a_command(data: str) -> None:
    """Data of codes goes behind a length; what could act where a printer lacks them is drawn."""
    shown = "".join(c for c in data if unicodedata.category(c) not in ("Cs", "Cc", "Zl", "Zp"))
    escaped = "".join("\\" + c if c in "\\{}|;" else c for c in shown)
    layout = lay_out(parse(f"{{o:qrcode,3,l; c:{escaped}}}"), 48)
    made = receipt_bytes(layout, Printer())
    assert b"\x1bp" not in made.data
    for receipt in interpret(made.data):
        assert receipt.faults == ()
        assert receipt.kicks == ()


def test_the_library_leaves_nothing_behind(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("temp")
    code = """
import logging, os, sys, tempfile
from pos.devices import Printer
import pos.hardware.receipt, pos.hardware.codes, pos.hardware.sending, pos.hardware.connect
import pos.hardware.scanner, pos.hardware.scale, pos.hardware.display, pos.hardware.discovery
assert not [m for m in sys.modules if m.split('.')[0] in ('escpos', 'PIL', 'usb', 'serial', 'biip')]
from pos.hardware.builder import builder
builder(); builder()
assert logging.getLogger().handlers == [], logging.getLogger().handlers
assert os.listdir(tempfile.gettempdir()) == [], os.listdir(tempfile.gettempdir())
print(os.environ.get('ESCPOS_CAPABILITIES_PICKLE_DIR', ''))
"""
    for kept in ("", str(folder.parent)):
        environment = {"TMPDIR": str(folder), "PATH": "/usr/bin:/bin"}
        if kept:
            environment["ESCPOS_CAPABILITIES_PICKLE_DIR"] = kept
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == kept
        assert done.stderr == ""


@pytest.mark.parametrize("parts", [PARTS, ("width",), ("text",), ("qr",)])
def test_the_trial_page_prints(parts: tuple[Part, ...]) -> None:
    data = trial_page(Printer(), parts)
    receipts = interpret(data)
    said = "\n".join(receipt.text for receipt in receipts)
    if "width" in parts:
        assert "123456789012345678901234567890123456789012345678\n" in said
        assert "汉" * 24 in said
    if parts == ("width",):
        assert not any(receipt.overflows for receipt in receipts)
    if "text" in parts:
        assert "1 gbk: 中文测试：可口可乐 ￥12.50 元" in said.replace("  ", " ")
    if "qr" in parts:
        assert any(c.text == "Guitai 0123456789" for r in receipts for c in r.codes)
    assert data.count(b"\x1dV") == ("cut" in parts)


def test_forty_lines_are_quick() -> None:
    """The goal is 2 ms for parse, layout and bytes; ten times that is a defect on any machine."""
    document = "\n".join(["{w:*,6,8,10}", *["可口可乐 500ml | 2| 3.50| 7.00"] * 38, "-", "合计"])
    receipt_bytes(lay_out(parse(document), 48), Printer())
    best = 1.0
    for _ in range(20):
        began = time.perf_counter()
        receipt_bytes(lay_out(parse(document), 48), Printer())
        best = min(best, time.perf_counter() - began)
    assert best < 0.02


def test_plain_is_where_a_row_ends() -> None:
    layout = Layout(48, (TextRow(1, (Piece(0, "a", replace(PLAIN, invert=True), 1),), 1),))
    (receipt,) = interpret(receipt_bytes(layout, Printer()).data)
    assert receipt.faults == ()
    assert receipt.spans[0].style.invert
