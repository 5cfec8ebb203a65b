"""Points spent on an order, and what of them goes back with goods; offers say what they give."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from pos.money import half_up
from pos.record import Adjustment, GivenOffer, SoldLine
from pos.sale.offers import Offers
from pos.sale.order import Order
from pos.sale.returns import NOTHING, Sold


def spent(offers: Offers) -> tuple[int, int]:
    """How many points these offers take, and the fen they give for them."""
    found = [one for one in offers.given if one.kind == "points"]
    return sum(one.points for one in found), sum(one.fen for one in found)


def without(order: Order) -> Order:
    """The order with no points on it; what it gets otherwise is to be worked out anew."""
    return replace(order, points=0, points_request="") if order.points else order


def named(order: Order) -> tuple[GivenOffer, ...]:
    """What was given on the order; points name the request they were held under."""
    return tuple(
        replace(one, code=order.points_request) if one.kind == "points" else one
        for one in order.offers.given
    )


def back(sold: Sold, lines: Iterable[SoldLine]) -> tuple[GivenOffer, ...]:
    """The points that these return lines of a sold order give back, as negative offers.

    Of n points worth P fen, round(n x b / P) are back in all once b fen of them are: the last
    return closes to zero whatever came before.
    """
    lines = tuple(lines)
    found = []
    for one in sold.offers:
        if one.kind != "points" or one.points <= 0:
            continue
        whole = _of(one.offer, (a for line in sold.lines for a in line.adjustments))
        done = [sold.before.get(line.line_no, NOTHING).adjustments for line in sold.lines]
        before = _of(one.offer, (a for some in done for a in some))
        now = -_of(one.offer, (a for line in lines for a in line.adjustments))
        if whole <= 0:
            continue
        points = _part(one.points, before + now, whole) - _part(one.points, before, whole)
        if points > 0:
            found.append(replace(one, times=0, fen=-now, code="", points=-points))
    return tuple(found)


def _of(offer: str, adjustments: Iterable[Adjustment]) -> int:
    return sum(a.fen for a in adjustments if a.kind == "points" and a.offer == offer)


def _part(points: int, fen: int, whole: int) -> int:
    return half_up(points * max(0, min(fen, whole)), whole)
