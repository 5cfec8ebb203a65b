"""Text → the bytes of a printer in hanzi mode, one column to a byte.

Each sign goes out as at most two bytes of GB18030 (GBK, Big5): the four-byte codes of GB18030 and
single-byte code pages are what Chinese printers print as something else. What has no such code is
replaced by a sign of the same width, and the caller is told. No byte below 0x20 and no 0x7F can
come out of a text, whatever is in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Literal

import msgspec

from pos.receiptline.width import char_width

Charset = Literal["gb18030", "gbk", "big5"]

MISSING_WIDE, MISSING_NARROW = "〓", "?"
_FULL_WIDTH = 0xFF01 - 0x21
_TABLE: Mapping[str, str] = {
    "¥": "￥",  # four bytes in GB18030, and the sign every receipt has
    "•": "·",
    "\u2027": "·",
    "\u30fb": "·",
    "\u2212": "－",
    "\u301c": "～",
    "\u00a0": " ",
}
# the same sign under another number; telling anybody would be noise
_SILENT = frozenset("¥￥•\u00a0\u2212\u2027\u30fb\u301c")


class Encoded(msgspec.Struct, frozen=True):
    """Bytes for the printer, and the signs that were replaced, in order, once each."""

    data: bytes
    replaced: str = ""


def encode(text: str, charset: Charset = "gb18030") -> Encoded:
    """`text` at one byte a column: `len(data) == paper_width(text)`, always.

    Control characters become `?`; marks that stand on another sign are left out.
    """
    if text.isascii() and text.isprintable():
        return Encoded(text.encode("ascii"))
    if charset != "big5" and text.isprintable():
        with suppress(UnicodeEncodeError):
            # Python's GBK knows no sign of four bytes and no private one
            return Encoded(text.encode("gbk"))
    parts = [_sign(char, charset) for char in text]
    data = b"".join(part[0] for part in parts)
    if all(part[1] for part in parts):
        return Encoded(data)
    lost = dict.fromkeys(c for c, part in zip(text, parts, strict=True) if not part[1])
    return Encoded(data, "".join(lost))


def printable(text: str, charset: Charset = "gb18030") -> bool:
    """Whether every sign of `text` is one the printer has."""
    return not encode(text, charset).replaced


@lru_cache(maxsize=16_384)
def _sign(char: str, charset: Charset) -> tuple[bytes, bool]:
    """The bytes of one sign, and whether they say what it says."""
    if " " <= char <= "~":
        return char.encode("ascii"), True
    width = char_width(char)
    if not width:
        return b"", False
    for other in (_TABLE.get(char, char), _plain(char)):
        code = _code(other, charset)
        if len(code) < width:
            code += b" " * (width - len(code))
        if code.strip() and len(code) == width:
            return code, other == char or char in _SILENT
    if char == "\u00a0":
        return b"  ", True
    missing = _code(MISSING_WIDE, charset) or _code("？", charset)
    return (missing if width == 2 else MISSING_NARROW.encode()), False


def _code(char: str, charset: Charset) -> bytes:
    """One or two bytes, or none: for other lengths, controls and private signs."""
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return b""
    try:
        code = char.encode(charset)
    except UnicodeEncodeError:
        return b""
    if len(code) == 1:
        return code if " " <= char <= "~" else b""
    return code if len(code) == 2 and code[0] >= 0x81 and 0x40 <= code[1] != 0x7F else b""


def _plain(char: str) -> str:
    """The full-width form of the letter below an accent, for letters the printer has not."""
    base = unicodedata.normalize("NFKD", char)[:1]
    if "!" <= base <= "~" and base != char:
        return chr(ord(base) + _FULL_WIDTH)
    return base or MISSING_WIDE
