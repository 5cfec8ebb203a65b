"""X reports and past closes: read on the screen, printed again."""

from __future__ import annotations

from contextlib import closing as closed_after
from typing import TYPE_CHECKING

from pos.access.rights import require
from pos.clock import local, moment_of
from pos.config import Config
from pos.money import yuan
from pos.refusal import Refused
from pos.store import shifts
from pos.store.reader import Reader
from pos.till import moving, printing, receipts, signing
from pos.till.state import SlipPage
from pos.till.view import PromptView, ReceiptRows, ReceiptView

if TYPE_CHECKING:
    from pos.commands import Mode
    from pos.till.state import Approved
    from pos.till.till import Till


def ask_x(till: Till) -> None:
    """X of the own shift or of all since the last Z; by right, and changing nothing."""
    words = till.words.shifts

    def act(_: Approved | None) -> None:
        def picked(index: int) -> None:
            upto = till.reader.head()[0]
            shift = till.session.shift_id if index == 0 else ""
            show(till, "x", f"{shift}:{upto}", "selling")

        rows = tuple((row,) for row in words.x_rows)
        moving.offer(till, words.x_title, words.x_columns, rows, picked)

    signing.guard(till, "x_report", lambda _: None, act)


def show(till: Till, kind: str, subject: str, back: Mode) -> None:
    """Read a slip; what is typed meanwhile waits for it."""

    def laid_out(made: tuple[ReceiptRows, int]) -> None:
        title = till.words.shifts.slips[kind]
        till.state.slip = SlipPage(title, made[0], made[1], kind, subject, back)
        till.state.mode = "slip"

    till.held(lambda: rows_of(till.config, kind, subject), laid_out)


def rows_of(config: Config, kind: str, subject: str) -> tuple[ReceiptRows, int]:
    """A slip in screen rows, and its width; opens a reader of its own."""
    with closed_after(Reader(config.ledger)) as reader:
        layout = receipts.job_slip(config, reader, kind, subject)
    return receipts.pieces_of(layout), config.settings.receipt.columns


def show_closes(till: Till) -> None:
    """Days and shifts closed before, newest first."""
    words = till.words.shifts

    def act(_: Approved | None) -> None:
        found = shifts.recent(till.reader)
        if not found:
            raise Refused("no_closes")
        rows = tuple(_row(till, one) for one in found)

        def picked(index: int) -> None:
            show(till, found[index].kind, found[index].subject, "selling")

        moving.offer(till, words.closes_title, words.closes_columns, rows, picked)

    signing.guard(till, "closes", lambda _: None, act)


def _row(till: Till, one: shifts.Closed) -> tuple[str, ...]:
    words = till.words.shifts
    name = words.slips[one.kind] + (f" {one.subject}" if one.kind == "z" else "")
    off = "" if one.difference_fen is None else yuan(one.difference_fen)
    return (
        name,
        one.business_date,
        f"{local(moment_of(one.closed_at)):%m-%d %H:%M}",
        f"{one.operator}{' ' + words.auto if one.auto else ''}",
        yuan(one.fen),
        off,
    )


def entered(till: Till, text: str, burst: bool) -> None:
    """Enter goes on; a scan strayed here."""
    if text:
        raise Refused("not_here")
    moving.back(till)


def acted(till: Till, command: str, text: str) -> None:
    """Print what is read."""
    page = till.state.slip
    if command != "print_slip" or page is None:
        raise Refused("not_here")
    require("print_slip", till.state.session)

    def done(_: object) -> None:
        printing.take_up(till)
        till.tell(till.words.shifts.printed, "ok")

    till.write(lambda ledger: ledger.print_slip(page.subject, page.kind), done)


def panel(till: Till) -> ReceiptView | None:
    """The slip as on paper."""
    page = till.state.slip
    return ReceiptView(page.title, page.rows, page.columns, page.top) if page else None


def prompt(till: Till) -> PromptView:
    """Arrows read it."""
    page = till.state.slip
    return PromptView(page.title if page else "", "↑ ↓")


def back(till: Till) -> None:
    """Done reading; a check that runs behind is stopped only by a second Esc on the front page."""
    page = till.state.slip
    till.state.slip = None
    till.state.mode = page.back if page else "selling"
