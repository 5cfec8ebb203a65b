"""A till whose clock is moved about: back, forward, over midnight, while it works and while it is
off, and in another zone. Sales go on, numbers have no gap, every jump is on record."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pos.config import load
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.shop import MILK, WATER, Shop, make_shop
from tests.till.person import Person
from tests.trust.outcome import Outcome

ZONES = ("Asia/Shanghai", "America/New_York", "Europe/London", "UTC", "Australia/Lord_Howe")
"""The machine's own zone, three of them with summer time: a shop's is UTC+8 whatever it says."""
JUMPS = (-400 * 86_400, -2 * 86_400, -3 * 3600, -360, 61, 3600, 86_400, 370 * 86_400)
SLACK, LIVE = 300, 60
"""Seconds: a till that opens says nothing of less, nor one that works."""
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Moved:
    """A till at work, the clock in another's hand, and what has to be on record by now."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.shop: Shop = make_shop(folder)
        self.rng = rng
        self.person = Person(self.shop)
        self.jumps: list[int] = []
        self.unsaid: list[str] = []
        self.days: list[str] = []
        self.sold = 0
        self.day, self.opened = "", set[str]()
        self._sign_in()

    def _sign_in(self) -> None:
        self.person.sign_in("9001")
        config = load(self.shop.config_file).settings.shift
        at = self.shop.hands.at.astimezone(SHANGHAI) - timedelta(hours=config.cutoff_hour)
        today, self.day = at.date().isoformat(), self.person.till.session.business_date
        # a shift of a later day goes on where the clock was set back behind it
        if self.day != today and not (self.day > today and self.day in self.opened):
            self.unsaid.append(f"{self.day} on {today}")
        self.opened.add(self.day)

    def sell(self) -> None:
        """A sale; it belongs to the day that its shift began in."""
        for code in self.rng.choices((WATER, MILK), k=self.rng.randint(1, 3)):
            self.person.scan(code)
        self.person.enter()
        self.person.enter()
        self.sold += 1
        self.days.append(self.day)
        self.shop.hands.go(self.rng.randint(1, 40))

    def jump(self) -> None:
        """The wall clock moves under a till at work, the monotonic one does not."""
        seconds = self.rng.choice(JUMPS)
        self.shop.hands.at += timedelta(seconds=seconds)
        self.person.till.tick()
        self.person.wait()
        self.jumps.append(seconds)
        self._said(f"jump {seconds}")

    def reopen(self) -> None:
        """Switched off and on; meanwhile the clock moved."""
        self.person.leave()
        seconds = self.rng.choice(JUMPS)
        last = self._last()
        self.shop.hands.at += timedelta(seconds=seconds)
        behind = last - self.shop.hands.at.timestamp()
        self.person = Person(self.shop)
        if behind > SLACK:
            self.jumps.append(-int(behind))
            self._said(f"opened {-behind}")
        self._sign_in()

    def zone(self) -> None:
        """The machine is in another zone."""
        os.environ["TZ"] = self.rng.choice(ZONES)
        time.tzset()

    def _last(self) -> float:
        from datetime import datetime

        with closing(Reader(self.shop.place().path)) as reader:
            [(at,)] = reader.rows("SELECT at FROM journal ORDER BY jn DESC LIMIT 1")
        return datetime.fromisoformat(at).timestamp()

    def _said(self, what: str) -> None:
        message = self.person.till.view().message
        if message is None or "时钟" not in message.text:
            self.unsaid.append(what)

    def wrong(self) -> list[str]:
        """What does not hold now."""
        found = [f"not told or of another day: {what}" for what in self.unsaid]
        with closing(Reader(self.shop.place().path)) as reader:
            rows = reader.rows("SELECT seq, business_date FROM orders ORDER BY seq")
            if [row["seq"] for row in rows] != list(range(1, self.sold + 1)):
                found.append(f"{len(rows)} orders of {self.sold}, or a gap")
            if [row["business_date"] for row in rows] != self.days:
                found.append("an order of another day")
            told = reader.rows("SELECT detail FROM events WHERE kind = 'clock.jumped' ORDER BY jn")
            seconds = [int(row[0].split()[-1]) for row in told]
        if len(seconds) != len(self.jumps) or any(
            abs(one - other) > SLACK for one, other in zip(seconds, self.jumps, strict=False)
        ):
            found.append(f"on record {seconds}, done {self.jumps}")
        verdict = verify_ledger(self.shop.place().path)
        if not verdict.ok:
            found.append(f"{verdict.first_bad} {verdict.what}")
        return found


ACTS: tuple[tuple[Callable[[Moved], None], int], ...] = (
    (Moved.sell, 6), (Moved.jump, 3), (Moved.zone, 1), (Moved.reopen, 2),
)  # fmt: skip


def clocks(folder: Path, seed: int, acts: int) -> Outcome:
    """A random life; `tried` are the moves of the clock."""
    before = os.environ.get("TZ")
    rng = random.Random(seed)
    moved = Moved(folder, rng)
    try:
        for act in rng.choices([a for a, _ in ACTS], [weight for _, weight in ACTS], k=acts):
            act(moved)
        moved.person.leave()
        wrong = moved.wrong()
    finally:
        if before is None:
            os.environ.pop("TZ", None)
        else:
            os.environ["TZ"] = before
        time.tzset()
    return Outcome(len(moved.jumps), bad=[("clock", wrong)] if wrong else [])
