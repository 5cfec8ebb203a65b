"""What a ledger for training begins with: goods, offers and operators of the real one."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from pos.store.ledger import Ledger

COPIED = (
    *("products", "barcodes", "product_search", "product_initials", "stock_levels"),
    *("operators", "offer_versions", "offers", "coupons"),
)
"""None of them holds a fact or a person."""


def take_goods(ledger: Ledger, real: Path) -> None:
    """Copy them into a fresh ledger in one transaction; both have the same steps behind them."""

    def copy(connection: Connection) -> None:
        for name in COPIED:
            sql = f"INSERT INTO main.{name} SELECT * FROM real.{name}"  # noqa: S608  # nosec B608  # names of our tables
            connection.execute(text(sql))

    with ledger.attached(real, "real"):
        ledger.change(copy)
