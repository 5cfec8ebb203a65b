"""Rows of a receipt as dots, for printers without a Chinese font and for names it lacks."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pos.hardware.raster import Bitmap
from pos.receiptline.nodes import Style
from pos.receiptline.rows import COLUMN_DOTS, LINE_DOTS, TextRow
from pos.receiptline.width import char_width, clusters

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

LINE_GAP = 6
"""Dots between two lines, as a printer's own line spacing of 30 leaves them."""

_PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/wenquanyi/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "C:/Windows/Fonts/simsun.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)
# of the faces in a collection: simplified Chinese, and Latin half as wide as Chinese, first
_FACES = ("Mono CJK SC", "Micro Hei Mono", "Zen Hei Mono", "CJK SC", "NSimSun")
_BASELINE = 0.84  # of the em, from its top: room for Chinese above and for a g below
_DARK = 110
_MOST_DOTS = 20_000_000
_MOST_ROWS = 4000


def find_font(named: str = "") -> Path | None:
    """The font file to draw with: the one that is named, else the first of the usual ones."""
    for place in (named,) if named else _PLACES:
        if Path(place).is_file():
            return Path(place)
    return None


class Pen:
    """Draws rows in one font. Not for two threads at once."""

    def __init__(self, font: Path) -> None:
        """OSError where the file is no font."""
        self._path = font
        self._face = _face(str(font))
        self._glyph = lru_cache(maxsize=4096)(self._draw)

    def text(self, row: TextRow, *, gap: int = LINE_GAP) -> Bitmap:
        """A line of text with its frame's bars; `gap` white rows below it."""
        from PIL import Image

        placed = [(p.column, p.text, p.style, p.width) for p in row.pieces]
        placed += [(bar, "|", Style(height=row.height), 1) for bar in row.bars]
        columns = max((column + width for column, _, _, width in placed), default=1)
        tall = row.height * LINE_DOTS
        image = Image.new("1", (columns * COLUMN_DOTS, tall + gap))
        for column, text, style, width in placed:
            at = column * COLUMN_DOTS
            low = tall - style.height * LINE_DOTS
            for sign in clusters(text):
                glyph = self._glyph(sign, style)
                image.paste(glyph, (at, low))
                at += glyph.width
            if style.underline:
                box = (column * COLUMN_DOTS, tall - 2, (column + width) * COLUMN_DOTS, tall)
                image.paste(1, box)
            if style.invert:
                box = (column * COLUMN_DOTS, low, (column + width) * COLUMN_DOTS, tall)
                image.paste(image.crop(box).point(lambda dot: not dot), box)
        return packed(image)

    def _draw(self, sign: str, style: Style) -> Image:
        """One sign in its cell; what the font draws wider than the cell is squeezed into it."""
        from PIL import Image, ImageDraw

        wide = max(1, char_width(sign)) * COLUMN_DOTS * style.width
        tall = LINE_DOTS * style.height
        em = max(style.width, style.height) * LINE_DOTS
        font = _sized(str(self._path), self._face, em)
        length = font.getlength(sign)
        natural = max(wide, round(length))
        image = Image.new("L", (natural, em))
        ImageDraw.Draw(image).text(
            ((natural - length) / 2, round(em * _BASELINE)),
            sign,
            fill=255,
            font=font,
            anchor="ls",
            stroke_width=em / 48 if style.bold else 0,
        )
        scaled = image.resize((wide, tall), Image.Resampling.LANCZOS)
        return scaled.point(lambda dot: 255 * (dot > _DARK)).convert("1")


def picture(png: bytes, left: int, width: int, height: int) -> Bitmap | None:
    """A PNG on white, `width` by `height` dots, dithered; None where it is none or is too large."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
            if opened.width * opened.height > _MOST_DOTS or not 0 < height <= _MOST_ROWS:
                return None
            colours = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if colours.size != (width, height):
        colours = colours.resize((width, height), Image.Resampling.LANCZOS)
    paper = Image.new("RGBA", colours.size, "white")
    paper.alpha_composite(colours)
    dots = paper.convert("L").convert("1").point(lambda dot: not dot)
    placed = Image.new("1", (left + width, height))
    placed.paste(dots, (left, 0))
    return packed(placed)


def packed(image: Image) -> Bitmap:
    """A picture of mode "1", black where it is 1; white columns on its right are left away."""
    box = image.getbbox()
    wide = max(8, box[2] if box else 0)
    size = (wide + 7) // 8
    data = image.crop((0, 0, size * 8, image.height)).tobytes()
    return Bitmap(size, data)


@lru_cache(maxsize=4)
def _face(path: str) -> int:
    """Which face of a collection."""
    from PIL import ImageFont

    names: list[str] = []
    for index in range(32):
        try:
            names.append(
                " ".join(str(part) for part in ImageFont.truetype(path, 12, index).getname())
            )
        except OSError:
            break
    if not names:
        raise OSError(path)
    for wanted in _FACES:
        for index, name in enumerate(names):
            if wanted in name:
                return index
    return 0


@lru_cache(maxsize=32)
def _sized(path: str, face: int, dots: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(path, dots, face)
