"""Random small carts with the offers on them, from a seed."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from pos.sale.order import Line, Order, Product
from pos.sale.promotions.model import (
    Give,
    Limits,
    Need,
    Offer,
    OfferKind,
    ProductFacts,
    Scope,
    Slot,
)

CATEGORIES = ("饮料", "饮料/茶", "零食", "日化")
BRANDS = ("", "甲", "乙")
PRICES = (99, 250, 300, 300, 350, 499, 500, 590, 800, 990, 1000, 1280)


class Cart(NamedTuple):
    """An order, its offers, what they ask of its products, the member's level (None: nobody)."""

    order: Order
    offers: tuple[Offer, ...]
    facts: dict[int, ProductFacts]
    level: str | None


def cart(random: Random, most_units: int = 18) -> Cart:
    """A cart of at most `most_units` pieces with two to seven offers on items in one group."""
    products, facts = _products(random, random.randint(2, 7))
    lines: list[Line] = []
    left = random.randint(2, most_units)
    for product in products:
        if not left:
            break
        count = 1 if product.weighed else min(left, random.choice((1, 1, 2, 2, 3, 4, 6)))
        left -= count
        milli = random.randint(100, 2500) if product.weighed else count * 1000
        lines.append(Line(len(lines) + 1, product, "", milli))
    order = Order("o", "2026-03-02T02:00:00.000Z", "1", lines=tuple(lines))
    skus = [p.sku for p in products]
    level = random.choice((None, None, "金", "银"))
    offers = tuple(_offer(random, n, skus) for n in range(random.randint(2, 7)))
    return Cart(order, offers, facts, level)


def _products(random: Random, count: int) -> tuple[list[Product], dict[int, ProductFacts]]:
    products, facts = [], {}
    for n in range(1, count + 1):
        price = random.choice(PRICES)
        own = random.choice((None, None, price * 9 // 10, price * 6 // 10))
        products.append(
            Product(
                n,
                f"S{n}",
                f"货{n}",
                "件",
                price,
                1300,
                weighed=random.random() < 0.12,
                discountable=random.random() > 0.08,
                member_fen=own,
            )
        )
        facts[n] = ProductFacts(random.choice(CATEGORIES), random.choice(BRANDS))
    return products, facts


def _scope(random: Random, skus: list[str]) -> Scope:
    kind = random.randrange(5)
    if kind == 0:
        return Scope(not_skus=(random.choice(skus),))
    if kind == 1:
        return Scope(brands=(random.choice(BRANDS[1:]),))
    if kind == 2:
        return Scope(skus=tuple(sorted(random.sample(skus, min(len(skus), 3)))))
    return Scope(categories=(random.choice(CATEGORIES),))


_KINDS: tuple[OfferKind, ...] = ("nth", "nth", "buy_get", "bundle", "bundle", "special")


def _offer(random: Random, n: int, skus: list[str]) -> Offer:
    kind = random.choice((*_KINDS, "member_price"))
    need, give = Need(), Give(off_bp=random.choice((1000, 3000, 5000)))
    scope = _scope(random, skus)
    if kind == "nth":
        need = Need(qty=random.choice((2, 2, 3)))
        give = Give(off_bp=random.choice((3000, 5000, 10_000)))
    elif kind == "buy_get":
        need = Need(qty=random.choice((1, 2, 3)))
        give = Give(free_qty=random.choice((1, 1, 2)))
    elif kind == "bundle":
        if random.random() < 0.5:
            slots = tuple(
                Slot(Scope(skus=tuple(random.sample(skus, min(len(skus), 2)))), qty)
                for qty in random.choice(((1, 1), (2, 1), (1, 1, 1)))
            )
            need, scope = Need(slots=slots), Scope()
        else:
            need = Need(qty=random.choice((2, 3, 4)))
        prices = (Give(price_fen=random.choice((500, 900, 1500))), Give(off_bp=2500))
        give = random.choice((*prices, Give(off_fen=random.choice((100, 300, 1200)))))
    elif kind == "special" and random.random() < 0.5:
        give = random.choice((Give(price_fen=240), Give(off_fen=120)))
        if scope.everything:
            scope = Scope(skus=(skus[0],))
    free = kind == "member_price"
    limited = not free and random.random() < 0.3
    return Offer(
        f"o{n}",
        f"优惠{n}",
        kind,
        scope=scope,
        who="member" if free else "all",
        need=need,
        give=give,
        mix=kind in ("nth", "buy_get", "bundle") and not need.slots and random.random() < 0.7,
        priority=random.randint(0, 2),
        stack_with_member_price=not free and random.random() < 0.3,
        limits=Limits(per_order=random.randint(1, 2)) if limited else Limits(),
    )
