"""Somebody at the till of a soak: sells without end, and remembers what the screen said."""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from bench.scan import ECHO
from bench.shop import code_of, name_of
from bench.terminal import Terminal
from pos.simulators.wallets import SCRIPTS, code_for
from tests.shop import PIN
from tests.trust.soak.judge import Sample, sample
from tests.trust.soak.place import CLOCK_OFF, CYCLE, PRODUCTS, Place, faults, price

EVERY = 10
"""Sales between two samples."""
FLOORS = 3
_ONE_HELD = re.compile(r"挂单 +1\b")
PAID = next(script for script in SCRIPTS if script.name == "paid")
F3, F6, F12, END, QUIT = "\x1bOR", "\x1b[17~", "\x1b[24~", "\x1b[F", "\x11"


def open_till(at: Place, plant: str = "none") -> Terminal:
    """The till in a terminal, with what is planted in it."""
    env = {"POS_CONFIG": str(at.shop.config_file), "HOME": str(at.shop.folder)}
    argv = [sys.executable, "-m", "tests.trust.soak.till", str(at.clock), plant, "run"]
    return Terminal(argv, env=env, cwd=Path(__file__).parents[3])


def open_echo() -> Terminal:
    """The least that a program in a terminal can do: the floor."""
    return Terminal([sys.executable, "-c", ECHO])


@dataclass
class Cashier:
    """`sold`: total in fen and way of each number that the screen called closed."""

    at: Place
    terminal: Terminal
    echo: Terminal
    rng: random.Random
    sold: dict[str, tuple[int, str]] = field(default_factory=dict)
    scans: list[float] = field(default_factory=list)
    closes: list[float] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    refused: int = 0
    """How often a full disk was told before money was asked for."""
    floors: list[float] = field(default_factory=list)
    """How long a program takes to answer that does nothing but echo, beside the samples."""
    _last: frozenset[int] = frozenset()

    def come(self) -> None:
        """Sign in."""
        self.echo.wait_for("READY")
        self.terminal.wait_for("工号", 30)
        self.terminal.send(f"1001\r{PIN['1001']}\r")
        self.terminal.wait_for("营业日")

    def go(self) -> None:
        """Sign out."""
        self.terminal.send(F12)
        self.terminal.wait_for("历次结单")
        self.terminal.send(F12)
        self.terminal.wait_for("输工号")

    def switch_off(self) -> None:
        """The till ends."""
        self.terminal.send(QUIT)
        assert self.terminal.wait_exit(30) == 0

    def work(self, sales: int, seconds: float, progress: Callable[[str], None]) -> None:
        """So many sales, or as many as there is time for, with all that goes wrong meanwhile."""
        happens, begun = faults(self.at), time.monotonic()
        for n in range(1, sales + 1):
            if time.monotonic() > begun + seconds:
                return
            at = n % CYCLE
            if at in happens:
                happens[at]()
            self.sell(at)
            if n % EVERY == 0:
                self.look(n)
            if n % CYCLE == 0:
                progress(f"{n} sales, {time.monotonic() - begun:.0f} s, {self.samples[-1]}")

    def sell(self, at: int) -> None:
        """One customer: scans, sometimes put aside and taken up again, then paid."""
        total = self._scan()
        if at % 17 == 3:
            self._hold_and_recall(total)
        if self.at.room < inf:
            self._clear_disk()
        self.terminal.send(END)
        self.terminal.wait_for("待收")
        number = f"00010101{len(self.sold) + 1:07d}"
        way = "wechat" if at % 10 == 0 and at not in CLOCK_OFF else "cash"
        if way == "wechat":
            way = self._wallet_or_cash(number)
        else:
            sent = self.terminal.send("\r")
            self.closes.append(self.terminal.wait_for(number, 30) - sent)
        self.sold[number] = total, way

    def look(self, sales: int) -> None:
        """Sample what the till holds, and how fast this machine is at the moment."""
        for n in range(FLOORS):
            sent = self.echo.send(f"{sales}-{n}\r")
            self.floors.append(self.echo.wait_for(f"{sales}-{n} SHOWN") - sent)
        ledger = self.at.shop.place().path
        self.samples.append(sample(self.terminal.pid, sales, ledger.with_name("pos.log"), ledger))

    def _scan(self) -> int:
        free = [n for n in range(1, PRODUCTS + 1) if n not in self._last]
        wanted = self.rng.sample(free, self.rng.randrange(1, 5))
        self._last = frozenset(wanted)
        for n in wanted:
            sent = self.terminal.send(f"{code_of(n)}\r")
            self.scans.append(self.terminal.wait_for(name_of(n)) - sent)
        return sum(map(price, wanted))

    def _clear_disk(self) -> None:
        """Nobody is asked for money while the disk is full; then somebody makes room."""
        for tries in range(3):  # a message about the clock may take its place
            self.terminal.send(END)
            try:
                self.terminal.wait_for("磁盘已满", 3)
                break
            except AssertionError:
                if tries == 2:
                    raise
        assert "待收" not in self.terminal.text()
        self.refused += 1
        self.at.leave()

    def _hold_and_recall(self, total: int) -> None:
        self.terminal.send(F6)
        self.terminal.wait_for(_ONE_HELD)  # its message may give way to one about the drawer
        self.terminal.send(F6)
        self.terminal.wait_for(f"{total / 100:.2f}")

    def _wallet_or_cash(self, number: str) -> str:
        """Scan the customer's code and do what the screen says; the way that was paid at last."""
        self.terminal.send(f"{code_for(PAID, 'wechat', len(self.sold) + 1)}\r")
        until, taken = time.monotonic() + 90, time.monotonic() + 5
        while number not in (text := self.terminal.text()):
            assert time.monotonic() < until, text
            if "结果不明" in text and self.at.wallet_line.faults != ("pass",):
                self.at.wallet_line.faults = ("pass",)
                self.terminal.send(F3)
            elif "没有收钱" in text or ("收现金" in text and time.monotonic() > taken):
                return self._cash_after_all(number, asked="没有收钱" in text)
            self.terminal.pump(0.02)
        return "wechat"

    def _cash_after_all(self, number: str, *, asked: bool) -> str:
        """The wallet took no money, or was not asked: its line is slow, the clock was off."""
        if asked:
            self.terminal.send("\x1b")
            self.terminal.wait_for("收现金")
        self.terminal.send("\r")
        self.terminal.wait_for(number, 30)
        return "cash"
