"""A till that a test kills: it sells and pays by wallets as fast as it can, in a child process."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from cryptography.hazmat.primitives import serialization

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


SPEED = 120.0
"""Providers' deadlines are a minute and more; here a minute is over in half a second."""


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


def customer(person: Person, rng: random.Random, serial: int, paying: Callable[[], None]) -> None:
    """One customer, by a wallet, until the sale is closed or clearly not paid.

    `paying` is called as money begins to move.
    """
    if person.mode() == "selling":
        person.scan(*rng.choices((WATER, MILK, SMOKE), k=rng.randint(1, 3)))
        person.enter()
    channel = rng.choice(CHANNELS)
    name = "paid" if rng.random() < 0.5 else rng.choice(DOUBTFUL)
    script = next(script for script in SCRIPTS if script.name == name)
    paying()
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


def trust_keys() -> None:
    """No arithmetic over the simulators' own RSA keys: it takes longer than a life lasts."""
    unchecked = partial(serialization.load_pem_private_key, unsafe_skip_rsa_key_validation=True)
    vars(serialization)["load_pem_private_key"] = unchecked


def work(folder: Path, seed: int, since: float, opened: Connection) -> None:
    """Sells until it is killed; sends one byte when the first payment begins."""
    collecting.LOOK_SECONDS = 0.01
    trust_keys()
    shop = Shop(folder, FastHands(since), system_ids())  # type: ignore[arg-type]
    rng = random.Random(seed)
    person = Person(shop)
    person.sign_in()
    begun: list[bool] = []

    def paying() -> None:
        if not begun:
            begun.append(True)
            opened.send_bytes(b"o")

    serial = seed * 1000
    while True:
        serial += 1
        customer(person, rng, serial, paying)
