"""What lies beside the journal about sending: what was acknowledged, what was not taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from pos.clock import stamp
from pos.record import FIRST_PREVIOUS

if TYPE_CHECKING:  # SQLModel loads in the ledger's thread
    from sqlalchemy import Connection

    from pos.store.ledger import Ledger
    from pos.store.reader import Reader

ACKED, WATER, ENROLLED = "acked_jn", "sync_water", "enrolled"


class Outgoing(msgspec.Struct, frozen=True):
    """A record as it lies in the journal; hashes and signature in hex, `previous` is jn - 1's."""

    epoch: int
    jn: int
    body: bytes
    hash: str
    signature: str
    previous: str


class ParkedRow(msgspec.Struct, frozen=True):
    """A record that head office did not take, with its words."""

    jn: int
    epoch: int
    hash: str
    verdict: str
    code: str
    words: str
    at: str
    times: int
    again: bool


class Refusal(msgspec.Struct, frozen=True):
    """Head office's verdict on a record it did not take."""

    jn: int
    epoch: int
    hash: str
    verdict: str
    code: str
    words: str


class _Epoch(msgspec.Struct, frozen=True):
    epoch: int


class Water(msgspec.Struct, frozen=True):
    """What head office said it has of an epoch: without a gap up to `jn`, something up to `top`."""

    jn: int
    top: int


_EPOCH = msgspec.json.Decoder(_Epoch)
_FIELDS = "jn, body, hash, signature"


def unsent(reader: Reader, most: int) -> list[Outgoing]:
    """The next records in order that head office has not answered for, at most `most`."""
    acked = int(reader.meta(ACKED) or 0)
    rows = reader.stream(
        f"SELECT {_FIELDS} FROM journal WHERE jn > ? ORDER BY jn LIMIT ?",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        (acked, most),
    )
    return list(_outgoing(rows, _hash(reader, acked)))


def to_send_again(reader: Reader, most: int) -> list[Outgoing]:
    """Records that were not taken and that somebody wants sent once more."""
    found: list[Outgoing] = []
    rows = reader.rows("SELECT jn FROM sync_parked WHERE again = 1 ORDER BY jn LIMIT ?", (most,))
    for (jn,) in rows:
        record = reader.rows(f"SELECT {_FIELDS} FROM journal WHERE jn = ?", (jn,))  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        found += _outgoing(iter(record), _hash(reader, jn - 1))
    return found


def _outgoing(rows: Iterator[tuple[int, bytes, bytes, bytes]], previous: str) -> Iterator[Outgoing]:
    for jn, body, digest, signature in rows:
        epoch = _EPOCH.decode(body).epoch
        yield Outgoing(epoch, jn, body, digest.hex(), signature.hex(), previous)
        previous = digest.hex()


def _hash(reader: Reader, jn: int) -> str:
    return reader.record_hash(jn) if jn else FIRST_PREVIOUS.hex()


def parked(reader: Reader) -> list[ParkedRow]:
    """What head office did not take, oldest first."""
    rows = reader.rows("SELECT * FROM sync_parked ORDER BY jn")
    return [ParkedRow(**{**dict(row), "again": bool(row["again"])}) for row in rows]


def counts(reader: Reader) -> tuple[int, int, str]:
    """How many records wait to be sent, how many were not taken, since when the oldest waits."""
    acked = int(reader.meta(ACKED) or 0)
    refused = int(reader.rows("SELECT count(*) FROM sync_parked")[0][0])
    oldest = reader.rows("SELECT at FROM journal WHERE jn > ? ORDER BY jn LIMIT 1", (acked,))
    return reader.unsent(), refused, str(oldest[0][0]) if oldest else ""


def water(reader: Reader) -> dict[int, Water]:
    """What head office said last that it has, by epoch."""
    return _water(reader.meta(WATER))


def _water(text: str) -> dict[int, Water]:
    return msgspec.json.decode(text, type=dict[int, Water]) if text else {}


def fallen(before: Mapping[int, Water], now: Mapping[int, Water]) -> int | None:
    """From where to send again because head office has less than it had said; None: it has not.

    Numbers go on from epoch to epoch, so the lowest place of any that fell is enough.
    """
    places = []
    for epoch, had in before.items():
        has = now.get(epoch, Water(0, 0))
        if has.jn < had.jn or has.top < had.top:
            places.append(has.jn)
    return min(places) if places else None


def acknowledge(
    ledger: Ledger,
    done: Sequence[int],
    refused: Sequence[Refusal],
    up_to: int | None,
    told: Mapping[int, Water] | None,
) -> None:
    """Put an answer down in one transaction.

    `done` are records it has now, `refused` those it did not take, `up_to` how far the journal was
    answered for by this (None: only records sent once more), `told` its high water (None: it told
    none). Where it has less than it had told before, sending goes back to there.
    """
    from sqlalchemy import text

    now = stamp(ledger.place.clock.now())
    park = text(
        "INSERT INTO sync_parked (jn, epoch, hash, verdict, code, words, at, times, again)"
        " VALUES (:jn, :epoch, :hash, :verdict, :code, :words, :at, 1, 0)"
        " ON CONFLICT (jn) DO UPDATE SET verdict = excluded.verdict, code = excluded.code,"
        " words = excluded.words, at = excluded.at, times = times + 1, again = 0"
    )
    place = None if told is None else fallen(_water(ledger.meta(WATER)), told)

    def put(connection: Connection) -> None:
        if done:
            span = {"low": min(done), "high": max(done)}
            sql = text("SELECT jn FROM sync_parked WHERE jn BETWEEN :low AND :high")
            for jn in {row.jn for row in connection.execute(sql, span)} & set(done):
                connection.execute(text("DELETE FROM sync_parked WHERE jn = :jn"), {"jn": jn})
        for one in refused:
            connection.execute(park, {**msgspec.structs.asdict(one), "at": now})
        if place is not None or up_to is not None:
            ledger.keep(connection, ACKED, str(up_to if place is None else place))
        if told is not None:
            ledger.keep(connection, WATER, _written(told))

    ledger.change(put)


def rewind(ledger: Ledger, to: int, told: Mapping[int, Water]) -> None:
    """Head office has less than before: what follows `to` is sent once more."""

    def put(connection: Connection) -> None:
        ledger.keep(connection, ACKED, str(to))
        ledger.keep(connection, WATER, _written(told))

    ledger.change(put)


def send_again(ledger: Ledger, records: Sequence[int]) -> None:
    """Have records that were not taken sent once more."""
    from sqlalchemy import text

    sql = text("UPDATE sync_parked SET again = 1 WHERE jn = :jn")

    def put(connection: Connection) -> None:
        for jn in records:
            connection.execute(sql, {"jn": jn})

    ledger.change(put)


def _written(told: Mapping[int, Water]) -> str:
    return msgspec.json.encode(dict(told)).decode()
