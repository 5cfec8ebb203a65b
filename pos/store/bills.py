"""What the bills of a wallet's provider brought up: differences, and what waits for another day.

These are the manager's list, not facts; what a manager settles is a record.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from pos.clock import local, stamp
from pos.store.reader import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection


class DifferenceRow(msgspec.Struct, frozen=True):
    """A difference of a day's reconciliation; `resolved_by` is empty while it is open."""

    channel: str
    day: str
    difference: str
    number: str
    order_id: str
    local_fen: int | None
    bill_fen: int | None
    explained: int
    resolved_by: str = ""
    reason: str = ""


class ByHand(msgspec.Struct, frozen=True):
    """A tender of a static code: somebody saw that the money came."""

    order_id: str
    fen: int
    ended_at: str


_DIFFERENCE = ", ".join(DifferenceRow.__struct_fields__)


def put_differences(
    connection: Connection, channel: str, day: str, rows: list[DifferenceRow], pool: bytes
) -> None:
    """Keep what a day's reconciliation found; what a manager has settled stays as it is."""
    from sqlalchemy import text

    connection.execute(
        text(
            "DELETE FROM payment_differences"
            " WHERE channel = :channel AND day = :day AND resolved_by = ''"
        ),
        {"channel": channel, "day": day},
    )
    marks = ", ".join(f":{name}" for name in DifferenceRow.__struct_fields__)
    for row in rows:
        connection.execute(
            text(
                f"INSERT INTO payment_differences ({_DIFFERENCE}) VALUES ({marks})"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
                " ON CONFLICT DO NOTHING"
            ),
            msgspec.structs.asdict(row),
        )
    connection.execute(
        text(
            "INSERT INTO payment_pool (channel, day, body) VALUES (:channel, :day, :body)"
            " ON CONFLICT (channel, day) DO UPDATE SET body = excluded.body"
        ),
        {"channel": channel, "day": day, "body": pool},
    )


def settle_difference(connection: Connection, row: DifferenceRow, by: str, reason: str) -> None:
    """A manager settles a difference."""
    from sqlalchemy import text

    connection.execute(
        text(
            "UPDATE payment_differences SET resolved_by = :by, reason = :reason WHERE"
            " channel = :channel AND day = :day AND difference = :difference AND number = :number"
        ),
        {
            "by": by,
            "reason": reason,
            "channel": row.channel,
            "day": row.day,
            "difference": row.difference,
            "number": row.number,
        },
    )


# --- looking up ---


def unmatched_by_hand(
    reader: Reader, channel: str, day: str, start: datetime, end: datetime
) -> list[ByHand]:
    """Static codes' tenders of a span of time that no other bill has a row for.

    Other than the bill of `channel` and `day`, which is being read again.
    """
    rows = reader.rows(
        "SELECT t.order_id, t.fen, o.ended_at FROM order_tenders t JOIN orders o USING (order_id)"
        " WHERE o.business_date BETWEEN ? AND ? AND t.way = 'static_code'"
        " AND t.fen > 0 AND o.ended_at >= ? AND o.ended_at < ?"
        " AND NOT EXISTS (SELECT 1 FROM payment_differences d WHERE d.difference = 'manual'"
        " AND d.order_id = t.order_id AND d.local_fen = t.fen"
        " AND (d.channel, d.day) <> (?, ?)) ORDER BY o.ended_at, t.order_id, t.n",
        (
            f"{local(start) - timedelta(days=1):%Y-%m-%d}",  # a date of business begins late
            f"{local(end):%Y-%m-%d}",
            stamp(start),
            stamp(end),
            channel,
            day,
        ),
    )
    return [ByHand(**dict(row)) for row in rows]


def of_day(reader: Reader, channel: str, day: str) -> list[DifferenceRow]:
    """Everything that a day's bill brought up, what a manager has settled too."""
    rows = reader.rows(
        f"SELECT {_DIFFERENCE} FROM payment_differences"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        " WHERE channel = ? AND day = ? ORDER BY resolved_by <> '', explained, rowid",
        (channel, day),
    )
    return [DifferenceRow(**dict(row)) for row in rows]


def differences(reader: Reader, *, everything: bool = False) -> list[DifferenceRow]:
    """Differences that no manager has settled yet, or all."""
    rows = reader.rows(
        f"SELECT {_DIFFERENCE} FROM payment_differences"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        " WHERE :all OR resolved_by = '' ORDER BY day, channel, rowid",
        {"all": int(everything)},
    )
    return [DifferenceRow(**dict(row)) for row in rows]


def last_reconciled(reader: Reader, channel: str) -> str:
    """The last day whose bill was read; empty where none was."""
    sql = "SELECT max(day) FROM payment_pool WHERE channel = ?"
    return str(reader.rows(sql, (channel,))[0][0] or "")


def pool_before(reader: Reader, channel: str, day: str) -> bytes:
    """What the last reconciliation before `day` left; empty where there was none."""
    rows = reader.rows(
        "SELECT body FROM payment_pool WHERE channel = ? AND day < ? ORDER BY day DESC LIMIT 1",
        (channel, day),
    )
    return bytes(rows[0][0]) if rows else b""
