"""`kill -9` at any moment: nothing acknowledged is lost, nothing is doubled, nothing is by halves.

The bank and head office outlive the till, and agree with it afterwards.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Record
from tests.trust import SIZE, kills
from tests.trust.acts import ACTS
from tests.trust.forked import Forks
from tests.trust.weak import Weak

KILLS = SIZE.of(test=6, ci=1000, full=10_000)
PARTS = SIZE.of(test=1, ci=4, full=20)
"""Parts of equal size, each with head offices of its own, so that they run side by side."""
SEED = 20_260_302
NOTICED = 400
"""Kills within which a missing protection has to be noticed."""


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost(room: Path, forks: Forks, part: int, record: Record) -> None:
    found = kills.run(forks, room, KILLS // PARTS, SEED + part * 1000)
    record(found.figures("kills") | {"seed": SEED})
    assert found.bad == []
    assert found.tried == KILLS // PARTS
    if SIZE.name != "test":
        assert set(ACTS) <= set(found.done)  # none of them was left out
        assert found.done.total() > found.tried


WITHOUT: dict[Weak, tuple[str, ...]] = {
    "torn": ("sale", "shift"),
    "eager": ("sale",),
    "unrecorded": ("payment",),
    "hasty": ("sale", "invoice"),
    "believing": ("cash", "sync"),
    "unsettled": ("sale", "spend"),
    "unsaid": ("sale", "printed"),
}
SOME = list(WITHOUT.items())[:: SIZE.of(test=3, ci=1, full=1)]


@pytest.mark.parametrize(("weak", "may"), SOME)
def test_a_missing_protection_is_noticed(
    room: Path, forks: Forks, weak: Weak, may: tuple[str, ...]
) -> None:
    assert kills.run(forks, room, NOTICED, SEED, weak, may).bad, f"{weak}: nobody noticed"


def test_a_migration_in_many_pieces_is_noticed(room: Path, forks: Forks) -> None:
    assert kills.migrations(forks, room, NOTICED, SEED, "stepwise").bad
