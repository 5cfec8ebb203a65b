"""What records pay into accounts."""

from __future__ import annotations

from pos.headoffice.migrating import run_step

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make it."""
    run_step(revision)
