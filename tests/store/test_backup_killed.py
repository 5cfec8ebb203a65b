"""A backup that dies anywhere leaves no key in clear, and the next one sweeps up behind it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from pos.config import load
from pos.store import aside, backup, sealed
from tests.forking import forks
from tests.shop import MILK, WATER, Shop, make_shop
from tests.store.conftest import WHERE, fill
from tests.trust.planted import found, key_of

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
_ROOMS = {backup.__file__, sealed.__file__, aside.__file__}
_ZSTD = b"\x28\xb5\x2f\xfd"


class Desk:
    """A shop with a sale in it, a technician's key, and where backups go."""

    def __init__(self, folder: Path) -> None:
        (folder / "shop").mkdir()
        self.shop = make_shop(folder / "shop")
        ledger = self.shop.ledger()
        ledger.close_order(fill(ledger, WATER, MILK), WHERE)
        ledger.close()
        self.folder, self.secret = folder / "stick", folder / "technician.key"
        self.public = backup.new_identity(self.secret)

    def make(self) -> Path:
        return Path(make(self.shop.config_file, self.public, self.folder).path)

    def keys(self) -> dict[str, str | bytes]:
        data = self.shop.folder / "data"
        return {
            "pepper": (data / "pepper").read_bytes(),
            "person key": (data / "person.key").read_bytes(),
            "till key": key_of((data / "till.key").read_bytes()),
        }

    def data(self) -> Path:
        return self.shop.folder / "data"


def make(config_file: Path, public: str, folder: Path) -> backup.Made:
    config = load(config_file)
    return backup.create(config.ledger, config.named_files(), public, folder, NOW, 3)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@contextmanager
def at_each_step(look: Callable[[], None]) -> Iterator[None]:
    """`look` before every line of what makes and opens backups, at its first and second turn."""
    turns: dict[tuple[str, int], int] = {}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in _ROOMS:
            return None
        line = (frame.f_code.co_filename, frame.f_lineno)
        turns[line] = turns.get(line, 0) + 1
        if event == "line" and turns[line] <= 2:
            look()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
    assert len(turns) > 60


def in_clear(folder: Path, keys: dict[str, str | bytes]) -> list[str]:
    """Keys that whoever has the folder can read; what is only packed counts as all of them."""
    packed = (p for p in folder.rglob("*") if p.is_file() and p.read_bytes()[:4] == _ZSTD)
    return found([folder], keys) + [str(path) for path in packed]


def test_killed_anywhere_no_key_is_in_clear(desk: Desk) -> None:
    """What stands on the disks before a line runs is what a kill there leaves."""
    keys, seen = desk.keys(), list[str]()

    def look() -> None:
        seen.extend(in_clear(desk.shop.folder, keys))
        if desk.folder.exists():
            seen.extend(in_clear(desk.folder, keys))
            rooms = desk.folder.glob(f"{aside.MAKING}*/*")
            seen.extend(f"{path} is not sealed" for path in rooms if path.name != "sealed")

    with at_each_step(look):
        desk.make()
    assert seen == []


def test_a_backup_is_checked_without_a_key_on_the_disk(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, keys, seen = desk.make(), desk.keys(), list[str]()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    with at_each_step(lambda: seen.extend(in_clear(tmp_path / "tmp", keys))):
        backup.verify(made, desk.secret)
    assert seen == []
    assert not any((tmp_path / "tmp").iterdir())


def test_restored_each_key_is_its_owners_alone_from_the_first_moment(
    desk: Desk, tmp_path: Path
) -> None:
    made, new, seen = desk.make(), tmp_path / "new", set[str]()

    def look() -> None:
        for path in new.rglob("*"):
            assert path.is_dir() or path.stat().st_mode & 0o777 == 0o600
            seen.add(path.name)

    with at_each_step(look):
        backup.restore(made, desk.secret, new)
    assert "plain" not in seen
    assert {"till.key", "person.key", "ledger.db"} <= seen
    assert [p.name for p in new.iterdir() if p.name.startswith(".")] == []


def _die_while_sealing(config_file: Path, public: str, folder: Path) -> None:
    setattr(sealed, "_padding", lambda _: os._exit(9))  # noqa: B010
    make(config_file, public, folder)


def _die_while_restoring(made: Path, secret: Path, new: Path) -> None:
    setattr(backup, "begin_epoch", lambda *_: os._exit(9))  # noqa: B010
    backup.restore(made, secret, new)


def _kill(target: Callable[..., None], *values: object) -> None:
    process = forks().Process(target=target, args=values, daemon=True)
    process.start()
    process.join(60)
    assert process.exitcode == 9


def rooms(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.startswith("."))


def test_what_a_dead_process_left_is_swept_up(desk: Desk, tmp_path: Path) -> None:
    _kill(_die_while_sealing, desk.shop.config_file, desk.public, desk.folder)
    assert in_clear(desk.shop.folder, desk.keys()) + in_clear(desk.folder, desk.keys()) == []
    assert len(rooms(desk.folder)) == len(rooms(desk.data())) == 1
    desk.shop.ledger().close()
    assert rooms(desk.data()) == []
    older = desk.folder / f"{aside.MAKING}of-an-older-version"
    older.mkdir()
    (older / "plain").write_bytes(b"".join(map(str.encode, map(str, desk.keys().values()))))
    with aside.room(desk.folder, aside.MAKING) as alive:
        made = desk.make()
        assert rooms(desk.folder) == [alive]
    assert list(desk.folder.iterdir()) == [made]
    new = tmp_path / "new"
    _kill(_die_while_restoring, made, desk.secret, new)
    assert len(rooms(new)) == 1
    backup.restore(made, desk.secret, new)
    assert rooms(new) == []
    assert Shop(new).ledger().epoch == 2
