"""`pos journal verify`: the chain over stored bytes, signatures, tables made again = tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pos.record import FIRST_PREVIOUS, LedgerCreated, Record, chain, from_bytes, kind_of, verify
from pos.refusal import Refused
from pos.store import attempt_steps
from pos.store.journal import read_witness
from pos.store.models import FACTS
from pos.store.projection import rows_of
from pos.store.reader import Reader


class Verdict(msgspec.Struct, frozen=True):
    """`first_bad` is the number of the first record that does not hold, `what` says how."""

    ok: bool
    records: int
    head: str
    first_bad: int | None = None
    what: str = ""


class _BadError(Exception):
    def __init__(self, jn: int, what: str) -> None:
        super().__init__(jn, what)
        self.jn, self.what = jn, what


class _Rows:
    """The rows of one table in the order of their records, read as the records go by."""

    def __init__(self, reader: Reader, name: str, order: str) -> None:
        self._rows = reader.stream(f"SELECT * FROM {name} ORDER BY jn, {order}")  # noqa: S608  # nosec B608  # names of our tables
        self._next = next(self._rows, None)

    def of(self, jn: int) -> Iterator[dict[str, Any]]:
        """The rows that say they come from record `jn`, or from one before it."""
        while self._next is not None and self._next["jn"] <= jn:
            yield dict(self._next)
            self._next = next(self._rows, None)

    @property
    def left(self) -> int | None:
        """The record of a row that no record was left for."""
        return None if self._next is None else int(self._next["jn"])


def verify_ledger(
    path: Path, progress: Callable[[int], None] = lambda _jn: None, *, replayed: bool = False
) -> Verdict:
    """Check everything; memory stays flat however long the journal is.

    `replayed`: the ledger was just made of an exported journal, which has the steps of payments and
    not their rows. Such a ledger is no till's: Refused("ledger_replayed") otherwise.
    """
    reader = Reader(path)
    if reader.meta("replayed") and not replayed:
        reader.close()
        raise Refused("ledger_replayed", path=path)
    jn, head = 0, FIRST_PREVIOUS
    try:
        reader.rows("BEGIN")
        tables = {name: _Rows(reader, name, order) for name, order in FACTS}
        own = _Own(*(reader.meta(name) for name in ("ledger_id", "shop", "till", "public_key")))
        epoch = 1
        for row in reader.stream(
            "SELECT jn, kind, at, body, hash, signature FROM journal ORDER BY jn"
        ):
            record = _record(row, jn + 1, head, own, tables)
            jn, head, epoch = row["jn"], row["hash"], record.epoch
            if jn % 1000 == 0:
                progress(jn)
        for name, rows in tables.items():
            if rows.left is not None:
                raise _BadError(rows.left, f"{name}: a row without a record")
        if int(reader.meta("epoch")) < epoch:
            raise _BadError(jn, "the ledger says an epoch that had ended")
        _witness(path, reader, jn)
        _payments(reader, jn, replayed)
    except _BadError as bad:
        return Verdict(False, jn, head.hex(), bad.jn, bad.what)
    finally:
        reader.close()
    return Verdict(True, jn, head.hex())


class _Own(NamedTuple):
    """Whose ledger it says it is."""

    ledger_id: str
    shop: str
    till: str
    key: str


def _record(row: Any, jn: int, previous: bytes, own: _Own, tables: dict[str, _Rows]) -> Record:
    if row["jn"] != jn:
        raise _BadError(jn, "a record is missing")
    digest = chain(previous, row["body"])
    if digest != row["hash"]:
        raise _BadError(jn, "the hash does not fit the bytes and the record before")
    if not verify(own.key, digest, row["signature"]):
        raise _BadError(jn, "the signature is not this till's")
    try:
        record = from_bytes(row["body"])
    except msgspec.DecodeError as error:
        raise _BadError(jn, f"not a record: {error}") from error
    fact = record.fact
    if (record.jn, kind_of(fact), record.at) != (jn, row["kind"], row["at"]):
        raise _BadError(jn, "number, kind or time beside the bytes differ from them")
    if isinstance(fact, LedgerCreated) != (jn == 1):
        raise _BadError(jn, "the first record is not the ledger's own")
    if isinstance(fact, LedgerCreated) and (fact.ledger_id, fact.public_key) != (own[0], own.key):
        raise _BadError(jn, "another key or ledger than it began with")
    if (record.shop, record.till) != (own.shop, own.till):
        raise _BadError(jn, "a record of another till")
    wanted = dict(rows_of(record))
    for name, rows in tables.items():
        found = list(rows.of(jn))
        if found != wanted.get(name, []):
            raise _BadError(jn, f"{name} differs from the record")
    return record


def _payments(reader: Reader, last: int, replayed: bool) -> None:
    """Each attempt and refund is as its last step left it; a replay has the steps alone."""
    bad = [(jn or last + 1, what) for jn, what in attempt_steps.unlike_steps(reader)]
    if not replayed:
        bad += attempt_steps.gone(reader)
    if bad:
        raise _BadError(*min(bad))


def _witness(path: Path, reader: Reader, last: int) -> None:
    seen = read_witness(path.with_name(path.name + ".head"))
    if seen is None or str(seen.epoch) != reader.meta("epoch"):
        return
    found = reader.rows("SELECT hash FROM journal WHERE jn = ?", (seen.jn,))
    if not found:
        raise _BadError(last + 1, f"records up to {seen.jn} were there and are gone")
    if found[0]["hash"].hex() != seen.hash:
        raise _BadError(seen.jn, "another record than the witness saw")
