"""Offers beyond items: 换购, offers on the order, coupons, points, layer by layer."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from pos.money import allocate, share_of
from pos.sale.offers import LineOffer, OrderOffer, OrderOfferKind
from pos.sale.promotions.bills import (
    Bill,
    Reach,
    mask_of,
    nets,
    pieces_in,
    starts,
    times_met,
    whole,
)
from pos.sale.promotions.choosing import Candidate, choose
from pos.sale.promotions.items import Items
from pos.sale.promotions.model import Coupon, Layer, Offer
from pos.sale.promotions.outcome import Applied, Part, Reason
from pos.sale.promotions.piles import Pile


class Given(msgspec.Struct):
    """What the layers beyond items have given so far.

    `may_add` are add-ons that may still be had, `amounts` what each line (by its index)
    counted for when offers on the order looked at their thresholds.
    """

    reach: Reach
    exact_units: int
    lines: list[LineOffer] = msgspec.field(default_factory=list)
    order: list[OrderOffer] = msgspec.field(default_factory=list)
    applied: list[Applied] = msgspec.field(default_factory=list)
    refused: list[Reason] = msgspec.field(default_factory=list)
    may_add: dict[int, int] = msgspec.field(default_factory=dict)
    amounts: dict[int, int] = msgspec.field(default_factory=dict)
    exact: bool = True

    def begin(self) -> None:
        """A new layer: thresholds look at what lines cost now."""
        for bill in self.reach.bills:
            bill.start = bill.net

    def amount(self, rank: int) -> int:
        """What an offer's lines counted for at the thresholds."""
        return sum(self.amounts[b.number] for b in self.reach.bills_of(rank))

    def chosen(self, candidates: list[Candidate]) -> list[Candidate]:
        """The best of the candidates without a line in common."""
        best, exact = choose(candidates, self.exact_units)
        self.exact &= exact
        return best

    def on_lines(self, rank: int, times: int, fen: int, bills: list[Bill], layer: Layer) -> None:
        """Take `fen` off the lines of an offer, by what they cost."""
        offer = self.reach.live.offers[rank]
        parts = []
        for bill, part in zip(bills, allocate(fen, [b.net for b in bills]), strict=True):
            if part:
                self.lines.append(LineOffer("promotion", bill.line.line_no, part, offer.id))
            parts.append(Part(bill.line.line_no, bill.line.milli, bill.net, part))
            bill.net -= part
        self.applied.append(
            Applied(offer.id, offer.name, offer.kind, layer, times, fen, tuple(parts))
        )

    def on_order(
        self,
        offer: Offer,
        kind: OrderOfferKind,
        fen: int,
        bills: list[Bill],
        *,
        times: int = 1,
        code: str = "",
        points: int = 0,
    ) -> None:
        """Take `fen` off the order; pricing spreads it over all that may be discounted."""
        parts = tuple(Part(b.line.line_no, b.line.milli, b.net, 0) for b in bills)
        self.order.append(OrderOffer(kind, fen, offer.id))
        counts = bills if whole(offer.scope) else self.reach.bills
        for bill, part in zip(counts, allocate(fen, [b.net for b in counts]), strict=True):
            bill.net -= part
        self.applied.append(
            Applied(
                offer.id,
                offer.name,
                offer.kind,
                offer.layer,
                times,
                fen,
                parts,
                spread=True,
                code=code,
                points=points,
            )
        )


# --- 换购 ---


def give_add_ons(given: Given, items: Items) -> None:
    """Goods on the order that may be had at an add-on's price cost that price.

    An add-on never counts towards its own need.
    """
    given.begin()
    bill_of = {b.number: b for b in given.reach.bills if b.plain}
    for group in given.reach.live.groups.get("add_on", ()):
        found: list[tuple[int, int, list[tuple[Pile, int]]]] = []
        candidates = []
        for rank, offer in given.reach.offers("add_on", group):
            piles = [
                p
                for p in items.piles
                if not (p.weighed or p.pack)
                and p.line in bill_of
                and rank in p.cover.gifts
                and _off(p, offer) > 0
            ]
            piles.sort(key=lambda p: (-_off(p, offer), p.line))
            times = _add_on_times(given, rank, offer, piles)
            if not times:
                continue
            taken = _first_pieces(piles, times)
            fen = sum(_off(pile, offer) * n for pile, n in taken)
            needed = given.reach.bills_of(rank)
            mask = mask_of(needed) | mask_of(bill_of[p.line] for p, _ in taken)
            candidates.append(Candidate(mask, fen, rank, len(found)))
            found.append((rank, times, taken))
        chosen = given.chosen(candidates)
        for best in chosen:
            rank, times, taken = found[best.number]
            _take_add_ons(given, rank, times, taken, bill_of, items)
        _look_for_more(given, group, {found[c.number][0]: found[c.number] for c in chosen})


def _look_for_more(
    given: Given, group: str, done: dict[int, tuple[int, int, list[tuple[Pile, int]]]]
) -> None:
    """How many add-ons the goods beside those already taken still allow."""
    live, context = given.reach.live, given.reach.context
    taken_lines: dict[int, int] = {}
    for _, _, taken in done.values():
        for pile, n in taken:
            fen = (pile.price - pile.member) * n
            taken_lines[pile.line] = taken_lines.get(pile.line, 0) + fen
    for rank, offer in given.reach.offers("add_on", group):
        bills = given.reach.bills_of(rank)
        if done and rank not in done:
            continue
        amount = starts(bills) - sum(taken_lines.get(b.number, 0) for b in bills)
        times = done[rank][1] if rank in done else 0
        met = times_met(offer, amount, pieces_in(bills) - times)
        left = live.left(rank, context)
        more = (met if left is None else min(met, left)) - times
        if more > 0:
            given.may_add[rank] = more


def _off(pile: Pile, offer: Offer) -> int:
    return pile.price - pile.member - (offer.give.price_fen or 0)


def _first_pieces(piles: list[Pile], count: int) -> list[tuple[Pile, int]]:
    taken = []
    for pile in piles:
        n = min(count, pile.count)
        if n:
            taken.append((pile, n))
        count -= n
    return taken


def _add_on_times(given: Given, rank: int, offer: Offer, piles: list[Pile]) -> int:
    """The most add-ons whose need the other goods meet. The more are taken, the less is left."""
    bills = given.reach.bills_of(rank)
    amount, pieces = starts(bills), pieces_in(bills)
    inside = {b.number for b in bills}
    left = given.reach.live.left(rank, given.reach.context)
    there = sum(p.count for p in piles)
    low, high = 0, there if left is None else min(left, there)
    while low < high:
        middle = (low + high + 1) // 2
        out = [(p, n) for p, n in _first_pieces(piles, middle) if p.line in inside]
        fen = sum((p.price - p.member) * n for p, n in out)
        count = sum(n for _, n in out)
        if times_met(offer, amount - fen, pieces - count) >= middle:
            low = middle
        else:
            high = middle - 1
    return low


def _take_add_ons(
    given: Given,
    rank: int,
    times: int,
    taken: list[tuple[Pile, int]],
    bill_of: dict[int, Bill],
    items: Items,
) -> None:
    offer = given.reach.live.offers[rank]
    parts: dict[int, tuple[int, int, int]] = {}
    for pile, n in taken:
        bill, off = bill_of[pile.line], _off(pile, offer) * n
        bill.net -= off
        milli, original, saving = parts.get(bill.line.line_no, (0, 0, 0))
        parts[bill.line.line_no] = (
            milli + pile.milli * n,
            original + (pile.price - pile.member) * n,
            saving + off,
        )
        pile.count -= n  # for the next group they are no longer there
    items.piles = [p for p in items.piles if p.count]
    for line_no, (_, _, saving) in parts.items():
        given.lines.append(LineOffer("promotion", line_no, saving, offer.id))
    told = tuple(Part(line_no, *part) for line_no, part in sorted(parts.items()))
    fen = sum(p.saving_fen for p in told)
    given.applied.append(Applied(offer.id, offer.name, offer.kind, "add_on", times, fen, told))


# --- 满减, 每满, 满折 ---


def give_orders(given: Given) -> None:
    """Offers on what the order comes to after the offers on items.

    One that names products is taken off their lines; one on the whole order is spread by pricing.
    """
    given.begin()
    given.amounts = {b.number: b.start for b in given.reach.bills}
    for group in given.reach.live.groups.get("order", ()):
        candidates, times_of = [], {}
        for rank, offer in given.reach.offers("order", group):
            bills = given.reach.bills_of(rank)
            times, fen = _order_saving(given, rank, offer, bills)
            if fen > 0:
                times_of[rank] = times
                candidates.append(Candidate(mask_of(bills), fen, rank, rank))
        for best in given.chosen(candidates):
            offer = given.reach.live.offers[best.rank]
            bills, times = given.reach.bills_of(best.rank), times_of[best.rank]
            if whole(offer.scope):
                given.on_order(offer, "order_promotion", best.fen, bills, times=times)
            else:
                given.on_lines(best.rank, times, best.fen, bills, "order")


def _order_saving(given: Given, rank: int, offer: Offer, bills: list[Bill]) -> tuple[int, int]:
    met = times_met(offer, starts(bills), pieces_in(bills))
    if not met or not bills:
        return 0, 0
    left = given.reach.live.left(rank, given.reach.context)
    most = met if left is None else min(met, left)
    times = most if offer.kind == "every_off" else 1
    return times, _taken_off(offer, times, nets(bills))


def _taken_off(offer: Offer, times: int, net: int) -> int:
    """What `times` of an offer take off `net`, never more than it."""
    give = offer.give
    fen = share_of(net, give.off_bp) if give.off_bp is not None else (give.off_fen or 0) * times
    if give.most_off_fen is not None:
        fen = min(fen, give.most_off_fen)
    return max(0, min(fen, net))


# --- coupons ---


def give_coupons(given: Given) -> None:
    """Coupons the customer shows: within a group one for a line, so the best of them."""
    given.begin()
    live = given.reach.live
    valid = _valid_coupons(given)
    for group in live.groups.get("coupon", ()):
        candidates, number_of = [], {}
        for number, (coupon, rank) in enumerate(valid):
            offer = live.offers[rank]
            if offer.group != group:
                continue
            bills = given.reach.bills_of(rank)
            amount, pieces = starts(bills), pieces_in(bills)
            if not bills or not times_met(offer, amount, pieces):
                missing = offer.need.amount_fen - amount if offer.need.amount_fen else 0
                _refuse(given, coupon, offer, "coupon_needs_more", max(0, missing))
                continue
            fen = _taken_off(offer, 1, nets(bills))
            number_of[number] = coupon
            candidates.append(Candidate(mask_of(bills), fen, rank, number))
        used = given.chosen(candidates)
        for best in used:
            offer = live.offers[best.rank]
            fen = min(best.fen, nets(given.reach.bills_of(best.rank)))
            code = number_of.pop(best.number).code
            if fen > 0:
                bills = given.reach.bills_of(best.rank)
                given.on_order(offer, "coupon", fen, bills, code=code)
        for number, coupon in number_of.items():
            _refuse(given, coupon, live.offers[valid[number][1]], "coupon_other_better")


def _valid_coupons(given: Given) -> list[tuple[Coupon, int]]:
    reach = given.reach
    seen: set[str] = set()
    uses: dict[int, int] = {}
    valid: list[tuple[Coupon, int]] = []
    for coupon in reach.context.coupons:
        rank = reach.live.rank_of.get(coupon.offer_id)
        offer = None if rank is None else reach.live.offers[rank]
        if rank is None or offer is None or offer.kind != "coupon":
            _refuse(given, coupon, offer, "coupon_unknown")
        elif coupon.code in seen:
            _refuse(given, coupon, offer, "coupon_twice")
        elif coupon.uses_left <= 0:
            _refuse(given, coupon, offer, "coupon_used")
        elif rank in reach.blocked:
            _refuse(given, coupon, offer, reach.blocked[rank])
        else:
            left = reach.live.left(rank, reach.context)
            if left is not None and uses.get(rank, 0) >= left:
                _refuse(given, coupon, offer, "limit_reached")
            else:
                uses[rank] = uses.get(rank, 0) + 1
                valid.append((coupon, rank))
        seen.add(coupon.code)
    return valid


def _refuse(given: Given, coupon: Coupon, offer: Offer | None, code: str, missing: int = 0) -> None:
    offer_id, name = (offer.id, offer.name) if offer else (coupon.offer_id, "")
    given.refused.append(Reason(offer_id, name, code, missing, coupon.code))


# --- points ---


def give_points(given: Given) -> None:
    """Points the customer wants to spend: whole steps only, so that none are spent for nothing."""
    context = given.reach.context
    if not context.points or context.member is None:
        return
    given.begin()
    asked = min(context.points, context.member.points)
    for group in given.reach.live.groups.get("points", ()):
        best: tuple[int, int, int] | None = None
        for rank, offer in given.reach.offers("points", group):
            steps = _steps(offer, asked, nets(given.reach.bills_of(rank)))
            fen = steps * (offer.give.off_fen or 0)
            if fen and (best is None or fen > best[0]):
                best = (fen, rank, steps)
        if best is not None:
            fen, rank, steps = best
            offer = given.reach.live.offers[rank]
            spent = steps * offer.give.points
            asked -= spent
            given.on_order(offer, "points", fen, given.reach.bills_of(rank), points=spent)


def _steps(offer: Offer, points: int, net: int) -> int:
    give = offer.give
    most = net
    if give.most_bp is not None:
        most = min(most, net * give.most_bp // 10_000)
    if give.most_off_fen is not None:
        most = min(most, give.most_off_fen)
    return max(0, min(points // give.points, most // (give.off_fen or 1)))


LAYERS: tuple[Callable[[Given], None], ...] = (give_orders, give_coupons, give_points)
