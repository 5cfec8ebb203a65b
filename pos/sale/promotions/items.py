"""Offers on items: who competes for which pieces, and what the best choice takes off each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from pos.money import allocate, share_of
from pos.sale.promotions.greedy import best_first
from pos.sale.promotions.matching import Context, Live
from pos.sale.promotions.model import SET_KINDS, Offer
from pos.sale.promotions.packing import MOST_SEARCHED, WIDTH, Search, Use
from pos.sale.promotions.piles import Book, Pile, single_saving
from pos.sale.promotions.plays import Play
from pos.sale.promotions.pruning import needed


class Items(msgspec.Struct):
    """After the offers on items: what is left of the piles, who got what, and by group the pieces
    that no set has used."""

    piles: list[Pile]
    book: Book
    spare: dict[str, list[tuple[Pile, int]]] = msgspec.field(default_factory=dict)
    exact: bool = True


def give_items(piles: list[Pile], live: Live, context: Context, exact_units: int) -> Items:
    """Work through the groups of the item layer, the one of highest priority first."""
    done = Items(piles, Book())
    groups = live.groups.get("item", ())
    for group in groups:
        done.piles.sort(key=lambda p: (-p.price, p.line))
        _Group(done, live, context, group).give(exact_units)
    for pile in done.piles:
        if pile.member and pile.count:
            _take_member(done.book, pile, pile.count)
    return done


def _take_member(book: Book, pile: Pile, count: int) -> None:
    share = book.share(pile.member_rank, pile.line)
    share.add(pile.milli * count, pile.price * count, pile.member * count)
    book.count(pile.member_rank, count)


class _Group:
    """One conflict group at work on the piles."""

    def __init__(self, done: Items, live: Live, context: Context, group: str) -> None:
        self.done, self.live, self.group = done, live, group
        self.piles = done.piles
        self.base = [p.member for p in self.piles]
        self.single = [-1] * len(self.piles)
        self.left: dict[int, int | None] = {}
        self.plays: list[Play] = []
        self.pieces: dict[int, int] = {}
        by_rank: dict[int, list[tuple[int, int]]] = {}
        for n, pile in enumerate(self.piles):
            if not pile.weighed:
                self.pieces[pile.product_id] = self.pieces.get(pile.product_id, 0) + pile.count
            for rank, bits in live.active(pile.cover, "item", group):
                if rank in by_rank:
                    by_rank[rank].append((n, bits))
                else:
                    by_rank[rank] = [(n, bits)]
        limited: list[tuple[int, list[int]]] = []
        ranks = sorted(by_rank)
        for rank in ranks:
            self.left[rank] = live.left(rank, context)
            offer = live.offers[rank]
            if offer.kind not in SET_KINDS and offer.kind != "member_price":
                self._add_single(rank, offer, by_rank[rank], limited)
        for rank, numbers in limited:
            self._play_single(rank, numbers)
        for rank in ranks:
            if live.offers[rank].kind in SET_KINDS and self.left[rank] != 0:
                self._add_sets(rank, live.offers[rank], by_rank[rank])

    def give(self, exact_units: int) -> None:
        """Choose, component by component, and take it off the piles."""
        rest = [p.count for p in self.piles]
        after: list[Pile] = []
        for numbers, plays in self._components():
            uses, exact = self._solve(numbers, plays, exact_units)
            self.done.exact &= exact
            for use in uses:
                self._take(plays[use.play], numbers, use, rest, after)
        self.done.spare[self.group] = list(zip(self.piles, rest, strict=True))
        for n, pile in enumerate(self.piles):
            if not rest[n]:
                continue
            kept = replace(pile, count=rest[n])
            if self.single[n] >= 0:
                fen = self.base[n]
                kept = self._touched(pile, self.single[n], rest[n], fen)
            after.append(kept)
        self.done.piles = after

    def _add_single(
        self,
        rank: int,
        offer: Offer,
        numbers: list[tuple[int, int]],
        limited: list[tuple[int, list[int]]],
    ) -> None:
        """An offer on single pieces: part of what pieces save anyway, unless it is limited."""
        left = self.left[rank]
        fitting = [n for n, _ in numbers if self.piles[n].start(offer) is not None]
        if left == 0:
            return
        if left is not None and left < sum(self.piles[n].count for n in fitting):
            limited.append((rank, fitting))
            return
        for n in fitting:
            pile = self.piles[n]
            fen, keep = pile.start(offer) or (0, 0)
            saving = single_saving(offer, fen, pile.milli) + keep
            if saving > self.base[n]:
                self.base[n], self.single[n] = saving, rank

    def _play_single(self, rank: int, numbers: Sequence[int]) -> None:
        play = Play(rank, "single", self.left[rank])
        offer = self.live.offers[rank]
        for n in numbers:
            fen, keep = self.piles[n].start(offer) or (0, 0)
            value = single_saving(offer, fen, self.piles[n].milli)
            if value + keep > self.base[n]:
                self._join(play, n, value, keep, fen, 1)
        if play.classes:
            self.plays.append(play)

    def _join(self, play: Play, n: int, value: int, keep: int, fen: int, bits: int) -> None:
        play.classes.append(n)
        play.value[n], play.cost[n] = value, keep - self.base[n]
        play.base[n], play.slots_of[n] = fen, bits

    def _add_sets(self, rank: int, offer: Offer, numbers: Sequence[tuple[int, int]]) -> None:
        """One play for all pieces of the scope, or one for each product."""
        together: dict[int, Play] = {}
        apart = not offer.mix and not offer.need.slots
        size = offer.need.qty + offer.give.free_qty
        for n, bits in numbers:
            pile = self.piles[n]
            if apart and self.pieces.get(pile.product_id, 0) < size:
                continue
            start = pile.start(offer)
            if pile.weighed or start is None or start[0] <= 0:
                continue
            fen, keep = start
            value = _value(offer, fen)
            if value is None:
                continue
            key = pile.product_id if apart else 0
            play = together.get(key)
            if play is None:
                play = together[key] = _new_play(rank, offer, self.left[rank])
            self._join(play, n, value, keep, fen, bits)
        self.plays += [p for p in together.values() if self._worth(p)]

    def _worth(self, play: Play) -> bool:
        """Whether a play can form a set at all, and one that gains anything."""
        if sum(self.piles[n].count for n in play.classes) < play.size:
            return False
        for slot, qty in enumerate(play.slots):
            fitting = (n for n in play.classes if play.slots_of[n] >> slot & 1)
            if sum(self.piles[n].count for n in fitting) < qty:
                return False
        return any(play.bound(n, play.value[n]) > 0 for n in play.classes)

    def _components(self) -> list[tuple[list[int], list[Play]]]:
        """Piles that compete for plays, directly or through others, with these plays."""
        parent = list(range(len(self.piles)))

        def root(n: int) -> int:
            while parent[n] != n:
                parent[n] = parent[parent[n]]
                n = parent[n]
            return n

        limited: dict[int, int] = {}
        for play in self.plays:
            first = play.classes[0]
            if play.left is not None:
                first = limited.setdefault(play.rank, first)
            for n in play.classes:
                parent[root(n)] = root(first)
        found: dict[int, tuple[set[int], list[Play]]] = {}
        for play in self.plays:
            numbers, plays = found.setdefault(root(play.classes[0]), (set(), []))
            numbers.update(play.classes)
            plays.append(play)
        return [(sorted(numbers), plays) for numbers, plays in found.values()]

    def _solve(
        self, numbers: list[int], plays: list[Play], exact_units: int
    ) -> tuple[list[Use], bool]:
        """The uses of a component (classes are places in `numbers`), from memory if it was seen."""
        piles = self.piles
        key = (
            exact_units,
            self.group,
            tuple(
                (
                    p.cover.number,
                    p.count,
                    p.price,
                    p.member,
                    p.on_member,
                    self.base[n],
                    p.milli,
                    p.pack,
                )
                for n, p in ((n, piles[n]) for n in numbers)
            ),
            tuple((p.rank, p.left) for p in plays),
        )
        found: tuple[list[Use], bool] | None = self.live.solved.get(key)
        if found is None:
            place = {n: i for i, n in enumerate(numbers)}
            local = [_renumbered(p, place) for p in plays]
            found = solve([piles[n].count for n in numbers], local, exact_units)
            self.live.solved.keep(key, found)
        return found

    def _take(
        self, play: Play, numbers: list[int], use: Use, rest: list[int], after: list[Pile]
    ) -> None:
        """Split a set's saving over its pieces, put it into the book, and move the pieces on."""
        pieces = [numbers[c] for c, count in use.picks for _ in range(count)]
        if play.form == "single":
            shares = [play.value[n] for n in pieces]
        else:
            fen = _saving(play, numbers, use)
            if fen <= 0:  # a search cut short may hold a set that is better left alone
                return
            shares = allocate(fen, [play.base[n] for n in pieces])
        self.done.book.count(play.rank, use.times)
        together: dict[tuple[int, int], int] = {}
        for n, part in zip(pieces, shares, strict=True):
            together[n, part] = together.get((n, part), 0) + use.times
        for (n, part), count in together.items():
            rest[n] -= count
            after.append(self._moved(self.piles[n], play.rank, count, part))

    def _touched(self, pile: Pile, rank: int, count: int, credit: int) -> Pile:
        """Pieces that take their single offer: `credit` holds the member saving that stays."""
        _, keep = pile.start(self.live.offers[rank]) or (0, 0)
        self.done.book.count(rank, count)
        return self._moved(pile, rank, count, credit - keep)

    def _moved(self, pile: Pile, rank: int, count: int, saving: int) -> Pile:
        fen, keep = pile.start(self.live.offers[rank]) or (0, 0)
        book = self.done.book
        if keep:
            _take_member(book, pile, count)
        if saving:
            book.share(rank, pile.line).add(pile.milli * count, fen * count, saving * count)
        on_member = pile.on_member or keep > 0
        return replace(
            pile, count=count, price=fen - saving, member=0, on_member=on_member, member_rank=-1
        )


def solve(counts: list[int], plays: list[Play], exact_units: int) -> tuple[list[Use], bool]:
    """The best uses of plays on classes of pieces, and whether nothing can be better.

    Best first gives what a search has to beat. The search goes to its end up to `exact_units`
    pieces, with limited width up to `MOST_SEARCHED`; beyond, best first is the answer.
    """
    kept = needed(plays)
    plays = [plays[n] for n in kept]
    pieces = sum(counts)
    gain, uses = best_first(counts, plays)
    exact = pieces <= exact_units
    if exact or pieces <= MOST_SEARCHED:
        more, better = Search(counts, plays).run(None if exact else WIDTH, gain)
        uses = better if more > gain else uses
    for use in uses:
        use.play = kept[use.play]
    alone = len(counts) == 1 and len(plays) == 1
    return uses, exact or alone


def _value(offer: Offer, fen: int) -> int | None:
    """What a set gives on one piece that costs `fen`; None where the piece cannot be in it.

    A sum off a bundle is borne in equal parts, so a piece cheaper than its part has no place.
    """
    give = offer.give
    if offer.kind == "buy_get":
        return fen
    if offer.kind == "nth" or give.off_bp is not None:
        return share_of(fen, give.off_bp or 0)
    if give.price_fen is not None:
        return fen
    pieces = offer.need.qty or sum(slot.qty for slot in offer.need.slots)
    return 0 if fen * pieces >= (give.off_fen or 0) else None


def _new_play(rank: int, offer: Offer, left: int | None) -> Play:
    give, need = offer.give, offer.need
    if offer.kind == "nth":
        return Play(rank, "ranked", left, need.qty - 1, 1)
    if offer.kind == "buy_get":
        return Play(rank, "ranked", left, need.qty, give.free_qty)
    slots = tuple(slot.qty for slot in need.slots) or (need.qty,)
    per_set = 0
    if give.price_fen is not None:
        per_set = -give.price_fen
    elif give.off_fen is not None:
        per_set = give.off_fen
    return Play(rank, "bundle", left, slots=slots, per_set=per_set)


def _renumbered(play: Play, place: Mapping[int, int]) -> Play:
    return Play(
        play.rank,
        play.form,
        play.left,
        play.payers,
        play.frees,
        play.slots,
        play.per_set,
        [place[n] for n in play.classes],
        {place[n]: x for n, x in play.value.items()},
        {place[n]: x for n, x in play.cost.items()},
        {place[n]: x for n, x in play.base.items()},
        {place[n]: x for n, x in play.slots_of.items()},
    )


def _saving(play: Play, numbers: Sequence[int], use: Use) -> int:
    """Fen one set takes off, reckoned anew from this order's piles."""
    if play.form == "bundle":
        return play.per_set + sum(play.value[numbers[c]] * n for c, n in use.picks)
    return sum(play.value[numbers[c]] * n for c, n in use.given)
