"""The ledger: one transaction a sale, gapless numbers, one writer, refusals that change nothing."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from pos.refusal import Refused
from pos.store import engine, migrations
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.forking import forks
from tests.shop import MILK, WATER, Hands, Shop
from tests.store.conftest import WHERE, fill, trade


def test_every_pragma_is_read_back(ledger: Ledger) -> None:
    with ledger._engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
    }


def test_a_pragma_that_does_not_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="pragma_refused"):
        engine.set_pragmas(sqlite3.connect(":memory:", isolation_level=None))


def test_numbers_are_gapless_over_closed_and_voided(ledger: Ledger) -> None:
    trade(ledger)
    ledger.close_order(fill(ledger, WATER), WHERE)
    rows = Reader(ledger.place.path).rows("SELECT seq, state FROM orders ORDER BY seq")
    assert [r["seq"] for r in rows] == [1, 2, 3, 4, 5, 6]
    assert [r["state"] for r in rows][4] == "voided"


def test_closing_twice_is_one_sale(ledger: Ledger) -> None:
    order = fill(ledger, WATER)
    first = ledger.close_order(order, WHERE, "ref-1")
    again = ledger.close_order(order, WHERE, "ref-1")
    other = ledger.close_order(fill(ledger, MILK), WHERE, "ref-1")
    assert (again.already, again.number) == (True, first.number)
    assert (other.already, other.order_id) == (True, first.order_id)
    assert len(Reader(ledger.place.path).orders()) == 1


def test_an_error_at_commit_leaves_nothing_half(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = fill(ledger, WATER, MILK)
    ledger.save_draft(order)

    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("no more")

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "queue_print", broken)
        with pytest.raises(Refused, match="ledger_error"):
            ledger.close_order(order, WHERE)
    reader = Reader(ledger.place.path)
    assert reader.orders() == []
    assert len(reader.drafts()) == 1
    assert ledger.close_order(order, WHERE).seq == 1
    assert reader.drafts() == []


def test_a_draft_of_bytes_that_are_no_text_is_told(ledger: Ledger) -> None:
    """A bit that flipped on the disk; as a start finds it."""
    ledger.save_draft(fill(ledger, WATER))
    with sqlite3.connect(ledger.place.path) as raw:
        [body] = raw.execute("SELECT body FROM drafts").fetchone()
        raw.execute("UPDATE drafts SET body = ?", (bytes([body[0], body[1], 0xB2]) + body[3:],))
    raw.close()
    with pytest.raises(Refused, match="ledger_damaged"):
        Reader(ledger.place.path).drafts()


def test_facts_do_not_change(ledger: Ledger) -> None:
    trade(ledger)
    raw = sqlite3.connect(ledger.place.path)
    raw.execute("PRAGMA recursive_triggers=1")
    for statement in (
        "UPDATE orders SET total_fen = 1",
        "DELETE FROM order_lines",
        "DELETE FROM journal WHERE jn = 3",
        "INSERT OR REPLACE INTO order_tenders SELECT * FROM order_tenders",
    ):
        with pytest.raises(sqlite3.Error):
            raw.execute(statement)
    raw.close()


def test_a_second_writer_is_told_who_holds_the_ledger(shop: Shop, ledger: Ledger) -> None:
    with pytest.raises(Refused) as refused:
        shop.ledger()
    assert refused.value.code == "ledger_in_use"
    assert refused.value.values["holder"] == f"{os.getpid()} test"


def test_the_lock_goes_with_its_holder(shop: Shop) -> None:
    code = (
        "import sys,os,signal;from pathlib import Path;from tests.shop import Shop;"
        "Shop(Path(sys.argv[1])).ledger();print('held',flush=True);signal.pause()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(shop.folder)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(Refused, match="ledger_in_use"):
        shop.ledger()
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    opened = shop.ledger()
    assert opened.unclean
    opened.close()
    opened = shop.ledger()
    assert not opened.unclean
    opened.close()


def test_foreign_newer_and_other_files_are_refused_unchanged(shop: Shop, tmp_path: Path) -> None:
    path = shop.place().path
    for change, code in (
        ("PRAGMA user_version = 99", "ledger_newer"),
        ("PRAGMA application_id = 7", "not_a_ledger"),
    ):
        copy = path.read_bytes()
        raw = sqlite3.connect(path)
        raw.execute(change)
        raw.close()
        before = path.read_bytes()
        with pytest.raises(Refused, match=code):
            shop.ledger()
        assert path.read_bytes() == before
        path.write_bytes(copy)
    path.write_bytes(b"this is not a database, it only looks like a file of some size" * 20)
    with pytest.raises(Refused, match="not_a_ledger"):
        shop.ledger()


def test_another_tills_ledger_and_another_key_are_refused(shop: Shop) -> None:
    text = shop.config_file.read_text("utf-8")
    shop.ledger().close()
    place = shop.place()
    with pytest.raises(Refused, match="ledger_of_other_till"):
        Ledger(type(place)(**(place.__dict__ | {"till": "02"})))
    from pos.record import new_key

    with pytest.raises(Refused, match="wrong_key"):
        Ledger(type(place)(**(place.__dict__ | {"signing_key": new_key()})))
    assert shop.config_file.read_text("utf-8") == text


def test_secrets_open_to_others_are_refused(shop: Shop) -> None:
    from pos.system import read_private

    key = shop.folder / "data" / "till.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o640)
    with pytest.raises(Refused) as refused:
        read_private(key)
    assert refused.value.values["mode"] == "0640"


def test_the_steps_make_the_tables_of_the_models(tmp_path: Path) -> None:
    from sqlalchemy import create_engine

    migrated = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    migrations.migrate(migrated, tmp_path / "a.db")
    made = create_engine(f"sqlite:///{tmp_path / 'b.db'}")
    SQLModel.metadata.create_all(made)
    made.dispose()
    fresh = sqlite3.connect(tmp_path / "b.db")
    for name in SQLModel.metadata.tables:
        assert _shape(migrated, name) == _shape(fresh, name), name
    migrated.close()
    fresh.close()


def _shape(connection: sqlite3.Connection, name: str) -> list[object]:
    strict = connection.execute(
        "SELECT strict FROM pragma_table_list WHERE name = ?", (name,)
    ).fetchone()
    found: list[object] = [strict]
    for pragma in ("table_info", "foreign_key_list", "index_list"):
        rows = connection.execute(f"PRAGMA {pragma}({name})")
        numbered = pragma == "index_list"  # in the order in which they were made
        found.append(sorted(str(row[1:] if numbered else row) for row in rows))
    return found


def test_a_step_that_fails_leaves_the_old_ledger_and_a_copy(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, known = shop.place().path, len(migrations.STEPS)

    def bad(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (a)")
        raise sqlite3.OperationalError("broken step")

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, bad))
    raw = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        migrations.migrate(raw, path, len(migrations.STEPS))
    assert raw.execute("SELECT count(*) FROM sqlite_schema WHERE name='half'").fetchone()[0] == 0
    assert raw.execute("PRAGMA user_version").fetchone()[0] == known
    raw.close()
    copy = sqlite3.connect(path.with_name(f"{path.name}.v{known}.copy"))
    assert copy.execute("SELECT count(*) FROM products").fetchone()[0] == 5
    copy.close()


def test_a_ledger_and_its_copy_are_their_owners_alone(shop: Shop, tmp_path: Path) -> None:
    """The copy made before a migration stays until our version closed and opened it once."""
    path, before = tmp_path / "older.db", len(migrations.STEPS) - 1
    place = replace(shop.place(), path=path)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        migrations.migrate(raw, path, before)
    path.chmod(0o644)  # as older versions made it
    mask = os.umask(0o022)
    try:
        ledger = Ledger(place)
        copy = path.with_name(f"{path.name}.v{before}.copy")
        assert ledger.copy == copy
        files = [copy, *(path.with_name(path.name + end) for end in ("", "-wal", "-shm"))]
        assert [each.stat().st_mode & 0o777 for each in files] == [0o600] * 4
    finally:
        os.umask(mask)
    ledger.set_meta("clean", "0")
    ledger._engine.dispose()
    ledger._lock.release()  # not closed: a cut
    Ledger(place).close()
    assert copy.exists()
    Ledger(place).close()
    assert not copy.exists()


def test_a_full_disk_says_so_and_saves_nothing(shop: Shop) -> None:
    process = forks().Process(  # the limit cannot be taken back
        target=_sell_until_full, args=(shop.folder, shop.hands), daemon=True
    )
    process.start()
    process.join(60)
    assert process.exitcode == 0
    reader = Reader(shop.place().path)
    count = len(reader.orders())
    assert count > 0
    assert verify_ledger(shop.place().path).ok


def _sell_until_full(folder: Path, hands: Hands) -> None:
    shop = Shop(folder, hands)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    ledger = shop.ledger()
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    closed = 0
    for _ in range(400):
        try:
            ledger.close_order(fill(ledger, WATER, MILK), WHERE)
            closed += 1
        except Refused as refused:
            reader = Reader(ledger.place.path)
            told = refused.code in ("disk_full", "disk_error")
            sys.exit(0 if told and len(reader.orders()) == closed else 3)
    sys.exit(4)
