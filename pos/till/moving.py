"""Lists, questions, help, and one step back: what every mode shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos.refusal import Refused
from pos.text import harmless
from pos.till import returning, stocking, wallets
from pos.till.state import Ask, Choice

if TYPE_CHECKING:
    from pos.till.till import Till
    from pos.till.view import DialogView

PAGE = 10
DUTIES, REPORTS = 11, 14
"""Rows of the two menus."""


def ask(
    till: Till,
    label: str,
    hint: str,
    answer: Callable[[str], None],
    *,
    free: bool = False,
    optional: bool = False,
    about: DialogView | None = None,
) -> None:
    """Ask for one text; where it is `optional`, Enter alone answers with none. `about` is in
    sight meanwhile."""
    shown = harmless(label), harmless(hint)  # either may quote a code with FNC1
    till.state.ask = Ask(*shown, answer, till.state.mode, free, optional, about)
    till.state.mode = "asking"


def answer(till: Till, text: str) -> None:
    """The text came; what it is for may refuse it, and then it is asked for again."""
    asked = till.state.ask
    if asked is None:
        return
    if not text and not asked.optional:
        back(till)
        return
    till.state.mode, till.state.ask = asked.back, None
    try:
        asked.answer(text)
    except Refused:
        if till.state.ask is None:
            till.state.mode, till.state.ask = "asking", asked
        raise


def offer(
    till: Till,
    title: str,
    columns: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    pick: Callable[[int], None],
) -> None:
    """Offer a list; the first row is selected."""
    till.state.choice = Choice(title, columns, rows, pick, till.state.mode)
    till.state.choice_row = 0
    till.state.mode = "choosing"


def offer_reasons(till: Till, reasons: tuple[str, ...], pick: Callable[[str], None]) -> None:
    """Offer reasons; `pick` gets the one chosen."""
    words = till.words.counter
    rows = tuple((reason,) for reason in reasons)
    offer(till, words.reason_title, words.reason_columns, rows, lambda i: pick(reasons[i]))


def choose(till: Till, text: str) -> None:
    """Enter on a list: the number typed, or the selected row."""
    choice = till.state.choice
    if choice is None:
        return
    row = till.state.choice_row
    if text:
        row = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 3 else -1
        if not 0 <= row < len(choice.rows):
            raise Refused("no_such_choice", text=text)
    till.state.mode, till.state.choice = choice.back, None
    choice.pick(row)


def move(till: Till, command: str) -> None:
    """The arrows: through the order, a list or the help."""
    step = {"up": -1, "down": 1, "page_up": -PAGE, "page_down": PAGE}[command]
    state = till.state
    if state.mode == "helping":
        state.help_top = max(0, state.help_top + step)
    elif state.mode == "choosing" and state.choice:
        state.choice_row = _within(state.choice_row + step, len(state.choice.rows))
    elif state.mode in ("products", "orders") and state.find:
        state.find.selected = _within(state.find.selected + step, len(state.find.rows))
    elif state.mode in ("stocking", "reviewing") and state.stock:
        shown = state.stock
        size = len((shown.final or shown.draft).entries)
        shown.selected = _within(shown.selected + step, size)
    elif state.mode == "returning":
        returning.move(till, step)
    elif state.mode == "invoices" and state.invoices:
        page = state.invoices
        page.selected = _within(page.selected + step, len(page.rows))
    elif state.mode == "receipt" and state.receipt:
        state.receipt.top = _within(state.receipt.top + step, len(state.receipt.rows))
    elif state.mode == "slip" and state.slip:
        state.slip.top = _within(state.slip.top + step, len(state.slip.rows))
    elif state.mode == "report" and state.report and state.report.table:
        state.report.top = _within(state.report.top + step, len(state.report.table.rows))
    elif state.mode == "reports":
        state.report_row = _within(state.report_row + step, REPORTS)
    elif state.mode == "duties":
        state.duty_row = _within(state.duty_row + step, DUTIES)
    elif state.mode == "counting" and state.counting:
        rows = len(state.counting.rows) + 1
        state.counting.at = _within(state.counting.at + step, rows)
    elif state.mode == "selling":
        state.change = None
        if state.order and state.order.lines:
            numbers = [line.line_no for line in state.order.lines]
            now = numbers.index(state.selected) if state.selected in numbers else len(numbers) - 1
            state.selected = numbers[_within(now + step, len(numbers))]


def _within(index: int, size: int) -> int:
    return max(0, min(index, size - 1))


def show_help(till: Till) -> None:
    """Show the keys."""
    state = till.state
    state.help_back, state.help_top, state.mode = state.mode, 0, "helping"


def back(till: Till) -> None:
    """Esc: one level up, never further."""
    state = till.state
    match state.mode:
        case "helping":
            state.mode = state.help_back
        case "asking" if state.ask:
            state.mode, state.ask = state.ask.back, None
        case "choosing" if state.choice:
            state.mode, state.choice = state.choice.back, None
            if state.approval:
                state.mode, state.approval = state.approval.back, None
        case "approving" if state.approval:
            state.mode, state.approval, state.typed_id = state.approval.back, None, ""
        case "receipt":
            state.mode, state.receipt = "orders" if state.find else "selling", None
        case "invoices":
            state.invoices, state.mode = None, "selling"
        case "code" if state.code:
            state.mode, state.code = state.code[1], None
        case "products" | "orders":
            state.mode = "returning" if state.returning else "selling"
            if state.stock is not None:
                state.mode = "stocking"
            state.find = None
        case "stocking":
            stocking.leave(till)
        case "reviewing":
            stocking.unreview(till)
        case "returning":
            returning.back(till)
        case "quick" | "pricing":
            state.mode = "selling"
        case "working" if state.work:
            state.work.stop()
        case "collecting":
            wallets.back(till)
        case "slip":
            state.mode = state.slip.back if state.slip else "selling"
            state.slip = None
        case "report":
            state.mode = "reports"
        case "counting" if state.counting:
            state.mode = state.counting.back
        case "counted":
            state.mode = "selling"
        case "duties" | "reports":
            state.mode = "selling"
        case "paying" | "refunding":
            if state.order and state.order.tenders:
                raise Refused("tender_taken")
            state.mode = "selling"
        case "signing" | "locked":
            state.typed_id = ""
        case _:
            state.quantity, state.change = None, None
