"""What SQLite says when a disk fails, as something a cashier can act on. Loads nothing heavy."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pos.refusal import Refused

_CODES = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_READONLY: "disk_read_only",
    sqlite3.SQLITE_CANTOPEN: "ledger_unopenable",
    sqlite3.SQLITE_NOTADB: "not_a_ledger",
    sqlite3.SQLITE_CORRUPT: "ledger_damaged",
    sqlite3.SQLITE_IOERR: "disk_error",
    sqlite3.SQLITE_BUSY: "ledger_busy",
}


def of_disk(error: sqlite3.Error) -> bool:
    """Whether the disk or another program is to blame, not the question that was asked."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in _CODES


def in_words(error: BaseException, path: Path) -> Refused:
    """A database error as a refusal."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, sqlite3.Error):
        cause = getattr(cause, "orig", None) or cause.__cause__
    code = getattr(cause, "sqlite_errorcode", 0) or 0
    found = _CODES.get(code & 0xFF, "ledger_error")
    return Refused(found, path=path, why=str(cause or error))
