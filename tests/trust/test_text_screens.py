"""No text acts on a terminal: every view, each of its fields hostile, painted and judged."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip

from bench.terminal import Terminal
from pos.screens import canvas as canvases
from pos.screens.canvas import Canvas
from pos.screens.compose import Composer, Seen
from pos.screens.theme import styles
from pos.text import cells
from pos.till.view import MessageView, Panel, View, WalletView
from pos.words.screen import ZH
from tests.screens.samples import SIZES
from tests.trust import SIZE
from tests.trust.corpus import HOSTILE, PLAIN, filled, obeyed, taken

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


@pytest.mark.parametrize("panel", PANELS, ids=[p.__name__ if p else "order" for p in PANELS])
def test_every_view_is_plain_text(panel: type | None) -> None:
    texts = taken(PANELS.index(panel), len(PANELS))
    for number, (name, text) in enumerate(texts.items()):
        view = view_of(panel, text)
        sizes = SIZES if SIZE.name != "test" else SIZES[number % 3 :][:1]
        for width, height in sizes:
            found = list(faults(painted(view, width, height, text), width))
            assert not found, (name, width, found[:3])


def test_markup_is_shown_as_it_is_written() -> None:
    view = replace(view_of(None, ""), message=MessageView(PLAIN["markup"], "ok"))
    shown = "\n".join(strip.text for strip in painted(view, 132, 43, ""))
    assert PLAIN["markup"] in shown


def test_without_the_cleaning_the_same_test_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("pos.screens") and hasattr(module, "plain"):
            monkeypatch.setattr(module, "plain", lambda text: text)
    for panel in PANELS:
        strips = painted(view_of(panel, HOSTILE["escape"]), 132, 43, "")
        assert list(faults(strips, 132)), panel


def test_with_markup_turned_on_the_same_test_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def obeys(text: str, style: object = None) -> Segment:
        read = Text.from_markup(text)
        meta = [span.style for span in read.spans]
        link = "link http://evil.invalid" if meta else ""
        return Segment(read.plain, Style.parse(link) if link else None)

    monkeypatch.setattr(canvases, "Segment", obeys)
    with pytest.raises(Exception, match=r"acts|closing tag|assert"):
        test_every_view_is_plain_text(None)


LEGAL = re.compile(rb"\x1b\[[0-9;:?<>=!]*[ -/]*[A-Za-z~]|\x1b[78=>]|\x1b\([B0]|\x1b\]22;[a-z]+\x07")
"""The sequences a terminal program of ours has any need of."""


def test_what_reaches_a_real_terminal(tmp_path: Path) -> None:
    """The bytes of a pty: each view in turn; text is typed, pasted and sent in one go too."""
    argv = [sys.executable, "-m", "tests.trust.show", str(tmp_path)]
    with Terminal(argv, columns=132, rows=43) as till:
        till.wait_for("Guitai")
        for number in range(len(PANELS)):
            for text in ("x\x1b]52;c;eA==\x07y", "\x9b31m", "\x1b[200~[@click=app.quit]\x1b[201~"):
                till.send(text)
            till.send("\r")
            till.pump(0.05)
            till.send("\x1b[23~")  # F11: the next view
            till.wait_for(f"view {number}")
        till.signal(signal.SIGTERM)
        till.wait_exit()
        raw = bytes(till.raw)
    rest = LEGAL.sub(b"", raw)
    controls = set(re.findall(rb"[\x00-\x1f\x7f]|\xc2[\x80-\x9f]", rest)) - {b"\r", b"\n", b"\x07"}
    assert not controls, re.findall(rb"\x1b.{0,20}", rest)
    assert not obeyed(rest.decode("utf-8"), "\r\n\x07")
    assert "stopped" in (tmp_path / "events").read_text("utf-8")
