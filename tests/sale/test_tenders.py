"""Taking money: 抹零, change, references, giving back."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.money import MAX_FEN
from pos.record import Taken
from pos.refusal import Refused
from pos.sale.ending import void
from pos.sale.order import Product, add
from pos.sale.tenders import (
    RoundingMode,
    cash_due,
    change_of,
    due,
    looks_like_card,
    paid,
    quick_tenders,
    round_cash,
    take_back,
    take_cash,
    take_reference,
    take_wallet,
)
from tests.refusals import refusal
from tests.sale.goods import COLA, MILK, PEARS, WHERE, closed, order_of

STEADY = settings(derandomize=True, max_examples=150, deadline=None)
MODES: tuple[RoundingMode, ...] = get_args(RoundingMode)
CARD = "4111111111111111"
MOST = 50_000

# --- 抹零 ---


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("none", [0, 4, 5, 49, 50, 95, 149, 150, 1234, 1295]),
        ("down_jiao", [0, 0, 0, 40, 50, 90, 140, 150, 1230, 1290]),
        ("down_yuan", [0, 0, 0, 0, 0, 0, 100, 100, 1200, 1200]),
        ("half_up_jiao", [0, 0, 10, 50, 50, 100, 150, 150, 1230, 1300]),
        ("half_up_yuan", [0, 0, 0, 0, 100, 100, 100, 200, 1200, 1300]),
    ],
)
def test_round_cash(mode: RoundingMode, expected: list[int]) -> None:
    sums = [0, 4, 5, 49, 50, 95, 149, 150, 1234, 1295]
    assert [round_cash(fen, mode) for fen in sums] == expected
    assert [round_cash(-fen, mode) for fen in sums] == [-fen for fen in expected]
    assert all(str(round_cash(-fen, mode)) != "-0" for fen in sums)


@STEADY
@given(st.integers(-(10**9), 10**9), st.sampled_from(MODES))
def test_round_cash_is_near_settled_and_mirrored(fen: int, mode: RoundingMode) -> None:
    out = round_cash(fen, mode)
    step = {"none": 1, "down_jiao": 10, "half_up_jiao": 10}.get(mode, 100)
    assert out % step == 0
    assert abs(out - fen) <= (step // 2 if mode.startswith("half") else step - 1)
    assert not mode.startswith("down") or abs(out) <= abs(fen)
    assert round_cash(out, mode) == out
    assert round_cash(-fen, mode) == -out


def test_rounding_is_on_the_cash_remainder_only_and_once() -> None:
    order = order_of(COLA, MILK, PEARS)  # 26.29
    order = take_cash(order, 333, "down_jiao", MOST)
    assert order.rounding_fen == 0
    assert due(order) == 2296
    order = take_reference(order, "bank", 1003, "REF123")
    assert order.rounding_fen == 0
    assert due(order) == 1293
    assert cash_due(order, "down_jiao") == 1290
    order = take_cash(order, 1500, "down_jiao", MOST)
    assert order.rounding_fen == 3
    assert paid(order)
    assert due(order) == 0
    assert change_of(order) == 210
    assert closed(order).total_fen == 333 + 1003 + 1290
    assert closed(order).rounding_fen == 3


def test_no_rounding_where_the_end_is_no_cash() -> None:
    order = take_cash(order_of(PEARS), 333, "down_yuan", MOST)
    order = take_reference(order, "transfer", None, "REF123")
    assert order.rounding_fen == 0
    assert closed(order).total_fen == 999


def test_rounding_up_is_asked_but_never_forced() -> None:
    order = order_of(replace(PEARS, price_fen=995))
    assert cash_due(order, "half_up_jiao") == 1000
    assert take_cash(order, None, "half_up_jiao", MOST).rounding_fen == -5
    assert closed(take_cash(order, None, "half_up_jiao", MOST)).total_fen == 1000
    for given_fen in (995, 997, 999):
        done = take_cash(order, given_fen, "half_up_jiao", MOST)
        assert paid(done)
        assert (done.rounding_fen, change_of(done)) == (0, given_fen - 995)
        assert closed(done).total_fen == 995
    assert due(take_cash(order, 994, "half_up_jiao", MOST)) == 1
    assert take_cash(order, 1, "half_up_jiao", MOST).tenders == (Taken("cash", 1, 1),)


def test_a_remainder_rounded_to_nothing_takes_one_key() -> None:
    order = order_of(replace(COLA, price_fen=5))
    assert cash_due(order, "down_jiao") == 0
    assert not paid(order)
    done = closed(take_cash(order, None, "down_jiao", MOST))
    assert (done.total_fen, done.rounding_fen, done.change_fen) == (0, 5, 0)


def test_a_gift_takes_one_key() -> None:
    order = order_of(replace(COLA, price_fen=0))
    with pytest.raises(Refused, match="still_due"):
        closed(order)
    assert closed(take_cash(order, None, "none", MOST)).total_fen == 0


# --- cash ---


@pytest.mark.parametrize("given_fen", [0, -1, -350])
def test_no_cash_that_is_none(given_fen: int) -> None:
    told = refusal(lambda: take_cash(order_of(COLA), given_fen, "none", MOST))
    assert told == ("amount_not_positive", {})


@pytest.mark.parametrize("product", [replace(COLA, price_fen=0), replace(COLA, price_fen=5)])
def test_no_negative_cash_where_nothing_is_asked(product: Product) -> None:
    with pytest.raises(Refused, match="amount_not_positive"):
        take_cash(order_of(product), -5, "down_jiao", MOST)


def test_cash_is_kept_as_it_was_asked_for_and_given() -> None:
    assert take_cash(order_of(COLA), None, "none", MOST).tenders == (Taken("cash", 350, 350),)
    assert take_cash(order_of(COLA), 500, "none", MOST).tenders == (Taken("cash", 350, 500),)
    part = take_cash(order_of(COLA), 100, "none", MOST)
    assert part.tenders == (Taken("cash", 100, 100),)
    assert not paid(part)
    assert paid(take_cash(part, 250, "none", MOST))


def test_change_too_large() -> None:
    order = order_of(COLA)
    assert change_of(take_cash(order, 350 + MOST, "none", MOST)) == MOST
    with pytest.raises(Refused) as caught:
        take_cash(order, 351 + MOST, "none", MOST)
    assert caught.value.code == "change_too_large"
    assert caught.value.values == {"given": 351 + MOST, "change": MOST + 1}
    with pytest.raises(Refused, match="change_too_large"):
        take_cash(order, 6_901_234_567_890, "none", MOST)


def test_no_money_for_no_goods_and_none_twice() -> None:
    nothing: tuple[str, object] = ("order_empty", {})
    assert refusal(lambda: take_cash(order_of(), 100, "none", MOST)) == nothing
    assert refusal(lambda: take_reference(order_of(), "bank", 100, "REF123")) == nothing
    done = take_cash(order_of(COLA), None, "none", MOST)
    twice: tuple[str, object] = ("already_paid", {})
    assert refusal(lambda: take_cash(done, 100, "none", MOST)) == twice
    assert refusal(lambda: take_reference(done, "bank", None, "REF123")) == twice


def test_an_order_beyond_any_till_is_not_paid() -> None:
    order = order_of(*[replace(COLA, price_fen=MAX_FEN)] * 2)
    assert refusal(lambda: take_cash(order, None, "none", MOST)) == ("amount_too_large", {})
    most = order_of(replace(COLA, price_fen=MAX_FEN))
    assert paid(take_cash(most, None, "none", MOST))


# --- references ---


@pytest.mark.parametrize(
    ("fen", "reference", "code"),
    [
        (0, "REF123", "amount_not_positive"),
        (-1, "REF123", "amount_not_positive"),
        (351, "REF123", "no_change_from_tender"),
        (350, "", "reference_missing"),
        (350, "123", "reference_missing"),
        (350, CARD, "card_number"),
        (None, "6222 0212 3456 7890 128", "card_number"),
    ],
)
def test_references_refused(fen: int | None, reference: str, code: str) -> None:
    values = {"no_change_from_tender": {"due": 350}, "reference_missing": {"least": 4}}
    told = refusal(lambda: take_reference(order_of(COLA), "bank", fen, reference))
    assert told == (code, values.get(code, {}))


def test_nothing_due_takes_no_negative_reference() -> None:
    with pytest.raises(Refused, match="amount_not_positive"):
        take_reference(order_of(replace(COLA, price_fen=0)), "bank", -5, "REF123")


def test_references_are_kept() -> None:
    order = take_reference(order_of(COLA), "bank", 100, "1234")
    order = take_reference(order, "transfer", None, "5678")
    assert order.tenders == (
        Taken("bank", 100, 100, "1234", unverified=True),
        Taken("transfer", 250, 250, "5678", unverified=True),
    )
    assert paid(order)


def test_a_static_code_needs_no_reference_and_is_unverified() -> None:
    order = take_reference(order_of(COLA), "static_code", 100, "")
    order = take_reference(order, "static_code", None, "0042")
    assert order.tenders == (
        Taken("static_code", 100, 100, "", unverified=True),
        Taken("static_code", 250, 250, "0042", unverified=True),
    )
    for reference, code in (("42", "reference_missing"), (CARD, "card_number")):
        with pytest.raises(Refused, match=code):
            take_reference(order_of(COLA), "static_code", None, reference)


def test_only_what_a_manager_decided_of_a_wallet_is_unverified() -> None:
    paid_by = take_wallet(order_of(COLA), "wechat", 350, "a" * 32)
    decided = take_wallet(order_of(COLA), "wechat", 350, "a" * 32, unverified=True)
    assert [o.tenders[0].unverified for o in (paid_by, decided)] == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "４１１１１１１１１１１１１１１１",
        "卡号" + CARD,
        f"card {CARD}, paid",
        "6222021234567890128",
        "4222222222222",
        "378282246310005",
    ],
)
def test_cards(text: str) -> None:
    assert looks_like_card(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1234",
        "4111111111111112",
        "411111111111",
        "079912345678",
        "4200001234202603011234567890",
        "4111a1111b1111c1111",
        "REF-2026-03-01",
    ],
)
def test_no_cards(text: str) -> None:
    assert not looks_like_card(text)


@STEADY
@given(st.integers(10**12, 10**18), st.integers(1, 9), st.data())
def test_luhn_finds_every_single_wrong_digit(body: int, step: int, data: st.DataObject) -> None:
    """Of the ten last digits one makes a card number; changing any one digit unmakes it."""
    good = [f"{body}{last}" for last in range(10) if looks_like_card(f"{body}{last}")]
    assert len(good) == 1
    place = data.draw(st.integers(0, len(good[0]) - 1))
    digit = (int(good[0][place]) + step) % 10
    assert not looks_like_card(f"{good[0][:place]}{digit}{good[0][place + 1 :]}")


# --- giving back ---


def test_take_back_restores() -> None:
    start = order_of(COLA, MILK, PEARS)
    one = take_cash(start, 500, "down_yuan", MOST)
    two = take_reference(one, "bank", 700, "REF123")
    three = take_cash(two, 10_000, "down_yuan", MOST)
    assert three.rounding_fen == 29
    assert take_back(three) == two
    assert take_back(two) == one
    assert take_back(one) == start
    assert refusal(lambda: take_back(start)) == ("no_tender", {})
    assert take_cash(take_back(three), 10_000, "down_yuan", MOST) == three


def test_no_end_while_money_is_due_and_no_voiding_with_money_taken() -> None:
    part = take_cash(order_of(COLA), 100, "none", MOST)
    with pytest.raises(Refused) as caught:
        closed(part)
    assert (caught.value.code, caught.value.values) == ("still_due", {"due": 250})
    with pytest.raises(Refused, match="order_empty"):
        closed(order_of())
    with pytest.raises(Refused, match="tender_taken"):
        void(part, WHERE, 1, "n", "why")
    fact = void(take_back(part), WHERE, 1, "n", "why")
    assert (fact.total_fen, fact.reason, len(fact.lines)) == (350, "why", 1)


def test_lines_that_do_not_match_the_tenders_stop_the_close() -> None:
    """The assertion stays on: a fact with a wrong sum never gets into the journal."""
    done = take_cash(order_of(COLA), None, "none", MOST)
    short = replace(done, tenders=(Taken("cash", 350, 300),))
    with pytest.raises(AssertionError):
        closed(short)
    with pytest.raises(Refused, match="still_due"):
        closed(replace(done, lines=add(order_of(COLA), COLA, "", 1000).lines))


# --- likely sums ---


@pytest.mark.parametrize(
    ("fen", "sums"),
    [
        (1234, (1300, 1500, 2000, 10_000)),
        (350, (400, 500, 1000, 10_000)),
        (10_000, ()),
        (9_990, (10_000,)),
        (0, ()),
        (-1234, ()),
    ],
)
def test_quick_tenders(fen: int, sums: tuple[int, ...]) -> None:
    assert quick_tenders(fen) == sums


@STEADY
@given(st.integers(1, 10**7))
def test_quick_tenders_are_sensible(fen: int) -> None:
    sums = quick_tenders(fen)
    assert len(sums) <= 4
    assert list(sums) == sorted(set(sums))
    for total in sums:
        assert fen < total < fen + 10_000
        assert total % 100 == 0
    assert -(-fen // 10_000) * 10_000 in {*sums, fen}
    assert -(-fen // 100) * 100 in {*sums, fen}
