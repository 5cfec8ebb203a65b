"""Tables of the ledger. All are STRICT; money is fen, quantities thousandths, moments text in UTC.

Tables of facts carry `jn`, the journal record they were made from; their rows are never changed.
`FACTS` lists them with the key that orders the rows of one record.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Index,
    Insert,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    insert,
)
from sqlalchemy import text as sql_text
from sqlmodel import Field, SQLModel

_STRICT: dict[str, Any] = {"sqlite_strict": True}


def _text(**options: Any) -> Any:
    return Field(sa_type=Text, **options)


def _blob(**options: Any) -> Any:
    return Field(sa_type=LargeBinary, **options)


def _later_text() -> Any:
    """A text column that a later step added: rows that were there before have none."""
    return Field(default="", sa_type=Text, sa_column_kwargs={"server_default": sql_text("''")})


def _later_int(value: int) -> Any:
    return Field(default=value, sa_column_kwargs={"server_default": sql_text(str(value))})


def _record() -> Any:
    return Field(foreign_key="journal.jn", ondelete="RESTRICT")


class Meta(SQLModel, table=True):
    """Single values: ledger_id, shop, till, epoch, public_key, clean, acked_jn, config."""

    __tablename__ = "meta"
    __table_args__ = _STRICT
    key: str = _text(primary_key=True)
    value: str = _text()


class Journal(SQLModel, table=True):
    """The chain of records, gapless from 1. `body` is the bytes that were hashed and signed."""

    __tablename__ = "journal"
    __table_args__ = (CheckConstraint("jn > 0", name="jn_positive"), _STRICT)
    jn: int = Field(primary_key=True)
    kind: str = _text()
    at: str = _text()
    body: bytes = _blob()
    hash: bytes = _blob()
    signature: bytes = _blob()


class Order(SQLModel, table=True):
    """An ended order, closed or voided; `seq` is gapless in an epoch over both."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("epoch", "seq", name="order_seq"),
        CheckConstraint("state in ('closed', 'voided')", name="order_state"),
        Index("orders_by_date", "business_date"),
        Index("orders_by_person", "person_id", sqlite_where=sql_text("person_id <> ''")),
        Index("orders_to_deliver", "delivery_id", sqlite_where=sql_text("delivery_id <> ''")),
        _STRICT,
    )
    order_id: str = _text(primary_key=True)
    jn: int = Field(foreign_key="journal.jn", ondelete="RESTRICT", unique=True)
    epoch: int
    seq: int
    number: str = _text(unique=True)
    ref: str | None = _text(unique=True, nullable=True)
    state: str = _text()
    operator: str = _text()
    shift_id: str = _text()
    business_date: str = _text()
    opened_at: str = _text()
    ended_at: str = _text()
    total_fen: int
    tax_fen: int
    rounding_fen: int
    change_fen: int
    reason: str = _text()
    person_id: str = _later_text()
    delivery_id: str = _later_text()


class OrderLine(SQLModel, table=True):
    """A line of an ended order."""

    __tablename__ = "order_lines"
    __table_args__ = _STRICT
    order_id: str = _text(primary_key=True, foreign_key="orders.order_id", ondelete="RESTRICT")
    line_no: int = Field(primary_key=True)
    jn: int = _record()
    product_id: int
    sku: str = _text()
    barcode: str = _text()
    name: str = _text()
    unit: str = _text()
    milli: int
    unit_fen: int
    list_fen: int
    net_fen: int
    tax_bp: int
    tax_fen: int
    factor: int = _later_int(1)


class LineAdjustment(SQLModel, table=True):
    """What was taken off a line, in the order of the pricing pipeline."""

    __tablename__ = "line_adjustments"
    __table_args__ = _STRICT
    order_id: str = _text(primary_key=True, foreign_key="orders.order_id", ondelete="RESTRICT")
    line_no: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    jn: int = _record()
    kind: str = _text()
    fen: int


class OrderTender(SQLModel, table=True):
    """What a closed order was paid with."""

    __tablename__ = "order_tenders"
    __table_args__ = _STRICT
    order_id: str = _text(primary_key=True, foreign_key="orders.order_id", ondelete="RESTRICT")
    n: int = Field(primary_key=True)
    jn: int = _record()
    way: str = _text()
    fen: int
    given_fen: int
    reference: str = _text()


class StockMove(SQLModel, table=True):
    """Goods that came or went: `milli` is negative when they left."""

    __tablename__ = "stock_moves"
    __table_args__ = (Index("stock_moves_by_product", "product_id"), _STRICT)
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    n: int = Field(primary_key=True)
    product_id: int
    sku: str = _text()
    kind: str = _text()
    milli: int


class VoidedLine(SQLModel, table=True):
    """Goods taken off an open order."""

    __tablename__ = "voided_lines"
    __table_args__ = _STRICT
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    order_id: str = _text()
    line_no: int
    operator: str = _text()
    shift_id: str = _text()
    business_date: str = _text()
    sku: str = _text()
    name: str = _text()
    milli: int
    unit_fen: int
    list_fen: int


class Override(SQLModel, table=True):
    """An act allowed by another operator."""

    __tablename__ = "overrides"
    __table_args__ = (CheckConstraint("approver <> operator", name="two_people"), _STRICT)
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    override_id: str = _text(unique=True)
    command: str = _text()
    operator: str = _text()
    approver: str = _text()
    shift_id: str = _text()
    business_date: str = _text()
    order_id: str = _text()
    reason: str = _text()
    before: str = _text()
    after: str = _text()


class CashMove(SQLModel, table=True):
    """Cash in or out of the drawer beside sales."""

    __tablename__ = "cash_moves"
    __table_args__ = _STRICT
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    cash_id: str = _text(unique=True)
    move: str = _text()
    fen: int
    operator: str = _text()
    shift_id: str = _text()
    business_date: str = _text()
    reason: str = _text()


class Shift(SQLModel, table=True):
    """A shift that was opened."""

    __tablename__ = "shifts"
    __table_args__ = _STRICT
    shift_id: str = _text(primary_key=True)
    jn: int = Field(foreign_key="journal.jn", ondelete="RESTRICT", unique=True)
    operator: str = _text()
    business_date: str = _text()
    opened_at: str = _text()


class Event(SQLModel, table=True):
    """Everything else that is on record: drawer, sessions, reprints, settings, clock, operators."""

    __tablename__ = "events"
    __table_args__ = (Index("events_by_kind", "kind", "subject"), _STRICT)
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    kind: str = _text()
    operator: str = _text()
    shift_id: str = _text()
    business_date: str = _text()
    subject: str = _text()
    detail: str = _text()


class Product(SQLModel, table=True):
    """A product. Prices are fen for one unit."""

    __tablename__ = "products"
    __table_args__ = (Index("products_by_change", "changed_at"), _STRICT)
    product_id: int = Field(primary_key=True)
    sku: str = _text(unique=True)
    name: str = _text()
    short_name: str = _text()
    spec: str = _text()
    unit: str = _text()
    category: str = _text()
    price_fen: int
    member_fen: int | None = None
    lowest_fen: int | None = None
    tax_bp: int
    weighed: int = 0
    discountable: int = 1
    active: int = 1
    brand: str = _later_text()
    origin: str = _later_text()
    supplier: str = _later_text()
    cost_fen: int | None = None
    tax_code: str = _later_text()
    earns_points: int = _later_int(1)
    stocked: int = _later_int(1)
    low_milli: int | None = None
    high_milli: int | None = None
    created_at: str = _later_text()
    changed_at: str = _later_text()


class Barcode(SQLModel, table=True):
    """A code on a product; one code, one product.

    A pack code stands for `factor` units, at its own price (fen for the pack) or at theirs.
    """

    __tablename__ = "barcodes"
    __table_args__ = _STRICT
    code: str = _text(primary_key=True)
    product_id: int = Field(foreign_key="products.product_id", ondelete="RESTRICT", index=True)
    factor: int = _later_int(1)
    price_fen: int | None = None


class ProductSearch(SQLModel, table=True):
    """What a product is found by, lower case: name, short name, spec, brand."""

    __tablename__ = "product_search"
    __table_args__ = _STRICT
    product_id: int = Field(
        primary_key=True, foreign_key="products.product_id", ondelete="RESTRICT"
    )
    text: str = _text()


class ProductInitials(SQLModel, table=True):
    """Pinyin initials of a product's name; a name with several readings has several."""

    __tablename__ = "product_initials"
    __table_args__ = {"sqlite_strict": True, "sqlite_with_rowid": False}
    initials: str = _text(primary_key=True)
    product_id: int = Field(
        primary_key=True, foreign_key="products.product_id", ondelete="RESTRICT", index=True
    )


class StockLevel(SQLModel, table=True):
    """How much of a product is there: the sum of its moves, kept by a trigger on them."""

    __tablename__ = "stock_levels"
    __table_args__ = _STRICT
    product_id: int = Field(primary_key=True)
    milli: int


class Person(SQLModel, table=True):
    """A customer. Fields are sealed with the person's own key; without it nobody can read them.

    The `mac`s are keyed hashes, to find a whole name, a phone number or its last four digits.
    """

    __tablename__ = "persons"
    __table_args__ = (
        Index("persons_by_phone", "phone_mac"),
        Index("persons_by_last4", "last4_mac"),
        Index("persons_by_name", "name_mac"),
        _STRICT,
    )
    person_id: str = _text(primary_key=True)
    wrapped_key: bytes | None = _blob(nullable=True)
    name: bytes | None = _blob(nullable=True)
    phone: bytes | None = _blob(nullable=True)
    name_mac: bytes | None = _blob(nullable=True)
    phone_mac: bytes | None = _blob(nullable=True)
    last4_mac: bytes | None = _blob(nullable=True)
    created_at: str = _text()
    erased_at: str = _text(default="")


class Delivery(SQLModel, table=True):
    """Where an order is to be brought; sealed with the person's key."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("deliveries_by_person", "person_id"), _STRICT)
    delivery_id: str = _text(primary_key=True)
    person_id: str = _text(foreign_key="persons.person_id", ondelete="RESTRICT")
    address: bytes | None = _blob(nullable=True)
    note: bytes | None = _blob(nullable=True)
    created_at: str = _text()


class Fulfilment(SQLModel, table=True):
    """What became of an order to be delivered; the last row of an order says."""

    __tablename__ = "fulfilments"
    __table_args__ = (Index("fulfilments_by_order", "order_id"), _STRICT)
    jn: int = Field(primary_key=True, foreign_key="journal.jn", ondelete="RESTRICT")
    order_id: str = _text(foreign_key="orders.order_id", ondelete="RESTRICT")
    state: str = _text()
    operator: str = _text()
    shift_id: str = _text()
    business_date: str = _text()
    at: str = _text()


class Operator(SQLModel, table=True):
    """Somebody who may sign in; `wrong_pins` and `wait_until` outlive a crash."""

    __tablename__ = "operators"
    __table_args__ = _STRICT
    operator_id: str = _text(primary_key=True)
    name: str = _text()
    role: str = _text()
    pin_hash: str = _text()
    active: int = 1
    wrong_pins: int = 0
    wait_until: str = _text(default="")


class Draft(SQLModel, table=True):
    """An open or held order without its lines."""

    __tablename__ = "drafts"
    __table_args__ = _STRICT
    order_id: str = _text(primary_key=True)
    state: str = _text()
    saved_at: str = _text()
    body: bytes = _blob()


class DraftLine(SQLModel, table=True):
    """A line of an open or held order."""

    __tablename__ = "draft_lines"
    __table_args__ = _STRICT
    order_id: str = _text(primary_key=True, foreign_key="drafts.order_id", ondelete="CASCADE")
    line_no: int = Field(primary_key=True)
    body: bytes = _blob()


class PrintJob(SQLModel, table=True):
    """Something to print; its bytes are made afterwards and kept before they are sent.

    `doubtful`: an earlier try may have printed it, the paper says so.
    """

    __tablename__ = "print_jobs"
    __table_args__ = (
        Index("print_jobs_waiting", "state"),
        Index("print_jobs_by_order", "order_id"),
        _STRICT,
    )
    job_id: str = _text(primary_key=True)
    order_id: str = _text()
    kind: str = _text()
    copy_no: int = 0
    state: str = _text()
    queued_at: str = _text()
    printer: str = _later_text()
    payload: bytes | None = _blob(nullable=True)
    attempts: int = _later_int(0)
    last_error: str = _later_text()
    ended_at: str = _later_text()
    doubtful: int = _later_int(0)


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
        _STRICT,
    )
    attempt_id: str = _text(primary_key=True)
    order_id: str = _text()
    channel: str = _text()
    way: str = _text()
    out_trade_no: str = _text(unique=True)
    fen: int
    state: str = _text()
    live: int
    open: int
    code_mark: str = _text()
    operator: str = _text()
    shift_id: str = _text()
    business_date: str = _text()
    created_at: str = _text()
    body: bytes = _blob()


class PaymentRefund(SQLModel, table=True):
    """Money of an attempt on its way back, under a number of its own; `body` as above."""

    __tablename__ = "payment_refunds"
    __table_args__ = (
        CheckConstraint("fen > 0", name="refund_fen"),
        Index("refunds_by_attempt", "attempt_id"),
        Index("refunds_open", "open", sqlite_where=sql_text("open = 1")),
        _STRICT,
    )
    out_refund_no: str = _text(primary_key=True)
    attempt_id: str = _text(foreign_key="payment_attempts.attempt_id", ondelete="RESTRICT")
    order_id: str = _text()
    channel: str = _text()
    fen: int
    state: str = _text()
    open: int
    created_at: str = _text()
    body: bytes = _blob()


class PaymentLog(SQLModel, table=True):
    """What happened to an attempt or a refund, in order; nothing here is ever changed."""

    __tablename__ = "payment_log"
    __table_args__ = _STRICT
    subject: str = _text(primary_key=True)
    n: int = Field(primary_key=True)
    at: str = _text()
    event: str = _text()
    state: str = _text()
    detail: str = _text()


class PaymentDifference(SQLModel, table=True):
    """A difference between a provider's bill and the till, until a manager settles it."""

    __tablename__ = "payment_differences"
    __table_args__ = _STRICT
    channel: str = _text(primary_key=True)
    day: str = _text(primary_key=True)
    difference: str = _text(primary_key=True)
    number: str = _text(primary_key=True)
    order_id: str = _text()
    local_fen: int | None = None
    bill_fen: int | None = None
    explained: int
    resolved_by: str = _text()
    reason: str = _text()


class PaymentPool(SQLModel, table=True):
    """What a day's reconciliation left for the next day's; one row a channel and day."""

    __tablename__ = "payment_pool"
    __table_args__ = _STRICT
    channel: str = _text(primary_key=True)
    day: str = _text(primary_key=True)
    body: bytes = _blob()


FACTS: tuple[tuple[str, str], ...] = (
    ("shifts", "shift_id"),
    ("orders", "order_id"),
    ("order_lines", "line_no"),
    ("line_adjustments", "line_no, n"),
    ("order_tenders", "n"),
    ("stock_moves", "n"),
    ("voided_lines", "jn"),
    ("overrides", "jn"),
    ("cash_moves", "jn"),
    ("events", "jn"),
    ("fulfilments", "jn"),
)


@cache
def into(name: str) -> Insert:
    """The INSERT of a table, made once: building a statement costs more than running it."""
    return insert(table(name))


def table(name: str) -> Table:
    """A table by its name in the file, for Core statements."""
    return SQLModel.metadata.tables[name]
