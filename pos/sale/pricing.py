"""From an order to what it costs: one pipeline, in the order of Chinese retail.

list price → changed price → member price → offers on lines → line discount → offers on the
order → coupons → points → order discount → 抹零. Whatever is taken off the order as a whole is
allocated to its lines by largest remainder, so every later report, refund or invoice adds up
stored lines.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pos.money import allocate, line_amount, share_of, tax_within
from pos.record import Adjustment, AdjustmentKind, SoldLine
from pos.sale.offers import LineOffer, LineOfferKind, OrderOfferKind
from pos.sale.order import Line, Order


class Priced(msgspec.Struct, frozen=True):
    """An order with its money. `total_fen` = sum of the lines' net; `tax_fen` is inside it.

    `discountable_fen` is what an order discount may still be taken from.
    """

    lines: tuple[SoldLine, ...]
    list_fen: int
    total_fen: int
    tax_fen: int
    discountable_fen: int

    @property
    def saved_fen(self) -> int:
        """What the customer does not pay of the list price; 抹零 is in it."""
        return self.list_fen - self.total_fen


_LINE_STAGES: tuple[LineOfferKind, ...] = ("member", "promotion")
_ORDER_STAGES: tuple[OrderOfferKind, ...] = ("order_promotion", "coupon", "points")


class _Work:
    """A line on its way through the pipeline."""

    __slots__ = ("adjustments", "line", "list_fen", "net")

    def __init__(self, line: Line) -> None:
        self.line = line
        self.list_fen = self.net = line.list_fen
        self.adjustments: list[Adjustment] = []

    def take(self, kind: AdjustmentKind, fen: int, offer: str = "") -> None:
        if fen:
            self.adjustments.append(Adjustment(kind, fen, offer))
            self.net -= fen


def price(order: Order) -> Priced:
    """Price an order. Discounts stop at zero; what cannot be discounted is left alone.

    What came back has its money from the sale it was part of: no stage touches it.
    """
    work = [_Work(line) for line in order.lines if line.returned is None]
    given: dict[int, list[LineOffer]] = {}
    for one in order.offers.lines:
        given.setdefault(one.line_no, []).append(one)
    for item in work:
        _price_line(item, given.get(item.line.line_no, ()))
    for stage in _ORDER_STAGES:
        for offer in order.offers.order:
            if offer.kind == stage:
                _take_from_order(work, stage, offer.fen, offer.offer)
    discountable = sum(item.net for item in _discountable(work))
    if order.discount_bp:
        _take_from_order(work, "order_discount", share_of(discountable, order.discount_bp))
    elif order.discount_fen:
        _take_from_order(work, "order_discount", order.discount_fen)
    if order.rounding_fen:
        _spread(work, "rounding", order.rounding_fen)
    lines = tuple(_sold(item) for item in work)
    if len(lines) < len(order.lines):
        lines = _with_returned(order, lines)
    return Priced(
        lines,
        sum(x.list_fen for x in lines),
        sum(x.net_fen for x in lines),
        sum(x.tax_fen for x in lines),
        discountable,
    )


def _price_line(item: _Work, offers: Sequence[LineOffer]) -> None:
    line = item.line
    if line.price_fen is not None:
        item.take("price", item.net - line_amount(line.price_fen, line.milli))
    elif offers:
        for stage in _LINE_STAGES:
            for offer in offers:
                if offer.kind == stage:
                    item.take(stage, _at_most(offer.fen, item.net), offer.offer)
    if line.discount_bp:
        item.take("line_discount", share_of(item.net, line.discount_bp))
    elif line.discount_fen:
        item.take("line_discount", _at_most(line.discount_fen, item.net))


def _discountable(work: Sequence[_Work]) -> list[_Work]:
    return [item for item in work if item.line.product.discountable and item.net > 0]


def _take_from_order(
    work: Sequence[_Work], kind: AdjustmentKind, fen: int, offer: str = ""
) -> None:
    eligible = _discountable(work)
    _spread(eligible, kind, _at_most(fen, sum(item.net for item in eligible)), offer)


def _spread(work: Sequence[_Work], kind: AdjustmentKind, fen: int, offer: str = "") -> None:
    if not fen:
        return
    for item, part in zip(work, allocate(fen, [item.net for item in work]), strict=True):
        item.take(kind, part, offer)


def _with_returned(order: Order, sold: tuple[SoldLine, ...]) -> tuple[SoldLine, ...]:
    priced = iter(sold)
    return tuple(next(priced) if x.returned is None else x.returned for x in order.lines)


def _at_most(fen: int, net: int) -> int:
    return max(0, min(fen, net))


def _sold(item: _Work) -> SoldLine:
    line, product = item.line, item.line.product
    return SoldLine(
        line_no=line.line_no,
        product_id=product.product_id,
        sku=product.sku,
        barcode=line.barcode,
        name=product.name,
        unit=product.unit,
        milli=line.milli,
        unit_fen=product.price_fen,
        list_fen=item.list_fen,
        adjustments=tuple(item.adjustments),
        net_fen=item.net,
        tax_bp=product.tax_bp,
        tax_fen=tax_within(item.net, product.tax_bp),
        factor=product.factor,
        seller=line.seller,
        account=line.account,
    )
