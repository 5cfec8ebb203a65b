"""Between till and head office: epochs, rejections, requests, what was received."""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from pos.store.models.columns import STRICT, record, text


class EpochRow(SQLModel, table=True):
    """Since which record a ledger lives in an epoch."""

    __tablename__ = "epochs"
    __table_args__ = STRICT
    epoch: int = Field(primary_key=True)
    jn: int = record()
    why: str = text()


class Recovered(SQLModel, table=True):
    """A record of an earlier life that came back from head office, by its place in that life."""

    __tablename__ = "recovered"
    __table_args__ = STRICT
    epoch: int = Field(primary_key=True)
    own_jn: int = Field(primary_key=True)
    jn: int = record()
    hash: str = text()


class Parked(SQLModel, table=True):
    """A record that head office did not take, with its words. `again`: it is to be sent once more.

    No fact: it lies beside the journal and goes when head office has the record.
    """

    __tablename__ = "sync_parked"
    __table_args__ = STRICT
    jn: int = Field(primary_key=True)
    epoch: int
    hash: str = text()
    verdict: str = text()
    code: str = text()
    words: str = text()
    at: str = text()
    times: int
    again: int


class Request(SQLModel, table=True):
    """Something asked of head office that must have an end, however often answers are lost.

    `state`: asked (no answer yet), held, confirm, release (to be told), done, refused.
    """

    __tablename__ = "sync_requests"
    __table_args__ = (Index("sync_requests_open", "state", "kind"), STRICT)
    request_id: str = text(primary_key=True)
    kind: str = text()
    about: str = text()
    order_id: str = text()
    state: str = text()
    body: bytes = Field(sa_type=LargeBinary)
    why: str = text()
    at: str = text()


class Received(SQLModel, table=True):
    """The latest value of a key that head office keeps, as JSON; for kinds without own tables."""

    __tablename__ = "received"
    __table_args__ = STRICT
    kind: str = text(primary_key=True)
    key: str = text(primary_key=True)
    stream: str = text()
    version: int
    value: str = text()


class ReceivedPrice(SQLModel, table=True):
    """A price from a moment on; the shop's own go before the chain's."""

    __tablename__ = "received_prices"
    __table_args__ = (Index("received_prices_due", "effective_at"), STRICT)
    sku: str = text(primary_key=True)
    stream: str = text(primary_key=True)
    effective_at: str = text(primary_key=True)
    price_fen: int
    member_fen: int | None = None
    lowest_fen: int | None = None
