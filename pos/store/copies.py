"""Older copies of a ledger that a till keeps in clear: of day closes, and of before a migration."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

_CLOSE = re.compile(r"ledger-\d{6}-\d{4}-\d{2}-\d{2}-Z\d{4,}\.(db|unchecked)", re.ASCII)


def before_migration(ledger: Path, version: int) -> Path:
    """Where the copy lies that is made before a ledger of that version is brought to ours."""
    return ledger.with_name(f"{ledger.name}.v{version}.copy")


def let_go(ledger: Path) -> None:
    """Remove what was copied before a migration: the new version has proven itself."""
    for path in _before_migrations(ledger):
        with suppress(OSError):  # the till opens all the same; the next opening tries again
            path.unlink(missing_ok=True)


def all_of(ledger: Path, closes: Path | None) -> list[Path]:
    """Every copy of a ledger; `closes` is the folder of those of day closes."""
    return _before_migrations(ledger) + (_of_closes(closes) if closes else [])


def rotate(closes: Path, made: Path, keep: int) -> None:
    """The newest `keep` copies of day closes stay, `made` among them.

    Newest is what holds most records in the latest life of the same ledger: no clock is asked.
    """
    ledger_id = _place(made)[0]

    def age(path: Path) -> tuple[bool, int, int, str]:
        whose, epoch, jn = _place(path)
        return whose == ledger_id, epoch, jn, path.name

    older = sorted((path for path in _of_closes(closes) if path != made), key=age)
    for path in older[: max(0, len(older) + 1 - keep)]:
        path.unlink(missing_ok=True)


def _before_migrations(ledger: Path) -> list[Path]:
    return sorted(ledger.parent.glob(f"{ledger.name}.v*.copy"))


def _of_closes(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _CLOSE.fullmatch(path.name))


def _place(copy: Path) -> tuple[str, int, int]:
    """Which ledger a copy is of, its epoch and last record; one that cannot be read is oldest."""
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as db:
            meta = dict(db.execute("SELECT key, value FROM meta"))
            (jn,) = db.execute("SELECT coalesce(max(jn), 0) FROM journal").fetchone()
    except sqlite3.Error:
        return "", 0, 0
    return str(meta.get("ledger_id", "")), int(meta.get("epoch", 0)), int(jn)
