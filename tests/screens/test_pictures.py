"""Every screen at three sizes as text, beside golden files.

`POS_GOLDEN=write` writes them anew; a person looks at the difference before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.screens.compose import Composer, Seen
from pos.screens.grid import Row, crop, over, plain, text_of, width_of
from pos.screens.theme import THEMES, styles
from pos.text import cells
from pos.till.view import HeaderView, LineView, MessageView, OrderView, View
from pos.words.screen import EN, ZH
from tests.screens.samples import FOOTER, HEADER, PICTURES, PROMPT, SIZES, order, sale

GOLDEN = Path(__file__).parent / "golden"
TYPED = {"dialog": "135790", "sale": "6901234"}


def paint(view: View, width: int, height: int, typed: str = "") -> list[Row]:
    """The rows of a view."""
    return Composer(ZH).rows(Seen(view, typed, "14:03:22", width, height))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, size: tuple[int, int]) -> None:
    rows = paint(PICTURES[name], *size, TYPED.get(name, ""))
    assert len(rows) == size[1]
    assert {width_of(row) for row in rows} == {size[0]}
    text = "\n".join(text_of(row).rstrip() for row in rows) + "\n"
    file = GOLDEN / f"{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("POS_GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [20, 59, 60, 61, 79, 81, 99, 119, 120, 200])
@pytest.mark.parametrize("name", PICTURES)
def test_every_size_is_filled_exactly(name: str, width: int) -> None:
    for height in (1, 8, 15, 16, 17, 23, 27, 28, 60):
        rows = paint(PICTURES[name], width, height, "6" * 64)
        assert len(rows) == height
        assert {width_of(row) for row in rows} == {width}


def test_a_pin_is_never_painted() -> None:
    rows = paint(PICTURES["dialog"], 80, 24, "135790")
    assert "135790" not in "\n".join(text_of(row) for row in rows)
    assert "******" in text_of(rows[-2])


def test_what_is_typed_last_stays_in_sight() -> None:
    row = text_of(paint(sale(0), 80, 24, "0" * 50 + "1234567890" + "4321")[-2])
    assert row.rstrip().endswith("12345678904321")


@pytest.mark.parametrize("selected", range(0, 100, 9))
def test_the_selected_line_is_always_seen(selected: int) -> None:
    composer = Composer(ZH)
    for chosen in (99, selected, 0, selected):
        rows = composer.rows(Seen(sale(100, chosen), "", "", 80, 24))
        bars = [text_of(row) for row in rows if row[0][1] == "selected"]
        assert len(bars) == 1
        assert bars[0].startswith(f"> {chosen + 1:>3} ")


def test_selection_and_tone_do_not_rest_on_colour_alone() -> None:
    assert text_of(paint(sale(3), 80, 24)[5]).startswith("> ")
    for tone, sign in (("ok", "✓"), ("warn", "!"), ("error", "✗")):
        view = replace(sale(), message=MessageView("x", tone))  # type: ignore[arg-type]
        assert text_of(paint(view, 80, 24)[-3]).startswith(f" {sign} x")


def test_a_key_that_is_not_allowed_stands_in_brackets() -> None:
    assert "(F8 整单折扣)" in text_of(paint(sale(), 100, 30)[-2])


def test_help_is_on_the_footer_at_every_width() -> None:
    for width in range(60, 200):
        assert text_of(paint(sale(), width, 24)[-1]).rstrip().endswith("F1 帮助")


def test_an_alarm_has_a_bar_of_its_own() -> None:
    view = replace(sale(), header=replace(HEADER, alarm="账本自检不通过，请叫技术员"))
    row = paint(view, 80, 24)[1]
    assert text_of(row).startswith(" ! 账本自检不通过")
    assert row[0][1] == "alarm"


def test_hostile_text_is_painted_as_text() -> None:
    bad = "[red]\x1b[31m\x07[/]\u202e[@click=app.quit]\x9b2J\u200b"
    line = LineView(1, bad, bad, "1", "1.00", "1.00", "1.00", bad)
    view = View(
        "selling",
        HeaderView(bad, bad, bad, bad, bad, bad, bad, bad),
        replace(PROMPT, label=bad, prefix=bad, hint=bad),
        FOOTER,
        OrderView((line,), 0, "1", "1", "0", bad),
        None,
        MessageView(bad, "error"),
    )
    for width, height in SIZES:
        for row in paint(view, width, height, bad):
            text = text_of(row)
            assert width_of(row) == width
            assert not [c for c in text if ord(c) < 32 or 0x7F <= ord(c) < 0xA0]
            assert "\u202e" not in text
    assert any("[red][31m[/][@click" in text_of(row) for row in paint(view, 132, 43))


def test_every_theme_has_every_look() -> None:
    for theme in THEMES:
        assert styles(theme)["selected"] != styles(theme)["text"]
    assert styles("plain")["total"].color is None
    assert styles("plain")["error"].reverse


def test_english_has_its_own_words() -> None:
    rows = Composer(EN).rows(Seen(sale(2), "", "", 80, 24))
    assert "Product" in text_of(rows[1])


def test_an_unchanged_body_is_not_made_again() -> None:
    composer, view = Composer(ZH), sale(50)
    first = composer.rows(Seen(view, "", "14:03:22", 80, 24))
    other = composer.rows(Seen(replace(view, message=None), "69", "14:03:23", 80, 24))
    assert all(a is b for a, b in zip(first[1:21], other[1:21], strict=True))
    assert order(3) == order(3)


WIDE = st.text("ab1 中文，（）…é", max_size=30)


@settings(max_examples=200)
@given(WIDE, st.integers(0, 40), st.integers(0, 40))
def test_cropping_keeps_cells(text: str, start: int, size: int) -> None:
    row: Row = ((plain(text), "text"), ("中文", "dim"))
    total = width_of(row)
    cut = crop(row, start, start + size)
    assert width_of(cut) == max(min(start + size, total) - start, 0)


@given(WIDE, st.integers(0, 30))
def test_a_box_over_a_row_keeps_its_width(text: str, left: int) -> None:
    row: Row = ((plain(text).ljust(60), "text"),)
    box: Row = (("│中│", "box"),)
    found = over(row, left, box)
    assert width_of(found) == width_of(row)
    assert text_of(found).count("│中│") == 1
    assert cells(text_of(crop(found, 0, left))) == left
