"""Which table rows a record makes. Pure, so that verifying can make them again and compare."""

from __future__ import annotations

from pos.record import (
    CashMoved,
    DayClosed,
    EpochBegan,
    Fulfilled,
    InvoiceAsked,
    InvoiceEnded,
    LedgerCreated,
    LineVoided,
    OrderClosed,
    OrderVoided,
    Override,
    PaymentStep,
    Record,
    RecordRecovered,
    RedAsked,
    RedEnded,
    ShiftClosed,
    ShiftCounted,
    ShiftOpened,
    StockCounted,
    StockMoved,
)
from pos.store.projection import closes, counter, invoices, lives, orders, payments, stock
from pos.store.projection.events import event
from pos.store.projection.rows import Row, Rows

__all__ = ["Row", "Rows", "rows_of"]


def rows_of(record: Record) -> Rows:
    """The rows of `record`, by table."""
    match record.fact:
        case OrderClosed() | OrderVoided() as fact:
            return orders.ended(record, fact)
        case LineVoided() as fact:
            return orders.line_voided(record, fact)
        case Fulfilled() as fact:
            return orders.fulfilled(record, fact)
        case Override() as fact:
            return counter.override(record, fact)
        case CashMoved() as fact:
            return counter.cash_moved(record, fact)
        case ShiftOpened() as fact:
            return counter.shift_opened(record, fact)
        case ShiftClosed() as fact:
            return closes.shift_closed(record, fact)
        case ShiftCounted() as fact:
            return closes.shift_counted(record, fact)
        case DayClosed() as fact:
            return closes.day_closed(record, fact)
        case StockMoved() as fact:
            return stock.moved(record, fact)
        case StockCounted() as fact:
            return stock.counted(record, fact)
        case PaymentStep() as fact:
            return payments.step(record, fact)
        case LedgerCreated() | EpochBegan() as fact:
            return lives.began(record, fact)
        case RecordRecovered() as fact:
            return lives.recovered(record, fact, rows_of)
        case InvoiceAsked() as fact:
            return invoices.asked(record, fact)
        case InvoiceEnded() as fact:
            return invoices.ended(record, fact)
        case RedAsked() as fact:
            return invoices.red_asked(record, fact)
        case RedEnded() as fact:
            return invoices.red_ended(record, fact)
        case _:
            return event(record)
