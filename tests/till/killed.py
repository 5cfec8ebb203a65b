"""A till that a test kills: it sells and pays by wallets as fast as it can, in a child process."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pos.clock import Clock
from pos.ids import system_ids
from pos.simulators.wallets import SCRIPTS, code_for
from pos.till import collecting
from pos.till.events import Acted, Entered
from pos.till.view import ChangeView
from tests.shop import MILK, SMOKE, WATER, Shop
from tests.till.person import Person

CHANNELS = ("wechat", "alipay")
DOUBTFUL = ("paid", "lost", "system", "lost_before", "balance_short", "slow", "asks_then_pays")


SPEED = 40.0
"""Providers' deadlines are a minute and more; here a minute is over in a second and a half."""


def fast(since: float) -> Callable[[], float]:
    """Seconds since 1970 that go by faster, counted from `since`; the same in every process."""
    return lambda: since + (time.time() - since) * SPEED


@dataclass
class FastHands:
    """A clock that hurries."""

    since: float

    def clock(self) -> Clock:
        seconds = fast(self.since)
        return Clock(lambda: datetime.fromtimestamp(seconds(), UTC), time.monotonic)


def customer(person: Person, rng: random.Random, serial: int) -> None:
    """One customer, by a wallet, until the sale is closed or clearly not paid."""
    if person.mode() == "selling":
        person.scan(*rng.choices((WATER, MILK, SMOKE), k=rng.randint(1, 3)))
        person.enter()
    channel = rng.choice(CHANNELS)
    name = rng.choice(DOUBTFUL)
    script = next(script for script in SCRIPTS if script.name == name)
    if person.mode() == "paying":
        code = code_for(script, channel, serial)  # type: ignore[arg-type]
        person.does(Entered(code, burst=True))
    end = time.monotonic() + 5
    while time.monotonic() < end:
        person.wait()
        view = person.till.view()
        if isinstance(view.panel, ChangeView) or person.mode() in ("selling", "paying"):
            return
        wallet = person.till.state.wallet
        if wallet is not None and not wallet.live:
            person.does(Acted("back"))
            return
        if wallet is not None and rng.random() < 0.02:
            person.does(Acted("back"))
        time.sleep(0.002)


def main() -> None:
    """`python -m tests.till.killed FOLDER SEED SINCE`: runs until it is killed."""
    folder, seed, since = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    collecting.LOOK_SECONDS = 0.01
    shop = Shop(folder, FastHands(since), system_ids())  # type: ignore[arg-type]
    rng = random.Random(seed)
    person = Person(shop)
    person.sign_in()
    print("open", flush=True)
    serial = seed * 1000
    while True:
        serial += 1
        customer(person, rng, serial)


if __name__ == "__main__":
    main()
