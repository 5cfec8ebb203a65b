"""E-invoices that head office issues."""

from __future__ import annotations

from pos.headoffice.migrating import run_step

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make them."""
    run_step(revision)
