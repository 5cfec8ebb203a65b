"""The journal as a file of its own, and a ledger made again from such a file.

The file is JSON Lines: a head line with the till and its public key, then one line a record with
the very bytes that were hashed and signed, as text. Whoever has the public key can check it without
this program.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from pos.record import FIRST_PREVIOUS, Record, chain, from_bytes, kind_of, verify
from pos.refusal import Refused
from pos.store.engine import writing_engine
from pos.store.migrations import migrate
from pos.store.models import into
from pos.store.projection import rows_of
from pos.store.reader import Reader
from pos.store.verify import Verdict, verify_ledger
from pos.system import make_private, sync_folder
from pos.untrusted import decoded

FORMAT = "guitai-journal/1"
_TOGETHER = 1000


class Head(msgspec.Struct, frozen=True):
    """The first line. `records` and `last` (a hash) say where the file ends."""

    format: str
    shop: str
    till: str
    ledger_id: str
    public_key: str
    records: int
    last: str


class Written(msgspec.Struct, frozen=True):
    """A record: `body` is its canonical bytes as text; `hash` and `signature` are hex."""

    jn: int
    body: str
    hash: str
    signature: str


class Totals(msgspec.Struct, frozen=True):
    """What a ledger adds up to; equal for two ledgers made of the same records. Sums are fen."""

    records: int
    head: str
    closed: int
    voided: int
    net_fen: int
    tax_fen: int
    tendered_fen: int
    cash_moved_fen: int
    moved_milli: int


def export(ledger: Path, target: Path, progress: Callable[[int], None] = lambda _jn: None) -> Head:
    """Write the whole journal; nothing is left where it fails. Refused("archive_exists")."""
    if target.exists():
        raise Refused("archive_exists", path=target)
    aside = target.with_name(target.name + ".part")
    encode = msgspec.json.encode
    with closing(Reader(ledger)) as reader:
        reader.rows("BEGIN")
        (count, last), *_ = reader.rows("SELECT count(*), max(jn) FROM journal")
        found = reader.rows("SELECT hash FROM journal WHERE jn = ?", (last,))
        head = Head(
            FORMAT,
            reader.meta("shop"),
            reader.meta("till"),
            reader.meta("ledger_id"),
            reader.meta("public_key"),
            count,
            found[0]["hash"].hex() if found else FIRST_PREVIOUS.hex(),
        )
        try:
            with aside.open("xb") as out:
                out.write(encode(head) + b"\n")
                rows = reader.stream("SELECT jn, body, hash, signature FROM journal ORDER BY jn")
                for row in rows:
                    line = Written(
                        row["jn"], row["body"].decode(), row["hash"].hex(), row["signature"].hex()
                    )
                    out.write(encode(line) + b"\n")
                    if line.jn % _TOGETHER == 0:
                        progress(line.jn)
            aside.replace(target)
        finally:
            aside.unlink(missing_ok=True)
    sync_folder(target.parent)
    return head


def replay(
    source: Path, ledger: Path, progress: Callable[[int], None] = lambda _jn: None
) -> tuple[Verdict, Totals]:
    """Make a new ledger of an exported journal, and check it as any other.

    It has all facts and nothing else: no till opens it for work. Refused: archive_exists,
    archive_missing, archive_bad (with the first line that does not hold); then no ledger is left.
    """
    if ledger.exists():
        raise Refused("archive_exists", path=ledger)
    if not source.exists():
        raise Refused("archive_missing", path=source)
    ledger.parent.mkdir(parents=True, exist_ok=True)
    aside = ledger.with_name(ledger.name + ".part")
    _remove(aside)
    try:
        _fill(source, aside, progress)
        verdict = verify_ledger(aside, progress, replayed=True)
        if not verdict.ok:
            raise Refused("archive_bad", path=source, line=verdict.first_bad, why=verdict.what)
        aside.replace(ledger)
    finally:
        _remove(aside)
    sync_folder(ledger.parent)
    return verdict, totals(ledger)


def totals(ledger: Path) -> Totals:
    """Add a ledger up, from its tables."""
    one = """SELECT (SELECT count(*) FROM journal) AS records,
    (SELECT coalesce(lower(hex(hash)), '') FROM journal ORDER BY jn DESC LIMIT 1) AS head,
    (SELECT count(*) FROM orders WHERE state = 'closed') AS closed,
    (SELECT count(*) FROM orders WHERE state = 'voided') AS voided,
    (SELECT coalesce(sum(l.net_fen), 0) FROM order_lines l JOIN orders o USING (order_id)
     WHERE o.state = 'closed') AS net_fen,
    (SELECT coalesce(sum(l.tax_fen), 0) FROM order_lines l JOIN orders o USING (order_id)
     WHERE o.state = 'closed') AS tax_fen,
    (SELECT coalesce(sum(fen), 0) FROM order_tenders) AS tendered_fen,
    (SELECT coalesce(sum(fen), 0) FROM cash_moves) AS cash_moved_fen,
    (SELECT coalesce(sum(milli), 0) FROM stock_moves) AS moved_milli"""
    with closing(Reader(ledger)) as reader:
        return Totals(*reader.rows(one)[0])


class _Checked(msgspec.Struct, frozen=True):
    """A line that holds, and what it is a record of."""

    record: Record
    body: bytes
    digest: bytes
    signature: bytes


def _fill(source: Path, ledger: Path, progress: Callable[[int], None]) -> None:
    with source.open("rb") as lines:
        head = _head(source, lines.readline())
        make_private(ledger)
        with closing(sqlite3.connect(ledger, isolation_level=None)) as raw:
            migrate(raw, ledger)
        engine = writing_engine(ledger)
        epoch = 1
        try:
            with engine.begin() as connection:
                for one in _checked(source, head, lines):
                    _put(connection, one)
                    epoch = one.record.epoch
                    if one.record.jn % _TOGETHER == 0:
                        progress(one.record.jn)
                meta = {
                    "ledger_id": head.ledger_id,
                    "shop": head.shop,
                    "till": head.till,
                    "epoch": str(epoch),
                    "public_key": head.public_key,
                    "clean": "1",
                    "acked_jn": "0",
                    "config": "",
                    "replayed": "1",
                }
                rows = [{"key": key, "value": value} for key, value in meta.items()]
                connection.execute(into("meta"), rows)
        finally:
            engine.dispose()


def _put(connection: Connection, one: _Checked) -> None:
    row = {
        "jn": one.record.jn,
        "kind": kind_of(one.record.fact),
        "at": one.record.at,
        "body": one.body,
        "hash": one.digest,
        "signature": one.signature,
    }
    connection.execute(into("journal"), row)
    for name, rows in rows_of(one.record):
        connection.execute(into(name), rows)


def _head(source: Path, line: bytes) -> Head:
    try:
        head = decoded(line, Head)
    except msgspec.MsgspecError as error:
        raise Refused("archive_bad", path=source, line=1, why=str(error)) from error
    if head.format != FORMAT:
        raise Refused("archive_bad", path=source, line=1, why=head.format[:40])
    return head


def _checked(source: Path, head: Head, lines: Iterable[bytes]) -> Iterator[_Checked]:
    """Each line's record, once its place, its hash and its signature hold."""
    decoder = msgspec.json.Decoder(Written)
    before, jn = FIRST_PREVIOUS, 0
    for number, line in enumerate(lines, 2):
        try:
            written = decoder.decode(line)
            body, signature = written.body.encode(), bytes.fromhex(written.signature)
            record = from_bytes(body)
        except (msgspec.MsgspecError, ValueError) as error:
            raise Refused("archive_bad", path=source, line=number, why=str(error)) from error
        digest = chain(before, body)
        same = (record.jn, record.shop, record.till) == (jn + 1, head.shop, head.till)
        good = same and digest.hex() == written.hash and record.jn == written.jn
        if not (good and verify(head.public_key, digest, signature)):
            raise Refused("archive_bad", path=source, line=number, why=written.hash[:16])
        yield _Checked(record, body, digest, signature)
        before, jn = digest, record.jn
    if (jn, before.hex()) != (head.records, head.last):
        raise Refused("archive_bad", path=source, line=jn + 2, why=head.last[:16])


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
