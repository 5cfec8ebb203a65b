"""A ledger that was damaged behind the till's back: flipped bits, cut or lost logs, old copies."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from pos.refusal import Refused
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.trust.acts import act
from tests.trust.holding import wrong
from tests.trust.life import Ack, Life
from tests.trust.outcome import Outcome
from tests.trust.world import World, make_world

DATABASE, LOG = "ledger.db", "ledger.db-wal"


class Traded:
    """A ledger after some trade, as it lies on the disk when the till has been cut off."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.world = make_world(folder / "shop")
        self.acks: list[Ack] = []
        life = Life(self.world, random.Random(seed), self.acks.append)
        names = ("sale", "payment", "void", "cash", "hold", "return")
        for n in range(24):
            act(life, names[n % len(names)])
        life.ledger.witness()
        self._kept = folder / "kept"
        shutil.copytree(self.world.folder, self._kept)  # with the log, which is not folded in yet
        life.stop()

    def put_back(self) -> None:
        """As it was when the till was cut off."""
        shutil.rmtree(self.world.folder)
        shutil.copytree(self._kept, self.world.folder)

    def file(self, name: str) -> Path:
        """The database or its log."""
        return self.world.ledger.with_name(name)

    def flip(self, name: str, rng: random.Random) -> None:
        """One bit of a file is another one."""
        data = bytearray(self.file(name).read_bytes())
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        self.file(name).write_bytes(data)

    def cut(self, name: str, size: int) -> None:
        """What is behind `size` bytes is gone."""
        os.truncate(self.file(name), size)

    def said(self) -> str:
        """What the till itself finds wrong, at the start or when it checks; empty: nothing."""
        return said(self.world)

    def lost(self) -> list[str]:
        """What of its acks does not hold."""
        return wrong(self.world, self.acks)


def said(world: World) -> str:
    """What a till that starts, and then checks, finds wrong with its ledger."""
    try:
        ledger = world.open()
    except Refused as refused:
        return refused.code
    try:
        if ledger.tail_lost:
            return "tail_lost"
        if (answer := ledger.quick_check()) != "ok":
            return answer
        with closing(Reader(world.ledger)) as reader:
            reader.drafts()
    except Refused as refused:
        return refused.code
    finally:
        ledger.close()
    try:
        verdict = verify_ledger(world.ledger)
    except (Refused, sqlite3.Error) as error:  # of which pos journal verify makes words
        return repr(error)
    return verdict.what


def flips(traded: Traded, name: str, count: int, seed: int) -> Outcome:
    """Single bits flipped: each is noticed, or did no harm at all."""
    rng, outcome = random.Random(seed), Outcome()
    for number in range(count):
        traded.put_back()
        traded.flip(name, rng)
        if traded.said():
            outcome.done["noticed"] += 1
            outcome.add(f"{name} {number}", [], [])
        else:
            outcome.add(f"{name} {number}", [], traded.lost())
    return outcome
