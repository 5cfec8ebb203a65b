"""No text acts on a printer or a page: every slip, each of its texts hostile, printed and read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace as with_settings
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pos import slips
from pos.config import Config, Receipt, default_text, load
from pos.config import Shop as ShopSettings
from pos.devices import Printer
from pos.hardware import receipt as printing
from pos.hardware.receipt import receipt_bytes
from pos.hardware.shelf_labels import TEMPLATES, ShelfLabel, label_bytes
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
from tests.trust import SIZE
from tests.trust.corpus import HOSTILE, filled, obeyed, taken

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


PARTS = {"head", "lines", "figures", "closing"}
"""Templates that are nothing by themselves."""


def test_every_slip_is_tried() -> None:
    found = receipts.shipped_templates()
    included = {part for text in found.values() for part in re.findall(r'include "(.+?)"', text)}
    assert {name.removesuffix(".receipt") for name in found} == set(SLIPS) | PARTS
    assert {f"{part}.receipt" for part in PARTS} <= included


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


@pytest.mark.parametrize("kind", sorted(SLIPS))
def test_no_text_acts_on_a_printer_or_a_page(tmp_path: Path, kind: str) -> None:
    for make in SLIPS[kind]:
        ours: set[tuple[str, str]] = set()
        for text in ("水", "🏳"):
            harmless = laid_out(tmp_path, kind, make, text, 48)
            ours |= Tags(receipts.made(harmless, "html")).found
        texts = taken(sorted(SLIPS).index(kind), len(SLIPS))
        for number, (name, text) in enumerate(texts.items()):
            chosen = PRINTERS if SIZE.name != "test" else PRINTERS[number % 3 :][:1]
            for printer in chosen:
                layout = laid_out(tmp_path, kind, make, text[:800], printer.width)
                judge(receipt_bytes(layout, printer, copies=1).data, name, printer)
            judge_page(layout, ours, name)


def judge(data: bytes, name: str, printer: Printer = PRINTERS[0]) -> None:
    """One piece of paper, nothing kicked, nothing beeped, no command that is not whole."""
    charset = "gbk" if printer.encoding == "gbk" else "gb18030"
    printed = interpret(data, Model.of_width(printer.paper_mm, charset=charset))
    assert len(printed) == 1, name
    [paper] = printed
    assert (paper.kicks, paper.beeps) == ((), 0), name
    assert not [fault for fault in paper.faults if fault.code not in CODES], (name, paper.faults)
    assert not obeyed("".join(paper.lines)), name


CODES = frozenset({"code128-data", "overflow"})


def judge_page(layout: Layout, ours: set[tuple[str, str]], name: str) -> None:
    """No tag and no attribute that a harmless slip has not; nothing that steers the eye."""
    page = receipts.made(layout, "html")
    assert Tags(page).found <= ours, (name, Tags(page).found - ours)
    for form in receipts.FORMS:
        found = obeyed(receipts.made(layout, form), "\n")
        assert not found, (name, form, found[:3])


def test_with_bytes_let_through_the_same_test_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a library does it that writes text as it comes."""
    from pos.hardware.encoding import Encoded

    def through(text: str, charset: str = "gb18030") -> Encoded:
        return Encoded(text.encode("gb18030", "replace"))

    monkeypatch.setattr(printing, "encode", through)
    layout = laid_out(tmp_path, "sale", SLIPS["sale"][0], "水", 48)
    rows = tuple(with_escape(row) for row in layout.rows)
    data = receipt_bytes(replace(layout, rows=rows), PRINTERS[0], copies=1).data
    with pytest.raises(AssertionError):
        judge(data, "escpos")


def with_escape(row: Any) -> Any:
    """A row whose pieces hold a command, as if nothing had cleaned it."""
    pieces = getattr(row, "pieces", None)
    if not pieces:
        return row
    return replace(row, pieces=tuple(replace(p, text=HOSTILE["escpos"]) for p in pieces))


def test_a_label_is_one_label_whatever_its_goods_are_called() -> None:
    for template in TEMPLATES.values():
        harmless = shape(label_bytes([filled(ShelfLabel, "水")], template).data)
        for name, text in HOSTILE.items():
            data = label_bytes([filled(ShelfLabel, text[:300])], template).data
            assert len(shape(data)) <= len(harmless) + 2, name
            assert {line.split(b" ")[0] for line in shape(data)} <= {
                line.split(b" ")[0] for line in harmless
            } | {b"TEXT", b"BARCODE"}, name
            assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", data), name


def shape(data: bytes) -> list[bytes]:
    """The commands of a label, a line each."""
    return [line for line in data.split(b"\r\n") if line]
