"""Somebody changes a ledger with tools of his own: what he may do, and whether verifying says so.

The ledger has a row in every table of facts. The hand that changes it knows everything but the
till's key: triggers, foreign keys and checks are off for it, hashes of the chain are made again.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pos.record import (
    VERSION,
    DrawerOpened,
    EpochBegan,
    GivenOffer,
    LedgerCreated,
    OrderClosed,
    Record,
    RecordRecovered,
    ShiftOpened,
    Where,
    chain,
    to_bytes,
)
from pos.refusal import Refused
from pos.store import attempts, epochs
from pos.store.attempt_steps import step_of
from pos.store.attempts import AttemptRow, RefundRow
from pos.store.ledger import Ledger
from pos.store.models import FACTS
from pos.store.verify import Verdict, verify_ledger
from tests.floor.test_record import FACTS as SAMPLES
from tests.shop import make_shop

PROVEN = ("journal", *(name for name, _ in FACTS), "payment_attempts", "payment_refunds")
"""Tables of which every column, every row and every gap is held to the chain."""
WORKING = {
    "meta": "single values; the key, the till and the epoch are held to the records",
    "operators": "PIN hashes; who was added, changed, switched off is on record",
    "drafts": "open and held orders: no facts yet",
    "draft_lines": "as drafts",
    "products": "the catalog: what was sold stands in the order",
    "barcodes": "as products",
    "product_search": "made from products",
    "product_initials": "made from products",
    "stock_levels": "sums of stock_moves, by a trigger",
    "offer_totals": "sums of order_offers, by a trigger",
    "persons": "sealed, outside the chain: law 10",
    "members": "as persons",
    "deliveries": "as persons",
    "print_jobs": "paper can be made again",
    "payment_differences": "made again from a bill; what a manager settled is on record",
    "payment_pool": "as payment_differences",
    "stock_drafts": "documents that are being made",
    "stock_draft_lines": "as stock_drafts",
    "sync_parked": "what head office said of records",
    "sync_requests": "questions to head office",
    "received": "master data of head office",
    "received_prices": "as received",
    "invoice_work": "where an invoice is under way; what was asked and came is on record",
    "messages": "what is to be told to customers",
    "offer_versions": "offers as they were loaded; what was given stands in the order",
    "offers": "as offer_versions",
    "coupons": "as offer_versions",
}
"""Tables that hold no facts, and why nobody is cheated by them."""


def lived_in(folder: Path) -> Path:
    """A ledger with every kind of fact in it, two lives, attempts and refunds, its witness."""
    shop = make_shop(folder)
    ledger = shop.ledger()
    ledger.write(ShiftOpened(Where("0042", "s1", "2026-03-01")))
    for fact in SAMPLES:
        if isinstance(fact, LedgerCreated | EpochBegan | RecordRecovered):
            continue
        if isinstance(fact, OrderClosed):
            gift = GivenOffer("X1", "第二件半价", "nth", 1, 35)
            fact = replace(fact, offers=(gift,), person_id="p1", ref="R1")
        ledger.write(fact)
    put_payments(ledger)
    epochs.begin(ledger, 2, "restored")
    lost = Record(VERSION, "0001", "01", 1, 9, "2026-03-01T01:00:00.000Z", _drawer())
    ledger.write(RecordRecovered(1, 9, to_bytes(lost).decode(), "ab" * 32, "cd" * 64))
    ledger.write(_drawer())
    ledger.close()
    return ledger.place.path


def _drawer() -> DrawerOpened:
    found = next(fact for fact in SAMPLES if isinstance(fact, DrawerOpened))
    assert isinstance(found, DrawerOpened)
    return found


def put_payments(ledger: Ledger) -> None:
    """Two payments by wallet and a refund of each."""
    where = ("1001", "shift-1", "2026-03-01", "2026-03-01T01:00:00.000Z", b'{"n":1}')
    for n, order_id in enumerate(("o1", "o3"), 1):
        row = AttemptRow(
            f"a{n}", order_id, "wechat", "code", f"{n:032x}", 660, "sending", 1, 1, f"m{n}", *where
        )
        paid = replace(row, state="paid", live=0, open=0, body=b'{"n":2}')
        for one, event in ((row, "begin"), (paid, "answered")):
            ledger.write(step_of(one, event), also=lambda c, one=one: attempts.put(c, one))  # type: ignore[misc]
        back = RefundRow(f"{n:032x}", f"a{n}", order_id, "wechat", 60, "running", 1, *where[-2:])
        ledger.write(step_of(back, "begin"), also=lambda c, b=back: attempts.put_refund(c, b))  # type: ignore[misc]


@dataclass
class Count:
    """What was tried and what of it was bad: not found, or another record named first."""

    tried: int = 0
    bad: list[str] = field(default_factory=list)

    def take(self, what: str, verdict: Verdict, first: int | None) -> None:
        """One change; `first` is the record that has to be named, None where any may be."""
        self.tried += 1
        if verdict.ok:
            self.bad.append(f"{what}: not found")
        elif verdict.first_bad is None or (first is not None and verdict.first_bad != first):
            self.bad.append(f"{what}: {verdict.first_bad} {verdict.what}, not {first}")


class Hand:
    """Changes one ledger, again and again, from the same state."""

    def __init__(self, ledger: Path, rng: random.Random) -> None:
        self.path, self.rng, self.count = ledger, rng, Count()
        self._open(ledger).close()
        with closing(self._open(ledger)) as raw:
            found = raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for (name,) in found:
                raw.execute(f"DROP TRIGGER {name}")
        self.whole = ledger.read_bytes()
        assert verify_ledger(ledger).ok

    def _open(self, path: Path) -> sqlite3.Connection:
        raw = sqlite3.connect(path, isolation_level=None)
        raw.execute("PRAGMA journal_mode=DELETE")
        for pragma in ("foreign_keys=OFF", "ignore_check_constraints=ON", "synchronous=OFF"):
            raw.execute(f"PRAGMA {pragma}")
        return raw

    def rows(self, sql: str) -> list[Any]:
        """What is in the ledger."""
        with closing(sqlite3.connect(self.path)) as raw:
            return raw.execute(sql).fetchall()

    def tries(self, what: str, first: int | None, *statements: str) -> None:
        """One change, verified, undone."""
        with closing(self._open(self.path)) as raw:
            raw.execute("BEGIN")
            for statement in statements:
                raw.execute(statement)
            raw.execute("COMMIT")
        self.count.take(what, verdict_of(self.path), first)
        self.path.write_bytes(self.whole)


def verdict_of(path: Path) -> Verdict:
    """What verifying says; a ledger that it refuses to take for a till's own is no good one."""
    try:
        return verify_ledger(path)
    except Refused as refused:
        return Verdict(False, 0, "", 0, refused.code)


Rows = dict[int, int]
"""rowid → the record a row comes from."""


def rows_of(hand: Hand, table: str) -> Rows:
    """The rows of a proven table."""
    last = "(SELECT max(s.jn) FROM payment_steps s WHERE s.what = '{}' AND s.subject = t.{})"
    from_record = {
        "payment_attempts": last.format("attempt", "attempt_id"),
        "payment_refunds": last.format("refund", "out_refund_no"),
    }.get(table, "t.jn")
    return dict(hand.rows(f"SELECT t.rowid, {from_record} FROM {table} t ORDER BY t.rowid"))


def columns_of(hand: Hand, table: str) -> Iterator[tuple[str, str]]:
    """Names and types of a table's columns."""
    for row in hand.rows(f"PRAGMA table_info({table})"):
        yield str(row[1]), str(row[2])


_OTHER = {
    "INTEGER": "coalesce({0}, 0) + 100000",
    "TEXT": "coalesce({0}, '') || 'x'",
    "BLOB": "CAST({0} || x'20' AS BLOB)",
}


def columns(hand: Hand, each: int) -> None:
    """Every column of every proven table, in `each` of its rows."""
    for table in PROVEN:
        rows = rows_of(hand, table)
        chosen = sorted(hand.rng.sample(sorted(rows), min(each, len(rows))))
        for name, kind in columns_of(hand, table):
            for rowid in chosen:
                to = _OTHER[kind].format(name)
                sql = f"UPDATE {table} SET {name} = {to} WHERE rowid = {rowid}"
                hand.tries(f"{table}.{name} {rowid}", rows[rowid], sql)


def gone(hand: Hand, each: int) -> None:
    """Rows that go."""
    for table in PROVEN:
        rows = rows_of(hand, table)
        for rowid in sorted(hand.rng.sample(sorted(rows), min(each, len(rows)))):
            sql = f"DELETE FROM {table} WHERE rowid = {rowid}"
            hand.tries(f"{table} less {rowid}", rows[rowid], sql)


def more(hand: Hand) -> None:
    """A row of each table again, under a key of its own."""
    for table in PROVEN:
        if table == "journal":
            continue
        kinds = dict(columns_of(hand, table))
        names, alone = list(kinds), _alone(hand, table)
        values = [_OTHER[kinds[n]].format(n) if n in alone else n for n in names]
        sql = (
            f"INSERT INTO {table} SELECT {', '.join(values)} FROM {table}"
            f" WHERE rowid = (SELECT max(rowid) FROM {table})"
        )
        hand.tries(f"{table} more", None, sql)


def _alone(hand: Hand, table: str) -> set[str]:
    """Of every key of a table the last column: another value there, and a row is one of its own."""
    keys = [str(row[1]) for row in hand.rows(f"PRAGMA table_info({table})") if row[5]]
    found = {keys[-1]}
    for index in hand.rows(f"PRAGMA index_list({table})"):
        if index[2]:
            found.add(str(hand.rows(f"PRAGMA index_info({index[1]})")[-1][2]))
    return found


def swapped(hand: Hand, pairs: int) -> None:
    """Records that change places, with their hashes made again or not."""
    last = hand.rows("SELECT max(jn) FROM journal")[0][0]
    for _ in range(pairs):
        one, other = sorted(hand.rng.sample(range(2, last + 1), 2))
        sqls = [f"UPDATE journal SET jn = {a} WHERE jn = {b}" for a, b in
                ((10**6, one), (one, other), (other, 10**6))]  # fmt: skip
        hand.tries(f"{one} and {other} swapped", one, *sqls)
        hand.tries(f"{one} and {other} swapped, chained again", one, *sqls, *_again(hand, one))
        body = f"SELECT body FROM journal WHERE jn = {other}"
        doubled = f"UPDATE journal SET body = ({body}) WHERE jn = {one}"
        hand.tries(f"{other} put at {one}", one, doubled)


def _again(hand: Hand, start: int) -> list[str]:
    """The chain from `start` on made again, as who has no key can: the signatures stay."""
    rows = hand.rows(f"SELECT jn, hash, body FROM journal WHERE jn >= {start - 1} ORDER BY jn")
    sqls, before = [], bytes(rows[0][1])
    for jn, _, body in rows[1:]:
        before = chain(before, bytes(body))
        sqls.append(f"UPDATE journal SET hash = x'{before.hex()}' WHERE jn = {jn}")
    return sqls


def renamed(hand: Hand) -> None:
    """The single values that say whose ledger it is and how far its life has come."""
    for key in ("ledger_id", "shop", "till", "public_key"):
        hand.tries(key, 1, f"UPDATE meta SET value = value || '0' WHERE key = '{key}'")
    hand.tries("epoch", None, "UPDATE meta SET value = '1' WHERE key = 'epoch'")
    replayed = "INSERT INTO meta VALUES ('replayed', '1')"
    hand.tries("made a replay", None, replayed, *(f"DELETE FROM {x}" for x in PROVEN[-2:]))


def cut(hand: Hand, tails: int) -> None:
    """The last records and everything made of them go; the witness remembers the head."""
    last = hand.rows("SELECT max(jn) FROM journal")[0][0]
    for tail in range(1, tails + 1):
        first = last - tail + 1
        sqls = [f"DELETE FROM {name} WHERE jn >= {first}" for name in reversed(("journal", *(
            name for name, _ in FACTS)))]  # fmt: skip
        hand.tries(f"cut at {first}", first, *sqls)


def put_back(hand: Hand, older: bytes) -> None:
    """An old copy of the file in its place."""
    hand.path.write_bytes(older)
    with closing(sqlite3.connect(hand.path)) as raw:
        first = raw.execute("SELECT max(jn) FROM journal").fetchone()[0] + 1
    hand.count.take("old copy", verify_ledger(hand.path), first)
    hand.path.write_bytes(hand.whole)


def tamper(folder: Path, rng: random.Random, each: int, pairs: int, tails: int) -> Count:
    """All that can be done to a ledger; what of it was not found is in `bad`."""
    hand = Hand(lived_in(folder), rng)
    columns(hand, each)
    gone(hand, each)
    more(hand)
    swapped(hand, pairs)
    renamed(hand)
    cut(hand, tails)
    put_back(hand, _older(hand))
    return hand.count


def _older(hand: Hand) -> bytes:
    """The file as it was before its last record."""
    last = hand.rows("SELECT max(jn) FROM journal")[0][0]
    with closing(sqlite3.connect(hand.path, isolation_level=None)) as raw:
        raw.execute("PRAGMA foreign_keys=OFF")
        for name in (*(name for name, _ in FACTS), "journal"):
            raw.execute(f"DELETE FROM {name} WHERE jn = {last}")
    found = hand.path.read_bytes()
    hand.path.write_bytes(hand.whole)
    return found
