"""A report as it is asked for: which one, over which business dates; and the table it comes to."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal, get_args

import msgspec

from pos.record import Scope
from pos.refusal import Refused
from pos.reports import adding, tables
from pos.reports.audit import audit
from pos.reports.sales import (
    Progress,
    SalesBy,
    by_tender,
    customers,
    go_on,
    sales,
    tax,
)
from pos.reports.scope import of_range, of_shift, of_z
from pos.reports.stock import movers, stock_value
from pos.reports.tables import Table
from pos.store import shifts
from pos.store.reader import Reader
from pos.words.reports import ReportWords

Kind = Literal[
    "figures",
    "day",
    "hour",
    "product",
    "category",
    "operator",
    "seller",
    "tender",
    "customer",
    "tax",
    "stock",
    "top",
    "slow",
    "audit",
]
Span = Literal["today", "yesterday", "week", "month", "last_month"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_DATES = re.compile(r"(\d{4}-?\d{1,2}-?\d{1,2})\D*(\d{4}-?\d{1,2}-?\d{1,2})?", re.ASCII)


class Asked(msgspec.Struct, frozen=True):
    """A report of the business dates `first` to `last`; the stock is as of now."""

    kind: Kind
    first: str
    last: str

    @property
    def text(self) -> str:
        """One word for it, as a print job keeps it."""
        return f"{self.kind}:{self.first}:{self.last}"

    @classmethod
    def of(cls, text: str) -> Asked:
        """What `text` said. Refused("not_a_report")."""
        kind, _, dates = text.partition(":")
        first, _, last = dates.partition(":")
        return cls(kind_of(kind), first, last)

    @property
    def about(self) -> str:
        """The range as people write it."""
        if self.kind == "stock":
            return ""
        return self.first if self.first == self.last else f"{self.first} - {self.last}"


def kind_of(text: str) -> Kind:
    """A kind by its word. Refused("not_a_report")."""
    for kind in KINDS:
        if kind == text:
            return kind
    raise Refused("not_a_report", text=text[:20], known=" | ".join(KINDS))


def table_of(
    reader: Reader, asked: Asked, words: ReportWords, progress: Progress = go_on
) -> tuple[Table, str]:
    """The table, and the range as text. Refused("report_stopped") where `progress` ends it."""
    first, last = asked.first, asked.last
    match asked.kind:
        case "figures":
            scope = of_range(first, last)
            found = adding.figures(reader, scope)
            table = tables.of_figures(found, words, adding.counted(reader, scope) or ())
        case "tender":
            table = tables.of_tenders(by_tender(reader, first, last, progress), words)
        case "customer":
            table = tables.of_customers(customers(reader, first, last, progress), words)
        case "tax":
            table = tables.of_tax(tax(reader, first, last, progress), words)
        case "stock":
            table = tables.of_stock(stock_value(reader), words)
        case "top" | "slow":
            best, lying = movers(reader, first, last, progress=progress)
            top = asked.kind == "top"
            title = words.top_movers if top else words.slow_movers
            table = tables.of_movers(best if top else lying, title, words)
        case "audit":
            table = tables.of_audit(audit(reader, of_range(first, last), progress), words)
        case _:
            by: SalesBy = asked.kind
            table = tables.of_sales(sales(reader, by, first, last, progress), by, words)
    return table, asked.about


def x_scope(reader: Reader, subject: str) -> tuple[Scope, str]:
    """The scope of an X, `SHIFT:UPTO`, and whose it is; no shift is all since the last Z.

    Refused("shift_none").
    """
    shift_id, _, bound = subject.partition(":")
    upto = int(bound) if bound.isdigit() else reader.head()[0]
    if shift_id:
        shift = shifts.shift(reader, shift_id)
        if shift is None:
            raise Refused("shift_none")
        scope = msgspec.structs.replace(of_shift(shift_id, shift.business_date), upto_jn=upto)
        return scope, shift.operator
    last = shifts.last_day(reader)
    day = shifts.latest_date(reader)
    return of_z(day, last.jn if last else 0, upto), ""


def dates_of(text: str) -> tuple[str, str]:
    """Two typed dates, or one for both: 2026-03-01 2026-03-31, 20260301. Refused("not_a_date")."""
    found = _DATES.fullmatch(text.strip())
    if found is None:
        raise Refused("not_a_date", text=text[:40])
    first = _date(found[1], text)
    last = _date(found[2], text) if found[2] else first
    if last < first:
        raise Refused("not_a_date", text=text[:40])
    return first.isoformat(), last.isoformat()


def _date(text: str, whole: str) -> date:
    parts = text.split("-")
    if len(parts) == 1 and len(text) == 8:
        parts = [text[:4], text[4:6], text[6:]]
    try:
        year, month, day = map(int, parts)
        return date(year, month, day)
    except ValueError as error:
        raise Refused("not_a_date", text=whole[:40]) from error


def span(
    word: Literal["today", "yesterday", "week", "month", "last_month"], today: date
) -> tuple[str, str]:
    """The business dates of a word, `today` being the business date now."""
    match word:
        case "today":
            first = last = today
        case "yesterday":
            first = last = today - timedelta(days=1)
        case "week":
            first, last = today - timedelta(days=6), today
        case "month":
            first, last = today.replace(day=1), today
        case "last_month":
            last = today.replace(day=1) - timedelta(days=1)
            first = last.replace(day=1)
    return first.isoformat(), last.isoformat()
