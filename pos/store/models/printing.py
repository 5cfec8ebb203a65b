"""Print jobs."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import SQLModel

from pos.store.models.columns import STRICT, blob, later_int, later_text, text


class PrintJob(SQLModel, table=True):
    """Something to print; its bytes are made afterwards and kept before they are sent.

    `doubtful`: an earlier try may have printed it, the paper says so.
    """

    __tablename__ = "print_jobs"
    __table_args__ = (
        Index("print_jobs_waiting", "state"),
        Index("print_jobs_by_order", "order_id"),
        STRICT,
    )
    job_id: str = text(primary_key=True)
    order_id: str = text()
    kind: str = text()
    copy_no: int = 0
    state: str = text()
    queued_at: str = text()
    printer: str = later_text()
    payload: bytes | None = blob(nullable=True)
    attempts: int = later_int(0)
    last_error: str = later_text()
    ended_at: str = later_text()
    doubtful: int = later_int(0)
