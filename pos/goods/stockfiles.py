"""Goods of a document from a file or from the command line: all of it, or what is wrong with it.

A file is CSV with `code` and `quantity`, and `cost` (of one) or `amount` (of all) for what came.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from pos.goods import stock as rules
from pos.goods.importing.decoding import encoding_of
from pos.money import parse_milli
from pos.refusal import Refused
from pos.sale import entry as typing
from pos.store import levels
from pos.store.reader import Reader
from pos.store.stock import Draft
from pos.text import clean, clean_code

COLUMNS = {
    "code": ("code", "条码", "货号", "barcode", "sku"),
    "quantity": ("quantity", "数量", "实盘"),
    "cost": ("cost", "进价"),
    "amount": ("amount", "金额", "总进价"),
}
MOST_BYTES = 20_000_000
_WORD = re.compile(r"(?:(?P<count>-?[^*@]*)\*)?(?P<code>[^@]+)(?:@(?P<cost>.*))?")


class Row(msgspec.Struct, frozen=True):
    """A product as it was written down; `line` is where."""

    line: int
    code: str
    quantity: str = ""
    cost: str = ""
    amount: str = ""


class Wrong(msgspec.Struct, frozen=True):
    """What is wrong with a row."""

    line: int
    why: Refused


def read_file(path: Path) -> list[Row]:
    """The rows of a CSV file. Refused where it cannot be read as a table of goods."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused("file_too_big", path=path, most=MOST_BYTES >> 20)
        text = path.read_text(encoding_of(path, "").name, errors="replace").removeprefix("\ufeff")
    except OSError as error:
        raise Refused("file_unreadable", path=path, why=error.strerror) from error
    head = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        names = _names(reader.fieldnames or (), path)
        for cells in reader:
            told = {key: (cells.get(name) or "").strip() for key, name in names.items()}
            if any(told.values()):
                rows.append(Row(reader.line_num, **told))
    except csv.Error as error:
        raise Refused("file_row", path=path, line=reader.line_num, why=str(error)) from error
    return rows


def _names(header: Sequence[str], path: Path) -> dict[str, str]:
    found = {}
    for key, aliases in COLUMNS.items():
        name = next((one for one in header if one.strip().lower() in aliases), "")
        if not name and key in ("code", "quantity"):
            raise Refused("file_header", path=path, columns=f"{key} {aliases[1]}")
        found[key] = name
    return found


def read_words(words: Iterable[str]) -> list[Row]:
    """The rows of `[N*]CODE[@COST]` words; without a number it is one."""
    rows = []
    for number, word in enumerate(words, 1):
        match = _WORD.fullmatch(word.strip())
        if match is None:
            raise Refused("unknown_code", code=clean(word, 32))
        count = "1" if match["count"] is None else match["count"]
        rows.append(Row(number, match["code"], count, match["cost"] or ""))
    return rows


def fill(
    reader: Reader, draft: Draft, rows: Iterable[Row], *, frozen_at: str = ""
) -> tuple[Draft, list[Wrong]]:
    """The draft with all rows on it, and what is wrong with those that cannot go on it.

    A count is held against the books of now, or of the moment `frozen_at`.
    """
    seen: dict[int, int] = {}
    wrong = []
    for row in rows:
        try:
            draft = _put(reader, draft, row, seen, frozen_at)
        except Refused as why:
            wrong.append(Wrong(row.line, why))
    if not draft.entries and not wrong:
        raise Refused("stock_empty")
    return draft, wrong


def _put(reader: Reader, draft: Draft, row: Row, seen: dict[int, int], frozen_at: str) -> Draft:
    code = clean_code(row.code)
    product = reader.product(code, off=True)
    if product is None:
        raise Refused("unknown_code", code=clean(row.code, 32))
    if product.product_id in seen:
        line = seen[product.product_id]
        raise Refused("stock_twice", name=product.name, sku=product.sku, line=line)
    counted = draft.kind == "counted"
    milli = parse_milli(row.quantity) if counted else typing.read_quantity(row.quantity)
    if milli is None:
        raise Refused("not_a_quantity", text=clean(row.quantity, 20))
    priced = {"unit_fen": row.cost, "all_fen": row.amount}
    costs = {key: typing.read_amount(text) for key, text in priced.items() if text}
    draft = rules.add(reader, draft, code, milli or 1000, product)
    entry = draft.entries[-1]
    seen[product.product_id] = row.line
    if not milli:
        draft = rules.set_quantity(reader, draft, entry, 0)
        entry = draft.entries[-1]
    if frozen_at:
        book = levels.book_at(reader, product.product_id, frozen_at)
        draft = rules.change(draft, msgspec.structs.replace(entry, book_milli=book))
    return rules.set_cost(draft, entry, **costs) if costs and not counted else draft
