"""The printer's characters in dots, drawn from a Chinese font of this computer.

A printer has its glyphs as bitmaps: 12 × 24 and 9 × 17 dots for one byte, 24 × 24 for two. They
are drawn once each, without grey, and enlarged by repeating dots, as a printer does.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from pos.simulators.printer.charset import BROKEN
from pos.simulators.printer.paper import FONT_SIZES, HANZI_SIZE

FONT_VARIABLE = "POS_SIMULATOR_FONT"
"""Environment variable that names a font file to use."""

_WANTED = (
    "notosansmonocjk", "notosanscjk", "sourcehansans", "wqy-zenhei", "wqy-microhei",
    "droidsansfallback", "simhei", "msyh", "simsun", "pingfang", "stheiti", "hiragino sans gb",
    "notoserifcjk", "uming", "ukai",
)  # fmt: skip
"""Beginnings of font file names, the best first."""

_FACES = ("mono cjk sc", "cjk sc", " sc")
"""Names of the face to take out of a collection, the best first."""

_LESS_WANTED = ("bold", "black", "light", "thin", "medium")
_INK_FROM = 100
"""Grey value, of 255, from which a dot is burned."""


class NoFontError(Exception):
    """No font with Chinese characters was found; the text says what to do."""


def _folders() -> list[Path]:
    """Where fonts lie on Linux, macOS and Windows."""
    home = Path.home()
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    shares = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [home / ".local/share/fonts", home / ".fonts"] + [
        Path(share) / "fonts" for share in shares.split(":") if share
    ]


@lru_cache(maxsize=1)
def find_font() -> Path:
    """The best Chinese font file of this computer; NoFontError if there is none."""
    named = os.environ.get(FONT_VARIABLE)
    if named:
        return Path(named)
    found: list[tuple[int, bool, str, Path]] = []
    for folder in _folders():
        for suffix in ("ttc", "ttf", "otf"):
            for path in folder.rglob(f"*.{suffix}"):
                name = path.name.lower()
                for rank, wanted in enumerate(_WANTED):
                    if name.startswith(wanted):
                        heavy = any(word in name for word in _LESS_WANTED)
                        found.append((rank, heavy, str(path), path))
    if not found:
        raise NoFontError(
            "没有找到中文字体，画不出小票：请安装 fonts-noto-cjk 或 fonts-wqy-microhei，"
            f"或用环境变量 {FONT_VARIABLE} 指定字体文件。"
            "No Chinese font found: install fonts-noto-cjk or fonts-wqy-microhei, "
            f"or name a font file in {FONT_VARIABLE}."
        )
    return min(found)[3]


def _face_number(path: Path) -> int:
    """Which face of a collection is the simplified Chinese one, best with half-width letters."""
    names: list[str] = []
    if path.suffix.lower() == ".ttc":
        for number in range(32):
            try:
                face = ImageFont.truetype(str(path), 12, index=number)
            except OSError:
                break
            names.append((face.getname()[0] or "").lower())
    for wanted in _FACES:
        for number, name in enumerate(names):
            if wanted in name:
                return number
    return 0


class Glyphs:
    """Characters as pictures of mode ``L``, 255 where a dot is burned."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or find_font()
        self._face = self._open()
        self._sizes: dict[int, ImageFont.FreeTypeFont] = {}
        self._drawn: dict[tuple[str, str, bool, bool], Image.Image] = {}

    def _open(self) -> int:
        try:
            return _face_number(self.path)
        except OSError as error:
            raise NoFontError(f"字体文件打不开 cannot open font {self.path}: {error}") from error

    def _font(self, size: int) -> ImageFont.FreeTypeFont:
        if size not in self._sizes:
            try:
                self._sizes[size] = ImageFont.truetype(str(self.path), size, index=self._face)
            except OSError as error:
                raise NoFontError(
                    f"字体文件打不开 cannot open font {self.path}: {error}"
                ) from error
        return self._sizes[size]

    def glyph(self, char: str, font: str, double: bool, bold: bool) -> Image.Image:
        """One character in its cell: 12 × 24 (font A), 9 × 17 (B) or 24 × 24 dots."""
        key = (char, font, double, bold)
        if key not in self._drawn:
            cell = (HANZI_SIZE, HANZI_SIZE) if double else FONT_SIZES[font]
            self._drawn[key] = self._draw(char, cell, bold)
        return self._drawn[key]

    def _draw(self, char: str, cell: tuple[int, int], bold: bool) -> Image.Image:
        wide, high = cell
        picture = Image.new("L", cell, 0)
        pen = ImageDraw.Draw(picture)
        if char == BROKEN:
            pen.rectangle((1, 3, wide - 2, high - 4), outline=255)
            pen.line((1, 3, wide - 2, high - 4), fill=255)
            return picture
        size = high * 11 // 12
        face = self._font(size)
        natural = face.getlength(char)
        slot = Image.new("L", (max(wide, int(natural) + 1), high), 0)
        ascent, descent = face.getmetrics()
        base = (high - size) // 2 + round(size * ascent / (ascent + descent))
        left = max(0.0, (wide - natural) / 2)
        ImageDraw.Draw(slot).text((left, base), char, fill=255, font=face, anchor="ls")
        if slot.width > wide:
            slot = slot.resize(cell, Image.Resampling.BOX)
        dots = slot.point([0] * _INK_FROM + [255] * (256 - _INK_FROM))
        picture.paste(dots)
        if bold:
            picture.paste(255, (1, 0), dots.crop((0, 0, wide - 1, high)))
        return picture
