"""The order: its lines and its sums."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from pos.screens.glyphs import large
from pos.screens.grid import Look, Row, blank, centered, padded, piece, plain, width_of
from pos.text import cells, wrap
from pos.till.view import LineView, OrderView
from pos.words.screen import ScreenWords


class Columns(msgspec.Struct, frozen=True):
    """Widths of the columns in cells; a column of no width is not shown."""

    no: int
    code: int
    name: int
    quantity: int
    price: int
    amount: int


@lru_cache(maxsize=64)
def columns(width: int) -> Columns:
    """What fits: the narrower, the fewer columns; the name takes what is left."""
    no, code, quantity, price, amount = 3, 14, 8, 9, 10
    if width < 96:
        code = 0
    if width < 56:
        no, price, quantity, amount = 0, 0, 7, 9
    gaps = sum(1 for size in (no, code, price) if size) + 2
    name = width - 3 - no - code - quantity - price - amount - gaps
    return Columns(no, code, max(name, 4), quantity, price, amount)


def _cells(parts: tuple[str, ...], shape: Columns, mark: str, look: Look, width: int) -> Row:
    no, code, name, quantity, price, amount = parts
    made: list[str] = []
    for text, size, align in (
        (no, shape.no, ">"),
        (code, shape.code, "<"),
        (name, shape.name, "<"),
        (quantity, shape.quantity, ">"),
        (price, shape.price, ">"),
        (amount, shape.amount, ">"),
    ):
        if size:
            made.append(piece(text, size, look, align)[0])
    return padded(((f"{mark} " + " ".join(made) + " ", look),), width, look)


def titles(words: ScreenWords, width: int, place: str = "") -> Row:
    """The names of the columns; `place` says which lines of a long order are seen."""
    name = f"{words.name}  {place}" if place else words.name
    if cells(name) > columns(width).name:
        name = words.name
    parts = (words.no, "", name, words.quantity, words.unit_price, words.amount)
    return _cells(parts, columns(width), " ", "title", width)


@lru_cache(maxsize=4096)
def line_rows(line: LineView, selected: bool, width: int) -> tuple[Row, ...]:
    """A line and, where there is something to say, its note below."""
    shape = columns(width)
    parts = (str(line.line_no), line.code, line.name, line.quantity, line.unit_price, line.net)
    look: Look = "selected" if selected else "text"
    rows = [_cells(parts, shape, ">" if selected else " ", look, width)]
    if line.note:
        note_look: Look = "selected_dim" if selected else "note"
        left = 2 + (shape.no + 1 if shape.no else 0) + (shape.code + 1 if shape.code else 0) + 2
        text, room = plain(line.note), width - left
        rows.append(((" " * left, note_look), piece(text, room, note_look)))
    return tuple(rows)


class Window:
    """Which part of a long order is seen; it follows the selected line."""

    def __init__(self) -> None:
        self.top = 0

    def rows(
        self, order: OrderView | None, words: ScreenWords, width: int, height: int
    ) -> list[Row]:
        """Column titles and the lines around the selected one, exactly `height` rows."""
        lines = order.lines if order else ()
        if order is None or not lines:
            self.top = 0
            out = [titles(words, width), *[blank(width)] * (height // 3)]
            out.append(centered(((words.waiting, "dim"),), width))
            return (out + [blank(width)] * height)[:height]
        first, last = self._seen(lines, order.selected, height - 1)
        whole = last - first == len(lines)
        out = [titles(words, width, "" if whole else f"{first + 1}-{last}/{len(lines)}")]
        for index in range(first, last):
            out += line_rows(lines[index], index == order.selected, width)
        return (out + [blank(width)] * height)[:height]

    def _seen(self, lines: tuple[LineView, ...], selected: int, room: int) -> tuple[int, int]:
        chosen = selected if 0 <= selected < len(lines) else len(lines) - 1
        self.top = min(self.top, chosen)
        used = sum(_height(line) for line in lines[self.top : chosen + 1])
        while used > room and self.top < chosen:
            used -= _height(lines[self.top])
            self.top += 1
        last = chosen + 1
        while last < len(lines) and used + _height(lines[last]) <= room:
            used += _height(lines[last])
            last += 1
        while self.top > 0 and last == len(lines) and used + _height(lines[self.top - 1]) <= room:
            self.top -= 1
            used += _height(lines[self.top])
        return self.top, last


def _height(line: LineView) -> int:
    return 2 if line.note else 1


def pair(label: str, value: str, width: int, look: Look = "text") -> Row:
    """A name on the left and a figure on the right."""
    left = piece(label, min(cells(plain(label)), width), "label")
    return left, piece(value, width - cells(left[0]), look, ">")


def facts(order: OrderView | None, words: ScreenWords, width: int) -> list[Row]:
    """Pieces, list total, what is saved, and how many orders are held."""
    found = [
        pair(words.pieces, order.pieces if order else "0", width),
        pair(words.list_total, order.list_total if order else "0.00", width),
        pair(words.saved, order.saved if order else "0.00", width),
    ]
    if order and order.held:
        found.append(pair(words.held, str(order.held), width, "strong"))
    return found


def total_band(order: OrderView | None, words: ScreenWords, width: int, height: int) -> list[Row]:
    """The sums in a band of `height` rows below the lines, the total large on the right."""
    figure = large(order.total if order else "0.00", width - 34, height)
    left_width = 24
    left = facts(order, words, left_width)
    if len(left) > height:  # held orders go beside the pieces
        left[0] = pair(
            f"{words.pieces} {order.pieces}" if order else "", "", left_width // 2
        ) + pair(
            words.held, str(order.held) if order else "", left_width - left_width // 2, "strong"
        )
        left = left[:height]
    rows: list[Row] = []
    for index in range(height):
        base = left[index - (height - len(left))] if index >= height - len(left) else ()
        row = padded((("  ", "text"), *base), left_width + 2)
        at = index - (height - len(figure))
        number = figure[at] if at >= 0 else ""
        label = words.total if index == height - 1 else ""
        room = width - width_of(row) - cells(figure[0]) - 3
        rows.append(
            padded(
                (*row, piece(label, room, "label", ">"), ("  ", "text"), (number, "total")), width
            )
        )
    return rows


def total_side(order: OrderView | None, words: ScreenWords, width: int, height: int) -> list[Row]:
    """The sums in a panel beside the lines, the total large at its foot."""
    inner = width - 4
    figure = large(order.total if order else "0.00", inner, 5)
    top = [blank(inner)]
    if order and order.customer:
        top.append(pair(order.delivery or words.customer, order.customer, inner, "strong"))
    for row in facts(order, words, inner):
        top += [row, blank(inner)] if height >= 20 else [row]
    if order and order.seller:
        top.append(pair(words.seller, order.seller, inner, "strong"))
    if order and order.note:
        top.append(pair(words.note, order.note, inner))
    if order:
        top += [pair(name, off, inner, "note") for name, off in order.offers]
        parts = wrap(plain(order.hint), inner) if order.hint else []
        top += [(piece(part, inner, "dim"),) for part in parts[:3]]
    foot: list[Row] = [
        (("─" * inner, "border"),),
        (piece(words.total, inner, "label"),),
        blank(inner),
        *[(piece(row, inner, "total", ">"),) for row in figure],
        blank(inner),
    ]
    middle = [blank(inner)] * max(height - len(top) - len(foot), 0)
    return [
        (("│ ", "border"), *padded(row, inner), ("  ", "text"))
        for row in (top + middle + foot)[-height:]
    ]
