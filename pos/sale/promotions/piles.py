"""The pieces of an order on their way through the offers on items."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from pos.money import MILLI, line_amount, share_of
from pos.sale.order import Line, Order
from pos.sale.promotions.matching import Context, Cover, Live
from pos.sale.promotions.model import NO_FACTS, SET_KINDS, Offer, ProductFacts

_UNCOVERED = Cover(-1, (), ())


class Pile(msgspec.Struct):
    """Equal pieces of one line; what is weighed is one piece of `milli` thousandths.

    `price` is what a piece costs now without its member price, which saves `member`. Once an
    offer was reckoned on the member price, that is in `price` and `on_member` is set. A `pack` has
    a price of its own: only rates apply to it, neither another price nor sets of pieces.
    """

    line: int
    product_id: int
    cover: Cover
    count: int
    milli: int
    price: int
    member: int
    weighed: bool
    on_member: bool = False
    member_rank: int = -1
    pack: bool = False

    def start(self, offer: Offer) -> tuple[int, int] | None:
        """What an offer is reckoned on, and the member saving that stays with it.

        None where the offer may not touch the piece.
        """
        if self.pack and not _is_rate(offer):
            return None
        if offer.stack_with_member_price:
            return self.price - self.member, self.member
        return None if self.on_member else (self.price, 0)


class Share(msgspec.Struct):
    """What one offer took off one line so far."""

    milli: int = 0
    original_fen: int = 0
    saving_fen: int = 0

    def add(self, milli: int, original_fen: int, saving_fen: int) -> None:
        """Count more of it in."""
        self.milli += milli
        self.original_fen += original_fen
        self.saving_fen += saving_fen


class Book(msgspec.Struct):
    """Who got what: by the offer's rank (-1: the product's own member price), by line's index."""

    shares: dict[int, dict[int, Share]] = msgspec.field(default_factory=dict)
    times: dict[int, int] = msgspec.field(default_factory=dict)

    def share(self, rank: int, line: int) -> Share:
        """The share of a line in an offer, empty at first."""
        return self.shares.setdefault(rank, {}).setdefault(line, Share())

    def count(self, rank: int, times: int) -> None:
        """An offer was given `times` more."""
        self.times[rank] = self.times.get(rank, 0) + times


def piles_of(
    order: Order, live: Live, context: Context, facts_of: Mapping[int, ProductFacts]
) -> list[Pile]:
    """The pieces that offers on items may touch.

    Left alone are goods given back, prices changed by hand, and what has no discount; of the last
    only a member price that the product carries itself is given, being its price and no discount.
    """
    member = context.member is not None
    piles = []
    for number, line in enumerate(order.lines):
        product = line.product
        if line.milli <= 0 or line.price_fen is not None or product.price_fen <= 0:
            continue
        cover = live.cover(product, facts_of.get(product.product_id, NO_FACTS))
        weighed = product.weighed or line.milli % MILLI != 0
        milli = line.milli if weighed else MILLI
        pile = Pile(
            number,
            product.product_id,
            cover,
            1 if weighed else line.milli // MILLI,
            milli,
            line_amount(product.price_fen, milli),
            0,
            weighed,
            pack=product.factor != 1,
        )
        if member:
            _give_member_price(pile, line, live, context)
        if not product.discountable:
            pile.cover = _UNCOVERED
        if product.discountable or pile.member:
            piles.append(pile)
    return piles


def _give_member_price(pile: Pile, line: Line, live: Live, context: Context) -> None:
    """The lowest of the product's own member price and the offers of that kind."""
    own = line.product.member_fen
    if own is not None:
        pile.member = max(0, pile.price - line_amount(own, pile.milli))
    if not line.product.discountable:
        return
    level = context.member.level if context.member else ""
    for group in live.groups.get("item", ()):
        for rank, _ in live.active(pile.cover, "item", group):
            offer = live.offers[rank]
            if offer.kind == "member_price" and (not pile.pack or _is_rate(offer)):
                fen = single_saving(offer, pile.price, pile.milli, level)
                if fen > pile.member:
                    pile.member, pile.member_rank = fen, rank


def _is_rate(offer: Offer) -> bool:
    """Whether an offer takes a share off each piece, whatever that costs."""
    return offer.kind not in SET_KINDS and offer.give.price_fen is None and not offer.give.off_fen


def single_saving(offer: Offer, fen: int, milli: int, level: str = "") -> int:
    """What an offer on single pieces takes off one that costs `fen`; never more than that."""
    give = offer.give
    if give.price_fen is not None:
        return max(0, fen - line_amount(give.price_fen, milli))
    if give.off_fen is not None:
        return min(fen, line_amount(give.off_fen, milli))
    rate = give.off_bp
    if give.levels:
        rate = next((bp for name, bp in give.levels if name == level), 0)
    return share_of(fen, rate or 0)
