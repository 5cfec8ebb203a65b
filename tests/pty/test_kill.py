"""`kill -9` at random moments of sales driven in a terminal: nothing lost, doubled or half.

20 kills in `make test`; POS_TRUST=full makes it 200.
"""

from __future__ import annotations

import os
import random
import re
import signal
import time

from bench.terminal import Terminal
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.pty.conftest import run_till
from tests.shop import BAG, MILK, SMOKE, WATER, Shop

KILLS = 200 if os.environ.get("POS_TRUST") == "full" else 12
SEED = 20_260_302
CODES = (WATER, MILK, SMOKE, BAG)
NAMES = ("清溪矿泉水550ml", "北麓纯牛奶250ml", "云岭香烟", "购物袋")
_NUMBER = re.compile(r"00010101(\d{7})")


def shown_lines(terminal: Terminal) -> int:
    """Order lines on the screen."""
    return sum(1 for row in terminal.lines() for name in NAMES if name in row)


def test_random_kills(shop: Shop) -> None:
    rng = random.Random(SEED)
    path = shop.place().path
    closed: set[str] = set()
    waiting = 0
    for kill in range(KILLS):
        with run_till(shop) as till:
            sign_in_to_what_was(till, waiting)
            end = time.monotonic() + rng.uniform(0.05, 0.6)
            while time.monotonic() < end:
                till.send(step(rng))
                till.pump(rng.uniform(0.0, 0.03))
                closed |= set(_NUMBER.findall(till.text()))
            till.signal(signal.SIGKILL)
            till.wait_exit()
            closed |= set(_NUMBER.findall(till.text()))
            waiting = shown_lines(till)
            paying = "实收" in till.text()
        reader = Reader(path)
        stored = [f"{row.seq:07d}" for row in reader.orders() if row.state == "closed"]
        assert len(stored) == len(set(stored))
        assert closed <= set(stored), f"kill {kill}: a sale called closed is gone"
        drafts = [order for order in reader.drafts() if order.state == "open"]
        if waiting and not paying and not any(f"{n}" in till.text() for n in stored[:1]):
            kept = max((len(order.lines) for order in drafts), default=0)
            assert kept >= min(waiting, 8), f"kill {kill}: {waiting} lines shown, {kept} kept"
        reader.close()
        verdict = verify_ledger(path)
        assert verdict.ok, (kill, verdict)
    assert len(closed) > KILLS / 3, "the run sold too little to prove anything"


def sign_in_to_what_was(till: Terminal, waiting: int) -> None:
    """Sign in; whatever was open is back on the counter."""
    till.wait_for("工号")
    till.send("1001\r135790\r")
    till.wait_for(lambda t: "营业日" in t.text() or "已恢复" in t.text() or "已结" in t.text())
    if waiting:
        till.pump(0.05)


def step(rng: random.Random) -> str:
    """What a hasty cashier does next."""
    if rng.random() < 0.75:
        return f"{rng.choice(CODES)}\r"
    return "\x1b[F" + rng.choice(("\r", "200\r", "5\r\r"))
