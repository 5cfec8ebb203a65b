"""Rows of what was closed and counted."""

from __future__ import annotations

from pos.record import Counted, DayClosed, Record, ShiftClosed, ShiftCounted
from pos.store.projection.rows import Row, Rows, where_row


def shift_closed(record: Record, fact: ShiftClosed) -> Rows:
    """A shift ended; its counts bear its own business date."""
    own = where_row(record, fact.where) | {
        "shift_id": fact.shift_id,
        "business_date": fact.business_date,
    }
    row = own | {
        "owner": fact.owner,
        "closed_at": record.at,
        "expected_fen": fact.figures.drawer.expected_fen,
        "left_fen": fact.left_fen,
        "counted": int(fact.counted is not None),
        "auto": int(fact.auto),
    }
    rows: Rows = [("shift_closes", [row])]
    if fact.counted:
        rows.append(("shift_counts", _counts(own, fact.counted)))
    return rows


def shift_counted(record: Record, fact: ShiftCounted) -> Rows:
    """A count that came later bears the date on which it was made."""
    own = where_row(record, fact.where) | {"shift_id": fact.shift_id}
    return [("shift_counts", _counts(own, fact.counted))]


def _counts(own: Row, counted: tuple[Counted, ...]) -> list[Row]:
    return [
        own
        | {
            "way": one.way,
            "declared_fen": one.declared_fen,
            "expected_fen": one.expected_fen,
            "difference_fen": one.difference_fen,
        }
        for one in sorted(counted, key=lambda one: one.way)
    ]


def day_closed(record: Record, fact: DayClosed) -> Rows:
    """A day ended."""
    found = fact.figures
    row = where_row(record, fact.where) | {
        "z": fact.z,
        "business_date": fact.business_date,
        "closed_at": record.at,
        "after_jn": found.of.after_jn,
        "upto_jn": found.of.upto_jn,
        "first_seq": fact.first_seq,
        "last_seq": fact.last_seq,
        "orders": found.orders,
        "net_fen": found.net_fen,
        "tax_fen": found.tax_fen,
        "grand_total_fen": fact.grand_total_fen,
        "counted": int(fact.counted is not None),
        "auto": int(fact.auto),
    }
    return [("day_closes", [row])]
