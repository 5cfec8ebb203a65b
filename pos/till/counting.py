"""Counting money: pieces by denomination, sums of the other ways; nothing says what is expected.

The numbers pad is enough: pieces, Enter, next. What differs is shown once it was handed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.config import fen as fen_of
from pos.money import yuan
from pos.refusal import Refused
from pos.sale import counting as rules
from pos.sale.counting import Cash, Count
from pos.till import moving
from pos.till.state import Approval, Counting
from pos.till.view import CountedRow, CountedView, CountRow, CountView, PromptView
from pos.words.refusals import fill

if TYPE_CHECKING:
    from pos.till.state import Approved
    from pos.till.till import Till


def start(till: Till, counting: Counting) -> None:
    """Begin, or go on where it was left, and say so."""
    before = till.state.counting
    if before is not None and _same(before, counting):
        counting = before
        if before.typed:
            till.tell(till.words.shifts.count_goes_on, "warn")
    till.state.counting = counting
    till.state.mode = "counting"


def _same(before: Counting, counting: Counting) -> bool:
    return (before.shift_id, before.rows) == (counting.shift_id, counting.rows)


def denominations(till: Till) -> tuple[int, ...]:
    """What is counted, in fen, largest first."""
    found = till.config.settings.shift.denominations
    return rules.check_denominations([fen_of(one) for one in found])


def current(till: Till) -> Counting:
    """The count on its way."""
    if till.state.counting is None:
        raise Refused("not_here")
    return till.state.counting


def entered(till: Till, text: str, burst: bool) -> None:
    """A number for the row, then the next row; on the last row it is handed in."""
    now = current(till)
    if burst:
        raise Refused("not_here")  # a barcode strayed here: it is no number of pieces
    if now.at >= len(now.rows):
        if text:
            raise Refused("not_here")
        submit(till)
        return
    row = now.rows[now.at]
    if text:
        now.typed[now.at] = (
            rules.pieces_of(text) if isinstance(row, int) else rules.declared_of(text)
        )
    elif now.offered is not None and not now.typed and now.at == 0:
        now.then(now)  # taken over as it was left
        return
    now.at += 1


def acted(till: Till, command: str, text: str) -> None:
    """A key of counting."""
    now = current(till)
    match command:
        case "count_next":
            entered(till, text, burst=False)
        case "count_submit":
            if text:
                entered(till, text, burst=False)
            submit(till)
        case "count_clear":
            now.typed.pop(now.at, None)
        case _:
            raise Refused("not_here")


def cash_of(till: Till, now: Counting) -> Cash:
    """What was typed as notes and coins."""
    known = denominations(till)
    pieces = {row: now.typed.get(n, 0) for n, row in enumerate(now.rows) if isinstance(row, int)}
    return rules.count(pieces, known)


def declared_of(now: Counting) -> dict[str, int]:
    """What was typed as sums of the other ways."""
    return {row: now.typed.get(n, 0) for n, row in enumerate(now.rows) if isinstance(row, str)}


def submit(till: Till) -> None:
    """Hand it in. A bare screen is no count: a 0 has to be typed."""
    now = current(till)
    if not now.typed:
        raise Refused("count_nothing")
    now.then(now)


# --- what differs ---


def show_difference(till: Till) -> None:
    """What was declared against what should be there."""
    till.state.mode = "counted"


def counted_entered(till: Till, text: str, burst: bool) -> None:
    """Enter: leave it as it is."""
    if text:
        raise Refused("not_here")
    counted_acted(till, "count_sign", "")


def counted_acted(till: Till, command: str, text: str) -> None:
    """Count again, sign, or close unsigned."""
    now = current(till)
    if now.count is None:
        raise Refused("not_here")
    match command:
        case "recount":
            now.first = now.first or {one.way: one.declared_fen for one in now.count.shown}
            now.count = rules.recount(now.count)
            now.typed, now.at = {}, 0
            now.title = till.words.shifts.recount_title
            till.state.mode = "counting"
        case "count_sign":
            _sign(till, now)
        case "count_unsigned":
            _reasoned(till, now, accepted(now.count))
        case _:
            raise Refused("not_here")


def _sign(till: Till, now: Counting) -> None:
    """Another operator with the right signs; one who has it himself needs nobody."""
    count = accepted(now.count or Count({}))
    if "count_sign" in till.session.rights:
        _reasoned(till, now, count, till.session.operator_id)
        return
    words = till.words.shifts

    def signed(approved: Approved | None) -> None:
        if approved is not None:
            by = rules.sign(count, approved.approver, till.session.operator_id)
            _finish(till, now, by, approved.reason)

    why = fill(words.tolerance, fen=(fen_of(till.config.settings.shift.tolerance)))
    till.state.approval = Approval("count_sign", why, lambda _: None, signed, "counted")
    till.state.mode, till.state.typed_id = "approving", ""


def _reasoned(till: Till, now: Counting, count: Count, approver: str = "") -> None:
    """It closes without a second person; the reason is asked for."""
    reasons = till.words.shifts.sign_reasons

    def picked(reason: str) -> None:
        _finish(till, now, rules.leave(count, approver), reason)

    moving.offer_reasons(till, reasons, picked)


def _finish(till: Till, now: Counting, count: Count, reason: str) -> None:
    now.count = count
    now.reason = reason
    now.then(now)


def accepted(count: Count) -> Count:
    """A count whose difference is left as it is; a second one is so already."""
    return rules.accept(count) if count.stage == "shown" else count


def handed_in(till: Till, now: Counting, expected: dict[str, int]) -> Count:
    """The count against what should be there: done, or with a difference to answer for."""
    if now.count is not None and now.count.stage == "recounting":
        state = replace(now.count, expected=expected)
    else:
        state = Count(expected, fen_of(till.config.settings.shift.tolerance))
    return rules.submit(state, declared_of(now), cash_of(till, now))


# --- views ---


def prompt(till: Till) -> PromptView:
    """What the number is for."""
    now, words = till.state.counting, till.words.shifts
    if now is None:
        return PromptView(words.close_title)
    if now.at >= len(now.rows):
        return PromptView(words.submit_row, words.submit_hint)
    row = now.rows[now.at]
    if isinstance(row, int):
        hint = words.float_hint if now.offered is not None and not now.typed else words.count_hint
        return PromptView(words.count_label.format(name=note(row)), hint)
    return PromptView(words.way_label.format(name=way_name(till, row)), words.way_hint)


def panel(till: Till) -> CountView | None:
    """The rows with what was typed, and the cash so far."""
    now, words = till.state.counting, till.words.shifts
    if now is None:
        return None
    rows = []
    for n, row in enumerate(now.rows):
        typed = now.typed.get(n)
        if isinstance(row, int):
            pieces = "" if typed is None else str(typed)
            amount = "" if typed is None else yuan(row * typed)
            rows.append(CountRow(note(row), pieces, amount, cash=True))
        else:
            amount = "" if typed is None else yuan(typed)
            rows.append(CountRow(way_name(till, row), "", amount, cash=False))
    offered = fill(words.offered, fen=(now.offered)) if now.offered is not None else ""
    return CountView(
        title=now.title,
        columns=words.count_columns,
        rows=tuple(rows),
        selected=now.at,
        sum_label=words.cash_sum,
        cash_sum=yuan(cash_of(till, now).fen),
        submit=words.submit_row,
        note=offered,
    )


def counted_prompt(till: Till) -> PromptView:
    """What can be done about it."""
    words = till.words.shifts
    return PromptView(words.counted_title, words.counted_hint)


def counted_panel(till: Till) -> CountedView | None:
    """Every way: declared, expected, over or short."""
    now, words = till.state.counting, till.words.shifts
    if now is None or now.count is None:
        return None
    rows = tuple(
        CountedRow(
            way_name(till, one.way),
            yuan(one.declared_fen),
            yuan(one.expected_fen),
            yuan(one.fen),
            words.over if one.fen > 0 else words.short if one.fen < 0 else words.even,
            one.fen != 0,
        )
        for one in now.count.shown
    )
    tolerance = fen_of(till.config.settings.shift.tolerance)
    lines = [fill(words.tolerance, fen=(tolerance))]
    if now.count.recounted:
        first = now.first.get("cash", 0)
        lines.append(fill(words.recounted, fen=(first)))
    else:
        lines.append(words.once_more)
    return CountedView(words.counted_title, words.counted_columns, rows, tuple(lines))


def note(fen: int) -> str:
    """A denomination as people call it: 100, 0.50."""
    whole, part = divmod(fen, 100)
    return f"{whole}.{part:02d}" if part else str(whole)


def way_name(till: Till, way: str) -> str:
    """A way of paying in words."""
    return till.words.slips.ways.get(way, way)
