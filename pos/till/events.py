"""What reaches the till from a keyboard or a scanner, after the router made sense of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entered:
    """A terminator: Enter, LF, Tab or the end of a scan. `text` may be empty.

    `burst` says that the characters came as fast as only a scanner sends them.
    """

    text: str
    burst: bool = False


@dataclass(frozen=True)
class Acted:
    """A key that means a command in the present mode, with what had been typed before it."""

    command: str
    text: str = ""


@dataclass(frozen=True)
class Rejected:
    """Input that was dropped as a whole: `code` is a refusal (`too_long`)."""

    code: str


@dataclass(frozen=True)
class Strayed:
    """A key that means nothing here; a note is shown, nothing happens."""

    key: str


Event = Entered | Acted | Rejected | Strayed
