"""The counter: shifts, cash, what was allowed, operators."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from pos.store.models.columns import STRICT, text


class Override(SQLModel, table=True):
    """An act allowed by another operator."""

    __tablename__ = "overrides"
    __table_args__ = (CheckConstraint("approver <> operator", name="two_people"), STRICT)
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    override_id: str = text(unique=True)
    command: str = text()
    operator: str = text()
    approver: str = text()
    shift_id: str = text()
    business_date: str = text()
    order_id: str = text()
    reason: str = text()
    before: str = text()
    after: str = text()


class CashMove(SQLModel, table=True):
    """Cash in or out of the drawer beside sales."""

    __tablename__ = "cash_moves"
    __table_args__ = STRICT
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    cash_id: str = text(unique=True)
    move: str = text()
    fen: int
    operator: str = text()
    shift_id: str = text()
    business_date: str = text()
    reason: str = text()


class Shift(SQLModel, table=True):
    """A shift that was opened."""

    __tablename__ = "shifts"
    __table_args__ = STRICT
    shift_id: str = text(primary_key=True)
    jn: int = Field(foreign_key="journal.jn", ondelete="RESTRICT", unique=True)
    operator: str = text()
    business_date: str = text()
    opened_at: str = text()


class ShiftClose(SQLModel, table=True):
    """A shift that was closed, by `operator`; its figures are in the record."""

    __tablename__ = "shift_closes"
    __table_args__ = STRICT
    shift_id: str = text(primary_key=True, foreign_key="shifts.shift_id", ondelete="RESTRICT")
    jn: int = Field(foreign_key="journal.jn", ondelete="RESTRICT", unique=True)
    operator: str = text()
    owner: str = text()
    business_date: str = text()
    closed_at: str = text()
    expected_fen: int
    left_fen: int
    counted: int
    auto: int


class ShiftCount(SQLModel, table=True):
    """A way of paying as declared at a shift's close, or counted later."""

    __tablename__ = "shift_counts"
    __table_args__ = (Index("shift_counts_by_shift", "shift_id"), STRICT)
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    way: str = text(primary_key=True)
    operator: str = text()
    shift_id: str = text(foreign_key="shifts.shift_id", ondelete="RESTRICT")
    business_date: str = text()
    declared_fen: int
    expected_fen: int
    difference_fen: int


class DayClose(SQLModel, table=True):
    """A day that was closed; `z` is gapless."""

    __tablename__ = "day_closes"
    __table_args__ = (
        CheckConstraint("z > 0", name="z_positive"),
        Index("day_closes_by_date", "business_date"),
        STRICT,
    )
    z: int = Field(primary_key=True)
    jn: int = Field(foreign_key="journal.jn", ondelete="RESTRICT", unique=True)
    operator: str = text()
    shift_id: str = text()
    business_date: str = text()
    closed_at: str = text()
    after_jn: int
    upto_jn: int
    first_seq: int
    last_seq: int
    orders: int
    net_fen: int
    tax_fen: int
    grand_total_fen: int
    counted: int
    auto: int


class Operator(SQLModel, table=True):
    """Somebody who may sign in; `wrong_pins` and `wait_until` outlive a crash."""

    __tablename__ = "operators"
    __table_args__ = STRICT
    operator_id: str = text(primary_key=True)
    name: str = text()
    role: str = text()
    pin_hash: str = text()
    active: int = 1
    wrong_pins: int = 0
    wait_until: str = text(default="")
