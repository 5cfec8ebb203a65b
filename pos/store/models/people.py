"""Customers and where their orders are brought, sealed."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import SQLModel

from pos.store.models.columns import STRICT, blob, text


class Person(SQLModel, table=True):
    """A customer. Fields are sealed with the person's own key; without it nobody can read them.

    The `mac`s are keyed hashes, to find a whole name, a phone number or its last four digits.
    """

    __tablename__ = "persons"
    __table_args__ = (
        Index("persons_by_phone", "phone_mac"),
        Index("persons_by_last4", "last4_mac"),
        Index("persons_by_name", "name_mac"),
        Index("persons_by_mail", "mail_mac"),
        STRICT,
    )
    person_id: str = text(primary_key=True)
    wrapped_key: bytes | None = blob(nullable=True)
    name: bytes | None = blob(nullable=True)
    phone: bytes | None = blob(nullable=True)
    name_mac: bytes | None = blob(nullable=True)
    phone_mac: bytes | None = blob(nullable=True)
    last4_mac: bytes | None = blob(nullable=True)
    created_at: str = text()
    erased_at: str = text(default="")
    mail: bytes | None = blob(nullable=True)
    mail_mac: bytes | None = blob(nullable=True)


class Member(SQLModel, table=True):
    """A person who joined. Card and birthday are sealed with the person's key; the card is found
    by its keyed hash."""

    __tablename__ = "members"
    __table_args__ = (Index("members_by_card", "card_mac", unique=True), STRICT)
    person_id: str = text(primary_key=True, foreign_key="persons.person_id", ondelete="RESTRICT")
    level: str = text()
    card: bytes | None = blob(nullable=True)
    card_mac: bytes | None = blob(nullable=True)
    birthday: bytes | None = blob(nullable=True)
    joined_at: str = text()


class Delivery(SQLModel, table=True):
    """Where an order is to be brought; sealed with the person's key."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("deliveries_by_person", "person_id"), STRICT)
    delivery_id: str = text(primary_key=True)
    person_id: str = text(foreign_key="persons.person_id", ondelete="RESTRICT")
    address: bytes | None = blob(nullable=True)
    note: bytes | None = blob(nullable=True)
    created_at: str = text()
