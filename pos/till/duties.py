"""What a cashier or a manager does beside selling (F12): shift, day, cash, figures, reports.

A list; each row has a key of its own, so that everything is two strokes away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.access.rights import may
from pos.commands import shown_key
from pos.refusal import Refused
from pos.till import cashing, daily, reporting, signing, slipping
from pos.till.invoicing import daylist
from pos.till.view import ListView
from pos.words.commands import act

if TYPE_CHECKING:
    from pos.till.till import Till

MENU = (
    *("close_shift", "sign_out", "close_day", "x_report", "cash_in", "cash_out", "cash_drop"),
    *("reports", "closes", "count_late", "invoice_day"),
)


def show(till: Till) -> None:
    """Open the menu; an order on the screen stays in the way of leaving, not of looking."""
    till.state.duty_row, till.state.mode = 0, "duties"
    till.state.change = None


def entered(till: Till, text: str, burst: bool) -> None:
    """A row by its number, or the chosen one."""
    row = till.state.duty_row
    if text:
        row = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 3 else -1
    if not 0 <= row < len(MENU):
        raise Refused("no_such_choice", text=text)
    acted(till, MENU[row], "")


def acted(till: Till, command: str, text: str) -> None:
    """One of the duties; what is done stands on the sale screen again."""
    if command not in MENU:
        raise Refused("not_here")
    till.state.mode = "selling"
    match command:
        case "close_shift":
            daily.close_shift(till)
        case "sign_out":
            signing.sign_out(till)
        case "close_day":
            daily.close_day(till)
        case "x_report":
            slipping.ask_x(till)
        case "cash_in" | "cash_out" | "cash_drop":
            cashing.ask(till, command)
        case "reports":
            signing.guard(till, "reports", lambda _: None, lambda _: reporting.show(till))
        case "closes":
            slipping.show_closes(till)
        case "count_late":
            daily.count_late(till)
        case "invoice_day":
            daylist.show(till)


def panel(till: Till) -> ListView:
    """The rows: key, name, what it does; one that needs somebody else stands in brackets."""
    words = till.words
    rows = []
    for command in MENU:
        said = act(words.commands, command)
        name = said.name if may(command, till.state.session) else f"({said.name})"
        rows.append((shown_key(till.keymap.key_of(command)), name, said.help))
    return ListView(words.shifts.title, words.shifts.columns, tuple(rows), till.state.duty_row)
