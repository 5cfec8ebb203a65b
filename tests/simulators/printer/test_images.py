"""Dots sent in each way against the dots on the paper, bit by bit."""

from __future__ import annotations

import pytest

from pos.simulators.printer import Receipt
from pos.simulators.printer.picture import burned
from tests.simulators.printer.papers import faults, one


def dots(receipt: Receipt, width: int, height: int) -> list[str]:
    """The upper left corner: # where burned."""
    burn = burned(receipt)
    return [
        "".join("#" if burn.getpixel((x, y)) else "." for x in range(width)) for y in range(height)
    ]


ARROW = [".......#", "......##", ".....###", "....####"]
ROWS = bytes([0x01, 0x03, 0x07, 0x0F])
COLUMNS = bytes([0x00, 0x00, 0x00, 0x00, 0x10, 0x30, 0x70, 0xF0])


def doubled(rows: list[str], across: int, down: int) -> list[str]:
    """Each dot `across` wide and `down` high."""
    wide = ["".join(dot * across for dot in row) for row in rows]
    return [row for row in wide for _ in range(down)]


@pytest.mark.parametrize(
    ("m", "across", "down"), [(0, 1, 1), (1, 2, 1), (2, 1, 2), (3, 2, 2), (48, 1, 1), (51, 2, 2)]
)
def test_raster(m: int, across: int, down: int) -> None:
    receipt = one(b"\x1dv0" + bytes([m, 1, 0, 4, 0]) + ROWS)
    assert receipt.faults == ()
    assert dots(receipt, 8 * across, 4 * down) == doubled(ARROW, across, down)
    assert receipt.text == f"[image {8 * across}x{4 * down}]\n"


def test_raster_begins_a_line_and_takes_no_line_spacing() -> None:
    receipt = one(b"a\x1dv0\x00\x01\x00\x04\x00" + ROWS + b"b\n")
    assert [f.code for f in receipt.faults] == ["buffer_not_empty"]
    assert [row.y for row in receipt.rows] == [0, 34]


def test_raster_is_aligned_and_cut_off_at_the_edge() -> None:
    receipt = one(b"\x1ba\x02\x1dv0\x00\x01\x00\x04\x00" + ROWS)
    assert receipt.images[0].x == 576 - 8
    wide = one(b"\x1dv0\x00\x49\x00\x01\x00" + b"\xff" * 73)
    assert faults(wide) == [("image_too_wide", 0)]
    assert wide.images[0].limit == 576
    assert dots(wide, 576, 1) == ["#" * 576]


def test_raster_data_is_no_command_and_its_end_is_found() -> None:
    data = b"\x1b@\x1dV\x00\x0a\x10\x14\x01"
    receipt = one(b"\x1dv0\x00" + bytes([len(data), 0, 1, 0]) + data + b"after\n")
    assert receipt.lines == ("after",)
    assert [f.code for f in receipt.faults] == ["realtime_in_data"]
    assert faults(one(b"a\n\x1dv0\x09\x01\x00\x01\x00\xff")) == [("bad_parameter", 2)]


@pytest.mark.parametrize(("m", "across", "down"), [(0, 2, 3), (1, 1, 3)])
def test_column_image_of_8_dots(m: int, across: int, down: int) -> None:
    receipt = one(b"\x1b*" + bytes([m, 8, 0]) + COLUMNS + b"\n")
    assert dots(receipt, 8 * across, 4 * down) == doubled(ARROW, across, down)


@pytest.mark.parametrize(("m", "across"), [(32, 2), (33, 1)])
def test_column_image_of_24_dots(m: int, across: int) -> None:
    data = b"".join(bytes([byte, 0, 0x01]) for byte in COLUMNS)
    receipt = one(b"\x1b*" + bytes([m, 8, 0]) + data + b"\n")
    picture = dots(receipt, 8 * across, 24)
    assert picture[:4] == doubled(ARROW, across, 1)
    assert picture[23] == "#" * 8 * across


def test_column_images_stand_in_the_line_with_text() -> None:
    receipt = one(b"ab\x1b*\x01\x08\x00" + COLUMNS + b"c\n")
    assert receipt.images[0].x == 24
    assert [s.x for s in receipt.rows[0].spans] == [0, 32]


def test_column_image_wider_than_the_line() -> None:
    receipt = one(b"\x1b*\x01\x58\x02" + b"\xff" * 600 + b"\n")
    assert faults(receipt) == [("image_too_wide", 0)]
    assert faults(one(b"a\n\x1b*\x07\x01\x00b\n"))[0] == ("bad_parameter", 2)


@pytest.mark.parametrize("prefix", [b"\x1d(L\x0e\x00", b"\x1d8L\x0e\x00\x00\x00"])
def test_graphics_are_stored_and_printed(prefix: bytes) -> None:
    store = prefix + b"0p0\x01\x011\x08\x00\x04\x00" + ROWS
    receipt = one(store + b"\x1d(L\x02\x0002")
    assert receipt.faults == ()
    assert dots(receipt, 8, 4) == ARROW
    assert len(one(store + b"a\n").images) == 0


def test_graphics_in_columns_and_doubled() -> None:
    store = b"\x1d(L\x12\x000q0\x02\x021\x08\x00\x04\x00" + COLUMNS
    assert dots(one(store + b"\x1d(L\x02\x0002"), 16, 8) == doubled(ARROW, 2, 2)


@pytest.mark.parametrize(("define", "show"), [(b"C", b"E"), (b"S", b"U")])
def test_kept_graphics(define: bytes, show: bytes) -> None:
    keep = b"\x1d(L\x0f\x000" + define + b"0AB\x01\x08\x00\x04\x001" + ROWS
    receipt = one(keep + b"\x1d(L\x06\x000" + show + b"AB\x01\x02")
    assert receipt.faults == ()
    assert dots(receipt, 8, 8) == doubled(ARROW, 1, 2)
    unknown = one(b"a\n\x1d(L\x06\x000" + show + b"XY\x01\x01")
    assert [f.code for f in unknown.faults] == ["bad_parameter"]


def test_downloaded_image_is_forgotten_by_initialize() -> None:
    keep = b"\x1d*\x01\x01" + COLUMNS
    assert dots(one(keep + b"\x1d/\x00"), 8, 4) == ARROW
    assert faults(one(keep + b"\x1b@a\n\x1d/\x00")) == [("bad_parameter", 16)]


def test_logos_stay() -> None:
    define = b"\x1cq\x02" + (b"\x01\x00\x01\x00" + COLUMNS) + (b"\x01\x00\x01\x00" + b"\xff" * 8)
    receipt = one(define + b"\x1b@\x1cp\x01\x03\x1cp\x02\x00")
    assert receipt.faults == ()
    assert dots(receipt, 16, 8) == doubled(ARROW, 2, 2)
    assert len(receipt.images) == 2
    assert [f.code for f in one(b"a\n\x1cp\x03\x00").faults] == ["bad_parameter"]


def test_known_but_not_played_commands_take_their_bytes() -> None:
    raw = (
        b"\x1b&\x03\x41\x42" + b"\x01abc" + b"\x02defghi"
        + b"\x1c2\xfe\xa1" + b"\x0a" * 72
        + b"\x1dQ0\x00\x02\x00\x01\x00ab" + b"\x1dC0\x00\x00" + b"\x1d^\x01\x01\x00"
        + b"\x1bW12345678" + b"\x1bL" + b"\x1d$\x01\x00"
    )  # fmt: skip
    receipt = one(raw + b"a\n")
    assert receipt.lines == ("a",)
    assert {f.code for f in receipt.faults} == {"unsupported"}
    assert len(receipt.faults) == 8


def test_accepted_commands_leave_no_trace() -> None:
    raw = (
        b"\x1bU\x01\x1bc5\x00\x1bc0\x02\x1br\x00\x1b%\x00\x1b?\x41\x1b7\x07\x80\x02\x1bS"
        b"\x1db\x01\x1dE\x00\x1dz0\x01\x01\x1dg0\x00\x14\x00\x1d(A\x02\x00\x00\x02"
        b"\x1d(K\x02\x00\x31\x00\x1cC\x01\x1c?\xfe\xa1\x1c(A\x02\x00\x30\x00"
        b"\x1cg1\x00\x00\x00\x00\x00\x02\x00ab\x1cg2\x00\x00\x00\x00\x00\x02\x00"
        b"\x10\x04\x07\x01\x10\x04\x01\x10\x05\x01\x10\x14\x02\x01\x08\x1b(A\x04\x000000"
    )
    receipt = one(raw + b"a\n")
    assert receipt.lines == ("a",)
    assert receipt.faults == ()


def test_a_length_that_no_printer_has_memory_for_is_skipped() -> None:
    raw = b"a\n\x1d8L" + (9_000_000).to_bytes(4, "little") + b"0p" + bytes(8_999_998) + b"b\n"
    receipt = one(raw)
    assert receipt.lines == ("a", "b")
    assert faults(receipt) == [("too_large", 2)]
