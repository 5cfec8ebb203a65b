"""A disk that is full, broken, read-only or lying: told at once, and what was done stays."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec
import pytest

from pos.refusal import Refused
from pos.store.verify import verify_ledger
from tests.shop import Shop, make_shop
from tests.trust import SIZE
from tests.trust.acts import Ack, Life, wrong
from tests.trust.recording import have_strace, python

SEED = 20_260_304
FAULTS = [
    (call, error, first)
    for call, error in (("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fdatasync", "EIO"))
    for first in range(8, 60, 4)
]
SOME = FAULTS[:: SIZE.of(test=13, ci=2, full=1)]
KEPT = ("sale", "void", "hold", "cash", "printed")
FLIPS = SIZE.of(test=25, ci=100, full=2000)
TOLD = {"disk_full", "disk_error", "ledger_error", "ledger_damaged", "ledger_unopenable"}


@pytest.mark.skipif(not have_strace() and SIZE.name == "test", reason="strace is not installed")
@pytest.mark.parametrize(("call", "error", "first"), SOME)
def test_a_fault_is_told_and_loses_nothing(
    tmp_path: Path, call: str, error: str, first: int
) -> None:
    shop = make_shop(tmp_path)
    inject = f"inject={call}:error={error}:when={first}..{first + 12}"
    argv = python("tests.trust.life", str(tmp_path), str(SEED), "12", *KEPT)
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject, *argv],
        env=os.environ | {"POS_GOES_ON": "1"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    told = set(done.stderr.decode().split())
    acks = [msgspec.json.decode(line, type=Ack) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr[-500:]
    assert told <= TOLD
    assert wrong(shop.place().path, acks, partial(shop.ledger)) == []
    assert acks or told


class Traded:
    """A ledger after some trade, as it lies on the disk when the till has been cut off."""

    def __init__(self, folder: Path) -> None:
        (folder / "shop").mkdir()
        self.shop = make_shop(folder / "shop")
        life = Life(self.shop, random.Random(SEED))
        names = ("sale", "void", "cash", "hold")
        self.acks = [life.act(names[n % len(names)]) for n in range(24)]
        life.ledger.witness()
        self.kept = folder / "kept"
        shutil.copytree(self.shop.folder, self.kept)  # with the log beside it, not yet folded in
        life.stop()

    def put_back(self) -> None:
        """As it was when the till was cut off."""
        shutil.rmtree(self.shop.folder)
        shutil.copytree(self.kept, self.shop.folder)

    @property
    def path(self) -> Path:
        """The ledger."""
        return self.shop.place().path

    def said(self) -> str:
        """What the till itself finds wrong, at the start or when it checks; empty: nothing."""
        try:
            ledger = self.shop.ledger()
        except Refused as refused:
            return refused.code
        try:
            if ledger.tail_lost:
                return "tail_lost"
            if (answer := ledger.quick_check()) != "ok":
                return answer
        except Exception as error:
            return repr(error)
        finally:
            ledger.close()
        try:
            verdict = verify_ledger(self.path)
        except Exception as error:
            return repr(error)
        return verdict.what


@pytest.mark.parametrize("name", ["ledger.db", "ledger.db-wal"])
def test_no_flipped_bit_hides_a_loss(tmp_path: Path, name: str) -> None:
    traded, rng, noticed = Traded(tmp_path), random.Random(SEED), 0
    for _ in range(FLIPS):
        traded.put_back()
        path = traded.path.with_name(name)
        data = bytearray(path.read_bytes())
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        said = traded.said()
        noticed += bool(said)
        if not said:  # then it has to be all there
            assert wrong(traded.path, traded.acks, partial(traded.shop.ledger)) == []
    assert noticed >= FLIPS // 50


def test_a_log_that_was_cut_or_is_gone_is_noticed(tmp_path: Path) -> None:
    traded = Traded(tmp_path)
    traded.put_back()
    size = traded.path.with_name("ledger.db-wal").stat().st_size
    for left in (0, 32, size // 3, size - 4096):
        traded.put_back()
        os.truncate(traded.path.with_name("ledger.db-wal"), left)
        if (said := traded.said()) == "":  # only what an older round of the log had left there
            assert wrong(traded.path, traded.acks, partial(traded.shop.ledger)) == []
        assert said or left > 32
    traded.put_back()
    traded.path.with_name("ledger.db-wal").unlink()
    assert traded.said() == "tail_lost"


def test_an_old_copy_put_back_is_noticed(tmp_path: Path) -> None:
    traded = Traded(tmp_path)
    old = tmp_path / "old.db"
    shutil.copy(traded.path, old)
    life = Life(traded.shop, random.Random(SEED + 1))
    life.act("sale")
    life.stop()
    shutil.copy(old, traded.path)
    assert traded.said() == "tail_lost"


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing below may be written, as on a file system that was mounted so after an error."""
    paths = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path, mode in modes.items():
        path.chmod(mode & 0o555)
    yield
    for path, mode in modes.items():
        path.chmod(mode)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_disk_is_told(tmp_path: Path) -> None:
    shop: Shop = make_shop(tmp_path)
    with read_only(tmp_path / "data"), pytest.raises((Refused, PermissionError)) as found:
        shop.ledger()
    assert "read_only" in str(found.value) or "data" in str(found.value)
    shop.ledger().close()
