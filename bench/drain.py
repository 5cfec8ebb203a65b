"""A till's backlog goes up: how fast, whether whole, and what a scan feels of it meanwhile."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.figures import Result
from bench.scan import one_by_one
from bench.shop import code_of, name_of, shop, sign_in, till
from pos.config import load
from pos.config.editing import with_keys
from pos.record import Where
from pos.store.reader import Reader
from pos.sync.enrolling import enrol
from pos.sync.status import Status
from pos.system import replace_file
from pos.wire import Wire
from tests.shop import Shop
from tests.store.conftest import fill
from tests.sync.office import Office, TillSide, enrol_till, free_port
from tests.sync.process import Process

LINES = 20
WHERE = Where("1001", "s", "2026-11-27")


def measure(result: Result, quick: bool) -> None:
    """`drain_per_s` orders end to end into SQLite, `lost`, `double`; `scan_while_draining`."""
    orders = 1_000 if quick else 6_000
    with tempfile.TemporaryDirectory(prefix="guitai-bench-") as folder:
        _drain(result, Path(folder), orders)
    _scan(result, 1_500 if quick else 8_000, 40 if quick else 150)


def _drain(result: Result, folder: Path, orders: int) -> None:
    """One till with a backlog, head office beside it."""
    office = Office(folder / "office")
    side = enrol_till(folder / "till", office)
    office.stop()
    process = Process(office.folder, free_port())
    process.start()
    try:
        side.sell(orders)
        side.close()
        side.url = f"http://127.0.0.1:{process.port}"
        side.open()
        side.visitor.beat(Status())
        began = time.perf_counter()
        side.visitor.send(Status(), lambda: True)
        seconds = time.perf_counter() - began
        journal = side.journal()
        with closing(sqlite3.connect(office.folder / "headoffice.db")) as raw:
            inbox = raw.execute("SELECT jn, hash FROM inbox ORDER BY jn").fetchall()
        result.n += orders
        result.rates["drain_per_s"] = round(orders / seconds)
        result.rates["drain_floor_per_s"] = round(orders / _floor(side, folder))
        result.counts["lost"] = len(set(journal) - set(inbox))
        result.counts["double"] = len(inbox) - len(set(inbox))
        side.close()
    finally:
        process.kill()


def _floor(side: TillSide, folder: Path) -> float:
    """Seconds in which sqlite3 alone puts the same bytes into a table, 500 at a time, synced."""
    with closing(sqlite3.connect(side.ledger.place.path)) as raw:
        rows = raw.execute("SELECT jn, body, hash, signature FROM journal").fetchall()
    with closing(sqlite3.connect(folder / "floor.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("CREATE TABLE inbox (jn INTEGER PRIMARY KEY, body, hash, signature)")
        began = time.perf_counter()
        for at in range(0, len(rows), 500):
            raw.execute("BEGIN")
            raw.executemany("INSERT INTO inbox VALUES (?, ?, ?, ?)", rows[at : at + 500])
            raw.execute("COMMIT")
        return time.perf_counter() - began


def _scan(result: Result, orders: int, samples: int) -> None:
    """Scans at a till with nothing to send, then at the same till while its backlog goes up."""
    with shop(5_000) as place, tempfile.TemporaryDirectory(prefix="guitai-bench-") as folder:
        calm = _scans(place, samples)
        office = Office(Path(folder) / "office")
        _join(place, office)
        office.stop()
        side_ledger = place.ledger()
        for _ in range(orders):
            order = fill(side_ledger, code_of(1), code_of(2))
            side_ledger.close_order(order, WHERE)
        side_ledger.close()
        process = Process(office.folder, office.port, nice=19)
        process.start()
        try:
            busy = _scans(place, samples, draining=True)
        finally:
            process.kill()
        result.add("scan_while_draining", busy, calm)
        result.counts["scans_while_draining"] = len(busy)
        result.rates["scan_ratio"] = round(statistics.median(busy) / statistics.median(calm), 2)


def _join(place: Shop, office: Office) -> None:
    config = load(place.config_file)
    ledger_id = place.ledger()
    told = ledger_id.meta("ledger_id")
    ledger_id.close()
    wire = Wire([office.url])
    found = enrol(wire, office.code(), told, config.signing_key.read_bytes(), 1, "zh")
    wire.close()
    replace_file(config.headoffice_token, found.token.encode())
    text = place.config_file.read_text("utf-8")
    place.config_file.write_text(with_keys(text, "headoffice", {"url": office.url}), "utf-8")


def _scans(place: Shop, samples: int, *, draining: bool = False) -> list[float]:
    """From a scan to its line, one by one; while draining only as long as something is left."""
    found: list[float] = []
    with till(place) as terminal:
        sign_in(terminal)
        terminal.send("".join(f"{code_of(n)}\r" for n in range(1, LINES + 1)))
        terminal.wait_for(name_of(LINES))
        path = place.place().path
        if draining:
            _wait_for_the_drain(path)
        while len(found) < samples and (not draining or _unsent(path) > 0):
            found += one_by_one(terminal, 5, LINES)
        terminal.send("\x1b[3;5~")
    return found


def _wait_for_the_drain(path: Path) -> None:
    until = time.monotonic() + 30
    with closing(Reader(path)) as reader:
        while reader.meta("acked_jn") in ("", "0") and time.monotonic() < until:
            time.sleep(0.02)


def _unsent(path: Path) -> int:
    with closing(Reader(path)) as reader:
        return reader.unsent()
