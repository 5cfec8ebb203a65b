"""Power cuts: lives are recorded, and the states a cut may leave are laid out and looked at."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from tests.sync.office import Office
from tests.trust.acts import ALONE, act
from tests.trust.aged import aged
from tests.trust.forked import Forks, Plan
from tests.trust.holding import wrong
from tests.trust.kills import enrolled
from tests.trust.life import Ack, Life
from tests.trust.outcome import Outcome
from tests.trust.power import Recording, State, contents, lay
from tests.trust.recording import CALLS, parse
from tests.trust.weak import Weak
from tests.trust.world import World, make_world

ACTS = 12
"""Acts of one recording: short, so that looking at a state is quick."""
EACH = 2500
"""States of one recording, distinct ones; then a new one is made."""
MOST_ALIKE = 20_000
"""So many that were seen before in a row: there are no more of this recording."""


@dataclass
class Recorded:
    """A life, what was acknowledged before it, and what it wrote."""

    world: World
    before: list[Ack]
    recording: Recording

    def whole(self) -> bool:
        """Whether what was recorded, all of it, is what lies on the disk."""
        end = self.recording.state(len(self.recording.ops), "all", random.Random(0))
        name = str(self.world.ledger.relative_to(self.world.folder))
        return end.files[name] == self.world.ledger.read_bytes()

    def bad(self, state: State, room: Path) -> list[str]:
        """What does not hold of a state."""
        place = room / "state"
        shutil.rmtree(place, ignore_errors=True)
        lay(state.files, place)
        acks = [*self.before, *self.recording.acks[: state.acks]]
        return wrong(replace(self.world.later(), folder=place), acks)

    def states(self, rng: random.Random) -> Iterator[State]:
        """Distinct states, until hardly any is new."""
        seen: set[int] = set()
        alike = 0
        for state in self.recording.states(rng):
            key = hash(tuple(sorted(state.files.items()))) ^ state.acks
            if key not in seen:
                seen.add(key)
                alike = 0
                yield state
            elif (alike := alike + 1) > MOST_ALIKE:
                return


def record(forks: Forks, world: World, seed: int, plan: Plan, trace: Path) -> Recording:
    """One life under observation, threads and all."""
    before = contents(world.folder)
    life = forks.start(world, seed, plan)
    assert life.ack() is None
    options = ("-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", str(trace))
    with life.traced(*options):
        life.go()
        acks = life.rest()
    assert acks[-1].act == "stopped"
    recording = Recording(before, list(parse(trace, world.folder)))
    assert recording.acks == acks
    return recording


def recorded(forks: Forks, room: Path, seed: int, weak: Weak = "") -> Recorded:
    """A life of its own: at the counter, beside head office, or bringing an old ledger up."""
    rng, folder, before = random.Random(seed), room / f"life{seed}", list[Ack]()
    plan = Plan(tuple(rng.choices(ALONE, k=ACTS)), held=True, endless=False, weak=weak)
    with ExitStack() as stack:
        match seed % 6:
            case 4:
                world, before = aged(folder, rng.randint(1, 11))
                plan = replace(plan, acts=("sale",))
            case 5:
                office = Office(room / f"office{seed}")
                stack.callback(office.stop)
                world = enrolled(folder, office, "01")
                life = Life(world, rng, before.append)
                act(life, "sale")
                life.stop()
                plan = replace(plan, acts=("sync", "sale", "payment", "sync", "cash", "sync"))
            case _:
                world = make_world(folder)
        world = world.later()
        recording = record(forks, world, seed, plan, room / "trace")
    return Recorded(world, before, recording)


def run(forks: Forks, room: Path, states: int, seed: int, weak: Weak = "") -> Outcome:
    """So many states, each another one; with a protection taken away until that is noticed."""
    outcome = Outcome()
    while outcome.tried < states and not (weak and outcome.bad):
        life = recorded(forks, room, seed, weak)
        if not life.whole():
            outcome.bad.append((f"seed {seed}", ["the recording is not the whole of it"]))
        left = min(EACH, states - outcome.tried)
        for state in islice(life.states(random.Random(seed)), left):
            problems = life.bad(state, room)
            outcome.add(f"seed {seed} {state.moment} {state.choice}", [], problems)
            outcome.done[state.choice] += 1
            if weak and problems:
                break
        shutil.rmtree(life.world.folder)
        seed += 1
    return outcome
