"""The commands that begin with FS (two-byte characters, logos) and with DLE (real time).

Source: Epson's published ESC/POS command reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.simulators.printer import graphics
from pos.simulators.printer.commands import (
    MORE,
    Command,
    byte_at,
    counted,
    fixed,
    ignored,
    unsupported,
)
from pos.simulators.printer.esc import choice
from pos.simulators.printer.mode import Mode
from pos.simulators.printer.paper import Kick

if TYPE_CHECKING:
    from pos.simulators.printer.interpreter import Interpreter


def _two_byte(on: bool, p: Interpreter) -> None:
    p.mode.hanzi = on


def _hanzi_mode(p: Interpreter, args: bytes) -> None:
    """FS !: double width in bit 2, double height in bit 3, underline in bit 7."""
    n, mode = args[0], p.mode
    mode.hanzi_width = 2 if n & 0x04 else 1
    mode.hanzi_height = 2 if n & 0x08 else 1
    mode.hanzi_underline = 1 if n & 0x80 else 0


def _quadruple(p: Interpreter, args: bytes) -> None:
    p.mode.hanzi_width = p.mode.hanzi_height = 2 if args[0] & 1 else 1


def _underline(mode: Mode, n: int) -> None:
    mode.hanzi_underline = n


def _space(p: Interpreter, args: bytes) -> None:
    p.mode.hanzi_left, p.mode.hanzi_right = p.mode.across(args[0]), p.mode.across(args[1])


def _memory_length(buffer: bytearray, at: int) -> int:
    """FS g 1 writes (a count and bytes), FS g 2 reads; the user's memory."""
    if len(buffer) < at + 3:
        return MORE
    if buffer[at + 2] not in (0x31, 0x32):
        return 3
    if len(buffer) < at + 10:
        return MORE
    count = int.from_bytes(buffer[at + 8 : at + 10], "little")
    return 10 + (count if buffer[at + 2] == 0x31 else 0)


FS_COMMANDS: dict[int, Command] = {
    0x21: Command("FS !", fixed(3), _hanzi_mode),
    0x26: Command("FS &", fixed(2), lambda p, args: _two_byte(True, p)),
    0x28: Command("FS (", counted(3), ignored, 3),
    0x2D: Command("FS -", fixed(3), choice("FS -", (0, 1, 2), _underline)),
    0x2E: Command("FS .", fixed(2), lambda p, args: _two_byte(False, p)),
    0x32: Command("FS 2", fixed(76), unsupported("FS 2"), 2),
    0x3F: Command("FS ?", fixed(4), ignored),
    0x43: Command("FS C", fixed(3), ignored),
    0x53: Command("FS S", fixed(4), _space),
    0x57: Command("FS W", fixed(3), _quadruple),
    0x67: Command("FS g", _memory_length, ignored, 8),
    0x70: Command("FS p", fixed(4), graphics.print_logo),
    0x71: Command("FS q", graphics.logos_length, graphics.define_logos, 1),
}


def _pulse(p: Interpreter, args: bytes) -> None:
    """DLE DC4 1 m t: t × 100 ms on and as long off."""
    if args[0] != 1:
        return
    if args[1] > 1 or not 1 <= args[2] <= 8:
        p.bad("DLE DC4", args[1])
        return
    p.kick(Kick((2, 5)[args[1]], args[2] * 100, args[2] * 100, p.at, realtime=True))


def _clear_length(n: int) -> int:
    return {1: 5, 2: 5, 7: 4, 8: 10}.get(n, 3)


DLE_COMMANDS: dict[int, Command] = {
    0x04: Command("DLE EOT", byte_at(2, lambda n: 4 if n in (7, 8, 18) else 3), ignored),
    0x05: Command("DLE ENQ", fixed(3), ignored),
    0x14: Command("DLE DC4", byte_at(2, _clear_length), _pulse),
}
"""Their answers are given when the bytes arrive (device.py), not in their turn."""
