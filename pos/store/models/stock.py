"""What came, went and was counted, and how much is there."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from pos.store.models.columns import STRICT, blob, later_int, text


class StockMove(SQLModel, table=True):
    """Goods that came or went: `milli` is negative when they left.

    `value_fen` is what their stock's value changed by, `paid_fen` what the supplier gets.
    """

    __tablename__ = "stock_moves"
    __table_args__ = (Index("stock_moves_by_product", "product_id"), STRICT)
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    n: int = Field(primary_key=True)
    product_id: int
    sku: str = text()
    kind: str = text()
    milli: int
    value_fen: int | None = None
    paid_fen: int | None = None


class StockLevel(SQLModel, table=True):
    """How much of a product is there: the sums of its moves, kept by a trigger on them.

    `valued_milli` of it is worth `value_fen`; `cost_fen` is what one unit cost last.
    """

    __tablename__ = "stock_levels"
    __table_args__ = STRICT
    product_id: int = Field(primary_key=True)
    milli: int
    valued_milli: int = later_int(0)
    value_fen: int = later_int(0)
    cost_fen: int | None = None


class StockDocument(SQLModel, table=True):
    """A receipt of goods, a transfer, a write-off, a stocktake."""

    __tablename__ = "stock_documents"
    __table_args__ = (Index("stock_documents_by_date", "business_date"), STRICT)
    doc_id: str = text(primary_key=True)
    jn: int = Field(foreign_key="journal.jn", ondelete="RESTRICT", unique=True)
    number: str = text(unique=True)
    kind: str = text()
    operator: str = text()
    shift_id: str = text()
    business_date: str = text()
    at: str = text()
    frozen_at: str = text()
    partner: str = text()
    reference: str = text()
    reason: str = text()
    approver: str = text()
    lines: int
    value_fen: int


class StockDraft(SQLModel, table=True):
    """A document that is being made, without its lines; one of a kind at a time."""

    __tablename__ = "stock_drafts"
    __table_args__ = STRICT
    doc_id: str = text(primary_key=True)
    kind: str = text(unique=True)
    body: bytes = blob()


class StockDraftLine(SQLModel, table=True):
    """A line of such a document."""

    __tablename__ = "stock_draft_lines"
    __table_args__ = STRICT
    doc_id: str = text(primary_key=True, foreign_key="stock_drafts.doc_id", ondelete="CASCADE")
    line_no: int = Field(primary_key=True)
    body: bytes = blob()
