"""A power cut at any moment loses nothing that was acknowledged, and leaves nothing by halves."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from tests.conftest import Record
from tests.trust import SIZE, cuts
from tests.trust.forked import Forks
from tests.trust.power import CHOICES, Recording
from tests.trust.recording import CALLS, have_strace, parse

STATES = SIZE.of(test=60, ci=5000, full=50_000)
PARTS = SIZE.of(test=1, ci=4, full=20)
SEED = 20_260_302

pytestmark = pytest.mark.skipif(
    not have_strace() and SIZE.name == "test", reason="strace is not installed"
)


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost(room: Path, forks: Forks, part: int, record: Record) -> None:
    found = cuts.run(forks, room, STATES // PARTS, SEED + part * 1000)
    record(found.figures("cuts") | {"seed": SEED})
    assert found.bad == []
    assert found.tried == STATES // PARTS
    assert set(found.done) == set(CHOICES)


@pytest.mark.skipif(not have_strace(), reason="strace is not installed")
@pytest.mark.parametrize("without", ["", "data", "names"])
def test_a_file_that_is_replaced_is_old_or_new(tmp_path: Path, without: str) -> None:
    """`pos.system.replace_file`: and where it would not sync the file or its name, that shows."""
    folder, trace = tmp_path / "folder", tmp_path / "trace"
    folder.mkdir()
    (folder / "settings").write_bytes(VERSIONS[0])
    options = ("-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", str(trace))
    worker = (sys.executable, "-c", _REPLACING, str(folder / "settings"), without)
    subprocess.run(["strace", *options, *worker], check=True, timeout=60)
    ops = parse(trace, folder)
    recording = Recording({"settings": VERSIONS[0]}, ops)
    done = [n for n, op in enumerate(ops, 1) if op.kind == "rename"]
    assert len(done) == len(VERSIONS) - 1
    rng, bad = random.Random(SEED), 0
    for state in islice(recording.states(rng), 500):
        bad += state.files.get("settings") not in VERSIONS
    for choice in set(CHOICES):
        bad += recording.state(len(ops), choice, rng).files["settings"] != VERSIONS[-1]
    assert (bad > 0) == bool(without)


VERSIONS = [bytes([n]) * 3000 for n in range(4)]
_REPLACING = """
import os, stat, sys
from pathlib import Path
from pos import system
path, without = Path(sys.argv[1]), sys.argv[2]
def sync(fd, real=os.fsync):
    kind = "names" if stat.S_ISDIR(os.fstat(fd).st_mode) else "data"
    if kind != without:
        real(fd)
os.fsync = sync
for n in range(1, 4):
    system.replace_file(path, bytes([n]) * 3000)
"""


def test_without_full_syncs_sales_are_lost(room: Path, forks: Forks) -> None:
    assert cuts.run(forks, room, 500, SEED, "unsynced").bad


def test_what_is_in_two_transactions_is_left_by_halves(room: Path, forks: Forks) -> None:
    assert cuts.run(forks, room, 2000, SEED, "torn").bad
