"""Rows of styled text: what the painters make and what reaches the terminal.

A row is pieces of plain text, each with the name of a style. Widths are terminal cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from pos.text import cells, fit

Look = Literal[
    "text",
    "dim",
    "strong",
    "header",
    "header_dim",
    "alarm",
    "title",
    "selected",
    "selected_dim",
    "note",
    "total",
    "label",
    "border",
    "box",
    "box_title",
    "field",
    "typed",
    "cursor",
    "info",
    "ok",
    "warn",
    "error",
    "key",
    "key_name",
    "key_off",
    "brand",
    "slip",
    "slip_strong",
    "slip_invert",
    "qr",
    "qr_dark",
]
Piece = tuple[str, Look]
Row = tuple[Piece, ...]

_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


def plain(text: str) -> str:
    """`text` without anything a terminal obeys: controls, directions, signs without a width."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub("", text)


def piece(text: str, width: int, look: Look = "text", align: str = "<") -> Piece:
    """`text` made harmless and exactly `width` cells wide."""
    return fit(plain(text), max(width, 0), align), look


def blank(width: int, look: Look = "text") -> Row:
    """An empty row."""
    return ((" " * max(width, 0), look),)


def width_of(row: Row) -> int:
    """Cells of a row."""
    return sum(cells(text) for text, _ in row)


def text_of(row: Row) -> str:
    """A row without its looks."""
    return "".join(text for text, _ in row)


def padded(row: Row, width: int, look: Look = "text") -> Row:
    """`row` cut or filled up to `width` cells."""
    have = width_of(row)
    if have == width:
        return row
    if have < width:
        return (*row, (" " * (width - have), look))
    return crop(row, 0, width)


def crop(row: Row, start: int, stop: int) -> Row:
    """Cells `start` to `stop` of a row; half a wide character becomes a space."""
    out: list[Piece] = []
    at = 0
    for text, look in row:
        size = cells(text)
        if at + size > start and at < stop:
            if at >= start and at + size <= stop:
                out.append((text, look))
            else:
                out.append((_crop_text(text, max(start - at, 0), min(stop - at, size)), look))
        at += size
    return tuple(out)


def _crop_text(text: str, start: int, stop: int) -> str:
    if text.isascii():
        return text[start:stop]
    out, at = "", 0
    for char in text:
        size = cells(char)
        end = at + size
        if at >= start and end <= stop:
            out += char
        elif end > start and at < stop:  # a wide character lies across the edge
            out += " " * (min(end, stop) - max(at, start))
        at = end
    return out


def over(row: Row, left: int, box: Row) -> Row:
    """`row` with `box` laid over it from cell `left` on."""
    right = left + width_of(box)
    return (*crop(row, 0, left), *box, *crop(row, right, width_of(row)))


def centered(row: Row, width: int, look: Look = "text") -> Row:
    """`row` in the middle of `width` cells."""
    gap = max(width - width_of(row), 0)
    return padded((*blank(gap // 2, look), *row), width, look)


def framed(title: str, rows: Iterable[Row], width: int) -> list[Row]:
    """`rows` in a frame `width` cells wide with a title in its upper edge."""
    inner = width - 2
    name = f" {plain(title)} " if title else ""
    name_cells = min(cells(name), inner - 2)
    top: Row = (
        ("┌─", "border"),
        piece(name, name_cells, "box_title"),
        ("─" * (inner - 1 - name_cells) + "┐", "border"),
    )
    middle: list[Row] = [
        (("│", "border"), *padded(row, inner, "box"), ("│", "border")) for row in rows
    ]
    return [top, *middle, (("└" + "─" * inner + "┘", "border"),)]
