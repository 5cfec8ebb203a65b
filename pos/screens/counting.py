"""Counting money: rows to type into, the sum large beside them; what differs, once it is in."""

from __future__ import annotations

from pos.screens.glyphs import large
from pos.screens.grid import Look, Row, blank, centered, framed, padded, piece, plain
from pos.text import cells, wrap
from pos.till.view import CountedView, CountRow, CountView

_NAME, _TYPED, _AMOUNT = 14, 10, 14


def count(view: CountView, width: int, height: int) -> list[Row]:
    """The rows in the middle, the chosen one in a bar; the cash so far, large where it fits."""
    inner = _NAME + _TYPED + _AMOUNT + 6
    beside = width >= inner + 34
    rows: list[Row] = [_heads(view, inner)]
    body = [_count_row(row, n == view.selected, inner) for n, row in enumerate(view.rows)]
    last = len(view.rows)
    chosen = view.selected >= last
    look: Look = "selected" if chosen else "box"
    mark = ">" if chosen else " "
    hand_in: Row = (piece(f" {mark} {view.submit}", inner, look),)
    room = height - (3 if beside else 4)
    body.append(hand_in)
    top = max(0, min(view.selected - room // 2, len(body) - room))
    rows += body[top : top + room]
    if not beside:
        told = f"{view.sum_label} {view.cash_sum}"
        rows.append(
            (
                piece(f"   {view.note}", inner - cells(told) - 1, "dim"),
                piece(told, cells(told) + 1, "total", "<"),
            )
        )
    box = framed(view.title, rows, inner + 2)
    if not beside:
        return _middle([centered(row, width) for row in box], width, height)
    side = _sum(view, width - inner - 8, len(box))
    gap = (width - inner - 2 - (width - inner - 8)) // 2
    both = [padded((*blank(gap), *a, *b), width) for a, b in zip(box, side, strict=True)]
    return _middle(both, width, height)


def _heads(view: CountView, inner: int) -> Row:
    a, b, c = view.columns
    text = piece(f"   {a}", _NAME + 3)[0] + piece(b, _TYPED, "title", ">")[0]
    return (piece(text + piece(c, _AMOUNT, "title", ">")[0], inner, "title"),)


def _count_row(row: CountRow, chosen: bool, inner: int) -> Row:
    look: Look = "selected" if chosen else "box"
    mark = ">" if chosen else " "
    typed = row.typed if row.cash else ""
    empty = "·" if not row.amount else ""
    text = piece(f" {mark} {row.name}", _NAME + 3)[0] + piece(typed, _TYPED, look, ">")[0]
    return (piece(text + piece(row.amount or empty, _AMOUNT, look, ">")[0], inner, look),)


def _sum(view: CountView, width: int, height: int) -> list[Row]:
    """The cash so far."""
    rows: list[Row] = [blank(width), (piece(f"  {view.sum_label}", width, "strong"),), blank(width)]
    rows += [(piece(f"  {line}", width, "total"),) for line in large(view.cash_sum, width - 4, 5)]
    rows.append(blank(width))
    rows += [(piece(f"  {part}", width, "dim"),) for part in wrap(plain(view.note), width - 4)]
    return (rows + [blank(width)] * height)[:height]


def counted(view: CountedView, width: int, height: int) -> list[Row]:
    """Every way of paying: declared, expected, and what differs in words too."""
    inner = min(width - 4, 76)
    name = inner - 3 * 13 - 8
    a, b, c, d = view.columns
    rows: list[Row] = [
        (
            piece(f"   {a}", name, "title"),
            piece(b, 13, "title", ">"),
            piece(c, 13, "title", ">"),
            piece(d, 13, "title", ">"),
            piece("", 8, "title"),
        )
    ]
    for row in view.rows:
        look: Look = "strong" if row.differs else "box"
        rows.append(
            (
                piece(f"   {row.name}", name, look),
                piece(row.declared, 13, look, ">"),
                piece(row.expected, 13, look, ">"),
                piece(row.difference, 13, look, ">"),
                piece(f"  {row.verdict}", 8, "warn" if row.differs else "box"),
            )
        )
    rows.append(blank(inner, "box"))
    for line in view.lines:
        rows += [(piece(f"   {part}", inner, "box"),) for part in wrap(plain(line), inner - 6)]
    box = framed(view.title, rows[: height - 2], inner + 2)
    return _middle([centered(row, width) for row in box], width, height)


def _middle(rows: list[Row], width: int, height: int) -> list[Row]:
    above = max((height - len(rows)) // 2, 0)
    return ([blank(width)] * above + rows + [blank(width)] * height)[:height]
