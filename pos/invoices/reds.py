"""Red letters: which rows of which invoices go back when goods do. Pure.

Money is given back first; the red letter follows and no return waits for it. The whole invoice
names no rows; part of it names rows by the invoice's own numbers, net of their discounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from pos.invoices.document import Document, Item, RedForm, RedReason, RedRow
from pos.money import quantity
from pos.refusal import Refused

BUREAU_REASONS: dict[RedReason, str] = {
    "mistake": "01",
    "return": "02",
    "stopped": "03",
    "allowance": "04",
}
"""The bureau's own codes; a provider may number them otherwise."""
LAPSE_HOURS = 72
"""A form the buyer has not confirmed by then is void and may be applied for anew."""


class Standing(msgspec.Struct, frozen=True):
    """An issued invoice and what was already taken back of its rows."""

    invoice_no: str
    items: tuple[Item, ...]
    reds: tuple[RedRow, ...] = ()

    @property
    def left_fen(self) -> int:
        """What it still stands for."""
        gone = sum(row.net_fen for row in self.reds)
        return sum(item.net_fen for item in self.items) - gone


class Back(msgspec.Struct, frozen=True):
    """Goods of an order's line that came back: positive figures, as stored on the return."""

    line_no: int
    milli: int
    net_fen: int
    tax_fen: int


def rows_for(standing: Standing, back: Sequence[Back]) -> tuple[RedRow, ...]:
    """The rows of one invoice that `back` takes with it; () where none of its lines is in it.

    A line that is split over invoices, or of which stored value paid a part, gives at most what
    is left of its row here; the rest belongs to another invoice or to none.
    """
    left = {item.n: _left(item, standing.reds) for item in standing.items}
    rows = []
    for one in back:
        want = one
        for item in standing.items:
            if item.line_no != one.line_no or want.net_fen <= 0:
                continue
            row = _take(left[item.n], want)
            if row is None:
                continue
            rows.append(row)
            want = Back(
                want.line_no,
                want.milli - row.milli,
                want.net_fen - row.net_fen,
                want.tax_fen - row.tax_fen,
            )
    return tuple(rows)


def without(back: Sequence[Back], rows: Iterable[RedRow]) -> tuple[Back, ...]:
    """What of `back` is left for the order's next invoice once `rows` went with this one."""
    taken: dict[int, list[RedRow]] = {}
    for row in rows:
        taken.setdefault(row.item.line_no, []).append(row)
    return tuple(
        Back(
            one.line_no,
            one.milli - sum(r.milli for r in taken.get(one.line_no, ())),
            one.net_fen - sum(r.net_fen for r in taken.get(one.line_no, ())),
            one.tax_fen - sum(r.tax_fen for r in taken.get(one.line_no, ())),
        )
        for one in back
    )


def whole(standing: Standing) -> tuple[RedRow, ...]:
    """Every row with what is left of it. Raises Refused("invoice_red_already")."""
    rows = [_left(item, standing.reds) for item in standing.items]
    found = tuple(row for row in rows if row.net_fen)
    if not found:
        raise Refused("invoice_red_already", number=standing.invoice_no)
    return found


def is_whole(standing: Standing, rows: Iterable[RedRow]) -> bool:
    """Whether `rows` are the invoice as it was issued: then none of them is named."""
    return not standing.reds and sum(row.net_fen for row in rows) == standing.left_fen


def by_number(standing: Standing, wanted: Mapping[int, int]) -> tuple[RedRow, ...]:
    """Rows by their numbers on the invoice, each with thousandths of its quantity (0: all of it).

    Raises Refused: invoice_red_row, invoice_red_too_much, invoice_red_already.
    """
    items = {item.n: item for item in standing.items}
    rows = []
    for n, milli in wanted.items():
        if n not in items:
            raise Refused("invoice_red_row", row=n, number=standing.invoice_no)
        left = _left(items[n], standing.reds)
        if not left.net_fen:
            raise Refused("invoice_red_already", number=standing.invoice_no)
        if milli > left.milli or milli < 0:
            raise Refused("invoice_red_too_much", row=n, left=quantity(left.milli))
        rows.append(_part(left, milli or left.milli))
    return tuple(rows)


def form_of(
    document: Document,
    blue_no: str,
    rows: tuple[RedRow, ...],
    whole: bool,
    cause: RedReason,
    n: int,
) -> RedForm:
    """The form of an order's `n`-th red letter; `blue_no` is the bureau's number, empty while there
    is none. A whole invoice's names no rows when it is sent, but its record has them all."""
    return RedForm(
        red_no=f"{document.order_number}R{n:02d}",
        blue_no=blue_no,
        kind=document.kind,
        buyer_title=document.buyer.title,
        buyer_tax_id=document.buyer.tax_id,
        reason=cause,
        rows=rows,
        total_fen=sum(one.net_fen for one in rows),
        tax_fen=sum(one.tax_fen for one in rows),
        phone=document.buyer.mobile,
        email=document.buyer.email,
        whole=whole,
    )


def _left(item: Item, reds: Iterable[RedRow]) -> RedRow:
    gone = [row for row in reds if row.item.n == item.n]
    return RedRow(
        item,
        item.milli - sum(row.milli for row in gone),
        item.net_fen - sum(row.net_fen for row in gone),
        item.tax_fen - sum(row.tax_fen for row in gone),
    )


def _take(left: RedRow, want: Back) -> RedRow | None:
    """What of `want` is on this row: its own stored figures, never more than is left."""
    if left.net_fen <= 0 or left.milli <= 0:
        return None
    if want.milli >= left.milli or want.net_fen >= left.net_fen:
        return left
    return RedRow(left.item, want.milli, want.net_fen, min(want.tax_fen, left.tax_fen))


def _part(left: RedRow, milli: int) -> RedRow:
    if milli == left.milli:
        return left
    return RedRow(
        left.item,
        milli,
        left.net_fen * milli // left.milli,
        left.tax_fen * milli // left.milli,
    )
