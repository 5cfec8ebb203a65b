"""Dots in all the ways ESC/POS carries them: GS v 0, GS ( L and GS 8 L, GS *, FS p and FS q.

ESC * lies in esc.py, for it prints in the line. Source: Epson's ESC/POS command reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.simulators.printer.commands import MORE
from pos.simulators.printer.mode import Graphic

if TYPE_CHECKING:
    from pos.simulators.printer.interpreter import Interpreter

_SCALES = {0: (1, 1), 1: (2, 1), 2: (1, 2), 3: (2, 2)}
"""Parameter m of GS v 0, GS / and FS p → dots across and down of each bit."""


def _scale(m: int) -> tuple[int, int] | None:
    return _SCALES.get(m - 48 if m >= 48 else m)


def _number(raw: bytes | bytearray) -> int:
    return int.from_bytes(raw, "little")


def _print(p: Interpreter, graphic: Graphic) -> None:
    p.flush_line(p.command_name)
    if not (graphic.width and graphic.height):
        return
    if not p.strip.print_graphic(graphic, p.mode):
        wide = graphic.width * graphic.across
        p.fault("image_too_wide", f"{wide} dots of {p.mode.area}")


def raster_length(buffer: bytearray, at: int) -> int:
    """GS v 0 m xL xH yL yH and x bytes in each of y rows; so GS Q 0, in columns."""
    if len(buffer) < at + 3:
        return MORE
    if buffer[at + 2] != 0x30:
        return 3
    if len(buffer) < at + 8:
        return MORE
    return 8 + _number(buffer[at + 4 : at + 6]) * _number(buffer[at + 6 : at + 8])


def raster(p: Interpreter, args: bytes) -> None:
    """GS v 0: x counts bytes, y rows."""
    scale = _scale(args[1]) if args[0] == 0x30 else None
    if scale is None:
        p.bad("GS v", args[0] if args[0] != 0x30 else args[1])
        return
    wide, high = _number(args[2:4]), _number(args[4:6])
    _print(p, Graphic(wide * 8, high, *scale, False, args[6:]))


def download_length(buffer: bytearray, at: int) -> int:
    """GS * x y and x × y × 8 bytes."""
    if len(buffer) < at + 4:
        return MORE
    return 4 + buffer[at + 2] * buffer[at + 3] * 8


def download(p: Interpreter, args: bytes) -> None:
    """GS *: an image of 8x columns, y bytes each, kept until ESC @."""
    p.mode.downloaded = Graphic(args[0] * 8, args[1] * 8, 1, 1, True, args[2:])


def print_downloaded(p: Interpreter, args: bytes) -> None:
    """GS / m."""
    scale, kept = _scale(args[0]), p.mode.downloaded
    if scale is None or kept is None:
        p.bad("GS /", args[0])
        return
    _print(p, Graphic(kept.width, kept.height, *scale, kept.columns, kept.data))


def long_length(buffer: bytearray, at: int) -> int:
    """GS 8 L p1–p4 and as many bytes as they count."""
    if len(buffer) < at + 3:
        return MORE
    if buffer[at + 2] != 0x4C:
        return 3
    if len(buffer) < at + 7:
        return MORE
    return 7 + _number(buffer[at + 3 : at + 7])


def long_function(p: Interpreter, args: bytes) -> None:
    """GS 8 L: the functions of GS ( L with a longer count."""
    if args[0] == 0x4C:
        function(p, args[5:])
    else:
        p.fault("unknown_command", f"GS 8 {args[0]:02X}")


def function(p: Interpreter, data: bytes) -> None:
    """GS ( L: `data` is m fn and parameters, m always 48."""
    if len(data) < 2 or data[0] != 48:
        p.bad("GS ( L", data[0] if data else 0)
        return
    number, rest = data[1], data[2:]
    if number in (112, 113):
        _store(p, rest, columns=number == 113)
    elif number in (2, 50):
        if p.mode.stored is None:
            p.bad("GS ( L", number)
        else:
            stored, p.mode.stored = p.mode.stored, None
            _print(p, stored)
    elif number in (67, 68, 83, 84):
        _define(p, rest, columns=number in (68, 84), lasting=number < 80)
    elif number in (69, 85):
        _print_kept(p, rest, lasting=number == 69)
    elif number not in (0, 1, 3, 4, 48, 49, 51, 52, 64, 65, 66, 80, 81, 82):
        p.bad("GS ( L", number)


def _dots(width: int, height: int, columns: bool) -> int:
    """Bytes that an image of this size takes."""
    return width * -(-height // 8) if columns else -(-width // 8) * height


def _store(p: Interpreter, rest: bytes, columns: bool) -> None:
    """Functions 112 and 113: a bx by c xL xH yL yH d…"""
    if len(rest) < 8 or rest[1] not in (1, 2) or rest[2] not in (1, 2):
        p.bad("GS ( L", 112)
        return
    width, height = _number(rest[4:6]), _number(rest[6:8])
    bits = rest[8:]
    if len(bits) != _dots(width, height, columns):
        p.bad("GS ( L", 112)
        return
    p.mode.stored = Graphic(width, height, rest[1], rest[2], columns, bits)


def _define(p: Interpreter, rest: bytes, columns: bool, lasting: bool) -> None:
    """Functions 67, 68 (lasting) and 83, 84: a kc1 kc2 b xL xH yL yH c d…, the first colour."""
    if len(rest) < 9:
        p.bad("GS ( L", 67)
        return
    width, height = _number(rest[4:6]), _number(rest[6:8])
    bits = rest[9 : 9 + _dots(width, height, columns)]
    if len(bits) != _dots(width, height, columns):
        p.bad("GS ( L", 67)
        return
    kept = p.lasting if lasting else p.passing
    kept[rest[1:3]] = Graphic(width, height, 1, 1, columns, bits)


def _print_kept(p: Interpreter, rest: bytes, lasting: bool) -> None:
    """Functions 69 and 85: kc1 kc2 x y."""
    kept = (p.lasting if lasting else p.passing).get(rest[:2])
    if kept is None or len(rest) < 4 or rest[2] not in (1, 2) or rest[3] not in (1, 2):
        p.bad("GS ( L", 69)
        return
    _print(p, Graphic(kept.width, kept.height, rest[2], rest[3], kept.columns, kept.data))


def logos_length(buffer: bytearray, at: int) -> int:
    """FS q n and for each logo xL xH yL yH and x × y × 8 bytes."""
    if len(buffer) < at + 3:
        return MORE
    place = at + 3
    for _ in range(buffer[at + 2]):
        if len(buffer) < place + 4:
            return MORE
        x, y = _number(buffer[place : place + 2]), _number(buffer[place + 2 : place + 4])
        place += 4 + x * y * 8
    return place - at


def define_logos(p: Interpreter, args: bytes) -> None:
    """FS q: replaces all logos of FS p, numbered from 1."""
    p.logos.clear()
    place = 1
    for number in range(1, args[0] + 1):
        x, y = _number(args[place : place + 2]), _number(args[place + 2 : place + 4])
        place += 4
        bits = args[place : place + x * y * 8]
        place += x * y * 8
        p.logos[number] = Graphic(x * 8, y * 8, 1, 1, True, bits)


def print_logo(p: Interpreter, args: bytes) -> None:
    """FS p n m."""
    logo, scale = p.logos.get(args[0]), _scale(args[1])
    if logo is None or scale is None:
        p.bad("FS p", args[0])
        return
    _print(p, Graphic(logo.width, logo.height, *scale, logo.columns, logo.data))
