"""The rows that stayed out, as a file to be put right in a spreadsheet and imported again."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from pos.goods.importing.guard import guard_as_text
from pos.goods.importing.report import Report
from pos.refusal import Refused
from pos.text import harmless
from pos.words.goods import GoodsWords, say


def write_rejects(report: Report, path: Path, words: GoodsWords) -> None:
    """The rejected rows as CSV (UTF-8 with a byte order mark, so that Excel reads it).

    Each row has its line, all that is wrong with it and then its own cells under their headers,
    so the file can be corrected and imported as it is. No cell runs as a formula.
    Refused("file_unwritable").
    """
    headers = [name for name, _ in report.mapping]
    write_csv(path, (words.line, words.reason, *headers), _rows(report, words))


def _rows(report: Report, words: GoodsWords) -> Iterable[Sequence[str]]:
    for line, faults in groupby(report.rejects, key=lambda reject: reject.line):
        found = list(faults)
        reasons = [
            words.in_column.format(column=fault.column, why=say(words, fault.code, fault.values))
            if fault.column
            else say(words, fault.code, fault.values)
            for fault in found
        ]
        yield (str(line), words.between.join(reasons), *found[0].cells)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A CSV file that is there whole or not at all. Refused("file_unwritable")."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            with unfinished.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(map(_cell, header))
                writer.writerows(map(_cell, row) for row in rows)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise Refused("file_unwritable", path=path, why=error.strerror or error) from error


def _cell(text: str) -> str:
    return guard_as_text(harmless(text))
