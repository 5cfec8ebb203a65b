"""The front page on the bare terminal, painted before Textual is loaded.

Loading takes a fifth of a second; a cashier who switches the till on sees meanwhile where to type,
and what is typed waits in the terminal for Textual to read it.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from types import TracebackType

from rich.color import ColorSystem
from rich.style import Style

from pos.screens.compose import Composer, Seen
from pos.screens.grid import Row, plain
from pos.screens.theme import styles
from pos.system import KeyboardHeld
from pos.till.view import View
from pos.words.screen import CATALOGUE, ZH

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[H"
_LEAVE = "\x1b[?25h\x1b[?1049l"


class FirstPaint:
    """The alternate screen with the front page on it.

    Left by an error it gives the terminal back as it was; left in peace, Textual has done that.
    """

    def __init__(self, view: View, *, theme: str, language: str, clock: str) -> None:
        width, height = shutil.get_terminal_size()
        seen = Seen(view, "", clock, width, height)
        self._rows = Composer(CATALOGUE.get(language, ZH)).rows(seen)
        self._styles = styles(theme)

    def __enter__(self) -> FirstPaint:
        self._held = KeyboardHeld()
        lines = "\r\n".join(self._line(row) for row in self._rows)
        sys.stdout.write(_ENTER + lines)
        sys.stdout.flush()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            with suppress(OSError):  # a terminal that is gone needs nothing
                sys.stdout.write(_LEAVE)
                sys.stdout.flush()
        self._held.give_back()

    def _line(self, row: Row) -> str:
        system = _colours()
        return "".join(
            _painted(self._styles[look], plain(text), system) for text, look in row if text
        )


def _painted(style: Style, text: str, system: ColorSystem | None) -> str:
    return style.render(text, color_system=system)


def _colours() -> ColorSystem | None:
    """How many colours the terminal says it has, told as Rich reads it (`Console` loads late)."""
    if os.environ.get("NO_COLOR"):
        return None
    if os.environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return ColorSystem.TRUECOLOR
    term = os.environ.get("TERM", "").lower()
    if term in ("dumb", "unknown"):
        return None
    return ColorSystem.EIGHT_BIT if term.endswith("256color") else ColorSystem.STANDARD
