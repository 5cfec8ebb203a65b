"""A receipt → a picture of the paper, one pixel a dot.

QR codes, bar codes and images are drawn dot by dot where the printer would burn them, so that a
decoder reads the picture as a telephone reads the paper.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image as Picture
from PIL import ImageDraw, ImageOps

from pos.simulators.printer.codes import qr_matrix
from pos.simulators.printer.fonts import Glyphs
from pos.simulators.printer.paper import (
    FONT_SIZES,
    HRI_GAP,
    Bars,
    Image,
    Qr,
    Receipt,
    Row,
    Span,
)

PAPER = (252, 251, 246)
INK = (34, 32, 36)
BEHIND = (196, 196, 192)
SIDE = 32
"""Dots of unprinted paper left and right, and above."""
END = 48
"""Dots of unprinted paper below."""
LONGEST = 16_000
"""Dots of length after which the picture ends: two metres of paper."""
_TOOTH = 8


@lru_cache(maxsize=4)
def _glyphs(font: Path | None) -> Glyphs:
    return Glyphs(font)


def draw(receipt: Receipt, font: Path | None = None) -> Picture.Image:
    """The receipt as a picture of mode ``RGB``, cut edge included.

    `font` is a font file, the best Chinese one of this computer if None; NoFontError without one.
    """
    ink = burned(receipt, font)
    high = ink.height + SIDE + END
    sheet = Picture.new("RGB", (receipt.dots + 2 * SIDE, high), PAPER)
    sheet.paste(INK, (SIDE, SIDE), ink)
    return _edge(sheet, receipt.ended)


def png(receipt: Receipt, font: Path | None = None) -> bytes:
    """The picture of `draw` as a PNG file."""
    file = io.BytesIO()
    draw(receipt, font).save(file, "PNG")
    return file.getvalue()


def burned(receipt: Receipt, font: Path | None = None) -> Picture.Image:
    """The dots alone, mode ``L``, 255 where burned, as wide as the printable area."""
    high = max(1, min(receipt.length, LONGEST))
    ink = Picture.new("L", (receipt.dots, high), 0)
    for mark in receipt.marks:
        if mark.y >= high:
            continue
        if isinstance(mark, Row):
            _row(ink, mark, font)
        elif isinstance(mark, Bars):
            _bars(ink, mark, font)
        elif isinstance(mark, Qr):
            _burn(ink, _qr(mark), mark.x, mark.y)
        elif isinstance(mark, Image):
            _burn(ink, _image(mark), mark.x, mark.y)
    return ink


def _burn(ink: Picture.Image, dots: Picture.Image, x: int, y: int) -> None:
    """Adds dots to those that are burned already."""
    ink.paste(255, (x, y), dots)


def _row(ink: Picture.Image, row: Row, font: Path | None) -> None:
    if not row.spans:
        return
    line = Picture.new("L", (row.dots, row.height), 0)
    for span in row.spans:
        _span(line, span, _glyphs(font))
    if row.spans[0].style.upside_down:
        line = line.rotate(180)
    _burn(ink, line, 0, row.y)


def _span(line: Picture.Image, span: Span, glyphs: Glyphs) -> None:
    style, cell = span.style, span.cell
    top = line.height - cell[1]
    for number, char in enumerate(span.text):
        dots = glyphs.glyph(char, style.font, span.double, style.bold)
        if style.rotated:
            dots = dots.transpose(Picture.Transpose.ROTATE_270)
        if dots.size != cell:
            dots = dots.resize(cell, Picture.Resampling.NEAREST)
        box = Picture.new("L", (max(span.step, cell[0]), cell[1]), 0)
        box.paste(dots)
        if style.underline:
            box.paste(255, (0, cell[1] - style.underline, box.width, cell[1]))
        if style.invert:
            box = ImageOps.invert(box)
        _burn(line, box, span.x + number * span.step, top)


def _bars(ink: Picture.Image, bars: Bars, font: Path | None) -> None:
    y, wide = bars.y, sum(bars.runs)
    line = FONT_SIZES[bars.hri_font][1] + HRI_GAP
    if bars.hri & 1:
        _caption(ink, bars, y, wide, font)
        y += line
    x = bars.x
    for number, run in enumerate(bars.runs):
        if number % 2 == 0:
            ink.paste(255, (x, y, x + run, y + bars.bar_height))
        x += run
    if bars.hri & 2:
        _caption(ink, bars, y + bars.bar_height + HRI_GAP, wide, font)


def _caption(ink: Picture.Image, bars: Bars, y: int, wide: int, font: Path | None) -> None:
    """The readable line, centred on the bars."""
    cell = FONT_SIZES[bars.hri_font][0]
    x = max(0, bars.x + (wide - cell * len(bars.caption)) // 2)
    for number, char in enumerate(bars.caption):
        dots = _glyphs(font).glyph(char, bars.hri_font, False, False)
        _burn(ink, dots, x + number * cell, y)


def _qr(qr: Qr) -> Picture.Image:
    matrix = qr_matrix(qr.data, qr.level)
    modules = bytes(255 if dark else 0 for row in matrix for dark in row)
    small = Picture.frombytes("L", (len(matrix), len(matrix)), modules)
    return small.resize((qr.height, qr.height), Picture.Resampling.NEAREST)


def _image(image: Image) -> Picture.Image:
    """The bits as dots; what falls beside the paper is cut away."""
    if image.columns:
        tall = -(-image.height // 8) * 8
        dots = Picture.frombytes("1", (tall, image.width), image.data)
        dots = dots.transpose(Picture.Transpose.TRANSPOSE)
    else:
        broad = -(-image.width // 8) * 8
        dots = Picture.frombytes("1", (broad, image.height), image.data)
    wide = min(image.width, -(-image.limit // image.across))
    high = min(image.height, LONGEST)
    dots = dots.crop((0, 0, wide, high)).convert("L")
    if (image.across, image.down) != (1, 1):
        size = (wide * image.across, high * image.down)
        dots = dots.resize(size, Picture.Resampling.NEAREST)
    return dots.crop((0, 0, image.limit, dots.height))


def _edge(sheet: Picture.Image, ended: str) -> Picture.Image:
    """The lower edge: toothed where the knife was, ragged where it was torn."""
    wide, high = sheet.size
    deep = _TOOTH if ended in ("full", "partial") else _TOOTH * 2
    points: list[tuple[int, int]] = [(0, high)]
    for number, x in enumerate(range(0, wide + deep, deep)):
        points.append((x, high - (deep if number % 2 else 0)))
    points.append((wide, high))
    ImageDraw.Draw(sheet).polygon(points, fill=BEHIND)
    return sheet
