"""Bars and cells, read by a decoder that is not ours."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from typing import get_args

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from pos.receiptline.as_html import page
from pos.receiptline.as_svg import svg
from pos.receiptline.barcodes import bars, check_digit
from pos.receiptline.cells import cells
from pos.receiptline.nodes import Level
from pos.receiptline.qr import matrix, side
from pos.receiptline.rows import BarcodeRow, QrRow
from tests.receiptline.setting import laid

PATH = re.compile(r"M([\d.]+) ([\d.]+)h(\d+)v(\d+)h-\d+z")
DIGITS = "0123456789"
ASCII = "".join(map(chr, range(32, 127)))


def read(image: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(image)}


def drawn(widths: tuple[int, ...]) -> Image.Image:
    """Bars on white with a quiet zone."""
    image = Image.new("L", (sum(widths) + 80, 60), 255)
    draw, at = ImageDraw.Draw(image), 40
    for index, width in enumerate(widths):
        if index % 2 == 0:
            draw.rectangle((at, 5, at + width - 1, 55), fill=0)
        at += width
    return image


def painted(shapes: str) -> Image.Image:
    """The filled rectangles of an SVG path."""
    boxes = [tuple(map(int, box)) for box in PATH.findall(shapes)]
    image = Image.new(
        "L", (max(b[0] + b[2] for b in boxes) + 40, max(b[1] + b[3] for b in boxes) + 40), 255
    )
    draw = ImageDraw.Draw(image)
    for x, y, width, height in boxes:
        draw.rectangle((x, y, x + width - 1, y + height - 1), fill=0)
    return image


def chosen(signs: str, most: int, least: int = 1) -> Callable[[random.Random], str]:
    return lambda chance: "".join(chance.choices(signs, k=chance.randint(least, most)))


MADE: dict[str, Callable[[random.Random], str]] = {
    "ean": chosen(DIGITS, 12, 12),
    "jan": chosen(DIGITS, 7, 7),
    "upc": chosen(DIGITS, 11, 11),
    # without / % + $: the decoder takes pairs of them for Code 39 extended
    "code39": chosen("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-.", 10),
    "itf": lambda chance: "".join(chance.choices(DIGITS, k=2 * chance.randint(3, 8))),
    "codabar": lambda chance: "A" + "".join(chance.choices("0123456789-$:/.+", k=8)) + "D",
    "nw7": lambda chance: "B" + "".join(chance.choices("0123456789-$:/.+", k=6)) + "C",
    "code93": chosen(ASCII, 12),
    "code128": chosen(ASCII + DIGITS * 12, 20),
}


@pytest.mark.parametrize("symbology", MADE)
@pytest.mark.parametrize("module", [2, 3, 4])
def test_another_decoder_reads_our_bars(symbology: str, module: int) -> None:
    chance = random.Random(f"{symbology} {module}")
    for _ in range(8):
        data = MADE[symbology](chance)
        made = bars(symbology, data, module)
        assert made
        wanted = made.text.strip("*") if symbology in ("ean", "jan", "upc") else data
        assert read(drawn(made.widths)) & {wanted, "0" + wanted}, data


@pytest.mark.parametrize(
    "data", [DIGITS * 2, "1234", "12", "123", "a1234", "1234a", "a123456b", "12345a"]
)
def test_code128_changes_its_set_anywhere(data: str) -> None:
    made = bars("code128", data, 2)
    assert made
    assert read(drawn(made.widths)) == {data}


@pytest.mark.parametrize(
    ("data", "long"),
    [
        ("0123456", "0012345000065"),
        ("0234560", "0023000004564"),
        ("0234562", "0023200004562"),
        ("0234563", "0023400000562"),
        ("0234564", "0023450000062"),
        ("02345659", "0023456000059"),
    ],
)
def test_upce_stands_for_its_long_number(data: str, long: str) -> None:
    made = bars("upc", data, 3)
    assert made
    assert made.text[:7] == data[:7]
    assert read(drawn(made.widths)) == {long}


@pytest.mark.parametrize(
    ("symbology", "data"),
    [
        ("ean", "690123456789x"),
        ("ean", "6901234567891"),
        ("ean", "69012345678"),
        ("ean", "12345671"),
        ("ean", ""),
        ("ean", "١٢٣٤٥٦٧"),
        ("upc", "123456"),
        ("upc", "12345670"),
        ("upc", "01234566"),
        ("upc", "123456789013"),
        ("code39", "abc"),
        ("code39", "A*B"),
        ("itf", "123"),
        ("itf", "12a4"),
        ("codabar", "123"),
        ("codabar", "A12"),
        ("codabar", "A1B2C"),
        ("codabar", "AB"),
        ("code93", "中"),
        ("code128", "中"),
        ("code128", "a\nb"),
        ("code128", "a" * 101),
    ],
)
def test_what_a_code_cannot_say(symbology: str, data: str) -> None:
    assert bars(symbology, data, 2) is None


def test_check_digits() -> None:
    assert (check_digit("690123456789"), check_digit("1234567")) == ("2", "0")


@pytest.mark.parametrize("level", get_args(Level))
def test_the_side_of_a_qr_code_is_known_before_it_is_made(level: Level) -> None:
    for count in (1, 11, 14, 17, 18, 53, 180, 181, 271):
        data = "a" * count
        assert side(data, level) == len(matrix(data, level))
    assert side("a" * 2953, "l") == 177
    assert side("a" * 2954, "l") == 0
    assert side("", "l") == 0


@pytest.mark.parametrize(
    "data", ["https://fp.example.cn/i?o=S00101&t=8f", "发票 123|{}\\", "a" * 200]
)
@pytest.mark.parametrize("level", ["l", "m", "q", "h"])
def test_another_decoder_reads_our_qr_codes(data: str, level: str) -> None:
    escaped = "".join(f"\\x{ord(c):02x}" if c in "|{}\\;" else c for c in data)
    layout = laid(f"{{code:{escaped};option:qrcode 4 {level}}}", 48)
    assert isinstance(layout.rows[0], QrRow)
    for picture in (svg(layout), page(layout)):
        assert read(painted(picture)) == {data}


@pytest.mark.parametrize("option", ["code128", "code128 3 24 hri", "code39 2 hri"])
def test_another_decoder_reads_the_bars_of_our_pictures(option: str) -> None:
    layout = laid(f"{{code:S0010101;option:{option}}}", 48)
    assert isinstance(layout.rows[0], BarcodeRow)
    for picture in (svg(layout), page(layout)):
        assert read(painted(picture)) == {"S0010101"}


@pytest.mark.parametrize(
    ("data", "option"), [("690123456789", "ean"), ("https://a.cn/中", "qrcode m")]
)
def test_another_decoder_reads_our_screen(data: str, option: str) -> None:
    halves = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    sides = {" ": (0, 0), "▌": (1, 0), "▐": (0, 1), "█": (1, 1)}
    rows = [
        row[0].text for row in cells(laid(f"{{c:{data};o:{option}}}", 64)) if row[0].kind == "code"
    ]
    image = Image.new("L", (600, 400), 255)
    draw = ImageDraw.Draw(image)
    qr = option.startswith("qr")
    for y, row in enumerate(rows):
        for x, sign in enumerate(row):
            first, second = halves[sign] if qr else sides[sign]
            for dark, dx, dy in ((first, 0, 0), (second, 0 if qr else 4, 4 if qr else 0)):
                if dark:
                    left, top = 40 + x * (4 if qr else 8) + dx, 40 + y * 8 + dy
                    draw.rectangle((left, top, left + 3, top + (3 if qr else 7)), fill=0)
    assert read(image) & {data, data + "2"}


def test_pictures_are_well_formed() -> None:
    layout = laid("<b>&\"|'\\x22\n{c:A&B<;o:code128 hri}\n{c:<&>;o:qrcode}\n{b:line}\na|b", 48)
    root = ElementTree.fromstring(svg(layout))  # noqa: S314 - it is our own
    said = "".join(root.itertext())
    assert said.startswith("<b>&")
    assert "A&B<" in said
