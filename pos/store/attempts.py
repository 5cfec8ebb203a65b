"""Payments and refunds over a network as they are kept: one row each, and every step on record.

The rows' bodies are the machines' states, which this room does not read. Writing is done inside a
transaction of the ledger, so that an outcome and what it means for an order are on disk together.
Each time a row is put down, a step with the row's hash goes on record with it (`attempt_steps`).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from pos.clock import stamp
from pos.sale.order import Line, Order
from pos.store.reader import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    Transaction = Connection
    """A transaction of the ledger, for rooms that may not know what it is made of."""

_ORDER = msgspec.json.Decoder(Order)
_LINE = msgspec.json.Decoder(Line)


class AttemptRow(msgspec.Struct, frozen=True):
    """An attempt. `open`: unresolved or still asked after; `live`: it may still take the money."""

    attempt_id: str
    order_id: str
    channel: str
    way: str
    out_trade_no: str
    fen: int
    state: str
    live: int
    open: int
    code_mark: str
    operator: str
    shift_id: str
    business_date: str
    created_at: str
    body: bytes


class RefundRow(msgspec.Struct, frozen=True):
    """A refund of an attempt. `open`: somebody still waits for this money."""

    out_refund_no: str
    attempt_id: str
    order_id: str
    channel: str
    fen: int
    state: str
    open: int
    created_at: str
    body: bytes


_ATTEMPT = ", ".join(AttemptRow.__struct_fields__)
_REFUND = ", ".join(RefundRow.__struct_fields__)
_CHANGING = ("state", "live", "open", "body")


# --- inside a transaction of the ledger ---


def put(connection: Connection, row: AttemptRow) -> None:
    """Keep an attempt, new or changed. What it is about never changes."""
    _put(connection, "payment_attempts", "attempt_id", row, _CHANGING)


def put_refund(connection: Connection, row: RefundRow) -> None:
    """Keep a refund, new or changed."""
    _put(connection, "payment_refunds", "out_refund_no", row, ("state", "open", "body"))


def _put(
    connection: Connection, name: str, key: str, row: msgspec.Struct, changing: tuple[str, ...]
) -> None:
    from sqlalchemy.dialects.sqlite import insert

    from pos.store.models import table

    into = insert(table(name))
    connection.execute(
        into.on_conflict_do_update(
            index_elements=[key], set_={column: into.excluded[column] for column in changing}
        ),
        msgspec.structs.asdict(row),
    )


def get(connection: Connection, attempt_id: str) -> AttemptRow | None:
    """An attempt by its id."""
    found = _select(connection, "payment_attempts", _ATTEMPT, "attempt_id", attempt_id)
    return AttemptRow(**found[0]) if found else None


def get_refund(connection: Connection, out_refund_no: str) -> RefundRow | None:
    """A refund by its number."""
    found = _select(connection, "payment_refunds", _REFUND, "out_refund_no", out_refund_no)
    return RefundRow(**found[0]) if found else None


def get_of_order(connection: Connection, order_id: str) -> list[AttemptRow]:
    """All attempts of an order, oldest first."""
    found = _select(connection, "payment_attempts", _ATTEMPT, "order_id", order_id)
    return [AttemptRow(**row) for row in found]


def get_refunds_of(connection: Connection, attempt_id: str) -> list[RefundRow]:
    """All refunds of an attempt, oldest first."""
    found = _select(connection, "payment_refunds", _REFUND, "attempt_id", attempt_id)
    return [RefundRow(**row) for row in found]


def get_with_mark(connection: Connection, mark: str, day: str) -> AttemptRow | None:
    """The attempt made with a scanned code on a business date."""
    from sqlalchemy import text

    found = connection.execute(
        text(
            f"SELECT {_ATTEMPT} FROM payment_attempts"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
            " WHERE code_mark = :mark AND code_mark <> '' AND business_date = :day"
        ),
        {"mark": mark, "day": day},
    ).first()
    return AttemptRow(**found._mapping) if found else None


def get_draft(connection: Connection, order_id: str) -> Order | None:
    """An open or held order as it is on disk."""
    from sqlalchemy import text

    head = connection.execute(
        text("SELECT body FROM drafts WHERE order_id = :id"), {"id": order_id}
    ).scalar()
    if head is None:
        return None
    lines = connection.execute(
        text("SELECT body FROM draft_lines WHERE order_id = :id ORDER BY line_no"),
        {"id": order_id},
    ).scalars()
    found = tuple(_LINE.decode(line) for line in lines)
    return msgspec.structs.replace(_ORDER.decode(head), lines=found)


def _select(
    connection: Connection, name: str, columns: str, key: str, value: str
) -> list[dict[str, Any]]:
    from sqlalchemy import text

    rows = connection.execute(
        text(f"SELECT {columns} FROM {name} WHERE {key} = :value ORDER BY rowid"),  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        {"value": value},
    )
    return [dict(row._mapping) for row in rows]


# --- looking up ---


def open_attempts(reader: Reader) -> list[AttemptRow]:
    """Attempts that are unresolved or still asked after, oldest first."""
    rows = reader.rows(
        f"SELECT {_ATTEMPT} FROM payment_attempts WHERE open = 1 ORDER BY created_at, rowid"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    )
    return [AttemptRow(**dict(row)) for row in rows]


def unresolved(reader: Reader) -> int:
    """How many payments and refunds have no end yet."""
    sql = (
        "SELECT (SELECT count(*) FROM payment_attempts"
        " WHERE open = 1 AND (live = 1 OR state = 'paid_late'))"
        " + (SELECT count(*) FROM payment_refunds WHERE open = 1)"
    )
    return int(reader.rows(sql)[0][0])


def open_refunds(reader: Reader) -> list[RefundRow]:
    """Refunds that are not done, oldest first."""
    rows = reader.rows(
        f"SELECT {_REFUND} FROM payment_refunds WHERE open = 1 ORDER BY created_at, rowid"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    )
    return [RefundRow(**dict(row)) for row in rows]


def of_order(reader: Reader, order_id: str) -> list[AttemptRow]:
    """All attempts of an order, oldest first."""
    rows = reader.rows(
        f"SELECT {_ATTEMPT} FROM payment_attempts WHERE order_id = ? ORDER BY rowid",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        (order_id,),
    )
    return [AttemptRow(**dict(row)) for row in rows]


def any_live(reader: Reader, order_id: str) -> bool:
    """Whether money is being asked for an order, or nobody knows what became of it."""
    sql = "SELECT 1 FROM payment_attempts WHERE order_id = ? AND live = 1"
    return bool(reader.rows(sql, (order_id,)))


def of_number(reader: Reader, number: str) -> AttemptRow | None:
    """An attempt by its id or number, or the head of one; None where there is none or several."""
    wanted = number.replace("-", "").lower()
    rows = reader.rows(
        f"SELECT {_ATTEMPT} FROM payment_attempts"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        " WHERE out_trade_no >= ? AND out_trade_no < ? LIMIT 2",
        (wanted, wanted + "\uffff"),
    )
    return AttemptRow(**dict(rows[0])) if wanted and len(rows) == 1 else None


def refund_of_number(reader: Reader, number: str) -> RefundRow | None:
    """A refund by its number or the head of it."""
    wanted = number.replace("-", "").lower()
    rows = reader.rows(
        f"SELECT {_REFUND} FROM payment_refunds"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        " WHERE out_refund_no >= ? AND out_refund_no < ? LIMIT 2",
        (wanted, wanted + "\uffff"),
    )
    return RefundRow(**dict(rows[0])) if wanted and len(rows) == 1 else None


def created_between(
    reader: Reader, channel: str, start: datetime, end: datetime
) -> tuple[list[AttemptRow], list[RefundRow]]:
    """Attempts and refunds of a channel that were begun in a span of time."""
    values = (channel, stamp(start), stamp(end))
    where = "WHERE channel = ? AND created_at >= ? AND created_at < ? ORDER BY rowid"
    attempts = reader.rows(f"SELECT {_ATTEMPT} FROM payment_attempts {where}", values)  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    refunds = reader.rows(f"SELECT {_REFUND} FROM payment_refunds {where}", values)  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    return (
        [AttemptRow(**dict(row)) for row in attempts],
        [RefundRow(**dict(row)) for row in refunds],
    )
