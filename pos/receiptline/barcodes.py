"""Barcodes as widths of bars and spaces, in dots.

Sources of the tables: ISO/IEC 15420 (EAN/UPC), 15417 (Code 128), 16388 (Code 39), 16390
(Interleaved 2 of 5), AIM BC3 (Codabar, NW-7) and AIM BC5 (Code 93).
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from pos.receiptline.barcode_tables import (
    CODABAR,
    CODE39,
    CODE93,
    CODE93_ALPHABET,
    CODE93_SHIFTED,
    CODE128,
    EAN_DIGITS,
    EAN_PARITY,
    ITF,
    UPCE_PARITY,
)

MAX_DATA = 100
_START_B, _START_C, _TO_C, _TO_B, _STOP = 104, 105, 99, 100, 106
_GUARD, _MIDDLE, _UPCE_END = (1, 1, 1), (1, 1, 1, 1, 1), (1, 1, 1, 1, 1, 1)


class Bars(msgspec.Struct, frozen=True):
    """Widths in dots (bar, space, bar …, without quiet zones) and the text under them."""

    widths: tuple[int, ...]
    text: str


def bars(symbology: str, data: str, module: int) -> Bars | None:
    """`data` as a barcode with modules of `module` dots; None where the code cannot say it.

    A check digit of EAN and UPC may be left out, and is then put in; a wrong one makes None, since
    a code with another digit is another article's. ITF wants an even number of digits, Codabar
    start and stop letters A to D. Wide elements of the two-width codes are 2.5 modules.
    """
    if not 0 < len(data) <= MAX_DATA or not data.isascii():
        return None
    made = _ENCODERS[symbology](data)
    if made is None:
        return None
    modules, text = made
    wide = module * 5 // 2
    two_widths = symbology in ("code39", "itf", "codabar", "nw7")
    widths = tuple((wide if m > 1 else module) if two_widths else m * module for m in modules)
    return Bars(widths, text)


_Made = tuple[list[int], str] | None


def check_digit(digits: str) -> str:
    """The GS1 check digit of `digits` (GS1 General Specifications §7.9)."""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def _checked(data: str, length: int) -> str:
    """`data` of `length` digits with its check digit, or nothing."""
    if not data.isdigit() or not length - 1 <= len(data) <= length:
        return ""
    whole = data[: length - 1] + check_digit(data[: length - 1])
    return whole if whole.startswith(data) else ""


def _ean(data: str) -> _Made:
    if len(data) <= 8:
        return _ean8(data)
    return _ean13(data)


def _ean8(data: str) -> _Made:
    digits = _checked(data, 8)
    if not digits:
        return None
    modules = [*_GUARD]
    for digit in digits[:4]:
        modules += EAN_DIGITS[int(digit)]
    modules += _MIDDLE
    for digit in digits[4:]:
        modules += EAN_DIGITS[int(digit)]
    return [*modules, *_GUARD], digits


def _ean13(data: str) -> _Made:
    digits = _checked(data, 13)
    if not digits:
        return None
    modules = [*_GUARD]
    for digit, even in zip(digits[1:7], EAN_PARITY[int(digits[0])], strict=True):
        widths = EAN_DIGITS[int(digit)]
        modules += reversed(widths) if even == "E" else widths
    modules += _MIDDLE
    for digit in digits[7:]:
        modules += EAN_DIGITS[int(digit)]
    return [*modules, *_GUARD], digits


def _upc(data: str) -> _Made:
    if len(data) <= 8:
        return _upce(data)
    digits = _checked(data, 12)
    made = _ean13("0" + digits) if digits else None
    return made and (made[0], digits)


def _upce(data: str) -> _Made:
    """UPC-E: `0`, six digits, and the check digit of the UPC-A number that they stand for."""
    if not data.isdigit() or len(data) not in (7, 8) or data[0] != "0":
        return None
    six = data[1:7]
    last = int(six[5])
    if last <= 2:
        long = f"0{six[:2]}{last}0000{six[2:5]}"
    elif last == 3:
        long = f"0{six[:3]}00000{six[3:5]}"
    elif last == 4:
        long = f"0{six[:4]}00000{six[4]}"
    else:
        long = f"0{six[:5]}0000{last}"
    check = check_digit(long)
    if len(data) == 8 and data[7] != check:
        return None
    modules = [*_GUARD]
    for digit, even in zip(six, UPCE_PARITY[int(check)], strict=True):
        widths = EAN_DIGITS[int(digit)]
        modules += reversed(widths) if even == "E" else widths
    return [*modules, *_UPCE_END], data[:7] + check


def _code39(data: str) -> _Made:
    if any(c not in CODE39 or c == "*" for c in data):
        return None
    return _spaced(f"*{data}*", CODE39), f"*{data}*"


def _codabar(data: str) -> _Made:
    upper = data.upper()
    inner = upper[1:-1]
    if len(upper) < 3 or upper[0] not in "ABCD" or upper[-1] not in "ABCD":
        return None
    if any(c not in CODABAR or c in "ABCD" for c in inner):
        return None
    return _spaced(upper, CODABAR), data


def _spaced(data: str, table: dict[str, tuple[int, ...]]) -> list[int]:
    """Signs of a code that puts a narrow space between two."""
    modules: list[int] = []
    for sign in data:
        modules += [*table[sign], 1]
    return modules[:-1]


def _itf(data: str) -> _Made:
    if not data.isdigit() or len(data) % 2:
        return None
    modules = [1, 1, 1, 1]
    for one, other in zip(data[::2], data[1::2], strict=True):
        for bar, space in zip(ITF[int(one)], ITF[int(other)], strict=True):
            modules += [bar, space]
    return [*modules, 2, 1, 1], data


def _code93(data: str) -> _Made:
    values: list[int] = []
    for char in data:
        values += [CODE93_ALPHABET.index(sign) for sign in CODE93_SHIFTED[ord(char)]]
    for limit in (20, 15):
        # the check letters C and K: weights from 1 up to the limit, counted from the right
        total = sum(v * (i % limit + 1) for i, v in enumerate(reversed(values)))
        values.append(total % 47)
    stop = len(CODE93_ALPHABET)
    modules: list[int] = []
    for value in (stop, *values, stop):
        modules += CODE93[value]
    return [*modules, 1], data


def _code128(data: str) -> _Made:
    if any(not " " <= c <= "~" for c in data):
        return None
    values = _code128_values(data)
    total = values[0] + sum(i * v for i, v in enumerate(values))
    modules: list[int] = []
    for value in (*values, total % 103, _STOP):
        modules += CODE128[value]
    return modules, data


def _code128_values(data: str) -> list[int]:
    """Start, data and shifts: set C for runs of digits where that is shorter, else set B."""
    values: list[int] = []
    at, in_c = 0, False
    while at < len(data):
        run = _digits_from(data, at)
        ends = at + run == len(data)
        worth = run >= 4 or (run >= 2 and ends and not values)
        if worth and (run >= 6 or ends or not values):
            if not in_c and run % 2 and values:
                values.append(ord(data[at]) - 32)
                at, run = at + 1, run - 1
            if not in_c:
                values.append(_TO_C if values else _START_C)
            in_c = True
            for pair in range(at, at + run - run % 2, 2):
                values.append(int(data[pair : pair + 2]))
            at += run - run % 2
            continue
        if in_c or not values:
            values.append(_TO_B if in_c else _START_B)
            in_c = False
        step = max(1, run)
        values += [ord(c) - 32 for c in data[at : at + step]]
        at += step
    return values


def _digits_from(data: str, at: int) -> int:
    end = at
    while end < len(data) and data[end].isdigit():
        end += 1
    return end - at


_ENCODERS: dict[str, Callable[[str], _Made]] = {
    "upc": _upc,
    "ean": _ean,
    "jan": _ean,
    "code39": _code39,
    "itf": _itf,
    "codabar": _codabar,
    "nw7": _codabar,
    "code93": _code93,
    "code128": _code128,
}
