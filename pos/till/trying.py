"""Printers tried out by a technician: found, asked how they are, a page printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.clock import Clock
from pos.config import Config
from pos.devices import Printer
from pos.refusal import Refused

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
