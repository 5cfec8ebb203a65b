"""The customer's page behind the code on a receipt, from a head office on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from starlette.testclient import TestClient

from bench.figures import Result
from pos.clock import local, system_clock
from pos.headoffice.house import database_of, keys_of, make_folder, open_house
from pos.headoffice.migrating import migrate
from pos.headoffice.service.app import make_app
from pos.ids import order_number
from pos.invoices import link as links
from tests.headoffice.conftest import Office
from tests.headoffice.sides import Now

LINES = 10
_WARM = 5
_WAIT_SECONDS = 20.0


def measure(folder: Path, count: int, result: Result) -> None:
    """`receipt_page` of orders of ten lines; its floor is the same server's `/healthz`, which asks
    the database once. `count` stays under what one address may ask in a minute."""
    today = local(system_clock().now()).date()
    home = folder / "ho"
    paths = _sold(home, count + _WARM, today)
    arguments = ["headoffice", "serve", "--dir", str(home), "--port", "0", "--json"]
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
        connection = HTTPConnection(place, timeout=_WAIT_SECONDS)
        pages = [_get(connection, path) for path in paths][_WARM:]
        floor = [_get(connection, "/healthz") for _ in paths][_WARM:]
        connection.close()
    finally:
        child.terminate()
        child.wait(_WAIT_SECONDS)
        if child.stdout is not None:
            child.stdout.close()
    result.add("receipt_page", pages, floor)


def _sold(home: Path, count: int, today: date) -> list[str]:
    make_folder(home)
    database = database_of(home)
    migrate(database)
    database.close()
    now = Now()
    house = open_house(home, now.clock())
    try:
        with TestClient(make_app(house)) as client:
            office = Office(house, client, now)
            side = office.till()
            for n in range(count):
                side.ledger.sell(LINES, today.isoformat(), n)
            side.send(side.ledger.batch())
            office.project()
    finally:
        house.close()
    fen = LINES * 300 - 50
    numbers = [order_number("0001", "01", 1, n + 1) for n in range(count)]
    key = keys_of(home).link
    return [links.PATH + links.token(key, links.Link(n, today, fen)) for n in numbers]


def _get(connection: HTTPConnection, path: str) -> float:
    start = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - start
    assert answer.status == 200, (path, answer.status, body[:300])
    return seconds
