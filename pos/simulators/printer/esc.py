"""The commands that begin with ESC, as Epson's ESC/POS command reference publishes them.

Beside them the few that Chinese makes add and senders use: ESC B (buzzer), ESC BEL.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from pos.simulators.printer import charset
from pos.simulators.printer.commands import (
    MORE,
    Action,
    Command,
    byte_at,
    counted,
    fixed,
    ignored,
    unsupported,
)
from pos.simulators.printer.mode import DEFAULT_SPACING, Graphic, Mode
from pos.simulators.printer.paper import FONT_SIZES, Kick

if TYPE_CHECKING:
    from pos.simulators.printer.interpreter import Interpreter

_MOST_TABS = 32


def _digit(value: int, *allowed: int) -> int | None:
    """A parameter that may be sent as a number or as its digit; None if it is not allowed."""
    number = value - 0x30 if value >= 0x30 else value
    return number if number in allowed else None


def choice(name: str, allowed: tuple[int, ...], apply: Callable[[Mode, int], None]) -> Action:
    """A command with one parameter of few values, sent as a number or as its digit."""

    def act(p: Interpreter, args: bytes) -> None:
        number = _digit(args[0], *allowed)
        if number is None:
            p.bad(name, args[0])
        else:
            apply(p.mode, number)

    return act


def setting(name: str) -> Action:
    """A command whose parameter is the value of the field `name` of Mode."""

    def act(p: Interpreter, args: bytes) -> None:
        setattr(p.mode, name, args[0])

    return act


def switch(name: str) -> Action:
    """A command whose parameter's lowest bit is the field `name` of Mode."""

    def act(p: Interpreter, args: bytes) -> None:
        setattr(p.mode, name, bool(args[0] & 1))

    return act


def at_line_start(act: Action) -> Action:
    """A command that has no effect unless the line buffer is empty."""

    def checked(p: Interpreter, args: bytes) -> None:
        if p.strip.line_waits:
            p.fault("buffer_not_empty", p.command_name)
        else:
            act(p, args)

    return checked


def _initialize(p: Interpreter, args: bytes) -> None:
    p.reset()


def _select_print_mode(p: Interpreter, args: bytes) -> None:
    """ESC !: font, bold, double height and width, underline of one-byte characters."""
    n, mode = args[0], p.mode
    mode.font = "B" if n & 0x01 else "A"
    mode.bold = bool(n & 0x08)
    mode.height = 2 if n & 0x10 else 1
    mode.width = 2 if n & 0x20 else 1
    mode.underline = 1 if n & 0x80 else 0


def _font(mode: Mode, n: int) -> None:
    mode.font = "AB"[n]


def _underline(mode: Mode, n: int) -> None:
    mode.underline = n


def _rotate(mode: Mode, n: int) -> None:
    mode.rotated = n != 0


def _align(mode: Mode, n: int) -> None:
    mode.align = n


def _spacing(p: Interpreter, args: bytes) -> None:
    p.mode.spacing = p.mode.down(args[0])


def _default_spacing(p: Interpreter, args: bytes) -> None:
    p.mode.spacing = DEFAULT_SPACING


def _char_space(p: Interpreter, args: bytes) -> None:
    p.mode.char_space = p.mode.across(args[0])


def _absolute(p: Interpreter, args: bytes) -> None:
    """ESC $: outside the print area it is ignored."""
    place = p.mode.across(int.from_bytes(args[:2], "little"))
    if place <= p.mode.area:
        p.strip.x = place
    else:
        p.bad("ESC $", place)


def _relative(p: Interpreter, args: bytes) -> None:
    """ESC \\: outside the print area it is ignored."""
    move = p.mode.across(int.from_bytes(args[:2], "little", signed=True))
    if 0 <= p.strip.x + move <= p.mode.area:
        p.strip.x += move
    else:
        p.bad("ESC \\", move)


def _tabs(p: Interpreter, args: bytes) -> None:
    """ESC D: columns, ascending, of the width that characters have now."""
    cell = FONT_SIZES[p.mode.font][0] * p.mode.width + p.mode.char_space
    columns = args.rstrip(b"\0")
    if any(later <= earlier for earlier, later in pairwise(columns)):
        p.bad("ESC D", columns[-1])
        return
    p.mode.tabs = tuple(column * cell for column in columns)


def _tabs_length(buffer: bytearray, at: int) -> int:
    """ESC D ends with NUL, with a column that does not ascend, or after 32."""
    before = 0
    for place in range(at + 2, at + 3 + _MOST_TABS):
        if place >= len(buffer):
            return MORE
        if buffer[place] == 0 or buffer[place] <= before:
            return place + 1 - at
        before = buffer[place]
    return 2 + _MOST_TABS


def _feed_dots(p: Interpreter, args: bytes) -> None:
    p.strip.feed(p.mode, p.mode.down(args[0]))


def _feed_lines(p: Interpreter, args: bytes) -> None:
    p.strip.feed(p.mode, args[0] * p.mode.spacing)


def _feed_back(p: Interpreter, args: bytes) -> None:
    p.strip.feed(p.mode, -p.mode.down(args[0]))


def _feed_lines_back(p: Interpreter, args: bytes) -> None:
    p.strip.feed(p.mode, -args[0] * p.mode.spacing)


def _bit_image(p: Interpreter, args: bytes) -> None:
    """ESC *: columns of 8 or 24 dots in the line; single density doubles each across.

    A dot of the 8-dot modes is three dots high.
    """
    m = args[0]
    if m not in (0, 1, 32, 33):
        p.bad("ESC *", m)
        return
    columns = int.from_bytes(args[1:3], "little")
    across = 2 if m in (0, 32) else 1
    height, down = (24, 1) if m >= 32 else (8, 3)
    if columns:
        wide = columns * across
        if p.strip.x + wide > p.mode.area:
            p.fault("image_too_wide", f"{p.strip.x + wide} dots of {p.mode.area}")
        p.strip.put_picture(Graphic(columns, height, across, down, True, args[3:]))


def _bit_image_length(buffer: bytearray, at: int) -> int:
    if len(buffer) < at + 5:
        return MORE
    m = buffer[at + 2]
    if m not in (0, 1, 32, 33):
        return 3
    columns = int.from_bytes(buffer[at + 3 : at + 5], "little")
    return 5 + columns * (3 if m >= 32 else 1)


def _pulse(p: Interpreter, args: bytes) -> None:
    """ESC p m t1 t2: times in steps of 2 ms."""
    pin = _digit(args[0], 0, 1)
    if pin is None:
        p.bad("ESC p", args[0])
        return
    p.kick(Kick((2, 5)[pin], args[1] * 2, args[2] * 2, p.at))


def _page(p: Interpreter, args: bytes) -> None:
    if charset.page_known(args[0]):
        p.mode.page = args[0]
    else:
        p.fault("unknown_code_page", str(args[0]))


def _country(p: Interpreter, args: bytes) -> None:
    if charset.country_known(args[0]):
        p.mode.country = args[0]
    else:
        p.bad("ESC R", args[0])


def _device(p: Interpreter, args: bytes) -> None:
    """ESC = n: without bit 0 the printer ignores everything until the next ESC =."""
    p.selected = bool(args[0] & 1)


def _cut(p: Interpreter, args: bytes) -> None:
    """ESC i (one point left uncut) and ESC m (three points): both partial cuts."""
    p.cut("partial")


def _beep(p: Interpreter, args: bytes) -> None:
    p.strip.beeps += args[0]


def _beep_once(p: Interpreter, args: bytes) -> None:
    p.strip.beeps += 1


def _ask(name: str) -> Action:
    def act(p: Interpreter, args: bytes) -> None:
        p.ask(name, 0, b"")

    return act


def _user_characters_length(buffer: bytearray, at: int) -> int:
    """ESC & y c1 c2 and for each character x and x × y bytes."""
    if len(buffer) < at + 5:
        return MORE
    tall, first, last = buffer[at + 2 : at + 5]
    place = at + 5
    for _ in range(first, last + 1):
        if place >= len(buffer):
            return MORE
        place += 1 + tall * buffer[place]
    return place - at


def _entry(name: str, total: int, act: Action) -> Command:
    return Command(name, fixed(total), act)


COMMANDS: dict[int, Command] = {
    0x07: _entry("ESC BEL", 4, _beep),
    0x0C: _entry("ESC FF", 2, unsupported("ESC FF")),
    0x20: _entry("ESC SP", 3, _char_space),
    0x21: _entry("ESC !", 3, _select_print_mode),
    0x24: _entry("ESC $", 4, _absolute),
    0x25: _entry("ESC %", 3, ignored),
    0x26: Command("ESC &", _user_characters_length, unsupported("ESC &"), 3),
    0x28: Command("ESC (", counted(3), ignored, 3),
    0x2A: Command("ESC *", _bit_image_length, _bit_image, 3),
    0x2D: _entry("ESC -", 3, choice("ESC -", (0, 1, 2), _underline)),
    0x32: _entry("ESC 2", 2, _default_spacing),
    0x33: _entry("ESC 3", 3, _spacing),
    0x37: _entry("ESC 7", 5, ignored),
    0x3D: _entry("ESC =", 3, _device),
    0x3F: _entry("ESC ?", 3, ignored),
    0x40: _entry("ESC @", 2, _initialize),
    0x42: _entry("ESC B", 4, _beep),
    0x44: Command("ESC D", _tabs_length, _tabs),
    0x45: _entry("ESC E", 3, switch("bold")),
    0x47: _entry("ESC G", 3, switch("double_strike")),
    0x4A: _entry("ESC J", 3, _feed_dots),
    0x4B: _entry("ESC K", 3, _feed_back),
    0x4C: _entry("ESC L", 2, unsupported("ESC L")),
    0x4D: _entry("ESC M", 3, choice("ESC M", (0, 1), _font)),
    0x52: _entry("ESC R", 3, _country),
    0x53: _entry("ESC S", 2, ignored),
    0x54: _entry("ESC T", 3, unsupported("ESC T")),
    0x55: _entry("ESC U", 3, ignored),
    0x56: _entry("ESC V", 3, choice("ESC V", (0, 1, 2), _rotate)),
    0x57: _entry("ESC W", 10, unsupported("ESC W")),
    0x5C: _entry("ESC \\", 4, _relative),
    0x61: _entry("ESC a", 3, at_line_start(choice("ESC a", (0, 1, 2), _align))),
    0x63: Command("ESC c", byte_at(2, lambda n: 4 if 0x30 <= n <= 0x35 else 3), ignored),
    0x64: _entry("ESC d", 3, _feed_lines),
    0x65: _entry("ESC e", 3, _feed_lines_back),
    0x69: _entry("ESC i", 2, _cut),
    0x6D: _entry("ESC m", 2, _cut),
    0x70: _entry("ESC p", 5, _pulse),
    0x72: _entry("ESC r", 3, ignored),
    0x74: _entry("ESC t", 3, _page),
    0x75: _entry("ESC u", 3, _ask("ESC u")),
    0x76: _entry("ESC v", 2, _ask("ESC v")),
    0x7B: _entry("ESC {", 3, at_line_start(switch("upside_down"))),
}
