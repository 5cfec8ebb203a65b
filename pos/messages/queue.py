"""What becomes of a kept message: when it is tried, tried again, given up. Pure but for `work`.

Before a send the message is committed as `sending`; one that is found so after a crash may have
arrived and is marked. It is sent again under the same id, and says that it may be a repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec
from msgspec.structs import replace

from pos.clock import stamp
from pos.messages.message import Later, Message, Outcome, Rejected, Sent, Uncertain

State = Literal["waiting", "sending", "sent", "failed"]
PAUSES = (10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
"""Seconds before the next try; after the last the message is given up."""


class Kept(msgspec.Struct, frozen=True):
    """A message with where it stands; `doubtful`: an earlier try may have arrived."""

    message: Message
    state: State = "waiting"
    tries: int = 0
    next_at: str = ""
    doubtful: bool = False
    why: str = ""

    @property
    def open(self) -> bool:
        """Whether it is still to be sent."""
        return self.state in ("waiting", "sending")


class Storage(Protocol):
    """Where messages are kept. Every call is on disk when it returns."""

    def due(self, now: str) -> Sequence[Kept]:
        """Open messages whose time has come, the oldest first."""

    def put(self, kept: Kept) -> None:
        """Keep the state of one."""


Send = Callable[[Message, bool], Outcome]
"""Sends a message; the flag says that it may be a repeat."""


def begin(kept: Kept) -> Kept:
    """To be committed before the send."""
    doubtful = kept.doubtful or kept.state == "sending"
    return replace(kept, state="sending", tries=kept.tries + 1, doubtful=doubtful)


def after(kept: Kept, outcome: Outcome, now: datetime) -> Kept:
    """To be committed after the send."""
    match outcome:
        case Sent():
            return replace(kept, state="sent", next_at="", why="")
        case Rejected(why):
            return replace(kept, state="failed", next_at="", why=why)
        case Later(why):
            return _again(kept, why, now)
        case Uncertain(why):
            return _again(replace(kept, doubtful=True), why, now)


def _again(kept: Kept, why: str, now: datetime) -> Kept:
    if kept.tries > len(PAUSES):
        return replace(kept, state="failed", next_at="", why=why)
    pause = timedelta(seconds=PAUSES[kept.tries - 1])
    return replace(kept, state="waiting", next_at=stamp(now + pause), why=why)


def work(storage: Storage, send: Send, now: Callable[[], datetime]) -> int:
    """Try everything that is due, once each; how many were tried."""
    due = storage.due(stamp(now()))
    for kept in due:
        begun = begin(kept)
        storage.put(begun)
        storage.put(after(begun, send(begun.message, begun.doubtful), now()))
    return len(due)
