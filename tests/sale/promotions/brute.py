"""The best offers on items by trying everything, written apart from what it checks.

It shares no code with `pos.sale.promotions` but the data an offer is: scopes, values and sets are
worked out here once more, from the words of the rules. For small carts only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations

from pos.sale.order import Order
from pos.sale.promotions.model import Offer, ProductFacts, Scope


class Good:
    """A line: its pieces with their price, member saving, and what offers ask about it."""

    def __init__(self, place: int, order: Order, facts: Mapping[int, ProductFacts]) -> None:
        line = order.lines[place]
        product = line.product
        fact = facts.get(product.product_id, ProductFacts())
        self.sku, self.category, self.brand = product.sku, fact.category, fact.brand
        self.product_id = product.product_id
        self.weighed = product.weighed
        self.pieces = 1 if product.weighed else line.milli // 1000
        self.milli = line.milli if product.weighed else 1000
        self.price = rounded(product.price_fen * self.milli, 1000)
        self.open = product.discountable and line.price_fen is None
        self.member = 0


def rounded(top: int, bottom: int) -> int:
    """Half up, for what is not negative."""
    return (top * 2 + bottom) // (bottom * 2)


def inside(scope: Scope, good: Good) -> bool:
    """Whether a scope names a line's product."""
    parents = [good.category]
    while "/" in parents[-1]:
        parents.append(parents[-1].rsplit("/", 1)[0])
    if good.sku in scope.not_skus or good.brand in scope.not_brands:
        return False
    if set(parents) & set(scope.not_categories):
        return False
    if not scope.skus and not scope.categories and not scope.brands:
        return True
    named = good.sku in scope.skus or good.brand in scope.brands
    return named or bool(set(parents) & set(scope.categories))


def one_piece(offer: Offer, fen: int, milli: int, level: str) -> int:
    """What a price or a rate takes off one piece that costs `fen`."""
    give = offer.give
    if give.price_fen is not None:
        return max(0, fen - rounded(give.price_fen * milli, 1000))
    if give.off_fen is not None:
        return min(fen, rounded(give.off_fen * milli, 1000))
    rates = dict(give.levels)
    return rounded(fen * (rates.get(level, 0) if rates else give.off_bp or 0), 10_000)


def goods_of(
    order: Order, offers: Sequence[Offer], facts: Mapping[int, ProductFacts], level: str | None
) -> list[Good]:
    """The lines with their member savings; `level` None is no member."""
    goods = [Good(n, order, facts) for n in range(len(order.lines))]
    for good, line in zip(goods, order.lines, strict=True):
        own = line.product.member_fen
        if level is None or line.price_fen is not None:
            continue
        if own is not None:
            good.member = max(0, good.price - rounded(own * good.milli, 1000))
        for offer in offers if good.open else ():
            if offer.kind == "member_price" and inside(offer.scope, good):
                good.member = max(good.member, one_piece(offer, good.price, good.milli, level))
    return goods


def most_saved(
    order: Order, offers: Sequence[Offer], facts: Mapping[int, ProductFacts], level: str | None
) -> int:
    """The most that offers on items of one group and member prices can save on an order."""
    goods = goods_of(order, offers, facts, level)
    limited = [o for o in offers if o.limits.per_order is not None or o.repeat is not None]
    start = tuple(g.pieces if g.open else 0 for g in goods)
    alone = sum(g.member * g.pieces for g in goods if not g.open)  # their own price, no offer
    room = tuple(min(x for x in (o.limits.per_order, o.repeat) if x is not None) for o in limited)
    choices: dict[int, list[tuple[tuple[int, ...], int, int]]] = {n: [] for n in range(len(goods))}
    for offer in offers:
        for counts, saved in sets_of(offer, goods):
            lowest = next(n for n, count in enumerate(counts) if count)
            at = limited.index(offer) if offer in limited else -1
            if saved > sum(goods[n].member * k for n, k in enumerate(counts)):
                choices[lowest].append((counts, saved, at))
    seen: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}

    def value(left: tuple[int, ...], room: tuple[int, ...]) -> int:
        first = next((n for n, count in enumerate(left) if count), -1)
        if first < 0:
            return 0
        if (left, room) in seen:
            return seen[left, room]
        fewer = tuple(c - (n == first) for n, c in enumerate(left))
        best = goods[first].member + value(fewer, room)
        for counts, saved, at in choices[first]:
            if any(a > b for a, b in zip(counts, left, strict=True)):
                continue
            if at >= 0 and not room[at]:
                continue
            rest = tuple(a - b for a, b in zip(left, counts, strict=True))
            less = tuple(r - (n == at) for n, r in enumerate(room))
            best = max(best, saved + value(rest, less))
        seen[left, room] = best
        return best

    return alone + value(start, room)


def sets_of(offer: Offer, goods: Sequence[Good]) -> Iterator[tuple[tuple[int, ...], int]]:
    """Every set of pieces the offer can be given on, as counts by line, with all it saves."""
    if offer.kind in ("special", "time_price"):
        for n, good in enumerate(goods):
            if good.open and inside(offer.scope, good):
                keep = good.member if offer.stack_with_member_price else 0
                saved = keep + one_piece(offer, good.price - keep, good.milli, "")
                yield tuple(int(k == n) for k in range(len(goods))), saved
        return
    if offer.kind not in ("nth", "buy_get", "bundle"):
        return
    slots = [s.scope for s in offer.need.slots for _ in range(s.qty)]
    if not slots:
        size = offer.need.qty + (offer.give.free_qty if offer.kind == "buy_get" else 0)
        slots = [offer.scope] * size
    pool = [
        n
        for n, good in enumerate(goods)
        if good.open and not good.weighed and any(inside(scope, good) for scope in slots)
        for _ in range(min(good.pieces, len(slots)))
    ]
    for chosen in sorted(set(combinations(pool, len(slots)))):
        if offer.need.slots:
            if not any(
                all(inside(s, goods[n]) for s, n in zip(slots, row, strict=True))
                for row in set(permutations(chosen))
            ):
                continue
        elif not offer.mix and len({goods[n].product_id for n in chosen}) > 1:
            continue
        together = set_saving(offer, [goods[n] for n in chosen], chosen)
        if together is not None:
            yield tuple(chosen.count(n) for n in range(len(goods))), together


def set_saving(offer: Offer, goods: Sequence[Good], places: Sequence[int]) -> int | None:
    """What one set saves, member prices that stay included; None where it cannot be given."""
    stack = offer.stack_with_member_price
    kept = sum(g.member for g in goods) if stack else 0
    cost = [g.price - (g.member if stack else 0) for g in goods]
    give = offer.give
    falling = sorted(range(len(goods)), key=lambda n: (-goods[n].price, places[n]))
    if min(cost) <= 0:
        return None
    if offer.kind == "nth":
        return kept + rounded(cost[falling[-1]] * (give.off_bp or 0), 10_000)
    if offer.kind == "buy_get":
        return kept + sum(cost[n] for n in falling[-give.free_qty :])
    if give.price_fen is not None:
        return kept + sum(cost) - give.price_fen
    if give.off_bp is not None:
        return kept + sum(rounded(fen * give.off_bp, 10_000) for fen in cost)
    off = give.off_fen or 0
    return kept + off if all(fen * len(cost) >= off for fen in cost) else None


def most_on_order(offers: Sequence[tuple[frozenset[int], int]]) -> int:
    """The most that offers on the order save, each with its lines and sum, no line used twice."""
    best = 0
    for bits in range(1 << len(offers)):
        taken = [offers[n] for n in range(len(offers)) if bits >> n & 1]
        lines = [line for own, _ in taken for line in own]
        if len(lines) == len(set(lines)):
            best = max(best, sum(fen for _, fen in taken))
    return best
