"""Code 39, ITF, Codabar and Code 93: GS k 4–6 and 69–72.

Which characters each takes is the ESC/POS reference's; the elements are those of ISO/IEC 16388
(Code 39), ISO/IEC 16390 (ITF), EN 798 (Codabar) and AIM USS-93 (Code 93).
"""

from __future__ import annotations

from pos.simulators.printer.bars.symbol import BadCode, Symbol, table

_CODE39_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*"
_CODE39 = table(
    "000110100 100100001 001100001 101100000 000110001 100110000 001110000 000100101 100100100 "
    "001100100 100001001 001001001 101001000 000011001 100011000 001011000 000001101 100001100 "
    "001001100 000011100 100000011 001000011 101000010 000010011 100010010 001010010 000000111 "
    "100000110 001000110 000010110 110000001 011000001 111000000 010010001 110010000 011010000 "
    "010000101 110000100 011000100 010101000 010100010 010001010 000101010 010010100"
)

_ITF = table("00110 10001 01001 11000 00101 10100 01100 00011 10010 01010")

_CODABAR_CHARS = "0123456789-$:/.+ABCD"
_CODABAR = table(
    "0000011 0000110 0001001 1100000 0010010 1000010 0100001 0100100 0110000 1001000 0001100 "
    "0011000 1000101 1010001 1010100 0010101 0011010 0101001 0001011 0001110"
)

_CODE93_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
_CODE93 = table(
    "131112 111213 111312 111411 121113 121212 121311 111114 131211 141111 211113 211212 211311 "
    "221112 221211 231111 112113 112212 112311 122112 132111 111123 111222 111321 121122 131121 "
    "212112 212211 211122 211221 221121 222111 112122 112221 122121 123111 121131 311112 311211 "
    "321111 112131 113121 211131 121221 312111 311121 122211"
)
_CODE93_EDGE = "111141"
_DOLLAR, _PERCENT, _SLASH, _PLUS = 43, 44, 45, 46


def _two_widths(patterns: list[str]) -> tuple[int, ...]:
    """Characters of wide (1) and narrow (0) elements, a narrow gap between them."""
    joined = "0".join(patterns)
    return tuple(2 if element == "1" else 1 for element in joined)


def code39(data: bytes) -> Symbol:
    """Digits, capitals and ``-. $/+%``; the stars at both ends may be sent or left out."""
    text = data.decode("latin-1")
    inner = text[1:-1] if len(text) > 1 and text[0] == text[-1] == "*" else text
    if not inner or any(char not in _CODE39_CHARS[:-1] for char in inner):
        raise BadCode("not a Code 39 character")
    patterns = [_CODE39[_CODE39_CHARS.index(char)] for char in f"*{inner}*"]
    return Symbol("CODE39", inner.encode(), _two_widths(patterns), f"*{inner}*", two_widths=True)


def itf(data: bytes) -> Symbol:
    """An even number of digits."""
    if not data.isdigit() or len(data) % 2:
        raise BadCode("an even number of digits only")
    text = data.decode("ascii")
    elements = "0000"
    for n in range(0, len(text), 2):
        bars, spaces = _ITF[int(text[n])], _ITF[int(text[n + 1])]
        elements += "".join(bar + space for bar, space in zip(bars, spaces, strict=True))
    elements += "100"
    widths = tuple(2 if element == "1" else 1 for element in elements)
    return Symbol("ITF", data, widths, text, two_widths=True)


def codabar(data: bytes) -> Symbol:
    """A to D at both ends, digits and ``-$:/.+`` between."""
    text = data.decode("latin-1").upper()
    if len(text) < 2 or text[0] not in "ABCD" or text[-1] not in "ABCD":
        raise BadCode("no start and stop character")
    if any(char not in _CODABAR_CHARS[:16] for char in text[1:-1]):
        raise BadCode("not a Codabar character")
    patterns = [_CODABAR[_CODABAR_CHARS.index(char)] for char in text]
    return Symbol("CODABAR", text.encode(), _two_widths(patterns), text, two_widths=True)


def code93(data: bytes) -> Symbol:
    """Any bytes 00–7F; both check characters are added."""
    if not data or max(data) > 0x7F:
        raise BadCode("not a Code 93 character")
    values = [value for byte in data for value in _code93_values(byte)]
    values.append(_weighed(values, 20))
    values.append(_weighed(values, 15))
    widths = _CODE93_EDGE + "".join(_CODE93[value] for value in values) + _CODE93_EDGE + "1"
    shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else " " for byte in data)
    return Symbol("CODE93", data, tuple(map(int, widths)), shown)


def _weighed(values: list[int], heaviest: int) -> int:
    return sum(v * (n % heaviest + 1) for n, v in enumerate(reversed(values))) % 47


def _code93_values(byte: int) -> tuple[int, ...]:
    """One ASCII character as one Code 93 value, or as a shift and a letter."""
    char = chr(byte)
    if char in _CODE93_CHARS:
        return (_CODE93_CHARS.index(char),)
    for shift, first, last, letter in (
        (_PERCENT, 0, 0, "U"), (_DOLLAR, 1, 26, "A"), (_PERCENT, 27, 31, "A"),
        (_SLASH, 33, 44, "A"), (_SLASH, 58, 58, "Z"), (_PERCENT, 59, 63, "F"),
        (_PERCENT, 64, 64, "V"), (_PERCENT, 91, 95, "K"), (_PERCENT, 96, 96, "W"),
        (_PLUS, 97, 122, "A"), (_PERCENT, 123, 127, "P"),
    ):  # fmt: skip
        if first <= byte <= last:
            return shift, _CODE93_CHARS.index(letter) + byte - first
    raise BadCode("not a Code 93 character")
