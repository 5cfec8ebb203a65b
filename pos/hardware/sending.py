"""`send()`: one job to one printer, and what became of it.

The states are kept apart by what can be proved, never by what is likely:

- `printed`: the printer has answered a question that stood behind the job's last byte.
- `sent`: everything was taken, and this printer never answers questions.
- `failed`: not one byte of the job was taken by anything on the way. It may be sent again.
- `uncertain`: anything else. Only a person who looks at the paper may send it again.

Before the job the printer is asked how it is (DLE EOT) and whether it still listens to commands
(`ESC @`, then the same question that later ends the job): one that was left in the middle of a
picture by a broken job swallows what comes, so it is fed NULs until it listens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from pos.hardware.asking import INIT, SLOWEST, Manner, Talk
from pos.hardware.status import UNKNOWN, Process, Status, Worked
from pos.hardware.transport import Broken, Transport, Unreachable

State = Literal["printed", "sent", "failed", "uncertain"]

FLUSH = bytes(8192)
"""Longer than any picture band, barcode or QR code of ours that may have been broken off."""


class Abilities(msgspec.Struct, frozen=True):
    """What a printer has shown it can do; None until it was asked. Keep it from job to job."""

    answers: bool | None = None
    confirms: bool | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What became of a job: `reason` is a word of `words.hardware`, empty where all is well.

    `written` of `size` bytes were taken by the line; `values` fill the gaps of the reason.
    """

    state: State
    reason: str
    written: int
    size: int
    status: Status = UNKNOWN
    abilities: Abilities = Abilities()
    values: dict[str, object] = {}


def send(
    data: bytes,
    transport: Transport,
    manner: Manner,
    monotonic: Callable[[], float],
    *,
    known: Abilities = Abilities(),  # noqa: B008 - frozen
    flush: bool = False,
) -> Outcome:
    """Send one job and close the line. Blocks up to a few `job_seconds`; never raises for a device.

    `flush`: the job before it may have broken off (its outcome was uncertain, or nobody knows).
    """
    try:
        transport.open()
    except Unreachable as error:
        return Outcome("failed", error.code, 0, len(data), values=error.values, abilities=known)
    try:
        return _Sending(data, transport, manner, monotonic, known).run(flush)
    finally:
        transport.close()


class _Stop(Exception):  # noqa: N818 - an end, not an error
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Sending(Talk):
    """A job on its way."""

    def __init__(
        self,
        data: bytes,
        transport: Transport,
        manner: Manner,
        monotonic: Callable[[], float],
        known: Abilities,
    ) -> None:
        super().__init__(transport, manner, monotonic)
        self.data = data
        self.known = known
        self.written = 0
        self.asks = transport.two_way and manner.status != "off"
        self.may_confirm = self.asks and manner.confirm != "off" and known.confirms is not False

    def run(self, flush: bool) -> Outcome:
        """From the first question to the last answer."""
        try:
            self._prepare(flush and self.line.two_way)
        except _Stop as stop:
            return self._outcome("failed", stop.reason)
        except Broken as broken:
            return self._outcome("failed", broken.code)
        try:
            self._write()
        except Broken as broken:
            # nothing was taken and nothing can have been: the job is as good as never begun
            nothing = not self.written and not broken.maybe
            return self._outcome("failed" if nothing else "uncertain", broken.code)
        try:
            return self._confirm()
        except Broken as broken:
            return self._outcome("uncertain", broken.code)

    # before

    def _prepare(self, flush: bool) -> None:
        there = self.asks and self.look()
        if trouble := self.status.trouble:
            raise _Stop(trouble)
        if self.asks and not there and (self.manner.status == "on" or self.known.answers):
            raise _Stop("printer_no_answer")
        if flush:
            self.put(FLUSH + INIT)
        if there and self.may_confirm and not self.listens():
            self._wake(flush)

    def _wake(self, flushed: bool) -> None:
        """It answers in real time and takes no commands: busy, or inside a broken picture."""
        if not flushed:
            self.put(FLUSH)
        if self.listens():
            # where the first question was only slow, its answer and this one's come together
            self.answer_to("", self.manner.answer_seconds)
            self.forget()
        elif self.known.confirms:
            raise _Stop("printer_busy")
        else:
            self.may_confirm = False

    # the job

    def _write(self) -> None:
        view = memoryview(self.data)
        longest = self.manner.job_seconds
        end = self.now() + longest + len(view) / SLOWEST
        while self.written < len(view):
            left = min(longest, end - self.now())
            taken = self.line.write(view[self.written :], left) if left > 0 else 0
            if not taken:
                raise Broken("printer_write_timeout")
            self.written += taken
            if self.line.two_way:
                self.hear(0)

    # after

    def _confirm(self) -> Outcome:
        if self.line.keeps:
            return self._outcome("printed", "")
        if not self.may_confirm:
            return self._unconfirmed()
        sure = self.answers or bool(self.known.confirms)
        # one that has not answered once is not waited for as long
        answer = self._answer(self.manner.job_seconds if sure else self.manner.answer_seconds)
        if isinstance(answer, Worked) and answer.paper_out:
            return self._outcome("uncertain", "paper_out")
        if answer is not None:
            return self._outcome("printed", "")
        if sure:
            return self._outcome("uncertain", self.status.trouble or "printer_no_confirmation")
        return self._unconfirmed()

    def _answer(self, seconds: float) -> Worked | Process | None:
        """The answer to the question behind the job; meanwhile the reason why it does not come."""
        mark = self.question(self.data)
        end = self.now() + seconds
        pause = 2 * self.manner.answer_seconds
        while (left := end - self.now()) > 0:
            answer = self.answer_to(mark, min(pause, left))
            if answer is not None:
                return answer
            if self.answers and left > pause:
                self.ask_without_waiting(1, 2, 4)
        return None

    def _unconfirmed(self) -> Outcome:
        """The printer took everything and says nothing of it."""
        if self.answers and not self.look():
            return self._outcome("uncertain", "printer_no_answer")
        if trouble := self.status.trouble:
            return self._outcome("uncertain", trouble)
        if not self.line.finish(self.manner.job_seconds):
            return self._outcome("uncertain", "printer_write_timeout")
        return self._outcome("sent", "printer_cannot_confirm")

    def _outcome(self, state: State, reason: str) -> Outcome:
        confirms = self.known.confirms
        if self.confirms:
            confirms = True
        elif state == "sent" and self.answers and self.manner.confirm != "off":
            # it answers in real time and has let every question in its turn pass
            confirms = False
        abilities = Abilities(self.answers or self.known.answers, confirms)
        return Outcome(state, reason, self.written, len(self.data), self.status, abilities)
