"""Tables in text files: CSV with commas, tabs, semicolons or bars between the cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Literal

from pos.goods.importing.decoding import Encoding
from pos.goods.importing.fields import Header, header_of
from pos.refusal import Refused

HEADER_WITHIN = 40
"""The header stands in the first so many rows."""
_DELIMITERS = ",\t;|"
_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}

Row = tuple[int, int, Sequence[str]]
"""First line, last line, cells."""


class CsvTable:
    """A text file as rows of cells; `rows()` reads it from the start each time."""

    format: Literal["csv", "xlsx"] = "csv"
    sheet = ""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self._path = path
        self.encoding = encoding.name
        self.damaged = encoding.damaged
        self.total = encoding.lines
        self.delimiter = ","

    def find_header(self, delimiter: str, columns: Mapping[str, str]) -> Header | None:
        """The header, and with it the delimiter: the one that shows the most known headers."""
        best: Header | None = None
        wanted = delimiter_of(delimiter) if delimiter else self._told() or _DELIMITERS
        for candidate in wanted:
            sample = list(islice(self._read(candidate), HEADER_WITHIN))
            found = header_of([(line, cells) for line, _, cells in sample], columns)
            if found and (best is None or found.known > best.known):
                best, self.delimiter = found, candidate
        return best

    def head(self) -> str:
        """The first line that is not blank, to show a person what was read."""
        with self._open() as text:
            lines = (line.strip() for line in islice(text, HEADER_WITHIN))
            return next((line for line in lines if line), "")

    def _told(self) -> str:
        """The delimiter of a first line `sep=;`, by which Excel is told."""
        with self._open() as text:
            first = text.readline(100).strip().strip('"')
        told = first[4:] if first.lower().startswith("sep=") else ""
        return told if len(told) == 1 and told not in "\"'" else ""

    def rows(self) -> Iterator[Row]:
        """Every row. Refused("quote_open") where a quote swallows more than a cell can hold."""
        return self._read(self.delimiter)

    def _read(self, delimiter: str) -> Iterator[Row]:
        with self._open() as text:
            reader = csv.reader(text, delimiter=delimiter, skipinitialspace=True)
            line = 1
            try:
                for cells in reader:
                    last = reader.line_num
                    yield line, last, cells
                    line = last + 1
            except csv.Error as error:
                raise Refused("quote_open", path=self._path.name, line=line) from error

    def _open(self) -> io.TextIOWrapper:
        return self._path.open("r", encoding=self.encoding, errors="replace", newline="")

    def close(self) -> None:
        """Nothing stays open between readings."""


def delimiter_of(told: str) -> str:
    """The delimiter a person asks for: the sign itself, `tab`, `comma`, `semicolon`."""
    found = _NAMES.get(told.lower(), told)
    if len(found) != 1 or found in "\"'\r\n\x00 ":
        raise Refused("delimiter_wrong", delimiter=told[:20])
    return found
