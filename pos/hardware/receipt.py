"""A laid-out receipt → the bytes of one print job.

Everything is decided here and only the text of `encoding.encode` and codes with a length before
them carry data, so no data can become a command.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache

import msgspec

from pos.devices import Printer
from pos.hardware import drawing, native
from pos.hardware.builder import Builder, builder
from pos.hardware.encoding import Charset, encode, printable
from pos.hardware.raster import Bitmap, bars_bitmap, cells_bitmap, raster
from pos.receiptline import qr
from pos.receiptline.as_text import frame
from pos.receiptline.nodes import PLAIN, Level, Style
from pos.receiptline.png import picture
from pos.receiptline.rows import (
    COLUMN_DOTS,
    BarcodeRow,
    CutRow,
    FrameRow,
    ImageRow,
    Layout,
    Piece,
    QrRow,
    Row,
    RuleRow,
    TextRow,
)
from pos.receiptline.width import paper_width
from pos.refusal import Refused

_HANZI_ON = b"\x1c&"
_LEFT = b"\x1ba\x00"
_QUIET_DOTS = 12
_LEVELS: dict[Level, int] = {"l": 0, "m": 1, "q": 2, "h": 3}


class Made(msgspec.Struct, frozen=True):
    """The bytes of a job.

    `replaced`: signs the printer has not, once each. `drawn`: lines drawn as pictures.
    `left_out`: lines of the document whose picture could not be read, or (0) the logo.
    """

    data: bytes
    replaced: str = ""
    drawn: int = 0
    left_out: tuple[int, ...] = ()


def receipt_bytes(
    layout: Layout, printer: Printer, *, logo: bytes = b"", copies: int | None = None
) -> Made:
    """All bytes of a receipt with its cuts, `copies` times over (None: as the printer says).

    Refused: `printer_too_narrow` where the layout is wider than the paper, `font_missing` where
    lines must be drawn and no font is found.
    """
    if layout.columns > printer.width:
        raise Refused("printer_too_narrow", columns=layout.columns, most=printer.width)
    writer = _Writer(printer)
    writer.start()
    if logo:
        writer.logo(logo)
    rows = layout.rows
    for row in rows:
        writer.row(row)
    if not (rows and isinstance(rows[-1], CutRow)):
        writer.cut()
    body = writer.out.output
    data = body * (printer.copies if copies is None else copies)
    if printer.buzzer:
        writer.out.clear()
        writer.out.buzzer(printer.buzzer, 2)
        data += writer.out.output
    replaced = "".join(dict.fromkeys("".join(writer.replaced)))
    return Made(data, replaced, writer.drawn, tuple(writer.left_out))


class _Writer:
    """The printer's state while a receipt is written."""

    def __init__(self, printer: Printer) -> None:
        self.out: Builder = builder()
        self.printer = printer
        self.charset: Charset = "gb18030" if printer.encoding == "image" else printer.encoding
        self.style = PLAIN
        self.framed = False
        self.replaced: list[str] = []
        self.left_out: list[int] = []
        self.drawn = 0
        self._pen: drawing.Pen | None = None

    def start(self) -> None:
        """Every setting of an earlier job gone; Chinese on."""
        self.out.hw("INIT")
        self.out._raw(_HANZI_ON)

    def logo(self, png: bytes) -> None:
        """A picture in the middle, at most as wide as the paper."""
        dots = self.printer.width * COLUMN_DOTS
        found = picture(b64encode(png).decode())
        if isinstance(found, str):
            self.left_out.append(0)
            return
        width, height = found.width, found.height
        if width > dots:
            width, height = dots, max(1, height * dots // width)
        self._image(ImageRow(0, (dots - width) // 2, png, width, height))

    def row(self, row: Row) -> None:
        if isinstance(row, TextRow):
            self._spacing(bool(row.bars))
            self._text(row)
        elif isinstance(row, FrameRow):
            self._spacing(True)
            self._line(0, frame(row), row.line)
        elif isinstance(row, RuleRow):
            self._spacing(False)
            self._line(row.column, "-" * row.width, row.line)
        elif isinstance(row, QrRow):
            self._qr(row)
        elif isinstance(row, BarcodeRow):
            self._barcode(row)
        elif isinstance(row, ImageRow):
            self._image(row)
        elif isinstance(row, CutRow):
            self.cut()

    # text

    def _text(self, row: TextRow) -> None:
        if self._must_draw(row):
            self._draw(row)
            return
        placed = [(p.column, p.text, p.width, p.style) for p in row.pieces]
        if row.bars:
            bar = Style(height=row.height)
            placed += [(at, "|", 1, bar) for at in row.bars]
            placed.sort(key=_column)
        while placed and placed[-1][3] == PLAIN and not placed[-1][1].strip(" "):
            placed.pop()
        parts: list[bytes] = []
        at = 0
        for column, text, width, style in placed:
            if column > at:
                self._set(PLAIN, parts)
                parts.append(b" " * (column - at))
            if style is not self.style:
                self._set(style, parts)
            parts.append(self._encoded(text))
            at = column + width
        self._set(PLAIN, parts)
        parts.append(b"\n")
        self.out._raw(b"".join(parts))

    def _line(self, column: int, text: str, line: int) -> None:
        """A rule or a frame's line: one column a sign, whatever the printer's alphabet."""
        if self.printer.encoding == "image":
            self._draw(TextRow(line, (Piece(column, text, PLAIN, len(text)),), 1))
        else:
            self.out._raw(b" " * column + text.encode("ascii") + b"\n")

    def _encoded(self, text: str) -> bytes:
        made = encode(text, self.charset)
        if made.replaced:
            self.replaced.append(made.replaced)
        return made.data

    def _set(self, style: Style, parts: list[bytes]) -> None:
        """Commands from the style that holds to `style`."""
        now = self.style
        if style == now:
            return
        if (style.width, style.height) != (now.width, now.height):
            parts.append(native.size(style, self.printer.hanzi_size))
        if style.bold != now.bold:
            parts.append(b"\x1bE\x01" if style.bold else b"\x1bE\x00")
        if style.underline != now.underline:
            parts.append(b"\x1b-\x01\x1c-\x01" if style.underline else b"\x1b-\x00\x1c-\x00")
        if style.invert != now.invert:
            parts.append(b"\x1dB\x01" if style.invert else b"\x1dB\x00")
        self.style = style

    def _spacing(self, framed: bool) -> None:
        """Lines of a frame stand without a gap, so that its bars meet."""
        if framed != self.framed and self.printer.encoding != "image":
            self.out.line_spacing(0 if framed else None)
        self.framed = framed

    # dots

    def _must_draw(self, row: TextRow) -> bool:
        if self.printer.encoding == "image":
            return True
        if self.printer.missing == "replace":
            return False
        lost = any(not printable(piece.text, self.charset) for piece in row.pieces)
        return lost and self._ready_pen() is not None

    def _draw(self, row: TextRow) -> None:
        pen = self._ready_pen()
        if pen is None:
            raise Refused("font_missing", font=self.printer.font)
        gap = 0 if self.framed else drawing.LINE_GAP
        self._dots(pen.text(row, gap=gap))
        self.drawn += 1

    def _ready_pen(self) -> drawing.Pen | None:
        if self._pen is None:
            self._pen = _pen(self.printer.font)
        return self._pen

    def _dots(self, bitmap: Bitmap) -> None:
        self.out._raw(raster(bitmap))

    def _image(self, row: ImageRow) -> None:
        self._spacing(False)
        bitmap = drawing.picture(row.png, row.left, row.width, row.height)
        if bitmap is None:
            self.left_out.append(row.line)
        else:
            self._dots(bitmap)

    def _qr(self, row: QrRow) -> None:
        self._spacing(False)
        side = row.modules * row.code.cell
        align = self._align(row.left, side)
        if self.printer.qr == "native" and align and row.code.data.isprintable():
            self.out._raw(align)
            self.out.qr(row.code.data, _LEVELS[row.code.level], row.code.cell, native=True)
            self.out._raw(_LEFT)
        else:
            cells = qr.matrix(row.code.data, row.code.level)
            self._apart(cells_bitmap(row.left, cells, row.code.cell))

    def _barcode(self, row: BarcodeRow) -> None:
        self._spacing(False)
        align = self._align(row.left, sum(row.widths))
        data = native.barcode(row) if self.printer.barcode == "native" and align else b""
        if data:
            self.out._raw(align + data + _LEFT)
            return
        self._apart(bars_bitmap(row.left, row.widths, row.code.height))
        if row.text:
            columns = paper_width(row.text)
            middle = row.left + sum(row.widths) // 2 - columns * COLUMN_DOTS // 2
            at = min(max(0, middle // COLUMN_DOTS), max(0, self.printer.width - columns))
            self._line(at, row.text, row.line)

    def _apart(self, bitmap: Bitmap) -> None:
        """A code with white above and below it, which readers want."""
        white = bytes(bitmap.row_bytes * _QUIET_DOTS)
        self._dots(Bitmap(bitmap.row_bytes, white + bitmap.data + white))

    def _align(self, left: int, width: int) -> bytes:
        """The alignment that puts something where the layout has it; none where none does."""
        spare = self.printer.width * COLUMN_DOTS - width
        for place, code in ((0, b"\x00"), (spare // 2, b"\x01"), (spare, b"\x02")):
            if abs(left - place) < COLUMN_DOTS:
                return b"\x1ba" + code
        return b""

    def cut(self) -> None:
        """Feed what was printed past the knife and cut."""
        self._spacing(False)
        if self.printer.feed_lines:
            self.out.print_and_feed(self.printer.feed_lines)
        if self.printer.cut != "none":
            self.out._raw(native.CUTS[self.printer.cut])


def _column(placed: tuple[int, str, int, Style]) -> int:
    return placed[0]


@lru_cache(maxsize=4)
def _pen(font: str) -> drawing.Pen | None:
    path = drawing.find_font(font)
    try:
        return drawing.Pen(path) if path else None
    except OSError:
        return None
