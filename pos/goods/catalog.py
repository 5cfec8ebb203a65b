"""A clean product file (CSV, UTF-8) to rows for the ledger. All of it is good or none goes in."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path

from pos.config import basis_points
from pos.money import MAX_FEN, parse_fen
from pos.refusal import Refused
from pos.store.staging import ProductRow
from pos.text import clean, clean_code

NEEDED: tuple[str, ...] = ("sku", "name", "price")
COLUMNS: tuple[str, ...] = (
    *NEEDED,
    "barcode",
    "unit",
    "tax_rate",
    "short_name",
    "spec",
    "category",
)
COLUMNS += ("member_price", "lowest_price", "weighed", "discount")
MAX_BYTES = 256 * 1024 * 1024
MAX_TAX_BP = 5000


@dataclass(frozen=True)
class Fault:
    """What is wrong at a line of the file; `conflict`: it clashes with another product."""

    line: int
    why: Refused
    conflict: bool = False


@dataclass
class ProductFile:
    """A file as read: good rows with their lines, and everything wrong with it."""

    sha256: str
    rows: list[ProductRow] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many products the file tells of, good or not."""
        return len(self.rows) + len({fault.line for fault in self.faults})

    def line_of(self, barcode: str) -> int:
        """The line that carries a barcode; 0 where none does."""
        found = zip(self.lines, self.rows, strict=True)
        return next((line for line, row in found if barcode in row.barcodes), 0)


def read_file(path: Path, default_tax: str) -> ProductFile:
    """Read a file; Refused where it cannot be read at all or lacks a column."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refused("file_unreadable", path=path, why=f"> {MAX_BYTES // 1024**2} MiB")
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise Refused("file_unreadable", path=path, why=error.strerror) from error
    except UnicodeDecodeError as error:
        raise Refused("file_unreadable", path=path, why=f"UTF-8: {error}") from error
    return read_text(text, hashlib.sha256(data).hexdigest(), path, default_tax)


def demo_products() -> ProductFile:
    """The products of the demo shop."""
    data = (resources.files("pos.goods") / "demo_products.csv").read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return read_text(data.decode("utf-8"), digest, Path("demo_products.csv"), "13%")


def read_text(text: str, sha256: str, path: Path, default_tax: str) -> ProductFile:
    """Read a file's text; `default_tax` (`"13%"`) is for rows that name no rate."""
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    found = ProductFile(sha256)
    skus: dict[str, int] = {}
    codes: dict[str, int] = {}
    try:
        row_of = _Columns(next(table, []), path, default_tax)
        for cells in table:
            line = table.line_num
            if not any(cells):
                continue
            try:
                row = row_of.read(cells)
                _once(skus, "sku", (row.sku,), line)
            except Refused as why:
                found.faults.append(Fault(line, why, why.code == "cell_repeated"))
                continue
            try:
                _once(codes, "barcode", row.barcodes, line)
            except Refused as why:
                found.faults.append(Fault(line, why, conflict=True))
                continue
            found.rows.append(row)
            found.lines.append(line)
    except csv.Error as error:
        raise Refused("file_row", path=path, line=table.line_num, why=error) from error
    return found


def _once(seen: dict[str, int], column: str, values: Sequence[str], line: int) -> None:
    for value in values:
        if (before := seen.setdefault(value, line)) != line:
            raise Refused("cell_repeated", column=column, text=value, line=before)


class _Columns:
    """Where each column of a file stands."""

    def __init__(self, header: Sequence[str], path: Path, default_tax: str) -> None:
        names = [name.strip() for name in header]
        missing = [name for name in NEEDED if name not in names]
        if missing:
            raise Refused("file_header", path=path, columns=", ".join(missing))
        at = {name: names.index(name) for name in COLUMNS if name in names}
        self._at = tuple(at.get(name, -1) for name in COLUMNS)
        self._tax = default_tax

    def read(self, cells: Sequence[str]) -> ProductRow:
        """The product of one row; Refused says what is wrong with it."""
        count = len(cells)
        (
            sku,
            name,
            price,
            barcode,
            unit,
            tax,
            short,
            spec,
            category,
            member,
            lowest,
            weighed,
            off,
        ) = (cells[i] if 0 <= i < count else "" for i in self._at)
        sku, name = clean_code(sku, 32), clean(name, 80)
        if not sku or not name:
            raise Refused("cell_missing", column="name" if sku else "sku")
        price_fen = _fen("price", price)
        if price_fen is None:
            raise Refused("cell_missing", column="price")
        return ProductRow(
            sku=sku,
            name=name,
            unit=_short(unit, 8) or "件",
            price_fen=price_fen,
            tax_bp=_tax_bp(tax.strip() or self._tax),
            barcodes=_barcodes(barcode),
            short_name=clean(short, 40) if short else "",
            spec=_short(spec, 40),
            category=_short(category, 40),
            member_fen=_fen("member_price", member),
            lowest_fen=_fen("lowest_price", lowest),
            weighed=_flag("weighed", weighed, 0),
            discountable=_flag("discount", off, 1),
        )


def _barcodes(text: str) -> tuple[str, ...]:
    if "," not in text:
        code = clean_code(text, 32)
        return (code,) if code else ()
    codes = (clean_code(part, 32) for part in text.split(","))
    return tuple(dict.fromkeys(code for code in codes if code))


@lru_cache(maxsize=4096)
def _short(text: str, limit: int) -> str:
    return clean(text, limit)


@lru_cache(maxsize=4096)
def _fen(column: str, text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    fen = parse_fen(text)
    if fen is None or fen > MAX_FEN:
        raise _wrong(column, text)
    return fen


@lru_cache(maxsize=64)
def _tax_bp(text: str) -> int:
    number = text.removesuffix("%")
    if number == text or parse_fen(number) is None or basis_points(text) > MAX_TAX_BP:
        raise _wrong("tax_rate", text)
    return basis_points(text)


def _flag(column: str, text: str, default: int) -> int:
    text = text.strip()
    if text not in ("", "0", "1"):
        raise _wrong(column, text)
    return int(text) if text else default


def _wrong(column: str, text: str) -> Refused:
    return Refused("cell_wrong", column=column, text=clean(text, 20))
