"""Dots for the printer: `GS v 0`, in bands.

A band stays below 8 kB, so that a flush of 8 kB ends any that was broken off, and a picture's
last band never has a multiple of 48 rows, after which the POS-5890K prints rubbish.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

BAND_ROWS = 100
_BAND_BYTES = 8000
_BAD_ROWS = 48


class Bitmap(msgspec.Struct, frozen=True):
    """Rows of dots, `row_bytes` bytes a row, the highest bit leftmost, 1 is black."""

    row_bytes: int
    data: bytes

    @property
    def height(self) -> int:
        """Rows."""
        return len(self.data) // self.row_bytes


def raster(bitmap: Bitmap) -> bytes:
    """The commands that print a bitmap."""
    width = bitmap.row_bytes
    rows = max(1, min(BAND_ROWS, _BAND_BYTES // width))
    data = bitmap.data
    if bitmap.height % rows % _BAD_ROWS == 0 and bitmap.height % rows:
        data += bytes(width)
    parts = []
    for start in range(0, len(data), rows * width):
        band = data[start : start + rows * width]
        height = len(band) // width
        parts.append(b"\x1dv0\x00" + width.to_bytes(2, "little") + height.to_bytes(2, "little"))
        parts.append(band)
    return b"".join(parts)


def bars_bitmap(left: int, widths: Sequence[int], height: int) -> Bitmap:
    """A barcode: `widths` are dots of bar, space, bar …, `left` dots stay white before it."""
    bits = "0" * left + "".join(("1", "0")[at % 2] * width for at, width in enumerate(widths))
    row = _packed(bits)
    return Bitmap(len(row), row * height)


def cells_bitmap(left: int, rows: Iterable[Sequence[bool]], cell: int) -> Bitmap:
    """A QR code with cells of `cell` dots."""
    white, black = "0" * cell, "1" * cell
    data = []
    size = 0
    for cells in rows:
        row = _packed("0" * left + "".join(black if dark else white for dark in cells))
        size = len(row)
        data.append(row * cell)
    return Bitmap(size, b"".join(data))


def _packed(bits: str) -> bytes:
    size = (len(bits) + 7) // 8
    return int(bits.ljust(size * 8, "0"), 2).to_bytes(size, "big")
