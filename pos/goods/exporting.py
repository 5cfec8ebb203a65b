"""Products out as a file that a spreadsheet opens and that imports again to the same rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from pos.goods.importing.fields import STAGED
from pos.goods.importing.rejects import write_csv
from pos.goods.initials import initials
from pos.money import quantity, yuan
from pos.refusal import Refused
from pos.text import clean
from pos.words import Language, goods

_WORDS: dict[Language, goods.GoodsWords] = {"zh": goods.ZH, "en": goods.EN}
_MOST_SHEET_ROWS = 1_048_575


def export(rows: Iterable[Mapping[str, object]], target: Path, language: Language) -> int:
    """Write products to `target`, CSV or XLSX by its suffix; how many there were.

    A row has the keys of a staging row (`sku`, `name`, `price_fen` … None or absent where there is
    nothing to say) and `codes`: (code, factor, price_fen) each, the main code first. With
    `initials` the variants that the name alone would not give stand in a column of their own,
    which loads pypinyin: a running till leaves the key out.

    Text cells are text: a formula in a name does not run. The file is there whole or not at all.
    Refused: file_suffix, file_unwritable, too_many_rows.
    """
    words = _WORDS[language]
    header = [getattr(words.columns, field) for field in words.columns.__struct_fields__]
    counted = _Counted(_cells(row, words) for row in rows)
    suffix = target.suffix.lower()
    if suffix == ".csv":
        write_csv(target, header, counted)
    elif suffix == ".xlsx":
        _write_workbook(target, header, counted)
    else:
        raise Refused("file_suffix", path=target)
    return counted.count


class _Counted:
    """An iterable that knows how much went through it."""

    def __init__(self, rows: Iterable[list[str]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[list[str]]:
        for row in self._rows:
            self.count += 1
            yield row


def _cells(row: Mapping[str, object], words: goods.GoodsWords) -> list[str]:
    """A product as text, a cell for each column."""
    codes = msgspec.convert(row.get("codes", ()), tuple[tuple[str, int, int | None], ...])
    plain = [_text(code) for code, *pack in codes if pack == [1, None]]
    packs = [told for told in codes if told[1:] != (1, None)]
    prices = ["" if fen is None else yuan(fen) for _, _, fen in packs]
    told = {field: _shown(field, row.get(key), words) for field, key in STAGED.items()}
    told["barcode"] = plain[0] if plain else ""
    told["more_barcodes"] = ";".join(plain[1:])
    told["pack_barcode"] = ";".join(_text(code) for code, _, _ in packs)
    told["pack_size"] = ";".join(str(factor) for _, factor, _ in packs)
    told["pack_price"] = ";".join(prices) if any(prices) else ""
    told["initials"] = _own_initials(str(row.get("name") or ""), str(row.get("initials") or ""))
    return [told[field] for field in words.columns.__struct_fields__]


def _own_initials(name: str, variants: str) -> str:
    if not variants:
        return ""
    known = initials(name)
    return " ".join(_text(one) for one in variants.split() if one not in known)


def _shown(field: str, value: object, words: goods.GoodsWords) -> str:
    if value is None:
        return ""
    if not isinstance(value, int):
        return _text(str(value))
    return _FORMS.get(STAGED[field].rpartition("_")[2], _yes_no)(value, words)


@lru_cache(maxsize=8192)
def _text(text: str) -> str:
    return clean(text, 200)


def _fen(value: int, words: goods.GoodsWords) -> str:
    return yuan(value)


def _percent(value: int, words: goods.GoodsWords) -> str:
    return quantity(value * 10) + "%"


def _milli(value: int, words: goods.GoodsWords) -> str:
    return quantity(value)


def _yes_no(value: int, words: goods.GoodsWords) -> str:
    return words.yes if value else words.no


# by the unit that ends the name of the staging column
_FORMS: dict[str, Callable[[int, goods.GoodsWords], str]] = {
    "fen": _fen,
    "bp": _percent,
    "milli": _milli,
}


def _write_workbook(target: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """One sheet, every cell typed and formatted as text, so that Excel spoils none of them."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("products")
    sheet.freeze_panes = "A2"

    def texts(row: Sequence[str]) -> list[Any]:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, text or None)
            if text:
                # after the value: openpyxl would take what begins with = for a formula
                cell.data_type = "s"
                cell.number_format = "@"
            cells.append(cell)
        return cells

    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        sheet.append(texts(header))
        for count, row in enumerate(rows, 1):
            if count > _MOST_SHEET_ROWS:
                raise Refused("too_many_rows", path=target.name, most=_MOST_SHEET_ROWS)
            sheet.append(texts(row))
        book.save(unfinished)
        unfinished.replace(target)
    except OSError as error:
        raise Refused("file_unwritable", path=target, why=error.strerror or error) from error
    finally:
        # a sheet that was never saved is still being written to
        if not sheet.closed:
            sheet.close()
        book.close()
        unfinished.unlink(missing_ok=True)
