"""A till that has sold 10,000 times is as it was, whatever went wrong; and the judge is tried."""

from __future__ import annotations

import random
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from tests.trust import SIZE
from tests.trust.soak.judge import Limits, Sample, Verdict, judge
from tests.trust.soak.place import CYCLE
from tests.trust.soak.running import soak
from tests.trust.soak.till import PLANTS

SALES = SIZE.of(test=0, ci=200, full=1_000)
"""`make soak` sells 10,000 times."""
SHORT = 200
WARMING = Limits(kb_per_1000=100_000, cpu_ratio=1.5, wall_ratio=2.0)
"""A till that sold 200 times is still warming up: some 60 kB a sale, until about the 1,500th."""
BUSY = replace(WARMING, wall_ratio=inf)
"""A tenth of 200 sales is few: how long they took says nothing on a machine with much to do."""
SAYS = {"memory": {"memory"}, "slow": {"CPU"}, "thread": {"threads"}, "file": {"open"}}
"""The first words of what has to be found."""

heavy = pytest.mark.skipif(SIZE.name == "test", reason="a till in a terminal for a minute")


@heavy
def test_a_till_does_not_wear_out(tmp_path: Path) -> None:
    told = soak(tmp_path, SALES, limits=WARMING)
    assert told.bad == [], told.figures()
    assert len(told.cashier.sold) == SALES
    assert told.cashier.refused == SALES // CYCLE  # by a full disk


@heavy
@pytest.mark.parametrize("plant", PLANTS[:: SIZE.of(test=4, ci=4, full=1)])
def test_what_is_planted_in_a_real_till_is_found(tmp_path: Path, plant: str) -> None:
    told = soak(tmp_path, SHORT, plant=plant, limits=BUSY)
    found = {line.split(" ")[0] for line in told.verdict.bad}
    assert found == SAYS[plant], told.figures()
    assert told.disagree == []


class Run:
    """Samples of a till of 10,000 sales, noisy, and steady but for what is told."""

    def __init__(self, **grows: float) -> None:
        rng = random.Random(7)
        self.samples = []
        cpu = 0.0
        for sales in range(50, 10_001, 50):
            part = sales / 10_000
            warm = min(sales, 1500) * 8
            leak = int(grows.get("kb", 0) * part * 10)
            slow = 1 + grows.get("machine", 0) * part
            cpu += 2 * slow * (1 + grows.get("cpu", 0) * part) * rng.uniform(0.9, 1.1)
            self.samples.append(
                Sample(
                    sales=sales,
                    rss_kb=128_000 + warm + leak + rng.randrange(400),
                    threads=8 + int(grows.get("threads", 0) * part),
                    files=17 + rng.randrange(3) + int(grows.get("files", 0) * part),
                    log_bytes=int(grows.get("log", 0) * part),
                    wal_bytes=900_000,
                    cpu=cpu,
                    work=0.001 * slow * rng.uniform(0.9, 1.5),
                )
            )
        slower = grows.get("wall", 0) / 1000
        machine = grows.get("machine", 0) / 1000
        self.scans, self.closes, self.floors = (
            [
                at * (1 + n * machine) * (1 + n * slower * own) * rng.uniform(0.5, 2)
                for n in range(1000)
            ]
            for at, own in ((0.015, 1), (0.025, 1), (0.001, 0))
        )
        self.floors = [
            at * (1 + grows.get("idle", 0) * n / 1000) for n, at in enumerate(self.floors)
        ]

    def judged(self) -> Verdict:
        return judge(self.samples, self.scans, self.closes, self.floors)


def test_a_steady_till_passes() -> None:
    verdict = Run().judged()
    assert verdict.bad == ()
    assert abs(verdict.kb_per_1000) < 20
    assert Run(machine=1.0).judged().bad == ()
    assert Run(idle=-0.8).judged().bad == ()  # the floor falls faster than what stands on it


@pytest.mark.parametrize(
    ("grows", "says"),
    [
        ({"kb": 300}, ["memory"]),
        ({"cpu": 0.4}, ["CPU"]),
        ({"wall": 1.5}, ["scans", "closes"]),
        ({"threads": 3}, ["threads"]),
        ({"files": 8}, ["open"]),
        ({"log": 200_000}, ["the"]),
    ],
)
def test_what_grows_is_found(grows: dict[str, float], says: list[str]) -> None:
    assert [line.split(" ")[0] for line in Run(**grows).judged().bad] == says
