"""A printer on TCP that does what it is told, well or badly, and counts what reached it."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

ONLINE = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}


@dataclass
class Behaviour:
    """How the printer is. `answers`: what it answers to, of "dle" and "gs"."""

    answers: frozenset[str] = frozenset({"dle", "gs"})
    status: dict[int, int] = field(default_factory=lambda: dict(ONLINE))
    sensor: int = 0
    die_after: int = -1
    die_by_reset: bool = True
    close_at_once: bool = False
    deaf: bool = False
    slow: float = 0.0
    late: float = 0.0
    noise: bytes = b""
    swallow: int = 0
    """Bytes it still takes for a picture that broke off."""


@dataclass
class Paper:
    """What reached the printer: every byte, and the jobs that ended with a cut or a pulse."""

    received: bytearray = field(default_factory=bytearray)
    job: bytearray = field(default_factory=bytearray)
    """What is neither a question nor a flush."""
    connections: int = 0
    answered: int = 0


class FakePrinter:
    """Serves one connection after another on 127.0.0.1."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.paper = Paper()
        self._server = socket.create_server(("127.0.0.1", 0))
        if behaviour.deaf:
            self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.port = int(self._server.getsockname()[1])
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="fake printer")
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            self.paper.connections += 1
            with line, suppress(OSError):
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        how = self.behaviour
        if how.close_at_once:
            return
        line.settimeout(0.01)
        if how.noise:
            line.sendall(how.noise)
        if how.deaf:
            self._stop.wait(30)
            return
        brain = Brain(how, self.paper)
        while not self._stop.is_set():
            size = 1 if how.die_after >= 0 else 4096
            try:
                data = line.recv(min(size, 64) if how.slow else size)
            except TimeoutError:
                continue
            if not data:
                return
            if how.slow:
                self._stop.wait(how.slow)
            if 0 <= how.die_after <= len(self.paper.received):
                if how.die_by_reset:
                    linger = struct.pack("ii", 1, 0)
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return
            answer = brain.take(data)
            if answer:
                if how.late:
                    self._stop.wait(how.late)
                line.sendall(answer)


class Brain:
    """Enough of ESC/POS to know a question from a job."""

    def __init__(self, how: Behaviour, paper: Paper) -> None:
        self.how = how
        self.paper = paper
        self._held = b""

    def take(self, data: bytes) -> bytes:
        """The answers to what came."""
        self.paper.received += data
        self._held += data
        answer = b""
        while self._held:
            used, said = self._step()
            if not used:
                break
            self._held = self._held[used:]
            answer += said
        self.paper.answered += len(answer)
        return answer

    def _step(self) -> tuple[int, bytes]:
        held = self._held
        if held[:1] == b"\x10":
            if len(held) < 3:
                return 0, b""
            said = bytes([self.how.status[held[2]]]) if "dle" in self.how.answers else b""
            return 3, said
        if self.how.swallow:
            self.how.swallow -= 1
            return 1, b""
        if held[:1] == b"\x1d" and len(held) < 3:
            return 0, b""
        if held[:2] == b"\x1dr":
            return 3, bytes([self.how.sensor]) if "gs" in self.how.answers else b""
        if held[:3] == b"\x1d(H":
            if len(held) < 11:
                return 0, b""
            return 11, b"\x37\x22" + held[7:11] + b"\x00" if "gs" in self.how.answers else b""
        if held[:2] == b"\x1b@" or (held[:1] == b"\x1b" and len(held) < 2):
            return (2, b"") if len(held) > 1 else (0, b"")
        if held[:1] == b"\x00":
            return 1, b""
        self.paper.job += held[:1]
        return 1, b""


@contextmanager
def printer(**how: object) -> Iterator[FakePrinter]:
    """A fake printer for the length of a test."""
    fake = FakePrinter(Behaviour(**how))  # type: ignore[arg-type]
    try:
        yield fake
    finally:
        fake.close()


def settle(fake: FakePrinter, size: int) -> None:
    """Wait until the printer has read so many bytes of a job."""
    end = time.monotonic() + 5
    while len(fake.paper.job) < size and time.monotonic() < end:
        time.sleep(0.002)
