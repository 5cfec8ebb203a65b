"""config.toml → Settings. A wrong key is named with its file, its line and the nearest right one.

Every field carries its description; `pos config schema` prints them.
"""

from __future__ import annotations

from pos.config.loading import Config, changed_keys, check, default_text, find, load
from pos.config.sections import (
    Access,
    Amount,
    Books,
    Cash,
    Catalog,
    HeadOffice,
    Ledger,
    Limits,
    Members,
    Percent,
    Promotions,
    Receipt,
    Roles,
    Sale,
    Screen,
    Secrets,
    Settings,
    Shift,
    Shop,
    Tax,
    Till,
    basis_points,
    fen,
)

__all__ = [
    "Access",
    "Amount",
    "Books",
    "Cash",
    "Catalog",
    "Config",
    "HeadOffice",
    "Ledger",
    "Limits",
    "Members",
    "Percent",
    "Promotions",
    "Receipt",
    "Roles",
    "Sale",
    "Screen",
    "Secrets",
    "Settings",
    "Shift",
    "Shop",
    "Tax",
    "Till",
    "basis_points",
    "changed_keys",
    "check",
    "default_text",
    "fen",
    "find",
    "load",
]
