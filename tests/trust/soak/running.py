"""A soak from the beginning to the end."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tests.trust.soak.cashier import Cashier, open_echo, open_till
from tests.trust.soak.ending import catch_up, compare
from tests.trust.soak.judge import LIMITS, Limits, Verdict, ends, judge
from tests.trust.soak.place import place

SEED = 20_260_302


@dataclass(frozen=True)
class Told:
    """How it went."""

    sales: int
    seed: int
    seconds: float
    cashier: Cashier
    verdict: Verdict
    disagree: list[str]

    @property
    def bad(self) -> list[str]:
        """Everything that is wrong."""
        return [*self.verdict.bad, *self.disagree]

    def figures(self) -> dict[str, object]:
        """For a program to read."""
        scans, closes = self.cashier.scans, self.cashier.closes
        times = {
            "scan_to_line": ends(scans),
            "close_on_screen": ends(closes),
            "floor": ends(self.cashier.floors),
        }
        return {
            "name": "soak",
            "sales": self.sales,
            "seed": self.seed,
            "disk_full": self.cashier.refused,
            "seconds": round(self.seconds),
            "rss_mb": round(self.cashier.samples[-1].rss_kb / 1024, 1),
            **{f"{name}_ms": [round(s * 1000, 1) for s in pair] for name, pair in times.items()},
            **{name: _short(value) for name, value in msgspec.to_builtins(self.verdict).items()},
            "bad": self.bad,
        }


def _short(value: object) -> object:
    return round(value, 2) if isinstance(value, float) else value


def soak(
    folder: Path,
    sales: int,
    *,
    seed: int = SEED,
    seconds: float = 3600.0,
    plant: str = "none",
    limits: Limits = LIMITS,
    progress: Callable[[str], None] = lambda _: None,
) -> Told:
    """Sell so many times on one till, `seconds` at most; `plant` is put into it (`till.PLANTS`)."""
    begun = time.monotonic()
    with place(folder) as at, open_till(at, plant) as terminal, open_echo() as echo:
        cashier = Cashier(at, terminal, echo, random.Random(seed))
        cashier.come()
        cashier.work(sales, seconds, progress)
        cashier.go()
        catch_up(at, cashier)
        cashier.switch_off()
        at.office.kill()
        disagree = compare(at, cashier)
    verdict = judge(cashier.samples, cashier.scans, cashier.closes, cashier.floors, limits)
    return Told(len(cashier.sold), seed, time.monotonic() - begun, cashier, verdict, disagree)
