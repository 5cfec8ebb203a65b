"""Bytes for a printer → receipts: a state machine that takes the stream in pieces of any size.

It follows Epson's published ESC/POS command reference, with two-byte text as Chinese printers
take it (FS &, GB 18030). It shares nothing with the programs that make such bytes: it is their
judge, so it is strict: what the reference does not allow becomes a fault of the sender, with
its place, and printing goes on as on a lenient printer.
"""

from __future__ import annotations

import re

import msgspec

from pos.simulators.printer import charset, esc, fs, gs
from pos.simulators.printer.commands import MORE, Command
from pos.simulators.printer.mode import Graphic, Mode
from pos.simulators.printer.paper import Fault, Kick, Model, Receipt, Style
from pos.simulators.printer.strip import Strip

MOST_BUFFERED = 8_000_000
"""A command longer than this is dropped as it comes, in bytes."""

_PREFIXES: dict[int, tuple[str, dict[int, Command]]] = {
    0x10: ("DLE", fs.DLE_COMMANDS),
    0x1B: ("ESC", esc.COMMANDS),
    0x1C: ("FS", fs.FS_COMMANDS),
    0x1D: ("GS", gs.COMMANDS),
}
_REALTIME = re.compile(rb"\x10(?:\x04[\x01-\x04]|\x05[\x00-\x02]|\x14[\x01\x02\x08])")
_ONE_BYTE = re.compile(rb"[\x20-\x7e\x80-\xff]+")
_ASCII = re.compile(rb"[\x20-\x7e]+")
_TWO_BYTE = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe])+")


class Ask(msgspec.Struct, frozen=True):
    """A question that is answered in its turn, after everything before it was worked off."""

    command: str
    number: int
    data: bytes
    offset: int


Event = Receipt | Kick | Ask


class Interpreter:
    """One printer's brain. `feed` gives what happened, in the order in which it happened."""

    def __init__(self, model: Model | None = None) -> None:
        self.model = model or Model()
        self.mode = Mode(self.model)
        self.strip = Strip(self.model.dots)
        self.lasting: dict[bytes, Graphic] = {}
        self.passing: dict[bytes, Graphic] = {}
        self.logos: dict[int, Graphic] = {}
        self.selected = True
        self.at = 0
        self.command_name = ""
        self.offset = 0
        self._buffer = bytearray()
        self._raw = bytearray()
        self._needed = 1
        self._skip = 0
        self._events: list[Event] = []
        self._looks: dict[bool, tuple[Style, tuple[int, int, int]]] = {}

    @property
    def between_commands(self) -> bool:
        """Whether no command and no character is half received and no line waits."""
        return not self._buffer and not self._skip and not self.strip.line_waits

    def feed(self, data: bytes) -> list[Event]:
        """Works off as much as can be; the rest waits for more bytes."""
        self._raw += data
        if self._skip:
            dropped = min(self._skip, len(data))
            self._skip -= dropped
            self.offset += dropped
            data = data[dropped:]
        self._buffer += data
        if len(self._buffer) >= self._needed:
            self._work()
        events, self._events = self._events, []
        return events

    def _work(self) -> None:
        buffer, place, end = self._buffer, 0, len(self._buffer)
        start = self.offset
        self._needed = 1
        while place < end:
            self.offset = self.at = start + place
            used = self._step(buffer, place)
            if used == MORE:
                break
            place += used
        if place > end:
            self._skip, place = place - end, end
        del buffer[:place]
        self.offset = start + place
        self._needed = max(1, self._needed - place)

    def _wait_for(self, total: int) -> int:
        """The next look is worth while when the buffer has `total` bytes."""
        self._needed = total
        return MORE

    def _step(self, buffer: bytearray, place: int) -> int:
        """Carries out what begins at `place`; gives the bytes used, MORE if too few are there."""
        if not self.selected:
            return self._deaf(buffer, place)
        first = buffer[place]
        if first >= 0x20 and first != 0x7F:
            return self._characters(buffer, place)
        if first == 0x0A:
            self.strip.print_line(self.mode)
        elif first == 0x09:
            self._tab()
        elif first in _PREFIXES:
            return self._command(buffer, place)
        elif first != 0x0D and not (first == 0 and self.strip.blank):
            self.fault("control_byte", f"{first:02X}")
        return 1

    def _deaf(self, buffer: bytearray, place: int) -> int:
        """Another device is selected (ESC =): everything but the next ESC = is for it."""
        found = buffer.find(b"\x1b\x3d", place)
        if found == place:
            if len(buffer) < place + 3:
                return self._wait_for(place + 3)
            self.selected = bool(buffer[place + 2] & 1)
            return 3
        if found > place:
            return found - place
        if buffer[-1] == 0x1B:
            return len(buffer) - 1 - place or self._wait_for(len(buffer) + 1)
        return len(buffer) - place

    def _tab(self) -> None:
        later = [stop for stop in self.mode.tabs if stop > self.strip.x]
        if later:
            self.strip.x = min(later[0], self.mode.area)

    def _command(self, buffer: bytearray, place: int) -> int:
        if len(buffer) < place + 2:
            return self._wait_for(place + 2)
        prefix, table = _PREFIXES[buffer[place]]
        command = table.get(buffer[place + 1])
        if command is None:
            self.fault("unknown_command", f"{prefix} {buffer[place + 1]:02X}")
            return 2
        total = command.length(buffer, place)
        if total == MORE and len(buffer) - place <= MOST_BUFFERED:
            return self._wait_for(len(buffer) + 1)
        total = total or len(buffer) - place
        if total > MOST_BUFFERED:
            self.fault("too_large", f"{command.name}: {total} bytes")
            return total
        if len(buffer) < place + total:
            return self._wait_for(place + total)
        args = bytes(buffer[place + 2 : place + total])
        self.command_name = command.name
        if command.data_from is not None and _REALTIME.search(args, command.data_from):
            self.fault("realtime_in_data", command.name)
        self.offset = self.at + total
        command.act(self, args)
        self._looks.clear()
        return total

    def _characters(self, buffer: bytearray, place: int) -> int:
        run = (_ASCII if self.mode.hanzi else _ONE_BYTE).match(buffer, place)
        if run is not None:
            self._one_byte(run.group())
            return run.end() - place
        run = _TWO_BYTE.match(buffer, place)
        if run is not None:
            self._two_byte(run.group())
            return run.end() - place
        return self._odd_bytes(buffer, place)

    def _one_byte(self, raw: bytes) -> None:
        table = charset.single_byte_table(self.mode.page, self.mode.country)
        text = "".join([table[byte] for byte in raw])
        self._report_lacking(text, 1)
        self._place(text, 1, double=False)

    def _two_byte(self, raw: bytes) -> None:
        text = charset.two_byte_text(raw, self.model.charset)
        self._report_lacking(text, 2)
        self._place(text, 2, double=True)

    def _report_lacking(self, text: str, width: int) -> None:
        """A fault for each character that the printer's font lacks."""
        found = text.find(charset.BROKEN)
        while found >= 0:
            place = found * width
            self.fault("undefined_character", at=self.at + place)
            found = text.find(charset.BROKEN, found + 1)

    def _odd_bytes(self, buffer: bytearray, place: int) -> int:
        """In two-byte mode: a first byte whose second is missing or does not fit."""
        first = buffer[place]
        if 0x81 <= first <= 0xFE:
            if len(buffer) < place + 2:
                return self._wait_for(place + 2)
            if self.model.four_byte and 0x30 <= buffer[place + 1] <= 0x39:
                return self._four_bytes(buffer, place)
        self.fault("broken_double_byte", f"{first:02X}")
        self._place(charset.BROKEN, 1, double=False)
        return 1

    def _four_bytes(self, buffer: bytearray, place: int) -> int:
        if len(buffer) < place + 4:
            return self._wait_for(place + 4)
        char = charset.four_byte_char(bytes(buffer[place : place + 4]))
        if len(char) != 1 or char == charset.BROKEN:
            self.fault("broken_double_byte", f"{buffer[place]:02X}")
            self._place(charset.BROKEN, 1, double=False)
            return 1
        self._place(char, 4, double=True)
        return 4

    def _place(self, text: str, width: int, double: bool) -> None:
        """Characters of `width` bytes into the line; what does not fit begins the next line."""
        mode, strip = self.mode, self.strip
        look = self._looks.get(double)
        if look is None:
            look = self._looks[double] = mode.style(double), mode.advance(double)
        style, (before, cell, after) = look
        step, area, done = before + cell + after, mode.area, 0
        while done < len(text):
            room = area - strip.x - before - cell
            fits = room // step + 1 if room >= 0 else 0
            if fits == 0 and strip.x > 0:
                at = self.at + done * width
                self.fault("overflow", f"{text[done]!r} does not fit in {area} dots", at=at)
                self._wrap()
                continue
            if fits == 0:
                self.fault("too_wide", f"{cell} dots of {area}", at=self.at + done * width)
                fits = 1
            strip.put(text[done : done + fits], step, before, double, style)
            done += fits

    def _wrap(self) -> None:
        if self.strip.line_waits:
            self.strip.print_line(self.mode)
        self.strip.drop_line()

    def fault(self, code: str, detail: str = "", at: int | None = None) -> None:
        """Notes something the sender did wrong, at the command being worked off or at `at`."""
        self.strip.faults.append(Fault(code, self.at if at is None else at, detail))

    def bad(self, name: str, value: int) -> None:
        """Notes a parameter that the reference does not allow."""
        self.fault("bad_parameter", f"{name}: {value}")

    def ask(self, name: str, number: int, data: bytes) -> None:
        """Hands a question to whoever knows the printer's state."""
        self._events.append(Ask(name, number, data, self.at))

    def kick(self, kick: Kick) -> None:
        """A pulse for the drawer."""
        self.strip.kicks.append(kick)
        self._events.append(kick)

    def flush_line(self, name: str) -> None:
        """Before something that needs an empty line buffer: prints what waits, with a fault."""
        if self.strip.line_waits:
            self.fault("buffer_not_empty", name)
            self.strip.print_line(self.mode)
        self.strip.drop_line()

    def reset(self) -> None:
        """ESC @: settings as when switched on; what waits in the line buffer is lost."""
        if self.strip.line_waits:
            self.fault("discarded_text", "ESC @")
        self.strip.drop_line()
        self.mode = Mode(self.model)
        self.passing.clear()

    def cut(self, ended: str) -> None:
        """The knife. Print that has not passed it yet would be cut through."""
        self.flush_line("cut")
        strip = self.strip
        if strip.printed_to and strip.y - strip.printed_to < self.model.cutter_dots:
            fed = max(0, strip.y - strip.printed_to)
            self.fault("cut_through_print", f"{fed} dots fed, {self.model.cutter_dots} needed")
        self._events.append(self._take(ended))

    def _take(self, ended: str) -> Receipt:
        used = self.offset - self.strip.start
        raw = bytes(self._raw[:used])
        del self._raw[:used]
        return self.strip.take(ended, self.offset, raw)

    def tear(self) -> Receipt | None:
        """Somebody tears the paper off: the receipt so far, None if nothing was printed."""
        if not self.strip.printed_to:
            return None
        return self._take("torn")

    def power_off(self) -> Receipt | None:
        """Switches off: what is not on paper is lost. Gives the receipt so far, if any.

        Half a command or an unprinted line is noted as a fault.
        """
        self.at = self.offset
        if self._buffer or self._skip:
            self.fault("unfinished_command", bytes(self._buffer[:8]).hex(" "))
            self.offset += len(self._buffer)
        if self.strip.line_waits:
            self.fault("unfinished_line")
        self.strip.drop_line()
        self._buffer.clear()
        self._skip, self._needed, self.selected = 0, 1, True
        self.mode = Mode(self.model)
        self.passing.clear()
        self._looks.clear()
        if not self.strip.printed_to:
            return None
        return self._take("power")

    def drop_received(self) -> None:
        """Forgets half a command and the line buffer (DLE ENQ 2, DLE DC4 8)."""
        self.offset += len(self._buffer)
        self._buffer.clear()
        self._skip, self._needed = 0, 1
        self.strip.drop_line()


def interpret(data: bytes, model: Model | None = None) -> list[Receipt]:
    """All receipts of a whole stream; one left uncut at its end is ended ``power``."""
    printer = Interpreter(model)
    receipts = [event for event in printer.feed(data) if isinstance(event, Receipt)]
    last = printer.power_off()
    return [*receipts, last] if last else receipts
