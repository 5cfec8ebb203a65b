"""Who joined, for all shops of a chain: sealed at a till, found by keyed hashes, opened at a till.

Head office keeps what it cannot read. Keys are made of the chain's pepper (`store.directory`).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from pos.protocol.fields import Id, Message, Short

Mac = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")]
"""A keyed hash; empty where there is nothing to be found by."""
Sealed = Annotated[str, msgspec.Meta(max_length=4000, pattern="^[0-9a-f]*$")]
By = Literal["phone", "last4", "name", "card"]


class Card(Message, frozen=True):
    """A person who joined. `wrapped_key` opens `sealed`, both hex; an erased one has neither.

    The latest that a till tells counts; who was erased stays so.
    """

    member_id: Id
    level: Short = ""
    joined_at: Annotated[str, msgspec.Meta(max_length=24)] = ""
    phone_mac: Mac = ""
    last4_mac: Mac = ""
    name_mac: Mac = ""
    card_mac: Mac = ""
    wrapped_key: Sealed = ""
    sealed: Sealed = ""
    erased: bool = False


class Seek(Message, frozen=True):
    """Who has this phone, these last four digits, this whole name, this card?"""

    by: By
    mac: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Found(Message, frozen=True):
    """At most twenty, the newest first."""

    people: tuple[Card, ...] = ()
