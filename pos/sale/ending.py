"""The end of an order as a fact: closed or voided."""

from __future__ import annotations

from pos.record import OrderClosed, OrderVoided, Where
from pos.refusal import Refused
from pos.sale import spending
from pos.sale.order import Order
from pos.sale.pricing import price
from pos.sale.tenders import change_of, due


def close(
    order: Order,
    where: Where,
    seq: int,
    number: str,
    ref: str = "",
    followed_by: str = "",
) -> OrderClosed:
    """The fact of an order whose money is settled; an open one may follow it (反结账).

    Refused while money is due, or is still to go back.
    """
    if not order.lines:
        raise Refused("order_empty")
    left = due(order)
    if left or not order.tenders:
        raise Refused("still_due", due=left)
    priced = price(order)
    kept = sum(t.fen for t in order.tenders)
    if priced.total_fen != kept or any(t.given_fen < t.fen for t in order.tenders):
        raise AssertionError(f"order {order.order_id}: lines {priced.total_fen} != tenders {kept}")
    return OrderClosed(
        where=where,
        order_id=order.order_id,
        seq=seq,
        number=number,
        ref=ref,
        opened_at=order.opened_at,
        lines=priced.lines,
        tenders=order.tenders,
        total_fen=priced.total_fen,
        tax_fen=priced.tax_fen,
        rounding_fen=order.rounding_fen + order.refund_rounding_fen,
        change_fen=change_of(order),
        person_id=order.person_id,
        delivery_id=order.delivery_id,
        reason=order.reason,
        reopened_as=followed_by,
        offers=spending.named(order),
        note=order.note,
    )


def void(order: Order, where: Where, seq: int, number: str, reason: str) -> OrderVoided:
    """The fact of an order given up. Refused once money was taken: give it back first."""
    if order.tenders:
        raise Refused("tender_taken")
    priced = price(order)
    return OrderVoided(
        where=where,
        order_id=order.order_id,
        seq=seq,
        number=number,
        opened_at=order.opened_at,
        lines=priced.lines,
        total_fen=priced.total_fen,
        reason=reason,
    )
