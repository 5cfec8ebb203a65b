"""QR codes: how large one will be, and its cells. `qrcode` is loaded when the first is wanted."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from pos.receiptline.nodes import Level

MAX_BYTES = 2953
"""What the largest QR code holds (ISO/IEC 18004 table 7: version 40, level L)."""

# the library's numbers for the levels, in the order of its table of sizes
_LEVELS: dict[Level, int] = {"l": 1, "m": 0, "q": 3, "h": 2}


def side(data: str, level: Level) -> int:
    """Modules along one side, without the quiet zone; 0 where no QR code can hold `data`."""
    size = len(data.encode())
    if not 0 < size <= MAX_BYTES:
        return 0
    limits = _limits(_LEVELS[level])
    # mode and length before the bytes: 12 bits up to version 9, then 20
    version = bisect_left(limits, 12 + 8 * size, 0, 9) + 1
    if version > 9:
        version = bisect_left(limits, 20 + 8 * size, 9) + 1
    return 17 + 4 * version if version <= 40 else 0


@lru_cache(maxsize=4)
def _limits(level: int) -> list[int]:
    from qrcode import base  # type: ignore[import-untyped]  # it has no types

    return [
        8 * sum(block.data_count for block in base.rs_blocks(version, level))
        for version in range(1, 41)
    ]


@lru_cache(maxsize=64)
def matrix(data: str, level: Level) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules, dark ones True, without the quiet zone. `side` must have allowed it."""
    from qrcode.main import QRCode  # type: ignore[import-untyped]  # it has no types
    from qrcode.util import (  # type: ignore[import-untyped]  # it has no types
        MODE_8BIT_BYTE,
        QRData,
    )

    code = QRCode(error_correction=_LEVELS[level], border=0)
    code.add_data(QRData(data.encode(), MODE_8BIT_BYTE, check_data=False), optimize=0)
    code.make(fit=True)
    return tuple(tuple(bool(cell) for cell in row) for row in code.modules)
