"""`kill -9` at any moment of lives, one after the other, beside a bank and a real head office."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.sync.office import Office, enrol_till
from tests.trust.acts import ACTS, act
from tests.trust.aged import aged
from tests.trust.forked import Forks, Plan, copied
from tests.trust.holding import wrong
from tests.trust.life import Ack, Life
from tests.trust.outcome import Outcome
from tests.trust.weak import Weak
from tests.trust.world import World, may_invoice

LIVES = 40
"""Lives of one ledger; then a new one, so that checking stays quick."""
MOST_ACTS = 3
MOST_SECONDS = 0.02
"""So many acts are waited for, then so long at most: about two of them."""
MIGRATING = 0.08
"""Seconds in which an old ledger is brought up."""
TILLS = 90
"""Tills of one head office; then a new one."""


def run(
    forks: Forks,
    room: Path,
    kills: int,
    seed: int,
    weak: Weak = "",
    may: tuple[str, ...] = tuple(ACTS),
) -> Outcome:
    """So many kills; one in twenty while an old ledger is brought up.

    With a protection taken away only until that is noticed.
    """
    outcome, shops, until_bad = Outcome(), 0, bool(weak)
    migrating = kills // 20
    while outcome.tried < kills - migrating and not (until_bad and outcome.bad):
        office = Office(room / f"office{shops}")
        try:
            for n in range(1, TILLS + 1):
                lives = min(LIVES, kills - migrating - outcome.tried)
                if not lives or (until_bad and outcome.bad):
                    break
                shops += 1
                folder = room / f"shop{shops}"
                outcome += _shop(forks, folder, office, n, lives, seed + shops, may, weak)
        finally:
            office.stop()
    if not weak:
        outcome += migrations(forks, room, migrating, seed)
    return outcome


def enrolled(folder: Path, office: Office, till: str) -> World:
    """A shop that head office let in."""
    side = enrol_till(folder, office, till=till, clock=False)
    side.close()
    may_invoice(folder)
    return World(folder, till, 0, side.url, side.enrolled.token)


def _shop(
    forks: Forks,
    folder: Path,
    office: Office,
    n: int,
    lives: int,
    seed: int,
    may: tuple[str, ...],
    weak: Weak,
) -> Outcome:
    world = enrolled(folder, office, f"{n:02d}")
    outcome, acks = Outcome(), list[Ack]()
    rng = random.Random(seed)
    plan = Plan(may=may, weak=weak)
    for number in range(lives):
        life = forks.start(world, rng.getrandbits(32), plan)
        new = life.acts(rng.randint(0, MOST_ACTS))
        time.sleep(rng.uniform(0, MOST_SECONDS))
        new += life.kill()
        acks += new
        outcome.add(f"shop {n} life {number}", new, wrong(world, acks))
        world = world.later()
        if outcome.bad:  # what follows is no news
            return outcome
    if problems := _agreed(world, office):
        outcome.bad.append((f"shop {n}", problems))
    return outcome


def _agreed(world: World, office: Office) -> list[str]:
    """After a last visit head office has exactly what the till has."""
    life = Life(world, random.Random(0), shift=False)
    act(life, "sync")
    life.stop()
    with closing(sqlite3.connect(world.ledger)) as raw:
        rows = raw.execute("SELECT jn, hash FROM journal ORDER BY jn")
        here = [(1, jn, digest.hex()) for jn, digest in rows]
    there = [(epoch, jn, _hex(digest)) for epoch, jn, digest in office.inbox(world.till)]
    return [] if here == there else [f"head office: {len(there)} of {len(here)} records"]


def _hex(digest: bytes | str) -> str:
    return digest.hex() if isinstance(digest, bytes) else digest


def migrations(forks: Forks, room: Path, kills: int, seed: int, weak: Weak = "") -> Outcome:
    """Kills while ledgers of older versions are brought up."""
    rng, outcome = random.Random(seed), Outcome()
    old = [aged(room / f"v{version}", version) for version in (1, 4, 9)]
    for number in range(kills):
        start, acks = old[number % len(old)]
        world = copied(start, room / "old")
        plan = Plan(held=True, endless=False, shift=False, weak=weak)
        life = forks.start(world, rng.getrandbits(32), plan)
        assert life.ack() is None
        life.go()
        time.sleep(rng.uniform(0, MIGRATING))
        new = life.kill()
        outcome.add(f"migration {number}", new, wrong(world, [*acks, *new]))
        if weak and outcome.bad:
            break
    return outcome
