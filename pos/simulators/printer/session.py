"""Carries bytes between a printer and one cable, with the faults that lie in the carrying."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
from collections.abc import Callable
from typing import Protocol

from pos.simulators.printer.device import Connection, VirtualPrinter

_READ = 65_536
_SLOW_STEP = 0.05
"""Seconds between two readings of a slow printer."""


class Channel(Protocol):
    """One end of a cable, without waiting."""

    def fileno(self) -> int:
        """For select."""

    def read(self, most: int) -> bytes:
        """What has arrived; empty when the sender has closed. OSError when the cable broke."""

    def write(self, data: bytes) -> int:
        """How many bytes went out; OSError when the cable broke."""

    def close(self, reset: bool) -> None:
        """Hangs up, in order or as a machine that lost its power."""


class SocketChannel:
    """A TCP connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """For select."""
        return self._socket.fileno()

    def read(self, most: int) -> bytes:
        """Empty when the sender has closed."""
        return self._socket.recv(most)

    def write(self, data: bytes) -> int:
        """How many bytes the kernel took."""
        return self._socket.send(data)

    def close(self, reset: bool) -> None:
        """With `reset` the sender gets RST, and what was not read is lost."""
        if reset:
            linger = struct.pack("ii" if os.name == "posix" else "hh", 1, 0)
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._socket.close()


class FileChannel:
    """A terminal line, a FIFO or another file descriptor; without `answers` a one-way cable."""

    def __init__(self, descriptor: int, answers: bool = True) -> None:
        self._descriptor = descriptor
        self._answers = answers
        os.set_blocking(descriptor, False)

    def fileno(self) -> int:
        """For select."""
        return self._descriptor

    def read(self, most: int) -> bytes:
        """What has arrived."""
        return os.read(self._descriptor, most)

    def write(self, data: bytes) -> int:
        """How many bytes went out; a one-way cable swallows them."""
        return os.write(self._descriptor, data) if self._answers else len(data)

    def close(self, reset: bool) -> None:
        """Closes the descriptor; with `reset`, what is still on the line is lost."""
        if reset:
            with contextlib.suppress(OSError):
                while os.read(self._descriptor, _READ):
                    pass
        os.close(self._descriptor)


class Waker:
    """Wakes a thread that waits in select."""

    def __init__(self) -> None:
        self._far, self._near = socket.socketpair()
        self._far.setblocking(False)
        self._near.setblocking(False)

    def fileno(self) -> int:
        """For select."""
        return self._near.fileno()

    def wake(self) -> None:
        """Makes the descriptor readable; no more once it is."""
        with contextlib.suppress(BlockingIOError, OSError):
            self._far.send(b"!")

    def clear(self) -> None:
        """Takes note."""
        with contextlib.suppress(BlockingIOError):
            while self._near.recv(4096):
                pass

    def close(self) -> None:
        """Gives both descriptors back."""
        self._far.close()
        self._near.close()


class Session:
    """One connection from its beginning to its end.

    `woken` runs in the session's thread whenever `waker` fires; true ends the session.
    `before_reset` runs when the printer has died, before the sender is told.
    """

    def __init__(
        self,
        printer: VirtualPrinter,
        channel: Channel,
        waker: Waker,
        woken: Callable[[], bool],
        before_reset: Callable[[], None] | None = None,
    ) -> None:
        self._printer = printer
        self._channel = channel
        self._waker = waker
        self._woken = woken
        self._before_reset = before_reset
        self._out = b""
        self._read_from = 0.0
        self._sender_open = True

    def run(self) -> None:
        """Until the sender closes and all answers are out, the printer dies, or it is told to."""
        connection = self._printer.connect()
        ended = "closed"
        try:
            if self._printer.dies_now():
                self._printer.die()
            ended = self._carry(connection)
        except OSError:
            ended = "peer"
        finally:
            died = connection.ended == "reset"
            if died and self._before_reset:
                self._before_reset()
            self._channel.close(reset=died)
            self._printer.disconnect(connection, ended)

    def _carry(self, connection: Connection) -> str:
        while connection.ended is None:
            self._printer.tick()
            self._out += self._printer.due(connection)
            if not self._sender_open and not self._out and not connection.waiting:
                return "peer"
            if self._wait(connection):
                return "closed"
        return connection.ended

    def _wait(self, connection: Connection) -> bool:
        """Waits for bytes, room for answers, a wake-up or the clock; true: end the session."""
        clock = self._printer.clock
        now = clock()
        reading = self._sender_open and self._printer.room() > 0 and now >= self._read_from
        times = [self._printer.next_event(connection)]
        if self._read_from > now:
            times.append(self._read_from)
        wait = min((max(0.0, at - now) for at in times if at is not None), default=None)
        readers: list[Waker | Channel] = [self._waker]
        if reading:
            readers.append(self._channel)
        writers = [self._channel] if self._out else []
        ready, free, _ = select.select(readers, writers, [], wait)
        if free:
            self._write()
        if self._channel in ready:
            self._read(connection, now)
        if self._waker in ready:
            self._waker.clear()
            return self._woken()
        return False

    def _write(self) -> None:
        try:
            sent = self._channel.write(self._out)
        except BlockingIOError:
            return
        except OSError:
            if self._sender_open:
                raise
            sent = len(self._out)
        self._out = self._out[sent:]

    def _read(self, connection: Connection, now: float) -> None:
        most = min(_READ, self._printer.room())
        rate = self._printer.trouble.slow
        if rate is not None:
            most = min(most, max(1, int(rate * _SLOW_STEP)))
        if most <= 0:
            return
        try:
            data = self._channel.read(most)
        except BlockingIOError:
            return
        if not data:
            self._sender_open = False
            return
        if rate is not None:
            self._read_from = now + len(data) / rate
        self._printer.receive(connection, data)
