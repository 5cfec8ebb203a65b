"""Money back the way it came, and cash that is rounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.money import MAX_FEN
from pos.record import Adjustment, SoldLine, Taken
from pos.refusal import Refused
from pos.sale import order as rules
from pos.sale import refunds, returns
from pos.sale.refunds import Back
from pos.sale.returns import Sold, Wanted
from pos.sale.tenders import RoundingMode, take_cash
from tests.sale.goods import COLA, MILK, PEARS, SMOKES, closed, order_of
from tests.sale.returned import (
    MODES,
    STEADY,
    balanced,
    by_kind,
    numbered,
    returning,
    sold_line,
)


def test_wallets_go_first_and_cash_last() -> None:
    tenders = (
        Taken("cash", 500, 1000),
        Taken("bank", 400, 400, "REF1"),
        Taken("wechat", 300, 300, "a" * 32),
    )
    assert refunds.propose(0, tenders) == ()
    assert refunds.propose(200, tenders) == (Back("wechat", 200, "a" * 32, 3),)
    assert refunds.propose(1200, tenders) == (
        Back("wechat", 300, "a" * 32, 3),
        Back("bank", 400, "REF1", 2),
        Back("cash", 500),
    )
    assert refunds.propose(500, tenders, {3: 300, 2: 350}) == (
        Back("bank", 50, "REF1", 2),
        Back("cash", 450),
    )
    for fen in (-1, MAX_FEN + 1):
        with pytest.raises(Refused, match="amount_too_large"):
            refunds.propose(fen, tenders)


@STEADY
@given(
    st.integers(0, 5000),
    st.lists(st.tuples(st.sampled_from(["cash", "bank", "wechat"]), st.integers(0, 900))),
    st.dictionaries(st.integers(1, 5), st.integers(0, 900)),
)
def test_a_proposal_adds_up(fen: int, ways: list[tuple[str, int]], done: dict[int, int]) -> None:
    tenders = [Taken(way, amount, amount, "r") for way, amount in ways]  # type: ignore[arg-type]
    backs = refunds.propose(fen, tenders, done)
    assert sum(back.fen for back in backs) == fen
    assert all(back.fen > 0 for back in backs)
    for back in backs:
        if back.tender:
            assert back.fen + done.get(back.tender, 0) <= tenders[back.tender - 1].fen
    taken = refunds.as_tenders(backs)
    assert sum(t.fen for t in taken) == -fen
    assert all(t.fen < 0 or (t.way, t.given_fen) == ("cash", 0) for t in taken)


@STEADY
@given(st.data(), st.sampled_from(MODES))
def test_cash_back_is_rounded_and_made_up_for(data: st.DataObject, mode: RoundingMode) -> None:
    order = order_of(COLA, MILK, PEARS, SMOKES)
    order = rules.change(order, replace(order.line(1), milli=7000))
    order = rules.discount_line(order, 1, bp=700)
    fact = closed(take_cash(order, None, mode, MAX_FEN))
    gone: list[SoldLine] = []
    given_back = count = 0
    for _ in range(data.draw(st.integers(0, 5))):
        before = {n: done for (_, n), done in returns.before_of(gone).items()}
        sold = Sold("o1", fact.lines, fact.tenders, before)
        left = [line for line in fact.lines if sold.left(line.line_no)]
        if not left:
            break
        line = data.draw(st.sampled_from(left))
        some = min(1000, sold.left(line.line_no))
        lines = returns.bring_back(sold, [Wanted(line.line_no, some)])
        count += 1
        gone, given_back = pay_back(sold, lines, mode, gone, given_back)
    before = {n: done for (_, n), done in returns.before_of(gone).items()}
    sold = Sold("o1", fact.lines, fact.tenders, before)
    if any(sold.left(line.line_no) for line in fact.lines):
        lines = returns.bring_back(sold, returns.everything(sold))
        count += 1
        gone, given_back = pay_back(sold, lines, mode, gone, given_back)
    done = returns.before_of(gone)
    # what the last part of a line was rounded by stays: less than one step a return
    steps = {"none": 0, "down_jiao": 9, "down_yuan": 99, "half_up_jiao": 5, "half_up_yuan": 50}
    assert 0 <= fact.total_fen - given_back <= steps[mode] * count
    if count == 1:
        assert given_back == fact.total_fen  # the whole price was rounded when it was paid
    for line in fact.lines:
        end = done["o1", line.line_no]
        assert (end.milli, end.list_fen) == (line.milli, line.list_fen)
        assert end.net_fen <= line.net_fen
        assert by_kind([a for a in end.adjustments if a.kind != "rounding"]) == by_kind(
            [a for a in line.adjustments if a.kind != "rounding"]
        )
        assert 0 <= end.tax_fen <= line.tax_fen
        assert end.net_fen < line.net_fen or end.tax_fen == line.tax_fen


def pay_back(
    sold: Sold,
    lines: tuple[SoldLine, ...],
    mode: RoundingMode,
    gone: list[SoldLine],
    given_back: int,
) -> tuple[list[SoldLine], int]:
    """Settle a return in cash and look at it."""
    settled = refunds.settle(lines, [sold], mode=mode)
    cash = sum(back.fen for back in settled.backs)
    assert cash == -sum(line.net_fen for line in settled.lines)
    assert all(balanced(line) for line in settled.lines)
    assert all(line.net_fen <= line.tax_fen <= 0 for line in settled.lines)
    assert settled.rounding_fen == cash + sum(line.net_fen for line in lines)
    order, backs = refunds.give_back(returning(lines), [sold], mode)
    assert (order.returned, backs) == (numbered(settled.lines), settled.backs)
    fact = closed(replace(order, tenders=refunds.as_tenders(backs)))
    assert (fact.total_fen, fact.rounding_fen) == (-cash, settled.rounding_fen)
    returns.check_back(sold, fact.lines, [t for t in fact.tenders if t.of_order])
    return [*gone, *settled.lines], given_back + cash


def test_three_fen_back_without_a_coin_for_them() -> None:
    line = sold_line(2000, 6)
    sold = Sold("o1", (line,), (Taken("cash", 6, 6),))
    lines = returns.bring_back(sold, [Wanted(1, 1000)])
    settled = refunds.settle(lines, [sold], mode="down_jiao")
    assert settled.backs == ()
    assert settled.rounding_fen == -3
    assert settled.lines[0].net_fen == 0
    assert settled.lines[0].tax_fen == 0
    assert settled.lines[0].adjustments == (Adjustment("rounding", -3),)
    assert str(settled.lines[0].net_fen) == "0"
    assert refunds.as_tenders(settled.backs) == (Taken("cash", 0, 0),)


def test_rounding_up_never_gives_more_than_was_paid() -> None:
    line = sold_line(1000, 26)
    sold = Sold("o1", (line,), (Taken("cash", 26, 26),))
    settled = refunds.settle(
        returns.bring_back(sold, [Wanted(1, 1000)]), [sold], mode="half_up_jiao"
    )
    assert settled.backs == (Back("cash", 26),)
    assert settled.rounding_fen == 0
