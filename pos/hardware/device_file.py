"""Printers that are a character device, as /dev/usb/lp0, and printers on a serial line."""

from __future__ import annotations

import os
import select
import stat
import struct
import termios
import time
import tty
from contextlib import suppress
from fcntl import ioctl
from typing import TYPE_CHECKING, Any, Literal

from pos.hardware.transport import Descriptor, Unreachable, reason_of

if TYPE_CHECKING:
    from serial import Serial

Flow = Literal["none", "rtscts", "dsrdtr", "xonxoff"]


class CharacterDevice(Descriptor):
    """A device file. A regular file of that name is refused: printing into it loses receipts."""

    end_is_closed = False

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def open(self) -> None:
        """See `Transport`."""
        try:
            if not stat.S_ISCHR(os.stat(self.path).st_mode):
                raise Unreachable("not_a_device", where=self.path)
            self.fd = os.open(self.path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
            if os.isatty(self.fd):
                tty.setraw(self.fd)
        except (OSError, termios.error) as error:
            self.close()
            code = reason_of(error) if isinstance(error, OSError) else "device_io_error"
            raise Unreachable(code, where=self.path) from error

    def finish(self, seconds: float) -> bool:
        """The driver takes one transfer at a time and is ready again when the last has gone."""
        return self._ready(select.POLLOUT, seconds) and _emptied(self.fd, seconds)

    def close(self) -> None:
        """See `Transport`."""
        if self.fd >= 0:
            with suppress(OSError):
                os.close(self.fd)
            self.fd = -1


class SerialLine(Descriptor):
    """A serial port through pyserial, which knows the ports of each system. `settings`: "8N1"."""

    end_is_closed = False

    def __init__(
        self, device: str, baudrate: int, flow: Flow = "none", settings: str = "8N1"
    ) -> None:
        super().__init__()
        self.device, self.baudrate, self.flow, self.settings = device, baudrate, flow, settings
        self._port: Serial | None = None

    def open(self) -> None:
        """See `Transport`."""
        flows: dict[str, Any] = {} if self.flow == "none" else {self.flow: True}
        self._port = open_port(self.device, self.baudrate, self.settings, **flows)
        self.fd = self._port.fileno()

    def finish(self, seconds: float) -> bool:
        """The last bit has left the port; flow control may hold it for ever."""
        return _emptied(self.fd, seconds)

    def close(self) -> None:
        """See `Transport`. What is still queued is dropped: closing would wait for it."""
        if self._port is None:
            return
        with suppress(OSError, termios.error):
            if _queued(self.fd):
                self._port.reset_output_buffer()
        with suppress(OSError, termios.error):
            self._port.close()
        self._port, self.fd = None, -1


def open_port(device: str, baudrate: int, line: str, **flows: Any) -> Serial:
    """A serial port for us alone; Unreachable where there is none. `line` is "8N1", "7E1" …"""
    import serial

    try:
        return serial.Serial(
            device,
            baudrate,
            bytesize=int(line[0]),
            parity=line[1],
            stopbits=int(line[2]),
            timeout=0,
            write_timeout=1,
            exclusive=True,
            **flows,
        )
    except serial.SerialException as error:
        # without a number: it opened and takes no line settings
        code = reason_of(error) if error.errno else "not_a_device"
        raise Unreachable(code, where=device) from error
    except (OSError, ValueError, termios.error) as error:
        code = reason_of(error) if isinstance(error, OSError) else "not_a_device"
        raise Unreachable(code, where=device) from error


def _queued(fd: int) -> int:
    try:
        return int(struct.unpack("i", ioctl(fd, termios.TIOCOUTQ, bytes(4)))[0])
    except OSError:
        return 0


def _emptied(fd: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while _queued(fd):
        if time.monotonic() >= end:
            return False
        time.sleep(0.005)
    return True
