"""Numbered steps on `user_version`, all in one exclusive transaction after a copy was made.

A step is never edited once it was shipped; a new one is added behind it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from pos.refusal import Refused
from pos.store.copies import before_migration
from pos.system import make_private

APPLICATION_ID = 0x47544149  # "GTAI"


def _script(name: str) -> Callable[[sqlite3.Connection], None]:
    def step(connection: sqlite3.Connection) -> None:
        text = (resources.files("pos.store") / "steps" / name).read_text("utf-8")
        for statement in text.split(";\n"):
            if statement.strip():
                connection.execute(statement)

    return step


STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _script("0001.sql"),
    _script("0002.sql"),
    _script("0003.sql"),
    _script("0004.sql"),
    _script("0005.sql"),
    _script("0006.sql"),
    _script("0007.sql"),
    _script("0008.sql"),
    _script("0009.sql"),
    _script("0010.sql"),
    _script("0011.sql"),
    _script("0012.sql"),
    _script("0013.sql"),
    _script("0014.sql"),
)
"""STEPS[n] takes a ledger from version n to n + 1."""


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The file's version, 0 for an empty one; Refused when it is foreign or newer than us."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if application != APPLICATION_ID and not empty:
        raise Refused("not_a_ledger", path=path)
    if version > len(STEPS):
        raise Refused("ledger_newer", path=path, version=version, known=len(STEPS))
    return version


def migrate(connection: sqlite3.Connection, path: Path, steps: int = len(STEPS)) -> Path | None:
    """Bring an open ledger to version `steps`; the copy made before, if there was one.

    All steps hold or none does: foreign keys are off meanwhile (SQLite rebuilds tables so) and
    checked before the commit.
    """
    version = version_of(connection, path)
    if version == steps:
        return None
    copy = None
    if version:
        copy = before_migration(path, version)
        copy.unlink(missing_ok=True)
        make_private(copy)
        connection.execute("VACUUM INTO ?", (str(copy),))
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("BEGIN EXCLUSIVE")
    try:
        for step in STEPS[version:steps]:
            step(connection)
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise Refused("migration_failed", path=path, version=version)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={steps}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys=ON")
    return copy
