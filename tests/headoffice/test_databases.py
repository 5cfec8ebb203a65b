"""What differs by database: steps, locks, retries, spreading over a distributed PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pos.headoffice.database import BadValue, Database, Postgres, Work, open_database
from pos.headoffice.migrating import (
    Table,
    check_version,
    distribute,
    keys_without_shop,
    migrate,
    tables,
)
from pos.protocol.problems import ProblemError
from pos.refusal import Refused
from tests.headoffice.postgres import Server

# Citus itself cannot be had here: functions of its names write down how they were called, and keep
# its own catalogue's columns, so that what was spread is known.
_CITUS = """
CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, partkey text);
CREATE TABLE told (n bigint GENERATED ALWAYS AS IDENTITY, what text);
CREATE FUNCTION create_distributed_table(
    table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash',
    colocate_with text DEFAULT 'default') RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = table_name
        AND attname = distribution_column) THEN RAISE 'no such column'; END IF;
    IF EXISTS (SELECT 1 FROM pg_index x WHERE x.indrelid = table_name AND x.indisunique
        AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = x.indrelid
        AND a.attnum = ANY(x.indkey) AND a.attname = distribution_column))
        THEN RAISE 'a unique key without the distribution column'; END IF;
    INSERT INTO pg_dist_partition VALUES (table_name, distribution_column);
    INSERT INTO told (what)
        VALUES (table_name || ' ' || distribution_column || ' ' || colocate_with);
END $$;
CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO pg_dist_partition VALUES (table_name, NULL);
    INSERT INTO told (what) VALUES (table_name || ' everywhere');
END $$;
"""


@pytest.fixture
def fresh(postgres: Server) -> Iterator[str]:
    """The address of an empty database."""
    name = postgres.create()
    yield postgres.url_of(name)
    postgres.drop(name)


def test_a_new_database_is_brought_up_once(fresh: str, tmp_path: Path) -> None:
    for place in (fresh, str(tmp_path / "ho.db")):
        database = open_database(place)
        version = migrate(database)
        assert migrate(database) == version
        check_version(database)
        names = {table.name for table in tables()}
        assert len(names) > 30
        for name in names:
            database.read(lambda work, name=name: work.rows(f"SELECT * FROM {name}"))  # type: ignore[misc]
        database.close()


def test_an_old_database_is_refused(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "ho.db"))
    migrate(database)
    database.run(lambda work: work.do("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(Refused, match="headoffice_not_migrated"):
        check_version(database)
    database.close()


def test_a_step_that_fails_leaves_nothing(
    fresh: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = "CREATE TABLE a (x {int} NOT NULL){end}; CREATE TABLE a (x {int} NOT NULL){end};"
    monkeypatch.setattr("pos.headoffice.migrating.step_sql", lambda _revision: whole)
    for place in (fresh, str(tmp_path / "ho.db")):
        database = open_database(place)
        with pytest.raises(Exception, match="already exists"):
            migrate(database)
        monkeypatch.undo()
        migrate(database)
        database.close()
        monkeypatch.setattr("pos.headoffice.migrating.step_sql", lambda _revision: whole)


def test_one_process_has_the_file(tmp_path: Path) -> None:
    first = open_database(str(tmp_path / "ho.db"))
    with pytest.raises(Refused, match="headoffice_in_use"):
        open_database(str(tmp_path / "ho.db"))
    first.close()
    open_database(str(tmp_path / "ho.db")).close()


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="headoffice_database"):
        open_database(f"postgresql:///x?host={tmp_path}")


def test_every_key_of_a_shop_begins_with_it(fresh: str) -> None:
    database = open_database(fresh)
    migrate(database)
    assert database.read(keys_without_shop) == []
    database.run(lambda work: work.do("CREATE UNIQUE INDEX wrong ON orders (order_id)"))
    assert database.read(keys_without_shop) == ["wrong"]
    database.close()


def test_nothing_counts_by_sequence_and_nothing_refers_across(fresh: str) -> None:
    database = open_database(fresh)
    migrate(database)
    for sql in (
        "SELECT relname FROM pg_class WHERE relkind = 'S'",
        "SELECT conname FROM pg_constraint WHERE contype = 'f'",
    ):
        assert database.read(lambda work, sql=sql: work.rows(sql)) == []  # type: ignore[misc]
    database.close()


def test_tables_are_spread_by_shop_side_by_side(fresh: str) -> None:
    database = open_database(fresh)
    migrate(database)
    with pytest.raises(Refused, match="no_citus"):
        distribute(database)
    with psycopg.connect(fresh, autocommit=True) as connection:
        connection.execute(_CITUS)
    assert sorted(distribute(database)) == sorted(table.name for table in tables())
    told = [
        r["what"] for r in database.read(lambda work: work.rows("SELECT what FROM told ORDER BY n"))
    ]
    shared = [table.name for table in tables() if table.shared]
    assert told[: len(shared)] == [f"{name} everywhere" for name in shared]
    assert told[len(shared)] == "tills shop_id default"
    others = [t.name for t in tables() if not t.shared and t.name != "tills"]
    assert told[len(shared) + 1 :] == [f"{name} shop_id tills" for name in others]
    assert distribute(database) == []
    assert Table("products", True) in tables()
    database.close()


def test_what_clashes_is_done_again(emptied: Database) -> None:
    """Two that read and then write: the database refuses one, which starts anew."""
    assert isinstance(emptied, Postgres)
    emptied.run(lambda work: work.do("DELETE FROM streams"))
    emptied.run(lambda work: work.put("streams", "shop_id version", [("a", 0), ("b", 0)]))
    gate = threading.Barrier(2, timeout=10)
    times: list[str] = []

    def both(work: Work, first: str, second: str) -> None:
        times.append(first)
        work.do("UPDATE streams SET version = version + 1 WHERE shop_id = :s", s=first)
        if len(times) <= 2:
            gate.wait()
        work.do("UPDATE streams SET version = version + 1 WHERE shop_id = :s", s=second)

    pairs = [("a", "b"), ("b", "a")]
    threads = [
        threading.Thread(target=emptied.run, args=(lambda work, p=pair: both(work, *p),))
        for pair in pairs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(times) == 3  # a deadlock was broken and one of them came again
    rows = emptied.read(lambda work: work.rows("SELECT version FROM streams ORDER BY shop_id"))
    assert [row["version"] for row in rows] == [2, 2]


def test_a_serialization_failure_that_never_ends_is_busy(
    emptied: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos.headoffice.database._TRIES", 3)
    times: list[int] = []

    def refused(work: Work) -> None:
        times.append(1)
        work.do("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")

    with pytest.raises(ProblemError) as found:
        emptied.run(refused)
    assert (found.value.code, len(times)) == ("busy", 3)


def test_a_lost_connection_is_made_anew(emptied: Database) -> None:
    def cut(work: Work) -> int:
        if not lost:
            lost.append(1)
            work.rows("SELECT pg_terminate_backend(pg_backend_pid())")
        return int(work.rows("SELECT 7 AS n")[0]["n"])

    lost: list[int] = []
    assert emptied.run(cut) == 7


@pytest.mark.parametrize("value", ['"', "\\", '{"a":"\\""}', "x,y", "", "NULL", "商品\n", "{}"])
def test_texts_come_out_as_they_went_in(database: Database, value: str) -> None:
    long = value * 300
    rows = [("s1", "k", value), ("s2", "k", long), ("s3", "k", "x")]
    for order in (rows, rows[::-1], sorted(rows, key=lambda row: -len(row[2]))):
        database.run(lambda work: work.do("DELETE FROM rates"))
        made = [(shop, key, text, 1) for shop, key, text in order]
        database.run(lambda work, made=made: work.put("rates", "shop_id subject minute n", made))  # type: ignore[misc]
        found = database.read(lambda work: work.rows("SELECT * FROM rates ORDER BY shop_id"))
        assert [row["minute"] for row in found] == [value, long, "x"]


def test_what_no_column_takes_leaves_nothing(database: Database) -> None:
    def put(work: Work) -> None:
        work.put("streams", "shop_id version", [("good", 1)])
        work.put("streams", "shop_id version", [("bad", 2**70)])

    with pytest.raises(BadValue):
        database.run(put)
    assert database.read(lambda work: work.rows("SELECT * FROM streams")) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_accounts_of_two_shops_become_one(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """A head office of before kept an account for each shop that paid into it."""
    url = str(tmp_path / "old.db")
    if kind == "postgresql":
        postgres: Server = request.getfixturevalue("postgres")
        name = postgres.create()
        request.addfinalizer(lambda: postgres.drop(name))
        url = postgres.url_of(name)
    database = open_database(url)
    request.addfinalizer(database.close)
    migrate(database, "0005")
    columns = "shop_id member_id card level active stored_fen points changed_at"
    rows = [("0001", "m", "", "", 1, 300, 5, "a"), ("0002", "m", "", "金卡", 1, 200, 0, "b")]
    database.run(
        lambda work: work.put("members", columns, [*rows, ("0002", "g", "", "", 1, 7, 0, "b")])
    )
    migrate(database)
    found = database.read(lambda work: work.rows("SELECT * FROM balances ORDER BY member_id"))
    assert [
        (r["member_id"], r["shop_id"], r["level"], r["stored_fen"], r["points"]) for r in found
    ] == [
        ("g", "0002", "", 7, 0),
        ("m", "0001", "金卡", 500, 5),
    ]
