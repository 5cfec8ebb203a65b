"""UPC-A, UPC-E, EAN-13 and EAN-8: GS k 0–3 and 65–68.

Data lengths are those of the ESC/POS reference; the elements are those of the GS1 General
Specifications, section 5.2 (EAN/UPC symbology).
"""

from __future__ import annotations

from pos.simulators.printer.bars.symbol import BadCode, Symbol

_LEFT = ("3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112")
_PARITY_13 = (
    "LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG",
    "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL",
)  # fmt: skip
_PARITY_E = (
    "GGGLLL", "GGLGLL", "GGLLGL", "GGLLLG", "GLGGLL",
    "GLLGGL", "GLLLGG", "GLGLGL", "GLGLLG", "GLLGLG",
)  # fmt: skip


def check_digit(body: str) -> str:
    """The check digit behind `body`: weights 3 and 1 from the right."""
    total = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(reversed(body)))
    return str(-total % 10)


def _digits(data: bytes, *lengths: int) -> str:
    if not data.isdigit():
        raise BadCode("digits only")
    if len(data) not in lengths:
        raise BadCode(f"{len(data)} digits")
    return data.decode("ascii")


def _whole(digits: str, length: int) -> tuple[str, bool]:
    """The number with its check digit, and whether the one that was sent is wrong."""
    right = check_digit(digits[: length - 1])
    if len(digits) < length:
        return digits + right, False
    return digits, digits[-1] != right


def _half(digits: str, parity: str) -> str:
    return "".join(
        _LEFT[int(d)][::-1] if p == "G" else _LEFT[int(d)]
        for d, p in zip(digits, parity, strict=True)
    )


def _two_halves(left: str, parity: str, right: str) -> tuple[int, ...]:
    widths = "111" + _half(left, parity) + "11111" + _half(right, "L" * len(right)) + "111"
    return tuple(map(int, widths))


def ean13(data: bytes) -> Symbol:
    """12 or 13 digits; a missing check digit is added."""
    number, wrong = _whole(_digits(data, 12, 13), 13)
    elements = _two_halves(number[1:7], _PARITY_13[int(number[0])], number[7:])
    return Symbol("EAN13", number.encode(), elements, number, wrong_check_digit=wrong)


def ean8(data: bytes) -> Symbol:
    """7 or 8 digits; a missing check digit is added."""
    number, wrong = _whole(_digits(data, 7, 8), 8)
    elements = _two_halves(number[:4], "LLLL", number[4:])
    return Symbol("EAN8", number.encode(), elements, number, wrong_check_digit=wrong)


def upc_a(data: bytes) -> Symbol:
    """11 or 12 digits; a missing check digit is added."""
    number, wrong = _whole(_digits(data, 11, 12), 12)
    elements = _two_halves(number[:6], "LLLLLL", number[6:])
    return Symbol("UPC-A", number.encode(), elements, number, wrong_check_digit=wrong)


def upc_e(data: bytes) -> Symbol:
    """6 to 8 short digits, or the 11 or 12 of a UPC-A number that can be shortened."""
    digits = _digits(data, 6, 7, 8, 11, 12)
    if len(digits) >= 11:
        if digits[0] != "0":
            raise BadCode("number system is not 0")
        short, full = _shorten(digits[1:11]), digits
    else:
        if len(digits) > 6 and digits[0] != "0":
            raise BadCode("number system is not 0")
        short = digits if len(digits) == 6 else digits[1:7]
        full = "0" + _lengthen(short) + digits[7:]
    number, wrong = _whole(full, 12)
    widths = "111" + _half(short, _PARITY_E[int(number[-1])]) + "111111"
    shown = "0" + short + number[-1]
    return Symbol("UPC-E", shown.encode(), tuple(map(int, widths)), shown, wrong_check_digit=wrong)


def _shorten(ten: str) -> str:
    """Maker and article of 5 digits each → the six digits of UPC-E."""
    maker, article = ten[:5], ten[5:]
    if maker[2] in "012" and maker[3:] == "00" and article[:2] == "00":
        return maker[:2] + article[2:] + maker[2]
    if maker[3:] == "00" and article[:3] == "000":
        return maker[:3] + article[3:] + "3"
    if maker[4] == "0" and article[:4] == "0000":
        return maker[:4] + article[4] + "4"
    if article[:4] == "0000" and article[4] in "56789":
        return maker + article[4]
    raise BadCode("cannot be shortened")


def _lengthen(six: str) -> str:
    """The six digits of UPC-E → maker and article of 5 digits each."""
    last = six[5]
    if last in "012":
        return f"{six[:2]}{last}0000{six[2:5]}"
    if last == "3":
        return f"{six[:3]}00000{six[3:5]}"
    if last == "4":
        return f"{six[:4]}00000{six[4]}"
    return f"{six[:5]}0000{last}"
