"""`kill -9` at random moments of sales driven in a terminal: nothing lost, doubled or half.

6 kills in `make test`, 20 with POS_TRUST=ci, 200 with POS_TRUST=full.
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
from tests.conftest import Record
from tests.pty.conftest import run_till
from tests.shop import BAG, MILK, SMOKE, WATER, Shop

KILLS = {"full": 200, "ci": 20}.get(os.environ.get("POS_TRUST", ""), 6)
SEED = 20_260_302
CODES = (WATER, MILK, SMOKE, BAG)
_ROW = re.compile(r"^[> ]\s+\d+ (\S+)\s+(\d+)\s+[\d.]+\s+[\d.]+$")
_NUMBER = re.compile(r"00010101(\d{7})")


Shown = list[tuple[str, int]]


def shown_lines(terminal: Terminal) -> Shown:
    """Names and quantities of the order lines on the sale screen; empty on any other."""
    if not terminal.find("件数"):
        return []
    found = (_ROW.match(row) for row in terminal.lines())
    return [(match[1], int(match[2])) for match in found if match]


def holds(stored: Shown, shown: Shown) -> bool:
    """Whether all that was shown is stored, in its order and at least as many of each.

    What is on disk may be one step ahead of the screen, never behind it.
    """
    for start in range(len(stored) - len(shown) + 1):
        pairs = zip(stored[start:], shown, strict=False)
        if all(a[0] == b[0] and a[1] >= b[1] for a, b in pairs):
            return True
    return False


def on_disk(reader: Reader) -> list[Shown]:
    """The lines of each open order and of the order that ended last."""
    found = [
        [(line.product.name, line.milli // 1000) for line in order.lines]
        for order in reader.drafts()
    ]
    for row in reader.orders()[:1]:
        lines = reader.order_lines(row.order_id)
        found.append([(line["name"], line["milli"] // 1000) for line in lines])
    return found


def test_random_kills(shop: Shop, record: Record) -> None:
    rng = random.Random(SEED)
    path = shop.place().path
    closed: set[str] = set()
    waiting: Shown = []
    lines_seen = 0
    for kill in range(KILLS):
        with run_till(shop) as till:
            sign_in(till)
            back = shown_lines(till)
            assert not waiting or not back or holds(back, waiting), f"kill {kill}: not back"
            end = time.monotonic() + rng.uniform(0.05, 0.6)
            while time.monotonic() < end:
                till.send(step(rng))
                till.pump(rng.uniform(0.0, 0.03))
                closed |= set(_NUMBER.findall(till.text()))
            till.signal(signal.SIGKILL)
            till.wait_exit()
            closed |= set(_NUMBER.findall(till.text()))
            waiting = shown_lines(till)
            lines_seen += len(waiting)
        reader = Reader(path)
        rows = reader.rows("SELECT seq FROM orders WHERE state = 'closed'")
        stored = [f"{row['seq']:07d}" for row in rows]
        assert len(stored) == len(set(stored))
        assert closed <= set(stored), f"kill {kill}: a sale called closed is gone"
        kept = on_disk(reader)
        assert not waiting or any(holds(x, waiting) for x in kept), f"kill {kill}: {waiting}"
        reader.close()
        verdict = verify_ledger(path)
        assert verdict.ok, (kill, verdict)
    assert len(closed) > KILLS / 3, "the run sold too little to prove anything"
    assert lines_seen > KILLS, "the run showed too few open lines to prove anything"
    record({"kills": KILLS, "sales": len(closed), "lines": lines_seen, "seed": SEED})


def sign_in(till: Terminal) -> None:
    """Sign in; whatever was open is back on the counter."""
    till.wait_for("工号")
    till.send("1001\r135790\r")
    till.wait_for(re.compile("营业日|已恢复|已结"))


def step(rng: random.Random) -> str:
    """What a hasty cashier does next."""
    if rng.random() < 0.75:
        return f"{rng.choice(CODES)}\r"
    return "\x1b[F" + rng.choice(("\r", "200\r", "5\r\r"))
