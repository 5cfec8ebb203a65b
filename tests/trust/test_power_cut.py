"""A power cut at any moment loses nothing that was acknowledged, and leaves nothing by halves."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from pos.config import load
from pos.ids import system_ids
from pos.store.ledger import Ledger, Place
from tests.shop import Hands, Shop, make_shop
from tests.trust import SIZE
from tests.trust.acts import wrong
from tests.trust.power import Recording, State, contents, lay
from tests.trust.recording import have_strace, python, record

STATES = SIZE.of(test=120, ci=5000, full=50_000)
ACTS = {"test": 14, "ci": 40, "full": 60}[SIZE.name]
SEED = 20_260_302

pytestmark = pytest.mark.skipif(
    not have_strace() and SIZE.name == "test", reason="strace is not installed"
)


@pytest.fixture
def room() -> Iterator[Path]:
    """States are laid out in memory where there is some: a cut is what is in them, not the disk."""
    memory = Path("/dev/shm")
    base = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="guitai-", dir=base) as name:
        yield Path(name)


def recorded(folder: Path, room: Path, *, weak: str = "") -> tuple[Shop, Recording]:
    """A shop that traded under observation."""
    folder.mkdir()
    shop = make_shop(folder)
    before = contents(folder)
    argv = python("tests.trust.life", str(folder), str(SEED), str(ACTS))
    ops = record(argv, folder, room / "trace", {"POS_WEAK": weak})
    return shop, Recording(before, ops)


def bad(recording: Recording, state: State, room: Path) -> list[str]:
    """What is wrong with a state."""
    place = room / "state"
    shutil.rmtree(place, ignore_errors=True)
    lay(state.files, place)
    config = load(place / "config.toml")

    def opened() -> Ledger:
        key = config.signing_key.read_bytes()
        where = Place(config.ledger, "0001", "01", key, Hands().clock(), system_ids(), "test")
        return Ledger(where)

    return wrong(config.ledger, recording.acks[: state.acks], opened)


def test_nothing_is_lost(tmp_path: Path, room: Path) -> None:
    shop, recording = recorded(tmp_path / "shop", room)
    assert len(recording.acks) == ACTS
    end = recording.state(len(recording.ops), "all", random.Random(0))
    ledger = load(shop.config_file).ledger
    name = str(ledger.relative_to(shop.folder))
    assert end.files[name] == ledger.read_bytes()  # the recording is the whole of it
    seen, found = set(), []
    for state in islice(recording.states(random.Random(SEED)), STATES):
        key = hash(tuple(sorted(state.files.items()))) ^ state.acks
        if key in seen:
            continue
        seen.add(key)
        if problems := bad(recording, state, room):
            found.append((state.moment, state.choice, problems))
    assert found == []
    assert len(seen) > STATES // 4


def test_without_full_syncs_sales_are_lost(tmp_path: Path, room: Path) -> None:
    _, recording = recorded(tmp_path / "shop", room, weak="synchronous")
    states = islice(recording.states(random.Random(SEED)), 60)
    assert any(bad(recording, state, room) for state in states)
