"""A power cut at any moment loses nothing that was acknowledged, and leaves nothing by halves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Record
from tests.trust import SIZE, cuts
from tests.trust.forked import Forks
from tests.trust.power import CHOICES
from tests.trust.recording import have_strace

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


def test_without_full_syncs_sales_are_lost(room: Path, forks: Forks) -> None:
    assert cuts.run(forks, room, 500, SEED, "unsynced").bad


def test_what_is_in_two_transactions_is_left_by_halves(room: Path, forks: Forks) -> None:
    assert cuts.run(forks, room, 2000, SEED, "torn").bad
