"""The grammar, a row of the specification at a time."""

from __future__ import annotations

import base64
import zlib
from typing import get_args

import pytest

from pos.receiptline.nodes import (
    STAR,
    Align,
    Border,
    Code,
    Column,
    CutLine,
    RuleLine,
    Run,
    SettingLine,
    Style,
    Symbology,
    TextLine,
)
from pos.receiptline.parse import MAX_CHARS, MAX_LINES, parse
from pos.refusal import Refused
from tests.receiptline.setting import PNG


def columns(line: str) -> tuple[Column, ...]:
    only = parse(line).lines[0]
    assert isinstance(only, TextLine)
    return only.columns


def texts(line: str) -> list[str]:
    return ["".join(run.text for run in column.runs) for column in columns(line)]


def styled(line: str) -> list[tuple[str, Style]]:
    return [(run.text, run.style) for column in columns(line) for run in column.runs]


def setting(line: str) -> SettingLine:
    only = parse(line).lines[-1]
    assert isinstance(only, SettingLine)
    return only


@pytest.mark.parametrize(
    ("line", "align"),
    [
        ("a", "center"),
        ("|a|", "center"),
        ("| a |", "center"),
        ("  a  ", "center"),
        ("|a", "left"),
        ("|a |", "left"),
        ("a |", "left"),
        ("  a |", "left"),
        ("a|", "right"),
        ("| a|", "right"),
        ("| a", "right"),
        ("\ta|", "right"),
        ("a\t|", "left"),
    ],
)
def test_text_is_drawn_to_the_pipe_it_touches(line: str, align: Align) -> None:
    (column,) = columns(line)
    assert column == Column((Run("a", Style()),), align)


@pytest.mark.parametrize(
    ("line", "aligns"),
    [
        ("Asparagus | 0.99", ["left", "right"]),
        ("Asparagus | 0.99|", ["left", "right"]),
        ("a|b", ["right", "left"]),
        ("|a |b|", ["left", "center"]),
        ("a| b |c", ["right", "center", "left"]),
        ("|a| b|c |", ["center", "right", "left"]),
    ],
)
def test_every_column_has_its_own_pipes(line: str, aligns: list[Align]) -> None:
    assert [column.align for column in columns(line)] == aligns


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("", [""]),
        ("|", [""]),
        ("||", [""]),
        ("|||", ["", ""]),
        ("a||b", ["a", "", "b"]),
        ("|a||", ["a", ""]),
        ("a|||", ["a", "", ""]),
        (r"a\|b|c", ["a|b", "c"]),
    ],
)
def test_columns_are_divided_by_pipes(line: str, parts: list[str]) -> None:
    assert texts(line) == parts


def test_lines_end_as_on_any_system() -> None:
    assert len(parse("a\nb\r\nc\rd").lines) == 4


@pytest.mark.parametrize("line", ["-", "-----", "|-|", "| --- |", " - "])
def test_only_dashes_are_a_rule(line: str) -> None:
    assert parse(line).lines == (RuleLine(1),)


@pytest.mark.parametrize("line", ["=", "===", "|=", " = "])
def test_only_equals_signs_cut_the_paper(line: str) -> None:
    assert parse(line).lines == (CutLine(1),)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-a", "-a"),
        ("--=", "--="),
        (r"\-", "-"),
        (r"\=\=", "=="),
        (r"\x2d", "-"),
        ("-|-", "--"),
        ("=|=", "=="),
    ],
)
def test_other_dashes_are_text(line: str, said: str) -> None:
    assert "".join(texts(line)) == said


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("~a~~b~", [(" a  b ", Style())]),
        ("a_b_c", [("a", Style()), ("b", Style(underline=True)), ("c", Style())]),
        ('"a"b', [("a", Style(bold=True)), ("b", Style())]),
        ("`a`b", [("a", Style(invert=True)), ("b", Style())]),
        ('_"a_b', [("a", Style(bold=True, underline=True)), ("b", Style(bold=True))]),
        ("^a", [("a", Style(2, 1))]),
        ("^^a", [("a", Style(1, 2))]),
        ("^^^a", [("a", Style(2, 2))]),
        ("^^^^a", [("a", Style(3, 3))]),
        ("^^^^^a", [("a", Style(4, 4))]),
        ("^^^^^^a", [("a", Style(5, 5))]),
        ("^^^^^^^a", [("a", Style(6, 6))]),
        ("^^^^^^^^^^a", [("a", Style(6, 6))]),
        ("^a^b", [("a", Style(2, 1)), ("b", Style())]),
        ("^a^^b^c", [("a", Style(2, 1)), ("b", Style(1, 2)), ("c", Style(2, 1))]),
        ("^^^^^^^a^^^^^^^^b", [("a", Style(6, 6)), ("b", Style())]),
        ("_a|b", [("a", Style(underline=True)), ("b", Style())]),
        ("___a", [("a", Style(underline=True))]),
    ],
)
def test_marks_set_the_style_until_their_column_ends(
    line: str, runs: list[tuple[str, Style]]
) -> None:
    assert styled(line) == runs


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (r"\\ \| \{ \} \- \= \~ \_ \" \` \^", '\\ | { } - = ~ _ " ` ^'),
        (r"a\nb", "a\nb"),
        (r"\x41\x7c\x7B\x7d\x5e\x5c", "A|{}^\\"),
        (r"\x20a\x20", " a "),
        (r"a\qb\;c\:", "abc"),
        ("a\\", "a"),
        (r"a\x4", "a"),
        (r"a\xg1b", "ab"),
        (r"\x00\x0a\x1b\x7f\x9b", ""),
        (r"\\n", r"\n"),
        (r"\\\n", "\\\n"),
        ("e\u0301", "é"),
        ("\u212a", "K"),
    ],
)
def test_escapes(line: str, said: str) -> None:
    assert texts(line) == [said]


@pytest.mark.parametrize(
    "char", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\u200b", "\u202e", "\u2028", "\ue000"]
)
def test_control_signs_are_ignored(char: str) -> None:
    assert texts(f"a{char}b{char}") == ["ab"]


def test_private_signs_are_no_back_door_for_escapes() -> None:
    assert texts("a\U000f007cb\U000f100a\U000f10ff") == ["ab"]


def test_other_spaces_are_plain_ones_but_the_wide_one() -> None:
    assert texts("a\u00a0b\u2003c\u3000d|") == ["a b c\u3000d"]


@pytest.mark.parametrize(
    ("line", "want"),
    [
        ("{align: left}", SettingLine(1, "center", align="left")),
        ("{a:RIGHT}", SettingLine(1, "center", align="right")),
        ("{ a : center }", SettingLine(1, "center", align="center")),
        ("{width: auto}", SettingLine(1, "center", widths=())),
        ("{w:*}", SettingLine(1, "center", widths=(STAR,))),
        ("{w:10,*,3}", SettingLine(1, "center", widths=(10, STAR, 3))),
        ("{w:10 * 3}", SettingLine(1, "center", widths=(10, STAR, 3))),
        ("{w:10,,0}", SettingLine(1, "center", widths=(10, 0, 0))),
        ("{w:5,auto}", SettingLine(1, "center", widths=())),
        ("{border:line}", SettingLine(1, "center", border=Border(1, ruled=True))),
        ("{b:space}", SettingLine(1, "center", border=Border(1))),
        ("{b:none}", SettingLine(1, "center", border=Border(0))),
        ("{b:0}", SettingLine(1, "center", border=Border(0))),
        ("{b:1}", SettingLine(1, "center", border=Border(1))),
        ("{b:2}", SettingLine(1, "center", border=Border(2))),
        ("{text:nowrap}", SettingLine(1, "center", wrap=False)),
        ("{t:wrap}", SettingLine(1, "center", wrap=True)),
        ("{comment: a; w:5}", SettingLine(1, "center", widths=(5,))),
        ("{_:a}", SettingLine(1, "center")),
        ("{}", SettingLine(1, "center")),
        ("{w}", SettingLine(1, "center")),
        ("{w:;a:}", SettingLine(1, "center")),
        ("{;w:5;;}", SettingLine(1, "center", widths=(5,))),
        ("{w:5;w:6}", SettingLine(1, "center", widths=(6,))),
        ("| {w:5} |", SettingLine(1, "center", widths=(5,))),
        ("{w:5}|", SettingLine(1, "right", widths=(5,))),
        ("|{w:5}", SettingLine(1, "left", widths=(5,))),
        (r"{a:\x6ceft}", SettingLine(1, "center", align="left")),
    ],
)
def test_properties(line: str, want: SettingLine) -> None:
    assert setting(line) == want


@pytest.mark.parametrize("line", ["{_: a | b }", "{comment: {a} }", "|{_:a{b}"])
def test_a_comment_may_hold_anything(line: str) -> None:
    assert not [other for other in parse(line).lines if isinstance(other, TextLine)]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("{code:123}", Code("123")),
        ("{c: a b }", Code("a b")),
        (r"{c:a\|b\;c\{\}\\}", Code(r"a|b;c{}" + "\\")),
        (r"{c:a\x7eb\x3bc\x7c}", Code("a~b;c|")),
        (r"{c:a~_\nb\-}", Code("a~_\nb")),
        ("{c:https://a.cn/?a=1}", Code("https://a.cn/?a=1")),
        ("{c:ab;c:cd}", Code("cd")),
        ("{c:1;o:ean 3 100 hri}", Code("1", "ean", 3, 100, True)),
        ("{c:1;option:hri,100,3,jan}", Code("1", "jan", 3, 100, True)),
        ("{c:1;o:hri nohri}", Code("1")),
        ("{o:qrcode 6 h;c:1}", Code("1", "qrcode", cell=6, level="h")),
        ("{o:CODE39 4}\n{c:1}", Code("1", "code39", 4)),
        ("{o:code39 4}\n{o:ean}\n{c:1}", Code("1", "ean")),
        ("{o:code39 4}\n{o:h}\n{c:1}", Code("1", level="h")),
        ("{o:qrcode}\n{w:5}\na\n{c:1}", Code("1", "qrcode")),
    ],
)
def test_codes_take_the_last_options(lines: str, code: Code) -> None:
    assert setting(lines).code == code


@pytest.mark.parametrize("symbology", get_args(Symbology))
def test_every_symbology_has_its_name(symbology: Symbology) -> None:
    code = setting(f"{{c:1;o:{symbology}}}").code
    assert code
    assert code.symbology == symbology


def test_an_empty_code_is_no_code() -> None:
    assert setting("{c:}").code is None


def test_a_picture_knows_its_size() -> None:
    picture = setting(f"{{image:{PNG}}}").picture
    assert picture
    assert (picture.width, picture.height) == (3, 2)
    assert picture.png.startswith(b"\x89PNG")


@pytest.mark.parametrize("text", ["xx", "!!!!", PNG[:40], PNG[:-16], "QUJD" * 20])
def test_a_picture_that_is_none_is_a_fault(text: str) -> None:
    document = parse(f"a\n{{i:{text}}}")
    assert [(fault.code, fault.line) for fault in document.faults] == [("receipt_image", 2)]


@pytest.mark.parametrize("size", [(4097, 1), (3000, 3000), (2**31, 2**31)])
def test_a_huge_picture_is_left_out_before_it_is_unpacked(size: tuple[int, int]) -> None:
    png = bytearray(base64.b64decode(PNG))
    png[16:24] = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big")
    png[29:33] = zlib.crc32(png[12:29]).to_bytes(4, "big")
    document = parse(f"{{i:{base64.b64encode(png).decode()}}}")
    assert [fault.code for fault in document.faults] == ["receipt_image_too_large"]


def test_a_long_picture_is_left_out_before_it_is_decoded() -> None:
    document = parse("{i:" + "A" * 800_000 + "}")
    assert [fault.code for fault in document.faults] == ["receipt_image_too_large"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{x:1b40}", "receipt_command"),
        ("{w:5;command:a}", "receipt_command"),
        ("{command:}", "receipt_command"),
        ("{a", "receipt_brace"),
        ("a}", "receipt_brace"),
        ("a{b:c}", "receipt_brace"),
        ("{w:5}|b", "receipt_brace"),
        ("b|{w:5}", "receipt_brace"),
        ("{", "receipt_brace"),
        ("{}}", "receipt_brace"),
        ("{zz:1}", "receipt_bad_property"),
        ("{wi:1}", "receipt_bad_property"),
        ("{W:1}", "receipt_bad_property"),
        ("{w=5}", "receipt_bad_property"),
        ("{w:abc}", "receipt_bad_value"),
        ("{w:-3}", "receipt_bad_value"),
        ("{w:1.5}", "receipt_bad_value"),
        ("{w:5:6}", "receipt_bad_value"),
        ("{w:99999}", "receipt_bad_value"),
        ("{w:٣}", "receipt_bad_value"),
        ("{a:up}", "receipt_bad_value"),
        ("{b:3}", "receipt_bad_value"),
        ("{t:foo}", "receipt_bad_value"),
        ("{o:foo}", "receipt_bad_value"),
        ("{o:ean 5}", "receipt_bad_value"),
        ("{o:ean 300}", "receipt_bad_value"),
        ("{o:qrcode 9}", "receipt_bad_value"),
        ("{o:qrcode 2}", "receipt_bad_value"),
    ],
)
def test_what_is_refused_names_its_line(line: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(f"a\n{line}", "shop.receipt")
    assert refused.value.code == code
    assert refused.value.values["line"] == 2
    assert refused.value.values["name"] == "shop.receipt"


def test_a_key_that_is_none_gets_a_guess() -> None:
    with pytest.raises(Refused) as refused:
        parse("{widht:5}")
    assert refused.value.values["near"] == "width"


@pytest.mark.parametrize("source", ["a" * (MAX_CHARS + 1), "\n" * MAX_LINES])
def test_no_document_is_longer_than_any_receipt(source: str) -> None:
    with pytest.raises(Refused, match="receipt_too_long"):
        parse(source)
