"""The template as it is: its two sheets, their columns by header, and what the columns allow."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from pos.refusal import Refused

SERIAL = "发票流水号"
_BASIC = (SERIAL, "发票类型", "购买方名称", "是否含税")
_DETAIL = (SERIAL, "项目名称", "商品和服务税收编码", "金额", "税率")
_HEADER_WITHIN = 10
_MOST_BYTES = 32 << 20
_LIMIT = re.compile(r"限\s*(\d{1,4})\s*字符")
_SPACE = re.compile(r"\s+")
_RULE = re.compile(rb"<(?:\w+:)?dataValidation[ >]")
_NAME = re.compile(rb"<(?:\w+:)?definedName[ >]")


class Column(msgspec.Struct, frozen=True):
    """A column: where it is, the characters it takes (0: not told), the values it takes."""

    index: int
    limit: int
    choices: tuple[str, ...]


class Sheet(msgspec.Struct, frozen=True):
    """One sheet: its first row for data, the last row its lists reach, its columns by header."""

    title: str
    first: int
    last: int
    columns: dict[str, Column]


class Template(msgspec.Struct, frozen=True):
    """Both sheets, and the version the bureau checks."""

    basic: Sheet
    detail: Sheet
    version: str


def open_book(path: Path) -> Any:
    """The workbook, whole. Raises Refused: template_missing, template_damaged."""
    from openpyxl import load_workbook

    try:
        if path.stat().st_size > _MOST_BYTES:
            raise Refused("template_damaged", path=path.name, why="size")
    except OSError:
        raise Refused("template_missing", path=path) from None
    try:
        with warnings.catch_warnings():
            # "no default style": the bureau's file has none and needs none
            warnings.simplefilter("ignore")
            # by its name openpyxl would refuse a file that does not end in .xlsx
            with path.open("rb") as file:
                return load_workbook(file)
    except Refused:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise Refused("template_damaged", path=path.name, why=type(error).__name__) from None


def open_rows(file: IO[bytes]) -> Any:
    """A workbook we wrote, for its rows alone."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(file, read_only=True)


def inventory(path: Path) -> tuple[int, int, int]:
    """How many validations, names and hidden sheets a file has, counted in its parts."""
    with zipfile.ZipFile(path) as archive:
        rules = sum(
            len(_RULE.findall(archive.read(part)))
            for part in archive.namelist()
            if part.startswith("xl/worksheets/")
        )
        book = archive.read("xl/workbook.xml")
    return rules, len(_NAME.findall(book)), book.count(b'state="hidden"')


def read(book: Any, path: Path) -> Template:
    """What the template says of itself. Raises Refused: template_header, template_filled."""
    return Template(_sheet(book, _BASIC, path), _sheet(book, _DETAIL, path), _version(book))


def header_text(value: object) -> str:
    """A header without line breaks and spaces, which the bureau moves about."""
    return _SPACE.sub("", str(value)) if value is not None else ""


def _sheet(book: Any, wanted: tuple[str, ...], path: Path) -> Sheet:
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        for row in range(1, _HEADER_WITHIN + 1):
            names = {
                header_text(cell.value): cell.column
                for cell in sheet[row]
                if cell.value is not None
            }
            if all(name in names for name in wanted):
                found = _columns(sheet, row, names)
                _check_empty(sheet, row + 1, names[SERIAL], path)
                return Sheet(sheet.title, row + 1, _last(sheet, row + 1), found)
    raise Refused("template_header", path=path.name, header="、".join(wanted))


def _columns(sheet: Any, row: int, names: Mapping[str, int]) -> dict[str, Column]:
    lists = _lists(sheet, row + 1)
    found = {}
    for name, index in names.items():
        above = str(sheet.cell(row - 1, index).value or "") if row > 1 else ""
        limit = _LIMIT.search(above)
        found[name] = Column(index, int(limit[1]) if limit else 0, lists.get(index, ()))
    return found


def _lists(sheet: Any, first: int) -> dict[int, tuple[str, ...]]:
    """Columns with a list of values written out in the validation itself."""
    found = {}
    for rule in sheet.data_validations.dataValidation:
        text = str(rule.formula1 or "")
        if rule.type != "list" or not text.startswith('"'):
            continue
        choices = tuple(text.strip('"').split(","))
        for area in rule.sqref.ranges:
            if area.min_row <= first <= area.max_row:
                found.update(dict.fromkeys(range(area.min_col, area.max_col + 1), choices))
    return found


def _last(sheet: Any, first: int) -> int:
    """The last row that every list of values reaches; Excel's own end where there is none."""
    ends = [
        area.max_row
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
        if area.min_row <= first <= area.max_row
    ]
    return min(ends, default=1_048_576)


def _check_empty(sheet: Any, first: int, serial: int, path: Path) -> None:
    for row in range(first, min(sheet.max_row, first + 5) + 1):
        if sheet.cell(row, serial).value not in (None, ""):
            raise Refused("template_filled", path=path.name, sheet=sheet.title, row=row)


def _version(book: Any) -> str:
    """`20260401` from the hidden sheet the bureau checks; empty where there is none."""
    for sheet in book.worksheets:
        if sheet.title.lower() == "excelversion":
            for (cell,) in sheet.iter_rows(min_row=1, max_row=10, max_col=1):
                text = str(cell.value or "")
                if ":" in text:
                    return text.partition(":")[2]
    return ""
