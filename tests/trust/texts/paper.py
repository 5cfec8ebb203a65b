"""Every slip, each of its texts hostile, printed and read; its page too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace as with_settings
from html.parser import HTMLParser
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pos import slips
from pos.config import Config, Receipt, default_text, load
from pos.config import Shop as ShopSettings
from pos.devices import Printer
from pos.hardware.receipt import receipt_bytes
from pos.receiptline.rows import Layout
from pos.record import (
    CashMoved,
    DayClosed,
    Figures,
    OrderClosed,
    OrderVoided,
    Record,
    ShiftClosed,
    StockCounted,
    StockMoved,
)
from pos.reports import slips as closing
from pos.reports.tables import Column, Table
from pos.simulators.printer import Model, interpret
from pos.till import receipts
from pos.words import CATALOGUE
from pos.words.reports import CATALOGUE as REPORTS
from tests.trust.corpus import filled, obeyed
from tests.trust.outcome import Outcome
from tests.trust.texts import add

AT = "2026-03-02T02:03:04.000Z"
KNOWN: dict[str, Any] = {
    "at": AT, "opened_at": AT, "closed_at": AT, "frozen_at": AT, "first_at": AT, "last_at": AT,
    "business_date": "2026-03-02", "number": "000101010000001", "shop": "0001", "till": "01",
}  # fmt: skip
WORDS, REPORT = CATALOGUE["zh"], REPORTS["zh"]


def config_of(folder: Path, text: str, columns: int) -> Config:
    """Settings in which everything that is printed is hostile."""
    file = folder / "config.toml"
    file.write_text(default_text(), "utf-8")
    config = load(file)
    shop = ShopSettings(id="0001", name=text)
    paper = filled(Receipt, text, {"columns": columns, "folder": "receipts"})
    settings = replace(config.settings, shop=shop, receipt=paper)
    return with_settings(config, settings=settings)


def record_of(kind: type, text: str, **known: Any) -> Record:
    """A record whose fact is hostile."""
    fact = filled(kind, text, KNOWN | known)
    found: Record = filled(Record, text, KNOWN | {"fact": fact})
    return found


Data = dict[str, Any]
Maker = Callable[[Config, str], Data]


def _order(kind: type, **known: Any) -> Maker:
    def make(config: Config, text: str) -> Data:
        return slips.of_order(
            record_of(kind, text, **known),
            bytes(32),
            config.settings,
            WORDS.slips,
            copy=1,
            customer=text,
            points_total=7,
            invoice_url=f"https://example.invalid/{text}",
            delivery={"name": text, "phone": text, "address": text, "note": text},
            originals={"a": text},
        )

    return make


def _stock(config: Config, text: str) -> Data:
    record = record_of(StockMoved, text)
    return slips.of_stock(record, bytes(32), config.settings, WORDS.slips, WORDS.stock)


def _count(config: Config, text: str) -> Data:
    record = record_of(StockCounted, text, counted_milli=5)
    return slips.of_stock(record, bytes(32), config.settings, WORDS.slips, WORDS.stock)


def _table(config: Config, text: str) -> Data:
    table = Table(text, (Column(text), Column(text, "fen")), ((text, 100), (text, 1)), 0, 1)
    return closing.of_table(table, text, config.settings, WORDS, AT)


def _x(config: Config, text: str) -> Data:
    figures = filled(Figures, text, KNOWN)
    return closing.of_x(figures, config.settings, WORDS, REPORT, text, AT)


def _close(kind: type, make: Callable[..., Data]) -> Maker:
    return lambda config, text: make(
        record_of(kind, text, way="cash"), bytes(32), config.settings, WORDS, REPORT
    )


SLIPS: dict[str, tuple[Maker, ...]] = {
    "sale": (_order(OrderClosed),),
    "reprint": (_order(OrderClosed),),
    "return": (_order(OrderClosed, milli=-1000),),
    "void": (_order(OrderVoided),),
    "voucher": (_order(OrderClosed),),
    "stock": (_stock, _count),
    "test": (lambda config, _: slips.of_test(config.settings, WORDS.slips, AT, 32),),
    "qr": (lambda config, t: slips.of_qr(config.settings, WORDS.slips, t, 100, t[:40], AT),),
    "x": (_x,),
    "z": (_close(DayClosed, closing.of_day),),
    "shift": (_close(ShiftClosed, closing.of_shift),),
    "cash": (_close(CashMoved, closing.of_cash),),
    "report": (_table,),
}
"""How the data of each template comes about, from facts in which every text is hostile."""


def laid_out(folder: Path, kind: str, make: Maker, text: str, columns: int) -> Layout:
    config = config_of(folder, text, columns)
    return receipts.slip(config, kind, make(config, text), columns)


class Tags(HTMLParser):
    """The tags and the names of attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, "")} | {(tag, name) for name, _ in attrs}
        for name, value in attrs:
            assert name not in ("href", "src") or not (value or "").startswith("javascript"), value


PRINTERS = (
    Printer(encoding="gb18030", qr="image"),
    Printer(encoding="gbk", paper_mm=58),
    Printer(encoding="gb18030", missing="replace", barcode="image"),
)


def faults(data: bytes, printer: Printer = PRINTERS[0]) -> Iterator[str]:
    """What is not one piece of paper with nothing kicked, nothing beeped, every command whole."""
    charset = "gbk" if printer.encoding == "gbk" else "gb18030"
    printed = interpret(data, Model.of_width(printer.paper_mm, charset=charset))
    if len(printed) != 1:
        yield f"{len(printed)} papers"
    for paper in printed:
        if paper.kicks or paper.beeps:
            yield f"kicks {paper.kicks}, beeps {paper.beeps}"
        yield from (str(fault) for fault in paper.faults if fault.code not in CODES)
        yield from obeyed("".join(paper.lines))


CODES = frozenset({"code128-data", "overflow"})


def _printed(layout: Layout, printer: Printer) -> Iterator[str]:
    yield from faults(receipt_bytes(layout, printer, copies=1).data, printer)


def page_faults(layout: Layout, ours: set[tuple[str, str]]) -> Iterator[str]:
    """Tags and attributes that a harmless slip has not, and what steers the eye."""
    yield from map(str, Tags(receipts.made(layout, "html")).found - ours)
    for form in receipts.FORMS:
        yield from obeyed(receipts.made(layout, form), "\n")


def look(
    folder: Path,
    texts: Mapping[str, str],
    kinds: Sequence[str] = tuple(SLIPS),
    every: bool = True,
) -> Outcome:
    """Each text on each slip and its page; on every printer, or on one after the other."""
    outcome, turns = Outcome(), cycle(PRINTERS)
    for kind in kinds:
        for make in SLIPS[kind]:
            ours: set[tuple[str, str]] = set()
            for harmless in ("水", "🏳"):
                page = receipts.made(laid_out(folder, kind, make, harmless, 48), "html")
                ours |= Tags(page).found
            for name, text in texts.items():
                for printer in PRINTERS if every else islice(turns, 1):
                    layout = laid_out(folder, kind, make, text[:800], printer.width)
                    add(outcome, f"{kind} {name}", _printed(layout, printer))
                add(outcome, f"{kind} page {name}", page_faults(layout, ours))
    return outcome
