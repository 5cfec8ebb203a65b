"""Facts of messages that somebody at the counter had sent to a customer."""

from __future__ import annotations

from typing import Literal

from pos.record.parts import Base, Where


class MessageAsked(Base, frozen=True, tag="message.asked"):
    """A customer asked for something by mail; the person is named, the address is not here."""

    where: Where
    what: Literal["receipt"]
    order_id: str
    number: str
    person_id: str
