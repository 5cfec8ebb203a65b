"""Pages, pictures and screens: columns that line up, and nothing that could run or be fetched."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.receiptline.as_html import STYLE, fragment, page
from pos.receiptline.as_svg import svg
from pos.receiptline.cells import Cells, cells
from pos.receiptline.layout import lay_out
from pos.receiptline.nodes import PLAIN, Style
from pos.receiptline.parse import parse
from pos.receiptline.template import fill
from pos.text import cells as screen_width
from tests.receiptline.setting import PNG, SIGNS, STEADY, laid

HOSTILE = "<script>alert(1)</script><img src=x onerror=a>&\"'</svg></style>]]>"
SHOP = f"""^^^晨光—便利
{{border:line;width:*,10}}
|"品名" | `9.00`|
-
|_可口可乐·_ | 3|
{{border:space;i:{PNG}}}
{{c:6901234567892;o:ean hri}}
{{c:https://a.cn;o:qrcode}}
=
-
="""


def tree(source: str) -> ElementTree.Element:
    return ElementTree.fromstring(source)  # noqa: S314 - it is our own


@STEADY
@given(st.text(st.sampled_from(SIGNS + "<>&'") | st.characters(codec="utf-8"), max_size=30))
def test_no_value_becomes_an_element(value: str) -> None:
    source = "{{ v }}\n|^{{ v }} |\n{c:{{ v }};o:qrcode}\n{c:{{ v }};o:code128 hri}"
    layout = lay_out(parse(fill(source, {"v": value})), 48)
    named = {element.tag.split("}")[-1] for element in tree(svg(layout)).iter()}
    assert named <= {"svg", "g", "path", "text", "tspan"}
    named = {element.tag for element in tree(fragment(layout).replace(" class=w", "")).iter()}
    assert named <= {"div", "svg", "g", "path", "text", "tspan", "s", "i"}


def test_hostile_text_is_text() -> None:
    layout = lay_out(parse(fill("|{{ v }} |", {"v": HOSTILE})), 96)
    for said in (svg(layout), page(layout, HOSTILE)):
        assert "<script" not in said
        assert "<img" not in said
    assert "".join(tree(svg(layout)).itertext()).strip() == HOSTILE.replace(" ", "")


def test_nothing_is_fetched_or_run() -> None:
    layout = laid(SHOP)
    for said in (svg(layout), page(layout, "小票")):
        assert not re.search(r"<script|\son\w+=|javascript:|@import|url\(|<link|<iframe", said)
        outside = set(re.findall(r"https?://[^\"'< ]+", said))
        assert outside <= {"http://www.w3.org/2000/svg"}
        assert re.findall(r'href="([^"]{22})', said) == ["data:image/png;base64,"]
    assert "default-src 'none'" in page(layout)


def test_a_page_holds_its_fragment_and_its_style() -> None:
    layout = laid(SHOP)
    whole = page(layout, "小票")
    assert fragment(layout) in whole
    assert STYLE in whole
    assert "<title>小票</title>" in whole
    assert "--columns:32" in whole


def test_each_sign_of_a_picture_stands_at_its_column() -> None:
    (text,) = tree(svg(laid("|a中—b |"))).iter("{http://www.w3.org/2000/svg}text")
    assert [(sign.text, sign.get("x")) for sign in text] == [
        ("a", "6"),
        ("中", "24"),
        ("—", "48"),
        ("b", "66"),
    ]


def test_each_sign_of_a_page_has_the_width_of_its_columns() -> None:
    body = fragment(laid("|a中文—b |"))
    assert "<i>a</i>中文<i class=w>—</i><i>b</i>" in body


@pytest.mark.parametrize(
    ("mark", "has"),
    [
        ('"a"', 'class="b"'),
        ("_a_", 'class="u"'),
        ("`a`", 'class="v"'),
        ("^a", "scale(2,1)"),
        ("^^a", "scale(1,2)"),
        ("^^^^a", "scale(3,3)"),
    ],
)
def test_marks_are_seen_on_a_page(mark: str, has: str) -> None:
    assert has in fragment(laid(mark))


@pytest.mark.parametrize(
    ("mark", "has"),
    [
        ('"a"', 'font-weight="700"'),
        ("_a_", "M192 27h12"),
        ("`a`", "<path"),
        ("^a", "scale(2 1)"),
        ("^^^a", "scale(2 2)"),
    ],
)
def test_marks_are_seen_in_a_picture(mark: str, has: str) -> None:
    assert has in svg(laid(mark))


def test_the_last_cut_is_the_end_of_the_paper() -> None:
    assert svg(laid("a\n=\n=")) == svg(laid("a"))
    assert "stroke-dasharray" in svg(laid("a\n=\nb"))
    assert fragment(laid("a\n=")) == fragment(laid("a"))


def test_an_empty_receipt_is_a_strip_of_paper() -> None:
    assert tree(svg(laid("=")))
    assert fragment(laid("="))


# the screen


def drawn(source: str, columns: int = 32) -> list[str]:
    lines = []
    for row in cells(laid(source, columns)):
        line, at = "", 0
        for cell in row:
            line += " " * (cell.column - at) + cell.text
            at = cell.column + screen_width(cell.text)
        lines.append(line.rstrip())
    return lines


def test_the_screen_has_the_columns_of_the_paper() -> None:
    assert drawn(SHOP) == [
        "      晨  光  —   便  利",
        "┌───────────────────┬──────────┐",
        "│品名               │      9.00│",
        "├───────────────────┼──────────┤",
        "│可口可乐·          │         3│",
        "└───────────────────┴──────────┘",
        "               ░",
        "   ▌║ 6901234567892 ▌║".replace("   ▌", "      ▌"),
        *drawn("{w:*,10}\n{c:https://a.cn;o:qrcode}"),
        "╌" * 32,
        "─" * 32,
        "╌" * 32,
    ]


def test_ambiguous_signs_get_their_second_cell() -> None:
    ((first, second),) = cells(laid("|—·中①a |b |"))
    assert first == Cells(0, "— · 中① a")
    assert second.column == 16


def test_scaled_signs_cover_their_cells() -> None:
    ((cell,),) = cells(laid("|^^^中a |"))
    assert cell == Cells(0, "中  a ", Style(2, 2))


def test_a_code_too_wide_for_the_screen_is_its_data() -> None:
    ((cell,),) = cells(laid("{c:6901234567892;o:ean}"))
    assert cell == Cells(6, "▌║ 6901234567892 ▌║", PLAIN, "code")
    ((cell,),) = cells(laid("{c:" + "https://a.example/" * 5 + ";o:qrcode}"))
    assert cell.text.startswith("▞▚ https://a")
    assert screen_width(cell.text) <= 32


def test_hri_stands_under_its_bars() -> None:
    rows = drawn("{c:6901234567892;o:ean hri}", 64)
    assert len(rows) == 3
    assert rows[0] == rows[1]
    assert set(rows[0]) <= set(" ▌▐█")
    assert rows[2].strip() == "6901234567892"
