"""What stands where on the paper: rows from top to bottom.

Columns are paper columns from 0, 12 dots each; a line of text of height 1 is 24 dots.
"""

from __future__ import annotations

import msgspec

from pos.receiptline.nodes import Code, Fault, Style

COLUMN_DOTS = 12
LINE_DOTS = 24


class Piece(msgspec.Struct, frozen=True):
    """Text of one style that begins at paper column `column` and takes `width` of them."""

    column: int
    text: str
    style: Style
    width: int


class TextRow(msgspec.Struct, frozen=True):
    """One printed line. `height` is the tallest scale in it, `bars` where a frame crosses it."""

    line: int
    pieces: tuple[Piece, ...]
    height: int = 1
    bars: tuple[int, ...] = ()


class RuleRow(msgspec.Struct, frozen=True):
    """A horizontal rule over `width` columns from `column`."""

    line: int
    column: int
    width: int


class FrameRow(msgspec.Struct, frozen=True):
    """A horizontal line of a frame, with the bars of the row above it and of the row below.

    The top of a frame has nothing above, its foot nothing below. Neither is sorted into the
    other: a line is drawn from the first to the last of each.
    """

    line: int
    above: tuple[int, ...]
    below: tuple[int, ...]


class BarcodeRow(msgspec.Struct, frozen=True):
    """A barcode `left` dots from the edge.

    `widths` are dots: bar, space, bar and so on, quiet zones not included. `code.module` is the
    module that fits the paper; `text` is what stands under it, empty where none is wanted.
    """

    line: int
    left: int
    code: Code
    widths: tuple[int, ...]
    text: str


class QrRow(msgspec.Struct, frozen=True):
    """A QR code `left` dots from the edge, `modules` cells of `code.cell` dots a side."""

    line: int
    left: int
    code: Code
    modules: int


class ImageRow(msgspec.Struct, frozen=True):
    """A PNG picture `left` dots from the edge, to be drawn `width` by `height` dots large.

    The drawn size is the picture's own unless that is wider than the paper.
    """

    line: int
    left: int
    png: bytes
    width: int
    height: int


class CutRow(msgspec.Struct, frozen=True):
    """The paper is cut here."""

    line: int


Row = TextRow | RuleRow | FrameRow | BarcodeRow | QrRow | ImageRow | CutRow


class Layout(msgspec.Struct, frozen=True):
    """A receipt on paper of `columns` columns. `faults`: what it had to do without, by line."""

    columns: int
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...] = ()
