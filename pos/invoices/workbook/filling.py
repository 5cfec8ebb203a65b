"""Documents into copies of the template, and each copy read back before it counts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from pos.invoices.document import Document
from pos.invoices.settings import InvoiceSettings
from pos.invoices.workbook import template as templates
from pos.invoices.workbook.rows import Filled, Row, batches, check, fill
from pos.invoices.workbook.template import Sheet, Template, inventory, open_book, open_rows
from pos.refusal import Refused


class File(msgspec.Struct, frozen=True):
    """One workbook that was written: its name, the invoices in it, and its rows."""

    name: str
    invoices: tuple[str, ...]
    details: int


class Report(msgspec.Struct, frozen=True):
    """What was written; `version` is the template's own."""

    version: str
    files: tuple[File, ...]


def export(
    documents: Sequence[Document],
    settings: InvoiceSettings,
    source: Path,
    folder: Path,
    stem: str,
    progress: Callable[[int, int], bool],
) -> Report:
    """Write `documents` to `folder` as STEM-1.xlsx and so on; all of them or none.

    Raises Refused: template_missing, template_damaged, template_header, template_filled,
    template_column, template_long, template_choice, template_readback, file_unwritable,
    invoice_stopped, invoice_none.
    """
    if not documents:
        raise Refused("invoice_none")
    book = open_book(source)
    told = templates.read(book, source)
    filled = [fill(document, settings, told.basic) for document in documents]
    for one in filled:
        check(one.basic, told.basic.columns, told.basic.title)
        for row in one.details:
            check(row, told.detail.columns, told.detail.title)
    parts = batches(filled, told.basic)
    kept: list[tuple[Path, Path]] = []
    files = []
    try:
        for n, part in enumerate(parts, 1):
            if progress(sum(len(p) for p in parts[: n - 1]), len(filled)):
                raise Refused("invoice_stopped")
            name = f"{stem}-{n}.xlsx"
            aside = folder / f".{name}.{os.getpid()}"
            kept.append((aside, folder / name))
            _write(book, told, part, aside)
            _check_written(aside, told, part, source)
            details = sum(len(one.details) for one in part)
            files.append(File(name, tuple(one.invoice_no for one in part), details))
        progress(len(filled), len(filled))
        for aside, target in kept:
            aside.replace(target)
    except OSError as error:
        raise Refused("file_unwritable", path=folder, why=error.strerror or error) from None
    finally:
        for aside, _ in kept:
            aside.unlink(missing_ok=True)
    return Report(told.version, tuple(files))


def _write(book: Any, told: Template, part: Sequence[Filled], target: Path) -> None:
    """Fill, save, and empty again for the next file: opening costs more than filling."""
    touched = [
        *_put(book[told.basic.title], told.basic, [one.basic for one in part]),
        *_put(book[told.detail.title], told.detail, [row for one in part for row in one.details]),
    ]
    book.save(target)
    for cell, form in touched:
        cell.value = None
        cell.number_format = form


def _put(sheet: Any, told: Sheet, rows: Sequence[Row]) -> Iterator[tuple[Any, str]]:
    """Fill rows; the cells that were, each with the number format it had."""
    for line, row in enumerate(rows, told.first):
        for header, text in row.items():
            cell = sheet.cell(line, told.columns[header].index)
            yield cell, cell.number_format
            cell.value = text
            # after the value: openpyxl would take what begins with = for a formula
            cell.data_type = "s"
            cell.number_format = "@"


def _check_written(path: Path, told: Template, part: Sequence[Filled], source: Path) -> None:
    """Refused("template_readback") unless the file says what it should and lost nothing."""
    if inventory(path) != inventory(source):
        raise Refused("template_readback", path=source.name, sheet=told.basic.title)
    with path.open("rb") as file:
        book = open_rows(file)
        try:
            for sheet, rows in (
                (told.basic, [one.basic for one in part]),
                (told.detail, [row for one in part for row in one.details]),
            ):
                if read_rows(book[sheet.title], sheet) != rows:
                    raise Refused("template_readback", path=source.name, sheet=sheet.title)
        finally:
            book.close()


def read_rows(sheet: Any, told: Sheet) -> list[Row]:
    """The rows of a filled sheet, by header."""
    places = sorted((column.index, header) for header, column in told.columns.items())
    serial = told.columns[templates.SERIAL].index
    rows = []
    for cells in sheet.iter_rows(min_row=told.first, values_only=True):
        if len(cells) < serial or cells[serial - 1] in (None, ""):
            break
        texts = ((header, cells[index - 1]) for index, header in places if index <= len(cells))
        rows.append({header: str(value) for header, value in texts if value not in (None, "")})
    return rows
