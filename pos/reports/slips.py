"""An X, a Z, the slip of a shift, of cash, of a report: the data their templates are filled with.

Sums stay fen (filter `yuan`). A section has a title and rows of `name`, `count` (an empty text
where there is none) and `text`: a sum in yuan, or what else there is to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pos.clock import local, moment_of
from pos.config import Settings
from pos.money import yuan
from pos.record import CashMoved, Counted, DayClosed, Figures, Record, ShiftClosed, ShiftCounted
from pos.reports.tables import Table, say, way_name
from pos.slips import WITNESS_SIGNS, of_shop
from pos.words import Words
from pos.words.refusals import fill
from pos.words.reports import ReportWords
from pos.words.shifts import ShiftWords

Data = dict[str, Any]


def of_x(
    found: Figures, settings: Settings, words: Words, report: ReportWords, who: str, at: str
) -> Data:
    """An X: the figures so far, of a shift or of the day. It changes nothing, and says so."""
    return _head(settings, words, "x", at) | {
        "business_date": found.of.last,
        "operator": who,
        "first_at": _time(found.first_at),
        "last_at": _time(found.last_at),
        "sections": _sections(found, words.shifts, report),
    }


def of_day(
    record: Record, digest: bytes, settings: Settings, words: Words, report: ReportWords
) -> Data:
    """A Z, from its record. TypeError where the record is none."""
    fact = record.fact
    if not isinstance(fact, DayClosed):
        raise TypeError(type(fact).__name__)
    said = words.shifts
    return _head(settings, words, "z", record.at) | {
        "z": fact.z,
        "business_date": fact.business_date,
        "operator": fact.where.operator,
        "first_at": _time(fact.figures.first_at),
        "last_at": _time(fact.figures.last_at),
        "shifts": fact.shifts,
        "uncounted": fact.uncounted,
        "clock_jumps": fact.clock_jumps,
        "auto": said.auto if fact.auto else "",
        "grand_total": fact.grand_total_fen,
        "sections": [
            *_sections(fact.figures, said, report),
            *_counted(fact.counted or (), said, report),
        ],
        "witness": digest.hex()[:WITNESS_SIGNS],
    }


def of_shift(
    record: Record,
    digest: bytes,
    settings: Settings,
    words: Words,
    report: ReportWords,
    late: ShiftCounted | None = None,
) -> Data:
    """The slip of a closed shift; `late` is a count that came after it."""
    fact = record.fact
    if not isinstance(fact, ShiftClosed):
        raise TypeError(type(fact).__name__)
    said, counted = words.shifts, late or fact
    cash = sum(fen * pieces for fen, pieces in counted.denominations)
    tolerant = all(not one.difference_fen for one in counted.counted or ())
    return _head(settings, words, "shift", record.at) | {
        "business_date": fact.business_date,
        "operator": fact.owner,
        "closed_by": fact.where.operator,
        "first_at": _time(fact.opened_at),
        "last_at": _time(record.at),
        "auto": said.auto if fact.auto else "",
        "counted": counted.counted is not None,
        "handed": cash - counted.left_fen,
        "left": counted.left_fen,
        "recounted": counted.recounted,
        "first_count": [
            {"name": way_name(way, report), "fen": fen} for way, fen in counted.first_declared
        ],
        "approver": counted.approver,
        "reason": counted.reason,
        "even": tolerant,
        "sections": [
            *_counted(counted.counted or (), said, report),
            *_pieces(counted.denominations, said),
            *_sections(fact.figures, said, report),
        ],
        "witness": digest.hex()[:WITNESS_SIGNS],
    }


def of_cash(
    record: Record, digest: bytes, settings: Settings, words: Words, report: ReportWords
) -> Data:
    """Cash put in or taken out beside sales."""
    fact = record.fact
    if not isinstance(fact, CashMoved):
        raise TypeError(type(fact).__name__)
    return _head(settings, words, "cash", record.at) | {
        "business_date": fact.where.business_date,
        "operator": fact.where.operator,
        "move": report.acts[f"cash.{fact.move}"],
        "fen": fact.fen,
        "reason": fact.reason,
        "sections": _pieces(fact.pieces, words.shifts),
        "witness": digest.hex()[:WITNESS_SIGNS],
    }


def of_table(
    table: Table, about: str, settings: Settings, words: Words, at: str, most: int = 400
) -> Data:
    """A report on paper: of each row its first column, and the column that matters."""
    value = table.value if table.value >= 0 else len(table.columns) - 1
    kind = table.columns[value].kind
    rows = [
        {"name": " ".join(texts[: table.label + 1]), "text": say(row[value], kind)}
        for row, texts in zip(table.rows[:most], table.texts, strict=False)
    ]
    return _head(settings, words, "report", at) | {
        "about": f"{table.title} {about}",
        "column": table.columns[value].name,
        "rows": rows,
        "more": max(len(table.rows) - most, 0),
    }


def _head(settings: Settings, words: Words, kind: str, at: str) -> Data:
    return of_shop(settings, words.slips) | {
        "s": _texts(words.shifts),
        "title": words.shifts.slips[kind],
        "copy": 0,
        "reprint": "",
        "at": _time(at),
    }


def _texts(words: ShiftWords) -> Mapping[str, str]:
    found = {name: getattr(words, name) for name in words.__struct_fields__}
    return {name: text for name, text in found.items() if isinstance(text, str)}


def _time(at: str) -> str:
    return f"{local(moment_of(at)):%Y-%m-%d %H:%M:%S}" if at else ""


def _row(name: str, count: int | str = "", fen: int | None = None) -> Data:
    return {"name": name, "count": count, "text": "" if fen is None else yuan(fen)}


def _sections(found: Figures, said: ShiftWords, report: ReportWords) -> list[Data]:
    made = {
        "sales": _sales(found, said, report),
        "discounts": [
            *(_row(report.discounts.get(a.key, a.key), a.count, -a.fen) for a in found.discounts),
            *([_row(report.rounding, "", -found.rounding_fen)] if found.rounding_fen else []),
        ],
        "tax": [_row(f"{say(r.tax_bp, 'rate')}", "", r.tax_fen) for r in found.taxes],
        "tenders": _tenders(found, report),
        "drawer": _drawer(found, report),
        "categories": [
            _row(g.key or report.none_of["category"], g.lines, g.net_fen) for g in found.categories
        ],
        "operators": [_row(o.key, o.orders, o.net_fen) for o in found.operators],
        "acts": _acts(found, report),
    }
    return [{"title": said.sections[key], "rows": rows} for key, rows in made.items() if rows]


def _sales(found: Figures, said: ShiftWords, report: ReportWords) -> list[Data]:
    numbers = f"{found.first_seq}-{found.last_seq}" if found.last_seq else "-"
    return [
        {"name": said.number_range, "count": "", "text": numbers},
        _row(report.gross, found.orders, found.gross_fen),
        _row(report.returned, found.returns, found.returned_fen),
        _row(report.discount, "", -found.discount_fen),
        _row(report.net, found.orders, found.net_fen),
        _row(report.without_tax, "", found.net_fen - found.tax_fen),
        _row(report.tax, "", found.tax_fen),
    ]


def _tenders(found: Figures, report: ReportWords) -> list[Data]:
    rows = []
    for way in found.tenders:
        name = way_name(way.way, report)
        rows.append(_row(name, way.count, way.taken_fen))
        if way.refunds:
            rows.append(_row(f"{name} {report.refunded}", way.refunds, way.refunded_fen))
    return rows


def _drawer(found: Figures, report: ReportWords) -> list[Data]:
    drawer = found.drawer
    named = (
        (report.float, drawer.float_fen),
        (report.ways["cash"], drawer.kept_fen),
        (report.cash_in, drawer.in_fen),
        (report.cash_out, -drawer.out_fen),
        (report.drop, -drawer.drop_fen),
    )
    rows = [_row(name, "", fen) for name, fen in named if fen]
    return [*rows, _row(report.expected, "", drawer.expected_fen)]


def _acts(found: Figures, report: ReportWords) -> list[Data]:
    named: tuple[tuple[str, int, int | None], ...] = (
        (report.prices, found.prices.count, None),
        (report.voided_orders, found.voided_orders.count, found.voided_orders.fen),
        (report.voided_lines, found.voided_lines.count, found.voided_lines.fen),
        (report.override, sum(a.count for a in found.overrides), None),
        (report.drawer_opens, found.drawer_opens, None),
        (report.reprints, found.reprints, None),
        (report.held, found.held, None),
        (report.unresolved, found.unresolved.count, found.unresolved.fen or None),
        (report.unsent, found.unsent, None),
    )
    return [_row(name, count, fen) for name, count, fen in named if count]


def _counted(counted: Iterable[Counted], said: ShiftWords, report: ReportWords) -> list[Data]:
    rows = []
    for one in counted:
        name = way_name(one.way, report)
        rows.append(_row(f"{name} {said.declared}", "", one.declared_fen))
        rows.append(_row(f"{name} {said.expected}", "", one.expected_fen))
        rows.append(_row(f"{name} {said.difference}", "", one.difference_fen))
    return [{"title": said.sections["counted"], "rows": rows}] if rows else []


def _pieces(pieces: Iterable[tuple[int, int]], said: ShiftWords) -> list[Data]:
    rows = [_row(fill(said.pieces, fen=fen, count=count), "", fen * count) for fen, count in pieces]
    return [{"title": said.sections["pieces"], "rows": rows}] if rows else []
