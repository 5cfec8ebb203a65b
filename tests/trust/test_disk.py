"""Disks that fail: told before money is taken, nothing acknowledged is lost, and a start names what
is wrong and what helps."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pos.clock import system_clock
from pos.refusal import Refused
from pos.store import backup
from pos.store.verify import verify_ledger
from tests.conftest import Record
from tests.shop import MILK, PIN, make_shop
from tests.trust import SIZE, damage, disks
from tests.trust.acts import act
from tests.trust.damage import DATABASE, LOG, Traded, said
from tests.trust.filling import too_late
from tests.trust.life import Life
from tests.trust.world import World, make_world

SEED = 20_260_304
FLIPS = SIZE.of(test=8, ci=200, full=2000)
BOX = 8192
"""Kilobytes of a small disk."""

mounting = pytest.mark.skipif(
    not disks.can_mount() and SIZE.name == "test", reason="nobody may mount a disk of his own here"
)


def filled(folder: Path, *careless: str) -> list[Any]:
    """What a till on a small disk told of its sales and starts."""
    done = disks.on_small_disk(folder, BOX, "tests.trust.filling", str(folder), *careless)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@mounting
def test_a_full_disk_is_told_before_money_is_taken(tmp_path: Path) -> None:
    *sales, first, last = filled(tmp_path)
    tried, between = sales[::2], sales[1::2]
    assert "closed" in tried[0]  # as much as this is enough
    assert len(tried) == len(between) > 8
    assert too_late(tried[1:]) == []
    numbers = [one["closed"] for one in (tried[0], *between)]  # with room again it sells on
    assert [int(number[8:]) for number in numbers] == list(range(1, len(numbers) + 1))
    assert first["start"] in ("ok", "disk_full")
    assert last == {"start": "ok"}


@mounting
def test_where_nobody_looks_how_much_is_free_the_same_judge_finds_it(tmp_path: Path) -> None:
    room, full = filled(tmp_path, "careless")
    assert "closed" in room
    assert full["mode"] == "paying"  # refused with the money on the counter
    assert too_late([full]) == [f"asked for money: {full}"]


def cli(done: subprocess.CompletedProcess[str]) -> Any:
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 1, (done.stdout, done.stderr)
    return done.stderr + done.stdout


@mounting
def test_a_read_only_disk_is_told_by_name_with_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_PIN", PIN["1001"])
    shop = make_shop(tmp_path)
    where = ("--config", str(shop.config_file))
    if SIZE.name != "test":
        words = ("sell", MILK, "--cash", "10", "--operator", "1001")
        sold = cli(disks.on_read_only_disk(tmp_path, "pos.cli", *words, *where))
        assert "只读" in sold
        assert "挂载" in sold
    found = disks.on_read_only_disk(tmp_path, "pos.cli", "doctor", "--json", *where)
    findings = json.loads(found.stdout)
    bad = [one for one in findings if one["state"] == "fail"]
    assert found.returncode == 1
    assert {"disk", "lock", "ledger"} <= {one["check"] for one in bad}
    assert any("只读" in one["about"] and "挂载" in one["about"] for one in bad), bad
    shop.ledger().close()  # writable again: as if nothing had been
    assert verify_ledger(shop.place().path).ok


@pytest.mark.parametrize("name", [DATABASE, LOG])
def test_no_flipped_bit_hides_a_loss(tmp_path: Path, name: str, record: Record) -> None:
    found = damage.flips(Traded(tmp_path, SEED), name, FLIPS, SEED)
    record(found.figures("flips") | {"seed": SEED})
    assert found.bad == []
    assert found.done["noticed"] >= FLIPS // 50


def test_a_log_that_was_cut_or_is_gone_is_noticed(tmp_path: Path) -> None:
    traded = Traded(tmp_path, SEED)
    traded.put_back()
    size = traded.file(LOG).stat().st_size
    for left in (0, 32, size // 3, size - 4096):
        traded.put_back()
        traded.cut(LOG, left)
        noticed = traded.said()
        if noticed == "":  # only what an older round of the log had left there
            assert traded.lost() == []
        assert noticed or left > 32
    traded.put_back()
    traded.file(LOG).unlink()
    assert traded.said() == "tail_lost"


def test_an_old_copy_put_back_is_noticed(tmp_path: Path) -> None:
    traded = Traded(tmp_path, SEED)
    old = tmp_path / "old.db"
    shutil.copy(traded.world.ledger, old)
    life = Life(traded.world, random.Random(SEED + 1))
    act(life, "sale")
    life.stop()
    shutil.copy(old, traded.world.ledger)
    assert traded.said() == "tail_lost"


def test_the_drill(tmp_path: Path) -> None:
    """From a backup to a till that sells again, on another machine, in another life."""
    world = make_world(tmp_path / "shop")
    life = Life(world, random.Random(SEED))
    for name in ("sale", "payment", "return", "void", "shift", "day"):
        act(life, name)
    identity = tmp_path / "technician.key"
    recipient = backup.new_identity(identity)
    config = world.config
    made = backup.create(
        world.ledger, config.named_files(), recipient, config.backups, system_clock().now(), 3
    )
    head = life.ledger.head
    life.stop()
    assert (made.manifest.jn, made.manifest.head) == (head.jn, head.hash)
    assert backup.verify(Path(made.path), identity) == made.manifest
    new = tmp_path / "new"
    backup.restore(Path(made.path), identity, new)
    restored = World(new, hour=1)
    life = Life(restored, random.Random(SEED + 1))
    assert life.ledger.epoch == 2
    ended = act(life, "sale")
    life.stop()
    assert ended.number.startswith("00010102")
    assert said(restored) == ""
    other = tmp_path / "other.key"
    backup.new_identity(other)
    with pytest.raises(Refused, match="backup_sealed"):
        backup.verify(Path(made.path), other)
