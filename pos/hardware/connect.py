"""From `[printers.NAME]` to the line it names."""

from __future__ import annotations

from pathlib import Path

from pos.devices import Printer
from pos.hardware.device_file import CharacterDevice, SerialLine
from pos.hardware.handover import CupsQueue, Folder
from pos.hardware.network import Network
from pos.hardware.transport import Transport
from pos.hardware.usb import Usb


def line_to(printer: Printer, base: Path) -> Transport:
    """The transport of a printer, not yet opened; relative folders begin at `base`."""
    if printer.connection == "network":
        return Network(printer.host, printer.port, printer.connect_seconds)
    if printer.connection == "usb":
        return Usb(printer.usb_vendor, printer.usb_product, printer.usb_serial)
    if printer.connection == "serial":
        return SerialLine(printer.device, printer.baudrate, printer.flow)
    if printer.connection == "file":
        return CharacterDevice(printer.device)
    if printer.connection == "cups":
        return CupsQueue(printer.queue, printer.connect_seconds)
    return Folder(base / printer.folder)
