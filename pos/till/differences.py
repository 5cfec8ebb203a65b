"""What differs between a bill and the till: listed by class, each settled by a manager's reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pos.access.signing import where_of
from pos.money import yuan
from pos.payments.row import AskNow
from pos.record import Where
from pos.refusal import Refused
from pos.store import attempts, bills
from pos.store.bills import DifferenceRow
from pos.text import clean, guarded
from pos.till import attempting, moving, reconciling, signing
from pos.till.state import Approved

if TYPE_CHECKING:
    from pos.till.till import Till

COLUMNS = (
    "channel", "day", "class", "number", "order_id", "local_fen", "bill_fen", "explained",
    "resolved_by", "reason",
)  # fmt: skip
LONGEST_REASON = 80


def show(till: Till, channel: str, day: date, summary: str, approved: Approved | None) -> None:
    """The list; picking a row offers what can be done about it, the last one writes a file."""
    words = till.words.billing
    found = bills.of_day(till.reader, channel, day.isoformat())
    if not found:
        till.tell(f"{words.all_agree}  {summary}", "ok")
        return

    def again() -> None:
        show(till, channel, day, summary, approved)

    def pick(index: int) -> None:
        if index == len(found):
            path = till.config.file.parent / f"reconcile-{channel}-{day.isoformat()}.csv"
            write_csv(path, found)
            till.tell(words.written.format(path=path), "ok")
        elif found[index].resolved_by:
            one = found[index]
            till.tell(words.settled_by.format(operator=one.resolved_by, reason=one.reason))
        else:
            _offer(till, found[index], approved, again)
            return
        again()

    rows = [_row(till, one) for one in found]
    blank = ("",) * (len(words.columns) - 1)
    title = f"{till.words.slips.ways[channel]} {day.isoformat()}  {summary}"
    moving.offer(till, title, words.columns, (*rows, (words.to_csv, *blank)), pick)


def _row(till: Till, one: DifferenceRow) -> tuple[str, ...]:
    words = till.words.billing
    state = words.open
    if one.resolved_by:
        state = words.settled
    elif one.explained:
        state = words.explained
    return (
        words.kinds[one.difference],
        till.reader.number_of(one.order_id) if one.order_id else one.number[-12:],
        _yuan(one.local_fen),
        _yuan(one.bill_fen),
        state,
    )


def _yuan(fen: int | None) -> str:
    return "-" if fen is None else yuan(fen)


def _offer(
    till: Till, one: DifferenceRow, approved: Approved | None, again: Callable[[], None]
) -> None:
    """What it means, and what can be done: ask the provider once more, or settle it."""
    words = till.words.billing
    row = attempts.of_number(till.reader, one.number) if one.order_id else None
    askable = row is not None and row.state not in attempting.TAKEN
    acts = [words.settle, *([words.ask] if askable else [])]

    def pick(index: int) -> None:
        if index == 0:
            _settle(till, one, approved, again)
        elif row is not None and till.payments is not None:
            till.wait(till.payments.send(row.attempt_id, AskNow()), lambda _: None)
            till.tell(till.words.wallets.asking)
            again()

    title = f"{words.kinds[one.difference]}  {words.advice[one.difference]}"
    moving.offer(till, title, ("",), tuple((text,) for text in acts), pick)


def _settle(
    till: Till, one: DifferenceRow, approved: Approved | None, again: Callable[[], None]
) -> None:
    words = till.words.billing

    def reasoned(reason: str) -> None:
        here = where_of(till.session)
        by = approved.approver if approved else here.operator
        where = Where(by, here.shift_id, here.business_date)
        facts = signing.override(till, "reconcile", approved, one.difference, one.number)

        def settled(_: None) -> None:
            till.tell(words.on_record.format(kind=words.kinds[one.difference]), "ok")
            again()

        till.write(lambda ledger: reconciling.settle(ledger, one, where, reason, *facts), settled)

    def own(text: str) -> None:
        reasoned(clean(text, LONGEST_REASON))

    def picked(index: int) -> None:
        if index < len(words.reasons):
            reasoned(words.reasons[index])
        else:
            moving.ask(till, words.own_reason, "", own, free=True)

    rows = tuple((text,) for text in (*words.reasons, words.own_reason))
    moving.offer(till, words.why, ("",), rows, picked)


def write_csv(path: Path, rows: Iterable[DifferenceRow]) -> None:
    """Differences as CSV in UTF-8 for a spreadsheet; no cell of it begins a formula.

    Refused: file_unwritable.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        own = (row.channel, row.day, row.difference, row.number, row.order_id)
        sums = (row.local_fen, row.bill_fen)
        said = (row.explained, row.resolved_by, row.reason)
        writer.writerow([*map(_cell, own), *sums, *map(_cell, said)])
    try:
        path.write_text(out.getvalue(), "utf-8-sig")
    except OSError as error:
        raise Refused("file_unwritable", path=path, why=error.strerror) from error


def _cell(value: object) -> str:
    return guarded(clean(str(value)))
