"""Offers: what closed orders were given, the versions of what is on offer, coupon codes."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import text as sql_text
from sqlmodel import Field, SQLModel

from pos.store.models.columns import STRICT, blob, record, text


class OrderOffer(SQLModel, table=True):
    """An offer that a closed order was given; an empty `offer_id` is a product's member price."""

    __tablename__ = "order_offers"
    __table_args__ = (
        Index("order_offers_by_day", "offer_id", "business_date"),
        Index(
            "order_offers_by_person",
            "person_id",
            "offer_id",
            sqlite_where=sql_text("person_id <> ''"),
        ),
        Index("order_offers_by_code", "code", sqlite_where=sql_text("code <> ''")),
        STRICT,
    )
    order_id: str = text(primary_key=True, foreign_key="orders.order_id", ondelete="RESTRICT")
    n: int = Field(primary_key=True)
    jn: int = record()
    business_date: str = text()
    person_id: str = text()
    offer_id: str = text()
    name: str = text()
    kind: str = text()
    times: int
    fen: int
    code: str = text()
    points: int


class OfferTotal(SQLModel, table=True):
    """How often an offer was given and what it cost in all, kept by a trigger."""

    __tablename__ = "offer_totals"
    __table_args__ = STRICT
    offer_id: str = text(primary_key=True)
    times: int
    fen: int


class OfferVersion(SQLModel, table=True):
    """One state of all offers; the newest is live."""

    __tablename__ = "offer_versions"
    __table_args__ = STRICT
    version: int = Field(primary_key=True)
    source: str = text()
    sha256: str = text()
    loaded_at: str = text()


class Offer(SQLModel, table=True):
    """An offer of a version, as JSON."""

    __tablename__ = "offers"
    __table_args__ = STRICT
    version: int = Field(
        primary_key=True, foreign_key="offer_versions.version", ondelete="RESTRICT"
    )
    offer_id: str = text(primary_key=True)
    body: bytes = blob()


class Coupon(SQLModel, table=True):
    """A code of the newest version's coupons and how often it can be used."""

    __tablename__ = "coupons"
    __table_args__ = STRICT
    code: str = text(primary_key=True)
    offer_id: str = text()
    uses: int
