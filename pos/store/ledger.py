"""The ledger of one till: the only writer of its file. Runs in one thread, the `ledger` thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from pos.clock import Clock, moment_of, stamp
from pos.ids import Ids, order_number
from pos.record import Fact, LedgerCreated, OrderClosed, OrderVoided, Signer, Where
from pos.refusal import Refused
from pos.sale import ending
from pos.sale.order import Order
from pos.store import aside, copies, requests, returned
from pos.store import engine as engines
from pos.store.costs import costed, earned
from pos.store.drafts import Drafts
from pos.store.faults import in_words
from pos.store.journal import Chain, Head, Witness
from pos.store.migrations import migrate, version_of
from pos.store.models import into, table
from pos.system import FileLock, make_private

T = TypeVar("T")
Also = Callable[[Connection], None]
"""More rows of a transaction."""


@dataclass(frozen=True)
class Place:
    """Which till a ledger belongs to, and how it opens."""

    path: Path
    shop: str
    till: str
    signing_key: bytes
    clock: Clock
    ids: Ids
    holder: str
    """Who holds the ledger, in the words another process will show: `pos run`."""
    prints: bool = True
    """Whether there is a printer at all; without one no job waits for it."""
    copies: Path | None = None
    """The folder where copies of day closes lie, in which people are erased too."""
    ledger_id: str = ""
    epoch: int = 1
    """What a ledger that is created is to be called, and the life it begins in."""


@dataclass(frozen=True)
class Ended:
    """An order that is on disk for good."""

    order_id: str
    number: str
    seq: int
    head: Head
    fact: OrderClosed | OrderVoided
    """For `already`, the fact is the one handed in, the stored one may be older."""
    already: bool = False


class Ledger:
    """An open ledger. Every method that writes is one transaction, on disk when it returns."""

    def __init__(self, place: Place, *, create: bool = False) -> None:
        """Open for writing: lock, pragmas, version; Refused says what is wrong and what helps."""
        self.place = place
        path = place.path
        if not create and not path.exists():
            raise Refused("ledger_missing", path=path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(path.with_name(path.name + ".lock"), place.holder)
        except OSError as error:
            raise in_words(error, path) from error
        try:
            self._open(create)
        except Refused:
            self._lock.release()
            raise
        except (sqlite3.Error, SQLAlchemyError, OSError, UnicodeError) as error:
            self._lock.release()
            raise in_words(error, path) from error

    def _open(self, create: bool) -> None:
        place = self.place
        aside.sweep(place.path.parent, aside.MAKING)
        make_private(place.path)
        raw = sqlite3.connect(place.path, timeout=engines.BUSY_SECONDS, isolation_level=None)
        try:
            if version_of(raw, place.path) == 0 and not create:
                raise Refused("not_a_ledger", path=place.path)
            engines.set_pragmas(raw)
            self.copy = migrate(raw, place.path)
        finally:
            raw.close()
        self._engine = engines.writing_engine(place.path)
        self._drafts = Drafts()
        self._witness = Witness(place.path)
        self._witnessed: Head | None = None
        orders = table("orders")
        self._last_seq = select(func.max(orders.c.seq)).where(orders.c.epoch == bindparam("now"))
        self._same = select(orders.c.order_id, orders.c.number, orders.c.seq).where(
            (orders.c.order_id == bindparam("id")) | (orders.c.ref == bindparam("same_ref"))
        )
        signer = Signer(place.signing_key)
        with self._begin() as connection:
            meta = self._meta(connection)
            if not meta:
                meta = self._create(connection, signer)
            if (meta["shop"], meta["till"]) != (place.shop, place.till):
                raise Refused(
                    "ledger_of_other_till",
                    path=place.path,
                    shop=meta["shop"],
                    till=meta["till"],
                )
            if meta["public_key"] != signer.public_key:
                raise Refused("wrong_key", path=place.path)
            self.epoch = int(meta["epoch"])
            self.chain = Chain(place.shop, place.till, self.epoch, signer)
            if meta["ledger_id"] and self.chain.head(connection).jn == 0:
                fact = LedgerCreated(meta["ledger_id"], signer.public_key)
                self.chain.append(connection, fact, place.clock.now())
            self.head = self.chain.head(connection)
            self.unclean = meta["clean"] == "0"
            self.keep(connection, "clean", "0")
        if self.copy is None and not self.unclean:  # our version opened and closed it before
            copies.let_go(place.path)
        self.tail_lost = self._tail_lost()
        self.jumped = 0.0  # seconds that the clock had moved when a till opened it

    def _create(self, connection: Connection, signer: Signer) -> dict[str, str]:
        values = {
            "ledger_id": self.place.ledger_id or self.place.ids.uuid7(),
            "shop": self.place.shop,
            "till": self.place.till,
            "epoch": str(self.place.epoch),
            "public_key": signer.public_key,
            "clean": "1",
            "acked_jn": "0",
            "config": "",
        }
        rows = [{"key": key, "value": value} for key, value in values.items()]
        connection.execute(into("meta"), rows)
        return values

    def _tail_lost(self) -> bool:
        seen = self._witness.read()
        if seen is None or seen.epoch != self.epoch:
            return False
        if seen.jn > self.head.jn:
            return True
        journal = table("journal")
        with self._engine.connect() as connection:
            found = connection.scalar(select(journal.c.hash).where(journal.c.jn == seen.jn))
        return found is None or found.hex() != seen.hash

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        """A writing transaction; database errors come out as Refused, with nothing changed."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except (sqlite3.Error, SQLAlchemyError) as error:
            with suppress(sqlite3.Error, SQLAlchemyError):
                self._engine.dispose()  # a connection with a broken COMMIT is not used again
            raise in_words(error, self.place.path) from error

    def write(self, *facts: Fact, also: Callable[[Connection], None] | None = None) -> Head:
        """Put facts on record in one transaction, with what else belongs to them."""
        with self._begin() as connection:
            head = self.head
            for fact in facts:
                head = self.chain.append(connection, fact, self.place.clock.now())
            if also:
                also(connection)
                head = self.chain.head(connection)  # it may have put down more facts
        self.head = head
        return head

    @contextmanager
    def attached(self, path: Path, name: str) -> Iterator[None]:
        """Another database file beside the ledger's own tables, under `name`, for reading."""
        pooled = self._engine.raw_connection()
        connection = pooled.driver_connection
        if connection is None:
            raise Refused("ledger_not_open")
        try:
            connection.execute(f"ATTACH DATABASE ? AS {name}", (str(path),))
            try:
                yield
            finally:
                connection.execute(f"DETACH DATABASE {name}")
        except sqlite3.Error as error:
            raise in_words(error, path) from error
        finally:
            pooled.close()

    def read(self, work: Callable[[Connection], T]) -> T:
        """Look something up as it is on disk; in the ledger thread nothing changes meanwhile."""
        try:
            with self._engine.connect() as connection:
                return work(connection)
        except (sqlite3.Error, SQLAlchemyError) as error:
            raise in_words(error, self.place.path) from error

    def change(self, work: Callable[[Connection], None]) -> None:
        """Change what is no fact (products, operators' counters) in one transaction."""
        with self._begin() as connection:
            work(connection)

    def save_draft(self, order: Order, *facts: Fact, also: Also | None = None) -> None:
        """Save an open or held order, with facts about it (a voided line, an override)."""
        try:
            with self._begin() as connection:
                head = self.head
                for fact in facts:
                    head = self.chain.append(connection, fact, self.place.clock.now())
                old = self._drafts.known(order.order_id)
                self._drafts.save(connection, order, self.place.clock.now())
                if old is not None:
                    requests.release_dropped(connection, old, order)
                if also:
                    also(connection)
        except Refused:
            self._drafts.forget(order.order_id)
            raise
        self.head = head
        self._drafts.saved(order)

    def drop_draft(self, order_id: str) -> None:
        """Remove an order that never held anything."""
        with self._begin() as connection:
            self._drafts.remove(connection, order_id)
        self._drafts.forget(order_id)

    def close_order(
        self,
        order: Order,
        where: Where,
        ref: str = "",
        *facts: Fact,
        also: Also | None = None,
        follow: Order | None = None,
    ) -> Ended:
        """The sale becomes a fact: order, lines, tenders, moves, record, print job, at once.

        `also` puts down the outcome of a payment that completed it, in the same transaction;
        `follow` is an open order that takes its place (反结账). What comes back is held to what is
        on disk in this transaction: no two commands return the same goods.
        """

        def fact(seq: int, number: str) -> OrderClosed:
            next_id = follow.order_id if follow else ""
            return ending.close(order, where, seq, number, ref, followed_by=next_id)

        def check(connection: Connection) -> None:
            if order.returned:
                returned.check(returned.rows_in(connection), order)

        def more(connection: Connection) -> None:
            if follow is not None:
                self._drafts.save(connection, follow, self.place.clock.now())
            if also:
                also(connection)

        ended = self._end(order, fact, ref, *facts, check=check, also=more)
        if follow is not None and not ended.already:
            self._drafts.saved(follow)
        return ended

    def void_order(self, order: Order, where: Where, reason: str, *facts: Fact) -> Ended:
        """The order is given up; it still takes a number, so that none is missing."""

        def fact(seq: int, number: str) -> OrderVoided:
            return ending.void(order, where, seq, number, reason)

        return self._end(order, fact, "", *facts)

    def _end(
        self,
        order: Order,
        make: Callable[[int, str], OrderClosed | OrderVoided],
        ref: str,
        *facts: Fact,
        check: Also | None = None,
        also: Also | None = None,
    ) -> Ended:
        place = self.place
        try:
            with self._begin() as connection:
                if found := self._ended(connection, order, ref, make):
                    return found
                if check:
                    check(connection)
                seq = (connection.scalar(self._last_seq, {"now": self.epoch}) or 0) + 1
                number = order_number(place.shop, place.till, self.epoch, seq)
                fact = make(seq, number)
                if isinstance(fact, OrderClosed):
                    fact = earned(connection, costed(connection, fact), order.points_rate)
                    if order.returned:
                        fact = returned.with_points(returned.rows_in(connection), fact)
                now = place.clock.now()
                for extra in facts:
                    self.chain.append(connection, extra, now)
                head = self.chain.append(connection, fact, now)
                self._drafts.remove(connection, order.order_id)
                if isinstance(fact, OrderClosed):
                    requests.settle_order(connection, order, number)
                    self.queue_print(connection, order.order_id, "sale", 0)
                else:
                    requests.release_of(connection, order.order_id)
                if also:
                    also(connection)
        except Refused:
            found = self._after_error(order, ref, make)
            if found is None:
                raise
            self.head = found.head
            return found
        self.head = head
        self._drafts.forget(order.order_id)
        return Ended(order.order_id, number, seq, head, fact)

    def _after_error(
        self, order: Order, ref: str, make: Callable[[int, str], OrderClosed | OrderVoided]
    ) -> Ended | None:
        """An exception from COMMIT does not say "not stored": look."""
        with suppress(sqlite3.Error, SQLAlchemyError), self._engine.connect() as connection:
            return self._ended(connection, order, ref, make)
        return None

    def _ended(
        self,
        connection: Connection,
        order: Order,
        ref: str,
        make: Callable[[int, str], OrderClosed | OrderVoided],
    ) -> Ended | None:
        row = connection.execute(
            self._same, {"id": order.order_id, "same_ref": ref or None}
        ).first()
        if row is None:
            return None
        head = self.chain.head(connection)
        fact = make(row.seq, row.number)
        return Ended(row.order_id, row.number, row.seq, head, fact, already=True)

    def print_again(self, order_id: str, copy_no: int, *facts: Fact) -> Head:
        """Put a reprint on record and into the queue."""
        return self.write(
            *facts,
            also=lambda connection: self.queue_print(connection, order_id, "reprint", copy_no),
        )

    def print_slip(self, order_id: str, kind: str) -> None:
        """Put a slip of an order into the queue."""
        with self._begin() as connection:
            self.queue_print(connection, order_id, kind, 0)

    def queue_print(self, connection: Connection, order_id: str, kind: str, copy_no: int) -> None:
        """Put a print job into the queue; its bytes are made later."""
        connection.execute(
            into("print_jobs"),
            {
                "job_id": self.place.ids.uuid7(),
                "order_id": order_id,
                "kind": kind,
                "copy_no": copy_no,
                "state": "queued" if self.place.prints else "cancelled",
                "queued_at": stamp(self.place.clock.now()),
            },
        )

    def set_meta(self, key: str, value: str) -> None:
        """Keep a single value."""
        with self._begin() as connection:
            self.keep(connection, key, value)

    def meta(self, key: str) -> str:
        """A single value, empty where it was never set."""
        with self._engine.connect() as connection:
            return self._meta(connection).get(key, "")

    def _meta(self, connection: Connection) -> dict[str, str]:
        meta = table("meta")
        return {row.key: row.value for row in connection.execute(select(meta))}

    def keep(self, connection: Connection, key: str, value: str) -> None:
        """Keep a single value as part of a transaction."""
        put = upsert(table("meta"))
        connection.execute(
            put.on_conflict_do_update(index_elements=["key"], set_={"value": put.excluded.value}),
            {"key": key, "value": value},
        )

    def quick_check(self) -> str:
        """SQLite's own check, "ok" or its first complaint. Takes about 2 ms a megabyte."""
        return self.read(lambda c: str(c.exec_driver_sql("PRAGMA quick_check(1)").scalar()))

    def empty_log(self) -> None:
        """Bring all that is in the WAL into the file and empty it; a reader at work may prevent it.

        Then the next one does it, at the latest when the ledger is closed.
        """
        raw = self._engine.raw_connection()
        with suppress(sqlite3.Error), closing(raw):
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def last_moment(self) -> str:
        """When the last record was made; empty before the first."""
        return self.head.at

    def seconds_behind(self) -> float:
        """How far the clock stands before the last record; 0 where it does not."""
        if not self.head.at:
            return 0.0
        return max(0.0, (moment_of(self.head.at) - self.place.clock.now()).total_seconds())

    def witness(self) -> None:
        """Write the head beside the ledger; done when nobody waits."""
        if self._witnessed == self.head or self.tail_lost:
            return
        with suppress(OSError):  # a full disk shows at the next sale; here nobody is waiting
            self._witness.write(self.head)
            self._witnessed = self.head

    def close(self) -> None:
        """Say that all went well, and let go of the file."""
        with suppress(Refused):
            self.set_meta("clean", "1")
        self.witness()
        self._engine.dispose()
        self._lock.release()
