"""Tax codes of goods and services (商品和服务税收分类编码) from a table the shop loads.

A code has 19 digits: one, then nine pairs, from the general to the particular. Invoices name only
codes that no other code goes into (leaves), and print `*short name*name`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from pos.refusal import Refused
from pos.text import clean

DIGITS = 19
_MOST_BYTES = 32 << 20
_COLUMNS = {
    "code": ("official_code", "code", "税收编码", "商品编码", "商品和服务税收编码", "编码"),
    "name": ("official_name", "name", "名称", "货物和劳务名称", "商品名称"),
    "short": ("category_short_name", "short_name", "简称", "商品和服务分类简称", "分类简称"),
}


class Class(msgspec.Struct, frozen=True):
    """A row of the table."""

    code: str
    name: str
    short_name: str
    leaf: bool


class Classification:
    """The whole table."""

    def __init__(self, rows: Mapping[str, tuple[str, str]]) -> None:
        """`rows`: code to name and short name."""
        parents = {head for code in rows for head in _above(code)}
        self._rows = {
            code: Class(code, name, short, significant(code) not in parents)
            for code, (name, short) in rows.items()
        }

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def leaves(self) -> int:
        """How many codes an invoice may name."""
        return sum(row.leaf for row in self._rows.values())

    def leaf(self, code: str, name: str) -> Class:
        """The row of a code an invoice may name; `name` is the goods', for the words.

        Raises Refused: invoice_code_missing, invoice_code_unknown, invoice_code_general.
        """
        if not code:
            raise Refused("invoice_code_missing", name=name)
        row = self._rows.get(code.ljust(DIGITS, "0"))
        if row is None:
            raise Refused("invoice_code_unknown", name=name, tax_code=code[:20])
        if not row.leaf:
            raise Refused("invoice_code_general", name=name, tax_code=code[:20], group=row.name)
        return row


def significant(code: str) -> str:
    """A code without the pairs of zeros behind."""
    head = code.rstrip("0") or code[:1]
    return head if len(head) % 2 else head + "0"


def _above(code: str) -> list[str]:
    """The significant heads of the groups a code is in."""
    own = significant(code)
    return [own[:n] for n in range(1, len(own), 2)]


@lru_cache(maxsize=2)
def _read(path: Path, stamp: tuple[int, int]) -> Classification:
    """`stamp` (size and time of change) makes a changed file be read again."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text("gb18030", "replace")
    reader = csv.reader(text.splitlines())
    header = [clean(name, 60) for name in next(reader, [])]
    places = {
        field: next((header.index(name) for name in names if name in header), -1)
        for field, names in _COLUMNS.items()
    }
    if min(places.values()) < 0:
        raise Refused("invoice_codes_header", path=path.name)
    rows = {}
    for cells in reader:
        if len(cells) <= max(places.values()):
            continue
        code = cells[places["code"]].strip()
        if code.isascii() and code.isdigit() and len(code) == DIGITS:
            short = clean(cells[places["short"]], 40)
            rows[code] = (clean(cells[places["name"]], 120), short)
    if not rows:
        raise Refused("invoice_codes_empty", path=path.name)
    return Classification(rows)


def load(path: Path) -> Classification:
    """The table in a CSV file, UTF-8 or GB 18030, its columns found by their names.

    Raises Refused: invoice_codes_missing, invoice_codes_header, invoice_codes_empty.
    """
    try:
        seen = path.stat()
        if seen.st_size > _MOST_BYTES:
            raise Refused("invoice_codes_header", path=path.name)
        return _read(path, (seen.st_size, seen.st_mtime_ns))
    except (OSError, csv.Error):
        raise Refused("invoice_codes_missing", path=path) from None
