"""Counting: pieces to fen, what should be there, the blind count."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.refusal import Refused
from pos.sale import counting
from pos.sale.counting import DENOMINATIONS, Cash, Count, Difference

STEADY = settings(derandomize=True, max_examples=150, deadline=None)


@STEADY
@given(st.dictionaries(st.sampled_from(DENOMINATIONS), st.integers(0, 9999)))
def test_pieces_add_up(pieces: dict[int, int]) -> None:
    cash = counting.count(pieces)
    assert cash.fen == sum(fen * n for fen, n in pieces.items())
    assert all(n for _, n in cash.pieces)
    assert list(cash.pieces) == sorted(cash.pieces, reverse=True)


@pytest.mark.parametrize(
    ("pieces", "code"),
    [
        ({300: 1}, "count_unknown_denomination"),
        ({100: -1}, "count_negative"),
        ({100: 100_000}, "count_too_large"),
        ({10_000: 99_999, 5000: 99_999}, "count_too_large"),
    ],
)
def test_counts_that_cannot_be(pieces: dict[int, int], code: str) -> None:
    with pytest.raises(Refused) as refused:
        counting.count(pieces)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("abc", "count_not_a_number"),
        ("1.5", "count_not_a_number"),
        ("１２", "count_not_a_number"),
        ("-1", "count_negative"),
        ("100000", "count_too_large"),
        ("9" * 5000, "count_too_large"),
    ],
)
def test_typed_pieces(text: str, code: str) -> None:
    assert counting.pieces_of("") == 0
    assert counting.pieces_of("012") == 12
    with pytest.raises(Refused) as refused:
        counting.pieces_of(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "count_not_a_number"),
        ("一百", "count_not_a_number"),
        ("1.234", "count_not_a_number"),
        ("1e5", "count_not_a_number"),
        ("-0.01", "count_negative"),
        ("10000000.01", "count_too_large"),
    ],
)
def test_typed_sums(text: str, code: str) -> None:
    assert counting.declared_of("10000000") == counting.MOST_FEN
    with pytest.raises(Refused) as refused:
        counting.declared_of(text)
    assert refused.value.code == code


@pytest.mark.parametrize("values", [[], [0], [-100], [100, 100], [200_000], list(range(1, 30))])
def test_denominations_of_a_config(values: list[int]) -> None:
    assert counting.check_denominations([100, 500, 50]) == (500, 100, 50)
    with pytest.raises(Refused, match="denominations_wrong"):
        counting.check_denominations(values)


def test_what_should_lie_in_the_drawer() -> None:
    # 500.00 float; sold 120.00 for 200.00 handed over, 80.00 change; refunded 20.00
    kept = 20_000 - 8000 - 2000
    assert counting.expected_cash(50_000, kept, 1000, 300, 30_000) == 30_700
    assert counting.expected_cash(0, -500) == -500


def test_a_ceiling_forces_a_drop() -> None:
    assert counting.drop_due(200_000, 200_000, 50_000) == 0
    assert counting.drop_due(200_001, 200_000, 50_000) == 150_000
    assert counting.drop_due(215_555, 200_000, 50_050) == 160_000
    assert counting.drop_due(10**9, 0, 0) == 0
    assert counting.drop_due(100, 50, 900) == 0


def blind(**changes: object) -> Count:
    return replace(Count({"cash": 1000, "wechat": 500}), **changes)


def test_nothing_is_shown_before_it_is_declared() -> None:
    state = blind()
    assert state.ways == ("cash", "wechat")
    assert state.shown == ()
    shown = counting.submit(state, {"wechat": 500}, Cash(((100, 9),)))
    assert shown.stage == "shown"
    assert shown.shown == (Difference("cash", 900, 1000), Difference("wechat", 500, 500))
    assert [one.fen for one in shown.shown] == [-100, 0]
    again = counting.recount(shown)
    assert (again.stage, again.shown) == ("recounting", ())


def test_a_right_count_is_done_at_once() -> None:
    state = counting.submit(blind(), {"wechat": 500}, Cash(((1000, 1),)))
    assert (state.stage, state.differs, state.recounted) == ("done", False, False)
    with pytest.raises(Refused, match="count_done"):
        counting.submit(state, {"wechat": 500}, Cash())


def test_one_recount_then_a_manager() -> None:
    wrong = Cash(((100, 9),))
    state = counting.submit(blind(), {"wechat": 500}, wrong)
    state = counting.recount(state)
    state = counting.submit(state, {"wechat": 500}, wrong)
    assert state.stage == "signing"
    with pytest.raises(Refused, match="count_done"):
        counting.recount(state)
    with pytest.raises(Refused, match="approver_is_asker"):
        counting.sign(state, "1001", "1001")
    state = counting.sign(state, "9001", "1001")
    assert (state.stage, state.approver, state.recounted) == ("done", "9001", True)
    assert state.shown[0].fen == -100


def test_the_recount_may_be_right_and_needs_nobody() -> None:
    state = counting.recount(counting.submit(blind(), {"wechat": 1}, Cash()))
    state = counting.submit(state, {"wechat": 500}, Cash(((1000, 1),)))
    assert (state.stage, state.recounted, state.approver) == ("done", True, "")


def test_a_difference_may_stand_without_counting_again() -> None:
    state = counting.submit(blind(), {"wechat": 500}, Cash())
    state = counting.accept(state)
    assert state.stage == "signing"
    for act in (counting.accept, counting.recount):
        with pytest.raises(Refused, match="count_done"):
            act(state)


@pytest.mark.parametrize(("tolerance", "stage"), [(99, "shown"), (100, "done")])
def test_small_differences_need_no_signature(tolerance: int, stage: str) -> None:
    state = counting.submit(blind(tolerance_fen=tolerance), {"wechat": 500}, Cash(((100, 9),)))
    assert state.stage == stage


def test_every_way_is_declared() -> None:
    with pytest.raises(Refused, match="count_incomplete"):
        counting.submit(blind(), {}, Cash())
    with pytest.raises(Refused, match="count_negative"):
        counting.submit(blind(), {"wechat": -1}, Cash())
    # more went back by card than came in
    state = counting.submit(Count({"bank": -700}), {"bank": -700}, Cash())
    assert state.stage == "done"
    assert state.ways == ("cash", "bank")
    # what nobody expected is over
    state = counting.submit(blind(), {"wechat": 500, "bank": 30}, Cash(((1000, 1),)))
    assert state.shown[1] == Difference("bank", 30, 0)
