"""A message, and what can come of sending it."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

Channel = Literal["mail", "hook"]


class Message(msgspec.Struct, frozen=True):
    """`message_id` is the same at every try; `to` is an address or the name of a webhook.

    `about` is what it tells of, so that one thing is told once: `close:SHIFT`, `invoice:NUMBER`.
    """

    message_id: str
    channel: Channel
    to: str
    about: str
    subject: str
    text: str
    html: str = ""


class Sent(msgspec.Struct, frozen=True):
    """The other end took it."""


class Rejected(msgspec.Struct, frozen=True):
    """The other end will never take it."""

    why: str


class Later(msgspec.Struct, frozen=True):
    """It surely did not go out: the server is away, busy, or says later."""

    why: str


class Uncertain(msgspec.Struct, frozen=True):
    """It went out and no answer came: it may have arrived."""

    why: str


Outcome = Sent | Rejected | Later | Uncertain


def message_id(about: str, to: str) -> str:
    """The one id of a message about something to somebody, the same in every life of a program."""
    return hashlib.sha256(f"{about}\n{to}".encode()).hexdigest()[:32]
