"""What SQLite says when a disk fails, as something a cashier can act on. Loads nothing heavy."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from pos.refusal import Refused
from pos.system import free_bytes

_CODES = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_READONLY: "disk_read_only",
    sqlite3.SQLITE_CANTOPEN: "ledger_unopenable",
    sqlite3.SQLITE_NOTADB: "not_a_ledger",
    sqlite3.SQLITE_CORRUPT: "ledger_damaged",
    sqlite3.SQLITE_IOERR: "disk_error",
    sqlite3.SQLITE_BUSY: "ledger_busy",
}

_NO_TEXT = "Could not decode to UTF-8"
_NUMBERS = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EROFS: "disk_read_only",
    errno.EACCES: "disk_read_only",
    errno.EPERM: "disk_read_only",
    errno.EIO: "disk_error",
}

ROOM_TO_CLOSE = 2 * 1024**2
"""Bytes that have to be free before money is taken: many times what closing an order writes."""


def check_room(ledger: Path) -> None:
    """Refused("disk_full") where an order that is paid now might not get onto the disk."""
    try:
        free = free_bytes(ledger.parent)
    except OSError as error:
        raise in_words(error, ledger) from error
    if free < ROOM_TO_CLOSE:
        raise Refused("disk_full", path=ledger.parent)


def of_disk(error: sqlite3.Error) -> bool:
    """Whether the disk or another program is to blame, not the question that was asked."""
    code = getattr(error, "sqlite_errorcode", 0) or 0
    return code & 0xFF in _CODES or _NO_TEXT in str(error)


def in_words(error: BaseException, path: Path) -> Refused:
    """An error of the database, or of the file system around it, as a refusal."""
    if isinstance(error, OSError):
        found = _NUMBERS.get(error.errno or 0, "ledger_error")
        return Refused(found, path=path, why=error.strerror or str(error))
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, sqlite3.Error):
        cause = getattr(cause, "orig", None) or cause.__cause__
    code = getattr(cause, "sqlite_errorcode", 0) or 0
    found = _CODES.get(code & 0xFF, "ledger_error")
    if isinstance(error, UnicodeError) or _NO_TEXT in str(cause):
        found = "ledger_damaged"
    return Refused(found, path=path, why=str(cause or error))
