"""Text from outside made harmless, and its width in terminal cells.

`clean()` stands at every door: scanner, files, configuration, networks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
FNC1 = "\x1d"
"""GS1's field separator: the one control character a barcode may carry."""
_ELLIPSIS = "…"
_RUNS = re.compile(r"\s*'*[=+\-@＝＋－＠]")
_NO_WIDTH = {"Mn", "Me"}
_DIGITS = re.compile(r"\d{6,}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PHONE_DIGITS = 11
_KEPT_DIGITS = 4


def clean(text: str, limit: int = 200) -> str:
    """`text` in NFC without control, format, surrogate, private or unassigned characters.

    At most `limit` characters stay; runs of white space become one space.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()[:limit].rstrip()
    spaced = (" " if c in "\t\r\n\u00a0\u3000" else c for c in text[: limit * 4])
    # dropped before NFC: what stood between a letter and its accent may be what is dropped
    kept = "".join(c for c in spaced if unicodedata.category(c) not in _DROPPED)
    return " ".join(unicodedata.normalize("NFC", kept).split())[:limit].rstrip()


def harmless(text: str, keep: str = "\n") -> str:
    """`text` without the signs `clean` drops, but those in `keep`; nothing else is changed."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in text if c in keep or unicodedata.category(c) not in _DROPPED)


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet runs: an apostrophe before a formula.

    OWASP, "CSV Injection"; full-width signs begin one too where Chinese is typed.
    """
    return "'" + text if _RUNS.match(text) else text


def masked(text: str) -> str:
    """`text` without mail addresses and runs of six or more digits; a phone keeps its last four.

    A shorter run may be a PIN: nothing of it is kept. For what is written down about a failure.
    """
    return _DIGITS.sub(_last_of_a_phone, _MAIL.sub("*@*", text))


def _last_of_a_phone(found: re.Match[str]) -> str:
    return "*" + (found[0][-_KEPT_DIGITS:] if len(found[0]) >= _PHONE_DIGITS else "")


def clean_code(text: str, limit: int = 64) -> str:
    """A scanned or typed code: full-width forms narrowed, FNC1 kept, other controls dropped."""
    kept = "".join(c for c in text if c == FNC1 or unicodedata.category(c) not in _DROPPED)
    narrow = kept if kept.isascii() else unicodedata.normalize("NFKC", kept)
    # strip() without " " would take FNC1 for white space
    return narrow.strip(" ")[:limit].rstrip(" ")


def cells(text: str) -> int:
    """Columns `text` takes in a terminal: Han and full-width signs take two."""
    if text.isascii():
        return len(text)
    return sum(_cell(c) for c in text)


@lru_cache(maxsize=8192)
def _cell(char: str) -> int:
    if unicodedata.category(char) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fit(text: str, width: int, align: str = "<") -> str:
    """`text` cut or padded to exactly `width` cells; `align` is `<`, `>` or `^`."""
    size = cells(text)
    if size > width:
        text = cut(text, width)
        size = cells(text)
    gap = width - size
    if align == ">":
        return " " * gap + text
    if align == "^":
        return " " * (gap // 2) + text + " " * (gap - gap // 2)
    return text + " " * gap


def cut(text: str, width: int) -> str:
    """The head of `text` in at most `width` cells, with an ellipsis where something is missing."""
    if cells(text) <= width:
        return text
    out, used = [], 0
    for char in text:
        step = _cell(char)
        if used + step > width - 1:
            break
        out.append(char)
        used += step
    return "".join(out) + (_ELLIPSIS if width > 0 else "")


def wrap(text: str, width: int) -> list[str]:
    """`text` broken into lines of at most `width` cells, between any two characters."""
    lines, line, used = [], "", 0
    for char in text:
        step = _cell(char)
        if line and used + step > width:
            lines.append(line)
            line, used = "", 0
        line += char
        used += step
    return [*lines, line]
