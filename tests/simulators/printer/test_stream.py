"""Any bytes at all, cut anywhere: no crash, and the cuts never show."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.simulators.printer import Interpreter, Model, Receipt, interpret
from pos.simulators.printer.fonts import NoFontError, find_font
from pos.simulators.printer.interpreter import Event
from pos.simulators.printer.picture import burned, png
from tests.simulators.printer.papers import CUT, HANZI, INIT, PRINT_QR, gb, store_qr

PIECES = (
    INIT, HANZI, CUT, b"\x1c.", b"\n", b"\t", b"\r", b"\0", b"plain text", gb("可口可乐"),
    b"\x81\x30\x84\x36", b"\xbf", b"\x1d!\x11", b"\x1d!\x77", b"\x1c!\x0c", b"\x1bM\x01",
    b"\x1ba\x01", b"\x1ba\x02", b"\x1b$\x10\x00", b"\x1b\\\xf0\xff", b"\x1bD\x05\x09\x00",
    b"\x1dL\x20\x00", b"\x1dW\x04\x00", b"\x1b=\x00", b"\x1b=\x01", b"\x1b{\x01", b"\x1bV\x01",
    b"\x1b \x07", b"\x1cS\x02\x03", b"\x1bK\x10", b"\x1be\x02", b"\x1bd\x03", b"\x1dP\x40\x40",
    b"\x1dv0\x00\x02\x00\x02\x00abcd", b"\x1dv0\x03\xff\xff\x01", b"\x1b*\x21\x02\x00abcdef",
    b"\x1b*\x00\x02\x00ab", b"\x1dk\x04AB\0", b"\x1dkI\x04{BAB", b"\x1dkC\x0c200001012345",
    b"\x1dH\x03", b"\x1dw\x02", store_qr(b"text"), PRINT_QR, b"\x1d(L\x02\x0002",
    b"\x1d(L\x0b\x000p0\x01\x011\x08\x00\x01\x00a", b"\x1d8L\xff\xff\xff\x7f", b"\x1cq\x01",
    b"\x1bp\x00\x19\x19", b"\x10\x14\x01\x00\x01", b"\x10\x04\x01", b"\x1dr\x01", b"\x1da\xff",
    b"\x1dV", b"\x1dVA\x05", b"\x1bi", b"\x1b&\x01\x41\x41", b"\x1d*\x01\x01", b"\x1d/\x00",
)  # fmt: skip

streams = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=12)), max_size=24).map(
    b"".join
)
models = st.sampled_from(
    [Model(), Model.of_width(58, four_byte=True, hanzi_at_start=True, country=15, charset="gbk")]
)


def play(pieces: list[bytes], model: Model) -> list[Event]:
    """Everything that happens, the last receipt included."""
    printer = Interpreter(model)
    events = [event for piece in pieces for event in printer.feed(piece)]
    last = printer.power_off()
    return [*events, last] if last else events


@settings(deadline=None, derandomize=True, max_examples=400)
@given(stream=streams, cuts=st.lists(st.integers(0, 400), max_size=6), model=models)
def test_the_cuts_of_a_stream_never_show(stream: bytes, cuts: list[int], model: Model) -> None:
    whole = play([stream], model)
    edges = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    pieces = [stream[a:b] for a, b in pairwise(edges)]
    assert play(pieces, model) == whole
    assert play([bytes([byte]) for byte in stream], model) == whole


@settings(deadline=None, derandomize=True, max_examples=200)
@given(stream=st.binary(max_size=600), model=models)
def test_no_bytes_break_it(stream: bytes, model: Model) -> None:
    for event in play([stream], model):
        if isinstance(event, Receipt):
            assert event.raw == stream[event.start : event.end]
            assert all(event.start <= fault.offset <= len(stream) for fault in event.faults)
            assert len(event.text) >= sum(map(len, event.lines))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(stream=streams, model=models)
def test_every_receipt_can_be_drawn(stream: bytes, model: Model) -> None:
    try:
        find_font()
    except NoFontError:
        pytest.skip("no Chinese font")
    for receipt in interpret(stream + b"a\n", model):
        assert burned(receipt).width == model.dots
        assert png(receipt).startswith(b"\x89PNG")


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    text=st.text(st.sampled_from("可口乐柜台￥：元abcXYZ 0123.-"), max_size=200),
    width=st.sampled_from([58, 80]),
)
def test_rows_say_exactly_what_was_sent(text: str, width: int) -> None:
    """A second, plain account of wrapping: columns counted in encoded bytes."""
    columns = {58: 32, 80: 48}[width]
    expected, used = [""], 0
    for char in text:
        size = len(gb(char))
        if used + size > columns:
            expected, used = [*expected, ""], 0
        expected[-1] += char
        used += size
    (receipt,) = interpret(HANZI + gb(text) + b"\n" + CUT, Model.of_width(width))
    assert receipt.lines == tuple(line.rstrip(" ") for line in expected)
    assert len(receipt.overflows) == len(expected) - 1


def test_a_megabyte_takes_less_than_two_seconds() -> None:
    line = b"\x1ba\x00\x1d!\x00" + gb("可口可乐 500ml 2 x 3.50      7.00 ￥\n")
    receipt = INIT + HANZI + line * 40 + store_qr(b"https://fp.example/") + PRINT_QR + CUT
    stream = receipt * (1_000_000 // len(receipt) + 1)
    started = time.process_time()
    receipts = interpret(stream)
    assert time.process_time() - started < 2.0
    assert len(receipts) == len(stream) // len(receipt)
