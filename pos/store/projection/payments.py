"""Rows of what happened to payments over a network."""

from __future__ import annotations

from pos.record import PaymentStep, Record
from pos.store.projection.rows import Rows


def step(record: Record, fact: PaymentStep) -> Rows:
    """A step of an attempt or a refund."""
    row = {
        "jn": record.jn,
        "what": fact.what,
        "subject": fact.subject,
        "at": record.at,
        "event": fact.event,
        "state": fact.state,
        "detail": fact.detail,
        "row_sha256": fact.row_sha256,
    }
    return [("payment_steps", [row])]
