"""What offers and membership give on an order, as pricing takes it: decided once, then a value."""

from __future__ import annotations

from typing import Literal

import msgspec

from pos.record import GivenOffer

LineOfferKind = Literal["member", "promotion"]
OrderOfferKind = Literal["order_promotion", "coupon", "points"]


class LineOffer(msgspec.Struct, frozen=True):
    """`fen` off one line: a member price, an offer; `offer` is its id, empty for a product's own
    member price."""

    kind: LineOfferKind
    line_no: int
    fen: int
    offer: str = ""


class OrderOffer(msgspec.Struct, frozen=True):
    """`fen` off the whole order: an offer, a coupon, points."""

    kind: OrderOfferKind
    fen: int
    offer: str = ""


class Offers(msgspec.Struct, frozen=True):
    """What promotions and membership give on this order; `given` tells of each offer once."""

    lines: tuple[LineOffer, ...] = ()
    order: tuple[OrderOffer, ...] = ()
    given: tuple[GivenOffer, ...] = ()


NO_OFFERS = Offers()
