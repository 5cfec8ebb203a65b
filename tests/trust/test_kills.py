"""`kill -9` at any moment: nothing acknowledged is lost, nothing is doubled, nothing is by halves.

Lives are forked from a server that has everything loaded, so that each costs milliseconds.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from functools import partial
from multiprocessing.context import ForkServerContext
from pathlib import Path

import msgspec
import pytest

from tests.shop import Shop, make_shop
from tests.trust import SIZE
from tests.trust.acts import ACTS, Ack, wrong
from tests.trust.lives import live

KILLS = SIZE.of(test=25, ci=1000, full=10_000)
LIVES = 25
"""Lives of one ledger; then a new one, so that checking stays quick."""
MOST_ACTS = 5
MOST_SECONDS = 0.012
"""So many acts are waited for, then so long at most: about two of them."""
WARM = ("sqlmodel", "pos.store.ledger", "tests.trust.lives")
SEED = 20_260_302


def killed(context: ForkServerContext, shop: Shop, seed: int, *, weak: bool = False) -> list[Ack]:
    """One life and its end, somewhere after its n-th act; what it acknowledged."""
    rng = random.Random(seed)
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=live, args=(shop.folder, seed, there, weak))
    process.start()
    there.close()
    acks: list[Ack] = []
    try:
        assert here.poll(60)
        here.recv_bytes()
        for _ in range(rng.randint(0, MOST_ACTS)):
            acks.append(msgspec.json.decode(here.recv_bytes(), type=Ack))
        time.sleep(rng.uniform(0, MOST_SECONDS))
    finally:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    with suppress(EOFError):
        while here.poll():
            acks.append(msgspec.json.decode(here.recv_bytes(), type=Ack))
    here.close()
    return acks


@pytest.fixture
def context() -> ForkServerContext:
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(list(WARM))
    return made


def test_nothing_is_lost(tmp_path: Path, context: ForkServerContext) -> None:
    done: Counter[str] = Counter()
    shop, acks, found = Shop(tmp_path), list[Ack](), []
    for number in range(KILLS):
        if number % LIVES == 0:
            folder = tmp_path / str(number)
            folder.mkdir()
            shop, acks = make_shop(folder), []
        new = killed(context, shop, SEED + number)
        acks += new
        done.update(ack.act for ack in new)
        opened = partial(shop.ledger)
        if problems := wrong(shop.place().path, acks, opened):
            found.append((number, problems))
    assert found == []
    assert set(done) == set(ACTS)  # none of them was left out
    assert done.total() > KILLS


def test_torn_transactions_are_found(tmp_path: Path, context: ForkServerContext) -> None:
    shop = make_shop(tmp_path)
    acks: list[Ack] = []
    for number in range(40):
        acks += killed(context, shop, SEED + number, weak=True)
        if wrong(shop.place().path, acks, shop.ledger):
            return
    pytest.fail("40 kills between a record and its rows, and none was noticed")
