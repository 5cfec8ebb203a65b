"""Which offers are live for an order, and which products each of them covers.

`Live` is made once from the offers of a shop and kept: it indexes their scopes and remembers what
it has already worked out, so that a scan costs what the scan changed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from pos.clock import local
from pos.refusal import Refused
from pos.sale.order import Product
from pos.sale.promotions.model import (
    CATEGORY_BREAK,
    Coupon,
    Layer,
    Limits,
    Member,
    Offer,
    ProductFacts,
    Scope,
    Used,
    When,
)
from pos.sale.promotions.validating import faults_of_all

_KEPT = 4096


class Context(msgspec.Struct, frozen=True):
    """What the best offers depend on beside the order.

    `points` is how many points the customer wants to spend, None for none; head office holds them
    first. `used` tells of each offer, by its id, how often it was given before this order.
    """

    moment: datetime
    member: Member | None = None
    used: Mapping[str, Used] = {}
    coupons: tuple[Coupon, ...] = ()
    points: int | None = None
    shop: str = ""


class Cover(msgspec.Struct, frozen=True):
    """What offers may do with a product: `offers` by rank with the slots it fits (bit by bit).

    `beyond` are those of them that are not on items, `gifts` those it is an add-on of.
    """

    number: int
    offers: tuple[tuple[int, int], ...]
    gifts: tuple[int, ...]
    beyond: tuple[int, ...] = ()


class Memory:
    """Answers by key, the oldest half forgotten when there are too many."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._kept: dict[Hashable, Any] = {}

    def get(self, key: Hashable) -> Any:
        """What was kept under `key`, None where nothing is."""
        return self._kept.get(key)

    def keep(self, key: Hashable, value: Any) -> None:
        """Remember `value`; anything but None."""
        if len(self._kept) >= self._most:
            for old in list(self._kept)[: self._most // 2]:
                del self._kept[old]
        self._kept[key] = value


class Live:
    """The offers of a shop made ready. Refused where one has a fault: see `validating`.

    An offer's rank is its place by priority, then id; ties between equal savings go by it.
    """

    def __init__(self, offers: Iterable[Offer] = ()) -> None:
        self.offers: tuple[Offer, ...] = tuple(sorted(offers, key=lambda o: (-o.priority, o.id)))
        for fault in faults_of_all(self.offers):
            raise Refused(fault.code, **fault.values())
        self.rank_of: dict[str, int] = {o.id: rank for rank, o in enumerate(self.offers)}
        self.groups: dict[Layer, tuple[str, ...]] = _groups(self.offers)
        self.solved = Memory()
        self._of_group: dict[tuple[Layer, str], tuple[int, ...]] = {
            (layer, group): tuple(
                rank for rank, o in enumerate(self.offers) if o.layer == layer and o.group == group
            )
            for layer, groups in self.groups.items()
            for group in groups
        }
        self._unlimited = {
            rank
            for rank, o in enumerate(self.offers)
            if o.limits == Limits() and o.repeat is None and o.kind != "add_on"
        }
        self._index = _Index(self.offers)
        self._covers: dict[tuple[int, str, str, str], Cover] = {}
        self._blocks: tuple[object, dict[int, str]] | None = None
        self._active: dict[tuple[int, Layer, str], tuple[tuple[int, int], ...]] = {}

    def cover(self, product: Product, facts: ProductFacts) -> Cover:
        """Which offers name the product."""
        key = (product.product_id, product.sku, facts.category, facts.brand)
        found = self._covers.get(key)
        if found is None:
            if len(self._covers) >= 200_000:
                self._covers.clear()
                self._active.clear()
                self.solved = Memory()
            found = self._covers[key] = self._index.cover(len(self._covers), product.sku, facts)
        return found

    def of_group(self, layer: Layer, group: str) -> tuple[int, ...]:
        """The ranks of a group's offers."""
        return self._of_group.get((layer, group), ())

    def blocked(self, context: Context) -> dict[int, str]:
        """The offers that are not live now or not for this customer: rank to reason's code."""
        at = local(context.moment)
        member = context.member
        who = None if member is None else (member.level, member.birthday)
        key = (at.date(), at.hour, at.minute, who, context.shop)
        if self._blocks is None or self._blocks[0] != key:
            reasons = ((rank, _block(o, at, member, context)) for rank, o in enumerate(self.offers))
            self._blocks = (key, {rank: why for rank, why in reasons if why})
            self._active.clear()
        return self._blocks[1]

    def active(self, cover: Cover, layer: Layer, group: str) -> tuple[tuple[int, int], ...]:
        """Of a cover, the offers of a group that the last `blocked` let through."""
        key = (cover.number, layer, group)
        found = self._active.get(key)
        if found is None:
            if len(self._active) >= 200_000:
                self._active.clear()
            blocks = self._blocks[1] if self._blocks else {}
            found = self._active[key] = tuple(
                (rank, bits)
                for rank, bits in cover.offers
                if rank not in blocks
                and self.offers[rank].group == group
                and self.offers[rank].layer == layer
            )
        return found

    def left(self, rank: int, context: Context) -> int | None:
        """How often an offer may still be given in this order; None is without end."""
        if rank in self._unlimited:
            return None
        offer = self.offers[rank]
        limits = offer.limits
        used = context.used.get(offer.id, _UNUSED)
        if limits.budget_fen is not None and used.fen >= limits.budget_fen:
            return 0
        repeat = 1 if offer.repeat is None and offer.kind == "add_on" else offer.repeat
        bounds = [x for x in (repeat, limits.per_order) if x is not None]
        if limits.per_member is not None:
            bounds.append(limits.per_member - used.member)
        if limits.per_day is not None:
            bounds.append(limits.per_day - used.day)
        return max(0, min(bounds)) if bounds else None


_UNUSED = Used()


class _Index:
    """Scopes turned round: from a product's sku, category and brand to the offers naming it."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        self._scopes: list[tuple[int, int, Scope]] = []
        self._everything: list[int] = []
        self._named: dict[tuple[str, str], list[int]] = {}
        self._gifts: dict[str, list[int]] = {}
        self._beyond = {rank for rank, o in enumerate(offers) if o.layer != "item"}
        for rank, offer in enumerate(offers):
            slots = [slot.scope for slot in offer.need.slots] or [offer.scope]
            for bit, scope in enumerate(slots):
                self._add(rank, 1 << bit, scope)
            for sku in offer.give.gifts:
                self._gifts.setdefault(sku, []).append(rank)

    def _add(self, rank: int, bit: int, scope: Scope) -> None:
        place = len(self._scopes)
        self._scopes.append((rank, bit, scope))
        if scope.everything:
            self._everything.append(place)
        for kind, names in (("s", scope.skus), ("c", scope.categories), ("b", scope.brands)):
            for name in names:
                self._named.setdefault((kind, name), []).append(place)

    def cover(self, number: int, sku: str, facts: ProductFacts) -> Cover:
        """The offers and slots that name this product, by rank."""
        paths = category_paths(facts.category)
        places = set(self._everything)
        for key in (("s", sku), ("b", facts.brand), *(("c", path) for path in paths)):
            if key[1]:
                places.update(self._named.get(key, ()))
        bits: dict[int, int] = {}
        for place in places:
            rank, bit, scope = self._scopes[place]
            if not _excluded(scope, sku, paths, facts.brand):
                bits[rank] = bits.get(rank, 0) | bit
        return Cover(
            number,
            tuple(sorted(bits.items())),
            tuple(self._gifts.get(sku, ())),
            tuple(sorted(bits.keys() & self._beyond)),
        )


def _excluded(scope: Scope, sku: str, paths: Sequence[str], brand: str) -> bool:
    return (
        sku in scope.not_skus
        or brand in scope.not_brands
        or any(path in scope.not_categories for path in paths)
    )


def category_paths(category: str) -> tuple[str, ...]:
    """A category and all that hold it: `a/b/c`, `a/b`, `a`; nothing of the empty one."""
    parts = category.split(CATEGORY_BREAK)
    return tuple(CATEGORY_BREAK.join(parts[:n]) for n in range(len(parts), 0, -1) if category)


def covers(scope: Scope, sku: str, facts: ProductFacts) -> bool:
    """Whether a scope holds a product."""
    paths = category_paths(facts.category)
    if _excluded(scope, sku, paths, facts.brand):
        return False
    if scope.everything or sku in scope.skus or (facts.brand and facts.brand in scope.brands):
        return True
    return any(path in scope.categories for path in paths)


def live_at(when: When, at: datetime) -> bool:
    """Whether an offer is live at a moment of the shop's wall clock."""
    minute = at.hour * 60 + at.minute
    today = at.date()
    if not when.times:
        return _day_in(when, today)
    for start, end in when.times:
        if start < end:
            if start <= minute < end and _day_in(when, today):
                return True
        elif (minute >= start and _day_in(when, today)) or (
            minute < end and _day_in(when, today - timedelta(days=1))
        ):
            return True
    return False


def _day_in(when: When, day: date) -> bool:
    if (when.first and day < when.first) or (when.last and day > when.last):
        return False
    return not when.weekdays or day.isoweekday() in when.weekdays


def _block(offer: Offer, at: datetime, member: Member | None, context: Context) -> str:
    if offer.shops and context.shop not in offer.shops:
        return "not_this_shop"
    if not live_at(offer.when, at):
        return "not_now"
    if offer.who == "all":
        return ""
    if member is None:
        return "members_only"
    if offer.who == "level" and member.level not in offer.levels:
        return "other_level"
    if offer.who == "birthday_month" and (not member.birthday or member.birthday[0] != at.month):
        return "not_birthday"
    if offer.who == "birthday" and not _is_birthday(member.birthday, at):
        return "not_birthday"
    return ""


def _is_birthday(birthday: tuple[int, int] | None, at: datetime) -> bool:
    """Who was born on 29 February has the 28th in other years."""
    if birthday == (2, 29) and (at.month, at.day) == (2, 28):
        return (at + timedelta(days=1)).day == 1
    return birthday == (at.month, at.day)


def _groups(offers: Sequence[Offer]) -> dict[Layer, tuple[str, ...]]:
    """The groups of each layer: the one with the highest priority first, then by name."""
    highest: dict[Layer, dict[str, int]] = {}
    for offer in offers:
        groups = highest.setdefault(offer.layer, {})
        groups[offer.group] = max(groups.get(offer.group, offer.priority), offer.priority)
    return {
        layer: tuple(sorted(groups, key=lambda name: (-groups[name], name)))
        for layer, groups in highest.items()
    }
