"""After a soak: what the cashier saw against the ledger, head office, the wallet and the paper."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.trust.soak.cashier import Cashier
from tests.trust.soak.place import Place

PATIENCE = 90.0
"""Seconds in which paper and head office are to catch up once nothing is wrong any more."""


def catch_up(at: Place, cashier: Cashier) -> None:
    """All faults are over: wait until everything is printed and sent."""
    at.jump(0)
    at.printer.becomes()
    at.line.faults = at.wallet_line.faults = ("pass",)
    until = time.monotonic() + PATIENCE
    with closing(Reader(at.shop.place().path)) as reader:
        while time.monotonic() < until:
            cashier.terminal.pump(0.5)
            waiting = reader.rows(
                "SELECT count(*) FROM print_jobs WHERE state IN ('queued', 'sending', 'failed')"
            )[0][0]
            if not waiting and reader.unsent() == 0:
                return


def compare(at: Place, cashier: Cashier) -> list[str]:
    """What does not agree."""
    path = at.shop.place().path
    verdict = verify_ledger(path)
    found = [] if verdict.ok else [f"the ledger: {verdict}"]
    with closing(Reader(path)) as reader:
        found += _sales(reader, cashier)
        found += _head_office(reader, at.shop.folder.parent / "headoffice" / "headoffice.db")
        found += _wallet(reader, at)
        found += _papers(reader, at, cashier)
    return found


def _sales(reader: Reader, cashier: Cashier) -> Iterator[str]:
    rows = reader.rows(
        "SELECT o.number, o.total_fen, t.way FROM orders o JOIN order_tenders t USING (order_id)"
        " WHERE o.state = 'closed' ORDER BY o.seq"
    )
    kept = {row["number"]: (row["total_fen"], row["way"]) for row in rows}
    if len(kept) != len(rows):
        yield f"{len(rows) - len(kept)} sales stand twice in the ledger"
    if kept != cashier.sold:
        odd = [n for n in kept.keys() | cashier.sold.keys() if kept.get(n) != cashier.sold.get(n)]
        yield f"{len(odd)} sales are not as the screen said: {sorted(odd)[:5]}"
    if drafts := reader.drafts():
        yield f"{len(drafts)} orders are still open"


def _head_office(reader: Reader, database: Path) -> Iterator[str]:
    own = [
        (row[0], row[1].hex()) for row in reader.rows("SELECT jn, hash FROM journal ORDER BY jn")
    ]
    with closing(sqlite3.connect(database)) as raw:
        there = [
            (jn, held if isinstance(held, str) else held.hex())
            for jn, held in raw.execute("SELECT jn, hash FROM inbox ORDER BY jn")
        ]
    if own != there:
        yield f"head office has {len(there)} records of {len(own)}, or others"


def _wallet(reader: Reader, at: Place) -> Iterator[str]:
    rows = reader.rows("SELECT reference, fen FROM order_tenders WHERE way = 'wechat'")
    taken = {row["reference"]: row["fen"] for row in rows}
    moved: dict[str, int] = {}
    for entry in at.wallet.admin("ledger")["entries"]:
        number = entry["out_trade_no"]
        moved[number] = moved.get(number, 0) + entry["fen"]
    if moved != taken:
        yield f"the wallet moved {sum(moved.values())} fen, the till took {sum(taken.values())}"


def _papers(reader: Reader, at: Place, cashier: Cashier) -> Iterator[str]:
    rows = reader.rows(
        "SELECT o.number, j.state FROM print_jobs j JOIN orders o USING (order_id)"
        " WHERE j.kind = 'sale'"
    )
    printed = {row["number"] for row in rows if row["state"] == "printed"}
    open_ = {row["number"] for row in rows if row["state"] == "uncertain"}
    papers = at.printer.papers()
    if twice := [number for number, count in papers.items() if count > 1]:
        yield f"{len(twice)} receipts were printed twice: {twice[:5]}"
    if gone := printed - papers.keys():
        yield f"{len(gone)} receipts called printed are on no paper: {sorted(gone)[:5]}"
    if lost := cashier.sold.keys() - printed - open_:
        yield f"{len(lost)} receipts were neither printed nor left to a person: {sorted(lost)[:5]}"
