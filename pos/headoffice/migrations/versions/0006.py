"""Accounts for the whole chain, who joined at any shop, coupon codes."""

from __future__ import annotations

from pos.headoffice.migrating import run_step

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make them."""
    run_step(revision)
