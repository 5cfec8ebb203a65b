"""What is wrong with offers among themselves and with the goods, before they go live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from pos.clock import local
from pos.money import MILLI, share_of
from pos.sale.order import Product
from pos.sale.promotions.matching import Live, category_paths, covers
from pos.sale.promotions.model import NO_FACTS, SET_KINDS, Offer, ProductFacts, Scope, When
from pos.sale.promotions.piles import single_saving

MOST_TOLD = 20
"""Findings of one code on one offer beyond which the rest is not told one by one."""


class Finding(msgspec.Struct, frozen=True):
    """One thing to look at before an offer goes live. `code` names a field of the words.

    Errors keep an offer from working or cost money; warnings may be meant. `text` is a sku, a
    category or a date, `other` another offer; `fen` is compared with `limit_fen`.
    """

    offer_id: str
    code: str
    severity: Literal["error", "warning"]
    text: str = ""
    other: str = ""
    fen: int = 0
    limit_fen: int = 0

    def values(self) -> dict[str, object]:
        """What fills the gaps of its words."""
        return {
            "id": self.offer_id,
            "text": self.text,
            "other": self.other,
            "fen": self.fen,
            "limit": self.limit_fen,
        }


class _Goods(msgspec.Struct):
    """What an offer covers: whether anything that takes a discount, whether any of it pieces."""

    any: bool = False
    pieces: bool = False
    prices: list[tuple[int, int]] = msgspec.field(default_factory=list)


def check(
    offers: Sequence[Offer],
    products: Iterable[Product],
    facts_of: Mapping[int, ProductFacts],
    moment: datetime,
) -> list[Finding]:
    """Findings by the rank of their offers, errors first. Refused where an offer has a fault.

    `products` are all that are sold; a cost unknown to `facts_of` is not compared.
    """
    live = Live(offers)
    goods = [_Goods() for _ in live.offers]
    known = _Known()
    sold = list(products)
    for product in sold:
        facts = facts_of.get(product.product_id, NO_FACTS)
        known.add(product, facts)
        if product.discountable and product.price_fen > 0:
            for rank, bits in live.cover(product, facts).offers:
                goods[rank].any = True
                goods[rank].pieces |= not product.weighed
                if live.offers[rank].need.slots:
                    goods[rank].prices.append((bits, product.price_fen))
    found: list[Finding] = []
    for rank, offer in enumerate(live.offers):
        found += _dates(offer, moment)
        found += known.unknown(offer)
        if not goods[rank].any:
            found.append(Finding(offer.id, "found_nothing", "error"))
        elif offer.kind in SET_KINDS and not goods[rank].pieces:
            found.append(Finding(offer.id, "found_only_weighed", "error"))
    found += _clashes(live.offers)
    found += _circles(live.offers, known)
    found += _prices(live, sold, facts_of, goods)
    ranks = live.rank_of
    return sorted(_few(found), key=lambda f: (f.severity != "error", ranks[f.offer_id]))


def _few(found: Iterable[Finding]) -> Iterator[Finding]:
    counts: dict[tuple[str, str], int] = {}
    for finding in found:
        key = (finding.offer_id, finding.code)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= MOST_TOLD:
            yield finding


class _Known:
    """The skus, categories and brands that goods have."""

    def __init__(self) -> None:
        self.facts: dict[str, ProductFacts] = {}
        self._categories: set[str] = set()
        self._brands: set[str] = set()

    def add(self, product: Product, facts: ProductFacts) -> None:
        """One product more."""
        self.facts[product.sku] = facts
        self._categories.update(category_paths(facts.category))
        self._brands.add(facts.brand)

    def unknown(self, offer: Offer) -> Iterator[Finding]:
        """What an offer names that no product has."""
        scopes = [offer.scope, *(slot.scope for slot in offer.need.slots)]
        for code, known, names in (
            ("sku", self.facts.keys(), [s.skus + s.not_skus for s in scopes]),
            ("category", self._categories, [s.categories + s.not_categories for s in scopes]),
            ("brand", self._brands, [s.brands + s.not_brands for s in scopes]),
            ("sku", self.facts.keys(), [offer.give.gifts]),
        ):
            for name in dict.fromkeys(name for group in names for name in group):
                if name not in known:
                    yield Finding(offer.id, f"found_unknown_{code}", "error", name)


def _dates(offer: Offer, moment: datetime) -> Iterator[Finding]:
    today = local(moment).date()
    when = offer.when
    if when.last and when.last < today - timedelta(days=1 if _past_midnight(when) else 0):
        yield Finding(offer.id, "found_over", "error", when.last.isoformat())
        return
    if not when.weekdays or when.last is None:
        return
    first = when.first or today
    days = min((when.last - first).days + 1, 7)
    if not any((first + timedelta(days=n)).isoweekday() in when.weekdays for n in range(days)):
        yield Finding(offer.id, "found_never", "error")


def _past_midnight(when: When) -> bool:
    return any(end <= start for start, end in when.times)


def _clashes(offers: Sequence[Offer]) -> Iterator[Finding]:
    """Offers that want just the same goods in one group; steps of one threshold are meant so."""
    same: dict[object, list[Offer]] = {}
    for offer in offers:
        if offer.kind in ("coupon", "points"):
            continue
        key = (offer.layer, offer.group, offer.scope, offer.need.slots, offer.levels, offer.who)
        for other in same.setdefault(key, []):
            steps = offer.layer == "order" and other.need != offer.need
            if not steps and _overlap(offer.when, other.when):
                yield Finding(offer.id, "found_clash", "warning", other=other.id)
        same[key].append(offer)


def _overlap(one: When, two: When) -> bool:
    """Whether two offers may be live at once, as far as dates, weekdays and times tell."""
    if one.first and two.last and two.last < one.first:
        return False
    if two.first and one.last and one.last < two.first:
        return False
    if one.weekdays and two.weekdays and not set(one.weekdays) & set(two.weekdays):
        return False
    if not one.times or not two.times:
        return True
    return bool(_minutes(one) & _minutes(two))


def _minutes(when: When) -> set[int]:
    day = 24 * 60
    return {
        minute % day
        for start, end in when.times
        for minute in range(start, end if end > start else end + day)
    }


def _circles(offers: Sequence[Offer], known: _Known) -> Iterator[Finding]:
    """Add-ons of one offer that meet the need of another whose add-ons meet the first one's."""
    add_ons = [o for o in offers if o.kind == "add_on"]
    feeds: dict[str, dict[str, str]] = {}
    for one in add_ons:
        for two in add_ons:
            gift = one.id != two.id and _feeding(one, two.scope, known)
            if gift:
                feeds.setdefault(one.id, {})[two.id] = gift
    for one in add_ons:
        for two_id, gift in feeds.get(one.id, {}).items():
            if _reaches(feeds, two_id, one.id):
                yield Finding(one.id, "found_circle", "error", gift, two_id)


def _feeding(offer: Offer, scope: Scope, known: _Known) -> str:
    for sku in offer.give.gifts:
        if sku in known.facts and covers(scope, sku, known.facts[sku]):
            return sku
    return ""


def _reaches(feeds: Mapping[str, Mapping[str, str]], start: str, end: str) -> bool:
    seen, open_ids = {start}, [start]
    while open_ids:
        here = open_ids.pop()
        if here == end:
            return True
        for there in feeds.get(here, {}):
            if there not in seen:
                seen.add(there)
                open_ids.append(there)
    return False


# --- prices ---


def _prices(
    live: Live,
    products: Sequence[Product],
    facts_of: Mapping[int, ProductFacts],
    goods: Sequence[_Goods],
) -> Iterator[Finding]:
    """Goods that an offer by itself may sell below cost or lowest price, or makes no cheaper."""
    ranges = [_slot_prices(o, goods[n].prices) for n, o in enumerate(live.offers)]
    for product in products:
        facts = facts_of.get(product.product_id, NO_FACTS)
        cover = live.cover(product, facts)
        if not product.discountable or product.price_fen <= 0:
            continue
        for rank, bits in cover.offers:
            offer = live.offers[rank]
            if product.weighed and offer.kind in SET_KINDS:
                continue
            fen = lowest_price(offer, product.price_fen, bits, ranges[rank])
            if fen is not None:
                yield from _compare(offer, product, facts, fen)
        for rank in cover.gifts:
            fen = live.offers[rank].give.price_fen or 0
            yield from _compare(live.offers[rank], product, facts, fen)


def _compare(offer: Offer, product: Product, facts: ProductFacts, fen: int) -> Iterator[Finding]:
    sku, cost, lowest = product.sku, facts.cost_fen, product.lowest_fen
    if fen >= product.price_fen:
        yield Finding(offer.id, "found_no_saving", "warning", sku, fen=product.price_fen)
        return
    if cost is not None and fen < cost:
        yield Finding(offer.id, "found_below_cost", "warning", sku, fen=fen, limit_fen=cost)
    if lowest is not None and fen < lowest:
        yield Finding(offer.id, "found_below_lowest", "warning", sku, fen=fen, limit_fen=lowest)


def _slot_prices(offer: Offer, prices: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The lowest and the highest price in each part of a bundle."""
    found = []
    for n in range(len(offer.need.slots)):
        own = [fen for bits, fen in prices if bits >> n & 1] or [0]
        found.append((min(own), max(own)))
    return found


def lowest_price(
    offer: Offer, fen: int, bits: int = 1, parts: Sequence[tuple[int, int]] = ()
) -> int | None:
    """The lowest average price of a piece that costs `fen`, by this offer alone.

    A bundle's sum is split by price, so its other parts are taken at the prices that leave this
    piece the least. None where an offer has no share for single goods (points; add-ons' needs).
    """
    give, need = offer.give, offer.need
    if offer.kind in ("points", "add_on"):
        return None
    if offer.kind == "nth":
        return fen - share_of(fen, give.off_bp or 0) // need.qty
    if offer.kind == "buy_get":
        return fen * need.qty // (need.qty + give.free_qty)
    if offer.kind == "bundle":
        return _in_bundle(offer, fen, bits, parts)
    if offer.layer == "item":
        most = max((bp for _, bp in give.levels), default=0)
        return fen - max(single_saving(offer, fen, MILLI), share_of(fen, most))
    if give.off_bp is not None:
        return fen - share_of(fen, give.off_bp)
    off = give.off_fen or 0
    if need.amount_fen:
        return fen - min(fen, off * fen // max(need.amount_fen, fen if _once(offer) else 1))
    return max(0, fen - off // max(1, need.qty))


def _once(offer: Offer) -> bool:
    """Whether a sum is taken off once, however much is bought."""
    return offer.kind != "every_off"


def _in_bundle(offer: Offer, fen: int, bits: int, parts: Sequence[tuple[int, int]]) -> int | None:
    give, need = offer.give, offer.need
    if give.off_bp is not None:
        return fen - share_of(fen, give.off_bp)
    pieces = need.qty or sum(slot.qty for slot in need.slots)
    dear = give.price_fen is not None
    least: int | None = None
    places = [n for n in range(len(parts)) if bits >> n & 1] or [-1]
    for place in places:
        if parts:
            whole = fen + sum(
                parts[n][dear] * (slot.qty - (n == place)) for n, slot in enumerate(need.slots)
            )
        else:
            whole = fen * pieces
        if give.price_fen is not None:
            share = give.price_fen * fen // whole
        elif fen * pieces < (give.off_fen or 0):
            continue
        else:
            share = fen - (give.off_fen or 0) * fen // whole
        least = share if least is None else min(least, share)
    return least
