"""What a scanner types: Linux key codes → characters, US layout, as scanners are delivered.

Source: linux/input-event-codes.h; the US layout. Scanners set to type through Alt and the
keypad, and Ctrl+] for FNC1, are understood too.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pos.text import FNC1

EVENT = struct.Struct("llHHi")
"""`struct input_event`: seconds, microseconds, type, code, value."""

_SYN, _KEY, _DROPPED = 0, 1, 3
_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (55, "*", "*"),
    (57, " ", " "),
    (71, "789-456+1230.", "789-456+1230."),
    (98, "/", "/"),
)
PLAIN = {first + n: char for first, plain, _ in _ROWS for n, char in enumerate(plain)}
SHIFTED = {first + n: char for first, _, shifted in _ROWS for n, char in enumerate(shifted)}
ENDS = {28: "enter", 96: "enter", 15: "tab"}
_SHIFT, _CTRL, _ALT, _CAPS = (42, 54), (29, 97), (56, 100), 58
_KEYPAD = range(71, 83)
_BRACKET = 27
_PRESSED, _REPEATED = 1, 2


class Lost(Exception):  # noqa: N818 - the kernel's word for it
    """The kernel had to drop events: what is held is not the whole code."""


class Keyboard:
    """Keys that are down, and what comes of them."""

    def __init__(self) -> None:
        self._down: set[int] = set()
        self._caps = False
        self._alt_digits = ""

    def feed(self, events: bytes) -> Iterator[str]:
        """Characters typed by whole `input_event`s; the ends as the words `enter` and `tab`."""
        for _, _, kind, code, value in EVENT.iter_unpack(events):
            if kind == _SYN and code == _DROPPED:
                self._down.clear()
                self._alt_digits = ""
                raise Lost
            if kind == _KEY:
                said = self._key(code, value)
                if said:
                    yield said

    def _key(self, code: int, value: int) -> str:
        if value == _REPEATED:
            return ""
        if value != _PRESSED:
            self._down.discard(code)
            return self._alt_typed() if code in _ALT else ""
        if code in _SHIFT or code in _CTRL or code in _ALT:
            self._down.add(code)
            return ""
        if code == _CAPS:
            self._caps = not self._caps
            return ""
        if self._down.intersection(_ALT) and code in _KEYPAD and PLAIN[code].isdigit():
            self._alt_digits += PLAIN[code]
            return ""
        if self._down.intersection(_CTRL):
            return FNC1 if code == _BRACKET else ""
        if code in ENDS:
            return ENDS[code]
        shift = bool(self._down.intersection(_SHIFT))
        plain = PLAIN.get(code, "")
        if self._caps and plain.isalpha():
            shift = not shift
        return SHIFTED.get(code, "") if shift else plain

    def _alt_typed(self) -> str:
        digits, self._alt_digits = self._alt_digits, ""
        number = int(digits) if digits else 0
        return chr(number) if number == ord(FNC1) or 32 <= number <= 126 else ""
