"""Rows of a layout as SVG shapes, in dots: what the pictures of a receipt have in common."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from pos.receiptline.nodes import Level
from pos.receiptline.qr import matrix
from pos.receiptline.rows import (
    COLUMN_DOTS,
    LINE_DOTS,
    BarcodeRow,
    CutRow,
    FrameRow,
    ImageRow,
    Piece,
    QrRow,
    RuleRow,
    TextRow,
)
from pos.receiptline.width import char_width, clusters

INK = "#1d1d1f"
PAPER = "#fffefb"
# the first that a system has; every one of them has Han signs twice as wide as Latin ones
FONTS = (
    "'Sarasa Mono SC','Noto Sans Mono CJK SC','Noto Sans CJK SC','PingFang SC',"
    "'Microsoft YaHei','WenQuanYi Micro Hei',monospace"
)
LEADING = 6
"""Dots between two lines, as printers leave them."""
_SHAPE_MARGIN = 9
_HRI_DOTS = 26
_FONT_DOTS = 22
_RULE_DOTS = 2
_BASELINE = 5

Shape = RuleRow | FrameRow | BarcodeRow | QrRow | ImageRow | CutRow


def height(row: Shape | TextRow) -> int:
    """Dots that `row` takes from top to bottom, with the space around it."""
    if isinstance(row, TextRow):
        return row.height * LINE_DOTS + LEADING
    if isinstance(row, BarcodeRow):
        return row.code.height + (_HRI_DOTS if row.text else 0) + 2 * _SHAPE_MARGIN
    if isinstance(row, QrRow):
        return row.modules * row.code.cell + 2 * max(_SHAPE_MARGIN, 4 * row.code.cell)
    if isinstance(row, ImageRow):
        return row.height + 2 * _SHAPE_MARGIN
    return LINE_DOTS if isinstance(row, FrameRow) else LINE_DOTS - LEADING


def shape(row: Shape, paper: int) -> str:
    """SVG elements for `row` on paper of `paper` dots, its upper left corner at 0, 0."""
    middle = height(row) // 2
    if isinstance(row, RuleRow):
        left = row.column * COLUMN_DOTS
        return _path(f"M{left} {middle}h{row.width * COLUMN_DOTS}")
    if isinstance(row, FrameRow):
        return _path(_frame(row, middle))
    if isinstance(row, CutRow):
        return _path(f"M0 {middle}h{paper}", ' stroke-dasharray="9 7" opacity=".45"')
    if isinstance(row, BarcodeRow):
        return _barcode(row)
    if isinstance(row, QrRow):
        return _qr(row, (height(row) - row.modules * row.code.cell) // 2)
    png = base64.b64encode(row.png).decode()
    return (
        f'<image x="{row.left}" y="{_SHAPE_MARGIN}" width="{row.width}" height="{row.height}"'
        f' preserveAspectRatio="none" href="data:image/png;base64,{png}"/>'
    )


def bars(row: TextRow) -> str:
    """The lines of a frame that cross a row of text."""
    if not row.bars:
        return ""
    return _path("".join(f"M{_middle(bar)} 0v{height(row)}" for bar in row.bars))


def piece(part: Piece, foot: int) -> str:
    """SVG elements for text whose line ends `foot` dots down: every sign at its own column.

    Whatever font is found, a sign stands in the middle of the columns it has on paper.
    """
    style = part.style
    left = part.column * COLUMN_DOTS
    size = part.width * COLUMN_DOTS
    tall = style.height * LINE_DOTS
    shapes: list[str] = []
    if style.invert:
        shapes.append(
            f'<path d="M{left} {foot - tall - LEADING // 2}h{size}v{tall + LEADING}h{-size}z"/>'
        )
    signs = list(_placed(part))
    if signs:
        marks = ' font-weight="700"' if style.bold else ""
        if style.invert:
            marks += f' fill="{PAPER}"'
        where, across, down = "", left, foot - _BASELINE
        if (style.width, style.height) != (1, 1):
            where = f' transform="translate({left} {foot}) scale({style.width} {style.height})"'
            across, down = 0, -_BASELINE
        if style.width != style.height:
            # viewers disagree on the middle of a sign that is scaled one way: begin at its left
            where += ' text-anchor="start"'
            signs = [(sign, at - char_width(sign) * _FONT_DOTS / 4) for sign, at in signs]
        shapes.append(f'<text{where}{marks} y="{down}">{_signs(signs, across)}</text>')
    if style.underline:
        down = foot - (LEADING // 2 if style.invert else 0)
        ink = f' stroke="{PAPER}"' if style.invert else ""
        shapes.append(_path(f"M{left} {down}h{size}", ink))
    return "".join(shapes)


def text_style() -> str:
    """Attributes that text made by `piece` and `shape` needs on an element around it."""
    return (
        f'font-family="{FONTS}" font-size="{_FONT_DOTS}" text-anchor="middle" fill="{INK}"'
        ' lang="zh-Hans"'
    )


def _placed(part: Piece) -> Iterator[tuple[str, float]]:
    """Each sign that leaves ink, and the dot of its middle, at scale 1 and from the left."""
    at = 0
    for sign in clusters(part.text):
        size = char_width(sign)
        if sign not in (" ", "\u3000"):
            yield sign, (at + size / 2) * COLUMN_DOTS
        at += size


def _signs(signs: Iterable[tuple[str, float]], left: float) -> str:
    """Signs, each with its own place: lists of places are not read by every viewer."""
    return "".join(f'<tspan x="{left + at:g}">{escape(sign)}</tspan>' for sign, at in signs)


def _middle(column: int) -> int:
    return column * COLUMN_DOTS + COLUMN_DOTS // 2


def _path(way: str, more: str = "") -> str:
    stroke = "" if "stroke=" in more else f' stroke="{INK}"'
    return f'<path fill="none"{stroke} stroke-width="{_RULE_DOTS}"{more} d="{way}"/>'


def _frame(row: FrameRow, middle: int) -> str:
    way = ""
    foot = height(row)
    for columns, start, length in ((row.above, 0, middle), (row.below, middle, foot - middle)):
        if columns:
            way += f"M{_middle(columns[0])} {middle}H{_middle(columns[-1])}"
            way += "".join(f"M{_middle(column)} {start}v{length}" for column in columns)
    return way


def _barcode(row: BarcodeRow) -> str:
    way, at = "", row.left
    for index, size in enumerate(row.widths):
        if index % 2 == 0:
            way += f"M{at} {_SHAPE_MARGIN}h{size}v{row.code.height}h{-size}z"
        at += size
    shapes = f'<path fill="{INK}" shape-rendering="crispEdges" d="{way}"/>'
    if row.text:
        size = at - row.left
        step = min(float(COLUMN_DOTS + 2), size / len(row.text))
        left = row.left + (size - step * len(row.text)) / 2
        signs = [(c, (i + 0.5) * step) for i, c in enumerate(row.text) if c != " "]
        down = _SHAPE_MARGIN + row.code.height + _HRI_DOTS - _BASELINE
        shapes += f'<text y="{down}">{_signs(signs, left)}</text>'
    return shapes


def _qr(row: QrRow, top: int) -> str:
    cell = row.code.cell
    way = "".join(
        f"M{row.left + x * cell} {top + y * cell}h{n * cell}v{cell}h{-n * cell}z"
        for x, y, n in dark_runs(row.code.data, row.code.level)
    )
    return f'<path fill="{INK}" shape-rendering="crispEdges" d="{way}"/>'


def dark_runs(data: str, level: Level) -> Iterator[tuple[int, int, int]]:
    """Runs of dark cells of a QR code: x, y and how many to the right."""
    for y, line in enumerate(matrix(data, level)):
        x = 0
        for dark, group in groupby(line):
            count = len(list(group))
            if dark:
                yield x, y, count
            x += count
