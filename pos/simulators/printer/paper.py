"""What lies on the paper after a stream was worked off: rows, codes, images, cuts, complaints.

All places are in dots (8 a millimetre, 203 dpi) from the upper left corner of the printable
area. Nothing here knows a command; the interpreter fills it, the judge and the painter read it.
"""

from __future__ import annotations

import msgspec

FONT_SIZES = {"A": (12, 24), "B": (9, 17)}
"""Cell of a one-byte character in dots, width × height (ESC M of the reference)."""
HANZI_SIZE = 24
"""Side of a two-byte character's square cell in dots."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """The printer that is played: what differs from one make to the next.

    `dots` is the printable width. `charset` is the two-byte font: ``gb18030`` (its two-byte
    part) or ``gbk``. `four_byte` is whether four-byte GB18030 codes are known; most counter
    printers know none. `hanzi_at_start`: two-byte mode is on after ESC @ as it is with many
    Chinese makes; off is the harder judge. `gs_size_hanzi`: GS ! enlarges two-byte characters
    too. `cutter_dots`: way from the print head to the knife. `buffer_bytes`: what the printer
    takes in while it cannot print.
    """

    dots: int = 576
    dpi: int = 203
    charset: str = "gb18030"
    four_byte: bool = False
    hanzi_at_start: bool = False
    country: int = 0
    gs_size_hanzi: bool = True
    cutter_dots: int = 96
    buffer_bytes: int = 4096
    maker: str = "SIMULATOR"
    name: str = "VP-80"
    firmware: str = "1.00"
    serial: str = "VP0000001"

    @classmethod
    def of_width(cls, millimetres: int, **changes: object) -> Model:
        """The model for paper of 58 mm (384 dots) or 80 mm (576 dots); ValueError for others."""
        widths = {58: 384, 80: 576}
        if millimetres not in widths:
            raise ValueError(f"paper is 58 or 80 mm wide, not {millimetres}")
        base = cls(dots=widths[millimetres], name=f"VP-{millimetres}")
        return msgspec.structs.replace(base, **changes)


class Style(msgspec.Struct, frozen=True):
    """How a character is printed; `underline` is its thickness in dots."""

    font: str = "A"
    width: int = 1
    height: int = 1
    bold: bool = False
    underline: int = 0
    invert: bool = False
    upside_down: bool = False
    rotated: bool = False


class Span(msgspec.Struct, frozen=True):
    """Characters of one style in a row; `step` is the way from one to the next, in dots."""

    x: int
    text: str
    step: int
    double: bool
    style: Style

    @property
    def cell(self) -> tuple[int, int]:
        """Width and height in dots of one character's cell, enlarged and turned."""
        base = (HANZI_SIZE, HANZI_SIZE) if self.double else FONT_SIZES[self.style.font]
        if self.style.rotated:
            base = (base[1], base[0])
        return base[0] * self.style.width, base[1] * self.style.height


class Row(msgspec.Struct, frozen=True):
    """One printed line of text; a row without spans is an empty line."""

    y: int
    height: int
    dots: int
    spans: tuple[Span, ...] = ()

    @property
    def unit(self) -> int:
        """Dots of one column: 9 where the whole row is in font B, else 12."""
        small = bool(self.spans) and all(s.style.font == "B" and not s.double for s in self.spans)
        return FONT_SIZES["B"][0] if small else FONT_SIZES["A"][0]

    @property
    def cells(self) -> tuple[str, ...]:
        """One string a column: a character where it begins, "" where it goes on, else a blank."""
        unit = self.unit
        cells = [" "] * (self.dots // unit)
        for span in self.spans:
            wide = max(1, (span.cell[0] + unit // 2) // unit)
            for number, char in enumerate(span.text):
                at = (span.x + number * span.step + unit // 2) // unit
                _write(cells, at, wide, char)
        return tuple(cells)

    @property
    def text(self) -> str:
        """The row as a person reads it, without blanks at its end."""
        return "".join(self.cells).rstrip(" ")

    @property
    def columns_used(self) -> int:
        """Columns from the left edge to the end of the last character that is no blank."""
        cells = self.cells
        used = len(cells)
        while used and cells[used - 1] == " ":
            used -= 1
        return used


def _write(cells: list[str], at: int, wide: int, char: str) -> None:
    """Puts a character over what is there; what it cuts in half becomes blank."""
    while len(cells) < at + wide:
        cells.append(" ")
    head = at
    while head > 0 and cells[head] == "":
        head -= 1
    for place in range(head, at):
        cells[place] = " "
    tail = at + wide
    while tail < len(cells) and cells[tail] == "":
        cells[tail] = " "
        tail += 1
    cells[at : at + wide] = [char] + [""] * (wide - 1)


class Bars(msgspec.Struct, frozen=True):
    """A bar code: `runs` are bar, space, bar … in dots; `hri` 1 above, 2 below, 3 both."""

    x: int
    y: int
    kind: str
    data: bytes
    runs: tuple[int, ...]
    bar_height: int
    hri: int
    hri_font: str
    caption: str

    @property
    def height(self) -> int:
        """Dots from the top of the code to its end, the readable line or lines included."""
        line = FONT_SIZES[self.hri_font][1] + HRI_GAP
        return self.bar_height + line * self.hri.bit_count()


HRI_GAP = 2
"""Dots between the bars and their readable line."""


class Qr(msgspec.Struct, frozen=True):
    """A QR code, `size` dots a module, `modules` of them a side; `level` is L, M, Q or H."""

    x: int
    y: int
    data: bytes
    modules: int
    size: int
    level: str
    kind: str = "QR"

    @property
    def height(self) -> int:
        """Its side in dots."""
        return self.modules * self.size


class Image(msgspec.Struct, frozen=True):
    """Dots sent by the sender.

    `columns` false: rows of bits, most significant bit at the left, each row full bytes;
    true: columns of bits, most significant bit at the top, each column full bytes. `width` and
    `height` count the bits sent, `across` and `down` the dots each of them makes. `limit` is the
    width in dots that falls on the paper.
    """

    x: int
    y: int
    width: int
    height: int
    across: int
    down: int
    columns: bool
    data: bytes
    limit: int


class Feed(msgspec.Struct, frozen=True):
    """Paper moved on (or back) by a feed command."""

    y: int
    dots: int


class Kick(msgspec.Struct, frozen=True):
    """A pulse for a drawer: connector pin 2 or 5, milliseconds on and off, place in the stream."""

    pin: int
    on_ms: int
    off_ms: int
    offset: int
    realtime: bool = False


class Fault(msgspec.Struct, frozen=True):
    """Something the sender should not have sent; `offset` is its first byte in the stream.

    Codes: overflow, too_wide, unknown_command, bad_parameter, unsupported, control_byte,
    broken_double_byte, undefined_character, unknown_code_page, discarded_text,
    buffer_not_empty, cut_through_print, image_too_wide, code_too_wide, bad_code, check_digit,
    too_large, realtime_in_data, unfinished_command, unfinished_line.
    """

    code: str
    offset: int
    detail: str = ""


class Code(msgspec.Struct, frozen=True):
    """A code on the paper: QR, EAN13, EAN8, UPC-A, UPC-E, CODE39, ITF, CODABAR, CODE93, CODE128."""

    kind: str
    data: bytes

    @property
    def text(self) -> str:
        """The data as UTF-8."""
        return self.data.decode("utf-8", "replace")


Mark = Row | Bars | Qr | Image | Feed


class Receipt(msgspec.Struct, frozen=True):
    """A piece of paper, and what the sender did wrong on it.

    `ended` is ``full`` or ``partial`` (a cut), ``torn`` (by hand) or ``power`` (the printer went
    off). `start` and `end` are places in the stream of all bytes; `raw` is what lies between.
    """

    dots: int
    marks: tuple[Mark, ...]
    kicks: tuple[Kick, ...]
    faults: tuple[Fault, ...]
    start: int
    end: int
    raw: bytes
    length: int
    ended: str
    beeps: int = 0

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of text, empty ones included."""
        return tuple(mark for mark in self.marks if isinstance(mark, Row))

    @property
    def lines(self) -> tuple[str, ...]:
        """Each row as a person reads it."""
        return tuple(row.text for row in self.rows)

    @property
    def spans(self) -> tuple[Span, ...]:
        """All styled spans, from the top to the bottom."""
        return tuple(span for row in self.rows for span in row.spans)

    @property
    def codes(self) -> tuple[Code, ...]:
        """The codes in printing order."""
        return tuple(Code(m.kind, m.data) for m in self.marks if isinstance(m, Bars | Qr))

    @property
    def images(self) -> tuple[Image, ...]:
        """The images in printing order."""
        return tuple(mark for mark in self.marks if isinstance(mark, Image))

    @property
    def overflows(self) -> tuple[Fault, ...]:
        """The faults where a line did not fit on the paper."""
        return tuple(fault for fault in self.faults if fault.code == "overflow")

    @property
    def text(self) -> str:
        """All of it for a person: rows, and codes and images in square brackets."""
        parts: list[str] = []
        for mark in self.marks:
            if isinstance(mark, Row):
                parts.append(mark.text)
            elif isinstance(mark, Bars | Qr):
                parts.append(f"[{mark.kind} {Code(mark.kind, mark.data).text}]")
            elif isinstance(mark, Image):
                parts.append(f"[image {mark.width * mark.across}x{mark.height * mark.down}]")
        return "\n".join(parts) + "\n" if parts else ""
