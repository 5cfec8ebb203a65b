"""GS k's parameter m → the kind of code."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from pos.simulators.printer.bars.code128 import code128, code128_auto
from pos.simulators.printer.bars.industrial import codabar, code39, code93, itf
from pos.simulators.printer.bars.retail import ean8, ean13, upc_a, upc_e
from pos.simulators.printer.bars.symbol import Symbol

_KINDS: dict[int, Callable[[bytes], Symbol]] = {
    0: upc_a, 1: upc_e, 2: ean13, 3: ean8, 4: code39, 5: itf, 6: codabar,
    65: upc_a, 66: upc_e, 67: ean13, 68: ean8, 69: code39, 70: itf, 71: codabar,
    72: code93, 73: code128, 79: code128_auto,
}  # fmt: skip


@lru_cache(maxsize=256)
def encode(kind: int, data: bytes) -> Symbol | None:
    """The symbol of GS k `kind`, None for a kind this printer lacks; BadCode for bad data."""
    encoder = _KINDS.get(kind)
    return encoder(data) if encoder else None
