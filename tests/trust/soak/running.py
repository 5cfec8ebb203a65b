"""A soak from the beginning to the end."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tests.trust.soak.cashier import Cashier, open_till
from tests.trust.soak.ending import catch_up, compare
from tests.trust.soak.judge import Sample, Verdict, judge
from tests.trust.soak.place import place

SEED = 20_260_302


@dataclass(frozen=True)
class Told:
    """How it went. Times of scans and closes in seconds, in their order."""

    sales: int
    seed: int
    seconds: float
    samples: list[Sample]
    scans: list[float]
    closes: list[float]
    verdict: Verdict
    disagree: list[str]

    @property
    def bad(self) -> list[str]:
        """Everything that is wrong."""
        return [*self.verdict.bad, *self.disagree]

    def figures(self) -> dict[str, object]:
        """For a program to read."""
        tenth = max(1, len(self.scans) // 10), max(1, len(self.closes) // 10)
        times = {
            "scan_to_line_ms_first": self.scans[: tenth[0]],
            "scan_to_line_ms_last": self.scans[-tenth[0] :],
            "close_on_screen_ms_first": self.closes[: tenth[1]],
            "close_on_screen_ms_last": self.closes[-tenth[1] :],
        }
        return {
            "name": "soak",
            "sales": self.sales,
            "seed": self.seed,
            "seconds": round(self.seconds),
            "rss_mb": round(self.samples[-1].rss_kb / 1024, 1),
            **{name: round(statistics.median(some) * 1000, 1) for name, some in times.items()},
            **msgspec.to_builtins(self.verdict),
            "bad": self.bad,
        }


def soak(
    folder: Path,
    sales: int,
    *,
    seed: int = SEED,
    plant: str = "none",
    progress: Callable[[str], None] = lambda _: None,
) -> Told:
    """Sell so many times on one till; `plant` is put into it (`till.PLANTS`)."""
    begun = time.monotonic()
    with place(folder) as at, open_till(at, plant) as terminal:
        cashier = Cashier(at, terminal, random.Random(seed))
        cashier.come()
        cashier.work(sales, progress)
        cashier.go()
        catch_up(at, cashier)
        cashier.switch_off()
        at.office.kill()
        disagree = compare(at, cashier)
    verdict = judge(cashier.samples, cashier.scans, cashier.closes)
    seconds = time.monotonic() - begun
    return Told(
        sales, seed, seconds, cashier.samples, cashier.scans, cashier.closes, verdict, disagree
    )
