"""Sizes, styles and places, against what the command reference says."""

from __future__ import annotations

import pytest

from pos.simulators.printer import Kick, Model, Style, interpret
from tests.simulators.printer.papers import CUT, FEED, HANZI, faults, gb, one


def test_gs_size_enlarges_both_kinds_of_characters() -> None:
    row = one(HANZI + b"\x1d!\x11" + gb("元a") + b"\n").rows[0]
    assert row.cells[:7] == ("元", "", "", "", "a", "", " ")
    assert row.height == 48
    assert [span.style for span in row.spans] == [Style(width=2, height=2)] * 2


def test_gs_size_of_eight_times() -> None:
    row = one(b"\x1d!\x77a\n").rows[0]
    assert row.spans[0].cell == (96, 192)
    assert row.columns_used == 8
    assert faults(one(b"\x1d!\x88a\n")) == [("bad_parameter", 0)]


def test_makes_that_enlarge_hanzi_only_by_fs() -> None:
    clone = Model(gs_size_hanzi=False)
    row = one(HANZI + b"\x1d!\x11" + gb("元a") + b"\n", clone).rows[0]
    assert [span.cell for span in row.spans] == [(24, 24), (24, 48)]
    row = one(HANZI + b"\x1c!\x0c" + gb("元a") + b"\n", clone).rows[0]
    assert [span.cell for span in row.spans] == [(48, 48), (12, 24)]
    row = one(HANZI + b"\x1cW\x01" + gb("元") + b"\x1cW\x00" + gb("角") + b"\n", clone).rows[0]
    assert [span.cell for span in row.spans] == [(48, 48), (24, 24)]


def test_esc_print_mode_is_for_one_byte_characters() -> None:
    row = one(HANZI + b"\x1b!\xb8" + gb("a元") + b"\n").rows[0]
    assert [(s.text, s.cell, s.style.bold, s.style.underline) for s in row.spans] == [
        ("a", (24, 48), True, 1),
        ("元", (24, 24), True, 0),
    ]


def test_font_b_has_64_columns() -> None:
    receipt = one(b"\x1bM\x01" + b"b" * 64 + b"\n")
    assert receipt.lines == ("b" * 64,)
    assert receipt.rows[0].unit == 9
    assert receipt.faults == ()
    assert one(b"\x1b!\x01b\n").spans[0].style.font == "B"
    assert faults(one(b"\x1bM\x07b\n")) == [("bad_parameter", 0)]


def test_styles_make_spans() -> None:
    raw = b"a\x1bE\x01b\x1bE\x00\x1b-\x02c\x1b-0\x1dB\x01d\x1dB\x00\x1bG\x01e\x1bG\x00f\n"
    spans = one(raw).rows[0].spans
    assert [(s.x, s.text, s.style) for s in spans] == [
        (0, "a", Style()),
        (12, "b", Style(bold=True)),
        (24, "c", Style(underline=2)),
        (36, "d", Style(invert=True)),
        (48, "e", Style(bold=True)),
        (60, "f", Style()),
    ]
    spans = one(HANZI + b"\x1c-\x01" + gb("元") + b"a\n").rows[0].spans
    assert [s.style.underline for s in spans] == [1, 0]


def test_alignment_moves_the_whole_line() -> None:
    receipt = one(b"\x1ba\x01ab\n\x1ba\x02ab\n\x1ba\x00ab\n")
    assert [row.spans[0].x for row in receipt.rows] == [276, 552, 0]
    assert [row.cells.index("a") for row in receipt.rows] == [23, 46, 0]


def test_alignment_within_a_line_is_refused() -> None:
    receipt = one(b"ab\x1ba\x01\nc\n")
    assert faults(receipt) == [("buffer_not_empty", 2)]
    assert receipt.rows[1].spans[0].x == 0


def test_margin_and_width_of_the_print_area() -> None:
    raw = b"\x1dL\x18\x00\x1dW\x78\x00" + b"0123456789ab\n" + b"\x1ba\x02z\n"
    receipt = one(raw)
    assert [row.spans[0].x for row in receipt.rows] == [24, 24, 24 + 120 - 12]
    assert receipt.lines == ("  0123456789", "  ab", "           z")
    assert [f.code for f in receipt.faults] == ["overflow"]


def test_absolute_and_relative_places() -> None:
    receipt = one(b"a\x1b$\x78\x00b\x1b\\\x0c\x00c\x1b\\\xe8\xffd\n")
    assert receipt.lines == ("a" + " " * 9 + "bdc",)
    assert [s.x for s in receipt.rows[0].spans] == [0, 120, 144, 132]


def test_places_outside_the_paper_are_ignored() -> None:
    receipt = one(b"a\x1b$\xff\xffb\x1b\\\x00\x80c\n")
    assert receipt.lines == ("abc",)
    assert [f.code for f in receipt.faults] == ["bad_parameter"] * 2


def test_motion_units() -> None:
    """GS P 102: units of about two dots."""
    assert one(b"\x1dP\x65\x00\x1b$\x3c\x00a\n").rows[0].spans[0].x == 120


def test_tabs() -> None:
    assert one(b"a\tb\tc\n").lines == ("a       b       c",)
    assert one(b"\x1bD\x04\x0a\x00a\tb\tc\td\n").lines == ("a   b     cd",)
    assert one(b"\x1bD\x00a\tb\n").lines == ("ab",)
    assert faults(one(b"\x1bD\x0a\x04a\tb\n")) == [("bad_parameter", 0)]


def test_character_spacing() -> None:
    assert [s.step for s in one(b"\x1b \x06ab\n").rows[0].spans] == [18]
    row = one(HANZI + b"\x1cS\x04\x08" + gb("元角") + b"\n").rows[0]
    assert [(s.x, s.step) for s in row.spans] == [(4, 36)]


def test_line_spacing() -> None:
    receipt = one(b"a\nb\n\x1b3\x50c\nd\n\x1b2e\n\x1d!\x02f\ng\n")
    assert [row.y for row in receipt.rows] == [0, 30, 60, 140, 220, 250, 322]
    assert one(b"\x1b3\x00a\nb\n").rows[1].y == 24


def test_feeds_print_what_waits() -> None:
    receipt = one(b"a\x1bd\x03b\x1bJ\x64c\n")
    assert [(row.text, row.y) for row in receipt.rows] == [("a", 0), ("b", 90), ("c", 190)]
    assert one(b"a\n\n\nb\n").lines == ("a", "", "", "b")


def test_upside_down_and_turned() -> None:
    receipt = one(b"\x1b{\x01ab\n\x1b{\x00\x1bV\x01c\n")
    assert receipt.lines == ("ab", "c")
    assert receipt.rows[0].spans[0].style.upside_down
    assert receipt.rows[1].spans[0].cell == (24, 12)


def test_a_character_wider_than_the_area_is_printed_and_reported() -> None:
    receipt = one(b"\x1dW\x05\x00ab\n")
    assert receipt.lines == ("a", "b")
    assert [f.code for f in receipt.faults] == ["too_wide", "overflow", "too_wide"]


@pytest.mark.parametrize(
    ("command", "ended"),
    [
        (b"\x1dV\x00", "full"), (b"\x1dV0", "full"), (b"\x1dV\x01", "partial"),
        (b"\x1dV1", "partial"), (b"\x1bi", "partial"), (b"\x1bm", "partial"),
        (b"\x1dVA\x00", "full"), (b"\x1dVB\x10", "partial"),
    ],
)  # fmt: skip
def test_cuts(command: bytes, ended: str) -> None:
    (receipt,) = interpret(b"a\n" + FEED + command)
    assert receipt.ended == ended
    assert receipt.faults == ()


def test_a_cut_too_near_to_the_print_is_reported() -> None:
    (receipt,) = interpret(b"a\n\x1dV\x00")
    assert [f.code for f in receipt.faults] == ["cut_through_print"]
    (receipt,) = interpret(b"a\n\x1dVA\x00")
    assert receipt.faults == ()


def test_a_cut_within_a_line_prints_it_first_and_is_reported() -> None:
    (receipt,) = interpret(b"a" + b"\x1dVB\x00")
    assert receipt.lines == ("a",)
    assert [f.code for f in receipt.faults] == ["buffer_not_empty"]


def test_drawer_pulses() -> None:
    raw = b"\x1bp\x00\x19\xfa\x1bp1\x32\x32\x10\x14\x01\x00\x03a\n"
    assert one(raw).kicks == (
        Kick(2, 50, 500, 0),
        Kick(5, 100, 100, 5),
        Kick(2, 300, 300, 10, realtime=True),
    )
    assert faults(one(b"\x1bp\x07\x19\xfaa\n")) == [("bad_parameter", 0)]


def test_beeps() -> None:
    assert one(b"\x1bB\x03\x02a\n").beeps == 3


def test_a_pulse_alone_is_no_receipt_and_counts_for_the_next() -> None:
    assert interpret(b"\x1bp\x00\x19\xfa") == []
    (receipt,) = interpret(b"\x1bp\x00\x19\xfa" + b"a\n" + CUT)
    assert len(receipt.kicks) == 1


def test_print_over_what_is_there() -> None:
    """A character set back over half a hanzi leaves no half behind in the grid."""
    row = one(HANZI + gb("元") + b"\x1b$\x0c\x00x\n").rows[0]
    assert row.cells[:3] == (" ", "x", " ")
    row = one(HANZI + gb("元") + b"\x1b$\x00\x00x\n").rows[0]
    assert row.cells[:3] == ("x", " ", " ")
