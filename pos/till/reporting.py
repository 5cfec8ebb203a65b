"""Reports on the screen: chosen by key, made in a thread, exported, printed; all stays live."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing as closed_after
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pos.clock import business_date
from pos.refusal import Refused
from pos.reports import asked as asking
from pos.reports import export
from pos.reports.asked import KINDS, Asked, Span
from pos.reports.tables import Table
from pos.store.reader import Reader
from pos.till import moving, printing
from pos.till.state import ReportPage, Work
from pos.till.view import ListView, PromptView, ReportView
from pos.words.refusals import fill
from pos.words.reports import CATALOGUE, ReportWords

if TYPE_CHECKING:
    from pos.till.till import Till

_SPANS: dict[str, Span] = {
    "report_today": "today",
    "report_yesterday": "yesterday",
    "report_week": "week",
    "report_month": "month",
    "report_last_month": "last_month",
}
TOLD_EVERY = 0.1
"""Seconds between two looks at how far it is."""


def words_of(till: Till) -> ReportWords:
    """The words of reports."""
    return CATALOGUE[till.config.settings.till.language]


def show(till: Till) -> None:
    """The list of reports."""
    till.state.mode = "reports"


def today(till: Till) -> date:
    """The business date: the shift's, or the clock's where nobody is signed in."""
    session = till.state.session
    if session is not None and session.business_date:
        return date.fromisoformat(session.business_date)
    return business_date(till.clock.now(), till.config.settings.shift.cutoff_hour)


# --- the list ---


def entered(till: Till, text: str, burst: bool) -> None:
    """A report by its number, or the chosen one; of today unless dates were chosen before."""
    row = till.state.report_row
    if text:
        row = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 3 else -1
    if not 0 <= row < len(KINDS):
        raise Refused("no_such_choice", text=text)
    till.state.report_row = row
    page = till.state.report
    if page is None:
        first, last = asking.span("today", today(till))
    else:
        first, last = page.first, page.last
    _make(till, Asked(KINDS[row], first, last))


def list_panel(till: Till) -> ListView:
    """Which reports there are."""
    words = words_of(till)
    rows = tuple(words.reports[kind] for kind in KINDS)
    return ListView(words.reports_title, words.reports_columns, rows, till.state.report_row)


# --- one report ---


def report_entered(till: Till, text: str, burst: bool) -> None:
    """Two dates choose the range; Enter alone goes back to the list."""
    if text:
        first, last = asking.dates_of(text)
        _again(till, first, last)
    else:
        till.state.mode = "reports"


def acted(till: Till, command: str, text: str) -> None:
    """A range, a file or paper."""
    page = till.state.report
    if page is None:
        raise Refused("not_here")
    words = words_of(till)
    match command:
        case "report_range":
            moving.ask(
                till,
                words.range_label,
                words.range_hint,
                lambda typed: _again(till, *asking.dates_of(typed)),
                free=True,
            )
        case "report_csv" | "report_xlsx":
            _ask_path(till, page, command.removeprefix("report_"))
        case "print_slip":
            _print(till, page)
        case _ if command in _SPANS:
            _again(till, *asking.span(_SPANS[command], today(till)))
        case _:
            raise Refused("not_here")


def _again(till: Till, first: str, last: str) -> None:
    page = till.state.report
    if page is not None:
        _make(till, Asked(asking.kind_of(page.kind), first, last))


def _make(till: Till, wanted: Asked) -> None:
    """Add up in a thread over a read-only connection; Esc stops it, the counter stays live."""
    words, stop, held = words_of(till), threading.Event(), list[Reader]()
    before, began = till.state.report, time.monotonic()
    title = words.reports[wanted.kind][0]

    def end() -> None:
        stop.set()
        for reader in list(held):
            with suppress(sqlite3.Error):
                reader.interrupt()

    work = Work(title, end, (wanted.about, words.stop_hint))
    told = 0.0

    def progress(done: int, total: int) -> bool:
        nonlocal told
        now = time.monotonic()
        if now - told > TOLD_EVERY:
            told = now
            work.lines = (wanted.about, words.making.format(done=done, total=total))
            work.part = done / total if total else 0.0
            till.changed()
        return not stop.is_set()

    def make() -> Table:
        with closed_after(Reader(till.config.ledger)) as reader:
            held.append(reader)
            try:
                table, _ = asking.table_of(reader, wanted, words, progress)
            except sqlite3.OperationalError as error:
                if stop.is_set():
                    raise Refused("report_stopped") from error
                raise
            finally:
                held.clear()
        if stop.is_set():
            raise Refused("report_stopped")
        return table

    def made(table: Table) -> None:
        if till.state.work is not work:
            return
        till.state.work = None
        till.state.report = ReportPage(wanted.kind, wanted.first, wanted.last, table)
        till.state.mode = "report"
        seconds = f"{time.monotonic() - began:.1f}"
        if table.rows:
            till.tell(words.made.format(count=len(table.rows), seconds=seconds))
        else:
            till.tell(words.no_rows, "warn")

    def stopped(refused: Refused) -> None:
        if till.state.work is work:
            till.state.work, till.state.report = None, before
            till.state.mode = "report" if before and before.table else "reports"
        till.refuse(refused)

    till.state.work, till.state.mode = work, "working"
    till.aside(make, made, stopped, "reports")


def _ask_path(till: Till, page: ReportPage, suffix: str) -> None:
    words, table = words_of(till), page.table
    if table is None:
        return
    name = f"{page.kind}-{page.first}-{page.last}.{suffix}"
    offered = till.config.file.parent / "reports" / name

    def typed(text: str) -> None:
        path = Path(text).expanduser() if text else offered
        if path.suffix.lower() != f".{suffix}":
            path = path.with_name(f"{path.name}.{suffix}")

        def write() -> Path:
            path.parent.mkdir(parents=True, exist_ok=True)
            export.write(table, path)
            return path

        till.aside(
            write, lambda done: till.tell(fill(words.written, path=done), "ok"), room="reports"
        )

    label = words.path_label.format(path=offered.name)
    moving.ask(till, label, str(offered.parent), typed, free=True, optional=True)


def _print(till: Till, page: ReportPage) -> None:
    wanted = Asked(asking.kind_of(page.kind), page.first, page.last)

    def done(_: object) -> None:
        printing.take_up(till)
        till.tell(till.words.shifts.printed, "ok")

    till.write(lambda ledger: ledger.print_slip(wanted.text, "report"), done)


def panel(till: Till) -> ReportView | None:
    """The table with its bars, from the first row that is shown."""
    page, words = till.state.report, words_of(till)
    if page is None or page.table is None:
        return None
    table = page.table
    most = max((value for _, value in table.pairs), default=0)
    bars = tuple(max(value, 0) * 1000 // most if most else 0 for _, value in table.pairs)
    right = frozenset(n for n, column in enumerate(table.columns) if column.kind != "text")
    about = Asked(asking.kind_of(page.kind), page.first, page.last).about
    return ReportView(
        words.reports[page.kind][0],
        about,
        tuple(column.name for column in table.columns),
        table.texts,
        right,
        bars if most else (),
        page.top,
        words.no_rows if not table.rows else "",
    )


def prompt(till: Till) -> PromptView:
    """Dates can be typed at once."""
    words = words_of(till)
    return PromptView(words.range_label, words.range_hint)
