"""A real program in a pty, its painted screen read through a terminal emulator.

The model of the screen is pyte's.  The parser is not: pyte's own prints parts of sequences it does
not know (``CSI < u``, ``CSI = 0 ; 1 u``, DCS strings) and is slow on true colour.
"""

from __future__ import annotations

import codecs
import copy
import errno
import fcntl
import functools
import itertools
import os
import re
import select
import subprocess
import termios
import time
import unicodedata
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyte
from pyte import charsets, graphics, modes
from pyte.screens import Char, wcwidth

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_NOT_INHERITED = ("COLUMNS", "LINES", "LC_ALL", "NO_COLOR", "FORCE_COLOR", "TERM_PROGRAM")
_DEFAULTS = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
_C1 = re.compile("[\x80-\x9f]")
_TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f]+)"
    r"|\x1b\[([0-?]*)([ -/]*)(?P<csi>[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\|(?=\x1b[^\\]))"
    r"|\x1b(?P<string>[PX^_])[^\x1b]*(?:\x1b\\|(?=\x1b[^\\]))"
    r"|\x1b(?P<escape>[ -/]*[0-OQ-WYZ\\`-~])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])"
)
_CUT = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[PX^_][^\x1b]*\x1b?|[ -/]*)\Z")
_BROKEN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*)?")
_FG, _BG = graphics.FG_ANSI | graphics.FG_AIXTERM, graphics.BG_ANSI | graphics.BG_AIXTERM
_SGR: dict[int, tuple[str, str | bool]] = (
    {code: (name[1:], name[0] == "+") for code, name in graphics.TEXT.items()}
    | {code: ("fg", name) for code, name in _FG.items()}
    | {code: ("bg", name.replace("bfight", "bright")) for code, name in _BG.items()}  # pyte's typo
    | {21: ("underscore", True)}
)


class Faint(Char):
    """A cell written dim (SGR 2), for which pyte has no field."""

    __slots__ = ()


@functools.lru_cache(maxsize=4096, typed=True)
def _rendition(attrs: Char, parameters: str) -> Char:
    """The attributes after ``CSI <parameters> m``."""
    codes = iter([int(code or 0) for code in parameters.split(";")])
    faint, changes = isinstance(attrs, Faint), dict[str, Any]()
    for code in codes:
        if code in (38, 48):
            kind = next(codes, 0)
            colour = [min(c, 255) for c in itertools.islice(codes, 3 if kind == 2 else 1)]
            name = bytes(colour).hex() if kind == 2 else graphics.FG_BG_256[(colour or [0])[0]]
            changes["fg" if code == 38 else "bg"] = name
        elif code == 0:
            faint, changes = False, dict(Char(" ")._asdict())
        elif code in _SGR:
            changes[_SGR[code][0]] = _SGR[code][1]
        faint = code == 2 or (faint and code != 22)
    return (Faint if faint else Char)(*attrs._replace(**changes))


class Screen(pyte.Screen):
    """pyte's screen with a parser that swallows what a terminal does not show.

    Also as xterm and unlike pyte: the alternate screen, half overwritten wide characters, erasing
    in the background colour, and text behind a zero-width character is not lost.
    """

    def __init__(self, columns: int, lines: int, reply: Callable[[str], None]) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held, self._reply = "", reply
        self._main: tuple[Any, ...] | None = None
        self._made: dict[tuple[type[Char], Char], dict[str, Char]] = {}
        super().__init__(columns, lines)

    def write_process_input(self, data: str) -> None:
        """Answer a question of the program (where is the cursor, what are you)."""
        self._reply(data)

    def feed(self, data: bytes) -> None:
        """Paint what the program wrote; it may be cut inside a sequence or a character."""
        text, position = self._held + self._decoder.decode(data), 0
        if _C1.search(text):  # 8-bit controls are controls in UTF-8 too
            text = _C1.sub(lambda found: "\x1b" + chr(ord(found[0]) - 0x40), text)
        while position < len(text):
            token = _TOKEN.match(text, position)
            if token is None:
                if _CUT.match(text, position):
                    break
                token = _BROKEN.match(text, position)
                assert token is not None
            position, kind = token.end(), token.lastgroup
            if kind == "text":
                self.draw(token[0])
            elif kind == "csi":
                self._sequence(token[2], token[3], token["csi"])
            elif kind == "osc" and token["osc"][:2] in ("0;", "2;"):
                self.set_title(token["osc"][2:])
            elif kind == "escape" and token["escape"][0] in "()":
                self.define_charset(token["escape"][1:], token["escape"][0])
            elif kind in ("escape", "control"):
                basic = pyte.Stream.escape if kind == "escape" else pyte.Stream.basic
                if name := basic.get(token[kind]):
                    getattr(self, name)()
        self._held = text[position:]

    def _sequence(self, parameters: str, intermediate: str, final: str) -> None:
        private = parameters[:1] == "?"
        if intermediate or not re.fullmatch(r"\??[0-9;]*", parameters):
            return  # kitty keyboard, DECRQM, cursor shape, modifyOtherKeys: nothing to paint
        if final == "m" and not private:
            self.cursor.attrs = _rendition(self.cursor.attrs, parameters)
            return
        numbers = [min(int(number or 0), 9999) for number in parameters.lstrip("?").split(";")]
        if private and final in "hl":
            for number in numbers:
                if number in (47, 1047, 1049):
                    self._alternate(final == "h")
                elif number in (5, 6, 7, 25):  # xterm does not obey 3, 132 columns
                    (self.set_mode if final == "h" else self.reset_mode)(number, private=True)
        elif (name := pyte.Stream.csi.get(final)) and not private:
            self.cursor.x = min(self.cursor.x, self.columns - 1)  # no more pending wrap
            getattr(self, name)(*numbers[: 2 if final in "Hfr" else 99 if final in "hl" else 1])

    def _alternate(self, on: bool) -> None:
        if on and self._main is None:
            self._main = (self.buffer, copy.copy(self.cursor))
            self.buffer = copy.copy(self.buffer)
            self.buffer.clear()
        elif not on and self._main is not None:
            (self.buffer, self.cursor), self._main = self._main, None
            self.ensure_hbounds()
            self.ensure_vbounds()
        self.dirty.update(range(self.lines))

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Change the size; rows are dropped from the top only to keep the cursor on the screen."""
        old, self.lines, self.columns = self.lines, lines or self.lines, columns or self.columns
        drop = max(0, self.cursor.y - self.lines + 1)
        rows = [self.buffer[y] for y in range(drop, min(old, drop + self.lines))]
        for row in rows:
            self._split(row, self.columns)
            for x in [x for x in row if x >= self.columns]:
                del row[x]
        self.buffer.clear()
        self.buffer.update(enumerate(rows))
        self.margins, self.cursor.y = None, self.cursor.y - drop
        self.ensure_hbounds()
        self.dirty.update(range(self.lines))

    def _split(self, line: dict[int, Char], x: int) -> None:
        """Blank a wide character that lies across the left edge of column *x*."""
        if x in line and not line[x].data:
            line[x] = line[x]._replace(data=" ")
            line[x - 1] = line[x - 1]._replace(data=" ")

    def draw(self, data: str) -> None:
        """Write text at the cursor."""
        table = self.g1_charset if self.charset else self.g0_charset
        if table is not charsets.LAT1_MAP:
            data = data.translate(table)
        cursor, attrs = self.cursor, self.cursor.attrs
        made = self._made.setdefault((type(attrs), attrs), {"": attrs._replace(data="")})
        line = self.buffer[cursor.y]
        for char in data:
            width = 1 if char < "\u0300" else wcwidth(char)
            if width <= 0:
                x = cursor.x - 1
                x -= x in line and not line[x].data
                if x in line and unicodedata.combining(char):
                    whole = unicodedata.normalize("NFC", line[x].data + char)
                    line[x] = line[x]._replace(data=whole)
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
            self._split(line, cursor.x)
            self._split(line, cursor.x + width)
            line[cursor.x] = made[char]
            if width == 2:
                line[cursor.x + 1] = made[""]
            cursor.x += width
        self.dirty.add(cursor.y)

    def _erase(self, y: int, start: int, stop: int) -> None:
        line, blank = self.buffer[y], Char(" ", bg=self.cursor.attrs.bg)
        self._split(line, start)
        self._split(line, stop)
        line.update(dict.fromkeys(range(start, stop), blank))
        self.dirty.add(y)

    def erase_characters(self, count: int | None = None) -> None:
        """ECH: blank *count* cells from the cursor on."""
        self._erase(self.cursor.y, self.cursor.x, min(self.cursor.x + (count or 1), self.columns))

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """EL: blank the line after (0) or before (1) the cursor, or all of it (2)."""
        x, end = self.cursor.x, self.columns
        self._erase(self.cursor.y, x if how == 0 else 0, x + 1 if how == 1 else end)

    def erase_in_display(self, how: int = 0, *args: Any, **kwargs: Any) -> None:
        """ED: blank the screen after (0) or before (1) the cursor, or all of it (2)."""
        if how < 2:
            self.erase_in_line(how)
        y, end = self.cursor.y, self.lines if how < 3 else 0
        for row in range(y + 1 if how == 0 else 0, y if how == 1 else end):
            self._erase(row, 0, self.columns)
