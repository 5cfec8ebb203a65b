"""`pos report x|z|sales|tax|stock|audit`: figures over a read-only connection, also by day."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, desk, show, tell
from pos.cli.receipts import put_out
from pos.cli.shifts import day_told
from pos.clock import business_date, system_clock
from pos.refusal import Refused
from pos.reports import adding, asked, export
from pos.reports.asked import Asked
from pos.reports.tables import Column, Table
from pos.store import shifts
from pos.store.reader import Reader
from pos.text import cells, fit
from pos.till import receipts
from pos.words.reports import CATALOGUE

FromOption = Annotated[str, typer.Option("--from", help="2026-03-01")]
ToOption = Annotated[str, typer.Option("--to", help="2026-03-31")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="报表.csv | 报表.xlsx 导出 a CSV or XLSX file")
]
_BY = ("figures", "day", "hour", "product", "category", "operator", "seller", "tender", "customer")


def x(
    shift: Annotated[
        str, typer.Option("--shift", help="哪个班 a shift's id; 不写是当日 the day")
    ] = "",
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """An X: all since the last day close, or one shift; changes nothing."""
    with desk(config) as place, place.looking("cli.report.x", operator) as reader:
        subject = f"{shift}:{reader.head()[0]}"
        if json:
            scope, who = asked.x_scope(reader, subject)
            found: dict[str, Any] = msgspec.to_builtins(adding.figures(reader, scope))
            show(found | {"operator": who})
            return
        put_out(receipts.job_slip(place.config, reader, "x", subject), "text")


def z(
    number: Annotated[int, typer.Argument(help="日结号；0 是最近的 the last", min=0)] = 0,
    date_of: Annotated[str, typer.Option("--date", help="2026-03-02: 那天的 of that date")] = "",
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """A Z as it was closed; figures are those of its record."""
    with desk(config) as place, place.looking("cli.report.z", operator) as reader:
        found = _numbers(reader, number, date_of)
        if json:
            told = [day_told(shifts.day(reader, one)) for one in found]
            show(told if date_of else told[0])
            return
        for one in found:
            put_out(receipts.job_slip(place.config, reader, "z", str(one)), "text")


def _numbers(reader: Reader, number: int, day: str) -> list[int]:
    if day:
        first, _ = asked.dates_of(day)
        found = [row.z for row in shifts.days(reader, first)]
    else:
        last = shifts.last_day(reader)
        found = [number or (last.z if last else 0)]
    if not found:
        raise Refused("z_unknown", z=day)
    return found


def sales(
    by: Annotated[str, typer.Option("--by", help=" | ".join((*_BY, "top", "slow")))] = "day",
    first: FromOption = "",
    last: ToOption = "",
    out: OutOption = None,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Sales by day, hour, product, category, operator, 营业员, tender, customer; movers."""
    with desk(config) as place, place.looking("cli.report.sales", operator) as reader:
        if by not in (*_BY, "top", "slow"):
            raise Refused("wrong_usage", why=f"--by {by[:20]}")
        _report(place, reader, by, first, last, out, json)


def tax(
    first: FromOption = "",
    last: ToOption = "",
    out: OutOption = None,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Tax by business date and rate."""
    with desk(config) as place, place.looking("cli.report.tax", operator) as reader:
        _report(place, reader, "tax", first, last, out, json)


def stock(
    out: OutOption = None,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """What is in stock, and what it is worth at cost."""
    with desk(config) as place, place.looking("cli.report.stock", operator) as reader:
        _report(place, reader, "stock", "", "", out, json)


def audit(
    first: FromOption = "",
    last: ToOption = "",
    out: OutOption = None,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Approvals, voids, drawer openings, reprints, price changes: who, and who allowed it."""
    with desk(config) as place, place.looking("cli.report.audit", operator) as reader:
        _report(place, reader, "audit", first, last, out, json)


def _report(
    place: Desk, reader: Reader, kind: str, first: str, last: str, out: Path | None, json: bool
) -> None:
    words = CATALOGUE[place.config.settings.till.language]
    span = _span(place, first, last)
    wanted = Asked(asked.kind_of(kind), *span)
    table, about = asked.table_of(reader, wanted, words, _progress)
    if out is not None:
        export.write(table, out)
    if json:
        show(_told(table, wanted, out))
    elif out is not None:
        tell(words.written.format(path=out))
    else:
        tell(f"{table.title}  {about}", *_lines(table))


def _span(place: Desk, first: str, last: str) -> tuple[str, str]:
    cutoff = place.config.settings.shift.cutoff_hour
    today: date = business_date(system_clock().now(), cutoff)
    if not first and not last:
        return asked.span("today", today)
    return asked.dates_of(f"{first or last} {last or today.isoformat()}")


def _progress(done: int, total: int) -> bool:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done}/{total}" + ("\n" if done == total else ""))
        sys.stderr.flush()
    return True


def _told(table: Table, wanted: Asked, out: Path | None) -> dict[str, Any]:
    """Columns by a key of their own, amounts in fen, quantities in thousandths."""
    return {
        "report": wanted.kind,
        "from": wanted.first,
        "to": wanted.last,
        "columns": [{"name": column.name, "kind": column.kind} for column in table.columns],
        "rows": [list(row) for row in table.rows],
        "file": str(out) if out else "",
    }


def _lines(table: Table) -> list[str]:
    heads = tuple(column.name for column in table.columns)
    sizes = [max(cells(row[n]) for row in (heads, *table.texts)) for n in range(len(heads))]

    def line(row: tuple[str, ...]) -> str:
        columns: list[Column] = list(table.columns)
        parts = (
            fit(text, size, "<" if column.kind == "text" else ">")
            for text, size, column in zip(row, sizes, columns, strict=True)
        )
        return "  ".join(parts).rstrip()

    return [line(heads), *(line(row) for row in table.texts)]
