"""Whatever comes in, a receipt or a refusal comes out."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.receiptline.as_html import page
from pos.receiptline.as_svg import svg
from pos.receiptline.as_text import text
from pos.receiptline.cells import cells
from pos.receiptline.layout import lay_out
from pos.receiptline.parse import parse
from pos.receiptline.rows import Layout, TextRow
from pos.receiptline.width import paper_width
from pos.refusal import Refused
from pos.text import cells as screen_width
from tests.receiptline.documents import WRITTEN, made
from tests.receiptline.setting import SIGNS, STEADY

MARKUP = st.text(st.sampled_from(SIGNS), max_size=120)
PROPERTIES = st.builds(
    "{{{}:{};{}:{}}}\n{}".format,
    st.sampled_from(list("wbatcoix_")),
    st.text(max_size=12),
    st.sampled_from(list("wbatcoix_")),
    st.text(st.sampled_from("*0 9,lineqrcodhea2"), max_size=9),
    MARKUP,
)
ANY = st.text(max_size=80)


def check(layout: Layout) -> None:
    """What holds for every layout, whatever it was made from."""
    for row in layout.rows:
        if isinstance(row, TextRow):
            at = -1
            for piece in row.pieces:
                assert piece.column >= at
                assert piece.width == paper_width(piece.text) * piece.style.width
                assert "\n" not in piece.text
                assert piece.text.isprintable() or "\u3000" in piece.text
                at = piece.column + piece.width
                if piece.text != " ":
                    assert at <= layout.columns
    for said in (text(layout), svg(layout), page(layout)):
        assert "\x1b" not in said
    for cell_row in cells(layout):
        at = 0
        for cell in cell_row:
            assert cell.column >= at
            at = cell.column + screen_width(cell.text)
            if cell.text != " ":
                assert at <= layout.columns


@pytest.mark.parametrize("columns", [8, 32, 48])
@pytest.mark.parametrize("some", [MARKUP, PROPERTIES, ANY], ids=["markup", "properties", "any"])
def test_nothing_but_a_refusal(some: st.SearchStrategy[str], columns: int) -> None:
    @STEADY
    @given(some)
    def holds(source: str) -> None:
        with suppress(Refused):
            check(lay_out(parse(source), columns))

    holds()


@pytest.mark.parametrize("columns", [8, 24, 48])
def test_every_document_can_be_painted(columns: int) -> None:
    for source in [*WRITTEN, *made(3, 60)]:
        check(lay_out(parse(source), columns))
