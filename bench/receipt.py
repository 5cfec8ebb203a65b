"""A receipt from its record to the printer's bytes, and a sale with a good and a hung printer."""

from __future__ import annotations

import time

from msgspec.structs import replace

from bench.figures import Result
from bench.shop import code_of, shop, sign_in, till
from pos import slips
from pos.config import Settings
from pos.devices import Printer
from pos.hardware.receipt import receipt_bytes
from pos.receiptline.layout import lay_out
from pos.receiptline.parse import parse
from pos.receiptline.template import fill
from pos.record import OrderClosed
from pos.simulators.printer import PrinterServer, Trouble, VirtualPrinter
from pos.till import receipts
from pos.words import CATALOGUE
from tests.shop import Shop

LINES = 40
_AT = "2026-03-02T02:03:04.000Z"
_END = "\x1b[F"


def run(quick: bool, _full: bool) -> Result:
    """Lay out receipts of forty lines; then sell with a printer that prints, and one that hangs."""
    slips_made, sales = (50, 8) if quick else (300, 40)
    result = Result("receipt", slips_made)
    whole, made, floor = _bytes(slips_made)
    result.add("layout_and_bytes", made, floor)
    result.add("record_to_bytes", whole, floor)
    with VirtualSale() as sale:
        good = sale.run(sales, Trouble())
        result.add("close_printer_ok", good)
    with VirtualSale() as sale:
        result.add("close_printer_hung", sale.run(sales, Trouble(never_read=True)), good)
    return result


def _bytes(count: int) -> tuple[list[float], list[float], list[float]]:
    """Seconds from a record to all bytes of its receipt, and of that from the filled template on.

    The floor encodes the same text alone.
    """
    settings, words = Settings(), CATALOGUE["zh"].slips
    record = slips.example(settings, _AT)
    fact = record.fact
    assert isinstance(fact, OrderClosed)
    lines = tuple(replace(fact.lines[n % 3], line_no=n + 1) for n in range(LINES))
    record = replace(record, fact=replace(fact, lines=lines))
    others = dict(receipts.shipped_templates())
    printer = Printer()
    wholes, times, floors = [], [], []
    for _ in range(count + 3):
        start = time.perf_counter()
        data = slips.of_order(record, bytes(32), settings, words)
        document = fill(others["sale.receipt"], data, "sale.receipt", others)
        filled = time.perf_counter()
        layout = lay_out(parse(document), 48)
        made = receipt_bytes(layout, printer)
        end = time.perf_counter()
        wholes.append(end - start)
        times.append(end - filled)
        text = receipts.made(layout, "text")
        start = time.perf_counter()
        text.encode("gb18030")
        floors.append(time.perf_counter() - start)
        assert made.data
    return wholes[3:], times[3:], floors[3:]  # the first ones compile the template


class VirtualSale:
    """A till in a terminal with a printer on loopback."""

    def __enter__(self) -> VirtualSale:
        self._shop = shop(100)
        self._place = self._shop.__enter__()
        self._server = PrinterServer(VirtualPrinter())
        _use(self._place, self._server.port)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self._shop.__exit__(None, None, None)

    def run(self, sales: int, trouble: Trouble) -> list[float]:
        """Seconds from the last key of each sale until the screen calls it closed."""
        self._server.printer.set_trouble(trouble)
        times = []
        with till(self._place) as terminal:
            sign_in(terminal)
            for n in range(sales):
                terminal.send(f"{code_of(1 + n % 99)}\r")
                terminal.pump(0.1)
                terminal.send(_END)
                terminal.wait_for("实收")
                sent = terminal.send("\r")
                times.append(terminal.wait_for(f"{n + 1:07d}  找零") - sent)
        return times


def _use(place: Shop, port: int) -> None:
    section = f'[printers.receipt]\nconnection = "network"\nhost = "127.0.0.1"\nport = {port}\n\n'
    text = place.config_file.read_text("utf-8")
    place.config_file.write_text(text.replace("[drawer]\n", f"{section}[drawer]\n"), "utf-8")
