"""What a till does in a life that is cut short: acts through the real services.

After each, when the service has said that it is done, an `Ack` goes out, and so it does when money
moves at a bank, an invoice is issued or a record leaves for head office: what somebody outside has
seen has to be there after any cut, once and whole.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing

import msgspec

from pos.record import ShiftOpened, Where
from pos.sale import order as rules
from pos.sale.order import Order
from pos.store import shifts
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from tests.shop import BAG, MILK, SMOKE, WATER
from tests.trust.world import World

CODES = (WATER, MILK, BAG, SMOKE)
DAY = "2026-03-02"


class Ack(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something is done: the head after it, and the order that was closed, if one was; or money
    that a bank has moved, or an invoice stands for, under `number`, or the job that is on paper;
    `fen` is negative where it went back."""

    act: str
    jn: int = 0
    hash: str = ""
    order_id: str = ""
    number: str = ""
    total_fen: int = 0
    fen: int = 0


OUTSIDE = frozenset({"charged", "given", "filed", "sent", "paper"})
"""Acks of what has happened outside, in the middle of an act."""

Told = Callable[[Ack], None]


class Life:
    """An open ledger and a random hand that works it."""

    def __init__(
        self, world: World, rng: random.Random, told: Told = lambda _: None, shift: bool = True
    ) -> None:
        self.world, self.rng, self.told = world, rng, told
        self.filed: list[Ack] = []
        self.hands = world.hands()
        self.ledger = Ledger(world.place(self.hands))
        self.where = Where("1001", "", DAY)
        if shift:
            self.begin_shift()

    def reader(self) -> Reader:
        """For looking up; close it."""
        return Reader(self.world.ledger)

    def begin_shift(self) -> None:
        """In the shift that is open, or in a new one."""
        with closing(self.reader()) as reader:
            opened = shifts.opened(reader)
        if opened:
            self.where = Where("1001", opened[0].shift_id, DAY)
            return
        self.where = Where("1001", self.ledger.place.ids.uuid7(), DAY)
        self.ledger.write(ShiftOpened(self.where))

    def order(self, most: int = 4) -> Order:
        """Goods scanned one by one, each a draft on disk."""
        order = Order(self.ledger.place.ids.uuid7(), "2026-03-02T02:00:00.000Z", "1001")
        with closing(self.reader()) as reader:
            for code in self.rng.choices(CODES, k=self.rng.randint(1, most)):
                product = reader.product(code)
                assert product is not None
                order = rules.add(order, product, code, 1000 * self.rng.randint(1, 9))
                self.ledger.save_draft(order)
        return order

    def issued(self, ack: Ack) -> None:
        """An invoice is at the bureau, which knows it for the rest of this life."""
        self.filed.append(ack)
        self.told(ack)

    def ack(self, act: str, order_id: str = "", number: str = "", total_fen: int = 0) -> Ack:
        """The head as it is now."""
        head = self.ledger.head
        return Ack(act, head.jn, head.hash, order_id, number, total_fen)

    def stop(self) -> None:
        """The till is closed in order."""
        self.ledger.close()
