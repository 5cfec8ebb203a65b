"""Lives of a till that somebody else ends."""

from __future__ import annotations

import random
import time
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from sqlalchemy import Connection as Database

from pos.record import Fact
from pos.store import ledger as ledgers
from pos.store.journal import Chain, Head
from tests.shop import Shop
from tests.trust.acts import ACTS, Life


class TornChain(Chain):
    """A protection taken away: what precedes a record is committed without it."""

    def append(self, connection: Database, fact: Fact, now: datetime) -> Head:
        """As in a till without transactions."""
        head = super().append(connection, fact, now)
        connection.exec_driver_sql("COMMIT")
        time.sleep(0.05)  # a slow disk
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return head


def live(folder: Path, seed: int, out: Connection, weak: bool) -> None:
    """Acts until it is killed; first nothing goes out, then each act that is done."""
    if weak:
        vars(ledgers)["Chain"] = TornChain
    rng = random.Random(seed)
    life = Life(Shop(folder), rng)
    out.send_bytes(b"")
    while True:
        out.send_bytes(msgspec.json.encode(life.act(rng.choice(tuple(ACTS)))))
