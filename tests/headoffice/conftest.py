"""A head office over SQLite and over PostgreSQL: every test that asks for one runs over both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pos.headoffice import tills
from pos.headoffice.database import Database, Row, Value, Work, open_database
from pos.headoffice.house import House, Keys, Settings
from pos.headoffice.migrating import migrate, tables
from pos.headoffice.projecting import project_some
from pos.headoffice.service.app import make_app
from tests.headoffice.postgres import Server, server
from tests.headoffice.sides import Ledger, Now, Side


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with server() as found:
        yield found


@pytest.fixture(scope="session")
def emptied(postgres: Server) -> Iterator[Database]:
    """One migrated database for all tests; each finds it empty."""
    name = postgres.create()
    database = open_database(postgres.url_of(name))
    migrate(database)
    yield database
    database.close()
    postgres.drop(name)


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that others are copied from."""
    path = tmp_path_factory.mktemp("blank") / "headoffice.db"
    database = open_database(str(path))
    migrate(database)
    database.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty head office's database."""
    if request.param == "sqlite":
        blank: Path = request.getfixturevalue("blank")
        shutil.copyfile(blank, tmp_path / "headoffice.db")
        found = open_database(str(tmp_path / "headoffice.db"))
        yield found
        found.close()
        return
    emptied: Database = request.getfixturevalue("emptied")
    emptied.run(_empty)
    yield emptied


def _empty(work: Work) -> None:
    for table in tables():
        work.do(f"DELETE FROM {table.name}")


@dataclass
class Office:
    """A head office that tests look into."""

    house: House
    client: TestClient
    now: Now

    def rows(self, sql: str, **values: Value) -> list[Row]:
        """What a query finds, as plain dicts."""
        return [dict(r) for r in self.house.database.read(lambda work: work.rows(sql, **values))]

    def till(self, ledger: Ledger | None = None) -> Side:
        """An enrolled till."""
        side = Side(self.client, self.now, ledger or Ledger().begin())
        side.enrol(tills.add(self.house, side.ledger.shop, side.ledger.till, "一店"))
        return side

    def project(self) -> int:
        """Make tables of everything in the inbox; how often there was something to do."""
        done: list[str] = []
        times = 0
        while project_some(self.house, done.append):
            times += 1
        return times


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def office(database: Database, now: Now) -> Iterator[Office]:
    """Head office behind an HTTP client; its worker does not run, tests call it."""
    house = House(database, Keys(b"m" * 32, b"p" * 32, b"l" * 32), Settings(), now.clock())
    with ExitStack() as stack:
        client = TestClient(make_app(house), raise_server_exceptions=False)
        stack.callback(partial(client.close))
        yield Office(house, client, now)
