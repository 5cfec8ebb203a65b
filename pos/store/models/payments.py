"""Attempts to take money over a network, refunds, reconciliation."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql_text
from sqlmodel import Field, SQLModel

from pos.store.models.columns import STRICT, blob, text


class PaymentAttempt(SQLModel, table=True):
    """One try to take money over a network; `body` is the machine's whole state as JSON.

    Columns repeat what is searched for. `live`: it may still take money that its order waits for;
    `open`: it is unresolved (未决) or still asked after.
    """

    __tablename__ = "payment_attempts"
    __table_args__ = (
        CheckConstraint("fen > 0", name="attempt_fen"),
        Index("attempts_by_order", "order_id"),
        Index("attempts_open", "open", sqlite_where=sql_text("open = 1")),
        Index("one_live_attempt", "order_id", unique=True, sqlite_where=sql_text("live = 1")),
        Index(
            "attempt_code",
            "code_mark",
            "business_date",
            unique=True,
            sqlite_where=sql_text("code_mark <> ''"),
        ),
        STRICT,
    )
    attempt_id: str = text(primary_key=True)
    order_id: str = text()
    channel: str = text()
    way: str = text()
    out_trade_no: str = text(unique=True)
    fen: int
    state: str = text()
    live: int
    open: int
    code_mark: str = text()
    operator: str = text()
    shift_id: str = text()
    business_date: str = text()
    created_at: str = text()
    body: bytes = blob()


class PaymentRefund(SQLModel, table=True):
    """Money of an attempt on its way back, under a number of its own; `body` as above."""

    __tablename__ = "payment_refunds"
    __table_args__ = (
        CheckConstraint("fen > 0", name="refund_fen"),
        Index("refunds_by_attempt", "attempt_id"),
        Index("refunds_open", "open", sqlite_where=sql_text("open = 1")),
        STRICT,
    )
    out_refund_no: str = text(primary_key=True)
    attempt_id: str = text(foreign_key="payment_attempts.attempt_id", ondelete="RESTRICT")
    order_id: str = text()
    channel: str = text()
    fen: int
    state: str = text()
    open: int
    created_at: str = text()
    body: bytes = blob()


class PaymentStep(SQLModel, table=True):
    """What happened to an attempt or a refund, in order; the last one has the hash of its row."""

    __tablename__ = "payment_steps"
    __table_args__ = (Index("payment_steps_by_subject", "subject"), STRICT)
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    what: str = text()
    subject: str = text()
    at: str = text()
    event: str = text()
    state: str = text()
    detail: str = text()
    row_sha256: str = text()


class PaymentDifference(SQLModel, table=True):
    """A difference between a provider's bill and the till, until a manager settles it."""

    __tablename__ = "payment_differences"
    __table_args__ = STRICT
    channel: str = text(primary_key=True)
    day: str = text(primary_key=True)
    difference: str = text(primary_key=True)
    number: str = text(primary_key=True)
    order_id: str = text()
    local_fen: int | None = None
    bill_fen: int | None = None
    explained: int
    resolved_by: str = text()
    reason: str = text()


class PaymentPool(SQLModel, table=True):
    """What a day's reconciliation left for the next day's; one row a channel and day."""

    __tablename__ = "payment_pool"
    __table_args__ = STRICT
    channel: str = text(primary_key=True)
    day: str = text(primary_key=True)
    body: bytes = blob()
