"""Columns that text takes on paper, which is not what it takes in a terminal.

A receipt printer in hanzi mode gives one column to a byte: ASCII takes one, what GB18030 writes
with two bytes takes two, and so do `—`, `…`, `·` and `①`, which terminals draw in one. What has
four bytes (emoji, rare names) is printed as a wide sign or drawn and is counted as two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

_NO_WIDTH = {"Mn", "Me"}


def paper_width(text: str) -> int:
    """Paper columns of `text` at scale 1; marks that stand on another sign take none."""
    if text.isascii():
        return len(text)
    try:
        # what GBK knows has no combining mark in it and one or two bytes a sign
        return len(text.encode("gbk"))
    except UnicodeEncodeError:
        return sum(map(char_width, text))


@lru_cache(maxsize=8192)
def char_width(char: str) -> int:
    """Paper columns of one sign: 0, 1 or 2; of a sign with its marks, the sign's."""
    if char.isascii():
        return min(1, len(char))
    return sum(0 if unicodedata.category(c) in _NO_WIDTH else 1 + (c > "\x7f") for c in char)


def clusters(text: str) -> Sequence[str]:
    """The signs of `text`, each with the marks that stand on it."""
    if len(text) == paper_width(text) or all(char_width(c) for c in text):
        return text
    starts = [at for at, char in enumerate(text) if not at or char_width(char)]
    return [text[at:end] for at, end in pairwise([*starts, len(text)])]
