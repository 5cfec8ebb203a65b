"""The best offers for an order: items, add-ons, the order, coupons, points.

Within a conflict group the choice is exact while few enough pieces hang together; groups and layers
follow one another, each on what is left. The same order, offers and context always give the same
answer. Everything is a value: what was used before comes in, nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from pos.record import GivenOffer
from pos.sale.offers import LineOffer, LineOfferKind, Offers
from pos.sale.order import Order
from pos.sale.promotions.bills import Reach, bills_of
from pos.sale.promotions.items import give_items
from pos.sale.promotions.matching import Context, Live
from pos.sale.promotions.model import Offer, ProductFacts
from pos.sale.promotions.orders import LAYERS, Given, give_add_ons
from pos.sale.promotions.outcome import NOTHING, Applied, Outcome, Part
from pos.sale.promotions.piles import Book, piles_of
from pos.sale.promotions.proposing import proposals, reasons

SCAN_UNITS = 12
"""Pieces up to which a component is searched to its end on each scan."""
PAYMENT_UNITS = 18
"""The same once, when payment begins and prices freeze."""


def best(
    order: Order,
    live: Live,
    context: Context,
    facts_of: Mapping[int, ProductFacts],
    exact_units: int = SCAN_UNITS,
) -> Outcome:
    """What offers give on an order; `facts_of` by product_id, a missing one has no category.

    Call it after each change of the order, and with `PAYMENT_UNITS` once before the first tender;
    keep that outcome's `offers` from then on.
    """
    if order.returned:
        order = replace(order, lines=order.sold)  # what came back has its money already
    if not order.lines:
        return NOTHING
    live.blocked(context)  # once for this moment and customer; all below looks it up
    items = give_items(piles_of(order, live, context, facts_of), live, context, exact_units)
    reach = Reach(live, context, bills_of(order, items, live, facts_of))
    given = Given(reach, exact_units)
    give_add_ons(given, items)
    for layer in LAYERS:
        layer(given)
    applied = (*_told(order, live, items.book), *given.applied)
    told = tuple(
        GivenOffer(a.offer_id, a.name, a.kind, a.times, a.saving_fen, a.code, a.points)
        for a in applied
    )
    return Outcome(
        Offers(_line_offers(order, live, items.book, given), tuple(given.order), told),
        applied,
        proposals(live, context, items, given),
        reasons(order, live, context, facts_of, given, (a.offer_id for a in applied)),
        items.exact and given.exact,
    )


def _line_offers(order: Order, live: Live, book: Book, given: Given) -> tuple[LineOffer, ...]:
    """What each offer takes off each line, in the order of the lines."""
    sums: dict[tuple[int, LineOfferKind, str], int] = {}
    for rank, shares in book.shares.items():
        own = rank < 0 or live.offers[rank].kind == "member_price"
        offer_id = "" if rank < 0 else live.offers[rank].id
        kind: LineOfferKind = "member" if own else "promotion"
        for number, share in shares.items():
            key = (order.lines[number].line_no, kind, offer_id)
            sums[key] = sums.get(key, 0) + share.saving_fen
    for offer in given.lines:
        key = (offer.line_no, offer.kind, offer.offer)
        sums[key] = sums.get(key, 0) + offer.fen
    return tuple(
        LineOffer(kind, line_no, fen, offer) for (line_no, kind, offer), fen in sorted(sums.items())
    )


def _told(order: Order, live: Live, book: Book) -> list[Applied]:
    """What the offers on items took off, by rank; the product's own member price comes first."""
    told = []
    for rank in sorted(book.shares):
        offer = live.offers[rank] if rank >= 0 else _OWN_MEMBER_PRICE
        parts = tuple(
            Part(order.lines[number].line_no, share.milli, share.original_fen, share.saving_fen)
            for number, share in sorted(book.shares[rank].items())
        )
        fen = sum(part.saving_fen for part in parts)
        times = book.times.get(rank, 0)
        told.append(Applied(offer.id, offer.name, offer.kind, "item", times, fen, parts))
    return told


_OWN_MEMBER_PRICE = Offer("", "", "member_price", who="member")
