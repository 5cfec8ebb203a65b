"""How long from the command to the first paint and the first scanned line."""

from __future__ import annotations

import subprocess
import sys
import time

from bench.figures import Result
from bench.shop import PRODUCTS, WHO, code_of, grow_old, name_of, shop, till
from tests.shop import PIN, Shop


def run(quick: bool, _full: bool) -> Result:
    """Start the till again and again; then on a ledger of 300,000 orders."""
    samples, orders = (3, 10_000) if quick else (12, 300_000)
    result = Result("start", samples)
    with shop(5000 if quick else PRODUCTS) as place:
        floor = _floor(samples)
        _start(place)  # byte code and file caches, as on any day but the first
        paints, scans = zip(*(_start(place) for _ in range(samples)), strict=True)
        result.add("first_paint", paints, floor)
        result.add("first_scan", scans, floor)
        grow_old(place, orders)
        aged = [_start(place)[1] for _ in range(samples)]
        result.add("first_scan_aged", aged, floor)
        result.counts["orders_aged"] = orders
    return result


def _start(place: Shop) -> tuple[float, float]:
    with till(place) as terminal:
        painted = terminal.wait_for("工号") - terminal.started
        terminal.send(f"{WHO}\r{PIN[WHO]}\r{code_of(7)}\r")
        shown = terminal.wait_for(name_of(7)) - terminal.started
        terminal.send("\x1b[3~")
        terminal.wait_for("已删")
        terminal.send("\x1b[24~")
        terminal.wait_for("日结")
        terminal.send("\x1b[24~")
        terminal.wait_for("工号")
        terminal.send("\x11")
        terminal.wait_exit()
    return painted, shown


def _floor(samples: int) -> list[float]:
    times = []
    for _ in range(samples):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        times.append(time.perf_counter() - start)
    return times
