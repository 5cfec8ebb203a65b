"""Columns on paper, and cells on the screen beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.receiptline.width import char_width, clusters, paper_width
from pos.text import cells
from tests.receiptline.setting import STEADY


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("ABC 12.50", 9),
        ("可口可乐", 8),
        ("￥12.50", 7),
        ("—…·①℃×“”", 16),
        ("〇：，。（）", 12),
        ("䶮€", 4),
        ("𠮷", 2),
        ("¥", 2),
        ("🥤", 2),
        ("한국", 4),
        ("ｱ", 2),
        ("é", 2),
        ("x\u0301\u20dd", 1),
        ("中\u0301", 2),
        ("\u3000", 2),
    ],
)
def test_paper_width(text: str, columns: int) -> None:
    assert paper_width(text) == columns
    assert sum(char_width(sign) for sign in clusters(text)) == columns


def test_ambiguous_signs_are_wider_on_paper_than_on_the_screen() -> None:
    assert [(char_width(c), cells(c)) for c in "—…·①"] == [(2, 1)] * 4


@STEADY
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Co", "Cn", "Mn", "Me"]))
)
def test_width_is_bytes_of_gb18030_and_two_at_most(text: str) -> None:
    assert paper_width(text) == sum(min(2, len(c.encode("gb18030"))) for c in text)


@STEADY
@given(st.text())
def test_no_sign_is_wider_on_the_screen_than_on_paper(text: str) -> None:
    assert "".join(clusters(text)) == text
    assert all(cells(sign) <= char_width(sign) or char_width(sign) == 0 for sign in clusters(text))
