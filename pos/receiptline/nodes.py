"""What a document says, line by line, before any paper width is known."""

from __future__ import annotations

from typing import Literal

import msgspec

from pos.refusal import Refused

Align = Literal["left", "center", "right"]
Symbology = Literal[
    "upc", "ean", "jan", "code39", "itf", "codabar", "nw7", "code93", "code128", "qrcode"
]
Level = Literal["l", "m", "q", "h"]

STAR = -1
"""A width that shares what the others leave."""


class Style(msgspec.Struct, frozen=True):
    """How a run of text is set. `width` and `height` are scales from 1 to 6."""

    width: int = 1
    height: int = 1
    bold: bool = False
    underline: bool = False
    invert: bool = False


PLAIN = Style()


class Run(msgspec.Struct, frozen=True):
    """Text of one style; a line feed in it is a wrap by hand."""

    text: str
    style: Style


class Column(msgspec.Struct, frozen=True):
    """One column of a line and the side that its pipes draw it to."""

    runs: tuple[Run, ...]
    align: Align


class Border(msgspec.Struct, frozen=True):
    """What stands between columns: `gap` paper columns, drawn as a line where `ruled`."""

    gap: int = 1
    ruled: bool = False


class Code(msgspec.Struct, frozen=True):
    """A bar or 2D code: text and the options that held where it stood.

    `module` (2 to 4) and `height` (24 to 240) are dots and serve barcodes; `cell` (3 to 8 dots)
    and `level` serve QR codes.
    """

    data: str
    symbology: Symbology = "code128"
    module: int = 2
    height: int = 72
    hri: bool = False
    cell: int = 3
    level: Level = "l"


class Picture(msgspec.Struct, frozen=True):
    """A PNG file and the size its header gives, in dots."""

    png: bytes
    width: int
    height: int


class Fault(msgspec.Struct, frozen=True):
    """Something a receipt does without, on line `line` of its document.

    `code` is a field of `pos.words.receipts.ReceiptRefusals`, `what` the sign or data it is about,
    `kind` the symbology.
    """

    code: str
    line: int
    what: str = ""
    kind: str = ""

    def refused(self, name: str) -> Refused:
        """The fault as a refusal of file `name`, for those who would rather stop, and for words."""
        return Refused(self.code, name=name, line=self.line, what=self.what, kind=self.kind)


class TextLine(msgspec.Struct, frozen=True):
    """Columns of text on line `line` (from 1) of the document."""

    line: int
    columns: tuple[Column, ...]


class RuleLine(msgspec.Struct, frozen=True):
    """A line of only `-`."""

    line: int


class CutLine(msgspec.Struct, frozen=True):
    """A line of only `=`."""

    line: int


class SettingLine(msgspec.Struct, frozen=True):
    """A line of properties. None: that property was not named.

    `widths` are paper columns, `STAR` or 0 for a hidden column; `()` is `auto`. `align` is where
    narrower lines stand on the paper, `magnet` where this line's own code or picture is drawn to.
    """

    line: int
    magnet: Align
    align: Align | None = None
    widths: tuple[int, ...] | None = None
    border: Border | None = None
    wrap: bool | None = None
    picture: Picture | None = None
    code: Code | None = None


Line = TextLine | RuleLine | CutLine | SettingLine


class Document(msgspec.Struct, frozen=True):
    """A parsed document: its lines, and what had to be left out."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...] = ()
