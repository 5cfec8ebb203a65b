"""Backups: whole or not at all, closed to all but the technician, restored under a new epoch."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos.config import load
from pos.refusal import Refused
from pos.store import backup
from pos.store.ledger import Ended
from pos.store.verify import verify_ledger
from tests.shop import MILK, WATER, Shop, make_shop
from tests.store.conftest import WHERE, fill

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


def sell(shop: Shop) -> Ended:
    """One sale at a till that opens for it."""
    ledger = shop.ledger()
    try:
        return ledger.close_order(fill(ledger, WATER, MILK), WHERE)
    finally:
        ledger.close()


class Kept:
    """A shop that was backed up once, and the technician's keys."""

    def __init__(self, folder: Path) -> None:
        (folder / "shop").mkdir()
        self.shop = make_shop(folder / "shop")
        self.secret, self.folder = folder / "technician.key", folder / "backups"
        self.public = backup.new_identity(self.secret)

    def make(self, now: datetime = NOW, keep: int = 3) -> backup.Made:
        config = load(self.shop.config_file)
        files = config.named_files()
        return backup.create(config.ledger, files, self.public, self.folder, now, keep)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_a_backup_holds_everything_and_the_till_cannot_open_it(kept: Kept) -> None:
    made = kept.make()
    assert set(made.manifest.files) == {
        *("ledger.db", "config.toml", "data/till.key", "data/pepper", "data/person.key"),
    }
    path = Path(made.path)
    assert path.stat().st_mode & 0o777 == 0o600
    data = path.read_bytes()
    for name in ("data/till.key", "data/pepper"):
        assert (kept.shop.folder / name).read_bytes() not in data
    assert backup.verify(path, kept.secret) == made.manifest
    other = kept.folder / "other.key"
    backup.new_identity(other)
    with pytest.raises(Refused, match="backup_sealed"):
        backup.verify(path, other)
    assert [each.name for each in kept.folder.iterdir() if each.suffix == ".age"] == [path.name]
    assert not list(kept.folder.glob(".making-*"))


def test_it_is_made_while_the_till_sells(kept: Kept) -> None:
    ledger = kept.shop.ledger()
    try:
        made = kept.make()
        assert made.manifest.jn == ledger.head.jn
    finally:
        ledger.close()


def test_restored_it_goes_on_in_a_new_epoch(kept: Kept, tmp_path: Path) -> None:
    sold = sell(kept.shop)
    made = kept.make()
    target = tmp_path / "new"
    backup.restore(Path(made.path), kept.secret, target)
    config = load(target / "config.toml")
    assert config.pepper.stat().st_mode & 0o777 == 0o600
    assert verify_ledger(config.ledger).ok
    after = sell(Shop(target))
    assert (sold.number[6:8], after.number[6:8]) == ("01", "02")
    assert (sold.seq, after.seq) == (1, 1)
    verdict = verify_ledger(config.ledger)
    assert verdict.ok
    assert verdict.records > made.manifest.jn
    with pytest.raises(Refused, match="backup_folder_used"):
        backup.restore(Path(made.path), kept.secret, target)
    with pytest.raises(Refused, match="epoch_used"):
        backup.begin_epoch(config.ledger, 2)


@pytest.mark.parametrize("at", [0.02, 0.5, 0.98])
def test_a_damaged_backup_restores_nothing(kept: Kept, tmp_path: Path, at: float) -> None:
    path = Path(kept.make().path)
    data = bytearray(path.read_bytes())
    data[int(len(data) * at)] ^= 0x20
    path.write_bytes(data)
    for bad in (bytes(data), bytes(data[: len(data) // 2]), b""):
        path.write_bytes(bad)
        with pytest.raises(Refused, match=r"backup_(sealed|damaged)"):
            backup.restore(path, kept.secret, tmp_path / "new")
        assert not any((tmp_path / "new").iterdir())


def test_a_ledger_that_was_tampered_with_is_not_backed_up(kept: Kept) -> None:
    sell(kept.shop)
    with closing(sqlite3.connect(load(kept.shop.config_file).ledger)) as db:
        for (name,) in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE orders SET total_fen = total_fen + 1")
        db.commit()
    with pytest.raises(Refused, match="backup_copy_bad"):
        kept.make()
    assert not list(kept.folder.iterdir())


def test_the_newest_of_this_till_are_kept(kept: Kept) -> None:
    kept.folder.mkdir()
    foreign = kept.folder / "guitai-000102-01-20250101-000000.age"
    foreign.write_bytes(b"of another till")
    names = [Path(kept.make(NOW + timedelta(days=day)).path).name for day in range(5)]
    left = sorted(path.name for path in kept.folder.glob("*.age"))
    assert left == sorted([*names[-3:], foreign.name])


def test_a_clock_set_back_costs_no_new_backup(kept: Kept) -> None:
    """Three of a year ahead, as older versions named them too: the new ones stay, the old go."""
    kept.folder.mkdir()
    names = ["guitai-000101-01-20270301-120000.age", "guitai-000101-09-20270302-120000.age"]
    for name in names:
        (kept.folder / name).write_bytes(b"made a year ahead")
    ahead = Path(kept.make(NOW + timedelta(days=365)).path).name
    back = [kept.make(NOW - timedelta(hours=hour)) for hour in range(3)]
    assert [each.removed for each in back] == [(names[0],), (names[1],), (ahead,)]
    left = [Path(each.path) for each in back]
    assert sorted(kept.folder.iterdir()) == left
    only = kept.make(NOW - timedelta(days=900), keep=1)
    assert [path.name for path in left] == list(only.removed)
    assert backup.verify(Path(only.path), kept.secret) == only.manifest


def test_what_is_wrong_is_told(kept: Kept, tmp_path: Path) -> None:
    config = load(kept.shop.config_file)
    with pytest.raises(Refused, match="backup_recipient"):
        backup.create(config.ledger, {}, "age1nonsense", kept.folder, NOW, 3)
    with pytest.raises(Refused, match="backup_missing"):
        backup.verify(tmp_path / "none.age", kept.secret)
    with pytest.raises(Refused, match="backup_identity"):
        backup.verify(tmp_path / "none.age", config.pepper)
    with pytest.raises(Refused, match="backup_exists"):
        backup.new_identity(kept.secret)
