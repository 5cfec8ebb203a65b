"""How long a command is, and what it does: the form of every entry in the command tables.

A length rule looks at the bytes received so far and tells how many the command has, or that it
cannot tell yet. Only when all of them are there is the command carried out, so the cuts of the
stream never show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pos.simulators.printer.interpreter import Interpreter

MORE = 0
"""Answer of a length rule: cannot tell before more bytes have come."""

Length = Callable[[bytearray, int], int]
"""Bytes received and place of the command's first byte → bytes of the command, or MORE."""

Action = Callable[["Interpreter", bytes], None]
"""Carries out a command; gets what follows its two-byte name."""


class Command(msgspec.Struct, frozen=True):
    """One command. `data_from` is where its payload begins behind the name, None without one."""

    name: str
    length: Length
    act: Action
    data_from: int | None = None


def fixed(total: int) -> Length:
    """A command of always `total` bytes, its name included."""

    def rule(buffer: bytearray, at: int) -> int:
        return total

    return rule


def byte_at(place: int, then: Callable[[int], int]) -> Length:
    """A command whose byte at `place` decides its length."""

    def rule(buffer: bytearray, at: int) -> int:
        if len(buffer) - at <= place:
            return MORE
        return then(buffer[at + place])

    return rule


def counted(place: int, width: int = 2) -> Length:
    """A command whose number of bytes stands, low byte first, `place` bytes behind its start."""

    def rule(buffer: bytearray, at: int) -> int:
        start = at + place
        if len(buffer) < start + width:
            return MORE
        return place + width + int.from_bytes(buffer[start : start + width], "little")

    return rule


def until_nul(place: int, most: int) -> Length:
    """A command that ends with a NUL, searched from `place` over `most` bytes."""

    def rule(buffer: bytearray, at: int) -> int:
        start = at + place
        end = buffer.find(b"\0", start, start + most + 1)
        if end >= 0:
            return end + 1 - at
        return MORE if len(buffer) - start <= most else place + most

    return rule


def ignored(printer: Interpreter, args: bytes) -> None:
    """Accepted; changes nothing that can be seen on the paper."""


def unsupported(name: str) -> Action:
    """A command this printer knows by name and length only."""

    def act(printer: Interpreter, args: bytes) -> None:
        printer.fault("unsupported", name)

    return act
