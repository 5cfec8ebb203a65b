"""The order's lines after the offers on items, as offers on the order see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from pos.money import MILLI, line_amount, share_of
from pos.sale.order import Line, Order
from pos.sale.promotions.items import Items
from pos.sale.promotions.matching import Context, Cover, Live
from pos.sale.promotions.model import NO_FACTS, Layer, Offer, ProductFacts, Scope


class Bill(msgspec.Struct):
    """A line with what it costs now; `start` is what it cost when the layer began.

    `plain` lines were not priced by hand: only they count for offers that name products.
    """

    number: int
    line: Line
    cover: Cover
    pieces: int
    net: int
    plain: bool
    start: int = 0


def bills_of(
    order: Order,
    items: Items,
    live: Live,
    facts_of: Mapping[int, ProductFacts],
) -> list[Bill]:
    """The lines that offers on the order may touch: sold, with a discount allowed, not free."""
    off: dict[int, int] = {}
    for shares in items.book.shares.values():
        for number, share in shares.items():
            off[number] = off.get(number, 0) + share.saving_fen
    bills = []
    for number, line in enumerate(order.lines):
        product = line.product
        if line.milli <= 0 or not product.discountable:
            continue
        net = _by_hand(line, off.get(number, 0))
        if net <= 0:
            continue
        cover = live.cover(product, facts_of.get(product.product_id, NO_FACTS))
        pieces = 0 if product.weighed else line.milli // MILLI * product.factor
        bills.append(Bill(number, line, cover, pieces, net, line.plain, net))
    return bills


def _by_hand(line: Line, off: int) -> int:
    """What a line costs after offers on items and what the cashier took off, as pricing does."""
    unit = line.product.price_fen if line.price_fen is None else line.price_fen
    net = line_amount(unit, line.milli)
    if line.price_fen is None:
        net -= min(off, net)
    if line.discount_bp:
        return net - share_of(net, line.discount_bp)
    return net - max(0, min(line.discount_fen, net))


def whole(scope: Scope) -> bool:
    """Whether an offer is on the order as such, whatever is in it."""
    return scope == _WHOLE


_WHOLE = Scope()


class Reach:
    """Finds the bills of an offer: all of them, or the plain ones of products it names."""

    def __init__(self, live: Live, context: Context, bills: list[Bill]) -> None:
        self.live, self.context, self.bills = live, context, bills
        self.blocked = live.blocked(context)
        self._by_rank: dict[int, list[Bill]] = {}
        for bill in bills:
            if bill.plain:
                for rank in bill.cover.beyond:
                    self._by_rank.setdefault(rank, []).append(bill)

    def bills_of(self, rank: int) -> list[Bill]:
        """The bills an offer counts."""
        if whole(self.live.offers[rank].scope):
            return self.bills
        return self._by_rank.get(rank, [])

    def offers(self, layer: Layer, group: str) -> Iterable[tuple[int, Offer]]:
        """The offers of a group that are live, for this customer, and not used up."""
        for rank in self.live.of_group(layer, group):
            if rank not in self.blocked and self.live.left(rank, self.context) != 0:
                yield rank, self.live.offers[rank]


def mask_of(bills: Iterable[Bill]) -> int:
    """Bills as bits, to see at once which offers share a line."""
    mask = 0
    for bill in bills:
        mask |= 1 << bill.number
    return mask


def starts(bills: Iterable[Bill]) -> int:
    """What bills came to when the layer began."""
    return sum([bill.start for bill in bills])


def nets(bills: Iterable[Bill]) -> int:
    """What bills come to now."""
    return sum([bill.net for bill in bills])


def pieces_in(bills: Iterable[Bill]) -> int:
    """The pieces of bills; what is weighed is none."""
    return sum([bill.pieces for bill in bills])


def times_met(offer: Offer, amount: int, pieces: int) -> int:
    """How often an offer's need is met by so many fen and pieces; once where it needs nothing."""
    need = offer.need
    if need.amount_fen:
        return amount // need.amount_fen
    return pieces // need.qty if need.qty else 1
