"""Messages to managers."""

from __future__ import annotations

from pos.headoffice.migrating import run_step

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make them."""
    run_step(revision)
