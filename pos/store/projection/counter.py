"""Rows of the counter: shifts, cash, what was allowed."""

from __future__ import annotations

from pos.record import CashMoved, Override, Record, ShiftOpened
from pos.store.projection.rows import Rows, where_row


def shift_opened(record: Record, fact: ShiftOpened) -> Rows:
    """A shift began."""
    return [("shifts", [where_row(record, fact.where) | {"opened_at": record.at}])]


def override(record: Record, fact: Override) -> Rows:
    """An act allowed by another operator."""
    row = {
        "override_id": fact.override_id,
        "command": fact.command,
        "approver": fact.approver,
        "order_id": fact.order_id,
        "reason": fact.reason,
        "before": fact.before,
        "after": fact.after,
    }
    return [("overrides", [where_row(record, fact.where) | row])]


def cash_moved(record: Record, fact: CashMoved) -> Rows:
    """Cash in or out of the drawer beside sales."""
    row = {
        "cash_id": fact.cash_id,
        "move": fact.move,
        "fen": fact.fen,
        "reason": fact.reason,
    }
    return [("cash_moves", [where_row(record, fact.where) | row])]
