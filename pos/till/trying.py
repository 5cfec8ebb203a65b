"""Printers tried out by a technician: found, asked how they are, a page printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pos.clock import Clock
from pos.config import Config
from pos.devices import Printer
from pos.money import quantity
from pos.refusal import Refused
from pos.store.finding import FoundProduct
from pos.words import Words
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.hardware.discovery import Finding
    from pos.hardware.examining import Examined
    from pos.hardware.sending import Outcome
    from pos.hardware.trial import Part


def printer_of(config: Config, name: str) -> tuple[str, Printer]:
    """A printer by name, the first where none is given; Refused where there is none."""
    printers = config.settings.printers
    if not printers:
        raise Refused("printer_none")
    wanted = name or next(iter(printers))
    if wanted not in printers:
        raise Refused("printer_unknown", name=wanted, known=" ".join(printers))
    return wanted, printers[wanted]


def examined(config: Config, name: str, clock: Clock) -> Examined:
    """Reach a printer and ask how it is; nothing is printed."""
    from pos.hardware.asking import manner_of
    from pos.hardware.connect import line_to
    from pos.hardware.examining import examine

    _, printer = printer_of(config, name)
    line = line_to(printer, config.file.parent)
    return examine(line, manner_of(printer), clock.monotonic)


def drawer_open(config: Config, found: Examined) -> bool | None:
    """Whether the drawer on this printer stands open; None where nobody can tell."""
    from pos.hardware.drawer import is_open

    return is_open(found.status, config.settings.drawer)


def parts_of(words: str) -> tuple[Part, ...]:
    """The parts of a test page by their names, all of them where none is named."""
    from pos.hardware.trial import PARTS

    wanted = [word for word in words.replace(",", " ").split() if word]
    found = tuple(part for part in PARTS if part in wanted)
    if len(found) != len(set(wanted)):
        raise Refused("wrong_usage", why=" | ".join(PARTS))
    return found or PARTS


def print_page(
    config: Config, name: str, clock: Clock, parts: tuple[Part, ...], *, drawer: bool = False
) -> Outcome:
    """A test page on a printer, or one kick of the drawer on it."""
    from pos.hardware.asking import manner_of
    from pos.hardware.connect import line_to
    from pos.hardware.drawer import pulse
    from pos.hardware.sending import send
    from pos.hardware.trial import trial_page

    _, printer = printer_of(config, name)
    data = pulse(config.settings.drawer) if drawer else trial_page(printer, parts)
    line = line_to(printer, config.file.parent)
    return send(data, line, manner_of(printer), clock.monotonic, flush=True)


def discovered(hosts: str) -> list[Finding]:
    """Printers that can be found here; `hosts` names the network addresses that may be tried."""
    from pos.hardware import discovery

    found = [
        *discovery.on_usb(),
        *discovery.on_device_files(),
        *discovery.on_serial(),
        *discovery.on_cups(),
    ]
    if hosts:
        found += discovery.on_network(discovery.hosts_of(hosts))
    return found


def scanner_lines(config: Config, name: str, clock: Clock, seconds: float) -> Iterator[str]:
    """What a scanner sends, as lines to read; Refused where it cannot be opened."""
    from pos.hardware.scanner import watch_lines
    from pos.hardware.transport import Broken, Unreachable

    scanners = config.settings.scanners
    wanted = name or next(iter(scanners), "")
    if wanted not in scanners:
        raise Refused("scanner_unknown", name=wanted or "?", known=" ".join(scanners) or "-")
    try:
        yield from watch_lines(scanners[wanted], clock.monotonic, seconds)
    except Unreachable as error:
        raise Refused(error.code, **error.values) from error
    except Broken as error:
        raise Refused(error.code) from error


def scale_lines(config: Config, words: Words, clock: Clock, seconds: float) -> Iterator[str]:
    """What the scale sends and what it means."""
    from pos.hardware.scale import watch
    from pos.hardware.transport import Broken, Unreachable

    scale = config.settings.scale
    if not scale.enabled:
        raise Refused("scale_none")
    try:
        for data, reading in watch(scale, clock.monotonic, seconds):
            if reading is None:
                continue
            if reading.milli is not None:
                yield f"= {quantity(reading.milli)} kg"
            else:
                yield f"! {say(words.refusals, Refused(reading.fault))}  {data.hex(' ')[:60]}"
    except Unreachable as error:
        raise Refused(error.code, **error.values) from error
    except Broken as error:
        raise Refused(error.code) from error


def show_on_display(config: Config, fen: int) -> None:
    """Price, total, paid and change on the customer display, one after another."""
    from pos.hardware.device_file import SerialLine
    from pos.hardware.display import BAUDRATES, Shown, frame
    from pos.hardware.transport import Broken, Unreachable

    display = config.settings.display
    if not display.enabled:
        raise Refused("display_none")
    line = SerialLine(display.device, display.baudrate or BAUDRATES[display.protocol])
    try:
        line.open()
        for what in ("price", "total", "paid", "change"):
            line.write(memoryview(frame(display, Shown(what, fen, "TEST"))), 2.0)
    except Unreachable as error:
        raise Refused(error.code, **error.values) from error
    except Broken as error:
        raise Refused(error.code) from error
    finally:
        line.close()


def print_labels(
    config: Config,
    clock: Clock,
    name: str,
    found: list[FoundProduct],
    template: str,
    copies: int,
    output: Path | None,
) -> tuple[int, Outcome | None]:
    """Shelf labels on a label printer, or its bytes into a file; how many, and what became."""
    from pos.hardware.asking import Manner
    from pos.hardware.connect import line_to
    from pos.hardware.sending import send
    from pos.hardware.shelf_labels import TEMPLATES, ShelfLabel, label_bytes

    if template not in TEMPLATES:
        raise Refused("wrong_usage", why=f"--template {' | '.join(TEMPLATES)}")
    rows = [
        ShelfLabel(
            one.name,
            one.price_fen,
            one.code or one.sku,
            one.sku,
            one.unit,
            one.spec,
            "",
            one.member_fen,
            copies,
        )
        for one in found
    ]
    made = label_bytes(rows, TEMPLATES[template])
    if output is not None:
        try:
            output.write_bytes(made.data)
        except OSError as error:
            raise Refused("file_unwritable", path=output, why=error.strerror) from error
        return made.labels, None
    _, printer = printer_of(config, name)
    line = line_to(printer, config.file.parent)
    manner = Manner(status="off", confirm="off", job_seconds=float(printer.job_seconds))
    return made.labels, send(made.data, line, manner, clock.monotonic)
