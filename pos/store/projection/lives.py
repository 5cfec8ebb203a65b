"""Rows of a ledger's lives: epochs, and records of an earlier one that came back."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from pos.record import (
    EpochBegan,
    LedgerCreated,
    PaymentStep,
    Record,
    RecordRecovered,
    from_bytes,
)
from pos.store.projection.events import event
from pos.store.projection.rows import Rows


def began(record: Record, fact: LedgerCreated | EpochBegan) -> Rows:
    """An epoch begins with this record."""
    why = fact.why if isinstance(fact, EpochBegan) else "created"
    return [*event(record), ("epochs", [{"epoch": record.epoch, "jn": record.jn, "why": why}])]


def recovered(record: Record, fact: RecordRecovered, rows_of: Callable[[Record], Rows]) -> Rows:
    """What the lost record tells, as rows of the record that brings it back.

    A payment's step speaks of a row that was lost with that life: head office has no copy of it.
    """
    row = {"epoch": fact.epoch, "own_jn": fact.jn, "jn": record.jn, "hash": fact.hash}
    lost = from_bytes(fact.body.encode())
    if isinstance(lost.fact, LedgerCreated | EpochBegan | RecordRecovered | PaymentStep):
        return [("recovered", [row])]
    return [*rows_of(replace(lost, jn=record.jn)), ("recovered", [row])]
