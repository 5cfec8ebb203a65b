"""A printer on the network: raw TCP, port 9100. A connection serves one job and is never kept."""

from __future__ import annotations

import fcntl
import select
import socket
import struct
import termios
import time
from contextlib import suppress

from pos.hardware.transport import Broken, Descriptor, Unreachable, reason_of

_LAST_LOOK = 0.3
"""Seconds for a printer to close its side, so that closing ours resets nothing it still reads."""


class Network(Descriptor):
    """TCP to `host`:`port`; `seconds` is the longest wait for each address of the host."""

    def __init__(self, host: str, port: int = 9100, seconds: float = 3.0) -> None:
        super().__init__()
        self.host, self.port, self.seconds = host, port, seconds
        self._socket: socket.socket | None = None
        self._wrote = False
        self._answered = False

    def open(self) -> None:
        """See `Transport`."""
        at = f"{self.host}:{self.port}"
        try:
            line = socket.create_connection((self.host, self.port), self.seconds)
        except TimeoutError:
            raise Unreachable("printer_connect_timeout", where=at) from None
        except (socket.gaierror, UnicodeError):
            raise Unreachable("printer_host_unknown", where=at) from None
        except OSError as error:
            code = reason_of(error)
            raise Unreachable(
                "printer_unreachable" if code == "device_io_error" else code, where=at
            ) from error
        line.setblocking(False)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 0)
        self._socket, self.fd = line, line.fileno()
        self._wrote = self._answered = False

    def write(self, data: memoryview, seconds: float) -> int:
        """See `Transport`. A printer that has hung up is found before the first byte goes out."""
        if self._gone():
            raise Broken("printer_closed")
        taken = super().write(data, seconds)
        if taken:
            self._wrote, self._answered = True, False
        return taken

    def read(self, seconds: float) -> bytes:
        """See `Transport`."""
        data = super().read(seconds)
        self._answered = self._answered or bool(data)
        return data

    def finish(self, seconds: float) -> bool:
        """All bytes are with the printer's network card, and it did not reset the connection."""
        end = time.monotonic() + seconds
        while self._waiting():
            if time.monotonic() >= end:
                return False
            self._ready(0, 0.005)
        if self._gone():
            # a printer that ends the talk before we do has not come to the end of the job
            raise Broken("printer_closed")
        self._hang_up()
        return True

    def close(self) -> None:
        """See `Transport`."""
        if self._socket is None:
            return
        if self._wrote and not self._answered:
            # an answer to the last thing written says that nothing before it can be lost
            with suppress(Broken):
                self._hang_up()
        self._socket.close()
        self._socket, self.fd = None, -1

    def _hang_up(self) -> None:
        """Say that nothing more comes, and read what the printer still says.

        A socket closed with something unread in it resets the connection, and the printer may
        then throw away what it has not printed yet.
        """
        if self._socket is None:
            return
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError as error:
            raise Broken(reason_of(error)) from error
        self._wrote = False
        end = time.monotonic() + _LAST_LOOK
        while (left := end - time.monotonic()) > 0:
            try:
                super().read(left)
            except Broken as broken:
                if isinstance(broken.__cause__, OSError):
                    raise
                return

    def _gone(self) -> bool:
        poll = select.poll()
        poll.register(self.fd, select.POLLIN | select.POLLRDHUP)
        return any(
            event & (select.POLLRDHUP | select.POLLHUP | select.POLLERR)
            for _, event in poll.poll(0)
        )

    def _waiting(self) -> int:
        """Bytes the other side has not acknowledged; 0 where the system cannot tell."""
        try:
            found = fcntl.ioctl(self.fd, termios.TIOCOUTQ, bytes(4))
        except OSError:
            return 0
        return int(struct.unpack("i", found)[0])
