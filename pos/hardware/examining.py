"""What a printer is and can do, for `pos printer doctor`. Nothing is printed."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec

from pos.hardware.asking import Manner, Talk
from pos.hardware.status import UNKNOWN, Block, Info, Status
from pos.hardware.transport import Broken, Transport, Unreachable

_ASB_ON, _ASB_OFF = b"\x1da\xff", b"\x1da\x00"
_INFO = {"maker": 66, "model": 67, "firmware": 65}


class Examined(msgspec.Struct, frozen=True):
    """A printer as it showed itself. `reason` is empty, or why it could not be asked.

    `answers` DLE EOT, `confirms` the end of a job, `reports` by itself (ASB); `hint` is the word
    of `words.hardware` for the config key that fits what was found, empty where none is needed.
    """

    reason: str = ""
    connect_ms: int = 0
    answers: bool = False
    confirms: bool = False
    reports: bool = False
    status: Status = UNKNOWN
    maker: str = ""
    model: str = ""
    firmware: str = ""

    @property
    def hint(self) -> str:
        """What to set in config.toml."""
        if self.reason:
            return ""
        if not self.answers:
            return "hint_status_off"
        return "" if self.confirms else "hint_confirm_off"


def examine(
    transport: Transport, manner: Manner, monotonic: Callable[[], float] = time.monotonic
) -> Examined:
    """Open the line, ask everything that is asked before a job, and close it."""
    began = monotonic()
    try:
        transport.open()
    except Unreachable as error:
        return Examined(error.code)
    opened = round((monotonic() - began) * 1000)
    try:
        if not transport.two_way:
            return Examined(connect_ms=opened)
        return _asked(Talk(transport, manner, monotonic), opened)
    except Broken as error:
        return Examined(error.code, opened)
    finally:
        transport.close()


def _asked(talk: Talk, opened: int) -> Examined:
    answers = talk.ask(1)
    if answers:
        talk.ask(2)
        talk.ask(3)
        talk.ask(4)
    confirms = answers and talk.listens()
    told = {name: _info(talk, number) for name, number in _INFO.items()} if answers else {}
    talk.put(_ASB_ON)
    reports = any(isinstance(answer, Block) for answer in _heard(talk))
    if reports:
        talk.put(_ASB_OFF)
    return Examined(
        connect_ms=opened,
        answers=answers,
        confirms=confirms,
        reports=reports,
        status=talk.status,
        maker=told.get("maker", ""),
        model=told.get("model", ""),
        firmware=told.get("firmware", ""),
    )


def _info(talk: Talk, number: int) -> str:
    talk.put(b"\x1dI" + bytes((number,)))
    return next((a.text for a in _heard(talk) if isinstance(a, Info)), "")


def _heard(talk: Talk) -> list[object]:
    """All that comes until a whole answer is there, or its time is over."""
    end = talk.now() + talk.manner.answer_seconds
    found: list[object] = []
    while not found and (left := end - talk.now()) > 0:
        found += talk.hear(left)
    return found
