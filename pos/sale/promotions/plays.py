"""How an offer can use pieces, as a small machine that is fed one piece after another.

Pieces come dearest first. A play is one offer on one set of pieces that may form its sets together.
What a play gains on a piece is counted against what the piece would save without it, so a search
only has to add up. Three forms cover every offer on items:

- ranked (第N件M折, 买N送M): `payers` pieces, then `frees` cheaper ones that are given something.
  For a given choice of pieces no grouping saves more than the one in falling order.
- bundle (组合, N 件 X 元): so many pieces for each slot, and a sum for each whole set.
- single: one piece at a better price, only where the offer is limited; what is unlimited is part
  of what a piece saves without any play.

Gains are scaled by `SCALE`; the room below it makes ties fall to the offer of better rank and to
fewer pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import msgspec

SCALE = 1 << 20
_MOST_PENALTY = 1 << 14


class Play(msgspec.Struct):
    """One offer on pieces of some classes.

    `value`, `cost`, `base` and `slots_of` are by class: what the offer gives on a piece, what the
    piece loses by taking part (zero or below), its price before the offer, the slots it fits.
    `per_set` is added for each whole bundle: its off, or minus its price. `left` is how many sets
    may still be given; plays of one `rank` share it.
    """

    rank: int
    form: Literal["ranked", "bundle", "single"]
    left: int | None
    payers: int = 0
    frees: int = 0
    slots: tuple[int, ...] = ()
    per_set: int = 0
    classes: list[int] = msgspec.field(default_factory=list)
    value: dict[int, int] = msgspec.field(default_factory=dict)
    cost: dict[int, int] = msgspec.field(default_factory=dict)
    base: dict[int, int] = msgspec.field(default_factory=dict)
    slots_of: dict[int, int] = msgspec.field(default_factory=dict)
    _falling: bool | None = None

    @property
    def size(self) -> int:
        """Pieces of one set."""
        if self.form == "bundle":
            return sum(self.slots)
        return self.payers + self.frees if self.form == "ranked" else 1

    @property
    def penalty(self) -> int:
        """What a piece's use counts against it among equal savings."""
        return min(self.rank + 1, _MOST_PENALTY)

    def falling(self) -> bool:
        """Whether what it gives never rises from a dearer piece to a cheaper one."""
        if self._falling is None:
            values = [self.value[c] for c in self.classes]
            self._falling = all(a >= b for a, b in pairwise(values))
        return self._falling

    def cap(self, counts: Sequence[int]) -> int:
        """The most that a ranked play gives on one piece: the first `payers` get nothing."""
        before = 0
        for c in self.classes:
            before += counts[c]
            if before > self.payers:
                return self.value[c]
        return 0

    def bound(self, c: int, cap: int) -> int:
        """At most what a piece of class `c` adds, its share of a whole set's sum included.

        In a ranked set what is given is given on the cheapest pieces, so it is no more than their
        part of the same on all pieces, each counted up to `cap`.
        """
        own = self.cost[c] * SCALE - self.penalty
        value = self.value[c] * SCALE
        if self.form == "bundle":
            return own + value - (-self.per_set * SCALE) // self.size
        if self.form == "ranked" and self.falling():
            return own - (-min(value, cap * SCALE) * self.frees) // self.size
        return own + value


Step = tuple[int, int, int, bool]
"""The next node, the gain, the change of what is promised, whether a set begins."""


class Machine:
    """The nodes of a play and the steps between them, found as they are first needed.

    Node 0 is between sets: a search may only end there. What is `promised` at a node is a bound on
    what its open set may still bring beyond the bounds of the pieces to come.
    """

    def __init__(self, play: Play, counts: Sequence[int]) -> None:
        self.play = play
        self._free_order = play.form == "ranked" and not play.falling()
        self._nodes: list[tuple[int, ...]] = []
        self._number: dict[tuple[int, ...], int] = {}
        self._promised: list[int] = []
        self.cap = play.cap(counts) if play.form == "ranked" else 0
        self._dearest = self.cap * SCALE
        self._pieces = sum(counts[c] for c in play.classes)
        self._sets = self._most_sets(counts)
        self.first, self.last = min(play.classes), max(play.classes)
        self._node(self._start())

    def bits(self) -> int:
        """Bits that hold every node's number."""
        if self.play.form == "single":
            return 0
        if self.play.form == "ranked" and not self._free_order:
            return self.play.size.bit_length()
        most = 1
        for n in self.play.slots or (self.play.frees,):
            most *= n * self._sets + 1 if self.play.slots else (self._pieces + 1) * n
        return most.bit_length()

    def roles(self, c: int) -> range | tuple[int, ...]:
        """In which ways a piece of class `c` can be taken."""
        if self.play.form == "bundle":
            bits = self.play.slots_of[c]
            return tuple(n for n in range(len(self.play.slots)) if bits >> n & 1)
        return range(2) if self._free_order else range(1)

    def step(self, number: int, c: int, role: int) -> Step | None:
        """Take a piece of class `c` at a node; None where that cannot lead to a whole set."""
        play, node = self.play, self._nodes[number]
        gain = play.cost[c] * SCALE - play.penalty
        if play.form == "single":
            return 0, gain + play.value[c] * SCALE, 0, True
        if play.form == "bundle":
            return self._bundle(node, number, role, gain + play.value[c] * SCALE)
        if self._free_order:
            return self._any_order(node, gain, play.value[c] * SCALE if role else None)
        taken = node[0]
        free = taken >= play.payers
        after = self._node(((taken + 1) % play.size,))
        gain += play.value[c] * SCALE if free else 0
        change = self._promised[after] - self._promised[number]
        return after, gain, change, taken == play.payers

    def lacks(self, number: int) -> tuple[int, ...]:
        """Pieces that an open set still wants, for each slot (one number where there are none)."""
        play, node = self.play, self._nodes[number]
        if play.form == "bundle":
            sets = _open_sets(node, play.slots)
            return tuple(sets * qty - n for n, qty in zip(node, play.slots, strict=True))
        if self._free_order:
            waiting, freed = node
            frees = -(-waiting * play.frees // play.payers) if waiting else 0
            return (frees + (play.frees - freed if freed else 0),)
        return ((play.size - node[0]) % play.size,) if play.form == "ranked" else (0,)

    def _most_sets(self, counts: Sequence[int]) -> int:
        play = self.play
        sets = self._pieces // play.size
        for n, qty in enumerate(play.slots):
            fitting = sum(counts[c] for c in play.classes if play.slots_of[c] >> n & 1)
            sets = min(sets, fitting // qty)
        return sets

    def _start(self) -> tuple[int, ...]:
        if self.play.form == "bundle":
            return (0,) * len(self.play.slots)
        return (0, 0) if self._free_order else (0,)

    def _any_order(self, node: tuple[int, ...], gain: int, given: int | None) -> Step | None:
        waiting, freed = node
        if given is None:
            return self._node((waiting + 1, freed)), gain, 0, False
        starts = freed == 0
        if starts:
            waiting -= self.play.payers
            if waiting < 0:
                return None
        return self._node((waiting, (freed + 1) % self.play.frees)), gain + given, 0, starts

    def _bundle(self, node: tuple[int, ...], number: int, role: int, gain: int) -> Step | None:
        slots = self.play.slots
        before = _open_sets(node, slots)
        counts = list(node)
        counts[role] += 1
        if counts[role] > slots[role] * self._sets:
            return None
        starts = _open_sets(tuple(counts), slots) > before
        if all(n >= qty for n, qty in zip(counts, slots, strict=True)):
            counts = [n - qty for n, qty in zip(counts, slots, strict=True)]
        after = self._node(tuple(counts))
        if starts:
            gain += self.play.per_set * SCALE
        return after, gain, self._promised[after] - self._promised[number], starts

    def _node(self, node: tuple[int, ...]) -> int:
        number = self._number.get(node)
        if number is None:
            number = self._number[node] = len(self._nodes)
            self._nodes.append(node)
            self._promised.append(self._promise(node))
        return number

    def _promise(self, node: tuple[int, ...]) -> int:
        play = self.play
        if play.form == "bundle":
            missing = _open_sets(node, play.slots) * play.size - sum(node)
            return -(play.per_set * SCALE * missing // play.size)
        if self._free_order or play.form == "single":
            return 0
        taken = node[0]
        if taken <= play.payers:
            return -(-taken * self._dearest * play.frees // play.size)
        return -(-(play.size - taken) * self._dearest * play.payers // play.size)


def _open_sets(node: tuple[int, ...], slots: tuple[int, ...]) -> int:
    return max(-(-n // qty) for n, qty in zip(node, slots, strict=True))
