"""Head office as several processes on one PostgreSQL: nothing lost, doubled or told too early."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from pos.clock import system_clock
from pos.headoffice import tills
from pos.headoffice.database import Work, open_database
from pos.headoffice.house import House, make_folder, open_house
from pos.headoffice.migrating import migrate
from pos.headoffice.projecting import rebuild
from pos.protocol import framing
from pos.protocol.enrolment import Enrol, proof_digest
from pos.protocol.problems import STATUS
from pos.protocol.records import Receipt
from pos.protocol.signing import new_nonce, signed_headers
from tests.headoffice.postgres import Server
from tests.headoffice.sides import Ledger

WORKERS = 2
_SECONDS = 60.0
_BATCH = 20
_RECORDS = 120


@pytest.fixture
def house(postgres: Server, tmp_path: Path) -> Iterator[House]:
    """A head office in `tmp_path/ho` on a database of its own."""
    name = postgres.create()
    url = postgres.url_of(name)
    database = open_database(url)
    migrate(database)
    database.close()
    make_folder(tmp_path / "ho", url)
    found = open_house(tmp_path / "ho", system_clock())
    yield found
    found.close()
    postgres.drop(name)


@contextmanager
def _served(folder: Path, log: Path) -> Iterator[tuple[str, list[int]]]:
    """Where it listens and the processes that do; all of them end well."""
    arguments = ["headoffice", "serve", "--dir", str(folder), "--port", "0", "--json"]
    with log.open("w") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "pos.cli", *arguments, "--workers", str(WORKERS)],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert child.stdout is not None
    try:
        told = child.stdout.readline()
        assert told, log.read_text()
        yield urlsplit(json.loads(told)["url"]).netloc, _workers(child.pid)
    finally:
        child.terminate()
        code = child.wait(_SECONDS)
        child.stdout.close()
    assert code == 0, log.read_text()
    assert not (folder / "serving").exists()


def _workers(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [n for n in map(int, children) if b"spawn_main" in _command(n)]


def _command(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


def _line_to(place: str, others: list[int]) -> HTTPConnection:
    """A connection to the one process that is not held for as long as it takes to connect."""
    for other in others:
        os.kill(other, signal.SIGSTOP)
    try:
        line = HTTPConnection(place, timeout=_SECONDS)
        line.request("GET", "/healthz")
        answer = line.getresponse()
        assert (answer.status, b'"ok"' in answer.read()) == (200, True)
    finally:
        for other in others:
            os.kill(other, signal.SIGCONT)
    return line


def _enrolled(house: House, till: str) -> tuple[Ledger, str]:
    """A till with its records, and its token."""
    ledger = Ledger(till=till, ledger_id=f"ledger-{till}").begin()
    for _ in range(_RECORDS - 2):
        ledger.sell()
    code = tills.add(house, ledger.shop, till)
    key = ledger.signer.public_key
    proof = ledger.signer.sign(proof_digest(code, ledger.ledger_id, key)).hex()
    return ledger, tills.enrol(house, Enrol(code, ledger.ledger_id, key, 1, proof)).token


class _Sender(threading.Thread):
    """Sends all batches of a till to one process, the first or the last of them first."""

    def __init__(
        self, till: tuple[Ledger, str], line: HTTPConnection, begin: threading.Barrier, back: bool
    ) -> None:
        super().__init__(daemon=True)
        self._till, self._line, self._begin, self._back = till, line, begin, back
        self.verdicts: list[tuple[int, str]] = []
        self.failed: list[tuple[int, bytes]] = []

    def run(self) -> None:
        with closing(self._line):
            self._send_all()

    def _send_all(self) -> None:
        firsts = range(0, _RECORDS, _BATCH)
        self._begin.wait(_SECONDS)
        for first in reversed(firsts) if self._back else firsts:
            status, data = self._send(first)
            while status == STATUS["busy"]:
                status, data = self._send(first)
            if status != 200:
                self.failed.append((status, data))
                return
            receipt = framing.decode(data, Receipt)
            self.verdicts += [(one.jn, one.verdict) for one in receipt.records]

    def _send(self, first: int) -> tuple[int, bytes]:
        ledger, token = self._till
        body = framing.encode(ledger.batch(first, first + _BATCH))
        place = (ledger.shop, ledger.till, "POST", "/v1/records")
        signed = signed_headers(token, *place, body, datetime.now(UTC), new_nonce())
        signed["Accept-Encoding"] = "identity"
        self._line.request("POST", "/v1/records", body, signed)
        answer = self._line.getresponse()
        return answer.status, answer.read()


_ORDER = {
    "inbox": "till_id, jn",
    "orders": "number",
    "order_lines": "number, line_no",
    "order_tenders": "number, n",
    "shifts": "till_id, shift_id",
}


def _tables(work: Work) -> dict[str, list[dict[str, Any]]]:
    found = {
        name: [dict(row) for row in work.rows(f"SELECT * FROM {name} ORDER BY {by}")]
        for name, by in _ORDER.items()
    }
    stock = work.rows("SELECT sku, milli FROM stock ORDER BY sku")
    return found | {"stock": [dict(row) for row in stock]}


def _count(house: House, table: str) -> int:
    return int(
        house.database.read(lambda work: work.rows(f"SELECT count(*) AS n FROM {table}"))[0]["n"]
    )


def test_two_processes_take_in_each_record_once(house: House, tmp_path: Path) -> None:
    whole = list(range(1, _RECORDS + 1))
    orders = 2 * (_RECORDS - 2)
    with _served(tmp_path / "ho", tmp_path / "log") as (place, processes):
        assert len(processes) == WORKERS
        assert _code(tmp_path / "ho").startswith(f"http://{place}#"), "where it listens now"
        both = [_enrolled(house, till) for till in ("01", "02")]
        begin = threading.Barrier(2 * WORKERS)
        senders = [
            _Sender(till, _line_to(place, [n for n in processes if n != process]), begin, back)
            for till in both
            for back, process in zip((False, True), processes, strict=True)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(_SECONDS)
        assert [sender.failed for sender in senders] == [[]] * len(senders)
        end = time.monotonic() + _SECONDS
        while _count(house, "orders") < orders and time.monotonic() < end:
            time.sleep(0.05)
    logged = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    posts = [line for line in logged if line["message"] == "POST /v1/records 200"]
    assert {line["till"] for line in posts} == {"000101", "000102"}
    assert all(line["ms"] > 0 and line["level"] == "info" and line["at"] for line in posts)
    for one, other in (senders[:2], senders[2:]):
        told = [*one.verdicts, *other.verdicts]
        for verdict in ("accepted", "duplicate"):
            assert sorted(jn for jn, said in told if said == verdict) == whole
        assert all((whole[n], "accepted") in s.verdicts for s, n in ((one, 0), (other, -1)))
    live = house.database.read(_tables)
    assert (len(live["inbox"]), len(live["orders"])) == (2 * _RECORDS, orders)
    assert sum(row["milli"] for row in live["stock"]) == -2 * 1000 * orders
    assert [_count(house, name) for name in ("gaps", "flaws", "quarantine", "todo")] == [0] * 4
    rebuild(house)
    assert house.database.read(_tables) == live


def _code(folder: Path) -> str:
    """A code for a till, from the command line beside what is running."""
    arguments = ["headoffice", "till", "add", "--dir", str(folder), "--shop", "0001", "--till"]
    done = subprocess.run(
        [sys.executable, "-m", "pos.cli", *arguments, "09", "--json"],
        capture_output=True,
        check=True,
        timeout=_SECONDS,
    )
    return str(json.loads(done.stdout)["code"])


def test_a_worker_that_dies_is_replaced_and_one_that_never_comes_up_is_told(
    house: House, tmp_path: Path
) -> None:
    with _served(tmp_path / "ho", tmp_path / "log") as (place, processes):
        ledger, token = _enrolled(house, "01")
        os.kill(processes[0], signal.SIGKILL)
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            line = HTTPConnection(place, timeout=_SECONDS)
            sender = _Sender((ledger, token), line, threading.Barrier(1), back=False)
            try:
                sender.run()
            except OSError:  # the line ended in the dead one's hands; a till asks again
                continue
            break
        assert sender.failed == []
        assert len(sender.verdicts) == _RECORDS
        parent = int(Path(f"/proc/{processes[1]}/stat").read_text().rpartition(")")[2].split()[1])
        while len(_workers(parent)) < WORKERS and time.monotonic() < end:
            time.sleep(0.05)
        assert len(_workers(parent)) == WORKERS
        assert processes[0] not in _workers(parent)

    spoiled = "import os, sys\nif any('spawn_main' in a for a in sys.orig_argv): os._exit(3)\n"
    (tmp_path / "sitecustomize.py").write_text(spoiled)
    arguments = ["--dir", str(tmp_path / "ho"), "--port", "0", "--workers", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "pos.cli", "headoffice", "serve", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "2" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "ho" / "serving").exists()


def test_several_processes_on_sqlite_are_refused_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "ho"
    make_folder(folder)
    database = open_database(str(folder / "headoffice.db"))
    migrate(database)
    database.close()
    arguments = ["headoffice", "serve", "--dir", str(folder), "--port", "0", "--workers", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "pos.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert "PostgreSQL" in done.stderr
