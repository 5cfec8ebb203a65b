"""E-invoices: facts, and the work that is not done yet."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql_text
from sqlmodel import Field, SQLModel

from pos.store.models.columns import STRICT, blob, record, text


class Invoice(SQLModel, table=True):
    """An invoice that was asked for."""

    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint("total_fen > 0", name="invoice_fen"),
        Index("invoices_by_order", "order_id"),
        Index("invoices_by_date", "business_date"),
        STRICT,
    )
    invoice_no: str = text(primary_key=True)
    jn: int = record()
    operator: str = text()
    shift_id: str = text()
    business_date: str = text()
    order_id: str = text()
    number: str = text()
    provider: str = text()
    special: int
    person_id: str = text()
    total_fen: int
    tax_fen: int
    replaces: str = text()
    asked_at: str = text()


class InvoiceRow(SQLModel, table=True):
    """A row of an invoice."""

    __tablename__ = "invoice_rows"
    __table_args__ = STRICT
    invoice_no: str = text(primary_key=True, foreign_key="invoices.invoice_no", ondelete="RESTRICT")
    n: int = Field(primary_key=True)
    jn: int = record()
    line_no: int
    milli: int
    net_fen: int
    tax_fen: int


class InvoiceEnd(SQLModel, table=True):
    """What became of an invoice; its last row says."""

    __tablename__ = "invoice_ends"
    __table_args__ = (Index("invoice_ends_by_invoice", "invoice_no"), STRICT)
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    invoice_no: str = text(foreign_key="invoices.invoice_no", ondelete="RESTRICT")
    state: str = text()
    bureau_no: str = text()
    issued_at: str = text()
    reason: str = text()
    at: str = text()


class InvoiceRed(SQLModel, table=True):
    """A red letter that was asked for."""

    __tablename__ = "invoice_reds"
    __table_args__ = (
        CheckConstraint("total_fen > 0", name="red_fen"),
        Index("reds_by_invoice", "invoice_no"),
        Index("reds_by_date", "business_date"),
        STRICT,
    )
    red_no: str = text(primary_key=True)
    jn: int = record()
    operator: str = text()
    shift_id: str = text()
    business_date: str = text()
    invoice_no: str = text(foreign_key="invoices.invoice_no", ondelete="RESTRICT")
    order_id: str = text()
    cause: str = text()
    total_fen: int
    tax_fen: int
    asked_at: str = text()


class InvoiceRedRow(SQLModel, table=True):
    """What a red letter takes back of a row."""

    __tablename__ = "invoice_red_rows"
    __table_args__ = STRICT
    red_no: str = text(primary_key=True, foreign_key="invoice_reds.red_no", ondelete="RESTRICT")
    n: int = Field(primary_key=True)
    jn: int = record()
    line_no: int
    milli: int
    net_fen: int
    tax_fen: int


class RedEnd(SQLModel, table=True):
    """What became of a red letter."""

    __tablename__ = "red_ends"
    __table_args__ = (Index("red_ends_by_red", "red_no"), STRICT)
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    red_no: str = text(foreign_key="invoice_reds.red_no", ondelete="RESTRICT")
    state: str = text()
    bureau_no: str = text()
    reason: str = text()
    at: str = text()


class InvoiceWork(SQLModel, table=True):
    """An invoice or a red letter on its way. `body` is the machine's state as JSON; `sealed` the
    document with its buyer, under the buyer's own key. `waits_for` names what has to end first.
    """

    __tablename__ = "invoice_work"
    __table_args__ = (
        Index("invoice_work_open", "open", sqlite_where=sql_text("open = 1")),
        Index("invoice_work_by_order", "order_id"),
        STRICT,
    )
    no: str = text(primary_key=True)
    kind: str = text()
    order_id: str = text()
    person_id: str = text()
    state: str = text()
    open: int
    next_at: str = text()
    waits_for: str = text()
    body: bytes = blob()
    sealed: bytes = blob()


class MessageRow(SQLModel, table=True):
    """A message to be sent, or sent. `body` is sealed where it is to a customer (`person_id`)."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("messages_open", "next_at", sqlite_where=sql_text("state in ('waiting', 'sending')")),
        STRICT,
    )
    message_id: str = text(primary_key=True)
    about: str = text()
    person_id: str = text()
    state: str = text()
    tries: int
    next_at: str = text()
    doubtful: int
    why: str = text()
    queued_at: str = text()
    body: bytes = blob()
