"""`cells()`: a layout for a terminal's screen, as pieces that each know their column.

A paper column is a cell. Signs that the terminal draws narrower than the paper (`—`, `…`, `·`)
are followed by a space, so what stands under each other on paper does on the screen.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from pos.receiptline.barcodes import bars
from pos.receiptline.nodes import PLAIN, Style
from pos.receiptline.qr import matrix
from pos.receiptline.rows import (
    COLUMN_DOTS,
    LINE_DOTS,
    BarcodeRow,
    CutRow,
    FrameRow,
    ImageRow,
    Layout,
    Piece,
    QrRow,
    RuleRow,
    TextRow,
)
from pos.receiptline.width import char_width, clusters
from pos.text import cells as screen_width
from pos.text import cut

Kind = Literal["text", "line", "code"]

_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_SIDES = {(False, False): " ", (True, False): "▌", (False, True): "▐", (True, True): "█"}
# by what leaves a crossing: up, down, left, right
_BOX = dict(
    zip(
        (8, 4, 12, 10, 9, 6, 5, 14, 13, 11, 7, 15, 3, 2, 1, 0),
        "╵╷│┘└┐┌┤├┴┬┼─╴╶ ",
        strict=True,
    )
)
_BARCODE_ROWS = 2
_IMAGE_ROWS = 8
_QUIET = 2


class Cells(msgspec.Struct, frozen=True):
    """Text that begins at cell `column`. `code` is painted dark on light, whatever the theme."""

    column: int
    text: str
    style: Style = PLAIN
    kind: Kind = "text"


def cells(layout: Layout) -> list[list[Cells]]:
    """Screen rows from top to bottom, each from left to right and without overlap.

    No row is wider than `layout.columns`. A double-height row is one screen row, its style says
    so. QR codes are half blocks, two cells of the code to a character; a code for which the
    paper's columns are too few is its data between bars. Pictures are a shaded field.
    """
    rows: list[list[Cells]] = []
    for row in layout.rows:
        if isinstance(row, TextRow):
            rows.append(_text_row(row))
        elif isinstance(row, RuleRow):
            rows.append([Cells(row.column, "─" * row.width, PLAIN, "line")])
        elif isinstance(row, FrameRow):
            rows.append([_frame(row)])
        elif isinstance(row, CutRow):
            rows.append([Cells(0, "╌" * layout.columns, PLAIN, "line")])
        elif isinstance(row, QrRow):
            rows.extend(_qr(row, layout.columns))
        elif isinstance(row, BarcodeRow):
            rows.extend(_barcode(row, layout.columns))
        else:
            rows.extend(_image(row))
    return rows


def _text_row(row: TextRow) -> list[Cells]:
    placed = [Cells(piece.column, spaced(piece), piece.style) for piece in row.pieces]
    if not row.bars:
        return placed
    return sorted(
        [*placed, *(Cells(bar, "│", PLAIN, "line") for bar in row.bars)],
        key=lambda cell: cell.column,
    )


def spaced(piece: Piece) -> str:
    """The text of a piece in as many screen cells as it has paper columns."""
    scale = piece.style.width
    if scale == 1 and piece.text.isascii():
        return piece.text
    return "".join(
        sign + " " * (char_width(sign) * scale - screen_width(sign))
        for sign in clusters(piece.text)
    )


def _frame(row: FrameRow) -> Cells:
    ends = [bars for bars in (row.above, row.below) if bars]
    first, last = min(bars[0] for bars in ends), max(bars[-1] for bars in ends)
    ways = [0] * (last - first + 1)
    for bars_, upright in ((row.above, 8), (row.below, 4)):
        for bar in bars_:
            ways[bar - first] |= upright
        for at in range(bars_[0], bars_[-1]) if bars_ else ():
            ways[at - first] |= 1
            ways[at - first + 1] |= 2
    return Cells(first, "".join(_BOX[way] for way in ways), PLAIN, "line")


def _qr(row: QrRow, columns: int) -> list[list[Cells]]:
    wide = row.modules + 2 * _QUIET
    if wide > columns:
        return _stand_in("▞▚", row.code.data, columns)
    light = (False,) * row.modules
    lines = [light] * _QUIET + list(matrix(row.code.data, row.code.level)) + [light] * _QUIET
    if len(lines) % 2:
        lines.append(light)
    left = _column(row.left, row.modules * row.code.cell, wide, columns)
    edge = " " * _QUIET
    return [
        [Cells(left, edge + "".join(map(_half, upper, lower)) + edge, PLAIN, "code")]
        for upper, lower in zip(lines[::2], lines[1::2], strict=True)
    ]


def _half(upper: bool, lower: bool) -> str:
    return _HALVES[upper, lower]


def _barcode(row: BarcodeRow, columns: int) -> list[list[Cells]]:
    made = bars(row.code.symbology, row.code.data, 1)
    widths = made.widths if made else ()
    wide = (sum(widths) + 1) // 2
    if not wide or wide + 2 > columns:
        return _stand_in("▌║", row.text or row.code.data, columns)
    dark = [index % 2 == 0 for index, size in enumerate(widths) for _ in range(size)]
    dark.append(False)
    drawn = "".join(_SIDES[one, other] for one, other in zip(dark[::2], dark[1::2], strict=False))
    left = _column(row.left, sum(row.widths), wide + 2, columns)
    lines = [[Cells(left, f" {drawn} ", PLAIN, "code")] for _ in range(_BARCODE_ROWS)]
    if row.text:
        text = cut(row.text, columns)
        at = _column(row.left, sum(row.widths), len(text), columns)
        lines.append([Cells(at, text)])
    return lines


def _stand_in(mark: str, data: str, columns: int) -> list[list[Cells]]:
    """One row that says which code stands here."""
    said = f"{mark} {cut(data, columns - 2 * len(mark) - 2)} {mark}"
    return [[Cells((columns - screen_width(said)) // 2, said, PLAIN, "code")]]


def _column(left: int, dots: int, wide: int, columns: int) -> int:
    """The first cell of something `wide` cells wide in the middle of where the paper has it."""
    middle = (2 * left + dots) / 2 / COLUMN_DOTS
    return max(0, min(columns - wide, round(middle - wide / 2)))


def _image(row: ImageRow) -> list[list[Cells]]:
    wide = max(1, row.width // COLUMN_DOTS)
    tall = max(1, min(_IMAGE_ROWS, row.height // LINE_DOTS))
    return [[Cells(row.left // COLUMN_DOTS, "░" * wide, PLAIN, "line")] for _ in range(tall)]
