"""Tables in XLSX files, read by openpyxl row by row; nothing in them is ever evaluated.

openpyxl keeps shared strings and whole rows in memory, so the file is weighed first: how far it
unpacks, how many rows and how large a row. Parts with a document type are refused (entities).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pos.goods.importing.delimited import HEADER_WITHIN, Row
from pos.goods.importing.fields import Header, header_of
from pos.goods.importing.guard import unguard
from pos.refusal import Refused

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

T = TypeVar("T")

MOST_UNPACKED = 512 << 20
MOST_PARTS = 10_000
MOST_ROWS = 1_048_576
"""Excel's own limit."""
MOST_COLUMNS = 256
_MOST_SMALL = 8 << 20
_MOST_STRINGS = 64 << 20
_MOST_ROW = 4 << 20
_CHUNK = 1 << 20
_EXACT = 10**15
_BEYOND = 16
_ESCAPED_CONTROL = re.compile(r"_x00[01][0-9A-Fa-f]_")
_ROW = re.compile(rb"<(?:\w{1,20}:)?row[ >/]")
_ZEROS = re.compile(r"0{2,32}")


class XlsxTable:
    """One sheet of a workbook as rows of text. `close()` it."""

    format: Literal["csv", "xlsx"] = "xlsx"
    encoding = ""
    delimiter = ""
    damaged = 0

    def __init__(self, path: Path, tick: Callable[[], None]) -> None:
        self._path = path
        _weigh(path, tick)
        self._file = path.open("rb")
        try:
            self._book: Workbook = self._guarded(self._load)
        except BaseException:
            self._file.close()
            raise
        self.sheet = ""
        self.other_sheets: tuple[str, ...] = ()
        self.total = 0
        self._width = MOST_COLUMNS

    def find_header(self, sheet: str, columns: Mapping[str, str]) -> Header | None:
        """The header of the sheet called `sheet`, else of the first visible one that has one."""
        sheets = self._book.worksheets
        if sheet:
            chosen = [s for s in sheets if s.title == sheet]
            if not chosen:
                known = ", ".join(s.title for s in sheets)
                raise Refused("sheet_missing", sheet=sheet[:40], sheets=known[:200])
        else:
            chosen = [s for s in sheets if s.sheet_state == "visible"]
        found = None
        for candidate in chosen:
            self.sheet = candidate.title
            sample = [(line, cells) for line, _, cells in islice(self.rows(), HEADER_WITHIN)]
            found = header_of(sample, columns)
            if found:
                # rows come filled up to this width; a little more shows rows that are too long
                self._width = min(MOST_COLUMNS, len(found.names) + _BEYOND)
                self.other_sheets = tuple(s.title for s in chosen if s is not candidate)
                self.total = candidate.max_row or 0
                break
        return found

    def head(self) -> str:
        """The first row that is not blank, to show a person what was read."""
        texts = (" ".join(filter(None, c)) for _, _, c in islice(self.rows(), HEADER_WITHIN))
        return next((text for text in texts if text), "")

    def rows(self) -> Iterator[Row]:
        """Every row with its number; Refused("file_damaged") where it cannot be read."""
        if not self.sheet:
            return
        sheet: Any = self._book[self.sheet]
        # what a file says of its size is often wrong
        sheet.reset_dimensions()
        found = iter(sheet.iter_rows(max_col=self._width))
        formats: dict[str, int] = {}
        line = 0
        while (texts := self._guarded(lambda: _texts(next(found, None), formats))) is not None:
            line += 1
            if line > MOST_ROWS:
                raise Refused("too_many_rows", path=self._path.name, most=MOST_ROWS)
            yield line, line, texts

    def _load(self) -> Workbook:
        from openpyxl import load_workbook

        # by its name openpyxl would refuse a file that does not end in .xlsx
        return load_workbook(self._file, read_only=True, data_only=False, keep_links=False)

    def _guarded(self, act: Callable[[], T]) -> T:
        """What openpyxl gives; it answers damaged files with exceptions of a dozen kinds."""
        try:
            return act()
        except Exception as error:
            why = type(error).__name__
            raise Refused("file_damaged", path=self._path.name, why=why) from error

    def close(self) -> None:
        """Close the file."""
        self._book.close()
        self._file.close()


def _texts(cells: Sequence[Any] | None, formats: dict[str, int]) -> list[str] | None:
    """A row of cells as text, without empty cells behind; None after the last row."""
    if cells is None:
        return None
    texts = [_text(cell, formats) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _text(cell: Any, formats: dict[str, int]) -> str:
    """A cell as the text a person would have typed."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if "_x00" in value:
            value = _ESCAPED_CONTROL.sub(" ", value)
        # ="690…" is how programs keep a code from becoming a number
        return unguard(value) if cell.data_type == "f" and value else value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return _number(cell, value, formats)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(getattr(value, "text", None) or value)


def _number(cell: Any, value: float, formats: dict[str, int]) -> str:
    """A number without Excel's additions: 690… whole, 12.5, leading zeros as the format shows."""
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    if abs(value) >= _EXACT:
        # more digits than Excel keeps: the last ones are lost
        return f"{value:.5E}"
    text = str(int(value))
    form = cell.number_format
    width = formats.get(form)
    if width is None:
        width = len(form) if _ZEROS.fullmatch(form) else 0
        formats[form] = width
    return text.zfill(width) if width and value >= 0 else text


def _weigh(path: Path, tick: Callable[[], None]) -> None:
    """Refused where the archive is damaged, locked, or larger unpacked than it should be."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
                raise Refused("file_bomb", path=path.name, most=MOST_UNPACKED >> 20)
            for part in parts:
                if part.flag_bits & 1:
                    raise Refused("file_password", path=path.name)
                _weigh_part(archive, part, path, tick)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        why = type(error).__name__
        raise Refused("file_damaged", path=path.name, why=why) from error


def _weigh_part(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path, tick: Callable[[], None]
) -> None:
    is_sheet = "/worksheets/" in part.filename
    if part.file_size > _most(part.filename):
        raise Refused("file_bomb", path=path.name, most=_most(part.filename) >> 20)
    rows = since_row = 0
    tail = b""
    with archive.open(part) as file:
        while data := file.read(_CHUNK):
            tick()
            window = tail + data
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise Refused("file_damaged", path=path.name, why="DOCTYPE")
            if is_sheet:
                found = len(_ROW.findall(window))
                rows += found
                since_row = 0 if found else since_row + len(data)
                if rows > 2 * MOST_ROWS or since_row > _MOST_ROW:
                    raise Refused("too_many_rows", path=path.name, most=MOST_ROWS)
            tail = window[-8:]


def _most(name: str) -> int:
    """Bytes a part may unpack to."""
    if "/worksheets/" in name:
        return MOST_UNPACKED
    if name.endswith("/sharedStrings.xml") or name.startswith("xl/media/"):
        return _MOST_STRINGS
    return _MOST_SMALL
