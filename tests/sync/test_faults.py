"""Three tills behind faulty lines, head office killed and put back to an old copy in between:
nothing is lost, nothing is double, the bytes are the same at both ends."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from pos.refusal import Refused
from pos.store.reader import Reader
from pos.sync.trouble import LinkFailed
from pos.wire import Limits
from tests.sync.office import Office, TillSide, enrol_till, free_port
from tests.sync.proxy import FAULTS, Fault, Proxy

FULL = os.environ.get("POS_TRUST") == "full"
ORDERS = 10_000 if FULL else 1_000
TILLS = 3
IMPATIENT = Limits(connect=0.3, read=0.3, whole=3.0)
MOST_VISITS = 4000


class Process:
    """Head office as a process of its own, that can be killed and put back."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self._copy = folder.with_name("old-copy")
        self._child: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def start(self) -> None:
        """Serve; returns when it listens."""
        code = (
            "import sys; from pathlib import Path; from msgspec.structs import replace;"
            "from pos.headoffice.house import settings_of;"
            "from pos.headoffice.service.serving import serve;"
            "f=Path(sys.argv[1]); s=replace(settings_of(f).server, port=int(sys.argv[2]));"
            "serve(f, s, '', 1, lambda url: print(url, flush=True))"
        )
        self._child = subprocess.Popen(
            [sys.executable, "-c", code, str(self.folder), str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._child.stdout is not None
        assert self._child.stdout.readline().startswith(b"http")

    def kill(self) -> None:
        """No goodbye."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            assert self._child.stdout is not None
            self._child.stdout.close()
            self._child = None
            self.kills += 1

    def copy(self) -> None:
        """A backup of its database, made while it runs."""
        self._copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.folder / "headoffice.db")) as raw:
            raw.execute("VACUUM INTO ?", (str(self._copy),))

    def put_back(self) -> None:
        """The database is that backup again."""
        for end in ("", "-wal", "-shm"):
            (self.folder / f"headoffice.db{end}").unlink(missing_ok=True)
        shutil.copy(self._copy, self.folder / "headoffice.db")


def serve_till(till: TillSide, orders: int, counted: Counter[str], done: threading.Event) -> None:
    """Sell and visit in turn, whatever the visits come to; then visit until nothing waits."""
    sold = 0
    for _ in range(MOST_VISITS):
        if sold < orders:
            some = min(orders - sold, 17)
            till.sell(some)
            sold += some
        try:
            till.visit()
            counted["visits"] += 1
        except LinkFailed as failed:
            counted[failed.code] += 1
            time.sleep(0.002)
        except Refused as refused:
            counted[refused.code] += 1
        if sold == orders and done.is_set() and not _unsent(till):
            return
    raise AssertionError("never done")


def _unsent(till: TillSide) -> int:
    with closing(Reader(till.ledger.place.path)) as reader:
        return reader.unsent()


def test_ten_faults_three_tills_and_a_head_office_that_dies(tmp_path: Path) -> None:
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
