"""Ended orders with lines, discounts, tenders and stock moves; what became of them; open ones."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql_text
from sqlmodel import Field, SQLModel

from pos.store.models.columns import STRICT, blob, later_int, later_text, record, text


class Order(SQLModel, table=True):
    """An ended order, closed or voided; `seq` is gapless in an epoch over both."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("epoch", "seq", name="order_seq"),
        CheckConstraint("state in ('closed', 'voided')", name="order_state"),
        Index("orders_by_date", "business_date"),
        Index("orders_by_person", "person_id", sqlite_where=sql_text("person_id <> ''")),
        Index("orders_to_deliver", "delivery_id", sqlite_where=sql_text("delivery_id <> ''")),
        STRICT,
    )
    order_id: str = text(primary_key=True)
    jn: int = Field(foreign_key="journal.jn", ondelete="RESTRICT", unique=True)
    epoch: int
    seq: int
    number: str = text(unique=True)
    ref: str | None = text(unique=True, nullable=True)
    state: str = text()
    operator: str = text()
    shift_id: str = text()
    business_date: str = text()
    opened_at: str = text()
    ended_at: str = text()
    total_fen: int
    tax_fen: int
    rounding_fen: int
    change_fen: int
    reason: str = text()
    person_id: str = later_text()
    delivery_id: str = later_text()
    reopened_as: str = later_text()
    note: str = later_text()


class OrderLine(SQLModel, table=True):
    """A line of an ended order; one that came back names what was sold."""

    __tablename__ = "order_lines"
    __table_args__ = (
        Index("order_lines_topups", "order_id", sqlite_where=sql_text("account <> ''")),
        Index("order_lines_back", "of_order", sqlite_where=sql_text("of_order <> ''")),
        STRICT,
    )
    order_id: str = text(primary_key=True, foreign_key="orders.order_id", ondelete="RESTRICT")
    line_no: int = Field(primary_key=True)
    jn: int = record()
    product_id: int
    sku: str = text()
    barcode: str = text()
    name: str = text()
    unit: str = text()
    milli: int
    unit_fen: int
    list_fen: int
    net_fen: int
    tax_bp: int
    tax_fen: int
    factor: int = later_int(1)
    cost_fen: int | None = None
    of_order: str = later_text()
    of_line: int = later_int(0)
    condition: str = later_text()
    seller: str = later_text()
    points: int = later_int(0)
    account: str = later_text()


class LineAdjustment(SQLModel, table=True):
    """What was taken off a line, in the order of the pricing pipeline."""

    __tablename__ = "line_adjustments"
    __table_args__ = STRICT
    order_id: str = text(primary_key=True, foreign_key="orders.order_id", ondelete="RESTRICT")
    line_no: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    jn: int = record()
    kind: str = text()
    fen: int
    offer_id: str = later_text()


class OrderTender(SQLModel, table=True):
    """What a closed order was paid with, and what went back to a tender of another one."""

    __tablename__ = "order_tenders"
    __table_args__ = STRICT
    order_id: str = text(primary_key=True, foreign_key="orders.order_id", ondelete="RESTRICT")
    n: int = Field(primary_key=True)
    jn: int = record()
    way: str = text()
    fen: int
    given_fen: int
    reference: str = text()
    of_order: str = later_text()
    of_tender: int = later_int(0)
    unverified: int = later_int(0)
    account: str = later_text()


class VoidedLine(SQLModel, table=True):
    """Goods taken off an open order."""

    __tablename__ = "voided_lines"
    __table_args__ = STRICT
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    order_id: str = text()
    line_no: int
    operator: str = text()
    shift_id: str = text()
    business_date: str = text()
    sku: str = text()
    name: str = text()
    milli: int
    unit_fen: int
    list_fen: int


class Fulfilment(SQLModel, table=True):
    """What became of an order to be delivered; the last row of an order says."""

    __tablename__ = "fulfilments"
    __table_args__ = (Index("fulfilments_by_order", "order_id"), STRICT)
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    order_id: str = text(foreign_key="orders.order_id", ondelete="RESTRICT")
    state: str = text()
    operator: str = text()
    shift_id: str = text()
    business_date: str = text()
    at: str = text()


class Draft(SQLModel, table=True):
    """An open or held order without its lines."""

    __tablename__ = "drafts"
    __table_args__ = STRICT
    order_id: str = text(primary_key=True)
    state: str = text()
    saved_at: str = text()
    body: bytes = blob()


class DraftLine(SQLModel, table=True):
    """A line of an open or held order."""

    __tablename__ = "draft_lines"
    __table_args__ = STRICT
    order_id: str = text(primary_key=True, foreign_key="drafts.order_id", ondelete="CASCADE")
    line_no: int = Field(primary_key=True)
    body: bytes = blob()
