"""Every view, each of its fields hostile, painted and judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, islice
from typing import get_args

from msgspec.structs import replace
from textual.strip import Strip

from pos.screens.canvas import Canvas
from pos.screens.compose import Composer, Seen
from pos.screens.theme import styles
from pos.text import cells
from pos.till.view import Panel, View, WalletView
from pos.words.screen import ZH
from tests.screens.samples import SIZES
from tests.trust.corpus import filled, obeyed
from tests.trust.outcome import Outcome
from tests.trust.texts import add

PANELS: tuple[type | None, ...] = (None, *get_args(Panel))
QR = "weixin://wxpay/bizpayurl?pr=0123456789"


def view_of(panel: type | None, text: str) -> View:
    """A view with every field hostile."""
    known = {"qr": QR, "columns": 48} if panel is not WalletView else {"qr": QR}
    if panel is not None and "rows" in getattr(panel, "__struct_fields__", ()):
        known = {"qr": QR}
    view: View = filled(View, text, {"panel": None})
    return replace(view, panel=None if panel is None else filled(panel, text, known))


def painted(view: View, width: int, height: int, typed: str) -> list[Strip]:
    """What goes to the terminal, as segments."""
    composer, canvas = Composer(ZH), Canvas(styles("dark"))
    canvas._rows = composer.rows(Seen(view, typed, "14:03:22", width, height))
    assert len(canvas._rows) == height
    return [canvas._strip(y, width) for y in range(height)]


def faults(strips: list[Strip], width: int) -> Iterator[str]:
    """What a terminal would obey, and what is not as wide as it should be."""
    for y, strip in enumerate(strips):
        text = strip.text
        if found := obeyed(text):
            yield f"row {y}: {found[:4]}"
        if cells(text) != width:
            yield f"row {y}: {cells(text)} cells"
        for segment in strip:
            style = segment.style
            if segment.control or (style is not None and (style.link or style.meta)):
                yield f"row {y}: {segment.text!r} acts"


def look(
    texts: Mapping[str, str], panels: Sequence[type | None] = PANELS, every: bool = True
) -> Outcome:
    """Each text in each view; in every size of a terminal, or in one of them after the other."""
    outcome, turns = Outcome(), cycle(SIZES)
    for panel in panels:
        for name, text in texts.items():
            for width, height in SIZES if every else islice(turns, 1):
                where = panel.__name__ if panel else "order"
                found = _found(panel, text, width, height)
                add(outcome, f"{where} {width}x{height} {name}", found)
    return outcome


def _found(panel: type | None, text: str, width: int, height: int) -> Iterator[str]:
    yield from faults(painted(view_of(panel, text), width, height, text), width)
