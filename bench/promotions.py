"""How long the best offers take on a scan and at payment, and whether they are the best."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from random import Random

from msgspec.structs import replace

from bench.figures import Result
from pos.sale.order import Line, Order, Product, set_quantity
from pos.sale.pricing import price
from pos.sale.promotions import (
    PAYMENT_UNITS,
    SCAN_UNITS,
    Context,
    Coupon,
    Give,
    Limits,
    Live,
    Member,
    Need,
    Offer,
    Outcome,
    ProductFacts,
    Scope,
    Slot,
    When,
    best,
)
from pos.sale.promotions.model import OfferKind
from tests.sale.promotions.brute import most_saved
from tests.sale.promotions.carts import cart

SEED = 20260302
LIVE = 200
LINES = 50
LEAST_MATCHING = 60
_NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 on a Monday in the shop
_CATEGORIES = 25
_BRANDS = 40
_PRODUCTS = 600
_HOT = 2
"""Categories with several offers on each that compete for the same pieces."""


def run(quick: bool, _full: bool) -> Result:
    """Scan on orders of fifty lines among 200 live offers; small carts against brute force."""
    orders, scans, carts = (4, 25, 200) if quick else (20, 50, 2000)
    result = Result("promotions", orders * scans)
    scan_times: list[float] = []
    payment_times: list[float] = []
    plain_times: list[float] = []
    matching, largest = [], []
    for n in range(orders):
        shop = _Shop(Random(SEED + n))
        matching.append(shop.matching())
        largest.append(shop.largest())
        plain_times += shop.plain(scans)
        payment_times += shop.payments(4)
        scan_times += shop.scans(scans)
    result.add("reprice", scan_times, plain_times)
    result.add("best_at_payment", payment_times, plain_times)
    result.counts["not_best"] = sum(_not_best(n) for n in range(carts))
    result.counts["carts"] = carts
    result.counts["offers_live"] = LIVE
    result.counts["least_matching"] = min(matching)
    result.counts["least_largest_component"] = min(largest)
    assert min(matching) >= LEAST_MATCHING
    assert min(largest) >= SCAN_UNITS
    return result


def _not_best(seed: int) -> int:
    """1 where the best offers save another sum than brute force, or pricing gives another."""
    case = cart(Random(SEED + seed), PAYMENT_UNITS)
    member = None if case.level is None else Member(case.level)
    context = Context(_NOW, member)
    outcome = best(case.order, Live(case.offers), context, case.facts, PAYMENT_UNITS)
    saved = (
        price(case.order).total_fen - price(replace(case.order, offers=outcome.offers)).total_fen
    )
    most = most_saved(case.order, case.offers, case.facts, case.level)
    return int(not outcome.saving_fen == saved == most)


class _Shop:
    """A catalog, 200 live offers, and an order of fifty lines some of which compete hard."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.facts = {
            n: ProductFacts(f"类{n % _CATEGORIES}", f"牌{n % _BRANDS}") for n in range(_PRODUCTS)
        }
        self.products = [self._product(n) for n in range(_PRODUCTS)]
        self.offers = tuple(self._offers())
        self.live = Live(self.offers)
        self.order = self._order()
        coupons = (Coupon("c1", "coupon0"), Coupon("c2", "coupon1"))
        self.context = Context(_NOW, Member("金", points=5000), coupons=coupons, points=2000)

    def matching(self) -> int:
        """How many live offers name something on the order."""
        ranks: set[int] = set()
        for line in self.order.lines:
            cover = self.live.cover(line.product, self.facts[line.product.product_id])
            ranks.update(rank for rank, _ in cover.offers)
        return len(ranks - self.live.blocked(self.context).keys())

    def largest(self) -> int:
        """Pieces of the hot categories, each of which is one component."""
        counts = dict.fromkeys((f"类{n}" for n in range(_HOT)), 0)
        for line in self.order.lines:
            category = self.facts[line.product.product_id].category
            if category in counts:
                counts[category] += line.milli // 1000
        return max(counts.values())

    def plain(self, count: int) -> list[float]:
        """The floor: what the same fifty lines come to with no offer looked at."""
        times = []
        for _ in range(count):
            start = time.perf_counter()
            price(self.order)
            times.append(time.perf_counter() - start)
        return times

    def scans(self, count: int) -> list[float]:
        """One piece more or less of some line, the offers and the price anew."""
        times = []
        self._best(SCAN_UNITS)
        for _ in range(count):
            line = self.random.choice([x for x in self.order.lines if not x.product.weighed])
            more = 1000 if line.milli == 1000 else -1000
            self.order = set_quantity(self.order, line.line_no, line.milli + more)
            start = time.perf_counter()
            outcome = self._best(SCAN_UNITS)
            price(replace(self.order, offers=outcome.offers))
            times.append(time.perf_counter() - start)
        return times

    def payments(self, count: int) -> list[float]:
        """The same with larger components searched to the end, nothing of it seen before."""
        times = []
        for _ in range(count):
            self.live = Live(self.offers)
            self._best(SCAN_UNITS)
            start = time.perf_counter()
            outcome = self._best(PAYMENT_UNITS)
            price(replace(self.order, offers=outcome.offers))
            times.append(time.perf_counter() - start)
            assert outcome.exact
        return times

    def _best(self, units: int) -> Outcome:
        return best(self.order, self.live, self.context, self.facts, units)

    def _product(self, n: int) -> Product:
        fen = self.random.choice((199, 350, 490, 590, 880, 990, 1280, 1590, 2990))
        fen += 10 * self.random.randrange(20)
        own = fen * 95 // 100 if self.random.random() < 0.3 else None
        weighed = n % _CATEGORIES >= 22
        return Product(n, f"S{n}", f"货{n}", "件", fen, 1300, weighed=weighed, member_fen=own)

    def _order(self) -> Order:
        """Two hot categories with 6 to 9 lines and 12 to 16 pieces each, the rest spread out."""
        lines: list[Line] = []
        for hot in range(_HOT):
            inside = [p for p in self.products if p.product_id % _CATEGORIES == hot]
            left = self.random.randint(12, 16)
            chosen = self.random.sample(inside, self.random.randint(6, 9))
            for place, product in enumerate(chosen):
                last = place == len(chosen) - 1
                count = left if last else min(self.random.choice((1, 1, 2, 3)), left - 1)
                left -= count
                if count:
                    lines.append(Line(len(lines) + 1, product, "", count * 1000))
        others = [p for p in self.products if p.product_id % _CATEGORIES >= _HOT]
        for product in self.random.sample(others, LINES - len(lines)):
            milli = self.random.randint(100, 2000) if product.weighed else 1000
            lines.append(Line(len(lines) + 1, product, "", milli))
        self.random.shuffle(lines)
        numbered = tuple(replace(x, line_no=n) for n, x in enumerate(lines, 1))
        return Order("o", "2026-03-02T02:00:00.000Z", "1", lines=numbered, next_line=LINES + 1)

    def _offers(self) -> list[Offer]:
        offers = [offer for hot in range(_HOT) for offer in self._hot_offers(hot)]
        offers += self._order_offers()
        kinds: tuple[OfferKind, ...] = ("special", "time_price", "nth", "buy_get", "bundle")
        while len(offers) < LIVE:
            offers.append(self._plain_offer(len(offers), self.random.choice(kinds)))
        return offers

    def _hot_offers(self, hot: int) -> list[Offer]:
        """Five offers that want the same pieces."""
        scope, name = Scope(categories=(f"类{hot}",)), f"hot{hot}-"
        skus = [f"S{hot + _CATEGORIES * k}" for k in range(_PRODUCTS // _CATEGORIES)]
        half = tuple(self.random.sample(skus, len(skus) // 2))
        return [
            Offer(name + "nth", "第二件半价", "nth", scope, need=Need(2), give=Give(off_bp=5000),
                  mix=True, priority=hot),
            Offer(name + "get", "买三送一", "buy_get", scope, need=Need(3), give=Give(free_qty=1),
                  mix=True),
            Offer(name + "for", "三件 19.9", "bundle", Scope(skus=half), need=Need(3),
                  give=Give(price_fen=1990), mix=True),
            Offer(name + "set", "组合", "bundle",
                  need=Need(slots=(Slot(Scope(skus=half[:6])), Slot(scope))),
                  give=Give(off_fen=300), limits=Limits(per_order=2)),
            Offer(name + "own", "会员特价", "special", Scope(skus=half[::3]), who="member",
                  give=Give(off_bp=1500), limits=Limits(per_order=2)),
        ]  # fmt: skip

    def _order_offers(self) -> list[Offer]:
        offers = []
        for n in range(20):
            whole = n < 4
            scope = Scope() if whole else Scope(categories=(f"类{n}",))
            kind: OfferKind = ("spend_off", "every_off", "spend_rate")[n % 3]
            give = Give(off_bp=800) if kind == "spend_rate" else Give(off_fen=300 + 100 * n)
            need = Need(amount_fen=2000 + 2000 * n if whole else 3000)
            group = "whole" if whole else ""
            offers.append(
                Offer(f"order{n}", "满减", kind, scope, need=need, give=give, group=group)
            )
        for n in range(5):
            gifts = (f"S{n * 7}", f"S{n * 7 + 1}")
            need, give = Need(amount_fen=3000), Give(price_fen=100, gifts=gifts)
            scope = Scope(categories=(f"类{n + 5}",))
            offers.append(Offer(f"add{n}", "换购", "add_on", scope, need=need, give=give))
            give = Give(off_fen=500)
            offers.append(Offer(f"coupon{n}", "优惠券", "coupon", need=need, give=give))
        give = Give(points=100, off_fen=100, most_bp=5000)
        offers.append(Offer("points", "积分抵现", "points", who="member", give=give))
        return offers

    def _plain_offer(self, n: int, kind: OfferKind) -> Offer:
        skus = tuple(f"S{k}" for k in self.random.sample(range(_PRODUCTS), 12))
        scope, name = Scope(skus=skus), f"plain{n}"
        if kind in ("special", "time_price"):
            times = When(times=((540, 1260),)) if kind == "time_price" else When()
            return Offer(name, "特价", kind, scope, when=times, give=Give(off_bp=1000))
        if kind == "nth":
            need, give = Need(self.random.choice((2, 3))), Give(off_bp=5000)
        elif kind == "buy_get":
            need, give = Need(2), Give(free_qty=1)
        else:
            need, give = Need(3), Give(off_bp=2000)
        return Offer(name, "促销", kind, scope, need=need, give=give)
