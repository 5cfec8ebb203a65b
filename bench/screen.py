"""What a terminal shows of the bytes it is sent: pyte's screen, mended where xterm differs."""

from __future__ import annotations

import codecs
import copy
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pyte
from pyte import graphics, modes
from pyte.screens import Char, wcwidth

_C1 = re.compile("[\x80-\x9f]")  # 8-bit controls, for a terminal the same as ESC and a letter
_CUT = re.compile(r"\x1b(\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[PX^_][^\x1b]*\x1b?|[ -/]*)\Z")
_UNSHOWN = re.compile(  # CSI pyte cannot take (kitty, DECRQM ...), broken CSI, OSC, DCS, charsets
    r"\x1b\[(?!\d*[@-IL-~]|[0-3]?J|[0-2]?K|\d*;\d*[Hfr]|[\d;]*[mhl]|\?([567]|25|47|104[79])[hl])"
    r"[0-?]*[ -/]*[@-~]?|\x1b(?=\x1b|\Z)|\x1b[ -/]+[0-~]?"
    r"|\x1b\][^\x07\x1b]*(\x07|\x1b\\|(?=\x1b))|\x1b[PX^_][^\x1b]*(\x1b\\|(?=\x1b))",
    re.ASCII,
)
_ALTERNATE = {47, 1047, 1049}
_COLOUR_CODE = re.compile(r"\b[34]8 (2 \d+ \d+ \d+|5 \d+)")
graphics.BG_AIXTERM[105] = "brightmagenta"  # pyte mistypes it


class Faint(Char):
    """A cell written dim (SGR 2), for which pyte has no field."""

    __slots__ = ()


class Screen(pyte.Screen):
    """pyte's screen, with the alternate screen, dim text and faster drawing."""

    def __init__(self, columns: int, lines: int, reply: Callable[[str], None]) -> None:
        self._held, self._main = "", list[Any]()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._made: dict[tuple[type[Char], Char], dict[str, Char]] = {}
        self._styles: dict[Any, Char] = {}
        super().__init__(columns, lines)
        self.write_process_input = reply  # type: ignore[assignment]
        self._stream = pyte.Stream(self)

    def feed(self, data: bytes) -> None:
        """Paint what the program wrote; it may be cut inside a sequence or a character."""
        text = self._held + self._decoder.decode(data)
        text = _C1.sub(lambda found: "\x1b" + chr(ord(found[0]) - 64), text)
        cut = _CUT.search(text)
        text, self._held = (text[: cut.start()], cut[0]) if cut else (text, "")
        self._stream.feed(_UNSHOWN.sub("", text))

    def set_mode(self, *numbers: int, **kwargs: Any) -> None:
        """DECSET and SM; turns to the alternate screen."""
        if not _ALTERNATE.isdisjoint(numbers) and not self._main:
            self._main = [self.buffer, copy.copy(self.cursor)]
            self.buffer = copy.copy(self.buffer)
            self.buffer.clear()
            self.resize()
        super().set_mode(*numbers, **kwargs)

    def reset_mode(self, *numbers: int, **kwargs: Any) -> None:
        """DECRST and RM; turns back to the main screen."""
        if not _ALTERNATE.isdisjoint(numbers) and self._main:
            self.buffer, self.cursor = self._main
            self._main.clear()
            self.resize()
        super().reset_mode(*numbers, **kwargs)

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Change the size; the upper left part of the picture stays."""
        self.lines, self.columns = lines or self.lines, columns or self.columns
        self.set_margins()
        self.ensure_hbounds()
        self.ensure_vbounds()
        self.dirty.update(range(self.lines))

    def select_graphic_rendition(self, *attrs: int) -> None:
        """SGR, remembered for speed; knows dim."""
        old = self.cursor.attrs
        key = (type(old), old, attrs)
        if key not in self._styles:
            super().select_graphic_rendition(*attrs)
            plain = _COLOUR_CODE.sub("", " ".join(map(str, attrs or (0,)))).split()
            said = [code == "2" for code in plain if code in ("0", "2", "22")]
            faint = said[-1] if said else isinstance(old, Faint)
            self._styles[key] = (Faint if faint else Char)(*self.cursor.attrs)
        self.cursor.attrs = self._styles[key]

    def draw(self, data: str) -> None:
        """Write text at the cursor; unlike pyte's, not ended by the first zero-width character."""
        cursor, attrs = self.cursor, self.cursor.attrs
        made = self._made.setdefault((type(attrs), attrs), {"": attrs._replace(data="")})
        line = self.buffer[cursor.y]
        for char in data:
            width = 1 if char < "\u0300" else wcwidth(char)
            if width <= 0:
                x = cursor.x - 1 - (cursor.x > 1 and not line[cursor.x - 1].data)
                if x in line and unicodedata.combining(char):
                    line[x] = line[x]._replace(data=line[x].data + char)
                continue
            if cursor.x + width > self.columns:
                if modes.DECAWM in self.mode:
                    self.dirty.add(cursor.y)
                    self.carriage_return()
                    self.linefeed()
                    line = self.buffer[cursor.y]
                else:
                    cursor.x = self.columns - width
            if char not in made:
                made[char] = attrs._replace(data=char)
            line[cursor.x] = made[char]
            if width == 2:
                line[cursor.x + 1] = made[""]
            cursor.x += width
        self.dirty.add(cursor.y)
