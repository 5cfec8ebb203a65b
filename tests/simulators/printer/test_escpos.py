"""python-escpos makes the bytes, the interpreter judges them: two readings of one reference."""

from __future__ import annotations

import importlib
import logging
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from pos.simulators.printer import Kick, interpret
from tests.simulators.printer.papers import FEED
from tests.simulators.printer.test_codes import read


@pytest.fixture(scope="module")
def escpos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The module; its import leaves folders and log handlers behind, which go with this test."""
    pytest.importorskip("escpos")
    before, handlers = tempfile.tempdir, list(logging.root.handlers)
    tempfile.tempdir = str(tmp_path_factory.mktemp("escpos"))
    try:
        yield importlib.import_module("escpos.printer")
    finally:
        tempfile.tempdir = before
        logging.root.handlers[:] = handlers


def test_a_receipt_with_everything(escpos: Any) -> None:
    dummy = escpos.Dummy(profile="TM-T20II")
    dummy.hw("INIT")
    dummy._raw(b"\x1c&")
    dummy.set(align="center", bold=True, double_height=True, double_width=True)
    dummy.textln("GUITAI")
    dummy.set(align="right", normal_textsize=True, bold=False)
    dummy.textln("9.90")
    dummy.set(align="left", invert=True)
    dummy.textln("inverted")
    dummy.set(invert=False, underline=1)
    dummy.textln("underlined")
    dummy.set(underline=0, font="b")
    dummy.textln("small")
    dummy.set(font="a")
    dummy._raw("可口可乐".encode("gb18030") + b"\n")
    dummy.cashdraw(2)
    dummy.buzzer(2, 1)
    dummy.cut()
    (receipt,) = interpret(dummy.output)
    assert receipt.lines[:6] == (
        " " * 18 + "GUITAI",
        " " * 44 + "9.90",
        "inverted",
        "underlined",
        "small",
        "可口可乐",
    )
    assert receipt.faults == ()
    first, _, inverted, underlined, small, _ = (row.spans[0].style for row in receipt.rows[:6])
    assert (first.width, first.height, first.bold) == (2, 2, True)
    assert (inverted.invert, underlined.underline, small.font) == (True, 1, "B")
    assert receipt.kicks == (Kick(2, 100, 100, receipt.kicks[0].offset),)
    assert (receipt.beeps, receipt.ended) == (2, "full")


@pytest.mark.parametrize(
    ("kind", "data", "scanned"),
    [
        ("EAN13", "690123456789", "6901234567892"),
        ("EAN8", "9638507", "96385074"),
        ("CODE39", "ABC-1", "ABC-1"),
        ("ITF", "123456", "123456"),
        ("CODE128", "{BNo.12ab", "No.12ab"),
        ("CODE93", "ABC12", "ABC12"),
        ("CODABAR", "A123B", "A123B"),
    ],
)
def test_its_bar_codes(escpos: Any, kind: str, data: str, scanned: str) -> None:
    pytest.importorskip("zxingcpp")
    dummy = escpos.Dummy(profile="TM-T20II")
    form = "A" if kind not in ("CODE128", "CODE93") else "B"
    dummy.barcode(data, kind, height=60, width=2, pos="OFF", function_type=form)
    (receipt,) = interpret(dummy.output + FEED + b"\x1dV\x00")
    assert receipt.faults == ()
    assert [text for _, text in read(receipt)] == [scanned]


@pytest.mark.parametrize("native", [True, False])
def test_its_qr_codes(escpos: Any, native: bool) -> None:
    pytest.importorskip("zxingcpp")
    dummy = escpos.Dummy(profile="TM-T20II")
    dummy.qr("https://fp.example/e?n=12", native=native, size=5)
    (receipt,) = interpret(dummy.output + FEED + b"\x1dV\x00")
    assert receipt.faults == ()
    assert read(receipt) == [("QR Code", "https://fp.example/e?n=12")]
    assert bool(receipt.codes) is native
    assert bool(receipt.images) is not native


@pytest.mark.parametrize("way", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_its_images(escpos: Any, way: str) -> None:
    """A picture with a different dot in every place comes out the same in all three ways."""
    from pos.simulators.printer.picture import burned

    source = Image.new("1", (64, 48), 1)
    for place in range(48):
        source.putpixel(((place * 7) % 64, place), 0)
        source.putpixel((place, (place * 5) % 48), 0)
    dummy = escpos.Dummy(profile="TM-T20II")
    dummy.image(source, impl=way)
    (receipt,) = interpret(dummy.output + b"\n" + FEED + b"\x1dV\x00")
    assert receipt.faults == ()
    expected = source.convert("L").point([255] * 128 + [0] * 128)
    assert burned(receipt).crop((0, 0, 64, 48)).tobytes() == expected.tobytes()
