"""Protections taken away, one at a time: a run that does not notice proves nothing."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

from sqlalchemy import Connection

from pos.invoices import driving
from pos.record import Fact
from pos.store import engine, jobs, migrations, outbox, requests
from pos.store import ledger as ledgers
from pos.store.journal import Chain, Head
from pos.store.ledger import Ended, Ledger
from pos.sync.sending import Sender
from pos.till import attempting, spool
from tests.trust.life import Ack, Told
from tests.trust.outside import Bank

Weak = Literal[
    "",
    "torn",
    "eager",
    "unsynced",
    "unrecorded",
    "believing",
    "stepwise",
    "hasty",
    "unsettled",
    "unsaid",
]
SLOW = 0.03
"""Seconds a disk takes where a protection is missing: long enough to be killed in."""


class TornChain(Chain):
    """What precedes a record is committed without it: two transactions instead of one."""

    def append(self, connection: Connection, fact: Fact, now: datetime) -> Head:
        """As in a till without transactions."""
        head = super().append(connection, fact, now)
        connection.exec_driver_sql("COMMIT")
        time.sleep(SLOW)
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return head


@contextmanager
def weaken(weak: Weak, told: Told) -> Iterator[None]:
    """Work without one protection; `told` is how a life speaks."""
    match weak:
        case "":
            yield
        case "torn":
            with patch.object(ledgers, "Chain", TornChain):
                yield
        case "eager":
            with patch.object(Ledger, "close_order", _told_too_early(told)):
                yield
        case "unsynced":
            with patch.dict(engine._PRAGMAS, synchronous=1):  # NORMAL
                yield
        case "unrecorded":
            with patch.object(attempting, "begin", _charged_first(told)):
                yield
        case "believing":
            with patch.object(Sender, "_send", _acknowledged_first):
                yield
        case "hasty":
            with patch.object(driving, "drive", _sent_first):
                yield
        case "unsettled":
            with (
                patch.object(requests, "settle_order", lambda *_: None),
                patch.object(Ledger, "close_order", _settled_later),
            ):
                yield
        case "unsaid":
            with (
                patch.object(jobs, "begin", _not_yet),
                patch.object(spool._Worker, "_send", _said_later),
            ):
                yield
        case "stepwise":
            with patch.object(ledgers, "migrate", _step_by_step):
                yield


def _told_too_early(told: Told) -> Callable[..., Ended]:
    close = Ledger.close_order

    def eager(self: Ledger, order: Any, where: Any, *rest: Any, also: Any = None) -> Ended:
        def early(connection: Connection) -> None:
            if also:
                also(connection)
            head = self.chain.head(connection)
            told(Ack("sale", head.jn, head.hash))
            time.sleep(SLOW)

        return close(self, order, where, *rest, also=early)

    return eager


_CLOSE, _SETTLE = Ledger.close_order, requests.settle_order


def _settled_later(self: Ledger, order: Any, *rest: Any, **more: Any) -> Ended:
    """What was held for a sale is used in a transaction of its own, after the sale's."""
    ended = _CLOSE(self, order, *rest, **more)
    time.sleep(SLOW)
    self.change(lambda connection: _SETTLE(connection, order, ended.number))
    return ended


_BEGIN, _PAPER = jobs.begin, spool._Worker._send
_UNSAID: list[Callable[[Ledger], bool]] = []


def _not_yet(_: Ledger, *job: Any) -> bool:
    _UNSAID.append(lambda ledger: _BEGIN(ledger, *job))
    return True


def _said_later(self: Any, data: bytes) -> Any:
    """The paper is out before the ledger says that it is on its way."""
    outcome = _PAPER(self, data)
    time.sleep(SLOW)
    self._write(_UNSAID.pop())
    return outcome


def _charged_first(told: Told) -> Callable[..., attempting.Done]:
    begin = attempting.begin

    def unrecorded(ledger: Ledger, attempt: Any, where: Any) -> attempting.Done:
        Bank(told).charge(attempt.charge.out_trade_no, attempt.charge.fen)
        time.sleep(SLOW)
        return begin(ledger, attempt, where)

    return unrecorded


_DRIVE = driving.drive


def _sent_first(course: Any, about: Any, provider: Any, keep: Any, now: Any) -> None:
    """That an invoice is on its way is put on disk with the answer, not before."""

    def later(one: Any) -> None:
        if one.state != "sending":
            time.sleep(SLOW)
            keep(one)

    _DRIVE(course, about, provider, later, now)


_SEND = Sender._send


def _acknowledged_first(self: Sender, records: Any, *, onward: bool) -> Any:
    """Head office is believed to have what was not sent yet."""
    up_to = records[-1].jn
    self._write(lambda ledger: outbox.acknowledge(ledger, (), (), up_to, None))
    time.sleep(SLOW)
    return _SEND(self, records, onward=onward)


def _step_by_step(connection: sqlite3.Connection, path: Path) -> Path | None:
    """Each statement of a migration is its own transaction."""
    version = migrations.version_of(connection, path)
    for step in migrations.STEPS[version:]:
        step(connection)
    connection.execute(f"PRAGMA application_id={migrations.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={len(migrations.STEPS)}")
    return None
