"""Tables as files for a spreadsheet: CSV and XLSX, in which no cell runs as a formula.

Text that begins like a formula gets an apostrophe (OWASP, "CSV Injection"); text that a
spreadsheet would take for a number or a date gets a tab behind it. Amounts are written by us and
stay numbers, so that they can be added up there.
"""

from __future__ import annotations

import csv
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from pos.refusal import Refused
from pos.reports.tables import Cell, Kind, Table, say
from pos.text import clean, guarded

_NUMBERLIKE = re.compile(r"[0-9][0-9.,:/\- eE+%]*|[0-9年月日]+", re.ASCII)
_MOST_ROWS = 1_048_575
_SCALE: dict[Kind, tuple[int, str]] = {
    "fen": (2, "0.00"),
    "milli": (3, "0.###"),
    "count": (0, "0"),
    "rate": (4, "0.##%"),
}


def write(table: Table, path: Path) -> None:
    """Write a table as CSV or XLSX by the file's suffix; it is there whole or not at all.

    Refused: file_suffix, file_unwritable, too_many_rows.
    """
    writer = {".csv": _write_csv, ".xlsx": _write_workbook}.get(path.suffix.lower())
    if writer is None:
        raise Refused("file_suffix", path=path)
    if len(table.rows) > _MOST_ROWS:
        raise Refused("too_many_rows", path=path.name, most=_MOST_ROWS)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            writer(table, unfinished)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise Refused("file_unwritable", path=path, why=error.strerror or error) from error


def safe(cell: Cell, kind: Kind) -> str:
    """A cell of a CSV file that no spreadsheet runs or spoils."""
    if not isinstance(cell, str):
        return say(cell, kind)
    text = clean(cell, 1000)
    if _NUMBERLIKE.fullmatch(text):
        return text + "\t"
    return guarded(text)


def _write_csv(table: Table, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([safe(column.name, "text") for column in table.columns])
        for row in table.rows:
            pairs = zip(row, table.columns, strict=True)
            writer.writerow([safe(cell, column.kind) for cell, column in pairs])


def _write_workbook(table: Table, path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("report")
    sheet.freeze_panes = "A2"

    def cell_of(cell: Cell, kind: Kind) -> Any:
        if cell is None or cell == "":
            return None
        if isinstance(cell, int) and kind in _SCALE:
            places, form = _SCALE[kind]
            number: Any = Decimal(cell).scaleb(-places)
            made = WriteOnlyCell(sheet, number)
            made.number_format = form
            return made
        made = WriteOnlyCell(sheet, clean(str(cell), 1000))
        # after the value: openpyxl would take what begins with = for a formula
        made.data_type = "s"
        made.number_format = "@"
        return made

    try:
        sheet.append([cell_of(column.name, "text") for column in table.columns])
        for row in table.rows:
            pairs = zip(row, table.columns, strict=True)
            sheet.append([cell_of(cell, column.kind) for cell, column in pairs])
        book.save(path)
    finally:
        # a sheet that was never saved is still being written to
        if not sheet.closed:
            sheet.close()
        book.close()
