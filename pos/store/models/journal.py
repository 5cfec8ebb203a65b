"""The journal, single values, and events that have no table of their own."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from pos.store.models.columns import STRICT, blob, text


class Meta(SQLModel, table=True):
    """Single values: ledger_id, shop, till, epoch, public_key, clean, acked_jn, config."""

    __tablename__ = "meta"
    __table_args__ = STRICT
    key: str = text(primary_key=True)
    value: str = text()


class Journal(SQLModel, table=True):
    """The chain of records, gapless from 1. `body` is the bytes that were hashed and signed."""

    __tablename__ = "journal"
    __table_args__ = (CheckConstraint("jn > 0", name="jn_positive"), STRICT)
    jn: int = Field(primary_key=True)
    kind: str = text()
    at: str = text()
    body: bytes = blob()
    hash: bytes = blob()
    signature: bytes = blob()


class Event(SQLModel, table=True):
    """Everything else that is on record: drawer, sessions, reprints, settings, clock, operators."""

    __tablename__ = "events"
    __table_args__ = (Index("events_by_kind", "kind", "subject"), STRICT)
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    kind: str = text()
    operator: str = text()
    shift_id: str = text()
    business_date: str = text()
    subject: str = text()
    detail: str = text()
