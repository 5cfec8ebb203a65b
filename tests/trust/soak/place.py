"""What is around the till of a soak, and what goes wrong: in 200 sales each fault once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path

from bench.shop import code_of, name_of
from pos.store.faults import ROOM_TO_CLOSE
from tests.pty.providers import Provider
from tests.shop import Shop
from tests.staged import ProductRow
from tests.sync.office import Office, enrol_till
from tests.sync.process import Process
from tests.sync.proxy import Proxy
from tests.till.wallets import config_changes
from tests.trust.soak.printer import Printer
from tests.trust.soak.till import HELD

PRODUCTS = 500
CYCLE = 200
"""Sales in which every fault comes once."""
CLOCK_OFF = range(140, 170)
"""Sales of a cycle in which no wallet is used: their answers would be of another time."""


def price(n: int) -> int:
    """Fen of a product."""
    return 100 + 7 * n % 900


def goods() -> list[ProductRow]:
    """Products with names unlike each other."""
    return [
        ProductRow(f"{n:06d}", name_of(n), "件", price(n), 1300, (code_of(n),))
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

    off: float = 0.0
    room: float = inf

    def jump(self, seconds: float) -> None:
        """The till's wall clock is so far off from now on."""
        self.off = seconds
        self._set()

    def leave(self, room: float = inf) -> None:
        """So many bytes are free for the till from now on, or all that there are."""
        self.room = room
        self._set()

    def _set(self) -> None:
        with self.clock.open("r+b") as file:
            file.write(HELD.pack(self.off, self.room))


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
        clock.write_bytes(HELD.pack(0.0, inf))
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
        185: lambda: at.leave(ROOM_TO_CLOSE - 1),
    }
