"""What an offer is: data, read from a file or sent by head office, the same for every kind.

Money is fen, rates are basis points *taken off* (half price is 5000), pieces are whole numbers.
Kinds and their field names follow what Chinese shops call them; `validating.faults_of` holds which
fields a kind needs and takes.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

OfferKind = Literal[
    "special",  # 单品特价
    "member_price",  # 会员价
    "time_price",  # 时段价
    "nth",  # 第N件M折
    "buy_get",  # 买N送M
    "bundle",  # 组合/套餐, N 件 X 元
    "add_on",  # 换购
    "spend_off",  # 满减
    "every_off",  # 每满
    "spend_rate",  # 满折
    "coupon",  # 优惠券
    "points",  # 积分抵现
]
Layer = Literal["item", "add_on", "order", "coupon", "points"]
Who = Literal["all", "member", "level", "birthday", "birthday_month"]

LAYER_OF: dict[OfferKind, Layer] = {
    "special": "item",
    "member_price": "item",
    "time_price": "item",
    "nth": "item",
    "buy_get": "item",
    "bundle": "item",
    "add_on": "add_on",
    "spend_off": "order",
    "every_off": "order",
    "spend_rate": "order",
    "coupon": "coupon",
    "points": "points",
}
"""Layers are worked through in this order, each on what the ones before left."""
SET_KINDS: frozenset[OfferKind] = frozenset({"nth", "buy_get", "bundle"})
"""Kinds that need several pieces at once. What is weighed is no piece and has no part in them."""
CATEGORY_BREAK = "/"
"""Between a category and the one inside it: an offer on `饮料` covers `饮料/茶` too."""


class Scope(msgspec.Struct, frozen=True):
    """Which products: any of the named skus, categories, brands; nothing named is every product.

    What is excluded stays out whatever else names it.
    """

    skus: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    not_skus: tuple[str, ...] = ()
    not_categories: tuple[str, ...] = ()
    not_brands: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether no product is named, so that all are meant (but the excluded)."""
        return not (self.skus or self.categories or self.brands)


class When(msgspec.Struct, frozen=True):
    """When an offer is live, on the shop's wall clock; empty is always.

    Dates are inclusive. Weekdays are 1 (Monday) to 7. Times are minutes of the day, the end not
    in it; one that ends before it starts runs past midnight and belongs to the day it started.
    """

    first: date | None = None
    last: date | None = None
    weekdays: tuple[int, ...] = ()
    times: tuple[tuple[int, int], ...] = ()


class Slot(msgspec.Struct, frozen=True):
    """One part of a bundle: `qty` pieces out of a scope."""

    scope: Scope
    qty: int = 1


class Need(msgspec.Struct, frozen=True):
    """What must be bought: pieces, an amount in fen, or the parts of a bundle."""

    qty: int = 0
    amount_fen: int = 0
    slots: tuple[Slot, ...] = ()


class Give(msgspec.Struct, frozen=True):
    """What is given. `price_fen` is a piece's, a bundle's or an add-on's new price.

    `levels` holds a rate for each member level; `gifts` the skus one of which may be added at
    `price_fen`; every `points` points are worth `off_fen`, up to `most_bp` of what is due.
    """

    price_fen: int | None = None
    off_fen: int | None = None
    off_bp: int | None = None
    most_off_fen: int | None = None
    levels: tuple[tuple[str, int], ...] = ()
    free_qty: int = 0
    gifts: tuple[str, ...] = ()
    points: int = 0
    most_bp: int | None = None


class Limits(msgspec.Struct, frozen=True):
    """How often an offer is given: in one order, to one member, in one day; fen in all.

    One time is one piece at a special price, one set, one step of 每满, one coupon. The budget is
    looked at before an order, not cut inside it.
    """

    per_order: int | None = None
    per_member: int | None = None
    per_day: int | None = None
    budget_fen: int | None = None


class Offer(msgspec.Struct, frozen=True):
    """One offer.

    Within a layer, offers of the same `group` never use the same piece (on the order: the same
    line) twice; other groups work on what is left, the group with the highest priority first.
    Among equal savings the higher `priority` wins, then the smaller id. `mix` lets a set take
    different products of its scope, otherwise each product makes its own sets. Without
    `stack_with_member_price` a piece has either its member price or the offer, whichever saves
    the customer more; with it the offer is reckoned on the member price.
    """

    id: str
    name: str
    kind: OfferKind
    scope: Scope = Scope()
    when: When = When()
    who: Who = "all"
    levels: tuple[str, ...] = ()
    shops: tuple[str, ...] = ()
    need: Need = Need()
    give: Give = Give()
    repeat: int | None = None
    mix: bool = False
    group: str = ""
    priority: int = 0
    stack_with_member_price: bool = False
    limits: Limits = Limits()

    @property
    def layer(self) -> Layer:
        """The layer that its kind belongs to."""
        return LAYER_OF[self.kind]


class ProductFacts(msgspec.Struct, frozen=True):
    """What offers ask of a product beside what an order line holds; cost only for checking."""

    category: str = ""
    brand: str = ""
    cost_fen: int | None = None


NO_FACTS = ProductFacts()


class Member(msgspec.Struct, frozen=True):
    """Who buys, as far as prices go: level, birthday as (month, day), points to spend."""

    level: str = ""
    birthday: tuple[int, int] | None = None
    points: int = 0


class Used(msgspec.Struct, frozen=True):
    """How often an offer was given before this order, and what it has cost in all."""

    member: int = 0
    day: int = 0
    fen: int = 0


class Coupon(msgspec.Struct, frozen=True):
    """A code the customer shows, the offer it belongs to, and how often it can still be used."""

    code: str
    offer_id: str
    uses_left: int = 1
