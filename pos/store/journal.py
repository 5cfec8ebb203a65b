"""Appending to the chain, and its witness beside the ledger."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from pos.clock import stamp
from pos.record import FIRST_PREVIOUS, VERSION, Fact, Record, Signer, chain, kind_of, to_bytes
from pos.store.models import into, table
from pos.store.projection import rows_of
from pos.untrusted import decoded


class Head(msgspec.Struct, frozen=True):
    """The last record: its place, its hash in hex and its moment."""

    epoch: int
    jn: int
    hash: str
    at: str = ""


class Chain:
    """Appends facts of one till to the journal, inside the caller's transaction."""

    def __init__(self, shop: str, till: str, epoch: int, signer: Signer) -> None:
        self.shop, self.till, self.epoch = shop, till, epoch
        self._signer = signer
        journal = table("journal")
        self._last = (
            select(journal.c.jn, journal.c.hash, journal.c.at)
            .order_by(journal.c.jn.desc())
            .limit(1)
        )

    def head(self, connection: Connection) -> Head:
        """The last record in the file; jn 0 and 32 zero bytes before the first."""
        row = connection.execute(self._last).first()
        if row is None:
            return Head(self.epoch, 0, FIRST_PREVIOUS.hex())
        return Head(self.epoch, row.jn, row.hash.hex(), row.at)

    def append(self, connection: Connection, fact: Fact, now: datetime) -> Head:
        """Put `fact` at the end of the chain and its rows into their tables."""
        before = self.head(connection)
        at = stamp(now)
        record = Record(VERSION, self.shop, self.till, self.epoch, before.jn + 1, at, fact)
        body = to_bytes(record)
        digest = chain(bytes.fromhex(before.hash), body)
        connection.execute(
            into("journal"),
            {
                "jn": record.jn,
                "kind": kind_of(fact),
                "at": at,
                "body": body,
                "hash": digest,
                "signature": self._signer.sign(digest),
            },
        )
        for name, rows in rows_of(record):
            connection.execute(into(name), rows)
        return Head(self.epoch, record.jn, digest.hex(), at)


class Witness:
    """A small side file that remembers the head: it shows when the ledger lost its tail."""

    _SIZE = 160

    def __init__(self, ledger: Path) -> None:
        self._path = ledger.with_name(ledger.name + ".head")

    def read(self) -> Head | None:
        """The last head written, or None where there is none to read."""
        return read_witness(self._path)

    def write(self, head: Head) -> None:
        """Overwrite in place (one sector) and make it durable."""
        data = msgspec.json.encode(head).ljust(self._SIZE - 1) + b"\n"
        fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.pwrite(fd, data, 0)
            os.fdatasync(fd)
        finally:
            os.close(fd)


def read_witness(path: Path) -> Head | None:
    """The head in a witness file."""
    try:
        return decoded(path.read_bytes(), Head)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
