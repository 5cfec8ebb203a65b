"""Print jobs: what is to be printed, what became of it. Bytes are kept before they are sent.

    queued → sending → printed | failed | uncertain        cancelled by a person

`failed` is only what provably never left; `uncertain` may stand on paper, so a person decides.
A job found `sending` at the start was cut off by a crash: uncertain.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from pos.clock import stamp
from pos.refusal import Refused
from pos.store.reader import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.store.ledger import Ledger

JobState = Literal["queued", "sending", "printed", "failed", "uncertain", "cancelled"]
JOB_STATES: tuple[JobState, ...] = get_args(JobState)
UNDONE: tuple[JobState, ...] = ("queued", "sending", "failed", "uncertain")
TOO_LATE = "job_too_late"
CUT_OFF = "job_cut_off"
QR = "qr"
"""The kind of a payment code on paper: worth nothing once its time is over."""
KEPT_DAYS = 7
"""Bytes of jobs that are done are kept so long."""


class Job(msgspec.Struct, frozen=True):
    """A job without its bytes. `last_error` is a refusal's code, empty where all is well."""

    job_id: str
    order_id: str
    kind: str
    copy_no: int
    state: JobState
    queued_at: str
    printer: str
    attempts: int
    last_error: str
    doubtful: int


_COLUMNS = ", ".join(Job.__struct_fields__)


def jobs(reader: Reader, states: Iterable[JobState] = UNDONE, limit: int = 200) -> list[Job]:
    """Jobs in these states, oldest first."""
    wanted = tuple(states)
    marks = ", ".join("?" * len(wanted))
    sql = f"SELECT {_COLUMNS} FROM print_jobs WHERE state IN ({marks})"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    rows = reader.rows(f"{sql} ORDER BY job_id LIMIT ?", (*wanted, limit))
    return [Job(**dict(row)) for row in rows]


def job(reader: Reader, job_id: str) -> Job | None:
    """One job by its id or the head of it; None where there is none or several."""
    rows = reader.rows(
        f"SELECT {_COLUMNS} FROM print_jobs WHERE job_id >= ? AND job_id < ? LIMIT 2",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        (job_id, job_id + "\uffff"),
    )
    return Job(**dict(rows[0])) if len(rows) == 1 else None


def put_in_order(ledger: Ledger, late: timedelta) -> None:
    """At the start: what was being sent is uncertain; what waited for long waits for a person."""

    def put(connection: Connection) -> None:
        from sqlalchemy import text

        now = ledger.place.clock.now()
        connection.execute(
            text(
                "UPDATE print_jobs SET state = 'cancelled', ended_at = :now WHERE kind = :qr"
                " AND state IN ('queued', 'sending', 'failed', 'uncertain')"
            ),
            {"now": stamp(now), "qr": QR},
        )
        connection.execute(
            text(
                "UPDATE print_jobs SET state = 'uncertain', last_error = :why"
                " WHERE state = 'sending'"
            ),
            {"why": CUT_OFF},
        )
        connection.execute(
            text(
                "UPDATE print_jobs SET state = 'failed', last_error = :why"
                " WHERE state = 'queued' AND queued_at < :before"
            ),
            {"why": TOO_LATE, "before": stamp(now - late)},
        )
        connection.execute(
            text("UPDATE print_jobs SET payload = NULL WHERE ended_at <> '' AND ended_at < :old"),
            {"old": stamp(now - timedelta(days=KEPT_DAYS))},
        )

    ledger.change(put)


def begin(ledger: Ledger, job_id: str, printer: str, payload: bytes) -> bool:
    """Keep the bytes and say that they are being sent. False: the job was cancelled meanwhile.

    Paper of an order that is brought to somebody says where in clear: its bytes are not kept.
    """
    done = False

    def put(connection: Connection) -> None:
        from sqlalchemy import text

        nonlocal done
        found = connection.execute(
            text(
                "UPDATE print_jobs SET state = 'sending', printer = :printer,"
                " payload = CASE WHEN EXISTS (SELECT 1 FROM orders o WHERE o.delivery_id <> ''"
                " AND o.order_id = print_jobs.order_id) THEN NULL ELSE :payload END,"
                " attempts = attempts + 1 WHERE job_id = :id AND state IN ('queued', 'failed')"
            ),
            {"printer": printer, "payload": payload, "id": job_id},
        )
        done = found.rowcount == 1

    ledger.change(put)
    return done


def end(ledger: Ledger, job_id: str, state: JobState, error: str) -> None:
    """What became of a job."""

    def put(connection: Connection) -> None:
        from sqlalchemy import text

        over = state in ("printed", "cancelled")
        ended = stamp(ledger.place.clock.now()) if over else ""
        connection.execute(
            text(
                "UPDATE print_jobs SET state = :state, last_error = :error, ended_at = :ended"
                " WHERE job_id = :id AND state IN ('sending', 'queued', 'failed')"
            ),
            {"state": state, "error": error, "ended": ended, "id": job_id},
        )

    ledger.change(put)


def decide(ledger: Ledger, job_id: str, decision: Literal["printed", "again", "cancel"]) -> None:
    """A person says what is to become of a job that failed or is uncertain.

    Printed again after doubt, the paper says that it may be there twice.
    """
    state = {"printed": "printed", "again": "queued", "cancel": "cancelled"}[decision]

    def put(connection: Connection) -> None:
        from sqlalchemy import text

        ended = "" if decision == "again" else stamp(ledger.place.clock.now())
        found = connection.execute(
            text(
                "UPDATE print_jobs SET doubtful = CASE WHEN state = 'uncertain' AND :again"
                " THEN 1 ELSE doubtful END, state = :state, ended_at = :ended, queued_at = :now"
                " WHERE job_id = :id AND state IN ('failed', 'uncertain', 'queued')"
            ),
            {
                "state": state,
                "ended": ended,
                "id": job_id,
                "again": decision == "again",
                "now": stamp(ledger.place.clock.now()),
            },
        )
        if found.rowcount != 1:
            raise Refused("job_not_waiting")

    ledger.change(put)
