"""No text acts on a terminal: every view, each of its fields hostile, painted and judged."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from bench.terminal import Terminal
from pos.screens import canvas as canvases
from pos.till.view import MessageView
from tests.conftest import Record
from tests.trust import SIZE
from tests.trust.corpus import HOSTILE, PLAIN, obeyed, taken
from tests.trust.texts.screens import PANELS, faults, look, painted, view_of


@pytest.mark.parametrize("panel", PANELS, ids=[p.__name__ if p else "order" for p in PANELS])
def test_every_view_is_plain_text(panel: type | None, record: Record) -> None:
    found = look(taken(PANELS.index(panel), len(PANELS)), [panel], SIZE.name != "test")
    record(found.figures("text"))
    assert found.bad == []


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
    found = look({"action": PLAIN["action"]}, [None]).bad
    assert any("acts" in one for _, problems in found for one in problems)


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
