"""What is in a ledger, table by table, to see that an act left all of it as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

_NAMES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def contents(ledger: Path) -> dict[str, list[str]]:
    """The rows of every table, in words."""
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as db:
        names = [name for (name,) in db.execute(_NAMES)]
        return {name: [repr(row) for row in db.execute(f"SELECT * FROM {name}")] for name in names}


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """The tables that are not as they were."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
