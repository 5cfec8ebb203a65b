"""What head office keeps comes down: changes since the last time, or all of it."""

from __future__ import annotations

import hashlib
import io
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from pos.config import Config
from pos.protocol.master import Change, Changes, SnapshotEnd, SnapshotHead, Stream
from pos.refusal import Refused
from pos.store import incoming
from pos.store.faults import in_words
from pos.store.incoming import CURSOR, RECEIVED_AS, Staged
from pos.store.reader import Reader
from pos.sync import offers, settings
from pos.sync.link import Link
from pos.sync.staging import Initials, Staging
from pos.sync.trouble import LinkFailed
from pos.untrusted import decoded

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

Submit = Callable[[Callable[["Ledger"], Any]], Future[Any]]
MOST_SNAPSHOT = 256 * 1024 * 1024
"""A till does not take more than this into memory: some 800,000 products."""
WAIT_SECONDS = 300.0


class Receiver:
    """Takes streams in for one till, in the thread of its link."""

    def __init__(self, config: Config, link: Link, submit: Submit, initials: Initials) -> None:
        self._config, self._link, self._submit = config, link, submit
        self._initials = initials
        self._goods = config.settings.catalog.owner == "headoffice"

    def pull(self, stream: Stream) -> int:
        """Bring a stream up to date; how many changes there were.

        Refused("ho_bad_change", …), ("ho_bad_snapshot"), or what the disk refuses: nothing of it
        was put in.
        """
        with closing(Reader(self._config.ledger)) as reader:
            cursor = reader.meta(CURSOR + stream)
            told_as = reader.meta(RECEIVED_AS)
            if told_as and (told_as == "headoffice") != self._goods:
                cursor = ""  # products came under another owner: all of it is looked at anew
            try:
                staged = self._staged(reader, stream, cursor)
            except sqlite3.Error as error:  # the disk: told, and what waits goes up all the same
                raise in_words(error, self._config.ledger) from error
            try:
                found = offers.coming(reader, staged, self._config.settings.till.language)
                settings.check(staged, self._config.settings.till.language)
            except BaseException:
                staged.path.unlink(missing_ok=True)
                raise
        try:
            done = self._submit(lambda ledger: incoming.apply(ledger, staged, found))
            done.result(WAIT_SECONDS)
        finally:
            staged.path.unlink(missing_ok=True)
        settings.write_down(self._config.ledger)
        return staged.changes

    def _staged(self, reader: Reader, stream: Stream, cursor: str) -> Staged:
        if cursor:
            try:
                return self._changes(reader, stream, cursor)
            except LinkFailed as failed:
                if failed.status != 409:
                    raise
        return self._snapshot(reader, stream)

    def _open(self, stream: Stream, *, whole: bool) -> Staging:
        ledger = self._config.ledger
        path = ledger.with_name(f"{ledger.name}.{stream}")
        return Staging(path, stream, goods=self._goods, whole=whole)

    def _changes(self, reader: Reader, stream: Stream, cursor: str) -> Staged:
        staging = self._open(stream, whole=False)
        try:
            while True:
                target = f"/v1/changes?stream={stream}&after={quote(cursor, safe='')}"
                page = self._link.ask("GET", target, Changes)
                if page.stream != stream or (page.more and page.cursor == cursor):
                    raise LinkFailed("foreign", "ho_malformed", detail="changes")
                staging.put(page.changes)
                cursor = page.cursor
                if not page.more:
                    staging.include(page.included)
                    return staging.finish(cursor, _known(reader), self._initials)
        except BaseException:
            staging.close()
            raise

    def _snapshot(self, reader: Reader, stream: Stream) -> Staged:
        data = self._link.fetch("GET", f"/v1/snapshot?stream={stream}", limit=MOST_SNAPSHOT)
        head, changes = opened(data)
        if head.stream != stream:
            raise Refused("ho_bad_snapshot")
        staging = self._open(stream, whole=True)
        try:
            staging.put(changes)
            staging.include(head.included)
            return staging.finish(head.cursor, _known(reader), self._initials)
        except BaseException:
            staging.close()
            raise


def opened(data: bytes) -> tuple[SnapshotHead, Iterator[Change]]:
    """A snapshot whose last line fits all that stands before it; Refused("ho_bad_snapshot")."""
    body, _, last = data.rstrip(b"\n").rpartition(b"\n")
    lines = io.BytesIO(body + b"\n")
    try:
        end, head = decoded(last, SnapshotEnd), decoded(lines.readline(), SnapshotHead)
    except msgspec.DecodeError as error:
        raise Refused("ho_bad_snapshot") from error
    whole = hashlib.sha256(body + b"\n").hexdigest() == end.sha256
    if not whole or body.count(b"\n") != end.count:
        raise Refused("ho_bad_snapshot")
    return head, _changes(lines)


def _changes(lines: io.BytesIO) -> Iterator[Change]:
    for line in lines:
        try:
            yield decoded(line, Change)
        except msgspec.DecodeError as error:
            raise Refused("ho_bad_snapshot") from error


def _known(reader: Reader) -> Callable[[str], bool]:
    return lambda sku: bool(reader.rows("SELECT 1 FROM products WHERE sku = ?", (sku,)))
