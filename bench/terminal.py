"""A real program in a pty, its painted screen read through a terminal emulator (pyte).

The screen is what xterm shows: sequences pyte would print in part are taken out before it sees
them, and its screen is mended where it differs.  Linux only.
"""

from __future__ import annotations

import codecs
import copy
import functools
import os
import re
import select
import subprocess
import termios
import time
import unicodedata
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from errno import EAGAIN
from fcntl import ioctl
from itertools import product
from pathlib import Path
from typing import Any

import pyte
from pyte import graphics, modes
from pyte.screens import Char, wcwidth

_DEFAULTS = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
_NOT_INHERITED = {"COLUMNS", "LINES", "LC_ALL", "NO_COLOR", "FORCE_COLOR", "TERM_PROGRAM"}
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

_INK, _PAPER = "d8d8d8", "101014"
_HUES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
_VALUES = ["101014", "e05050", "40b060", "d0a020", "5080e0", "c060c0", "30b0c0", "d0d0d0"]
_BRIGHT = ["707078", "ff7070", "60e080", "ffd050", "80b0ff", "f090f0", "60e0f0", "ffffff"]
_PALETTE = dict(zip((*_HUES, *("bright" + hue for hue in _HUES)), _VALUES + _BRIGHT, strict=True))
_BLOCKS = {"▀": [(0, 0, 8, 4)], "▐": [(4, 0, 8, 8)], "▔": [(0, 0, 8, 1)], "▕": [(7, 0, 8, 8)]}
_BLOCKS |= {chr(0x2580 + n): [(0, 8 - n, 8, 8)] for n in range(1, 9)}  # in eighths of a cell
_BLOCKS |= {chr(0x2590 - n): [(0, 0, n, 8)] for n in range(1, 8)}
_BLOCKS |= {sign: [(0, 0, 8, 8)] for sign in "░▒▓"}
_QUARTERS = [(0, 0, 4, 4), (4, 0, 8, 4), (0, 4, 4, 8), (4, 4, 8, 8)]
_CORNERS = {"▖": "2", "▗": "3", "▘": "0", "▙": "023", "▚": "03", "▝": "1", "▞": "12", "▟": "123"}
_CORNERS |= {"▛": "012", "▜": "013"}
_BLOCKS |= {sign: [_QUARTERS[int(n)] for n in which] for sign, which in _CORNERS.items()}
_SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}
_WEIGHTS = {"LIGHT": 1, "SINGLE": 1, "HEAVY": 2, "DOUBLE": 3}
_SIDES = {"VERTICAL": "UD", "HORIZONTAL": "LR", "AND": "", "ARC": ""}


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


def _shapes(sign: str, wide: int, high: int) -> list[tuple[float, ...]]:
    """A block or line sign as rectangles: share of ink, left, top, right, bottom."""
    if sign in _BLOCKS:
        eighths = (wide / 8, high / 8) * 2
        boxes = [[round(n * e) for n, e in zip(b, eighths, strict=True)] for b in _BLOCKS[sign]]
        return [(_SHADES.get(sign, 1), *box) for box in boxes]
    words = unicodedata.name(sign[:1], "").split()
    if words[:2] != ["BOX", "DRAWINGS"] or "DASH" in words or "DIAGONAL" in words:
        return []
    arms, weight, line = dict[str, int](), 0, max(1, high // 16)
    for word in words[2:] if words[2] in _WEIGHTS else words[:1:-1]:
        weight = _WEIGHTS.get(word, weight)
        if word not in _WEIGHTS:
            arms |= dict.fromkeys(_SIDES.get(word, word[0]), weight)
    found, knot = list[tuple[float, ...]](), line if max(arms.values()) == 1 else 3 * line
    for ink, near in ((1, knot), (0, line)):  # a double line is a heavy one, then hollowed out
        x, y = (wide - near) // 2, (high - near) // 2
        for side, weight in arms.items():
            thick = line if weight == 1 or not ink else 3 * line
            a, b = (wide - thick) // 2, (high - thick) // 2
            across = (0 if side == "L" else x, b, x + near if side == "L" else wide, b + thick)
            down = (a, 0 if side == "U" else y, a + thick, y + near if side == "U" else high)
            if ink or weight == 3:
                found.append((ink, *(across if side in "LR" else down)))
    return found


@functools.cache
def _load(name: str, size: float) -> Any:
    from PIL import ImageFont

    with suppress(OSError):  # not in the font folders, which Pillow knows, or not in the file
        for face in (ImageFont.truetype(name, size, index) for index in range(16)):
            if face.getname()[0] in ("Noto Sans Mono CJK SC", "DejaVu Sans Mono"):
                return face
    return None


@functools.cache
def _font(sign: str, room: int, wide: int, bold: bool) -> Any:
    """The CJK font; for a sign it has not, or wider than its cells, another or the half size."""
    cjk = f"NotoSansCJK-{'Bold' if bold else 'Regular'}.ttc"
    other = _load(f"DejaVuSansMono{'-Bold' if bold else ''}.ttf", wide / 0.61)
    if _load(cjk, wide) is None:
        raise RuntimeError(f"no {cjk}: install the font Noto Sans Mono CJK (fonts-noto-cjk)")
    for font in filter(None, (_load(cjk, 2 * wide), other, _load(cjk, wide))):
        missing = bytes(font.getmask(sign)) == bytes(font.getmask("\uffff"))
        if not missing and font.getlength(sign) < room + 1:
            return font
    return _load(cjk, room)


class Terminal(AbstractContextManager["Terminal"]):
    """A program in a pty and session of its own; ``started`` is just before it was spawned."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._painted: dict[int, str] = {}
        self._raw, self._outbox = bytearray(), bytearray()
        self._inbox: deque[tuple[float, bytes]] = deque()  # read and stamped, not yet parsed
        self._arrived, self._ended = 0.0, False
        self.screen = Screen(columns, rows, lambda answer: self._outbox.extend(answer.encode()))
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        self._master, slave = os.openpty()
        try:
            termios.tcsetwinsize(slave, (rows, columns))
            os.set_blocking(self._master, False)
            self.started = time.perf_counter()
            self._process = subprocess.Popen(
                list(argv),
                stdin=slave,
                stdout=slave,
                stderr=slave,
                cwd=cwd,
                env=kept | _DEFAULTS | dict(env or {}),
                start_new_session=True,
                preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),
            )
        except BaseException:
            os.close(self._master)
            raise
        finally:
            os.close(slave)
        self.pid = self._process.pid

    def _exchange(self, timeout: float) -> None:
        """Give the child what is queued for it; wait for output, stamp and keep all there is."""
        if self._ended:
            return
        with suppress(OSError):
            while self._outbox:
                del self._outbox[: os.write(self._master, self._outbox)]
        poll = select.poll()
        poll.register(self._master, select.POLLIN | (select.POLLOUT if self._outbox else 0))
        if not poll.poll(max(0.0, timeout) * 1000):
            return
        for _ in range(64):  # a child that never stops writing must not hold us here
            try:
                chunk = os.read(self._master, 65536)
            except OSError as error:  # EIO is how Linux says that the other side is closed
                self._ended = error.errno != EAGAIN
                return
            self._inbox.append((time.perf_counter(), chunk))
            self._raw += chunk

    def _paint(self) -> None:
        """Parse the next chunk."""
        self._arrived, chunk = self._inbox.popleft()
        self.screen.feed(chunk)

    def _fail(self, message: str) -> AssertionError:
        if self._ended:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            message += f"; the program has ended with {self._process.poll()}"
        return AssertionError(f"{message}. The screen:\n{self.text()}")

    def send(self, data: bytes | str) -> float:
        """Type *data*, all of it; returns the time just before the write."""
        self._outbox += data.encode() if isinstance(data, str) else data
        sent = time.perf_counter()
        self._exchange(0)
        while self._outbox and not self._ended:
            if time.perf_counter() > sent + 30:
                raise self._fail(f"the child does not read: {len(self._outbox)} bytes left")
            self._exchange(0.1)
        return sent

    def pump(self, seconds: float) -> None:
        """Read and paint what comes for that long (0: what is there)."""
        deadline = time.perf_counter() + seconds
        while True:
            left = deadline - time.perf_counter()
            self._exchange(0 if self._inbox else left)
            for _ in range(len(self._inbox)):
                self._paint()
            if self._ended or left <= 0:
                return

    def wait_for(
        self, what: str | re.Pattern[str] | Callable[[Terminal], bool], timeout: float = 10.0
    ) -> float:
        """Pump until the screen shows *what*; returns when the chunk that showed it arrived.

        For what is there already that is the last chunk painted, maybe before the last send.
        """
        deadline, wanted = time.perf_counter() + timeout, what
        if isinstance(what, str):
            what = re.compile(re.escape(what))
        while not (what.search(self.text()) if isinstance(what, re.Pattern) else what(self)):
            left = deadline - time.perf_counter()
            self._exchange(0 if self._inbox else left)
            if left <= 0 or (self._ended and not self._inbox):
                raise self._fail(f"{wanted!r} is not shown after {timeout - left:.1f} s")
            if self._inbox:
                self._paint()
        return self._arrived

    def lines(self) -> list[str]:
        """The painted rows, without blanks at their ends."""
        columns = self.screen.columns
        for y in self.screen.dirty:
            row, x = self.screen.buffer[y], 0
            while x < columns:  # half of a wide character that was overwritten is a blank
                wide = row[x].data > "\u10ff" and wcwidth(row[x].data[0]) == 2
                whole = wide and x + 1 < columns and not row[x + 1].data
                if wide != whole or not row[x].data:
                    row[x] = row[x]._replace(data=" ")
                x += 1 + whole
            self._painted[y] = "".join([row[x].data for x in range(columns)]).rstrip()
        self.screen.dirty.clear()
        return [self._painted[y] for y in range(self.screen.lines)]

    def text(self) -> str:
        """The painted rows as one text."""
        return "\n".join(self.lines())

    def find(self, text: str) -> tuple[int, int] | None:
        """Row and column, in cells, of the first place that shows *text* within one row."""
        for y, line in enumerate(self.lines()):
            if (left := line.find(text)) >= 0:
                row, x = self.screen.buffer[y], 0
                while left > 0 or not row[x].data:
                    left, x = left - len(row[x].data), x + 1
                return y, x
        return None

    def cell(self, row: int, column: int) -> Char:
        """What is painted in one cell; the right half of a wide character has no data."""
        self.lines()
        return self.screen.buffer[row][column]

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal; the child gets SIGWINCH."""
        self.screen.resize(rows, columns)
        termios.tcsetwinsize(self._master, (rows, columns))

    def signal(self, signum: int) -> None:
        """Send a signal to the child, unless it has ended."""
        self._process.send_signal(signum)

    def wait_exit(self, timeout: float = 10.0) -> int:
        """Wait, painting, until the child ends; returns its exit code or -signal."""
        deadline = time.perf_counter() + timeout
        while (status := self._process.poll()) is None:
            if time.perf_counter() > deadline:
                raise self._fail(f"the program still runs after {timeout} s")
            self.pump(0.01)
            time.sleep(0.002 * self._ended)
        self.pump(0.1)  # what is left; returns at the end of file
        return status

    @property
    def raw(self) -> bytes:
        """Every byte the child wrote."""
        return bytes(self._raw)

    def rss_mb(self) -> float:
        """Resident memory of the child in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def close(self) -> None:
        """Kill the child if it still runs, reap it, close the pty."""
        if self._master >= 0:
            self._process.kill()
            self._process.wait()
            os.close(self._master)
            self._master, self._ended = -1, True

    def __exit__(self, *_: object) -> None:
        self.close()

    def png(self, path: Path, *, cell_height: int = 22) -> None:
        """Draw the painted screen as a picture."""
        from PIL import Image, ImageDraw

        high, wide, line = cell_height, round(cell_height * 0.45), max(1, cell_height // 16)
        columns, rows, cursor = self.screen.columns, self.screen.lines, self.screen.cursor
        picture = Image.new("RGB", (wide * columns, high * rows))
        brush = ImageDraw.Draw(picture)
        for y, x in product(range(rows), range(columns)):
            cell, left, top = self.cell(y, x), x * wide, y * high
            if not cell.data:
                continue
            room = 2 * wide if x + 1 < columns and not self.cell(y, x + 1).data else wide
            fg = bytes.fromhex(_PALETTE.get(cell.fg, cell.fg.replace("default", _INK)))
            bg = bytes.fromhex(_PALETTE.get(cell.bg, cell.bg.replace("default", _PAPER)))
            if cell.reverse != (not cursor.hidden and (y, x) == (cursor.y, cursor.x)):
                fg, bg = bg, fg
            if isinstance(cell, Faint):
                fg = bytes((f + b) // 2 for f, b in zip(fg, bg, strict=True))
            shapes = _shapes(cell.data, wide, high)
            strokes = [(1, 0, high - line, room, high)] * cell.underscore
            strokes += [(1, 0, high // 2, room, high // 2 + line)] * cell.strikethrough
            for ink, a, b, c, d in [(0, 0, 0, room, high), *shapes, *strokes]:
                mixed = tuple(round(q + (p - q) * ink) for p, q in zip(fg, bg, strict=True))
                if c > a and d > b:
                    brush.rectangle((left + a, top + b, left + c - 1, top + d - 1), mixed)
            if not shapes and cell.data != " ":
                place, font = (left, top + high * 0.83), _font(cell.data, room, wide, cell.bold)
                brush.text(place, cell.data, tuple(fg), font, anchor="ls")
        picture.save(path)
