"""How bytes reach a device: one small protocol, and lines that are file descriptors.

The one question that matters is whether a byte of a job may have reached the device. `write`
therefore says how many bytes the line has taken, and an error whether it may have taken more.
"""

from __future__ import annotations

import errno
import os
import select
from typing import Protocol

from pos.devices import Printer


class Unreachable(Exception):  # noqa: N818 - named for what it says of the device
    """The device could not be opened: nothing was sent. `code` is a word of `words.hardware`."""

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


class Broken(Exception):  # noqa: N818 - named for what it says of the line
    """The line broke. `maybe`: bytes of the call that raised it may have been taken."""

    def __init__(self, code: str, *, maybe: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.maybe = maybe


class Transport(Protocol):
    """A line to a device. One job, one opening; for one thread at a time."""

    two_way: bool
    """Whether the device can answer on it."""
    keeps: bool
    """Whether what is written is there for good, as in a folder."""

    def open(self) -> None:
        """Reach the device, or raise Unreachable."""

    def write(self, data: memoryview, seconds: float) -> int:
        """Bytes of `data` that the line took, 0 when it took none in `seconds`; or Broken."""

    def read(self, seconds: float) -> bytes:
        """What has come, empty when nothing came in `seconds`; Broken when the line is closed."""

    def finish(self, seconds: float) -> bool:
        """Wait until nothing waits on our side; False when time ran out, Broken on a reset."""

    def close(self) -> None:
        """Let go of the device; never raises."""


class Descriptor:
    """Reading and writing a descriptor that does not block, each with its own time-out."""

    two_way = True
    keeps = False
    end_is_closed = True
    """Whether a read of nothing means that the other side has closed."""

    def __init__(self) -> None:
        self.fd = -1

    def write(self, data: memoryview, seconds: float) -> int:
        """See `Transport`."""
        ready = self._ready(select.POLLOUT, seconds)
        if not ready:
            return 0
        try:
            return os.write(self.fd, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise Broken(reason_of(error)) from error

    def read(self, seconds: float) -> bytes:
        """See `Transport`."""
        if not self._ready(select.POLLIN, seconds):
            return b""
        try:
            data = os.read(self.fd, 4096)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise Broken(reason_of(error)) from error
        if not data:
            if self.end_is_closed:
                raise Broken("printer_closed")
            self._ready(0, min(seconds, 0.02))
        return data

    def _ready(self, event: int, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self.fd, event)
        return bool(poll.poll(max(0, round(seconds * 1000))))


def reason_of(error: OSError) -> str:
    """The code of what an operating system said of a line."""
    return _REASONS.get(error.errno or 0, "device_io_error")


_REASONS = {
    errno.ECONNREFUSED: "printer_refused",
    errno.ECONNRESET: "printer_closed",
    errno.EPIPE: "printer_closed",
    errno.ECONNABORTED: "printer_closed",
    errno.ETIMEDOUT: "printer_connect_timeout",
    errno.EHOSTUNREACH: "printer_unreachable",
    errno.ENETUNREACH: "printer_unreachable",
    errno.EHOSTDOWN: "printer_unreachable",
    errno.ENETDOWN: "printer_unreachable",
    errno.ENOENT: "device_missing",
    errno.ENODEV: "device_missing",
    errno.ENXIO: "device_missing",
    errno.EACCES: "device_denied",
    errno.EPERM: "device_denied",
    errno.EBUSY: "device_busy",
    errno.EAGAIN: "device_busy",
    errno.ENOSPC: "paper_out",  # what usblp says when the printer reports no paper
}


def where(printer: Printer) -> str:
    """A printer's address in a few characters, for messages."""
    if printer.connection == "network":
        return f"{printer.host}:{printer.port}"
    if printer.connection == "usb":
        ids = f"{printer.usb_vendor:04x}:{printer.usb_product:04x}"
        return f"USB {ids} {printer.usb_serial}".rstrip()
    if printer.connection == "cups":
        return f"CUPS {printer.queue}"
    return printer.folder if printer.connection == "virtual" else printer.device
