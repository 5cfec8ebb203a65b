"""Which character a byte, or a pair of bytes, prints.

Rules: ESC t (code pages), ESC R (national characters) and FS & (two-byte mode) of Epson's
published ESC/POS command reference; the two-byte codes are GB 18030, whose two-byte part
contains GBK and GB 2312.
"""

from __future__ import annotations

import codecs
from functools import lru_cache

BROKEN = "\ufffd"
"""Stands in the grid where a printer would print something nobody can foretell."""

CODE_PAGES = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737",
    15: "iso8859-7", 16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 32: "cp720",
    33: "cp775", 34: "cp855", 35: "cp861", 36: "cp862", 37: "cp864", 38: "cp869",
    39: "iso8859-2", 40: "iso8859-15", 45: "cp1250", 46: "cp1251", 47: "cp1253", 48: "cp1254",
    49: "cp1255", 50: "cp1256", 51: "cp1257", 52: "cp1258", 53: "kz1048",
}  # fmt: skip
"""ESC t n → the codec of bytes 80–FF. Page 1 is Katakana and has no codec of its own."""

_REPLACED = "#$@[\\]^`{|}~"
_COUNTRIES = {
    0: _REPLACED,
    1: "#$à°ç§^`éùè¨",
    2: "#$§ÄÖÜ^`äöüß",
    3: "£$@[\\]^`{|}~",
    4: "#$@ÆØÅ^`æøå~",
    5: "#¤ÉÄÖÅÜéäöåü",
    6: "#$@°\\é^ùàòèì",
    7: "₧$@¡Ñ¿^`¨ñ}~",
    8: "#$@[¥]^`{|}~",
    9: "#¤ÉÆØÅÜéæøåü",
    10: "#$ÉÆØÅÜéæøåü",
    11: "#$á¡Ñ¿é`íñóú",
    12: "#$á¡Ñ¿éüíñóú",
    13: "#$@[₩]^`{|}~",
    14: "#$ŽŠĐĆČžšđćč",
    15: "#¥@[\\]^`{|}~",
    16: "#₫@[\\]^`{|}~",
}


def country_known(number: int) -> bool:
    """Whether ESC R knows this set of national characters."""
    return number in _COUNTRIES


def page_known(number: int) -> bool:
    """Whether ESC t knows this code page."""
    return number == 1 or number in CODE_PAGES


@lru_cache(maxsize=64)
def single_byte_table(page: int, country: int) -> str:
    """The 256 characters of one-byte mode; BROKEN where the page has none."""
    table = [chr(byte) for byte in range(0x80)]
    for standard, national in zip(_REPLACED, _COUNTRIES.get(country, _REPLACED), strict=True):
        table[ord(standard)] = national
    for byte in range(0x80, 0x100):
        table.append(_upper(page, byte))
    return "".join(table)


def _upper(page: int, byte: int) -> str:
    if page == 1:
        return chr(0xFF61 + byte - 0xA1) if 0xA1 <= byte <= 0xDF else BROKEN
    char = bytes([byte]).decode(CODE_PAGES.get(page, "cp437"), "replace")
    return char if char >= "\xa0" else BROKEN


def _broken(error: UnicodeError) -> tuple[str, int]:
    """Each two-byte code without a character gives one BROKEN, and both its bytes are used."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return BROKEN, error.start + 2


codecs.register_error("simulator-two-byte", _broken)


def two_byte_text(raw: bytes, charset: str) -> str:
    """Whole two-byte codes → characters, BROKEN for each that the font lacks.

    A code in the private-use area is in no font: U+E000–F8FF count as lacking.
    """
    text = raw.decode(charset, "simulator-two-byte")
    if any("\ue000" <= char <= "\uf8ff" for char in text):
        text = "".join(BROKEN if "\ue000" <= char <= "\uf8ff" else char for char in text)
    return text


def four_byte_char(raw: bytes) -> str:
    """One four-byte GB 18030 code → its character, or BROKEN."""
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return BROKEN
