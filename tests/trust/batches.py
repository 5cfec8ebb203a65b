"""A batch of head office comes down: goods, prices, codes, people, a coupon, all of one number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace as changed
from typing import Any

import msgspec
from msgspec.structs import replace

from pos.protocol.master import (
    Barcode,
    Change,
    Changes,
    Coupon,
    Operator,
    Price,
    Product,
    SnapshotEnd,
    SnapshotHead,
    Stream,
    Value,
    key_of,
)
from pos.record import MasterReceived, from_bytes
from pos.store.reader import Reader
from pos.sync.receiving import Receiver
from tests.sync.office import direct, initials
from tests.trust.life import Ack, Life

GOODS = ("H1", "H2", "H3")
STREAM: Stream = "chain"


class _Batch:
    """Head office with one batch: as changes for who has a cursor of it, else as the whole."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._changes = tuple(map(_change, _values(number)))

    def ask(self, method: str, target: str, kind: type, message: object = None) -> Changes:
        """As a link does."""
        return Changes(STREAM, f"r{self._number}", False, self._changes)

    def fetch(self, method: str, target: str, *_: Any, **__: Any) -> bytes:
        """The snapshot."""
        lines = [SnapshotHead(STREAM, f"r{self._number}"), *self._changes]
        data = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
        end = SnapshotEnd(len(self._changes), hashlib.sha256(data).hexdigest())
        return data + msgspec.json.encode(end) + b"\n"


def _values(number: int) -> Iterator[Value]:
    for sku in GOODS:
        yield Product(sku, f"{number}", "个", 1300)
        yield Price(sku, "", number)
        yield Barcode(f"69{sku[1:]}{number:07d}", sku)
    yield Operator("77", f"{number}", "cashier", "x")
    yield Coupon("H", f"{number}")


def _change(value: Value) -> Change:
    kind, key = key_of(value)
    return Change(kind, key, 1, msgspec.Raw(msgspec.json.encode(value)))


def receive(life: Life) -> Ack:
    """A batch is fetched, laid beside the ledger and put in."""
    config = life.world.config
    catalog = replace(config.settings.catalog, owner="headoffice")
    config = changed(config, settings=replace(config.settings, catalog=catalog))
    line: Any = _Batch(life.rng.randint(1, 10**6))
    Receiver(config, line, direct(life.ledger), initials).pull(STREAM)
    return life.ack("receive")


def by_halves(reader: Reader) -> list[str]:
    """What is there of batches is all of one, of which the cursor and the record tell."""
    cursor = reader.meta(f"cursor_{STREAM}")
    rows = "SELECT body FROM journal WHERE kind = 'master.received' ORDER BY jn DESC LIMIT 1"
    told = [from_bytes(row["body"]).fact for row in reader.rows(rows)]
    seen = {
        *(row[0] for row in reader.rows("SELECT name FROM products WHERE sku LIKE 'H_'")),
        *(str(row[0]) for row in reader.rows("SELECT price_fen FROM products WHERE sku LIKE 'H_'")),
        *(str(row[0]) for row in reader.rows("SELECT price_fen FROM received_prices")),
        *(row[0] for row in reader.rows("SELECT name FROM operators WHERE operator_id = '77'")),
    }
    if not cursor.startswith("r"):  # none yet, or a real head office's, which has no goods
        return [] if len(seen) <= 1 else [f"batches {sorted(seen)} beside each other"]
    number = cursor[1:]
    coupons = reader.rows("SELECT value FROM received WHERE kind = 'coupon'")
    seen |= {msgspec.json.decode(row[0], type=Coupon).offer_id for row in coupons}
    found = [] if seen == {number} else [f"cursor {cursor}, and batches {sorted(seen)}"]
    codes = len(reader.rows("SELECT 1 FROM barcodes WHERE code LIKE ?", (f"69_{int(number):07d}",)))
    if codes != len(GOODS) or len(coupons) != 1:
        found.append(f"cursor {cursor}, and {codes} codes, {len(coupons)} coupons")
    match told:
        case [MasterReceived(cursor=known)] if known == cursor:
            return found
    return [*found, f"cursor {cursor}, on record {told}"]
