"""The moving average: nothing is lost between what was paid, what left and what is there."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.money import half_up
from pos.sale.costing import Valued, arrives, worth


@dataclass
class Shelf:
    """One product, moved by hand."""

    stock: Valued = field(default_factory=Valued)

    def receive(self, milli: int, paid: int) -> int:
        fen = arrives(self.stock, milli, paid)
        assert fen is not None
        now = self.stock
        self.stock = Valued(now.milli + milli, now.value_fen + fen, half_up(paid * 1000, milli))
        return fen

    def sell(self, milli: int) -> int | None:
        fen = worth(self.stock, milli)
        self.stock = self.stock.less(milli, fen)
        return fen


def test_average_of_two_receipts() -> None:
    shelf = Shelf()
    shelf.receive(10_000, 1000)
    shelf.receive(10_000, 2000)
    assert [shelf.sell(1000), shelf.sell(19_000)] == [150, 2850]
    assert shelf.stock == Valued(0, 0, 200)


def test_a_cost_below_a_fen_is_not_lost() -> None:
    shelf = Shelf()
    shelf.receive(300_000, 100)
    sold = [shelf.sell(1000) for _ in range(300)]
    assert sum(fen or 0 for fen in sold) == 100
    assert {0, 1} == set(sold)


def test_nobody_knows() -> None:
    assert worth(Valued(), 1000) is None
    assert arrives(Valued(-5000, -500), 1000, None) is None
    assert worth(Valued(cost_fen=120), 2500) == 300
    assert worth(Valued(cost_fen=120), -2500) == -300


def test_what_was_sold_before_it_came_is_put_right() -> None:
    """Sold two at the old cost of 1.00, received ten at 1.50: eight are there, worth 1.50 each."""
    shelf = Shelf(Valued(cost_fen=100))
    assert shelf.sell(2000) == 200
    assert shelf.receive(10_000, 1500) == 1400
    assert shelf.stock == Valued(8000, 1200, 150)


@pytest.mark.parametrize("milli", [1, 999, 4000])
def test_a_receipt_that_does_not_reach_zero(milli: int) -> None:
    shelf = Shelf(Valued(cost_fen=100))
    shelf.sell(4000)
    shelf.receive(milli, 70)
    assert shelf.stock.value_fen <= 0
    assert (shelf.stock.value_fen == 0) == (shelf.stock.milli == 0)


ACTS = st.lists(
    st.tuples(st.booleans(), st.integers(1, 50_000), st.integers(0, 100_000)), max_size=40
)


@given(ACTS, st.integers(0, 5000))
def test_value_is_never_against_the_quantity(acts: list[tuple[bool, int, int]], cost: int) -> None:
    shelf, into, out = Shelf(Valued(cost_fen=cost)), 0, 0
    for comes, milli, paid in acts:
        if comes:
            into += shelf.receive(milli, paid)
        else:
            fen = shelf.sell(milli)
            assert fen is not None
            assert fen >= 0
            out += fen
        stock = shelf.stock
        assert stock.value_fen == into - out
        if stock.milli == 0:
            assert stock.value_fen == 0
        assert stock.value_fen * stock.milli >= 0


@given(ACTS)
def test_never_below_zero_means_paid_is_sold_and_left(acts: list[tuple[bool, int, int]]) -> None:
    shelf, paid_in, out = Shelf(), 0, 0
    for comes, milli, paid in acts:
        if comes:
            shelf.receive(milli, paid)
            paid_in += paid
        elif shelf.stock.milli:
            out += shelf.sell(min(milli, shelf.stock.milli)) or 0
    assert paid_in == out + shelf.stock.value_fen
