"""A document of stock as it is seen: blind while it is counted, whole when it is looked over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.commands import shown_key
from pos.money import MILLI, quantity, yuan
from pos.sale.costing import worth
from pos.store import levels
from pos.store.stock import INWARD, Draft, Entry
from pos.till.view import FindView, Panel, PromptView

if TYPE_CHECKING:
    from pos.till.till import Till


def document(till: Till) -> Panel | None:
    """What was scanned so far, the newest chosen."""
    shown = till.state.stock
    if shown is None:
        return None
    words, draft = till.words.stock, shown.draft
    rows = tuple(_row(till, draft, entry) for entry in draft.entries)
    columns = words.columns
    if draft.kind not in INWARD:
        columns = words.blind_columns if draft.kind == "counted" else words.out_columns
    figures = frozenset(range(2, len(columns)))
    return FindView(_title(till, draft), columns, rows, shown.selected, _note(till, draft), figures)


def looked_over(till: Till) -> Panel | None:
    """What posting will do: a count with what the books held, the rest as it was made."""
    shown = till.state.stock
    if shown is None or shown.final is None:
        return None
    words, final = till.words.stock, shown.final
    title = words.review.format(kind=_title(till, final))
    if final.kind != "counted":
        columns = words.columns if final.kind in INWARD else words.out_columns
        rows = tuple(_row(till, final, entry) for entry in final.entries)
        note = _note(till, final)
    else:
        columns = words.review_columns
        rows, note = _differences(till, final)
    figures = frozenset(range(2, len(columns)))
    return FindView(title, columns, rows, shown.selected, note, figures)


def ask_goods(till: Till) -> PromptView:
    """A code, with the quantity that goes before it."""
    words, count = till.words.stock, till.state.quantity
    prefix = f"{quantity(count)} x " if count is not None else ""
    key = shown_key(till.keymap.key_of("quantity"))
    return PromptView(words.scan, words.scan_hint.format(key=key), prefix)


def ask_post(till: Till) -> PromptView:
    """Nothing is typed; a key posts."""
    words, shown = till.words.stock, till.state.stock
    key = shown_key(till.keymap.key_of("stock_post"))
    kind = words.kinds[shown.draft.kind] if shown else ""
    return PromptView(words.review.format(kind=kind), words.review_hint.format(key=key))


def _title(till: Till, draft: Draft) -> str:
    words = till.words.stock
    parts = (words.kinds[draft.kind], draft.partner, draft.reference, draft.reason)
    return "  ".join(part for part in parts if part)


def _note(till: Till, draft: Draft) -> str:
    words, entries = till.words.stock, draft.entries
    pieces = quantity(sum(MILLI if one.milli % MILLI else one.milli for one in entries))
    if draft.kind not in INWARD:
        return words.note_count.format(lines=len(entries), pieces=pieces)
    total = yuan(sum(one.total_fen or 0 for one in entries))
    return words.note.format(lines=len(entries), pieces=pieces, total=total)


def _row(till: Till, draft: Draft, entry: Entry) -> tuple[str, ...]:
    row = (entry.name, entry.sku, quantity(entry.milli) + entry.unit)
    if draft.kind not in INWARD:
        return row
    unknown = till.words.stock.unknown_cost
    total = entry.total_fen
    unit = entry.cost_fen
    if unit is None and total is not None:
        unit = (total * 2 * MILLI + entry.milli) // (2 * entry.milli)
    return (
        *row,
        unknown if unit is None else yuan(unit),
        unknown if total is None else yuan(total),
    )


def _differences(till: Till, final: Draft) -> tuple[tuple[tuple[str, ...], ...], str]:
    """Rows of a count, what differs first, and what it comes to."""
    words, rows = till.words.stock, []
    over = short = differ = 0
    for entry in final.entries:
        milli = entry.milli - entry.book_milli
        fen = worth(levels.value(till.reader, entry.product_id), milli)
        differ += bool(milli)
        over, short = over + max(fen or 0, 0), short + min(fen or 0, 0)
        shown = words.unknown_cost if fen is None else yuan(fen)
        sign = "+" if milli > 0 else ""
        cells = (quantity(entry.book_milli), quantity(entry.milli), sign + quantity(milli), shown)
        rows.append((not milli, (entry.name, entry.sku, *cells)))
    rows.sort(key=lambda row: row[0])
    note = words.note_review.format(lines=differ, over=yuan(over), short=yuan(short))
    return tuple(row for _, row in rows), note
