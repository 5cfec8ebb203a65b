"""Text at the door, and its width in cells."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from pos.text import FNC1, cells, clean, clean_code, cut, fit, wrap

STEADY = settings(derandomize=True, max_examples=150, deadline=None)
ANY = st.text(st.characters(codec=None), max_size=40)
MIXED = st.text(
    st.sampled_from("aB9 ，。中国𠮷éｱＡ·…\u0301\ufe0f\u20dd한😀⚡") | st.characters(codec="utf-8"),
    max_size=40,
)
HARMFUL = {
    "NUL": "\x00",
    "bell": "\x07",
    "escape": "\x1b",
    "group separator": "\x1d",
    "DEL": "\x7f",
    "C1 CSI": "\x9b",
    "C1 NEL": "\x85",
    "right-to-left override": "\u202e",
    "left-to-right isolate": "\u2066",
    "Arabic letter mark": "\u061c",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "surrogate": "\ud842",
    "private use": "\ue000",
    "private plane": "\U000f0000",
    "tag": "\U000e0041",
    "unassigned": "\u0378",
    "noncharacter": "\uffff",
}


@pytest.mark.parametrize("char", HARMFUL.values(), ids=HARMFUL.keys())
def test_clean_drops(char: str) -> None:
    assert clean(f"可{char}乐A{char}") == "可乐A"


@pytest.mark.parametrize("char", HARMFUL.values(), ids=HARMFUL.keys())
def test_clean_code_drops_all_but_fnc1(char: str) -> None:
    assert clean_code(f"69{char}01") == (f"69{char}01" if char == FNC1 else "6901")


@pytest.mark.parametrize(
    "text", ["可口可乐 330ml", "𠮷野家", "五粮液®52°（500ml）", "café", "“特价”…￥9.90", "한국 김"]
)
def test_clean_keeps(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  a  b ", "a b"),
        ("a\tb\r\nc", "a b c"),
        ("酱油\u3000500ml\u00a0", "酱油 500ml"),
        ("cafe\u0301", "café"),
        ("cafe\u200d\u0301", "café"),
        ("\u200b", ""),
        ("\x1b[31m红", "[31m红"),
    ],
)
def test_clean_makes_one_form(text: str, kept: str) -> None:
    assert clean(text) == kept


def test_clean_limits() -> None:
    assert clean("x" * 500) == "x" * 200
    assert clean("中" * 500, 10) == "中" * 10
    assert clean("aaaa b", 5) == "aaaa"
    assert clean("中中中中 中", 5) == "中中中中"


@STEADY
@given(ANY, st.integers(1, 60))
def test_clean_is_settled_and_harmless(text: str, limit: int) -> None:
    out = clean(text, limit)
    assert len(out) <= limit
    assert clean(out, limit) == out
    assert unicodedata.is_normalized("NFC", out)
    assert not {unicodedata.category(c)[0] for c in out} & {"C"}
    assert out.encode("utf-8").decode() == out


@STEADY
@given(ANY)
def test_clean_code_is_settled_and_harmless(text: str) -> None:
    out = clean_code(text)
    assert len(out) <= 64
    assert clean_code(out) == out
    assert not {c for c in out if unicodedata.category(c)[0] == "C"} - {FNC1}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("６９０１２３４５６７８９０", "6901234567890"),
        ("ＡＢ－１", "AB-1"),
        (" 6901 ", "6901"),
        ("6901\r\n", "6901"),
        (f"{FNC1}0106901234567892{FNC1}10ABC{FNC1}", f"{FNC1}0106901234567892{FNC1}10ABC{FNC1}"),
        (f"{FNC1}０１", f"{FNC1}01"),
    ],
)
def test_clean_code(text: str, code: str) -> None:
    assert clean_code(text) == code


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("可乐", 4), ("𠮷a", 3), ("（）", 4), ("e\u0301", 1), ("⃝", 0), ("A\ufe0f", 1)],
)
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width


def test_cells_agree_with_the_painter() -> None:
    """Han, kana, full-width, Latin, Cyrillic and marks: what Rich paints is what we count."""
    spans = [(0x20, 0x7F), (0xA1, 0x530), (0x2010, 0x2028), (0x2190, 0x2200), (0x2500, 0x2600)]
    spans += [(0x3000, 0x302E), (0x3041, 0x3100), (0x4E00, 0xA000), (0xAC00, 0xD7A4)]
    spans += [(0xFE00, 0xFE10), (0xFF01, 0xFFA0), (0x20000, 0x20100)]
    chars = [chr(i) for low, high in spans for i in range(low, high)]
    kept = [c for c in chars if unicodedata.category(c) not in {"Cn", "Cf", "Cc"}]
    assert [c for c in kept if cells(c) != cell_len(c)] == []


@STEADY
@given(MIXED, st.integers(0, 30), st.sampled_from("<>^"))
def test_fit_is_exact(text: str, width: int, align: str) -> None:
    out = fit(text, width, align)
    assert cells(out) == width
    if cells(text) <= width:
        assert out.strip(" ") == text.strip(" ")


@STEADY
@given(MIXED, st.integers(0, 30))
def test_cut_never_overflows_and_says_so(text: str, width: int) -> None:
    out = cut(text, width)
    assert cells(out) <= width
    if cells(text) <= width:
        assert out == text
    elif width:
        assert out.endswith("…")
        assert text.startswith(out[:-1])
        assert cells(out) >= width - 1


def test_fit_aligns() -> None:
    assert fit("可乐", 6) == "可乐  "
    assert fit("可乐", 6, ">") == "  可乐"
    assert fit("可乐", 7, "^") == " 可乐  "
    assert fit("可口可乐", 6) == "可口… "


@STEADY
@given(MIXED, st.integers(2, 30))
def test_wrap_loses_nothing(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(lines) == text
    assert all(cells(line) <= width for line in lines)
    assert all(lines[:-1])


def test_wrap_in_too_little_room_still_ends() -> None:
    assert wrap("中国", 1) == ["中", "国"]
    assert wrap("", 5) == [""]
    assert wrap("可口可乐a", 4) == ["可口", "可乐", "a"]
