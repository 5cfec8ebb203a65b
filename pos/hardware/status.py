"""What a printer says of itself, byte by byte.

Sources: ESC/POS command reference, DLE EOT, GS a (automatic status back), GS r, GS ( H, GS I;
which fixed bits tell the answers apart is the same on the printers that follow it. An answer that
has not come is not known, never "all is well".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec.structs import replace

ASK = {n: bytes((0x10, 0x04, n)) for n in (1, 2, 3, 4)}
"""DLE EOT n: 1 printer, 2 offline cause, 3 error cause, 4 paper. Answered at once, even offline."""

Word = Literal[
    "paper_out", "cover_open", "cutter_error", "printer_error", "printer_offline", "paper_low"
]


class Status(msgspec.Struct, frozen=True):
    """What is known of a printer; None where it has not said."""

    online: bool | None = None
    cover_open: bool | None = None
    paper_out: bool | None = None
    paper_low: bool | None = None
    cutter_error: bool | None = None
    error: bool | None = None
    drawer_high: bool | None = None
    """Level of the drawer's signal; which level means open differs from drawer to drawer."""

    @property
    def known(self) -> bool:
        """Whether the printer has said anything."""
        return self != UNKNOWN

    @property
    def trouble(self) -> Word | None:
        """Why it cannot print now, the cause before the effect; None where nothing is known."""
        if self.paper_out:
            return "paper_out"
        if self.cover_open:
            return "cover_open"
        if self.cutter_error:
            return "cutter_error"
        if self.error:
            return "printer_error"
        return "printer_offline" if self.online is False else None

    @property
    def words(self) -> tuple[Word, ...]:
        """All that somebody should see to."""
        found: tuple[tuple[Word, bool | None], ...] = (
            ("paper_out", self.paper_out),
            ("cover_open", self.cover_open),
            ("cutter_error", self.cutter_error),
            ("printer_error", self.error),
            ("paper_low", self.paper_low and not self.paper_out),
        )
        told = tuple(word for word, holds in found if holds)
        return told or (("printer_offline",) if self.online is False else ())


UNKNOWN = Status()


def real_time(status: Status, asked: int, answer: int) -> Status:
    """`status` with the answer to DLE EOT `asked` in it."""
    if asked == 1:
        return replace(status, drawer_high=_bit(answer, 2), online=not _bit(answer, 3))
    if asked == 2:
        return replace(status, cover_open=_bit(answer, 2), paper_out=_bit(answer, 5))
    if asked == 3:
        error = _bit(answer, 5) or _bit(answer, 6)
        return replace(status, cutter_error=_bit(answer, 3), error=error)
    # the end sensor may see paper while the roll's end has stopped the printer
    stopped = status.online is False and bool(status.paper_out)
    return replace(status, paper_low=bool(answer & 0x0C), paper_out=bool(answer & 0x60) or stopped)


def automatic(status: Status, block: bytes) -> Status:
    """`status` after an automatic status block of 4 bytes."""
    first, second, third = block[:3]
    return replace(
        status,
        drawer_high=_bit(first, 2),
        online=not _bit(first, 3),
        cover_open=_bit(first, 5),
        cutter_error=_bit(second, 3),
        error=_bit(second, 5) or _bit(second, 6),
        paper_low=bool(third & 0x03),
        paper_out=bool(third & 0x0C),
    )


def _bit(byte: int, n: int) -> bool:
    return bool(byte >> n & 1)


class RealTime(msgspec.Struct, frozen=True):
    """An answer to DLE EOT."""

    byte: int


class Block(msgspec.Struct, frozen=True):
    """An automatic status block."""

    data: bytes


class Worked(msgspec.Struct, frozen=True):
    """An answer to GS r: everything sent before the question has been worked off."""

    paper_low: bool
    paper_out: bool


class Process(msgspec.Struct, frozen=True):
    """An answer to GS ( H: the same, with the id that was sent."""

    id: str


class Info(msgspec.Struct, frozen=True):
    """An answer to GS I: maker, model or firmware."""

    text: str


Answer = RealTime | Block | Worked | Process | Info
_LONGEST = 80


class Listener:
    """Cuts what a printer sends into answers; bytes of a block that broke off are let go."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> Iterator[Answer]:
        """The answers that are complete now, in order."""
        for byte in data:
            if self._held and not self._belongs(byte):
                self._held = b""
            self._held += bytes((byte,))
            found = self._complete()
            if found is not None:
                self._held = b""
                yield found
            elif not self._open():
                self._held = b""

    def _belongs(self, byte: int) -> bool:
        """Whether a byte goes on with what is held; other kinds of byte begin something new."""
        if self._held[0] & 0x93 == 0x10:
            return byte & 0x90 == 0
        if self._held[0] == 0x37:
            if len(self._held) == 1:
                return byte == 0x22
            return 0x20 <= byte <= 0x7E if len(self._held) < 6 else byte == 0
        return byte == 0 or 0x20 <= byte <= 0x7E

    def _open(self) -> bool:
        return self._held[0] & 0x93 == 0x10 or self._held[0] in (0x37, 0x5F, 0x3D)

    def _complete(self) -> Answer | None:
        held, first = self._held, self._held[0]
        if first & 0x93 == 0x10:
            return Block(held) if len(held) == 4 else None
        if first == 0x37:
            ends = len(held) == 7 and held[-1] == 0
            return Process(held[2:6].decode("ascii", "replace")) if ends else None
        if first in (0x5F, 0x3D):
            if held[-1] and len(held) < _LONGEST:
                return None
            return Info("".join(chr(b) for b in held[1:] if 0x20 <= b <= 0x7E))
        if first & 0x93 == 0x12:
            return RealTime(first)
        if first & 0x90 == 0:
            return Worked(bool(first & 0x03), bool(first & 0x0C))
        return None
