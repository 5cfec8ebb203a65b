"""One till works for as long as it is told while faults come and go; it is a real one, in a terminal.

Beside it, each a process: head office behind a line with faults, a wallet behind another, a printer.
In every 200 sales each fault comes once and goes again. What the cashier saw is kept and compared
with the ledger, head office, the wallet and the paper at the end.
"""

from __future__ import annotations

import random
import re
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.shop import code_of, name_of
from bench.terminal import Terminal
from pos.simulators.wallets import SCRIPTS, code_for
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.pty.providers import Provider
from tests.shop import PIN, Shop
from tests.staged import ProductRow
from tests.sync.office import Office, enrol_till
from tests.sync.process import Process
from tests.sync.proxy import Proxy
from tests.till.wallets import config_changes
from tests.trust.printing import Printer
from tests.trust.steady import Sample, sample

PRODUCTS = 500
CYCLE = 200
EVERY = 20
"""Sales between two samples."""
PAID = next(script for script in SCRIPTS if script.name == "paid")
F3, F6, END, DELETE_ALL = "\x1bOR", "\x1b[17~", "\x1b[F", "\x1b[3;5~"


def goods() -> list[ProductRow]:
    """Products with names unlike each other."""
    return [
        ProductRow(f"{n:06d}", name_of(n), "件", 100 + 7 * n % 900, 1300, (code_of(n),))
        for n in range(1, PRODUCTS + 1)
    ]


@dataclass
class Place:
    """A shop and all that is around its till."""

    shop: Shop
    clock: Path
    printer: Printer
    office: Process
    line: Proxy
    wallet: Provider
    wallet_line: Proxy

    def jump(self, seconds: float) -> None:
        """The till's wall clock is so far off from now on."""
        with self.clock.open("r+b") as file:
            file.write(struct.pack("d", seconds))


@contextmanager
def place(folder: Path) -> Iterator[Place]:
    """Everything set up and running but the till."""
    with ExitStack() as stack:
        printer = Printer()
        stack.callback(printer.stop)
        made = {}
        for channel in ("wechat", "alipay"):
            keys = folder / channel
            keys.mkdir()
            made[channel] = Provider(channel, keys)
            stack.callback(made[channel].stop)
        wallet = made["wechat"]
        wallet_line = Proxy(int(wallet.url.rpartition(":")[2]), 1, ("pass",))
        stack.callback(wallet_line.stop)
        files = {name: one.files for name, one in made.items()}
        changes = config_changes(files, {name: one.url for name, one in made.items()}, 5.0)
        changes["[drawer]\n"] = (
            '[printers.receipt]\nconnection = "network"\nhost = "127.0.0.1"\n'
            f"port = {printer.port}\njob_seconds = 2\nanswer_ms = 200\n\n[drawer]\n"
        )
        office = Office(folder / "headoffice")
        line = Proxy(office.port, 2, ("pass",))
        stack.callback(line.stop)
        side = enrol_till(folder / "shop", office, url=line.url, extra=changes, goods=goods())
        side.close()
        office.stop()
        text = side.shop.config_file.read_text("utf-8")
        text = text.replace(made["wechat"].url, wallet_line.url)
        side.shop.config_file.write_text(text, "utf-8")
        process = Process(folder / "headoffice", office.port, nice=5)
        process.start()
        stack.callback(process.kill)
        clock = folder / "clock"
        clock.write_bytes(struct.pack("d", 0.0))
        yield Place(side.shop, clock, printer, process, line, wallet, wallet_line)


def faults(at: Place) -> dict[int, Callable[[], None]]:
    """What happens at which sale of each 200."""
    return {
        20: lambda: at.printer.becomes("no-paper"),
        40: lambda: at.printer.becomes(),
        50: lambda: at.printer.becomes("never-read"),
        65: lambda: at.printer.becomes(),
        80: lambda: setattr(at.line, "faults", ("500", "hole", "reset", "truncated")),
        100: lambda: setattr(at.line, "faults", ("pass",)),
        110: at.office.kill,
        130: at.office.start,
        140: lambda: at.jump(3000),
        150: lambda: at.jump(-1200),
        160: lambda: at.jump(0),
        170: lambda: setattr(at.wallet_line, "faults", ("reset",)),
        171: lambda: setattr(at.wallet_line, "faults", ("pass",)),
    }


WALLET_DOWN = 170


@dataclass
class Cashier:
    """Sells, and remembers what the screen said."""

    at: Place
    terminal: Terminal
    rng: random.Random
    sold: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Total and way of each number that was shown as closed."""
    scans: list[float] = field(default_factory=list)
    closes: list[float] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    _last: frozenset[int] = frozenset()

    def sign_in(self) -> None:
        self.terminal.wait_for("工号", 30)
        self.terminal.send(f"1001\r{PIN['1001']}\r")
        self.terminal.wait_for("营业日")

    def work(self, sales: int, progress: Callable[[str], None] = lambda _: None) -> None:
        """So many sales, with everything that goes wrong meanwhile."""
        happens = faults(self.at)
        begun = time.monotonic()
        for n in range(1, sales + 1):
            at = n % CYCLE
            if at in happens:
                happens[at]()
            self.sell(at)
            if n % EVERY == 0:
                self.look(n)
            if n % CYCLE == 0:
                progress(f"{n} sales in {time.monotonic() - begun:.0f} s: {self.samples[-1]}")

    def sell(self, at: int) -> None:
        """One customer: scans, sometimes put aside and taken up again, then paid."""
        total = self._scan()
        if at % 17 == 3:
            self._hold_and_recall(total)
        self.terminal.send(END)
        self.terminal.wait_for("待收")
        number = f"00010101{len(self.sold) + 1:07d}"
        wallet = at % 10 == 0 and not 140 <= at < 165
        if wallet:
            code = code_for(PAID, "wechat", len(self.sold) + 1)
            sent = self.terminal.send(f"{code}\r")
            if at == WALLET_DOWN:
                self._wallet_comes_back()
            shown = self.terminal.wait_for(number, 60)
        else:
            sent = self.terminal.send("\r")
            shown = self.terminal.wait_for(number, 30)
            self.closes.append(shown - sent)
        self.sold[number] = total, "wechat" if wallet else "cash"

    def _scan(self) -> int:
        wanted = self.rng.sample([n for n in range(1, PRODUCTS + 1) if n not in self._last], 4)
        wanted = wanted[: self.rng.randrange(1, 5)]
        self._last = frozenset(wanted)
        for n in wanted:
            sent = self.terminal.send(f"{code_of(n)}\r")
            self.scans.append(self.terminal.wait_for(name_of(n)) - sent)
        return sum(100 + 7 * n % 900 for n in wanted)

    def _hold_and_recall(self, total: int) -> None:
        self.terminal.send(F6)
        self.terminal.wait_for("已挂单")
        self.terminal.send(F6)
        self.terminal.wait_for(f"{total / 100:.2f}")

    def _wallet_comes_back(self) -> None:
        self.terminal.wait_for("结果不明", 30)
        self.at.wallet_line.faults = ("pass",)
        self.terminal.send(F3)

    def look(self, sales: int) -> None:
        """Sample what the till holds."""
        ledger = self.at.shop.place().path
        log = ledger.with_name("pos.log")
        self.samples.append(sample(self.terminal.pid, sales, log, ledger))


def soak(
    folder: Path, sales: int, *, seed: int, plant: str = "none", progress: Callable[[str], None]
) -> tuple[Place, Cashier]:
    """Run it whole."""
    with place(folder) as at:
        env = {"POS_CONFIG": str(at.shop.config_file), "HOME": str(at.shop.folder)}
        argv = [sys.executable, "-m", "tests.trust.soaked", str(at.clock), plant, "run"]
        with Terminal(argv, env=env) as terminal:
            cashier = Cashier(at, terminal, random.Random(seed))
            cashier.sign_in()
            cashier.work(sales, progress)
    return at, cashier


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="guitai-soak-") as name:
        soak(Path(name), int(sys.argv[1]), seed=1, plant=sys.argv[2], progress=print)
