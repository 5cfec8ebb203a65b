"""What the customer could still have, and why other offers were not given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pos.money import MILLI
from pos.sale.order import Order
from pos.sale.promotions.bills import times_met
from pos.sale.promotions.items import Items
from pos.sale.promotions.matching import Context, Live
from pos.sale.promotions.model import NO_FACTS, SET_KINDS, Offer, ProductFacts
from pos.sale.promotions.orders import Given
from pos.sale.promotions.outcome import Proposal, Reason

NEAR_PIECES = 2
"""A set that lacks more pieces than this is not spoken of."""
NEAR_PERCENT = 30
"""A threshold that lacks more than this share of it is not spoken of."""
MOST_PROPOSED = 6


def proposals(live: Live, context: Context, items: Items, given: Given) -> tuple[Proposal, ...]:
    """Add-ons that may be confirmed, then what is nearly reached, by rank; a few at most."""
    add_ons = [
        Proposal(offer.id, offer.name, "add_on", most, offer.give.gifts, offer.give.price_fen or 0)
        for offer, most in ((live.offers[r], most) for r, most in sorted(given.may_add.items()))
    ]
    near = [*_near_sets(live, context, items), *_near_amounts(given)]
    found = [p for _, p in sorted(near, key=lambda x: x[0])]
    return (*add_ons, *found)[:MOST_PROPOSED]


def _near_sets(live: Live, context: Context, items: Items) -> Iterable[tuple[int, Proposal]]:
    """Sets begun with pieces that no other set has used."""
    for group, piles in items.spare.items():
        counts: dict[int, dict[tuple[int, int], int]] = {}
        for pile, count in piles:
            if pile.weighed or not count:
                continue
            for rank, bits in live.active(pile.cover, "item", group):
                offer = live.offers[rank]
                if offer.kind in SET_KINDS:
                    apart = not offer.mix and not offer.need.slots
                    key = (pile.product_id if apart else 0, bits)
                    row = counts.setdefault(rank, {})
                    row[key] = row.get(key, 0) + count
        for rank, row in counts.items():
            offer = live.offers[rank]
            missing = min((_missing(offer, part) for part in _apart(row)), default=0)
            left = live.left(rank, context)
            given = items.book.times.get(rank, 0)
            if 0 < missing <= NEAR_PIECES and (left is None or given < left):
                yield rank, Proposal(offer.id, offer.name, "pieces", missing)


def _apart(row: Mapping[tuple[int, int], int]) -> list[dict[int, int]]:
    """Counts by slots for each product that makes its own sets."""
    parts: dict[int, dict[int, int]] = {}
    for (product_id, bits), count in row.items():
        part = parts.setdefault(product_id, {})
        part[bits] = part.get(bits, 0) + count
    return list(parts.values())


def _missing(offer: Offer, counts: Mapping[int, int]) -> int:
    """Pieces that one more set lacks; 0 where it lacks none and was left for something better."""
    if not offer.need.slots:
        size = offer.need.qty + (offer.give.free_qty if offer.kind == "buy_get" else 0)
        return max(0, size - sum(counts.values()))
    spare = dict(counts)
    missing = 0
    for n, slot in enumerate(offer.need.slots):
        need = slot.qty
        for bits in sorted(spare):
            if bits >> n & 1:
                take = min(need, spare[bits])
                spare[bits] -= take
                need -= take
        missing += need
    return missing


def _near_amounts(given: Given) -> Iterable[tuple[int, Proposal]]:
    """Thresholds nearly reached by amount, the next step of 每满 among them."""
    reach = given.reach
    for layer in ("add_on", "order"):
        for group in reach.live.groups.get(layer, ()):
            for rank, offer in reach.offers(layer, group):
                missing = _missing_fen(offer, given, rank)
                if 0 < missing * 100 <= offer.need.amount_fen * NEAR_PERCENT:
                    yield rank, Proposal(offer.id, offer.name, "amount", missing)


def _missing_fen(offer: Offer, given: Given, rank: int) -> int:
    need = offer.need.amount_fen
    if not need:
        return 0
    amount = given.amount(rank)
    times = times_met(offer, amount, 0)
    if times and offer.kind != "every_off":
        return 0
    left = given.reach.live.left(rank, given.reach.context)
    if left is not None and times >= left:
        return 0
    return need - amount % need if amount else 0


def reasons(
    order: Order,
    live: Live,
    context: Context,
    facts_of: Mapping[int, ProductFacts],
    given: Given,
    applied: Iterable[str],
) -> tuple[Reason, ...]:
    """Why offers that name goods on the order were not given, by rank; coupons' own come first."""
    done = {live.rank_of[offer_id] for offer_id in applied if offer_id}
    seen: dict[int, int] = {}
    pieces: dict[int, int] = {}
    for line in order.lines:
        product = line.product
        if line.milli <= 0:
            continue
        flag = _flag(product.discountable, line.price_fen is None, product.weighed)
        count = line.milli // MILLI if flag == _OPEN else 0
        cover = live.cover(product, facts_of.get(product.product_id, NO_FACTS))
        for rank, _ in cover.offers:
            seen[rank] = seen.get(rank, 0) | flag
            if count:
                pieces[rank] = pieces.get(rank, 0) + count
    blocked = live.blocked(context)
    found = []
    for rank in sorted(seen.keys() - done):
        offer = live.offers[rank]
        if offer.kind not in ("coupon", "points"):
            code, missing = _why(
                offer, rank, blocked, (seen[rank], pieces.get(rank, 0)), live, context, given
            )
            found.append(Reason(offer.id, offer.name, code, missing))
    return (*given.refused, *found)


_OPEN, _BY_HAND, _WEIGHED = 1, 2, 4


def _flag(discountable: bool, plain: bool, weighed: bool) -> int:
    """What a line is to offers; 0 where none may touch it."""
    if not discountable:
        return 0
    if not plain:
        return _BY_HAND
    return _WEIGHED if weighed else _OPEN


def _why(
    offer: Offer,
    rank: int,
    blocked: Mapping[int, str],
    seen: tuple[int, int],
    live: Live,
    context: Context,
    given: Given,
) -> tuple[str, int]:
    if rank in blocked:
        return blocked[rank], 0
    if live.left(rank, context) == 0:
        used = context.used.get(offer.id)
        budget = offer.limits.budget_fen
        spent = used is not None and budget is not None and used.fen >= budget
        return ("budget_spent" if spent else "limit_reached"), 0
    if offer.layer != "item" and offer.need.amount_fen:
        missing = offer.need.amount_fen - given.amount(rank)
        if missing > 0:
            return "needs_amount", missing
    flags, pieces = seen
    if not flags & (_OPEN | _WEIGHED):
        return ("priced_by_hand" if flags else "no_discount_goods"), 0
    size = offer.need.qty + offer.give.free_qty + sum(s.qty for s in offer.need.slots)
    if offer.kind in SET_KINDS or offer.layer != "item":
        if not flags & _OPEN and size:
            return "weighed_goods", 0
        if pieces < size:
            return "needs_pieces", size - pieces
        if offer.need.slots:
            return "needs_parts_or_better", 0
    if offer.kind == "add_on":
        return "add_on_open", 0
    return "other_better", 0
