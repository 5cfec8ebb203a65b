"""Offers at work: the best of them given on the order at every change of it.

What works them out loads with the first offer or member: a till without either waits for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.clock import Clock
from pos.config import Config
from pos.sale.offers import NO_OFFERS
from pos.sale.order import Order, Product
from pos.store import offers as kept
from pos.store.reader import Reader

if TYPE_CHECKING:
    from pos.sale.promotions import Coupon, Live, Member, Outcome, ProductFacts, Used
    from pos.words.promotions import PromotionWords


class _Facts(Mapping[int, "ProductFacts"]):
    """Category and brand of products, looked up when an offer first asks."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[int, ProductFacts] = {}

    def __getitem__(self, product_id: int) -> ProductFacts:
        found = self._known.get(product_id)
        if found is None:
            from pos.sale.promotions import ProductFacts

            found = ProductFacts(*kept.facts_of(self._reader, product_id))
            self._known[product_id] = found
        return found

    def __iter__(self) -> Iterator[int]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class Promoter:
    """Gives the best of the offers in the ledger; `outcome` tells of the order priced last."""

    def __init__(self, reader: Reader, clock: Clock, config: Config) -> None:
        self._reader, self._clock, self._config = reader, clock, config
        self.live: Live | None = None
        self.version = 0
        self.outcome: Outcome | None = None
        self._used: tuple[tuple[str, ...], Mapping[str, Used]] = ((), {})
        self._facts: Mapping[int, ProductFacts] = {}
        self.load()

    @property
    def words(self) -> PromotionWords:
        """The words of offers in the till's language."""
        from pos.words import promotions

        return promotions.of(self._config.settings.till.language)

    def load(self) -> None:
        """Take the newest offers of the ledger; what is on the counter changes at its next scan."""
        if kept.version_of(self._reader) != self.version:
            from pos.sale.promotions import Live

            now = kept.kept(self._reader)
            self.live, self.version, self._used = Live(now.offers), now.version, ((), {})

    def give(
        self, order: Order, business_date: str, member: Member | None, *, paying: bool = False
    ) -> Order:
        """The order with the best offers on it now. Whether it may change is the caller's."""
        if not order.lines or (self.live is None and member is None):
            self.outcome = None
            return order if order.offers == NO_OFFERS else replace(order, offers=NO_OFFERS)
        from pos.sale.promotions import PAYMENT_UNITS, SCAN_UNITS, Context, Live, best

        live = self.live = self.live or Live()
        key = (order.order_id, order.person_id, business_date, str(self.version))
        if self._used[0] != key:
            used = kept.used(self._reader, live.offers, order.person_id, business_date)
            self._used, self._facts = (key, used), _Facts(self._reader)
        if member is not None and order.points:
            member = replace(member, points=order.points)
        context = Context(
            self._clock.now(),
            member,
            self._used[1],
            tuple(self.coupon(code) for code in order.coupons),
            points=order.points or None,
            shop=self._config.settings.shop.id,
        )
        units = PAYMENT_UNITS if paying else SCAN_UNITS
        self.outcome = best(order, live, context, self._facts, units)
        offers = self.outcome.offers
        return order if order.offers == offers else replace(order, offers=offers)

    def offers_on(self, product: Product) -> list[str]:
        """The names of the offers that are live on a product now, for whom where not for all."""
        if self.live is None:
            return []
        from pos.sale.promotions import Context, ProductFacts

        facts = ProductFacts(*kept.facts_of(self._reader, product.product_id))
        shop = self._config.settings.shop.id
        blocked = self.live.blocked(Context(self._clock.now(), shop=shop))
        found = []
        for rank, _ in self.live.cover(product, facts).offers:
            offer = self.live.offers[rank]
            if rank not in blocked:
                found.append(offer.name)
            elif blocked[rank] == "members_only":
                found.append(f"{offer.name} ({self.words.who.member})")
        return found

    def spends_points(self) -> bool:
        """Whether there is an offer that points are spent with."""
        return self.live is not None and any(x.kind == "points" for x in self.live.offers)

    def knows(self, code: str) -> bool:
        """Whether a code is a coupon's."""
        return kept.coupon(self._reader, code) is not None

    def central(self, code: str) -> bool:
        """Whether only head office knows if the coupon can still be used."""
        found = kept.coupon(self._reader, code)
        return found is not None and found.central

    def coupon(self, code: str) -> Coupon:
        """A coupon that was shown; one that nobody knows belongs to no offer."""
        from pos.sale.promotions import Coupon

        found = kept.coupon(self._reader, code)
        return Coupon(code, found.offer_id, found.uses_left) if found else Coupon(code, "", 0)

    def hint(self) -> str:
        """The first thing the customer could still have, in a few words."""
        if self.outcome is None or not self.outcome.proposals:
            return ""
        from pos.sale.promotions.explaining import say_proposal

        first = self.outcome.proposals[0]
        found = [self._reader.product(sku) for sku in first.skus]
        names = tuple(product.name for product in found if product is not None)
        return say_proposal(replace(first, skus=names), self.words)

    def why_not(self, code: str) -> str:
        """Why a coupon gave nothing on the order priced last."""
        from pos.sale.promotions.explaining import say_reason

        reasons = self.outcome.reasons if self.outcome else ()
        return next((say_reason(r, self.words) for r in reasons if r.detail == code), code)
