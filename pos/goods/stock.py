"""Goods received, moved, counted: rules on a draft.

A draft holds each product once. Scanning adds to it; a file may name a product only once.
"""

from __future__ import annotations

from msgspec.structs import replace

from pos.money import MAX_FEN, MAX_MILLI, MILLI, half_up
from pos.refusal import Refused
from pos.sale.order import Product
from pos.store import levels, stock
from pos.store.reader import Reader
from pos.store.stock import Draft, Entry

MOST_LINES = 5000


def add(reader: Reader, draft: Draft, code: str, milli: int, product: Product) -> Draft:
    """Put `milli` of what was scanned on the draft, a pack as its units.

    A product that is there already gets more; what the books hold of it is read anew, so that
    sales before and after it was counted do no harm.
    """
    units = milli * product.factor
    found = of_product(draft, product.product_id)
    check(product.name, product.weighed, units + (found.milli if found else 0))
    book = levels.book(reader, product.product_id) if draft.kind == "counted" else 0
    if found:
        more = replace(_with(found, found.milli + units), book_milli=book)
        return change(draft, more)
    if len(draft.entries) >= MOST_LINES:
        raise Refused("stock_too_long", most=MOST_LINES)
    base = reader.product(product.sku, off=True) or product  # a pack's name says its size
    cost = levels.cost(reader, product.product_id) if draft.kind in stock.INWARD else None
    entry = Entry(
        draft.next_line,
        product.product_id,
        product.sku,
        code,
        base.name,
        base.unit,
        product.weighed,
        units,
        cost,
        book_milli=book,
    )
    return replace(draft, entries=(*draft.entries, entry), next_line=draft.next_line + 1)


def of_product(draft: Draft, product_id: int) -> Entry | None:
    """The entry of a product."""
    return next((one for one in draft.entries if one.product_id == product_id), None)


def check(name: str, weighed: bool, milli: int, *, least: int = 1) -> None:
    """Refuse a quantity that cannot be meant; a stocktake may count `least` 0."""
    if milli < least:
        raise Refused("quantity_not_positive")
    if milli > MAX_MILLI:
        raise Refused("quantity_too_large", most=MAX_MILLI // MILLI)
    if not weighed and milli % MILLI:
        raise Refused("quantity_not_whole", name=name)


def change(draft: Draft, entry: Entry) -> Draft:
    """Put `entry` in place of the one with its number."""
    entries = tuple(entry if one.line_no == entry.line_no else one for one in draft.entries)
    return replace(draft, entries=entries)


def set_quantity(reader: Reader, draft: Draft, entry: Entry, milli: int) -> Draft:
    """There are `milli` of it; a stocktake may find none."""
    counted = draft.kind == "counted"
    check(entry.name, entry.weighed, milli, least=0 if counted else 1)
    book = levels.book(reader, entry.product_id) if counted else 0
    return change(draft, replace(_with(entry, milli), book_milli=book))


def set_cost(draft: Draft, entry: Entry, *, unit_fen: int = 0, all_fen: int | None = None) -> Draft:
    """One unit costs `unit_fen`, or all of it `all_fen`."""
    if not 0 <= (unit_fen if all_fen is None else all_fen) <= MAX_FEN:
        raise Refused("amount_too_large")
    if all_fen is not None:
        return change(draft, replace(entry, cost_fen=None, paid_fen=all_fen))
    priced = replace(entry, cost_fen=unit_fen, paid_fen=None)
    if (priced.total_fen or 0) > MAX_FEN:
        raise Refused("amount_too_large")
    return change(draft, priced)


def remove(draft: Draft, entry: Entry) -> Draft:
    """Take an entry off."""
    return replace(
        draft, entries=tuple(one for one in draft.entries if one.line_no != entry.line_no)
    )


def _with(entry: Entry, milli: int) -> Entry:
    """The entry with another quantity: a sum told for all of it becomes the cost of one unit."""
    if entry.paid_fen is None:
        return replace(entry, milli=milli)
    unit = half_up(entry.paid_fen * MILLI, entry.milli) if entry.milli else None
    return replace(entry, milli=milli, cost_fen=unit, paid_fen=None)
