"""Questions to a printer on an open line, and its answers."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable
from typing import Literal

import msgspec

from pos.devices import Printer
from pos.hardware.status import (
    ASK,
    UNKNOWN,
    Answer,
    Block,
    Listener,
    Process,
    RealTime,
    Worked,
    automatic,
    real_time,
)
from pos.hardware.transport import Broken, Transport

SLOWEST = 500
"""Bytes a second below which a line is taken for dead: half of 9600 baud."""


class Manner(msgspec.Struct, frozen=True):
    """How to deal with a printer: the keys of `devices.Printer`, in seconds."""

    status: Literal["auto", "on", "off"] = "auto"
    confirm: Literal["gs_r", "gs_h", "off"] = "gs_r"
    answer_seconds: float = 0.8
    job_seconds: float = 20.0


def manner_of(printer: Printer) -> Manner:
    """The manner a printer's section asks for."""
    return Manner(
        printer.status, printer.confirm, printer.answer_ms / 1000, float(printer.job_seconds)
    )


INIT = b"\x1b@"


class Talk:
    """One conversation: what was asked, what has been answered, what is known by it."""

    def __init__(
        self, transport: Transport, manner: Manner, monotonic: Callable[[], float]
    ) -> None:
        self.line = transport
        self.manner = manner
        self.now = monotonic
        self.status = UNKNOWN
        self.answers = False
        """Whether it has answered DLE EOT."""
        self.confirms = False
        """Whether it has answered a question in its turn."""
        self._listener = Listener()
        self._real_time: deque[int] = deque()
        self._asked = 0
        self._unanswered = 0

    def put(self, data: bytes) -> None:
        """Write a question whole; Broken when the line does not take it."""
        view = memoryview(data)
        end = self.now() + max(self.manner.answer_seconds, len(data) / SLOWEST)
        while view:
            left = end - self.now()
            taken = self.line.write(view, left) if left > 0 else 0
            if not taken:
                raise Broken("printer_write_timeout")
            view = view[taken:]

    def hear(self, seconds: float) -> list[Answer]:
        """What the printer says next, waiting at most `seconds` for it."""
        found = list(self._listener.feed(self.line.read(seconds)))
        for answer in found:
            if isinstance(answer, Block):
                self.status = automatic(self.status, answer.data)
            elif isinstance(answer, RealTime) and self._real_time:
                self.answers = True
                self.status = real_time(self.status, self._real_time.popleft(), answer.byte)
            elif isinstance(answer, Worked | Process):
                self.confirms = True
        return found

    def ask(self, *numbers: int) -> bool:
        """Put DLE EOT questions and wait for the answers, which go into `status`."""
        self.ask_without_waiting(*numbers)
        end = self.now() + self.manner.answer_seconds
        while self._real_time and (left := end - self.now()) > 0:
            self.hear(left)
        return not self._real_time

    def ask_without_waiting(self, *numbers: int) -> None:
        """Put DLE EOT questions; `hear` sorts the answers."""
        self._real_time.clear()
        for number in numbers:
            self.put(ASK[number])
            self._real_time.append(number)

    def look(self) -> bool:
        """Ask how the printer is, and why where it is offline; whether it answered."""
        if not self.ask(1):
            return False
        self.ask(*((4,) if self.status.online else (2, 3, 4)))
        return True

    def question(self, job: bytes = b"") -> str:
        """Put the question that is answered in its turn; its id."""
        self._asked += 1
        self._unanswered += 1
        # the answer to one question must not be taken for that to another
        mark = f"{zlib.crc32(job) % 100:02d}{self._asked % 100:02d}"
        if self.manner.confirm == "gs_h":
            self.put(b"\x1d(H\x06\x0000" + mark.encode())
        else:
            self.put(b"\x1dr\x01")
        return mark

    def answer_to(self, mark: str, seconds: float, open_before: int = 0) -> Worked | Process | None:
        """The answer with the id, or the one by which at most `open_before` questions stay open."""
        end = self.now() + seconds
        while (left := end - self.now()) > 0:
            for answer in self.hear(left):
                if isinstance(answer, Process) and answer.id == mark:
                    self.forget()
                    return answer
                if isinstance(answer, Worked) and self._unanswered:
                    self._unanswered -= 1
                    if self._unanswered <= open_before:
                        return answer
        return None

    def listens(self) -> bool:
        """Whether the printer takes commands now; inside a picture it takes none."""
        open_before = self._unanswered
        self.put(INIT)
        mark = self.question()
        return self.answer_to(mark, self.manner.answer_seconds, open_before) is not None

    def forget(self) -> None:
        """Questions that are still open were swallowed."""
        self._unanswered = 0
