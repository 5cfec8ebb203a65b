"""Stored value on an order: paid in as a line of its own, spent as a way of paying.

A top-up is no revenue and bears no tax (STA Announcement 2016 No. 53, article 3), takes no
discount, and is never paid with stored value itself.
"""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from pos.money import MAX_FEN, MILLI
from pos.record import SoldLine, Taken
from pos.refusal import Refused
from pos.sale.order import MAX_LINES, Line, Order, Product, bring_back, check_open
from pos.sale.pricing import price
from pos.sale.tenders import check_wallet, due

SKU = "TOPUP"
WAY: Literal["stored_value"] = "stored_value"


def top_up(order: Order, account: str, name: str, fen: int) -> Order:
    """Put `fen` for an account on the order, once for each account."""
    check_open(order)
    if not 0 < fen <= MAX_FEN:
        raise Refused("amount_not_positive" if fen <= 0 else "amount_too_large")
    if any(line.account == account for line in order.lines):
        raise Refused("topup_twice")
    if len(order.lines) >= MAX_LINES:
        raise Refused("too_many_lines", most=MAX_LINES)
    product = Product(0, SKU, name, "", fen, 0, discountable=False)
    line = Line(order.next_line, product, "", MILLI, account=account)
    return replace(order, lines=(*order.lines, line), next_line=order.next_line + 1)


def check_limit(fen: int, has_fen: int, most_fen: int) -> None:
    """Hold a top-up to what one account may hold (单用途商业预付卡管理办法)."""
    if has_fen + fen > most_fen:
        raise Refused("topup_limit", most=most_fen, has=has_fen)


def check_stored(order: Order, fen: int | None) -> int:
    """Fen to take from stored value: `fen`, or all that goods still cost."""
    priced = price(order)
    goods = sum(
        sold.net_fen
        for sold, line in zip(priced.lines, order.lines, strict=True)
        if not line.account
    )
    spent = sum(t.fen for t in order.tenders if t.way == WAY)
    most = min(goods - spent, due(order))
    if most <= 0:
        raise Refused("stored_for_goods")
    wanted = check_wallet(order, most if fen is None else fen)
    if wanted > most:
        raise Refused("no_change_from_tender", due=most)
    return wanted


def take_stored(order: Order, fen: int, request_id: str, account: str) -> Order:
    """Stored value that head office holds for this order; the same request is taken once."""
    if any(tender.reference == request_id for tender in order.tenders):
        return order
    if not 0 < fen <= due(order):
        raise Refused("no_change_from_tender", due=due(order))
    taken = Taken(WAY, fen, fen, request_id, account=account)
    return replace(order, tenders=(*order.tenders, taken))


def pay_out(order: Order, account: str, name: str, taken: Taken, reason: str) -> Order:
    """What an account held goes back to its owner: a line below zero, paid back by `taken`.

    How much of it may be cash is the caller's (单用途商业预付卡管理办法).
    """
    if order.lines or order.tenders:
        raise Refused("order_open")
    line = SoldLine(
        *(order.next_line, 0, SKU, "", name, "", -MILLI, -taken.fen, taken.fen, ()),
        *(taken.fen, 0, 0),
        account=account,
    )
    return replace(bring_back(order, line), tenders=(taken,), reason=reason)


def check_pay_out(fen: int, has_fen: int) -> None:
    """Hold what is to be paid out to what there is."""
    if fen <= 0:
        raise Refused("amount_not_positive")
    if fen > has_fen:
        raise Refused("stored_short", has=has_fen)
