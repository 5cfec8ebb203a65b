"""Money of returns: which way it goes back, exchanges either way, 抹零 of cash, 反结账."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from pos.money import MAX_FEN, allocate, half_up, line_amount, tax_within
from pos.record import OrderClosed, SoldLine, Taken, TenderWay
from pos.refusal import Refused
from pos.sale.order import Line, Order, Product
from pos.sale.pricing import price
from pos.sale.returns import (
    NOTHING,
    ROUNDING,
    Returned,
    Sold,
    adjusted,
    and_back,
    by_source,
    tax_with,
)
from pos.sale.tenders import RoundingMode, round_cash

_AFTER_NETWORKS: Mapping[TenderWay, int] = {
    "bank": 1,
    "transfer": 1,
    "static_code": 1,
    "cash": 2,
}
MANUAL: frozenset[TenderWay] = frozenset(_AFTER_NETWORKS) - {"cash"}
"""Ways in which a person gives the money back, outside the till."""


class Back(msgspec.Struct, frozen=True):
    """`fen` (positive) go back this way; `tender` is the original's place or 0.

    `of_order` is the order whose tender it is, empty for cash.
    """

    way: TenderWay
    fen: int
    reference: str = ""
    tender: int = 0
    of_order: str = ""
    account: str = ""


class Settlement(msgspec.Struct, frozen=True):
    """Return lines as they close, and the money: `due_fen` to pay, or what goes back.

    `rounding_fen` is 抹零 of the cash that goes back: negative where less is given than is due.
    """

    lines: tuple[SoldLine, ...]
    due_fen: int
    backs: tuple[Back, ...] = ()
    rounding_fen: int = 0


def propose(
    fen: int, tenders: Sequence[Taken], refunded: Mapping[int, int] | None = None
) -> tuple[Back, ...]:
    """How `fen` go back: wallets by tender, then bank and transfer, cash last.

    What no tender covers (goods paid for with other goods) goes back in cash.
    """
    if not 0 <= fen <= MAX_FEN:
        raise Refused("amount_too_large")
    done = refunded or {}
    order = sorted(
        ((_AFTER_NETWORKS.get(t.way, 0), n, t) for n, t in enumerate(tenders, 1) if t.fen > 0),
        key=lambda found: found[:2],
    )
    backs, left = [], fen
    for rank, n, tender in order:
        part = min(left, tender.fen - done.get(n, 0))
        if part > 0 and rank < _AFTER_NETWORKS["cash"]:
            backs.append(Back(tender.way, part, tender.reference, n, account=tender.account))
            left -= part
    if left:
        backs.append(Back("cash", left))
    return tuple(backs)


def settle(
    lines: Sequence[SoldLine],
    sold: Sequence[Sold],
    *,
    new_fen: int = 0,
    mode: RoundingMode = "none",
    in_cash: bool = False,
    given: Sequence[Taken] = (),
) -> Settlement:
    """The money of a return, or of an exchange for goods that cost `new_fen`.

    Where something is due, it is paid like any sale. Where money goes back, cash is rounded as at
    a sale (`mode`) and the difference lies on the return lines, so a line's later part makes up
    for it; no line ever gives back more than was paid for it. `in_cash`: all goes back in cash but
    what is among `given` already.
    """
    due = new_fen + sum(line.net_fen for line in lines)
    if due >= 0:
        return Settlement(tuple(lines), due)
    backs: list[Back] = []
    left = -due
    for one in sold:
        came = -sum(line.net_fen for line in lines if line.of_order == one.order_id)
        share = min(left, came)
        backs += [
            back if back.way == "cash" else replace(back, of_order=one.order_id)
            for back in propose(share, one.tenders, one.refunded)
        ]
        left -= share
    gone = {(t.of_order, t.of_tender) for t in given}
    found = tuple(
        back
        for back in backs
        if back.way == "stored_value"  # the law has it back on the card
        or (back.way != "cash" and (not in_cash or (back.of_order, back.tender) in gone))
    )
    cash = -due - sum(back.fen for back in found)
    asked = round_cash(cash, mode)
    rounded = _round(lines, {one.order_id: one for one in sold}, cash - asked)
    if rounded is None:
        asked, rounded = cash, tuple(lines)
    if asked:
        found = (*found, Back("cash", asked))
    return Settlement(rounded, 0, found, asked - cash)


def as_tenders(backs: Sequence[Back]) -> tuple[Taken, ...]:
    """What goes back as tenders of the return; a return of nothing has a cash tender of 0."""
    taken = tuple(
        Taken(
            *(back.way, -back.fen, -back.fen, back.reference, back.of_order, back.tender),
            account=back.account,
        )
        for back in backs
        if back.fen
    )
    return taken or (Taken("cash", 0, 0),)


def give_back(
    order: Order, sold: Sequence[Sold], mode: RoundingMode, *, in_cash: bool = False
) -> tuple[Order, tuple[Back, ...]]:
    """The order with its return lines as they close, and what is still to go back.

    What already went back (a slip of the bank's terminal that was typed in) stands among the
    order's tenders. `in_cash`: all the rest in cash, whatever was paid with.
    """
    new = price(order).total_fen - sum(line.net_fen for line in order.returned)
    settled = settle(
        order.returned, sold, new_fen=new, mode=mode, in_cash=in_cash, given=order.tenders
    )
    back = iter(settled.lines)
    lines = tuple(
        line if line.returned is None else replace(line, returned=next(back))
        for line in order.lines
    )
    given = {(t.of_order, t.of_tender) for t in order.tenders}
    left = tuple(one for one in settled.backs if (one.of_order, one.tender) not in given)
    return replace(order, lines=lines, refund_rounding_fen=settled.rounding_fen), left


def reopen(
    sold: OrderClosed,
    before: Mapping[int, Returned],
    products: Mapping[int, Product],
    *,
    order_id: str,
    opened_at: str,
    operator: str,
) -> Order:
    """反结账: the open order that follows the full return of `sold`, with the same lines.

    List prices, changed prices and discounts given by hand stay; offers are found anew and 抹零
    is decided when it is paid. `products` tell what a sold line does not keep (weighed,
    discountable). Refused once something came back: return_before_reopen.
    """
    if any(done.milli for done in before.values()) or any(x.milli < 0 for x in sold.lines):
        raise Refused("return_before_reopen")
    if any(line.account for line in sold.lines):
        raise Refused("topup_not_back")
    lines = tuple(_open(line, n, products) for n, line in enumerate(sold.lines, 1))
    given = sum(
        a.fen for line in sold.lines for a in line.adjustments if a.kind == "order_discount"
    )
    return Order(
        order_id,
        opened_at,
        operator,
        lines,
        len(lines) + 1,
        discount_fen=given,
        person_id=sold.person_id,
    )


def _open(line: SoldLine, number: int, products: Mapping[int, Product]) -> Line:
    known = products.get(line.product_id)
    product = Product(
        line.product_id,
        line.sku,
        line.name,
        line.unit,
        line.unit_fen,
        line.tax_bp,
        weighed=known.weighed if known else bool(line.milli % 1000),
        discountable=known.discountable if known else True,
        member_fen=known.member_fen if known and line.factor == 1 else None,
        lowest_fen=known.lowest_fen if known and line.factor == 1 else None,
        factor=line.factor,
    )
    off = dict(by_source(line.adjustments))
    price = None
    if changed := off.get(("price", "")):
        price = half_up((line.list_fen - changed) * 1000, line.milli)
    printed = line.list_fen if line.list_fen != line_amount(line.unit_fen, line.milli) else None
    return Line(
        number,
        product,
        line.barcode,
        line.milli,
        price_fen=price,
        discount_fen=off.get(("line_discount", ""), 0),
        amount_fen=printed,
    )


# --- 抹零 of what goes back ---


def _round(
    lines: Sequence[SoldLine], sold: Mapping[str, Sold], less: int
) -> tuple[SoldLine, ...] | None:
    """The lines giving `less` fen back (more where it is negative); None where they cannot."""
    if not less:
        return tuple(lines)
    sizes = [-line.net_fen for line in lines] if less > 0 else _room(lines, sold)
    if sum(sizes) < abs(less):
        return None
    out = []
    before = {key: dict(one.before) for key, one in sold.items()}
    for line, part in zip(lines, allocate(less, sizes), strict=True):
        net = -line.net_fen - part
        off = dict(by_source(line.adjustments))
        off[ROUNDING] = off.get(ROUNDING, 0) - part
        if line.of_order:
            done = before[line.of_order].get(line.of_line, NOTHING)
            tax = tax_with(sold[line.of_order].line(line.of_line), done, net)
        else:
            tax = tax_within(net, line.tax_bp)
        line = replace(line, net_fen=-net, tax_fen=-tax, adjustments=adjusted(off))
        if line.of_order:
            before[line.of_order][line.of_line] = and_back(done, line)
        out.append(line)
    return tuple(out)


def _room(lines: Sequence[SoldLine], sold: Mapping[str, Sold]) -> list[int]:
    """What could still be given back beyond each line; only the last part of a sold line counts."""
    paid: dict[tuple[str, int], int] = {}
    for line in lines:
        if line.of_order:
            key = (line.of_order, line.of_line)
            one = sold[line.of_order]
            if key not in paid:
                done = one.before.get(line.of_line, NOTHING)
                paid[key] = one.line(line.of_line).net_fen - done.net_fen
            paid[key] += line.net_fen
    room = []
    for line in reversed(lines):
        room.append(max(0, paid.pop((line.of_order, line.of_line), 0)))
    return room[::-1]
