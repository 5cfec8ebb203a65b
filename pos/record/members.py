"""Facts of members: that somebody became one, and at which level; who it is stays apart."""

from __future__ import annotations

from typing import Literal

from pos.record.parts import Base, Where


class MemberChanged(Base, frozen=True, tag="member.changed"):
    """A person joined, got another card, level or mail address; only levels are told."""

    where: Where
    person_id: str
    change: Literal["joined", "card", "level", "birthday", "mail"]
    level: str
