"""Killed at every write, sync, cut and removal of a life: the same must hold at each of them.

Which points there are is counted in a run that is left alone. `make trust` tries all of them, the
others every so many.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from functools import partial
from pathlib import Path

import msgspec
import pytest

from tests.shop import Shop, make_shop
from tests.trust import SIZE
from tests.trust.acts import Ack, wrong
from tests.trust.recording import have_strace, python

CALLS = "pwrite64,fdatasync,fsync,ftruncate,unlink,rename"
POINTS = SIZE.of(test=6, ci=60, full=100_000)
ACTS = SIZE.of(test=3, ci=8, full=10)
SEED = 20_260_303
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(", re.MULTILINE)

pytestmark = pytest.mark.skipif(
    not have_strace() and SIZE.name == "test", reason="strace is not installed"
)


def life(folder: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    argv = python("tests.trust.life", str(folder), str(SEED), str(ACTS))
    strace = ["strace", "-f", "-qq", "-e", f"trace={CALLS}", "-e", "signal=none", *options]
    return subprocess.run(
        [*strace, *argv], capture_output=True, timeout=120, check=False, env=os.environ
    )


def test_at_every_point(tmp_path: Path) -> None:
    make_shop(start := _folder(tmp_path / "start"))
    whole = _folder(tmp_path / "whole", start)
    listing = tmp_path / "trace"
    assert life(whole, "-o", str(listing)).returncode == 0
    counts = Counter(_CALL.findall(listing.read_text("ascii")))
    points = [(call, n) for call, count in counts.items() for n in range(1, count + 1)]
    assert len(points) > 30
    found, tried = [], 0
    for call, n in points[:: max(1, len(points) // POINTS)]:
        folder = _folder(tmp_path / "cut", start)
        inject = f"inject={call}:signal=KILL:when={n}"
        done = life(folder, "-o", "/dev/null", "-e", inject)
        assert done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL), done.stderr[-500:]
        lines = done.stdout.split(b"\n")[:-1]
        acks = [msgspec.json.decode(line, type=Ack) for line in lines]
        shop = Shop(folder)
        if problems := wrong(shop.place().path, acks, partial(shop.ledger)):
            found.append((call, n, problems))
        tried += 1
    assert found == []
    assert tried >= min(POINTS, len(points))


def _folder(path: Path, like: Path | None = None) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    if like is None:
        path.mkdir()
    else:
        shutil.copytree(like, path)
    return path
