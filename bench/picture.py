"""A terminal's screen as a picture, as a person would see it."""

from __future__ import annotations

import functools
import unicodedata
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

from bench.screen import Faint, Screen

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


def draw(screen: Screen, path: Path, *, cell_height: int = 22) -> None:
    """Draw a painted screen as a picture; no row of it may be dirty."""
    from PIL import Image, ImageDraw

    high, wide, line = cell_height, round(cell_height * 0.45), max(1, cell_height // 16)
    columns, rows, cursor = screen.columns, screen.lines, screen.cursor
    picture = Image.new("RGB", (wide * columns, high * rows))
    brush = ImageDraw.Draw(picture)
    for y, x in product(range(rows), range(columns)):
        cell, left, top = screen.buffer[y][x], x * wide, y * high
        if not cell.data:
            continue
        room = 2 * wide if x + 1 < columns and not screen.buffer[y][x + 1].data else wide
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
