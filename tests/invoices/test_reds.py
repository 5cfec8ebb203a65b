"""Red letters: whole, by row, what a return takes back of several invoices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.invoices import reds
from pos.invoices.building import Order, documents
from pos.invoices.document import Limits
from pos.invoices.reds import Back, Standing
from pos.refusal import Refused
from tests.invoices.orders import AT, CODES, COMPANY, NUMBER, document, sold

STANDING = Standing("1", document().items)


def test_the_whole_invoice() -> None:
    rows = reds.whole(STANDING)
    assert [(r.item.n, r.milli, r.net_fen, r.tax_fen) for r in rows] == [
        (1, 2000, 880, 101),
        (3, 1000, 350, 40),
        (4, 1535, 2456, 0),
    ]
    assert reds.is_whole(STANDING, rows)
    with pytest.raises(Refused, match="invoice_red_already"):
        reds.whole(Standing("1", STANDING.items, rows))


def test_part_of_a_discounted_row_is_net_and_names_that_row() -> None:
    (row,) = reds.rows_for(STANDING, [Back(1, 1000, 440, 51)])
    assert (row.item.n, row.milli, row.net_fen, row.tax_fen) == (1, 1000, 440, 51)
    assert not reds.is_whole(STANDING, [row])
    rest = Standing("1", STANDING.items, (row,))
    (last,) = reds.rows_for(rest, [Back(1, 1000, 440, 50)])
    assert row.tax_fen + last.tax_fen == 101
    assert rest.left_fen == 3686 - 440


def test_rows_by_number() -> None:
    rows = reds.by_number(STANDING, {1: 500, 4: 0})
    assert [(r.item.n, r.milli, r.net_fen) for r in rows] == [(1, 500, 220), (4, 1535, 2456)]
    for wanted, code in (({2: 0}, "invoice_red_row"), ({1: 2001}, "invoice_red_too_much")):
        with pytest.raises(Refused, match=code):
            reds.by_number(STANDING, wanted)
    gone = Standing("1", STANDING.items, reds.by_number(STANDING, {1: 0}))
    with pytest.raises(Refused, match="invoice_red_already"):
        reds.by_number(gone, {1: 0})


def test_a_return_over_two_invoices() -> None:
    lines = (sold(1, "冰箱", 3000, 90_000),)
    parts = documents(Order(NUMBER, lines), "normal", COMPANY, CODES, Limits(fen=60_000), 1, AT)
    assert len(parts) == 2
    back: tuple[Back, ...] = (Back(1, 3000, 90_000, lines[0].tax_fen),)
    taken = []
    for part in parts:
        rows = reds.rows_for(Standing(part.invoice_no, part.items), back)
        back = reds.without(back, rows)
        taken.append(sum(r.net_fen for r in rows))
    assert taken == [60_000, 30_000]
    assert back == (Back(1, 0, 0, 0),)


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2000), st.integers(1, 3000)), max_size=9)
)
def test_never_more_than_was_invoiced(told: list[tuple[int, int, int]]) -> None:
    standing = STANDING
    for line_no, milli, fen in told:
        rows = reds.rows_for(standing, [Back(line_no, milli, fen, 0)])
        standing = Standing("1", standing.items, standing.reds + rows)
        assert standing.left_fen >= 0
        for item in standing.items:
            gone = [r for r in standing.reds if r.item.n == item.n]
            assert sum(r.net_fen for r in gone) <= item.net_fen
            assert sum(r.milli for r in gone) <= item.milli
