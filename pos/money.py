"""Money as whole fen, quantities as thousandths, rates as basis points.

Every rounding in the product is `half_up` (away from zero at the half, mirrored for negatives),
the rule of Chinese retail and of the tax bureau's amounts. No float ever holds money.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MILLI = 1000
"""Thousandths in one piece or one kilogram."""
FULL_RATE = 10_000
"""Basis points in 100 %."""
MAX_FEN = 10**9
"""No single amount a person enters is larger: 10,000,000.00 yuan."""
MAX_MILLI = 99_999 * MILLI
"""No single line holds more pieces or kilograms than 99,999."""

_AMOUNT = re.compile(r"(\d{1,9})?(?:\.(\d{1,2})?)?", re.ASCII)
_QUANTITY = re.compile(r"(\d{1,6})?(?:\.(\d{1,3})?)?", re.ASCII)


def half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` rounded to a whole number, halves away from zero.

    `denominator` must be positive.
    """
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((-2 * numerator + denominator) // (2 * denominator))


def line_amount(unit_fen: int, milli: int) -> int:
    """Fen for `milli` thousandths of something that costs `unit_fen` a whole one."""
    return half_up(unit_fen * milli, MILLI)


def share_of(fen: int, rate_bp: int) -> int:
    """`rate_bp` basis points of `fen`."""
    return half_up(fen * rate_bp, FULL_RATE)


def tax_within(gross_fen: int, tax_bp: int) -> int:
    """Tax contained in a tax-inclusive amount: gross - half_up(gross / (1 + rate))."""
    return gross_fen - half_up(gross_fen * FULL_RATE, FULL_RATE + tax_bp)


def allocate(fen: int, weights: Sequence[int]) -> list[int]:
    """Split `fen` over `weights` by largest remainder; the parts add up to `fen` exactly.

    Weights count by their size, whatever their sign; a zero weight gets nothing; ties go to the
    earlier line. Raises ValueError when every weight is zero and `fen` is not.
    """
    sizes = [abs(w) for w in weights]
    whole = sum(sizes)
    if whole == 0:
        if fen:
            raise ValueError("nothing to allocate to")
        return [0] * len(sizes)
    sign, amount = (1, fen) if fen >= 0 else (-1, -fen)
    parts = [amount * size // whole for size in sizes]
    left = amount - sum(parts)
    order = sorted(range(len(sizes)), key=lambda i: (-(amount * sizes[i] % whole), i))
    for i in order[:left]:
        parts[i] += 1
    return [sign * part for part in parts]


def parse_fen(text: str) -> int | None:
    """`"12"`, `"12.5"`, `".05"` in yuan to fen; None when it is not an amount."""
    match = _AMOUNT.fullmatch(text)
    if not match or not (match[1] or match[2]):
        return None
    return int(match[1] or 0) * 100 + int((match[2] or "").ljust(2, "0"))


def parse_milli(text: str) -> int | None:
    """`"3"`, `"0.535"` to thousandths; None when it is not a quantity."""
    match = _QUANTITY.fullmatch(text)
    if not match or not (match[1] or match[2]):
        return None
    return int(match[1] or 0) * MILLI + int((match[2] or "").ljust(3, "0"))


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals: `-5` is `"-0.05"`."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def quantity(milli: int) -> str:
    """Thousandths without needless zeros: 3000 is `"3"`, 535 is `"0.535"`."""
    sign = "-" if milli < 0 else ""
    whole, part = divmod(abs(milli), MILLI)
    return f"{sign}{whole}" + (f".{part:03d}".rstrip("0") if part else "")
