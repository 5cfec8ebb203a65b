"""Every export, each of its texts hostile, read back as a spreadsheet or a ledger does."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import get_args

from openpyxl import load_workbook

from pos.books.exporting import Format
from pos.books.exporting import export as export_vouchers
from pos.books.voucher import Voucher
from pos.goods import exporting
from pos.goods.importing import rejects
from pos.goods.importing.fields import STAGED
from pos.invoices.building import Order, documents
from pos.invoices.document import Buyer
from pos.invoices.workbook.filling import export as fill_workbook
from pos.invoices.workbook.rows import LIMITS
from pos.refusal import Refused
from pos.reports import files
from pos.reports.tables import Column, Kind, Table
from pos.store.bills import DifferenceRow
from pos.till import differences
from tests.invoices.orders import AT, CODES, sold
from tests.invoices.template import make
from tests.invoices.test_workbook import SETTINGS
from tests.trust.corpus import FORMULA, filled, obeyed
from tests.trust.outcome import Outcome
from tests.trust.texts import add

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?%?")
Write = Callable[[Path, str], Iterator[Path]]


def _reports(folder: Path, text: str) -> Iterator[Path]:
    kinds: tuple[Kind, ...] = get_args(Kind)
    columns = tuple(Column(text, kind) for kind in kinds)
    table = Table(text, columns, ((text,) * len(kinds), tuple(range(-2, len(kinds) - 2))), 0, 1)
    for suffix in ("csv", "xlsx"):
        path = folder / f"report.{suffix}"
        files.write(table, path)
        yield path


def _vouchers(folder: Path, text: str) -> Iterator[Path]:
    known = {"date": "2026-03-02", "code": "1001", "digits": "1001", "number": 7}
    voucher = filled(Voucher, text, known)
    for form in get_args(Format):
        path = folder / f"voucher.{form}"
        path.write_bytes(export_vouchers([voucher], form, text))
        yield path


def _catalog(folder: Path, text: str) -> Iterator[Path]:
    row: Mapping[str, object] = dict.fromkeys(STAGED.values(), text) | {
        key: 1 for key in STAGED.values() if key.rpartition("_")[2] in ("fen", "bp", "milli")
    }
    for suffix in ("csv", "xlsx"):
        path = folder / f"catalog.{suffix}"
        exporting.export([{**row, "codes": ((text, 1, None), (text, 12, 100))}], path, "zh")
        yield path


def _rejects(folder: Path, text: str) -> Iterator[Path]:
    path = folder / "rejects.csv"
    rejects.write_csv(path, (text, text), [(text, text)])
    yield path


def _differences(folder: Path, text: str) -> Iterator[Path]:
    path = folder / "differences.csv"
    differences.write_csv(path, [filled(DifferenceRow, text)])
    yield path


def _workbook(folder: Path, text: str) -> Iterator[Path]:
    source = make(folder / "t.xlsx")
    try:
        lines = (sold(1, text, 1000, 990, 880),)
        buyer = Buyer(text, tax_id="91440300708461136T")
        order = Order("000101010000001", lines)
        found = documents(order, "normal", buyer, CODES, LIMITS, 1, AT)
        report = fill_workbook(found, SETTINGS, source, folder, "发票", lambda done, total: False)
    except Refused:
        return
    yield from (folder / file.name for file in report.files)


EXPORTS: dict[str, Write | None] = {
    "report sales": _reports,
    "report tax": _reports,
    "report stock": _reports,
    "report audit": _reports,
    "voucher export": _vouchers,
    "catalog export": _catalog,
    "catalog import": _rejects,
    "payment reconcile": _differences,
    "invoice export": _workbook,
    # bytes for a printer: test_text_paper; JSON of the ledger, which holds no such text: the doors
    "catalog labels": None,
    "journal export": None,
}
"""Every verb that writes a file somebody opens, and what writes it."""

WRITERS = {one.__name__.strip("_"): one for one in EXPORTS.values() if one}


def look(folder: Path, texts: Mapping[str, str], names: Sequence[str] = tuple(WRITERS)) -> Outcome:
    """Each text in the files of each export."""
    outcome = Outcome()
    for name in names:
        for case, text in texts.items():
            add(outcome, f"{name} {case}", _found(WRITERS[name], folder, text))
    return outcome


def _found(write: Write, folder: Path, text: str) -> Iterator[str]:
    for path in write(folder, text):
        yield from (f"{path.name}: {one}" for one in live(path))


def live(path: Path) -> Iterator[str]:
    """What would run, or steer somebody's terminal, in a file."""
    data = path.read_bytes()
    match path.suffix:
        case ".xlsx":
            yield from _sheet(path)
        case ".csv":
            for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
                yield from (cell for cell in row if runs(cell) or obeyed(cell, "\t\n"))
        case ".kis":
            yield from obeyed(_dbase(data))
        case _:
            encoding = "gbk" if path.suffix == ".u8" else "utf-8"
            text = data.decode(encoding)
            yield from obeyed(text, "\r\n")
            lines = text.splitlines()
            if path.suffix == ".u8":
                yield from (line for line in lines[1:] if line.count(",") != 47)
            else:
                yield from (line for line in lines if not re.match(r"[0-9 ]|option|$", line))


def runs(cell: str) -> bool:
    """Whether a spreadsheet takes a cell for a formula."""
    return bool(FORMULA.match(cell)) and not NUMBER.fullmatch(cell)


def _sheet(path: Path) -> Iterator[str]:
    book = load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" or obeyed(str(cell.value or ""), "\n\t"):
                    yield f"{cell.coordinate} {cell.value!r}"
    book.close()
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if b"<f>" in archive.read(part):
                yield part


def _dbase(data: bytes) -> str:
    """The text of a dBASE table's rows."""
    start = int.from_bytes(data[8:10], "little")
    return data[start:].rstrip(b"\x1a").decode("gbk")
