"""Three tills behind faulty lines, head office killed and put back to an old copy in between:
nothing is lost, nothing is double, the bytes are the same at both ends."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from pos.headoffice.service import doors
from pos.refusal import Refused
from pos.store.reader import Reader
from pos.sync.trouble import LinkFailed
from pos.wire import Limits
from tests.conftest import Record
from tests.sync.office import Office, TillSide, enrol_till, free_port
from tests.sync.process import Process
from tests.sync.proxy import FAULTS, Fault, Proxy

FULL = os.environ.get("POS_TRUST") == "full"
ORDERS = 10_000 if FULL else 1_000
TILLS = 3
IMPATIENT = Limits(connect=0.3, read=0.3, whole=3.0)
MOST_VISITS = 4000


def serve_till(till: TillSide, orders: int, counted: Counter[str], done: threading.Event) -> None:
    """Sell and visit in turn, whatever the visits come to; then visit until nothing waits."""
    sold = 0
    for _ in range(MOST_VISITS):
        if sold < orders:
            some = min(orders - sold, 17)
            till.sell(some)
            sold += some
        calm = done.is_set()  # a head office put back since the last visit is noticed by the next
        try:
            till.visit()
            counted["visits"] += 1
            if sold == orders and calm and not _unsent(till):
                return
        except LinkFailed as failed:
            counted[failed.code] += 1
            time.sleep(0.002)
        except Refused as refused:
            counted[refused.code] += 1
    raise AssertionError("never done")


def _unsent(till: TillSide) -> int:
    with closing(Reader(till.ledger.place.path)) as reader:
        return reader.unsent()


def test_ten_faults_three_tills_and_a_head_office_that_dies(tmp_path: Path, record: Record) -> None:
    office = Office(tmp_path / "office")
    tills = [enrol_till(tmp_path / f"till{n}", office, till=f"0{n}") for n in range(1, TILLS + 1)]
    office.stop()
    process = Process(office.folder, free_port())
    process.start()
    proxies = [Proxy(process.port, seed) for seed in range(TILLS)]
    counted: Counter[str] = Counter()
    calm = threading.Event()
    workers = []
    for till, proxy in zip(tills, proxies, strict=True):
        till.url = proxy.url
        till.close()
        till.open_through(IMPATIENT)
        work = (till, ORDERS // TILLS + 1, counted, calm)
        workers.append(threading.Thread(target=serve_till, args=work))
    try:
        for worker in workers:
            worker.start()
        _disturb(process)
        for proxy in proxies:  # the last of it gets through a line that is merely bad
            proxy.faults = ("pass", "twice", "reset", "hole", "slow")
        calm.set()
        for worker in workers:
            worker.join(600 if FULL else 120)
            assert not worker.is_alive()
    finally:
        calm.set()
        process.kill()
        for proxy in proxies:
            proxy.stop()
    seen: Counter[Fault] = sum((proxy.seen for proxy in proxies), Counter())
    assert set(seen) == set(FAULTS), seen
    _compare(office.folder, tills)
    for till in tills:
        till.close()
    assert process.kills >= 3
    assert counted["visits"]
    record({"orders": ORDERS, "faults": sum(seen.values()) - seen["pass"], "kills": process.kills})


def _disturb(process: Process) -> None:
    """Copy, kill, put back: twice each, spread over the run."""
    pause = 4.0 if FULL else 0.8
    for round_ in range(2):
        time.sleep(pause)
        process.copy()
        time.sleep(pause)
        process.kill()
        if round_:
            process.put_back()
        process.start()


def _compare(folder: Path, tills: list[TillSide]) -> None:
    """0 lost, 0 double, hashes equal; nothing was put aside."""
    with closing(sqlite3.connect(folder / "headoffice.db")) as raw:
        for till in tills:
            sql = "SELECT jn, hash FROM inbox WHERE till_id = ? ORDER BY epoch, jn"
            there = raw.execute(sql, (till.enrolled.till,)).fetchall()
            assert there == till.journal()
            assert till.ledger.epoch == 1
        assert raw.execute("SELECT count(*) FROM quarantine").fetchone()[0] == 0
    total = sum(len(till.journal()) for till in tills)
    assert total > ORDERS


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_alone_loses_nothing(tmp_path: Path, fault: Fault) -> None:
    office = Office(tmp_path / "office")
    till = enrol_till(tmp_path / "till", office)
    proxy = Proxy(office.port, 1, (fault,))
    till.url = proxy.url
    till.close()
    till.open_through(IMPATIENT)
    till.sell(3)
    failures: list[LinkFailed] = []
    for _ in range(3):
        try:
            till.visit()
        except LinkFailed as failed:
            failures.append(failed)
    went = not failures
    assert not any(failed.final for failed in failures)
    assert went == (fault in ("pass", "slow"))
    assert (_unsent(till) == 0) == went
    proxy.faults = ("pass",)
    till.visit()
    assert [(jn, found) for _, jn, found in office.inbox()] == till.journal()
    till.close()
    proxy.stop()
    office.stop()


def test_a_till_that_dies_while_it_speaks_is_no_fault_of_head_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[object] = []
    answered = threading.Event()
    monkeypatch.setattr(doors.log, "exception", lambda *what, **_: failed.append(what))
    monkeypatch.setattr(doors.log, "info", lambda *_, **__: answered.set())
    office = Office(tmp_path / "office")
    try:
        with socket.create_connection(("127.0.0.1", office.port)) as line:
            line.sendall(b"POST /v1/records HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n{")
            time.sleep(0.1)
        assert answered.wait(10)
    finally:
        office.stop()
    assert failed == []
