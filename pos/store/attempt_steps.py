"""What happened to payments and refunds over a network: each step is a fact with its row's hash.

An attempt and a refund are one row each that changes as the money moves. Every change is a record,
and the record has the hash of the row as it was left: so no column of it changes unseen, and none
goes or comes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from pos.record import PaymentStep
from pos.store.attempts import AttemptRow, RefundRow
from pos.store.reader import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.store.ledger import Ledger

MOST_DETAIL = 200


class StepRow(msgspec.Struct, frozen=True):
    """One thing that happened to an attempt or a refund."""

    jn: int
    subject: str
    at: str
    event: str
    state: str
    detail: str


_STEP = ", ".join(StepRow.__struct_fields__)
_LAST = "SELECT max(jn) FROM payment_steps WHERE what = ? AND subject"
_KINDS: tuple[tuple[str, str, str, type[AttemptRow | RefundRow]], ...] = (
    ("attempt", "payment_attempts", "attempt_id", AttemptRow),
    ("refund", "payment_refunds", "out_refund_no", RefundRow),
)


def row_hash(row: AttemptRow | RefundRow) -> str:
    """SHA-256 (hex) of a row, all of its columns in their order.

    A migration that gives these tables another column has to put every row on record anew.
    """
    return hashlib.sha256(msgspec.json.encode(msgspec.structs.astuple(row))).hexdigest()


def step_of(row: AttemptRow | RefundRow, event: str, detail: str = "") -> PaymentStep:
    """The fact that `event` made a row what it is; to be written with `put` or `put_refund`."""
    told = (event, row.state, detail[:MOST_DETAIL], row_hash(row))
    if isinstance(row, AttemptRow):
        return PaymentStep("attempt", row.attempt_id, *told)
    return PaymentStep("refund", row.out_refund_no, *told)


def steps_of(reader: Reader, subject: str) -> list[StepRow]:
    """Everything that happened to an attempt or a refund."""
    rows = reader.rows(
        f"SELECT {_STEP} FROM payment_steps WHERE subject = ? ORDER BY jn",  # noqa: S608  # nosec B608  # names of ours, values are bound
        (subject,),
    )
    return [StepRow(**dict(row)) for row in rows]


def unlike_steps(reader: Reader) -> Iterator[tuple[int, str]]:
    """Rows that are not as their last step says: its record (0 where there is none), the table."""
    for what, table, key, kind in _KINDS:
        columns = ", ".join(f"k.{name}" for name in kind.__struct_fields__)
        rows = reader.stream(
            f"SELECT coalesce(s.jn, 0), coalesce(s.row_sha256, ''), {columns}"  # noqa: S608  # nosec B608  # names of ours, values are bound
            f" FROM (SELECT t.*, ({_LAST} = t.{key}) AS last_jn FROM {table} t) k"
            " LEFT JOIN payment_steps s ON s.jn = k.last_jn",
            (what,),
        )
        for jn, digest, *values in rows:
            if row_hash(kind(*values)) != digest:
                yield jn, f"{table} differs from the record" if jn else f"{table}: no record of it"


def gone(reader: Reader) -> list[tuple[int, str]]:
    """Steps whose row is not there: the last record about it, the table."""
    found = []
    for what, table, key, _ in _KINDS:
        rows = reader.rows(
            f"SELECT max(jn) FROM payment_steps WHERE what = ? AND subject NOT IN"  # noqa: S608  # nosec B608  # names of ours, values are bound
            f" (SELECT {key} FROM {table}) GROUP BY subject ORDER BY 1 LIMIT 1",
            (what,),
        )
        found += [(int(row[0]), f"{table}: a row is gone") for row in rows]
    return found


# --- a ledger of before ---

_BEFORE = "payment_log"
"""Single value: what was logged before steps were facts, as JSON rows; gone once it is adopted."""


def adopt(ledger: Ledger) -> None:
    """Put attempts and refunds on record that are older than their steps, with what was logged.

    Done once, when a ledger of before is first opened: a row that has no record later is none of
    ours, and verifying says so.
    """
    before = ledger.meta(_BEFORE)
    if not before:
        return
    logged: dict[str, list[tuple[str, str, str]]] = {}
    for subject, *told in msgspec.json.decode(before, type=list[tuple[str, str, str, str, str]]):
        at, event, state, detail = told
        logged.setdefault(subject, []).append((event, state, f"{at} {detail}"))
    with_rows = ledger.read(_all_rows)
    facts = []
    for row in with_rows:
        last = step_of(row, "adopted")
        for event, state, detail in logged.get(last.subject, []):
            old = {"event": event, "state": state, "detail": detail[:MOST_DETAIL]}
            facts.append(msgspec.structs.replace(last, **old))
        facts.append(last)
    ledger.write(*facts, also=lambda connection: ledger.keep(connection, _BEFORE, ""))


def _all_rows(connection: Connection) -> list[AttemptRow | RefundRow]:
    from sqlalchemy import text

    found: list[AttemptRow | RefundRow] = []
    for _, table, _, kind in _KINDS:
        columns = ", ".join(kind.__struct_fields__)
        sql = f"SELECT {columns} FROM {table} ORDER BY rowid"  # noqa: S608  # nosec B608  # names of ours, values are bound
        found += [kind(*row) for row in connection.execute(text(sql))]
    return found
