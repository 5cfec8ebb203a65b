"""What an import is asked to do and what it tells afterwards."""

from __future__ import annotations

from typing import Literal

import msgspec

Value = str | int
FORMAT_VERSION = 1
"""Of the staging file; stands in its `meta` table."""


class ImportOptions(msgspec.Struct, frozen=True):
    """What the person who imports says about the file; empty where the file shows it.

    `default_tax_bp` is kept in the staging file for new products that name no rate. `columns`
    gives headers of the file another field (a name of `fields.FIELDS`) or `"ignored"`.
    """

    default_tax_bp: int = 1300
    sheet: str = ""
    delimiter: str = ""
    encoding: str = ""
    columns: dict[str, str] = {}


class Reject(msgspec.Struct, frozen=True):
    """One thing wrong with a row that therefore stays out; a row may have several.

    `line` is where the row starts in the file (in XLSX: the row number), `column` the header as
    it stands there, empty where the row as a whole is meant; `code` names a field of
    `words.goods.GoodsWords`, `values` fill its gaps; `cells` is the row as read. `conflict`: the
    row clashes with other rows of the file.
    """

    line: int
    column: str
    code: str
    values: dict[str, Value]
    cells: tuple[str, ...]
    conflict: bool = False


class Warned(msgspec.Struct, frozen=True):
    """Something a person should look at in a row that went in; line 0 is the file as a whole."""

    line: int
    column: str
    code: str
    values: dict[str, Value]


class Report(msgspec.Struct, frozen=True):
    """What staging found. `read` = `good` + `repeated` + `rejected`, counted in rows.

    `mapping` has each header in the order of the file with its field or `"ignored"`; `header_line`
    is where they stand. `good` rows lie in the staging file with `codes` barcodes; `repeated` rows
    said nothing new and were merged into one of them; `conflicts` of the `rejected` clash with
    other rows. At most `MOST_LISTED` rejects and warnings are listed, the counts are complete:
    `warned` counts warnings by code.
    """

    format: Literal["csv", "xlsx"]
    encoding: str
    delimiter: str
    sheet: str
    sha256: str
    header_line: int
    mapping: tuple[tuple[str, str], ...]
    read: int
    good: int
    codes: int
    repeated: int
    rejected: int
    conflicts: int
    rejects: tuple[Reject, ...]
    warnings: tuple[Warned, ...]
    warned: dict[str, int]


MOST_LISTED = 20_000
MOST_WARNINGS = 1_000
_MOST_CELL = 1_000
_MOST_CHARACTERS = 32_000_000


class Findings:
    """Collects rejects and warnings, within bounds whatever the file holds."""

    def __init__(self) -> None:
        self.rejects: list[Reject] = []
        self.warnings: list[Warned] = []
        self.warned: dict[str, int] = {}
        self.rejected = 0
        self._characters = 0

    def reject(self, cells: tuple[str, ...], faults: list[Reject]) -> None:
        """One row with all that is wrong with it; `faults` carry no cells yet."""
        self.rejected += 1
        room = MOST_LISTED - len(self.rejects)
        if room <= 0:
            return
        short = tuple(cell[:_MOST_CELL] for cell in cells)
        self._characters += sum(map(len, short))
        if self._characters > _MOST_CHARACTERS:
            short = ()
        for fault in faults[:room]:
            self.rejects.append(msgspec.structs.replace(fault, cells=short))

    def warn(self, line: int, column: str, code: str, values: dict[str, Value]) -> None:
        """One warning."""
        self.warned[code] = self.warned.get(code, 0) + 1
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(Warned(line, column, code, values))
