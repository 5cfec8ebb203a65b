"""Money of wallets on an order: how much may be asked for, what is taken, and only once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pos.record import Taken
from pos.sale.tenders import check_wallet, due, paid, take_cash, take_reference, take_wallet
from tests.refusals import refusal
from tests.sale.goods import COLA, MILK, order_of

NUMBER, OTHER = "a" * 32, "b" * 32


def test_a_wallet_is_asked_for_all_that_is_due_or_for_a_part() -> None:
    order = order_of(COLA)
    assert check_wallet(order, None) == 350
    assert [check_wallet(order, fen) for fen in (1, 349, 350)] == [1, 349, 350]
    part = take_reference(order, "bank", 100, "REF123")
    assert check_wallet(part, None) == check_wallet(part, 250) == 250


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, ("amount_not_positive", {})),
        (-1, ("amount_not_positive", {})),
        (351, ("no_change_from_tender", {"due": 350})),
    ],
)
def test_a_wallet_is_asked_for_no_other_sum(fen: int, said: tuple[str, object]) -> None:
    assert refusal(lambda: check_wallet(order_of(COLA), fen)) == said


def test_a_wallet_is_not_asked_after_cash_nor_for_nothing() -> None:
    cash = take_cash(order_of(COLA), 100, "none", 0)
    assert refusal(lambda: check_wallet(cash, None)) == ("wallet_before_cash", {})
    assert refusal(lambda: check_wallet(order_of(), None)) == ("order_empty", {})
    gift = order_of(replace(COLA, price_fen=0))
    assert refusal(lambda: check_wallet(gift, None)) == ("amount_not_positive", {})
    done = take_wallet(order_of(COLA), "wechat", 350, NUMBER)
    assert refusal(lambda: check_wallet(done, None)) == ("already_paid", {})


def test_money_of_a_wallet_is_taken_with_its_number() -> None:
    order = take_wallet(order_of(COLA, MILK), "wechat", 350, NUMBER)
    assert order.tenders == (Taken("wechat", 350, 350, NUMBER),)
    assert not paid(order)
    rest = due(order)
    whole = take_wallet(order, "alipay", rest, OTHER, unverified=True)
    assert whole.tenders[1] == Taken("alipay", rest, rest, OTHER, unverified=True)
    assert paid(whole)


def test_the_same_number_is_taken_once_whatever_it_says_the_second_time() -> None:
    order = take_wallet(order_of(COLA, MILK), "wechat", 100, NUMBER)
    assert take_wallet(order, "wechat", 100, NUMBER) is order
    assert take_wallet(order, "wechat", 10_000, NUMBER) is order


@pytest.mark.parametrize("fen", [0, -1, 351])
def test_no_other_sum_than_up_to_what_is_due_is_taken(fen: int) -> None:
    told = refusal(lambda: take_wallet(order_of(COLA), "wechat", fen, NUMBER))
    assert told == ("no_change_from_tender", {"due": 350})
    assert take_wallet(order_of(COLA), "wechat", 1, NUMBER).tenders[0].fen == 1
