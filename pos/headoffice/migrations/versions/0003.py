"""Accounts of the pages and their sessions; bills of wallets; orders by their place."""

from __future__ import annotations

from pos.headoffice.migrating import run_step

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make them."""
    run_step(revision)
