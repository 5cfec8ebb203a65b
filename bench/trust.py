"""What the proofs of tests/trust try, in one run: how much of each, and what did not hold.

No figure is a time and so there are no floors: what counts is that every `bad_*` is 0. What did
not hold is told on stderr. Two processes work side by side.
"""

from __future__ import annotations

import multiprocessing
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from bench.figures import Result
from tests.trust import clocks, cuts, damage, kills, tamper
from tests.trust.corpus import HOSTILE, JOINED
from tests.trust.damage import DATABASE, LOG, Traded
from tests.trust.forked import Forks, room
from tests.trust.outcome import Outcome
from tests.trust.points import SCENARIOS, Points, spread
from tests.trust.texts import files, paper, screens
from tests.trust.weak import Weak

SEED = 20_261_127
WORKERS = 2
ALL = 10**6
PIECE = 500
"""Kills and states of one piece of work, so that two processes end at about the same time."""

TEXTS = 8
"""Hostile texts of one piece of work."""


@dataclass(frozen=True)
class Amount:
    """How much is tried of each kind; points and faults are those of each scenario, hostile texts
    those that are shown, printed and exported everywhere."""

    kills: int
    points: int
    faults: int
    states: int
    flips: int
    tampered: int
    clocks: int
    texts: int


QUICK = Amount(kills=40, points=2, faults=1, states=100, flips=10, tampered=1, clocks=1, texts=4)
USUAL = Amount(
    kills=300, points=10, faults=4, states=1_000, flips=60, tampered=1, clocks=4, texts=12
)
FULL = Amount(
    kills=10_000, points=ALL, faults=ALL, states=50_000,
    flips=2_000, tampered=ALL, clocks=30, texts=ALL,
)  # fmt: skip

Kind = Literal["kills", "points", "disk", "cuts", "flips", "tamper", "clocks", "text", "weak"]
WITHOUT: dict[Weak, tuple[str, ...]] = {
    "torn": ("shift",),
    "eager": ("sale",),
    "unrecorded": ("payment",),
    "hasty": ("sale", "invoice"),
}
"""Protections that are taken away, and the acts in which it has to show."""
Work = Callable[[Forks, Path], Outcome]


def run(quick: bool, full: bool) -> Result:
    """`tried_X` and `bad_X` of each kind. `weak`: protections taken away; bad where nobody
    noticed."""
    amount = QUICK if quick else FULL if full else USUAL
    result = Result("trust", 0, counts={"seed": SEED})
    seconds: dict[str, float] = {}
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn")) as pool:
        waiting = [(kind, pool.submit(_done, work)) for kind, work in _pieces(amount)]
        for kind, one in waiting:
            outcome, took = one.result()
            for name, value in outcome.figures(kind).items():
                result.counts[name] = result.counts.get(name, 0) + value
            seconds[kind] = seconds.get(kind, 0.0) + took
            result.n += outcome.tried
            for where, what in outcome.bad:
                print(kind, where, *what, file=sys.stderr)
    for name, took in seconds.items():
        result.rates[f"{name}_per_s"] = round(WORKERS * result.counts[f"tried_{name}"] / took, 1)
    return result


def _done(work: Work) -> tuple[Outcome, float]:
    began = time.perf_counter()
    with room() as folder:
        found = work(Forks(), folder)
    return found, time.perf_counter() - began


def _pieces(amount: Amount) -> Iterator[tuple[Kind, Work]]:
    for n, count in enumerate(_split(amount.kills)):
        yield "kills", partial(_kills, count, SEED + n * 1000)
    for n, count in enumerate(_split(amount.states)):
        yield "cuts", partial(_cuts, count, SEED + n * 1000)
    for name in SCENARIOS:
        yield "points", partial(_points, name, amount.points)
        yield "disk", partial(_faults, name, amount.faults)
    for name in (DATABASE, LOG):
        yield "flips", partial(_flips, name, amount.flips)
    yield "tamper", partial(_tamper, amount.tampered)
    for n in range(amount.clocks):
        yield "clocks", partial(_clocks, SEED + n)
    some = spread(list({**HOSTILE, **JOINED}.items()), amount.texts)
    for n in range(0, len(some), TEXTS):
        yield "text", partial(_text, dict(some[n : n + TEXTS]))
    for weak, may in WITHOUT.items():
        yield "weak", partial(_weak, weak, may)
    yield "weak", _unsynced
    yield "weak", _stepwise


def _split(count: int) -> list[int]:
    return [PIECE] * (count // PIECE) + ([count % PIECE] if count % PIECE else [])


def _kills(count: int, seed: int, forks: Forks, folder: Path) -> Outcome:
    return kills.run(forks, folder, count, seed)


def _cuts(count: int, seed: int, forks: Forks, folder: Path) -> Outcome:
    return cuts.run(forks, folder, count, seed)


def _points(name: str, most: int, forks: Forks, folder: Path) -> Outcome:
    with Points(forks, folder, SEED) as points:
        return points.killed(points.stage(name), most)


def _faults(name: str, most: int, forks: Forks, folder: Path) -> Outcome:
    with Points(forks, folder, SEED) as points:
        return points.failed(points.stage(name), most)


def _flips(name: str, count: int, _: Forks, folder: Path) -> Outcome:
    return damage.flips(Traded(folder, SEED), name, count, SEED)


def _tamper(each: int, _: Forks, folder: Path) -> Outcome:
    found = tamper.tamper(folder, random.Random(SEED), each, 20, 20)
    return Outcome(found.tried, bad=[("tamper", [str(bad)]) for bad in found.bad])


def _clocks(seed: int, _: Forks, folder: Path) -> Outcome:
    return clocks.clocks(folder, seed, 40)


def _text(texts: Mapping[str, str], _: Forks, folder: Path) -> Outcome:
    outcome = screens.look(texts)
    outcome += paper.look(folder, texts)
    outcome += files.look(folder, texts)
    return outcome


def _noticed(weak: str, outcome: Outcome) -> Outcome:
    return Outcome(1, bad=[] if outcome.bad else [(weak, ["nobody noticed"])])


def _weak(weak: Weak, may: tuple[str, ...], forks: Forks, folder: Path) -> Outcome:
    return _noticed(weak, kills.run(forks, folder, 400, SEED, weak, may))


def _unsynced(forks: Forks, folder: Path) -> Outcome:
    return _noticed("unsynced", cuts.run(forks, folder, 1000, SEED, "unsynced"))


def _stepwise(forks: Forks, folder: Path) -> Outcome:
    return _noticed("stepwise", kills.migrations(forks, folder, 200, SEED, "stepwise"))
