"""What reaches the till from a keyboard or a scanner, after the router made sense of it."""

from __future__ import annotations

import msgspec


class Entered(msgspec.Struct, frozen=True):
    """A terminator: Enter, LF, Tab or the end of a scan. `text` may be empty.

    `burst` says that the characters came as fast as only a scanner sends them.
    """

    text: str
    burst: bool = False


class Acted(msgspec.Struct, frozen=True):
    """A key that means a command in the present mode, with what had been typed before it."""

    command: str
    text: str = ""


class Typed(msgspec.Struct, frozen=True):
    """What stands on the entry line of a list that is searched while one types."""

    text: str


class Rejected(msgspec.Struct, frozen=True):
    """Input that was dropped as a whole: `code` is a refusal (`too_long`)."""

    code: str


class Strayed(msgspec.Struct, frozen=True):
    """A key that means nothing here; a note is shown, nothing happens."""

    key: str


Event = Entered | Acted | Typed | Rejected | Strayed
