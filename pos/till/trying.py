"""Printers tried out by a technician: how each answers, and a test print on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pos.clock import Clock, stamp
from pos.config import Config
from pos.devices import Printer
from pos.refusal import Refused
from pos.till import receipts

if TYPE_CHECKING:
    from pos.hardware.sending import Outcome
    from pos.hardware.status import Status


class Answered(msgspec.Struct, frozen=True):
    """How a printer is: `reached` and `answers`, `milliseconds` to reach it, words for the rest."""

    name: str
    connection: str
    reached: bool
    answers: bool
    milliseconds: int
    words: tuple[str, ...] = ()
    why: Refused | None = None


def printer_of(config: Config, name: str) -> tuple[str, Printer]:
    """A printer by name, the first where none is given; Refused where there is none."""
    printers = config.settings.printers
    wanted = name or next(iter(printers), "")
    if wanted not in printers:
        raise Refused("printer_unknown", name=wanted or "?", known=" ".join(printers) or "-")
    return wanted, printers[wanted]


def ask(config: Config, name: str, clock: Clock) -> Answered:
    """Reach a printer and ask how it is; nothing is printed."""
    from pos.hardware.asking import Talk, manner_of
    from pos.hardware.connect import line_to
    from pos.hardware.transport import Broken, Unreachable

    name, printer = printer_of(config, name)
    line = line_to(printer, config.file.parent)
    start = clock.monotonic()
    try:
        line.open()
    except Unreachable as error:
        why = Refused(error.code, **error.values)
        return Answered(name, printer.connection, False, False, 0, why=why)
    spent = round((clock.monotonic() - start) * 1000)
    try:
        talk = Talk(line, manner_of(printer), clock.monotonic)
        answers = line.two_way and printer.status != "off" and talk.look()
        return Answered(name, printer.connection, True, answers, spent, words_of(talk.status))
    except Broken as error:
        why = Refused(error.code)
        return Answered(name, printer.connection, True, False, spent, why=why)
    finally:
        line.close()


def words_of(status: Status) -> tuple[str, ...]:
    """What somebody should see to, as codes of `words.hardware`."""
    return tuple(status.words)


def print_test(config: Config, name: str, clock: Clock, *, drawer: bool = False) -> Outcome:
    """A test print on a printer, or one kick of the drawer on it."""
    from pos.hardware.asking import manner_of
    from pos.hardware.connect import line_to
    from pos.hardware.drawer import pulse
    from pos.hardware.receipt import receipt_bytes
    from pos.hardware.sending import send

    name, printer = printer_of(config, name)
    if drawer:
        data = pulse(config.settings.drawer)
    else:
        layout = receipts.trial_slip(config, stamp(clock.now()), printer.width)
        data = receipt_bytes(layout, printer, copies=1).data
    line = line_to(printer, config.file.parent)
    return send(data, line, manner_of(printer), clock.monotonic, flush=True)
