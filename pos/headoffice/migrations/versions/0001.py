"""The tables head office starts with."""

from __future__ import annotations

from pos.headoffice.migrating import run_step

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    run_step(revision)
