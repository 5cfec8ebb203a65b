"""Numbers and element strings of GS1: check digits, GTINs, application identifiers.

Source: GS1 General Specifications, §3 (application identifiers), §7.8 (element strings), §7.9
(check digits), §7.12 (two-digit years).
"""

from __future__ import annotations

import calendar
from datetime import date

import msgspec

from pos.receiptline.barcodes import check_digit
from pos.text import FNC1

_GTIN_LENGTHS = (8, 12, 13, 14)
_MOST_ELEMENTS = 40

# first two digits → length of identifier and data together; these need no separator (§7.8.5)
_FIXED = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18,
    "11": 8, "12": 8, "13": 8, "14": 8, "15": 8, "16": 8, "17": 8, "18": 8, "19": 8, "20": 4,
    "31": 10, "32": 10, "33": 10, "34": 10, "35": 10, "36": 10, "41": 16,
}  # fmt: skip
# first two digits → digits of the identifier itself
_SIZES = {
    **dict.fromkeys(("00", "01", "02", "03", "10", "21", "22", "30", "37"), 2),
    **dict.fromkeys(("11", "12", "13", "15", "16", "17", "20"), 2),
    **dict.fromkeys((str(n) for n in range(90, 100)), 2),
    **dict.fromkeys(("23", "24", "25", "40", "41", "42", "71"), 3),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "82"), 4),
}
_MOST = {"10": 20, "21": 20, "22": 20, "30": 8, "37": 8}
_DATES = ("11", "12", "13", "15", "16", "17")


class Elements(msgspec.Struct, frozen=True):
    """Data by application identifier, in the order they stood."""

    data: dict[str, str]

    @property
    def gtin(self) -> str:
        """The GTIN-14 of (01), else of (02); empty where there is none."""
        return self.data.get("01") or self.data.get("02", "")

    @property
    def weight_milli(self) -> int | None:
        """Net weight in grams, of (310n), kilograms with n decimals; half up."""
        return self._decimal("310", 3)

    @property
    def amount_fen(self) -> int | None:
        """Price of the item in fen, of (392n), or of (393n) in CNY (156); half up."""
        priced = self._decimal("392", 2)
        if priced is not None:
            return priced
        for places in range(10):
            found = self.data.get(f"393{places}", "")
            if found.startswith("156"):
                return _scaled(found[3:], places, 2)
        return None

    @property
    def pieces(self) -> int | None:
        """Count of items, of (30) or (37)."""
        found = self.data.get("30") or self.data.get("37")
        return int(found) if found else None

    def _decimal(self, head: str, places: int) -> int | None:
        for own in range(10):
            found = self.data.get(f"{head}{own}")
            if found is not None:
                return _scaled(found, own, places)
        return None


def is_digits(text: str) -> bool:
    """Whether it is ASCII digits and at least one of them."""
    return text.isascii() and text.isdigit()


def checks(digits: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    return is_digits(digits) and len(digits) > 1 and check_digit(digits[:-1]) == digits[-1]


def gtin(text: str) -> str:
    """A GTIN-8, -12, -13 or -14 as its 14 digits; empty where it is none or checks wrong."""
    return text.zfill(14) if len(text) in _GTIN_LENGTHS and checks(text) else ""


def shortest(gtin14: str) -> str:
    """A GTIN-14 as the barcode on the article says it: 14, 13 or 8 digits."""
    if gtin14.startswith("000000"):
        return gtin14[6:]
    return gtin14[1:] if gtin14.startswith("0") else gtin14


def elements(text: str) -> Elements | None:
    """The element string of a GS1-128, GS1 DataMatrix or GS1 QR code; None where it is none.

    `text` is without its AIM id; FNC1 is 0x1D. A wrong check digit of (00), (01) or (02), a date
    that is none, an identifier unknown, twice or cut short make it none.
    """
    rest = text.removeprefix(FNC1)
    if not rest.isascii():
        return None
    found: dict[str, str] = {}
    while rest:
        head = rest[:2]
        size = _SIZES.get(head)
        if size is None or not is_digits(rest[:size]) or len(found) >= _MOST_ELEMENTS:
            return None
        ai = rest[:size]
        if head in _FIXED:
            length = _FIXED[head]
            data, rest = rest[size:length], rest[length:].removeprefix(FNC1)
            if len(data) != length - size or not is_digits(data):
                return None
        else:
            data, _, rest = rest[size:].partition(FNC1)
            if not _variable(ai, data):
                return None
        if ai in found or not _plausible(ai, data):
            return None
        found[ai] = data
    return Elements(found) if found else None


def _variable(ai: str, data: str) -> bool:
    if not data or not data.isprintable() or len(data) > _MOST.get(ai, 90):
        return False
    if ai in ("30", "37") or ai[:3] in ("390", "391", "392", "393", "394"):
        return is_digits(data) and (not ai.startswith("393") or len(data) > 3)
    return True


def _plausible(ai: str, data: str) -> bool:
    if ai in ("00", "01", "02"):
        return checks(data)
    if ai in _DATES:
        return date_of(data, date(2000, 1, 1)) is not None
    return True


def date_of(yymmdd: str, today: date) -> date | None:
    """A date of an element string; day 00 is the month's last. None where it is no date.

    The year is the one that lies between 49 years back and 50 ahead of `today` (§7.12).
    """
    if len(yymmdd) != 6 or not is_digits(yymmdd):
        return None
    year, month, day = int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:])
    gap = year - today.year % 100
    century = today.year // 100 + (gap <= -50) - (gap >= 51)
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(century * 100 + year, month)[1]
    return date(century * 100 + year, month, day or last) if day <= last else None


def _scaled(digits: str, own: int, wanted: int) -> int:
    """An integer with `own` decimals as one with `wanted` decimals; half up."""
    value = int(digits)
    if own <= wanted:
        return int(value * 10 ** (wanted - own))
    step = 10 ** (own - wanted)
    return int((value + step // 2) // step)
