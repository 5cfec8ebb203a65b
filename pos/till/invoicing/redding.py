"""冲红 by key: all of an invoice, some of its rows, or what came back of the order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from pos.access.signing import where_of
from pos.invoices import reds
from pos.invoices.document import RedReason, RedRow
from pos.money import quantity, yuan
from pos.refusal import Refused
from pos.sale import entry
from pos.store.invoices import InvoiceRow
from pos.till import moving, signing
from pos.till.invoicing import acts, keeping, returns
from pos.till.state import Approved

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.till.till import Till


def whole(till: Till, row: InvoiceRow) -> None:
    """All that is left of it."""
    signing.guard(till, "invoice_amend", lambda _: None, lambda a: _ask_cause(till, row, {}, a))


def part(till: Till, row: InvoiceRow) -> None:
    """Rows, each with how much of it."""
    signing.guard(till, "invoice_amend", lambda _: None, lambda a: _choose(till, row, {}, a))


def returned(till: Till, row: InvoiceRow) -> None:
    """What came back of the order and no red letter takes with it."""

    def allowed(approved: Approved | None) -> None:
        returns.not_taken_back(till.reader, till.config, row)
        _put(till, row, acts.RETURNED, "return", approved)

    signing.guard(till, "invoice_amend", lambda _: None, allowed)


def _choose(
    till: Till, row: InvoiceRow, wanted: Mapping[int, int], approved: Approved | None
) -> None:
    """The invoice's rows with what is left of each; the first line of the list sends it."""
    words = till.words.invoices
    document = keeping.document_of(till.reader, till.config, row.invoice_no)
    if document is None:
        raise Refused("invoice_erased", number=row.number)
    standing = keeping.standing_of(till.reader, document, ())
    left = reds.whole(standing)
    taken = reds.by_number(standing, wanted) if wanted else ()
    by_n = {one.item.n: one for one in taken}
    send = (words.red_send, "", "", yuan(sum(one.net_fen for one in taken)))
    shown = (send, *(_shown(one, by_n.get(one.item.n)) for one in left))

    def picked(index: int) -> None:
        if index:
            _ask_quantity(till, row, wanted, approved, left[index - 1])
        elif not wanted:
            _choose(till, row, wanted, approved)
            raise Refused("invoice_red_none")
        else:
            _ask_cause(till, row, wanted, approved)

    title = words.red_title.format(number=row.bureau_no or row.invoice_no)
    moving.offer(till, title, words.red_columns, shown, picked)
    till.state.choice_row = 0 if wanted else min(1, len(left))


def _shown(left: RedRow, taken: RedRow | None) -> tuple[str, ...]:
    item = left.item
    mark = quantity(taken.milli) if taken else ""
    return (item.name, f"{quantity(left.milli)}{item.unit}", mark, yuan(left.net_fen))


def _ask_quantity(
    till: Till,
    row: InvoiceRow,
    wanted: Mapping[int, int],
    approved: Approved | None,
    left: RedRow,
) -> None:
    words = till.words.invoices

    def typed(text: str) -> None:
        milli = left.milli if not text else 0 if text == "0" else entry.read_quantity(text)
        if milli > left.milli:
            raise Refused("invoice_red_too_much", row=left.item.n, left=quantity(left.milli))
        others = {n: some for n, some in wanted.items() if n != left.item.n}
        _choose(till, row, others | ({left.item.n: milli} if milli else {}), approved)

    label = words.red_quantity.format(name=left.item.name)
    hint = words.red_quantity_hint.format(left=quantity(left.milli))
    moving.ask(till, label, hint, typed, optional=True)


def _ask_cause(
    till: Till, row: InvoiceRow, wanted: Mapping[int, int], approved: Approved | None
) -> None:
    """Why: the bureau's own reasons under its codes."""
    words, causes = till.words.invoices, acts.CAUSES
    shown = tuple((f"{reds.BUREAU_REASONS[one]} {words.causes[one]}",) for one in causes)

    def picked(index: int) -> None:
        _put(till, row, wanted, causes[index], approved)

    moving.offer(till, words.red_cause, till.words.counter.reason_columns, shown, picked)


def _put(
    till: Till,
    row: InvoiceRow,
    wanted: acts.Rows,
    cause: RedReason,
    approved: Approved | None,
) -> None:
    facts = signing.override(till, "invoice_amend", approved, row.invoice_no, cause)
    where = where_of(till.session)

    def job(ledger: Ledger) -> str:
        return acts.take_back(ledger, till.config, row.invoice_no, wanted, cause, where, facts)

    till.write(job, partial(_asked, till))


def _asked(till: Till, no: str) -> None:
    if till.invoicing is not None:
        till.invoicing.look()
    till.tell(till.words.invoices.red_asked.format(number=no), "ok")
