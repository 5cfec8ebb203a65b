"""E-invoices by the order they are of."""

from __future__ import annotations

from pos.headoffice.migrating import run_step

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make them."""
    run_step(revision)
