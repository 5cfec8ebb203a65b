"""Offers from the text of a TOML or CSV file, and back into it.

Everything wrong is told with its line; a file with a fault gives no offers, so nothing goes live by
half. Nothing here opens a file.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

import msgspec
from msgspec.structs import replace

from pos.refusal import Refused
from pos.sale.promotions.fields import (
    FIELDS,
    LISTS,
    NUMBERS,
    YES_NO,
    Wrong,
    field_of,
    offer_of,
    row_of,
)
from pos.sale.promotions.model import Offer
from pos.sale.promotions.validating import Fault, faults_of
from pos.text import clean
from pos.words.offers import FieldWords

MOST_OFFERS = 5000
MOST_TEXT = 5_000_000
_HEADER = re.compile(r"\s*\[\[\s*offer\s*\]\]")
_KEY = re.compile(r"\s*[\"']?([\w\-]+)[\"']?\s*=")
_FORMULA = ("=", "+", "-", "@")
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


class Reading(msgspec.Struct, frozen=True):
    """What a file held: its offers, or what is wrong with it; never both."""

    offers: tuple[Offer, ...] = ()
    faults: tuple[Fault, ...] = ()


class _Row(msgspec.Struct):
    """One offer as it stands in a file: texts by field, the line of each, what is unknown."""

    line: int
    texts: dict[str, str]
    lines: dict[str, int]
    unknown: list[tuple[str, int]]
    odd: list[tuple[str, str]]


def read_toml(text: str) -> Reading:
    """Offers from TOML: one `[[offer]]` each. Refused where it is no TOML at all."""
    _check_size(text)
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"), parse_float=str)
    except (ValueError, RecursionError) as error:
        raise Refused("offers_not_toml", why=clean(str(error))) from None
    places = _places(text)
    tables = data.pop("offer", [])
    faults = [Fault("", key, "offer_field_unknown", 1, clean(key), "offer") for key in data]
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        return Reading(faults=(*faults, Fault("", "offer", "offer_value", 1, "", "[[offer]]")))
    rows = []
    for number, table in enumerate(tables):
        line, lines = places[number] if number < len(places) else (1, {})
        rows.append(_toml_row(table, line, lines))
    return _reading(rows, faults)


def read_csv(text: str) -> Reading:
    """Offers from CSV (comma or tab): a header with the fields' names or words, a row each.

    Refused where it cannot be read as a table, or `id`, `name` or `kind` has no column.
    """
    _check_size(text)
    text = text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[_Row] = []
    columns: list[tuple[str | None, str]] = []
    line = 1
    try:
        for cells in reader:
            if not columns:
                columns = [(field_of(cell), clean(cell, 40)) for cell in cells]
                _check_columns([name for name, _ in columns if name])
            elif any(cell.strip() for cell in cells):
                rows.append(_csv_row(columns, cells, line))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused("offers_not_csv", line=reader.line_num, why=clean(str(error))) from None
    if not columns:
        _check_columns([])
    return _reading(rows, _unknown_columns(columns))


def refuse_faults(reading: Reading, first: str) -> tuple[Offer, ...]:
    """The offers of a reading; Refused with the `first` fault's words where it has any."""
    if reading.faults:
        raise Refused("offers_faults", count=len(reading.faults), first=first)
    return reading.offers


def write_toml(offers: Iterable[Offer]) -> str:
    """Offers as TOML that `read_toml` gives back the same."""
    blocks = []
    for offer in offers:
        lines = ["[[offer]]"]
        for name, value in row_of(offer).items():
            if name in YES_NO or (name in NUMBERS and isinstance(value, str)):
                lines.append(f"{name} = {value}")
            else:
                lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def write_csv(offers: Iterable[Offer], words: FieldWords) -> str:
    """Offers as CSV that `read_csv` gives back the same; no cell is a formula to a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([getattr(words, name) for name in FIELDS])
    for offer in offers:
        row = row_of(offer)
        cells = [row.get(name, "") for name in FIELDS]
        writer.writerow([_cell(";".join(x) if isinstance(x, list) else x) for x in cells])
    return out.getvalue()


def _cell(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _check_size(text: str) -> None:
    if len(text) > MOST_TEXT:
        raise Refused("offers_too_many", most=MOST_OFFERS)


def _check_columns(found: Sequence[str]) -> None:
    missing = [name for name in ("id", "name", "kind") if name not in found]
    if missing:
        raise Refused("offers_no_header", columns=", ".join(missing))


def _unknown_columns(columns: Sequence[tuple[str | None, str]]) -> list[Fault]:
    faults, seen = [], set()
    for name, label in columns:
        if name is None and label:
            faults.append(Fault("", label, "offer_field_unknown", 1, label, _nearest(label)))
        elif name in seen:
            faults.append(Fault("", label, "offer_twice", 1, label))
        seen.add(name)
    return faults


def _csv_row(columns: Sequence[tuple[str | None, str]], cells: Sequence[str], line: int) -> _Row:
    row = _Row(line, {}, {}, [], [])
    for n, cell in enumerate(cells):
        name = columns[n][0] if n < len(columns) else None
        text = cell.strip()
        if text[:1] == "'" and text[1:2] in _FORMULA:
            text = text[1:]
        if name:
            row.texts[name] = text
        elif text and n >= len(columns):
            row.odd.append(("", clean(text, 40)))
    return row


def _toml_row(table: Mapping[str, Any], line: int, lines: Mapping[str, int]) -> _Row:
    row = _Row(line, {}, {}, [], [])
    for key, value in table.items():
        at = lines.get(key, line)
        name = field_of(key)
        if name is None or name in row.texts:
            row.unknown.append((clean(key, 40), at))
            continue
        row.lines[name] = at
        text = _toml_text(value, name in LISTS)
        if text is None:
            row.odd.append((name, clean(str(value), 40)))
        else:
            row.texts[name] = text
    return row


def _toml_text(value: Any, may_be_list: bool) -> str | None:
    """A TOML value as the text of a cell; None where a field cannot hold such a value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        parts = [_toml_text(x, False) for x in value]
        if not may_be_list or any(x is None or ";" in x or "；" in x for x in parts):
            return None
        return ";".join(x for x in parts if x is not None)
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, time):
        return value.isoformat("minutes")
    return value.isoformat() if type(value) is date else None


def _places(text: str) -> list[tuple[int, dict[str, int]]]:
    """For each `[[offer]]` its line and the lines of its keys, from 1."""
    places: list[tuple[int, dict[str, int]]] = []
    inside = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not inside:
            if _HEADER.match(line):
                places.append((number, {}))
            elif places and (key := _KEY.match(line)):
                places[-1][1].setdefault(key[1], number)
        for quote in ('"""', "'''"):
            if line.count(quote) % 2 and inside in ("", quote):
                inside = "" if inside else quote
    return places


def _reading(rows: Sequence[_Row], faults: list[Fault]) -> Reading:
    if len(rows) > MOST_OFFERS:
        raise Refused("offers_too_many", most=MOST_OFFERS)
    offers: list[Offer] = []
    seen: set[str] = set()
    for row in rows:
        wrong: list[Wrong] = []
        offer = offer_of(row.texts, wrong.append)
        unreadable = {w.field for w in wrong}
        faults += _row_faults(row, offer.id, wrong)
        if not row.texts.get("kind"):
            faults.append(Fault(offer.id, "kind", "offer_missing", row.line))
        elif "kind" not in unreadable:
            for fault in faults_of(offer):
                if fault.field not in unreadable:
                    faults.append(replace(fault, line=row.lines.get(fault.field, row.line)))
        if offer.id in seen:
            at = row.lines.get("id", row.line)
            faults.append(Fault(offer.id, "id", "offer_repeated", at, offer.id))
        seen.add(offer.id)
        offers.append(offer)
    if faults:
        return Reading(faults=tuple(sorted(faults, key=lambda f: f.line)))
    return Reading(tuple(offers))


def _row_faults(row: _Row, offer_id: str, wrong: Sequence[Wrong]) -> list[Fault]:
    faults = [
        Fault(offer_id, w.field, "offer_value", row.lines.get(w.field, row.line), w.text, w.example)
        for w in wrong
    ]
    for label, line in row.unknown:
        near = _nearest(label)
        faults.append(Fault(offer_id, label, "offer_field_unknown", line, label, near))
    for field, text in row.odd:
        at = row.lines.get(field, row.line)
        faults.append(Fault(offer_id, field, "offer_value", at, text, "a;b" if field else ""))
    return faults


def _nearest(label: str) -> str:
    found = difflib.get_close_matches(label, FIELDS, 1)
    return found[0] if found else ""
