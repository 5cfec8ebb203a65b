"""What one day's bill is made of, the same at both providers, and what can be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from pos.simulators.wallets.amounts import fee_of
from pos.simulators.wallets.book import Book, Order, Refund
from pos.simulators.wallets.clock import day_of


@dataclass(frozen=True)
class Row:
    """One row of a bill. `fen` and `fee_fen` > 0; `at` is when it was paid or given back."""

    kind: Literal["payment", "refund", "reversal"]
    order: Order
    at: float
    fen: int
    fee_fen: int
    refund: Refund | None = None


def rows_of(book: Book, day: str, fee_bp: int, fault: str = "") -> list[Row]:
    """The rows of `day` (`yyyy-mm-dd`, Beijing) by time: payments on the day they succeeded, what
    goes back on the day it was asked for. `fault` is the name of a bill script.
    """
    rows = []
    for order in book.orders.values():
        if order.paid_at is not None and day_of(order.paid_at) == day:
            fee = fee_of(order.fen, fee_bp)
            rows.append(Row("payment", order, order.paid_at, order.fen, fee))
    for refund in book.refunds.values():
        if day_of(refund.created) == day:
            order = book.orders[refund.order_no]
            fee = fee_of(refund.fen, fee_bp)
            rows.append(Row(refund.kind, order, refund.created, refund.fen, fee, refund))
    rows.sort(key=lambda row: row.at)
    return _spoil(rows, fault)


def _spoil(rows: list[Row], fault: str) -> list[Row]:
    last = next((i for i in reversed(range(len(rows))) if rows[i].kind == "payment"), None)
    if last is None:
        return rows
    row = rows[last]
    if fault == "bill_missing_row":
        return rows[:last] + rows[last + 1 :]
    if fault == "bill_fee_off":
        rows[last] = replace(row, fee_fen=row.fee_fen + 100)
    if fault == "bill_amount_off":
        rows[last] = replace(row, fen=row.fen + 100)
    if fault == "bill_extra_row":
        ghost = replace(row.order, no=f"GHOST{row.order.no[-20:]}", provider_id="9" * 28)
        rows.insert(last + 1, replace(row, order=ghost))
    return rows


def is_ready(now: float, day: str, hour: int) -> bool:
    """A day's bill is there from the next day at `hour` o'clock in Beijing."""
    return day_of(now - hour * 3600) > day
