"""`lay_out()`: a document on paper of so many columns."""

from __future__ import annotations

from msgspec.structs import replace

from pos.receiptline.barcodes import bars
from pos.receiptline.frame import Grid, grid
from pos.receiptline.nodes import (
    PLAIN,
    Align,
    Border,
    Code,
    Column,
    CutLine,
    Document,
    Fault,
    Picture,
    RuleLine,
    Run,
    SettingLine,
    TextLine,
)
from pos.receiptline.qr import side
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
from pos.receiptline.wrap import broken
from pos.refusal import Refused

MIN_COLUMNS = 8
MAX_COLUMNS = 256
MAX_PIECES = 400_000
MAX_QR = 64
"""QR codes on one receipt: the largest takes a fifth of a second to paint."""
_SHOWN = 40


def lay_out(document: Document, columns: int) -> Layout:
    """Where everything of `document` stands on paper of `columns` paper columns.

    Text that no column can hold and codes that cannot say their data are no refusal: a receipt
    is handed over all the same, with the data as text, and `Layout.faults` names them. Refused:
    `receipt_columns` for a paper of fewer than 8 or more than 256 columns, `receipt_too_long`.
    """
    if not MIN_COLUMNS <= columns <= MAX_COLUMNS:
        raise Refused("receipt_columns", columns=columns, least=MIN_COLUMNS, most=MAX_COLUMNS)
    page = _Page(columns, list(document.faults))
    for line in document.lines:
        if isinstance(line, TextLine):
            page.text(line.line, line.columns)
        elif isinstance(line, SettingLine):
            page.setting(line)
        elif isinstance(line, RuleLine):
            page.rule(line.line)
        else:
            page.cut(line)
    page.close(document.lines[-1].line if document.lines else 0)
    return Layout(columns, tuple(page.rows), tuple(sorted(page.faults, key=lambda f: f.line)))


class _Page:
    """The paper while it is filled, with the settings that hold at this line."""

    def __init__(self, columns: int, faults: list[Fault]) -> None:
        self.columns = columns
        self.rows: list[Row] = []
        self.faults = faults
        self.widths: tuple[int, ...] = ()
        self.border = Border()
        self.align: Align = "center"
        self.wrap = True
        self.pieces = 0
        self.qr_codes = 0
        # the open frame: bars of its last row, and the place kept for a rule whose foot is unknown
        self.framed: tuple[int, ...] = ()
        self.pending: int | None = None

    # text

    def text(self, line: int, columns: tuple[Column, ...]) -> None:
        place = grid(self.widths, len(columns), self.border, self.align, self.columns)
        if len(columns) > len(self.widths or place.spans):
            self._fault("receipt_too_many_columns", line, str(len(columns)))
        if place.bars:
            self._frame(line, place.bars)
        self._text(line, columns, place, self.wrap)

    def _text(self, line: int, columns: tuple[Column, ...], place: Grid, wrap: bool) -> None:
        spans = []
        deep = 1
        for index, left, width in place.spans:
            column = columns[index] if index < len(columns) else _EMPTY
            found = broken(column.runs, width, wrap)
            if found.lost:
                self._fault("receipt_too_narrow", line, found.lost)
            deep = max(deep, len(found.lines))
            spans.append((left, width, column.align, found.lines))
        self.pieces += deep * (len(spans) + 1)
        if self.pieces > MAX_PIECES:
            raise Refused("receipt_too_long", name="", most=MAX_PIECES)
        for depth in range(deep):
            pieces: list[Piece] = []
            height = 1
            for left, width, align, lines in spans:
                if depth >= len(lines):
                    # an empty column still takes its first sign, as the printer's cursor does
                    pieces.append(Piece(left, " ", PLAIN, 1))
                    continue
                at = left
                if align != "left":
                    spare = width - sum(part[2] for part in lines[depth])
                    at += spare if align == "right" else (spare + 1) // 2
                for text, style, size in lines[depth]:
                    pieces.append(Piece(at, text, style, size))
                    self.pieces += 1
                    at += size
                    if style.height > height:
                        height = style.height
            self.rows.append(TextRow(line, tuple(pieces), height, place.bars))

    # rules and frames

    def rule(self, line: int) -> None:
        if not self.border.ruled:
            place = grid(self.widths, 1, self.border, self.align, self.columns)
            self.rows.append(RuleRow(line, place.left, place.width))
        elif self.framed and self.pending is None:
            # how it looks depends on the columns of the next line: keep its place
            self.pending = len(self.rows)
            self.rows.append(FrameRow(line, self.framed, ()))

    def cut(self, line: CutLine) -> None:
        self.close(line.line)
        self.rows.append(CutRow(line.line))

    def close(self, line: int) -> None:
        """End the open frame; a rule that waited for a next line is its foot."""
        if self.framed and self.pending is None:
            self.rows.append(FrameRow(line, self.framed, ()))
        self.framed, self.pending = (), None

    def _frame(self, line: int, below: tuple[int, ...]) -> None:
        if self.pending is not None:
            kept = self.rows[self.pending]
            self.rows[self.pending] = FrameRow(kept.line, self.framed, below)
            self.pending = None
        elif not self.framed:
            self.rows.append(FrameRow(line, (), below))
        self.framed = below

    # properties

    def setting(self, line: SettingLine) -> None:
        if line.align is not None:
            self.align = line.align
        if line.widths is not None:
            self.widths = line.widths
        if line.wrap is not None:
            self.wrap = line.wrap
        if line.border is not None:
            self.border = line.border
            if not line.border.ruled:
                self.close(line.line)
        if line.picture is not None:
            self._picture(line, line.picture)
        if line.code is not None:
            self._code(line, line.code)

    def _picture(self, line: SettingLine, picture: Picture) -> None:
        width, height = picture.width, picture.height
        paper = self.columns * COLUMN_DOTS
        if width > paper:
            width, height = paper, max(1, height * paper // width)
        self.rows.append(ImageRow(line.line, self._left(line, width), picture.png, width, height))

    def _code(self, line: SettingLine, code: Code) -> None:
        row = self._qr(line, code) if code.symbology == "qrcode" else self._barcode(line, code)
        if row is not None:
            self.rows.append(row)
            return
        whole = Grid(0, self.columns, ((0, 0, self.columns),))
        said = Column((Run(code.data, PLAIN),), line.magnet)
        self._text(line.line, (said,), whole, True)

    def _barcode(self, line: SettingLine, code: Code) -> BarcodeRow | None:
        for module in range(code.module, 1, -1):
            made = bars(code.symbology, code.data, module)
            if made is None:
                self._fault("receipt_bad_code", line.line, code.data, code.symbology)
                return None
            width = sum(made.widths)
            if width <= self.columns * COLUMN_DOTS:
                fitting = code if module == code.module else replace(code, module=module)
                text = made.text if code.hri else ""
                return BarcodeRow(line.line, self._left(line, width), fitting, made.widths, text)
        self._fault("receipt_code_too_wide", line.line, code.data, code.symbology)
        return None

    def _qr(self, line: SettingLine, code: Code) -> QrRow | None:
        self.qr_codes += 1
        if self.qr_codes > MAX_QR:
            raise Refused("receipt_too_long", name="", most=MAX_QR)
        modules = side(code.data, code.level)
        if not modules:
            self._fault("receipt_bad_code", line.line, code.data, code.symbology)
            return None
        for cell in range(code.cell, 2, -1):
            if modules * cell <= self.columns * COLUMN_DOTS:
                fitting = code if cell == code.cell else replace(code, cell=cell)
                return QrRow(line.line, self._left(line, modules * cell), fitting, modules)
        self._fault("receipt_code_too_wide", line.line, code.data, code.symbology)
        return None

    def _left(self, line: SettingLine, width: int) -> int:
        """Dots left of something `width` dots wide: inside its column, or else inside the paper."""
        place = grid(self.widths, 1, self.border, self.align, self.columns)
        left, room = place.left * COLUMN_DOTS, place.width * COLUMN_DOTS
        if room < width:
            left, room = 0, self.columns * COLUMN_DOTS
        spare = room - width
        return left + {"left": 0, "center": spare // 2, "right": spare}[line.magnet]

    def _fault(self, code: str, line: int, what: str, kind: str = "") -> None:
        self.faults.append(Fault(code, line, what[:_SHOWN], kind))


_EMPTY = Column((), "center")
