"""The commands that begin with GS, but for those in graphics.py and codes.py.

Source: Epson's published ESC/POS command reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.simulators.printer import codes, graphics
from pos.simulators.printer.commands import (
    Action,
    Command,
    byte_at,
    counted,
    fixed,
    ignored,
    unsupported,
)
from pos.simulators.printer.esc import at_line_start, choice, switch
from pos.simulators.printer.mode import Mode

if TYPE_CHECKING:
    from pos.simulators.printer.interpreter import Interpreter

_CUT_NOW = {0: "full", 48: "full", 1: "partial", 49: "partial"}
_CUT_AFTER_FEED = {
    65: "full",
    66: "partial",
    97: "full",
    98: "partial",
    103: "full",
    104: "partial",
}


def _size(p: Interpreter, args: bytes) -> None:
    """GS !: width less one in bits 4–6, height less one in bits 0–2; bits 3 and 7 are zero."""
    n, mode = args[0], p.mode
    if n & 0x88:
        p.bad("GS !", n)
        return
    mode.width, mode.height = (n >> 4) + 1, (n & 7) + 1
    if mode.model.gs_size_hanzi:
        mode.hanzi_width, mode.hanzi_height = mode.width, mode.height


def _margin(p: Interpreter, args: bytes) -> None:
    p.mode.left = min(p.mode.across(int.from_bytes(args[:2], "little")), p.mode.model.dots - 1)


def _area(p: Interpreter, args: bytes) -> None:
    p.mode.area_set = p.mode.across(int.from_bytes(args[:2], "little"))


def _units(p: Interpreter, args: bytes) -> None:
    p.mode.unit_x, p.mode.unit_y = args[0], args[1]


def _line_start(p: Interpreter, args: bytes) -> None:
    """GS T: back to the beginning of the line; 0 erases what waits, 1 prints it."""
    if args[0] in (0, 48):
        if p.strip.line_waits:
            p.fault("discarded_text", "GS T")
        p.strip.drop_line()
    elif p.strip.line_waits:
        p.strip.print_line(p.mode)


def _cut(p: Interpreter, args: bytes) -> None:
    """GS V: 65 and 66 first feed what was printed past the knife, and n more."""
    m = args[0]
    if m in _CUT_NOW:
        p.cut(_CUT_NOW[m])
    elif m in _CUT_AFTER_FEED:
        if p.strip.line_waits:
            p.fault("buffer_not_empty", "GS V")
            p.strip.print_line(p.mode)
        p.strip.feed(p.mode, p.mode.model.cutter_dots + p.mode.down(args[1]))
        p.cut(_CUT_AFTER_FEED[m])
    else:
        p.bad("GS V", m)


def _cut_total(m: int) -> int:
    return 4 if m in _CUT_AFTER_FEED else 3


def _bar_height(p: Interpreter, args: bytes) -> None:
    if args[0]:
        p.mode.bar_height = args[0]
    else:
        p.bad("GS h", 0)


def _bar_width(p: Interpreter, args: bytes) -> None:
    if 1 <= args[0] <= 6:
        p.mode.bar_width = args[0]
    else:
        p.bad("GS w", args[0])


def _hri(mode: Mode, n: int) -> None:
    mode.hri = n


def _hri_font(mode: Mode, n: int) -> None:
    mode.hri_font = "AB"[n]


def _ask(name: str) -> Action:
    def act(p: Interpreter, args: bytes) -> None:
        p.ask(name, args[0], b"")

    return act


def _parenthesis(p: Interpreter, args: bytes) -> None:
    """GS ( fn pL pH …: the group is the first byte."""
    group, data = args[0], args[3:]
    if group == 0x6B:
        codes.two_dimensional(p, data)
    elif group == 0x4C:
        graphics.function(p, data)
    elif group == 0x48 and data[:1] in (b"\x30", b"\x31"):
        p.ask("GS ( H", data[0], data[2:])
    elif group not in b"ACDEKMNPV":
        p.fault("unknown_command", f"GS ( {group:02X}")


def _counter_length(n: int) -> int:
    return {0x30: 5, 0x31: 9, 0x32: 5, 0: 5, 1: 9, 2: 5}.get(n, 3)


COMMANDS: dict[int, Command] = {
    0x21: Command("GS !", fixed(3), _size),
    0x24: Command("GS $", fixed(4), unsupported("GS $")),
    0x28: Command("GS (", counted(3), _parenthesis, 3),
    0x2A: Command("GS *", graphics.download_length, graphics.download, 2),
    0x2F: Command("GS /", fixed(3), graphics.print_downloaded),
    0x38: Command("GS 8", graphics.long_length, graphics.long_function, 5),
    0x3A: Command("GS :", fixed(2), unsupported("GS :")),
    0x42: Command("GS B", fixed(3), switch("invert")),
    0x43: Command("GS C", byte_at(2, _counter_length), unsupported("GS C")),
    0x45: Command("GS E", fixed(3), ignored),
    0x48: Command("GS H", fixed(3), choice("GS H", (0, 1, 2, 3), _hri)),
    0x49: Command("GS I", fixed(3), _ask("GS I")),
    0x4C: Command("GS L", fixed(4), at_line_start(_margin)),
    0x50: Command("GS P", fixed(4), _units),
    0x51: Command("GS Q", graphics.raster_length, unsupported("GS Q"), 6),
    0x54: Command("GS T", fixed(3), _line_start),
    0x56: Command("GS V", byte_at(2, _cut_total), _cut),
    0x57: Command("GS W", fixed(4), at_line_start(_area)),
    0x5C: Command("GS \\", fixed(4), unsupported("GS \\")),
    0x5E: Command("GS ^", fixed(5), unsupported("GS ^")),
    0x61: Command("GS a", fixed(3), _ask("GS a")),
    0x62: Command("GS b", fixed(3), ignored),
    0x63: Command("GS c", fixed(2), unsupported("GS c")),
    0x66: Command("GS f", fixed(3), choice("GS f", (0, 1), _hri_font)),
    0x67: Command("GS g", fixed(6), ignored),
    0x68: Command("GS h", fixed(3), _bar_height),
    0x6B: Command("GS k", codes.bars_length, codes.bars, 1),
    0x72: Command("GS r", fixed(3), _ask("GS r")),
    0x76: Command("GS v", graphics.raster_length, graphics.raster, 6),
    0x77: Command("GS w", fixed(3), _bar_width),
    0x7A: Command("GS z", fixed(5), ignored),
}
