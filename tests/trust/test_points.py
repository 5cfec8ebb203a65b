"""Killed, or refused by the disk, at every write, sync, cut and removal of each scenario."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Record
from tests.trust import SIZE
from tests.trust.forked import Forks
from tests.trust.points import SCENARIOS, Points
from tests.trust.recording import have_strace
from tests.trust.weak import Weak

KILLED = SIZE.of(test=4, ci=60, full=100_000)
FAILED = SIZE.of(test=4, ci=24, full=100_000)
SOME = SCENARIOS[SIZE.of(test=6, ci=0, full=0) :: SIZE.of(test=5, ci=1, full=1)]
SEED = 20_260_303

pytestmark = pytest.mark.skipif(
    not have_strace() and SIZE.name == "test", reason="strace is not installed"
)


@pytest.mark.parametrize("name", SOME)
def test_at_every_point(room: Path, forks: Forks, name: str, record: Record) -> None:
    with Points(forks, room, SEED) as points:
        stage = points.stage(name)
        assert len(stage.points) >= 8
        killed = points.killed(stage, KILLED)
        assert killed.bad == []
        assert killed.tried == min(KILLED, len(stage.points))
        failed = points.failed(stage, FAILED)
        record(killed.figures("points") | failed.figures("disk") | {"seed": SEED})
        assert failed.bad == []
        assert failed.done["refused"]


WITHOUT: dict[Weak, str] = {
    "torn": "sale",
    "eager": "sale",
    "unrecorded": "payment",
    "hasty": "invoice",
    "stepwise": "migration",
    "unsettled": "spend",
    "unsaid": "printed",
}
SOME_WITHOUT = list(WITHOUT.items())[: SIZE.of(test=0, ci=7, full=7)]


@pytest.mark.parametrize(("weak", "name"), SOME_WITHOUT)
def test_a_missing_protection_is_noticed(room: Path, forks: Forks, weak: Weak, name: str) -> None:
    with Points(forks, room, SEED) as points:
        stage = points.stage(name, weak)
        assert points.killed(stage, 100_000).bad, f"{weak}: nobody noticed"
