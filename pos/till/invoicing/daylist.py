"""The invoices of a day on the screen: issued, failed, pending, red; many at once from here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, get_args

from pos.access.rights import require
from pos.clock import business_date, local, moment_of
from pos.money import yuan
from pos.refusal import Refused
from pos.store import invoices
from pos.store.invoices import InvoiceRow, RedRow
from pos.till.invoicing import batch, counter, orders
from pos.till.invoicing.keeping import document_of
from pos.till.view import FindView, PromptView

if TYPE_CHECKING:
    from pos.till.till import Till

Filter = Literal["", "issued", "failed", "pending", "red"]
_FILTERS: tuple[Filter, ...] = get_args(Filter)
_SHOWS: dict[Filter, tuple[str, ...]] = {
    "": (),
    "issued": ("issued", "exported"),
    "failed": ("failed", "lapsed", "refused", "gone"),
    "pending": ("asked",),
    "red": ("red",),
}


@dataclass
class DayPage:
    """A day's invoices and red letters as they were last read; `selected` is a row of both."""

    day: date
    show: Filter = ""
    found: list[InvoiceRow | RedRow] = field(default_factory=list)
    rows: tuple[tuple[str, ...], ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    selected: int = 0


def show(till: Till) -> None:
    """Today's list. Refused: invoice_off, invoice_not_here."""
    require("invoice_day", till.session)
    orders.check_owner(till.config)
    cutoff = till.config.settings.shift.cutoff_hour
    till.state.invoices = DayPage(business_date(till.clock.now(), cutoff))
    till.state.mode = "invoices"
    read(till)


def page_of(till: Till) -> DayPage:
    """The list on the screen."""
    if till.state.invoices is None:
        raise Refused("not_here")
    return till.state.invoices


def read(till: Till) -> None:
    """Read the list anew; the same row stays chosen."""
    page = page_of(till)
    day = page.day.isoformat()
    rows: list[InvoiceRow | RedRow] = [
        *invoices.of_day(till.reader, day),
        *invoices.reds_of_day(till.reader, day),
    ]
    rows.sort(key=lambda row: row.asked_at, reverse=True)
    states = [row.state for row in rows]
    page.counts = {
        "issued": sum(one in _SHOWS["issued"] for one in states),
        "failed": sum(one in _SHOWS["failed"] for one in states),
        "pending": sum(isinstance(r, InvoiceRow) and r.state == "asked" for r in rows),
        "red": states.count("red"),
        "red_pending": sum(isinstance(r, RedRow) and r.state == "asked" for r in rows),
    }
    wanted = _SHOWS[page.show]
    page.found = [row for row in rows if not wanted or row.state in wanted]
    page.rows = tuple(_row(till, row) for row in page.found)
    page.selected = max(0, min(page.selected, len(page.rows) - 1))


def _row(till: Till, row: InvoiceRow | RedRow) -> tuple[str, ...]:
    words = till.words.invoices
    at = f"{local(moment_of(row.asked_at)):%H:%M}"
    if isinstance(row, RedRow):
        number = till.reader.number_of(row.order_id)
        what = words.causes[row.cause]
        state = words.red_states[row.state]
        return (at, number[-7:], what, yuan(-row.total_fen), state, row.bureau_no or row.reason)
    document = document_of(till.reader, till.config, row.invoice_no)
    title = document.buyer.title if document else "-"
    if row.special:
        title = f"{words.special} {title}"
    state = words.states[row.state]
    end = row.bureau_no or row.reason
    return (at, row.number[-7:], title, yuan(row.total_fen), state, end)


def entered(till: Till, text: str, burst: bool) -> None:
    """Enter: what can be done with the chosen invoice."""
    if text:
        raise Refused("not_here")
    page = page_of(till)
    if not page.found:
        raise Refused("invoice_none_listed")
    row = page.found[page.selected]
    if isinstance(row, RedRow):
        invoice = invoices.get_invoice(till.reader, row.invoice_no)
        if invoice is None:
            raise Refused("invoice_unknown", number=row.invoice_no)
        row = invoice
    counter.offer(till, row.number, row)


def acted(till: Till, command: str, text: str) -> None:
    """A key on the list."""
    page = page_of(till)
    match command:
        case "invoices_before" | "invoices_after":
            page.day += timedelta(days=-1 if command == "invoices_before" else 1)
            page.selected = 0
            read(till)
        case "invoices_filter":
            page.show = _FILTERS[(_FILTERS.index(page.show) + 1) % len(_FILTERS)]
            read(till)
        case "invoices_ask":
            batch.ask_all(till)
        case "invoices_again":
            failed = [r for r in page.found if isinstance(r, InvoiceRow) and r.state == "failed"]
            batch.issue_again(till, failed)
        case "invoices_issue":
            batch.ask_file(till)
        case "invoices_export":
            batch.export(till)
        case _:
            raise Refused("not_here")


def prompt(till: Till) -> PromptView:
    """A row is taken with Enter."""
    words = till.words.invoices
    return PromptView(words.day_title.format(day=page_of(till).day.isoformat()), words.day_hint)


def panel(till: Till) -> FindView:
    """The list with its sums."""
    page, words = page_of(till), till.words.invoices
    title = words.day_title.format(day=page.day.isoformat())
    if page.show:
        title = f"{title}  [{words.filters[page.show]}]"
    note = words.day.format(**page.counts)
    return FindView(title, words.day_columns, page.rows, page.selected, note, frozenset({3}))
