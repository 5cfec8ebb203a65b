"""A line with faults, between a till and head office: one fault a connection, drawn from a seed.

pass       as it is
refuse     the connection is closed before anything is read
500        an error page instead of the answer; the request never arrives
portal     200 and HTML, as from a network that wants a login
bad_json   200 and half of something
413        too large, said by a proxy on the way
truncated  the request arrives, half of the answer comes back
reset      the request arrives and is worked on, then the connection is reset
hole       the request arrives and is worked on, nothing ever comes back
twice      the request arrives twice, the second answer comes back
slow       as it is, in small pieces
"""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import Literal, get_args

Fault = Literal[
    "pass",
    "refuse",
    "500",
    "portal",
    "bad_json",
    "413",
    "truncated",
    "reset",
    "hole",
    "twice",
    "slow",
]
FAULTS: tuple[Fault, ...] = get_args(Fault)
# they say that the line ends with them: who sends on it meanwhile would meet a second fault
_LOST: dict[str, bytes] = {
    "500": b"HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: 4\r\n"
    b"Connection: close\r\n\r\noops",
    "portal": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 18\r\n"
    b"Connection: close\r\n\r\n<html>login</html>",
    "bad_json": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n"
    b'Connection: close\r\n\r\n{"shop":"',
    "413": b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}
HOLE_SECONDS = 0.6
"""Longer than the till's patience in these tests."""


class Proxy:
    """Listens on a port of its own; `faults` may be changed while it runs."""

    def __init__(self, to: int, seed: int, faults: Sequence[Fault] = FAULTS) -> None:
        self.to, self.faults = to, faults
        self.seen: Counter[Fault] = Counter()
        self._draw = random.Random(seed)
        self._guard = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        """Where a till finds head office through it."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Listen no more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with self._guard:
            fault = self._draw.choice(self.faults)
            self.seen[fault] += 1
        with near, contextlib.suppress(OSError):
            near.settimeout(10)
            if fault == "refuse":
                return
            request = _message(near)
            if not request:
                return
            if fault in _LOST:
                near.sendall(_LOST[fault])
                return
            answer = self._ask(request)
            if fault == "twice":
                answer = self._ask(request)
            self._give_back(near, answer, fault)

    def _ask(self, request: bytes) -> bytes:
        """Send to head office on a connection of its own; the whole answer."""
        head, mark, body = request.partition(b"\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.to), timeout=10) as far:
            far.sendall(head + b"\r\nConnection: close" + mark + body)
            return _message(far)

    def _give_back(self, near: socket.socket, answer: bytes, fault: Fault) -> None:
        match fault:
            case "truncated":
                near.sendall(answer[: max(1, len(answer) // 2)])
            case "reset":
                near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            case "hole":
                time.sleep(HOLE_SECONDS)
            case "slow":
                step = max(1, len(answer) // 8)
                for at in range(0, len(answer), step):
                    near.sendall(answer[at : at + step])
                    time.sleep(0.005)
            case _:
                near.sendall(answer)


def _message(one: socket.socket) -> bytes:
    """A whole request or answer; what is cut short is given back as it is."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = one.recv(65536)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        part = one.recv(65536)
        if not part:
            break
        body += part
    return head + b"\r\n\r\n" + body
