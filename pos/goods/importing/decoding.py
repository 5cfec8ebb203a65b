"""Which encoding a text file is in, found by reading all of it once in pieces.

Shops' files are UTF-8 with or without a byte order mark, UTF-16 as Excel's "Unicode text" writes
it, or GB18030 (GBK, GB2312). A damaged character becomes U+FFFD, whose row is refused later; a
file that is damaged all over is no text.
"""

from __future__ import annotations

import codecs
from pathlib import Path

import msgspec

from pos.refusal import Refused

_CHUNK = 1 << 20
_LONGEST_LINE = 200_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TAKEN = {
    "utf-8": "utf-8-sig",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "big5": "big5",
}
"""Encodings that a person may force, by Python's names, and what they are read as."""
_CONTROLS = [chr(n) for n in (*range(1, 0x20), 0x7F) if chr(n) not in "\t\n\r"]


class Encoding(msgspec.Struct, frozen=True):
    """`name` is Python's; `lines` counts line ends; `damaged` characters could not be read."""

    name: str
    lines: int
    damaged: int


class _Measure:
    """What a file looks like when it is read in one encoding."""

    def __init__(self, path: Path, name: str, errors: str = "replace") -> None:
        self.name = name
        self.characters = self.damaged = self.foreign = self.odd = self.lines = 0
        decoder = codecs.getincrementaldecoder(name)(errors)
        with path.open("rb") as file:
            while data := file.read(_CHUNK):
                self._count(decoder.decode(data), path)
        self._count(decoder.decode(b"", True), path, whole=False)

    def _count(self, text: str, path: Path, *, whole: bool = True) -> None:
        breaks = text.count("\n") or text.count("\r")
        if whole and not breaks and len(text) > _LONGEST_LINE:
            raise Refused("line_too_long", path=path.name, line=self.lines + 1)
        self.lines += breaks
        self.characters += len(text)
        self.damaged += text.count("\ufffd")
        self.odd += sum(map(text.count, _CONTROLS))
        if self.damaged:
            self.foreign += len(text) - len(text.encode("ascii", "ignore"))

    @property
    def is_text(self) -> bool:
        """Whether a person could have written this: hardly any control or broken characters."""
        few = self.characters // 20 + 4
        return self.odd <= few and self.damaged <= few


def encoding_of(path: Path, forced: str) -> Encoding:
    """The encoding of a file, or the `forced` one.

    Refused: encoding_unknown, line_too_long, file_binary. OSError comes through.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if forced:
        return _result(_Measure(path, _forced(forced, head)), path)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _result(_Measure(path, name), path)
    if wide := _unmarked_utf16(head):
        return _result(_Measure(path, wide), path)
    try:
        return _result(_Measure(path, "utf-8", "strict"), path)
    except UnicodeDecodeError:
        found = _Measure(path, "utf-8")
    # GBK read as UTF-8 is damaged nearly everywhere, a cut or patched UTF-8 file here and there
    if found.damaged * 4 > found.foreign - found.damaged:
        other = _Measure(path, "gb18030")
        if other.damaged < found.damaged:
            found = other
    return _result(found, path)


def _result(found: _Measure, path: Path) -> Encoding:
    if not found.is_text:
        raise Refused("file_binary", path=path.name)
    return Encoding(found.name, found.lines, found.damaged)


def _forced(name: str, head: bytes) -> str:
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        known = ""
    if known not in _TAKEN:
        listed = ", ".join(sorted(_TAKEN))
        raise Refused("encoding_unknown", encoding=name[:40], known=listed)
    if known == "utf-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _unmarked_utf16(head) or "utf-16-le"
    return _TAKEN[known]


def _unmarked_utf16(head: bytes) -> str:
    """UTF-16 without a mark: separators and digits have a zero byte on one side always."""
    pairs = len(head) // 2
    low, high = head[1::2].count(0), head[0::2].count(0)
    if low > pairs // 5 and high <= pairs // 50:
        return "utf-16-le"
    if high > pairs // 5 and low <= pairs // 50:
        return "utf-16-be"
    return ""
