"""Every write, sync, cut, removal and renaming of a scenario, one by one: killed there, or failing
there. Which points there are is counted in a run that is left alone."""

from __future__ import annotations

import random
import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from tests.sync.office import Office
from tests.trust.acts import act
from tests.trust.aged import aged
from tests.trust.forked import Forked, Forks, Plan, copied
from tests.trust.holding import wrong
from tests.trust.kills import enrolled
from tests.trust.life import Ack, Life
from tests.trust.outcome import Outcome
from tests.trust.weak import Weak
from tests.trust.world import World, make_world

T = TypeVar("T")
CALLS = "pwrite64,fdatasync,fsync,ftruncate,unlink,rename"
SCENARIOS = (
    *("sale", "void", "hold", "cash", "printed", "products"),
    *("payment", "return", "shift", "day", "sync", "migration", "invoice"),
    *("spend", "receive"),
)
TOLD = {"disk_full", "disk_error", "ledger_error", "ledger_damaged", "ledger_unopenable"}
DONE = {"shift_closed_already", "day_nothing"}
"""Of a second try: what the disk had refused was there all the same, and is not done twice."""
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(", re.MULTILINE)


@dataclass
class Stage:
    """Where a scenario begins: a shop with some trade, and what was acknowledged of it."""

    name: str
    world: World
    acks: list[Ack]
    plan: Plan
    points: list[tuple[str, int]]


class Points:
    """Sets scenarios up and cuts them off."""

    def __init__(self, forks: Forks, room: Path, seed: int) -> None:
        self.forks, self.room, self.seed = forks, room, seed
        self._offices = ExitStack()

    def __enter__(self) -> Points:
        return self

    def __exit__(self, *_: object) -> None:
        self._offices.close()

    def stage(self, name: str, weak: Weak = "") -> Stage:
        """Lay out a scenario and count its points."""
        folder = self.room / f"{name}{weak}"
        acks: list[Ack] = []
        plan = Plan((name, name), held=True, endless=False, weak=weak)
        if name == "migration":
            world, acks = aged(folder)
            plan = replace(plan, acts=(), shift=False)
        else:
            world = self._shop(folder, name)
            life = Life(world, random.Random(self.seed), acks.append)
            for before in ("sale", "payment", "payment"):
                act(life, before)
            life.stop()
            # head office is to see the same till again and again: nothing of a life is its own
            plan = replace(plan, shift=name != "sync")
        staged = Stage(name, world.later(), acks, plan, [])
        staged.points = list(self._count(staged))
        return staged

    def _shop(self, folder: Path, name: str) -> World:
        if name != "sync":
            return make_world(folder)
        office = Office(folder.with_name(f"{folder.name}-office"))
        self._offices.callback(office.stop)
        return enrolled(folder, office, "01")

    def _start(self, staged: Stage, plan: Plan) -> tuple[World, Forked]:
        world = copied(staged.world, self.room / f"{staged.name}-cut")
        life = self.forks.start(world, self.seed, plan)
        assert life.ack() is None
        return world, life

    def _count(self, staged: Stage) -> Iterator[tuple[str, int]]:
        listing = self.room / f"{staged.name}.trace"
        _, life = self._start(staged, staged.plan)
        with life.traced("-o", str(listing), "-e", f"trace={CALLS}"):
            life.go()
            assert life.rest()[-1].act == "stopped"
        for call, count in Counter(_CALL.findall(listing.read_text("ascii"))).items():
            yield from ((call, n) for n in range(1, count + 1))

    def killed(self, staged: Stage, most: int) -> Outcome:
        """Killed at points spread evenly, at most so many, or at every one.

        With a protection taken away in any order, and only until that is noticed.
        """
        outcome, points = Outcome(), spread(staged.points, most)
        if staged.plan.weak:
            random.Random(self.seed).shuffle(points)
        for call, n in points:
            world, life = self._start(staged, staged.plan)
            inject = ("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={n}")
            with life.traced("-o", "/dev/null", *inject):
                life.go()
                new = life.rest()
            problems = wrong(world, [*staged.acks, *new])
            if life.code != -signal.SIGKILL:
                problems.append(f"ended with {life.code}")
            outcome.add(f"{staged.name} {call} {n}", new, problems)
            if staged.plan.weak and outcome.bad:
                break
        return outcome

    def failed(self, staged: Stage, most: int) -> Outcome:
        """A write, sync or cut fails: once, or from then on; it is told, and nothing is lost."""
        outcome = Outcome()
        plan = replace(staged.plan, goes_on=True)
        faults = [
            (call, f"{n}{more}", error)
            for call, n in staged.points
            if call in ("pwrite64", "fdatasync", "fsync", "ftruncate")
            for error, more in (("EIO", ""), ("EIO", "+"), ("ENOSPC", "+"))
            if error == "EIO" or call == "pwrite64"
        ]
        for call, when, error in spread(faults, most):
            world, life = self._start(staged, plan)
            inject = ("-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}")
            with life.traced("-o", "/dev/null", *inject):
                life.go()
                new = life.rest()
            problems = wrong(world, [*staged.acks, *new])
            told = {ack.number for ack in new if ack.act == "refused"}
            known = TOLD | DONE if told & TOLD else TOLD
            problems += [f"told as {code}" for code in told - known]
            if life.code != 0:
                problems.append(f"ended with {life.code}")
            outcome.add(f"{staged.name} {error} at {call} {when}", new, problems)
        return outcome


def spread(points: list[T], most: int) -> list[T]:
    """At most so many of them, evenly."""
    if len(points) <= most:
        return list(points)
    return [points[n * len(points) // most] for n in range(most)]
