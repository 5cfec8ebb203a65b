"""The one byte form of every fact, and the chain that binds them.

A record is canonical JSON: UTF-8, keys sorted, no spaces, whole numbers only. Each record's hash is
SHA-256(previous hash ‖ bytes), the first previous hash being 32 zero bytes; the till signs the hash
with Ed25519. What is stored is these bytes: nothing is ever hashed again from table rows.

Money is fen, quantities thousandths, rates basis points, moments UTC with milliseconds. A person
appears only as `person_id`; payment codes and card numbers never appear.

The cryptography package loads when a key is first used, so that it does not delay the first paint.
"""

from __future__ import annotations

from pos.record.chaining import (
    FIRST_PREVIOUS,
    VERSION,
    Fact,
    Record,
    Signer,
    chain,
    from_bytes,
    kind_of,
    new_key,
    to_bytes,
    verify,
)
from pos.record.closes import DayClosed, ShiftClosed, ShiftCounted
from pos.record.counter import (
    CashMoved,
    DrawerOpened,
    Override,
    Session,
    ShiftOpened,
    TrainingSwitched,
)
from pos.record.figures import (
    Amount,
    Counted,
    Drawer,
    Figures,
    Group,
    Rate,
    Scope,
    Seller,
    Way,
)
from pos.record.invoices import InvoiceAsked, InvoiceEnded, InvoiceRow, RedAsked, RedEnded
from pos.record.members import MemberChanged
from pos.record.messages import MessageAsked
from pos.record.parts import (
    Adjustment,
    AdjustmentKind,
    CashKind,
    Condition,
    GivenOffer,
    SoldLine,
    Taken,
    TenderWay,
    Where,
)
from pos.record.payments import (
    DifferenceResolved,
    PaymentResolved,
    PaymentStep,
    RefundAsked,
    RefundEnded,
    RefundSettled,
)
from pos.record.sales import Fulfilled, LineVoided, OrderClosed, OrderVoided, Reprinted
from pos.record.stock import CountedLine, MovedLine, MoveKind, StockCounted, StockMoved
from pos.record.upkeep import (
    CatalogImported,
    ClockJumped,
    ConfigChanged,
    EpochBegan,
    LedgerCreated,
    MasterReceived,
    OffersChanged,
    OperatorChanged,
    OrderShared,
    PersonErased,
    ProductChanged,
    RecordRecovered,
)

__all__ = [
    "FIRST_PREVIOUS",
    "VERSION",
    "Adjustment",
    "AdjustmentKind",
    "Amount",
    "CashKind",
    "CashMoved",
    "CatalogImported",
    "ClockJumped",
    "Condition",
    "ConfigChanged",
    "Counted",
    "CountedLine",
    "DayClosed",
    "DifferenceResolved",
    "Drawer",
    "DrawerOpened",
    "EpochBegan",
    "Fact",
    "Figures",
    "Fulfilled",
    "GivenOffer",
    "Group",
    "InvoiceAsked",
    "InvoiceEnded",
    "InvoiceRow",
    "LedgerCreated",
    "LineVoided",
    "MasterReceived",
    "MemberChanged",
    "MessageAsked",
    "MoveKind",
    "MovedLine",
    "OffersChanged",
    "OperatorChanged",
    "OrderClosed",
    "OrderShared",
    "OrderVoided",
    "Override",
    "PaymentResolved",
    "PaymentStep",
    "PersonErased",
    "ProductChanged",
    "Rate",
    "Record",
    "RecordRecovered",
    "RedAsked",
    "RedEnded",
    "RefundAsked",
    "RefundEnded",
    "RefundSettled",
    "Reprinted",
    "Scope",
    "Seller",
    "Session",
    "ShiftClosed",
    "ShiftCounted",
    "ShiftOpened",
    "Signer",
    "SoldLine",
    "StockCounted",
    "StockMoved",
    "Taken",
    "TenderWay",
    "TrainingSwitched",
    "Way",
    "Where",
    "chain",
    "from_bytes",
    "kind_of",
    "new_key",
    "to_bytes",
    "verify",
]
