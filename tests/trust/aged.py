"""A ledger as an older version of the till left it: with trade in it, some steps behind."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from pos.store.migrations import migrate
from tests.trust.acts import act
from tests.trust.life import Ack, Life
from tests.trust.world import World, make_world

KNEW = ("sale", "void", "cash", "hold")
"""What the oldest version could do."""


def aged(folder: Path, version: int = 1, sales: int = 12) -> tuple[World, list[Ack]]:
    """A shop whose ledger is at `version`, and what it had acknowledged."""
    world = make_world(folder)
    acks: list[Ack] = []
    life = Life(world, random.Random(version), acks.append)
    for n in range(sales):
        act(life, KNEW[n % len(KNEW)])
    life.stop()
    new = world.ledger.rename(folder / "new.db")
    for beside in ("-wal", "-shm"):
        new.with_name(world.ledger.name + beside).unlink(missing_ok=True)
    with closing(sqlite3.connect(world.ledger, isolation_level=None)) as old:
        migrate(old, world.ledger, version)
        old.execute("PRAGMA foreign_keys=OFF")
        old.execute("ATTACH ? AS new", (str(new),))
        old.execute("BEGIN")
        names = [
            row[0]
            for row in old.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
        ]
        for name in sorted(names, key=lambda name: name == "stock_levels"):
            _copy(old, name)
        old.execute("COMMIT")
        old.execute("DETACH new")
        old.execute("PRAGMA journal_mode=WAL")
    new.unlink()
    return replace(world, hour=1), acks


def _copy(old: sqlite3.Connection, name: str) -> None:
    there = {row[1] for row in old.execute(f"PRAGMA new.table_info({name})")}
    here = [row[1] for row in old.execute(f"PRAGMA main.table_info({name})") if row[1] in there]
    if not here:  # it was not there, or another one
        return
    columns = ", ".join(here)
    old.execute(f"INSERT OR REPLACE INTO main.{name} ({columns}) SELECT {columns} FROM new.{name}")
