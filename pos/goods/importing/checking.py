"""A row of the file to a row of the staging file, or all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from pos.goods.importing.cells import Note, Readers, set_of, shown
from pos.goods.importing.codes import Pack, barcode_list, item_code, pack_codes
from pos.goods.importing.fields import IGNORED, OPPOSITES, STAGED, Header
from pos.goods.importing.report import Findings, Reject, Value
from pos.goods.initials import MOST_VARIANTS, initials
from pos.refusal import Refused

COLUMNS: tuple[str, ...] = (
    "line",
    "sku",
    "name",
    "short_name",
    "spec",
    "unit",
    "category",
    "brand",
    "origin",
    "supplier",
    "price_fen",
    "member_fen",
    "lowest_fen",
    "cost_fen",
    "tax_bp",
    "tax_code",
    "weighed",
    "discountable",
    "earns_points",
    "stocked",
    "low_milli",
    "high_milli",
    "active",
    "initials",
    "search",
)
"""The columns of `rows` in the staging file, in their order."""
SLOT: dict[str, int] = {column: slot for slot, column in enumerate(COLUMNS)}
TEXT_LIMITS: dict[str, int] = {
    "name": 80,
    "short_name": 40,
    "spec": 40,
    "unit": 8,
    "category": 40,
    "brand": 40,
    "origin": 40,
    "supplier": 80,
}
"""Characters each text keeps."""

_BARCODE, _MORE = "barcode", "more_barcodes"
_PACKS = ("pack_barcode", "pack_size", "pack_price")
_AMOUNTS = ("price", "member_price", "lowest_price", "cost")
_FLAGS = ("weighed", "discount", "points", "stocked", "active")
_TOTALS = set_of("合计 总计 小计 共计 汇总 合计: 合计： total totals")
_NAME, _SKU, _INITIALS, _SEARCH = (SLOT[c] for c in ("name", "sku", "initials", "search"))
_SEARCHED = itemgetter(*(SLOT[c] for c in ("name", "short_name", "spec", "brand")))
_PRICE = SLOT["price_fen"]
_ABOVE = (
    (SLOT["member_fen"], "member_above_price"),
    (SLOT["lowest_fen"], "lowest_above_price"),
    (SLOT["cost_fen"], "cost_above_price"),
)
_LOW, _HIGH = SLOT["low_milli"], SLOT["high_milli"]


class Checked:
    """A good row: its `values` in the order of `COLUMNS`, its barcodes and those of its packs."""

    __slots__ = ("codes", "packs", "values")

    def __init__(self, values: list[Any], codes: Sequence[str], packs: Sequence[Pack]) -> None:
        self.values = values
        self.codes = codes
        self.packs = packs

    @property
    def line(self) -> int:
        """Where it stands in the file."""
        return int(self.values[0])


def search_text(values: Sequence[Any]) -> str:
    """What a search by part of a name looks through; `values` in the order of `COLUMNS`."""
    return " ".join(filter(None, _SEARCHED(values))).lower()


class Checker:
    """Reads the rows under one header. What it finds goes to `findings`."""

    def __init__(self, header: Header, guarded: bool, delimiter: str, findings: Findings) -> None:
        self._notes: list[Note] = []
        self._guarded = guarded
        self._readers = Readers(guarded, "", self._notes)
        self._header = header
        self._delimiter = delimiter
        self._findings = findings
        self._plan: list[tuple[int, int, Callable[[str], Any], str]] = []
        self._at: dict[str, int] = {}
        for index, (name, field) in enumerate(header.mapping):
            reader = self._reader(field, name)
            if reader is not None:
                self._plan.append((index, SLOT[STAGED[field]], reader, name))
            elif field in (_BARCODE, _MORE, *_PACKS):
                self._at[field] = index
        self._code_columns = [self._at[f] for f in (_BARCODE, _MORE) if f in self._at]
        self._code_readers = {
            index: Readers(guarded, header.names[index], self._notes) for index in self._at.values()
        }
        self._numbered = [i for i, f in enumerate(header.fields) if f in ("sku", _BARCODE, _MORE)]
        self._name_column = self._name_of("name")
        self._faults: list[Reject] = []

    def _reader(self, field: str, column: str) -> Callable[[str], Any] | None:
        """What reads a field; None for one that is not a value of its own."""
        read = Readers(self._guarded, column, self._notes)
        readers: dict[str, Callable[[str], Any]] = {
            "sku": lambda text: item_code(read, text),
            "name": read.name(TEXT_LIMITS["name"], required=True),
            "spec": read.memo(read.name(TEXT_LIMITS["spec"])),
            "tax_rate": read.memo(read.tax_bp),
            "tax_code": read.memo(read.tax_code),
            "low_stock": read.memo(read.milli),
            "high_stock": read.memo(read.milli),
            "initials": read.letters,
            **dict.fromkeys(_AMOUNTS, read.memo(read.fen)),
            **dict.fromkeys(_FLAGS, read.memo(read.flag)),
            **dict.fromkeys(OPPOSITES, read.memo(read.opposite)),
        }
        if field in TEXT_LIMITS and field not in readers:
            return read.memo(read.text(TEXT_LIMITS[field]))
        return readers.get(field)

    def skip(self, cells: Sequence[str]) -> str | None:
        """Why a row is no product: blank, header_again, total_row; None where it may be one."""
        plain = [self._readers.plain(cell) for cell in cells]
        if not any(plain):
            return "blank"
        if tuple(plain[: len(self._header.names)]) == self._header.names:
            return "header_again"
        first = next(cell for cell in plain if cell)
        coded = (plain[i] for i in self._numbered if i < len(plain))
        if first.casefold() in _TOTALS and not any(c for c in coded if c != first):
            return "total_row"
        return None

    def read(self, line: int, last: int, cells: Sequence[str]) -> Checked | None:
        """The product of a row that spans the lines `line` to `last`; None where it is none."""
        count = len(cells)
        values: list[Any] = [None] * len(COLUMNS)
        values[0] = line
        for index, slot, reader, column in self._plan:
            if index < count and (text := cells[index]):
                try:
                    values[slot] = reader(text)
                except Refused as why:
                    self._fault(line, column, why)
        name = values[_NAME]
        if name is None or name in _TOTALS or name == self._name_column:
            why_not = self.skip(cells)
            if why_not is not None:
                self._faults.clear()
                self._notes.clear()
                if why_not != "blank":
                    self._findings.warn(line, "", why_not, {})
                return None
        codes = self._codes(line, cells)
        packs = self._packs(line, cells, codes) if _PACKS[0] in self._at else ()
        if name is None and not any(f.column == shown(self._name_column) for f in self._faults):
            self._fault(line, self._name_column, Refused("name_missing"))
        tail = cells[-1]
        if count > len(self._header.names) or line != last or "\n" in tail or "\r" in tail:
            self._check_shape(line, last, cells)
        if self._notes:
            self._tell(line)
        if self._faults:
            self._findings.reject(self.plain_cells(cells), self._faults)
            self._faults.clear()
            return None
        self._compare(line, values)
        self._finish(values)
        return Checked(values, codes, packs)

    def _finish(self, values: list[Any]) -> None:
        found = initials(values[_NAME])
        own = values[_INITIALS]
        if own:
            found = tuple(dict.fromkeys((*found, *own.split())))[:MOST_VARIANTS]
        values[_INITIALS] = " ".join(found)
        values[_SEARCH] = search_text(values)

    def _codes(self, line: int, cells: Sequence[str]) -> Sequence[str]:
        found: list[tuple[str, ...]] = []
        count = len(cells)
        for index in self._code_columns:
            if index < count and (text := cells[index]):
                try:
                    found.append(barcode_list(self._code_readers[index], text))
                except Refused as why:
                    self._fault(line, self._header.names[index], why)
        return found[0] if len(found) == 1 else tuple(dict.fromkeys(chain.from_iterable(found)))

    def _packs(self, line: int, cells: Sequence[str], plain: Sequence[str]) -> tuple[Pack, ...]:
        codes, sizes, prices = (
            cells[i] if 0 <= (i := self._at.get(field, -1)) < len(cells) else "" for field in _PACKS
        )
        if not codes:
            return ()
        try:
            packs = pack_codes(self._code_readers[self._at[_PACKS[0]]], codes, sizes, prices)
            twice = next((pack.code for pack in packs if pack.code in plain), None)
            if twice:
                raise Refused("pack_code_repeated", code=twice)
            return packs
        except Refused as why:
            self._fault(line, self._name_of(_PACKS[0]), why)
            return ()

    def _check_shape(self, line: int, last: int, cells: Sequence[str]) -> None:
        """A row with more cells than headers, or one in which a quote swallowed others."""
        wide = len(self._header.names)
        if any(self._readers.plain(cell) for cell in cells[wide:]):
            self._fault(line, "", Refused("row_too_long", cells=len(cells), columns=wide))
        broken = self._delimiter and any("\n" in cell or "\r" in cell for cell in cells)
        if broken and (line == last or any(self._swallows(cells))):
            self._fault(line, "", Refused("row_swallowed", first=line, last=last))

    def _swallows(self, cells: Sequence[str]) -> Iterator[bool]:
        """For each cell whether it looks like the end of one row and the start of others."""
        fields = self._header.fields
        shifted = len(cells) != len(fields)
        least = min(2, len(fields) - 1)
        for index, cell in enumerate(cells):
            used = index < len(fields) and fields[index] != IGNORED
            if shifted or used:
                yield any(part.count(self._delimiter) >= least for part in _lines(cell))

    def _compare(self, line: int, values: Sequence[Any]) -> None:
        """Warnings about figures that do not go together."""
        price, low, high = values[_PRICE], values[_LOW], values[_HIGH]
        if low is not None and high is not None and low > high:
            self._findings.warn(line, "", "low_above_high", {})
        if price is None:
            return
        if price == 0:
            self._findings.warn(line, "", "price_zero", {})
            return
        for slot, code in _ABOVE:
            if values[slot] is not None and values[slot] > price:
                told: dict[str, Value] = {"fen": values[slot], "price": price}
                self._findings.warn(line, "", code, told)

    def _fault(self, line: int, column: str, why: Refused) -> None:
        values = {k: v if isinstance(v, int) else str(v) for k, v in why.values.items()}
        self._faults.append(Reject(line, shown(column), why.code, values, ()))

    def _tell(self, line: int) -> None:
        # of a row that stays out only what is wrong is told
        for column, code, values in () if self._faults else self._notes:
            self._findings.warn(line, shown(column), code, values)
        self._notes.clear()

    def plain_cells(self, cells: Sequence[str]) -> tuple[str, ...]:
        """A row's cells as the file of rejects repeats them."""
        return tuple([self._readers.plain(cell) for cell in cells])

    def _name_of(self, field: str) -> str:
        return next(name for name, found in self._header.mapping if found == field)


def _lines(cell: str) -> list[str]:
    return cell.splitlines() if "\n" in cell or "\r" in cell else []
