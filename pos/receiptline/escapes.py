"""Backslash escapes, and the signs that never reach paper.

While a line is taken apart an escaped sign is held as a private-use sign, which the line cannot
have of its own, so that `\\|` is no column's edge and `\\-` no rule.
"""

from __future__ import annotations

import re
import unicodedata

_ESCAPED = 0xF0000
_HEX = 0xF1000
_FOR_TEXT = frozenset('\\|{}-=~_"`^')
_FOR_VALUES = frozenset("\\|{};")
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|x[^|{}\\ \t]{0,2}|.|$)")
_IS_HEX = re.compile("x[0-9A-Fa-f]{2}")
_HELD = re.compile(f"[{chr(_ESCAPED)}-{chr(_HEX + 0xFFF)}]")
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
WIDE_SPACE = "\u3000"


def printable(line: str) -> str:
    """`line` without control, format, private and unassigned signs; tabs stay for trimming.

    Spaces of other widths than the wide one become the plain one: printers have no others.
    """
    if line.isprintable():
        return line
    kept = (c for c in line if c == "\t" or unicodedata.category(c) not in _DROPPED)
    return "".join(" " if unicodedata.category(c) == "Zs" and c != WIDE_SPACE else c for c in kept)


def held(line: str) -> str:
    """`line` with each escaped sign held aside; `\\n` is a line feed, an escape of no sign goes."""
    if "\\" not in line:
        return line
    return _ESCAPE.sub(_hold, line)


def _hold(found: re.Match[str]) -> str:
    written: str = found[1]
    if _IS_HEX.fullmatch(written):
        code = int(written[1:], 16)
        return chr(_HEX + code) if printable(chr(code)).strip("\t") else ""
    if written == "n":
        return chr(_ESCAPED + 10)
    if written in _FOR_TEXT or written in _FOR_VALUES:
        return chr(_ESCAPED + ord(written)) if written else ""
    return ""


def text(part: str) -> str:
    """Held signs of a column given back; composed, as fonts have accented letters as one."""
    return _released(part, _FOR_TEXT)


def value_text(part: str) -> str:
    """Held signs of a property given back."""
    return _released(part, _FOR_VALUES)


def _released(part: str, taken: frozenset[str]) -> str:
    if part.isascii():
        return part.replace("\t", "") if "\t" in part else part

    def release(found: re.Match[str]) -> str:
        code = ord(found[0])
        if code >= _HEX:
            return printable(chr(code - _HEX))
        sign = chr(code - _ESCAPED)
        return sign if sign in taken or sign == "\n" else ""

    return unicodedata.normalize("NFC", _HELD.sub(release, part).replace("\t", ""))
