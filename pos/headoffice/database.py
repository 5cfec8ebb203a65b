"""SQLite or PostgreSQL: all that differs between them is in this module.

SQL is written once, with `:name` for values; rows are mappings. Columns are text and whole numbers
and never NULL, keys lead with `shop_id`, there are no sequences: what runs here runs on a
PostgreSQL that is spread over many machines. Work is a function of a `Work`, one transaction, done
again from the start when the database asks for it (serialization, deadlock, a lost connection), so
it must have no other effect.
"""

from __future__ import annotations

import queue
import random
import re
import sqlite3
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pos.protocol.problems import ProblemError
from pos.refusal import Refused
from pos.system import FileLock

if TYPE_CHECKING:
    import psycopg

T = TypeVar("T")
Row = Mapping[str, Any]
Value = str | int
_TRIES = 8
_POOL = 8
_LONG = 400
_WAIT_SECONDS = 10.0
TYPES = {
    "sqlite": {"text": "TEXT", "int": "INTEGER", "end": " STRICT", "wide": " STRICT"},
    "postgresql": {
        "text": 'TEXT COLLATE "C"',
        "int": "BIGINT",
        "end": "",
        # records of the usual size lie in their row: neither compressed nor elsewhere
        "wide": " WITH (toast_tuple_target = 8160)",
    },
}
"""What `{text}`, `{int}` and the ends of tables are in the steps' SQL."""


class Work(Protocol):
    """One transaction."""

    locking: str
    """What a SELECT ends with that keeps its rows for this transaction."""
    claiming: str
    """As `locking`, but passing over what another transaction keeps."""

    def rows(self, sql: str, **values: Value) -> list[Row]:
        """All rows of a query."""

    def do(self, sql: str, **values: Value) -> int:
        """Rows that a statement touched."""

    def put(
        self,
        name: str,
        columns: str,
        rows: Sequence[tuple[Value, ...]],
        conflict: str = "DO NOTHING",
    ) -> int:
        """Insert many rows in one statement; `conflict` is what stands after ON CONFLICT.

        `columns` are names with spaces between. Rows touched.
        """


class BadValue(Exception):  # noqa: N818 - told to who put it
    """A number or a text that no column takes; nothing of its transaction stays."""


def one(found: Sequence[Row]) -> Row | None:
    """The only row, or None."""
    return found[0] if found else None


class Database(Protocol):
    """Where head office keeps everything; threads may share it."""

    kind: str

    def run(self, work: Callable[[Work], T]) -> T:
        """Do `work` in one transaction and commit. ProblemError("busy") when it cannot be had."""

    def read(self, work: Callable[[Work], T]) -> T:
        """Do `work` over one unchanging state of everything; it must not write."""

    def alembic_url(self) -> str:
        """What SQLAlchemy opens it by."""

    def close(self) -> None:
        """Let go of connections and locks."""


def open_database(url: str) -> Database:
    """`postgresql://…`, or the path of a SQLite file. Refused: headoffice_database, _in_use."""
    if url.startswith(("postgresql://", "postgres://")):
        return Postgres(url)
    return Sqlite(Path(url))


# -- SQLite -------------------------------------------------------------------


class _SqliteWork:
    locking = claiming = ""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, **values: Value) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()

    def do(self, sql: str, **values: Value) -> int:
        return self._connection.execute(sql, values).rowcount

    def put(
        self,
        name: str,
        columns: str,
        rows: Sequence[tuple[Value, ...]],
        conflict: str = "DO NOTHING",
    ) -> int:
        if not rows:
            return 0
        names = columns.split()
        marks = ", ".join("?" * len(names))
        sql = f"INSERT INTO {name} ({', '.join(names)}) VALUES ({marks}) ON CONFLICT {conflict}"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        try:
            return self._connection.executemany(sql, rows).rowcount
        except OverflowError as error:
            raise BadValue(str(error)) from error


class Sqlite:
    """One file, one process that writes, held by a lock file; readers beside the one writer."""

    kind = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._held = FileLock(path.with_name(path.name + ".lock"), "pos headoffice")
        except Refused as refused:
            raise Refused("headoffice_in_use", holder=refused.values["holder"]) from None
        self._lock = threading.Lock()
        self._readers: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        self._writer = self._connect("rwc")
        self._writer.execute("PRAGMA journal_mode=wal")

    def _connect(self, mode: str) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode={mode}",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                timeout=_WAIT_SECONDS,
            )
            for pragma in ("synchronous=full", "foreign_keys=on", "wal_autocheckpoint=1000"):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
            raise Refused("headoffice_database", why=str(error)) from error
        connection.row_factory = sqlite3.Row
        return connection

    def run(self, work: Callable[[Work], T]) -> T:
        with self._lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                found = work(_SqliteWork(self._writer))
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
            return found

    def read(self, work: Callable[[Work], T]) -> T:
        try:
            connection = self._readers.get_nowait()
        except queue.Empty:
            connection = self._connect("ro")
        try:
            connection.execute("BEGIN")
            return work(_SqliteWork(connection))
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._readers.put(connection)

    def alembic_url(self) -> str:
        return f"sqlite:///{self._path.absolute()}"

    def close(self) -> None:
        with self._lock:
            self._writer.close()
            with suppress(queue.Empty):
                while True:
                    self._readers.get_nowait().close()
            self._held.release()


# -- PostgreSQL ---------------------------------------------------------------

_NAMED = re.compile(r"(?<!:):([a-z][a-z0-9_]*)")


@cache
def _psycopg_sql(sql: str) -> str:
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%"))


@cache
def _unnest(name: str, columns: str, types: str, conflict: str) -> str:
    # in the select list arrays go in step without being laid out first, as they are in FROM
    arrays = ", ".join(f"unnest(%s::{kind}[])" for kind in types.split())
    return (
        f"INSERT INTO {name} ({', '.join(columns.split())}) SELECT {arrays} ON CONFLICT {conflict}"
    )


class _Texts:
    """An array of texts in PostgreSQL's binary form (array_recv)."""

    def __init__(self, texts: Iterable[str]) -> None:
        found = [text.encode() for text in texts]
        length = struct.Struct("!i").pack
        parts = [part for text in found for part in (length(len(text)), text)]
        self.data = struct.pack("!iiIii", 1, 0, 25, len(found), 1) + b"".join(parts)


def _array(values: Sequence[Value]) -> str | _Texts:
    """An array for PostgreSQL. Short texts and numbers as a literal made by joins, ten times as
    fast as an adapter per element; long texts in binary, which nobody has to escape and parse."""
    if isinstance(values[0], int):
        return "{" + ",".join(map(str, values)) + "}"
    text = "\0".join(values)  # type: ignore[arg-type]
    if len(text) > _LONG * len(values):
        return _Texts(values)  # type: ignore[arg-type]
    if text.count("\0") >= len(values):
        raise BadValue("a text with NUL")
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '{"' + text.replace("\0", '","') + '"}'


class _PostgresWork:
    locking = " FOR UPDATE"
    claiming = " FOR UPDATE SKIP LOCKED"

    def __init__(
        self, connection: psycopg.Connection[dict[str, Any]], data_error: type[Exception]
    ) -> None:
        self._connection = connection
        self._data_error = data_error

    def rows(self, sql: str, **values: Value) -> list[Row]:
        found: list[Row] = list(self._connection.execute(_psycopg_sql(sql), values).fetchall())
        return found

    def do(self, sql: str, **values: Value) -> int:
        return self._connection.execute(_psycopg_sql(sql), values).rowcount

    def put(
        self,
        name: str,
        columns: str,
        rows: Sequence[tuple[Value, ...]],
        conflict: str = "DO NOTHING",
    ) -> int:
        if not rows:
            return 0
        types = " ".join("bigint" if isinstance(v, int) else "text" for v in rows[0])
        arrays = [_array(column) for column in zip(*rows, strict=True)]
        sql = _unnest(name, columns, types, conflict)
        try:
            return self._connection.execute(sql, arrays).rowcount
        except self._data_error as error:
            raise BadValue(str(error)) from error


class Postgres:
    """A pool of connections to one PostgreSQL, or to the coordinator of a distributed one."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        import psycopg

        class TextsDumper(psycopg.adapt.Dumper):
            """Hands the array on as it is."""

            format = psycopg.pq.Format.BINARY
            oid = 1009  # text[]

            def dump(self, obj: _Texts) -> bytes:
                return obj.data

        self._psycopg = psycopg
        self._dumper = TextsDumper
        self._url = url
        self._again = (
            psycopg.errors.SerializationFailure,
            psycopg.errors.DeadlockDetected,
            psycopg.OperationalError,
        )
        self._free: queue.LifoQueue[psycopg.Connection[dict[str, Any]]] = queue.LifoQueue()
        self._slots = threading.BoundedSemaphore(_POOL)
        try:
            self._free.put(self._connect())
        except psycopg.Error as error:
            raise Refused("headoffice_database", why=str(error).strip()) from error

    def _connect(self) -> psycopg.Connection[dict[str, Any]]:
        from psycopg.rows import dict_row

        connection = self._psycopg.connect(
            self._url, autocommit=True, row_factory=dict_row, connect_timeout=int(_WAIT_SECONDS)
        )
        connection.adapters.register_dumper(_Texts, self._dumper)
        return connection

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        if not self._slots.acquire(timeout=_WAIT_SECONDS):
            raise ProblemError("busy", "no connection free", 5)
        connection = None
        try:
            try:
                connection = self._free.get_nowait()
            except queue.Empty:
                connection = self._connect()
            yield connection
        finally:
            if connection is not None and not connection.closed and not connection.broken:
                self._free.put(connection)
            self._slots.release()

    def run(self, work: Callable[[Work], T]) -> T:
        return self._tried("BEGIN ISOLATION LEVEL READ COMMITTED", work)

    def read(self, work: Callable[[Work], T]) -> T:
        return self._tried("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)

    def _tried(self, begin: str, work: Callable[[Work], T]) -> T:
        for again in range(_TRIES):
            if again:
                time.sleep(random.uniform(0, 0.01 * 2**again))  # noqa: S311  # nosec B311  # waits, no secret
            try:
                with self._connection() as connection:
                    return self._once(connection, begin, work)
            except self._again as error:
                last = error
        raise ProblemError("busy", str(last).strip()[:200], 5)

    def _once(
        self,
        connection: psycopg.Connection[dict[str, Any]],
        begin: str,
        work: Callable[[Work], T],
    ) -> T:
        connection.execute(begin.encode())
        try:
            found = work(_PostgresWork(connection, self._psycopg.DataError))
            connection.execute("COMMIT")
        except BaseException:
            with suppress(self._psycopg.Error):
                if not connection.closed:
                    connection.execute("ROLLBACK")
            raise
        return found

    def alembic_url(self) -> str:
        return "postgresql+psycopg://" + self._url.partition("://")[2]

    def close(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._free.get_nowait().close()
