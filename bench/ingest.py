"""Orders of ten lines into head office on PostgreSQL, over HTTP, until its tables hold them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import psycopg

from bench.figures import Result
from pos.clock import system_clock
from pos.headoffice import tills
from pos.headoffice.database import Work, open_database
from pos.headoffice.house import House, make_folder, open_house
from pos.headoffice.migrating import migrate
from pos.headoffice.rows import COLUMNS, Made, make
from pos.protocol import framing
from pos.protocol.enrolment import Enrol, proof_digest
from pos.protocol.signing import new_nonce, signed_headers
from pos.record import from_bytes
from tests.headoffice.postgres import Server, server
from tests.headoffice.sides import Ledger

LINES = 10
BATCH = 250
TILLS = 4
"""A till waits for each answer before it sends on: with fewer, head office waits for them."""
WORKERS = 2
"""Processes of head office: as many as this machine has cores."""
RUNS = 3
"""Each on a fresh database; the median is told."""
_WAIT_SECONDS = 120.0
_INBOX = "shop_id till_id epoch jn body hash previous signature received_at"


def measure(result: Result, quick: bool) -> None:
    """`ingest_postgresql_per_s` with its floor: the same rows by psycopg alone, in one run."""
    batches = 3 if quick else 12
    ledgers = [_sold(f"{n + 1:02d}", batches) for n in range(TILLS)]
    orders = batches * BATCH * TILLS
    with server(durable=True) as postgres, tempfile.TemporaryDirectory() as folder:
        taken = []
        for run in range(1 if quick else RUNS):
            place, name = Path(folder) / str(run), postgres.create()
            place.mkdir()
            taken.append(_through_http(place, postgres.url_of(name), ledgers, orders))
            postgres.drop(name)
        seconds = median(taken)
        floor = _floor(postgres, ledgers)
    result.n += orders
    result.rates["ingest_postgresql_per_s"] = round(orders / seconds)
    result.rates["ingest_postgresql_floor_per_s"] = round(orders / floor)
    result.rates["ingest_postgresql_ratio"] = round(seconds / floor, 2)


def _sold(till: str, batches: int) -> Ledger:
    """A ledger with nothing but orders of ten lines after its first record."""
    ledger = Ledger(till=till, ledger_id=f"ledger-{till}").begin()
    for n in range(batches * BATCH - 2):
        ledger.sell(lines=LINES, sku=n * 7 % 5000)
    for _ in range(2):
        ledger.sell(lines=LINES)
    return ledger


def _through_http(folder: Path, url: str, ledgers: list[Ledger], orders: int) -> float:
    database = open_database(url)
    migrate(database)
    database.close()
    make_folder(folder / "ho", url)
    house = open_house(folder / "ho", system_clock())
    tokens = [_enrol(house, ledger) for ledger in ledgers]
    house.close()
    arguments = ["headoffice", "serve", "--dir", str(folder / "ho"), "--port", "0", "--json"]
    arguments += ["--workers", str(WORKERS)]
    child = subprocess.Popen(
        [sys.executable, "-m", "pos.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"POS_DATABASE_URL": ""},
    )
    try:
        assert child.stdout is not None
        place = urlsplit(json.loads(child.stdout.readline())["url"]).netloc
        requests = [_requests(ledger, token) for ledger, token in zip(ledgers, tokens, strict=True)]
        posts = [threading.Thread(target=_post, args=(place, found)) for found in requests]
        start = time.perf_counter()
        for post in posts:
            post.start()
        for post in posts:
            post.join()
        _wait(url, orders)
        return time.perf_counter() - start
    finally:
        child.terminate()
        child.wait(_WAIT_SECONDS)
        if child.stdout is not None:
            child.stdout.close()


def _enrol(house: House, ledger: Ledger) -> str:
    code = tills.add(house, ledger.shop, ledger.till)
    key = ledger.signer.public_key
    proof = ledger.signer.sign(proof_digest(code, ledger.ledger_id, key)).hex()
    return tills.enrol(house, Enrol(code, ledger.ledger_id, key, 1, proof)).token


def _requests(ledger: Ledger, token: str) -> list[tuple[dict[str, str], bytes]]:
    """Every batch as it is sent: signed and compressed before the clock starts."""
    found = []
    now = datetime.now(UTC)
    for first in range(0, len(ledger.sent), BATCH):
        body = framing.compress(framing.encode(ledger.batch(first, first + BATCH)))
        headers = signed_headers(
            *(token, ledger.shop, ledger.till, "POST", "/v1/records", body, now, new_nonce())
        )
        found.append((headers | {"Content-Encoding": "zstd"}, body))
    return found


def _post(place: str, requests: list[tuple[dict[str, str], bytes]]) -> None:
    line = HTTPConnection(place, timeout=_WAIT_SECONDS)
    for headers, body in requests:
        line.request("POST", "/v1/records", body, headers)
        answer = line.getresponse()
        data = answer.read()
        assert answer.status == 200, data
        assert b'"accepted"' in data
        assert b'"rejected"' not in data
    line.close()


def _wait(url: str, orders: int) -> None:
    """Until the tables hold every order."""
    end = time.monotonic() + _WAIT_SECONDS
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < end:
            row = connection.execute("SELECT count(*) FROM orders").fetchone()
            if row is not None and row[0] == orders:
                return
            time.sleep(0.02)
    raise AssertionError("orders did not all get into the tables")


def _floor(postgres: Server, ledgers: list[Ledger]) -> float:
    """The rows those records make, by psycopg alone: one connection, a transaction a batch."""
    name = postgres.create()
    url = postgres.url_of(name)
    database = open_database(url)
    migrate(database)
    pieces = []
    for ledger in ledgers:
        for first in range(0, len(ledger.sent), BATCH):
            made = Made()
            bodies = [sent.body for sent in ledger.sent[first : first + BATCH]]
            for body in bodies:
                make(from_bytes(body.encode()), made)
            pieces.append((ledger, first, bodies, made))
    start = time.perf_counter()
    for ledger, first, bodies, made in pieces:
        kept = [
            (ledger.shop, ledger.till, 1, first + n + 1, body, "", "", "", "")
            for n, body in enumerate(bodies)
        ]
        tables = {"inbox": (_INBOX, kept)} | {
            table: (names, made.rows.get(table, [])) for table, names in COLUMNS.items()
        }
        database.run(partial(_put, tables=tables))
    seconds = time.perf_counter() - start
    database.close()
    postgres.drop(name)
    return seconds


def _put(work: Work, tables: dict[str, tuple[str, list[Any]]]) -> None:
    for table, (names, rows) in tables.items():
        work.put(table, names, rows)
