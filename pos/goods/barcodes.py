"""Barcodes of the GS1 system: check digits, kinds and one normal form for each number.

Source: GS1 General Specifications, section 7.9 (check digit), 2.1 (GTIN in its four lengths) and
the list of GS1 prefixes. Pure and light: a running till may load this module.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["ean8", "upca", "ean13", "itf14"]

_KINDS: dict[int, Kind] = {8: "ean8", 12: "upca", 13: "ean13", 14: "itf14"}
LENGTHS = frozenset(_KINDS)
"""How many digits a GTIN has."""
_ZERO = ord("0")


def check_digit(digits: str) -> int:
    """The check digit that follows `digits`, a GTIN without its last digit.

    Weights alternate 3, 1, 3 … from the right. ValueError where something else than 0 to 9 stands.
    """
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(digits)
    heavy, light = digits[::-2].encode(), digits[-2::-2].encode()
    total = 3 * (sum(heavy) - _ZERO * len(heavy)) + sum(light) - _ZERO * len(light)
    return -total % 10


def is_gtin(code: str) -> bool:
    """Whether `code` is 8, 12, 13 or 14 digits, the last of which is right."""
    return kind(code) is not None


def kind(code: str) -> Kind | None:
    """Which symbol carries this GTIN by its length; None where it is no GTIN."""
    size = len(code)
    if size not in _KINDS or not (code.isascii() and code.isdigit()):
        return None
    return _KINDS[size] if adds_up(code) else None


def adds_up(digits: str) -> bool:
    """Whether the last of `digits` (0 to 9 alone, not empty) is the check digit of the others.

    It makes the weighted sum of all of them, itself included, a multiple of ten.
    """
    data = digits.encode()
    size = len(data)
    zeros = _ZERO * ((size + 1) // 2 + size // 2 * 3)
    return not (sum(data[::-2]) + 3 * sum(data[-2::-2]) - zeros) % 10


def is_in_store(code: str) -> bool:
    """Whether a GTIN lies in a range that GS1 leaves to shops: 02, 04, 2 in 13 digits, 0, 2 in 8.

    Such a number means something in one shop only, often a weight or a price.
    """
    found = kind(code)
    if found == "ean8":
        return code[0] in "02"
    if found == "upca":
        return code[0] in "24"
    return found == "ean13" and (code[0] == "2" or code[:2] in ("02", "04"))


def normal(code: str) -> str:
    """The shortest form of a GTIN: zeros that only fill up a longer form are dropped.

    A GTIN-13 in 14 digits comes back as 13, a UPC-A as 12, an EAN-8 as 8: what a scanner sends.
    Anything else comes back as it is.
    """
    if kind(code) is None or code[0] != "0" or len(code) == 8:
        return code
    full = code.zfill(14)
    if not full.strip("0"):
        return code
    if full.startswith("000000"):
        return full[6:]
    return full[2:] if full.startswith("00") else full[1:]
