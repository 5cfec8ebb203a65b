"""Bytes written by hand against the characters that the command reference says they print."""

from __future__ import annotations

import pytest

from pos.simulators.printer import Model, interpret
from tests.simulators.printer.papers import CUT, FEED, HANZI, INIT, faults, gb, one


def test_a_hanzi_takes_two_columns_and_ascii_one() -> None:
    receipt = one(INIT + HANZI + gb("可乐 500ml￥3") + b"\n")
    cells = receipt.rows[0].cells
    assert len(cells) == 48
    assert cells[:14] == ("可", "", "乐", "", " ", "5", "0", "0", "m", "l", "￥", "", "3", " ")
    assert receipt.rows[0].columns_used == 13
    assert receipt.lines == ("可乐 500ml￥3",)
    assert receipt.faults == ()


def test_narrow_paper_has_32_columns() -> None:
    receipt = one(INIT + b"0" * 32 + b"\n", Model.of_width(58))
    assert receipt.lines == ("0" * 32,)
    assert len(receipt.rows[0].cells) == 32
    assert receipt.faults == ()
    with pytest.raises(ValueError, match="58 or 80"):
        Model.of_width(76)


def test_without_two_byte_mode_hanzi_are_code_page_characters() -> None:
    receipt = one(INIT + gb("可") + b"\n")
    assert receipt.lines == (bytes([0xBF, 0xC9]).decode("cp437"),)
    assert one(gb("可") + b"\n", Model(hanzi_at_start=True)).lines == ("可",)


def test_two_byte_mode_ends_by_fs_dot_and_by_initialize() -> None:
    raw = HANZI + gb("元") + b"\x1c." + b"\x80\n" + HANZI + INIT + b"\x81\n"
    assert one(raw).lines == ("元Ç", "ü")


def test_a_full_line_waits_for_its_line_feed() -> None:
    """48 characters and LF are one row: the printer wraps only when a 49th comes."""
    assert one(b"x" * 48 + b"\n" + b"y\n").lines == ("x" * 48, "y")


def test_a_line_too_long_wraps_and_is_reported() -> None:
    receipt = one(INIT + b"x" * 50 + b"\n")
    assert receipt.lines == ("x" * 48, "xx")
    assert faults(receipt) == [("overflow", 2 + 48)]
    assert receipt.overflows == receipt.faults


def test_a_hanzi_is_never_split_at_the_edge() -> None:
    receipt = one(HANZI + b"x" * 47 + gb("元") + b"\n")
    assert receipt.lines == ("x" * 47, "元")
    assert faults(receipt) == [("overflow", 2 + 47)]


def test_yen_sign_as_four_bytes_is_garbage_on_most_printers() -> None:
    """¥ (U+00A5) is 81 30 84 36 in GB 18030; two-byte fonts print something and "0", "6"."""
    raw = HANZI + b"\x81\x30\x84\x36" + b"12.50\n"
    receipt = one(raw)
    assert receipt.lines == ("\ufffd0\ufffd612.50",)
    assert faults(receipt) == [("broken_double_byte", 2), ("broken_double_byte", 4)]
    able = one(raw, Model(four_byte=True))
    assert able.lines == ("¥12.50",)
    assert able.faults == ()


@pytest.mark.parametrize(
    ("raw", "line", "code"),
    [
        (b"\xbf\n", "\ufffd", "broken_double_byte"),  # the second byte is missing
        (b"\x80a\n", "\ufffda", "broken_double_byte"),  # no first byte
        (b"\xffa\n", "\ufffda", "broken_double_byte"),
        (b"\xaa\xa1\n", "\ufffd", "undefined_character"),  # private use
        (b"\xa2\xab\n", "\ufffd", "undefined_character"),
    ],
)
def test_codes_that_are_no_character(raw: bytes, line: str, code: str) -> None:
    receipt = one(HANZI + raw)
    assert receipt.lines == (line,)
    assert faults(receipt) == [(code, 2)]


def test_older_fonts_lack_what_gb18030_added() -> None:
    raw = HANZI + b"\xa2\xe3\xfe\x9f\n"
    assert one(raw).lines == ("€䶮",)
    old = one(raw, Model(charset="gbk"))
    assert old.lines == ("\ufffd\ufffd",)
    assert faults(old) == [("undefined_character", 2), ("undefined_character", 4)]


@pytest.mark.parametrize(
    ("page", "byte", "char"),
    [
        (0, 0x9C, "£"),
        (2, 0xD5, "ı"),
        (16, 0x80, "€"),
        (17, 0x80, "А"),
        (19, 0xD5, "€"),
        (1, 0xB1, "ｱ"),
    ],
)
def test_code_pages(page: int, byte: int, char: str) -> None:
    assert one(b"\x1bt" + bytes([page, byte]) + b"\n").lines == (char,)


def test_an_unknown_code_page_is_reported_and_changes_nothing() -> None:
    receipt = one(b"\x1bt\x63\x9c\n")
    assert receipt.lines == ("£",)
    assert faults(receipt) == [("unknown_code_page", 0)]


def test_national_characters() -> None:
    """ESC R 15: a printer set to China prints a dollar as a yen sign."""
    assert one(b"\x1bR\x0f$1\n").lines == ("¥1",)
    assert one(b"\x1bR\x02[]\n").lines == ("ÄÜ",)
    assert faults(one(b"\x1bR\x63$\n")) == [("bad_parameter", 0)]


def test_control_bytes_are_reported_where_they_are() -> None:
    receipt = one(b"a\x07b\x7f\x0c\n")
    assert receipt.lines == ("ab",)
    assert faults(receipt) == [("control_byte", 1), ("control_byte", 3), ("control_byte", 4)]


def test_nul_before_the_first_print_is_padding_and_within_it_a_fault() -> None:
    assert one(b"\0" * 8192 + b"a\n").faults == ()
    assert faults(one(b"a\0\n")) == [("control_byte", 1)]


def test_carriage_return_does_nothing() -> None:
    assert one(b"a\r\nb\r\n").lines == ("a", "b")


def test_unknown_commands_are_reported_and_printing_goes_on() -> None:
    receipt = one(b"a\x1b\x01b\x1dYc\x1cZd\x10\x09e\n")
    assert receipt.lines == ("abcde",)
    assert faults(receipt) == [("unknown_command", at) for at in (1, 4, 7, 10)]


def test_bytes_for_another_device_are_not_printed() -> None:
    """ESC = 2 selects a customer display; ESC = 1 the printer again."""
    receipt = one(b"a\x1b=\x02\x0c shown there \x1b@\x1b=\x01b\n")
    assert receipt.lines == ("ab",)
    assert receipt.faults == ()


def test_initialize_loses_what_waits_in_the_line() -> None:
    receipt = one(b"lost" + INIT + b"kept\n")
    assert receipt.lines == ("kept",)
    assert faults(receipt) == [("discarded_text", 4)]


def test_receipts_are_cut_apart_with_their_bytes() -> None:
    first, second = INIT + b"one\n" + CUT, INIT + b"two\n" + FEED + b"\x1bm"
    receipts = interpret(first + second)
    assert [r.lines for r in receipts] == [("one",), ("two",)]
    assert [r.ended for r in receipts] == ["full", "partial"]
    assert [r.raw for r in receipts] == [first, second]
    assert [(r.start, r.end) for r in receipts] == [
        (0, len(first)),
        (len(first), len(first + second)),
    ]


def test_the_end_of_the_stream_is_a_power_cut() -> None:
    (receipt,) = interpret(b"printed\nnot printed")
    assert receipt.ended == "power"
    assert receipt.lines == ("printed",)
    assert [fault.code for fault in receipt.faults] == ["unfinished_line"]
    (receipt,) = interpret(b"printed\n\x1dv0\x00\x01\x00\x01")
    assert faults(receipt) == [("unfinished_command", 8)]
    assert interpret(INIT + b"nothing") == []
