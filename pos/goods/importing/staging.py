"""The staging file: a SQLite database of its own, written in one go or not at all."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from pos.goods.importing.checking import COLUMNS, SLOT, Checked
from pos.refusal import Refused

_SCHEMA = """
CREATE TABLE rows(
    line INTEGER PRIMARY KEY, sku TEXT, name TEXT NOT NULL, short_name TEXT, spec TEXT, unit TEXT,
    category TEXT, brand TEXT, origin TEXT, supplier TEXT, price_fen INTEGER, member_fen INTEGER,
    lowest_fen INTEGER, cost_fen INTEGER, tax_bp INTEGER, tax_code TEXT, weighed INTEGER,
    discountable INTEGER, earns_points INTEGER, stocked INTEGER, low_milli INTEGER,
    high_milli INTEGER, active INTEGER, initials TEXT NOT NULL, search TEXT NOT NULL
) STRICT;
CREATE TABLE codes(
    code TEXT PRIMARY KEY, line INTEGER NOT NULL REFERENCES rows,
    factor INTEGER NOT NULL DEFAULT 1, price_fen INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE names(key TEXT PRIMARY KEY, line INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE moved(line INTEGER PRIMARY KEY, root INTEGER) STRICT;
"""
# `names` and `moved` are the workings of merging.py; they are dropped in the end
_PRAGMAS = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
)
_PUT_CODE = "INSERT OR IGNORE INTO codes (code, line) VALUES (?, ?)"
_PUT_PACK = "INSERT OR IGNORE INTO codes VALUES (?, ?, ?, ?)"
_PUT_NAME = "INSERT OR IGNORE INTO names VALUES (?, ?)"
_ASKED = 500
"""Keys looked up at a time."""


class StagingFile:
    """A staging file being written. `finish` it or `discard` it; the file must be new.

    Nothing of it is safe until finished: no journal, no syncing, for a file that a fault leaves
    behind is removed. `columns` are those that rows may fill, at least two.
    Refused: already_there, disk_full, disk_error.
    """

    def __init__(self, path: Path, columns: Sequence[str] = COLUMNS) -> None:
        self._path = path
        # binding NULL is what costs most: what no row can have is not bound
        self._values_of = itemgetter(*(SLOT[column] for column in columns))
        marks = ", ".join("?" * len(columns))
        self._put_row = f"INSERT INTO rows ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        try:
            # cost prices are nobody else's business
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError as error:
            raise Refused("already_there", path=path) from error
        except OSError as error:
            raise Refused("file_unwritable", path=path, why=error.strerror) from error
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            with self._faults():
                for pragma in _PRAGMAS:
                    self._db.execute(pragma)
                self._db.executescript(_SCHEMA)
                self._db.execute("BEGIN")
        except BaseException:
            self.discard()
            raise

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            full = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
            code = "disk_full" if full else "disk_error"
            raise Refused(code, path=self._path, why=error) from error

    def claim(self, rows: Sequence[Checked], names: Sequence[tuple[str, int]]) -> bool:
        """Enter the codes and the `names` of rows; whether none of them was taken already.

        What is taken stays with the row that had it.
        """
        put_codes, codes = _PUT_CODE, [(code, row.values[0]) for row in rows for code in row.codes]
        if any(row.packs for row in rows):
            # in the order of the rows: who comes first has the code
            put_codes, codes = _PUT_PACK, [told for row in rows for told in _told(row)]
        with self._faults():
            entered = self._db.executemany(put_codes, codes).rowcount if codes else 0
            entered += self._db.executemany(_PUT_NAME, names).rowcount if names else 0
        return entered == len(codes) + len(names)

    def put(self, rows: Iterable[Checked]) -> None:
        """Rows whose codes are entered."""
        values_of = self._values_of
        with self._faults():
            self._db.executemany(self._put_row, [values_of(row.values) for row in rows])

    def run(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for each of some rows of values."""
        with self._faults():
            self._db.executemany(sql, rows)

    def ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a statement gives."""
        with self._faults():
            return self._db.execute(sql, values).fetchall()

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """What a statement gives, some hundred rows at a time; nothing may be written meanwhile."""
        with self._faults():
            cursor = self._db.execute(sql)
            while rows := cursor.fetchmany(_ASKED):
                yield rows

    def held(self, table: str, key: str, keys: Sequence[str]) -> list[tuple[Any, ...]]:
        """The rows of `codes` or `names` that have one of `keys`."""
        found = []
        for start in range(0, len(keys), _ASKED):
            part = keys[start : start + _ASKED]
            marks = ", ".join("?" * len(part))
            sql = f"SELECT * FROM {table} WHERE {key} IN ({marks})"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
            found += self.ask(sql, part)
        return found

    def finish(self, meta: Mapping[str, str]) -> None:
        """Everything to disk; the file is closed and whole."""
        self.run("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
        with self._faults():
            for statement in ("DROP TABLE names", "DROP TABLE moved", "COMMIT"):
                self._db.execute(statement)
            self._db.close()

    def discard(self) -> None:
        """Away with it."""
        if hasattr(self, "_db"):
            self._db.close()
        self._path.unlink(missing_ok=True)


def _told(row: Checked) -> Iterator[tuple[Any, ...]]:
    """The codes of a row as the table has them."""
    line = row.values[0]
    for code in row.codes:
        yield code, line, 1, None
    for pack in row.packs:
        yield pack.code, line, pack.factor, pack.price_fen
