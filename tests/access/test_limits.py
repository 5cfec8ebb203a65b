"""Sessions, and how far they go: each limit at its last allowed value, and what a refusal says."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import pytest

from pos.access.rights import (
    RIGHTS_OF,
    Role,
    Session,
    check_discount,
    check_price,
    check_return,
    may,
    require,
    session_of,
)
from pos.config import Roles
from pos.config.sections import Limits
from pos.refusal import Refused
from tests.refusals import refusal

LIMITS = {"cashier": (500, 0), "supervisor": (3000, 3000), "manager": (10_000, 10_000)}


def session(role: Role, told: str = "") -> Session:
    return session_of("1001", "小王", role, Roles(), told)


@pytest.mark.parametrize("role", ["cashier", "supervisor", "manager", "technician"])
def test_a_session_has_the_rights_and_limits_of_its_role(role: Role) -> None:
    discount, cut = LIMITS.get(role, (0, 0))
    assert session(role) == Session("1001", "小王", role, RIGHTS_OF[role], discount, cut, "", "")


def test_limits_are_those_of_the_settings() -> None:
    own = Roles(Limits("12.5%", "7%"), Limits("45%", "20%"))
    found = session_of("1", "x", "cashier", own)
    assert (found.discount_bp, found.price_cut_bp) == (1250, 700)
    found = session_of("1", "x", "supervisor", own)
    assert (found.discount_bp, found.price_cut_bp) == (4500, 2000)


def test_what_head_office_says_of_a_role_goes_first() -> None:
    told = {"rights": ["sell", "return", "fly"], "discount_bp": 700, "price_cut_bp": 90}
    found = session("manager", json.dumps(told))
    assert found == Session("1001", "小王", "manager", frozenset({"sell", "return"}), 700, 90)
    assert (session("manager", '{"rights":[]}').discount_bp) == 0
    assert (session("manager", '{"rights":[]}').price_cut_bp) == 0


def test_a_refusal_names_the_command() -> None:
    cashier = session("cashier")
    assert refusal(lambda: require("fly", cashier)) == (
        "unknown_command",
        {"name": "fly", "near": ""},
    )
    assert refusal(lambda: require("void_order", None)) == ("not_signed_in", {})
    assert refusal(lambda: require("void_order", cashier)) == (
        "no_right",
        {"command": "void_order"},
    )


def test_may_is_require_without_a_word() -> None:
    assert may("hold", session("cashier"))
    assert may("help", None)
    assert not may("void_order", session("cashier"))
    assert not may("hold", None)
    assert not may("fly", session("manager"))


@pytest.mark.parametrize(("off", "base"), [(27, 550), (50, 1000), (0, 0)])
def test_a_discount_up_to_the_limit(off: int, base: int) -> None:
    check_discount(session("cashier"), off, base)


@pytest.mark.parametrize(("bp", "shown"), [(500, "5%"), (1250, "12.5%"), (0, "0%"), (333, "3.33%")])
def test_a_discount_above_it_is_told_the_limit(bp: int, shown: str) -> None:
    who = replace(session("cashier"), discount_bp=bp, price_cut_bp=bp)
    allowed = bp  # of 100 yuan
    check_discount(who, allowed, 10_000)
    assert refusal(lambda: check_discount(who, allowed + 1, 10_000)) == (
        "discount_over_limit",
        {"limit": shown},
    )
    check_price(who, 10_000, 10_000 - allowed)
    assert refusal(lambda: check_price(who, 10_000, 9999 - allowed)) == (
        "price_over_limit",
        {"limit": shown},
    )


def test_a_price_cut_is_held_to_the_last_hundredth_of_a_percent() -> None:
    """Nothing is rounded in the customer's favour: 3 of 10 is 30 %, 4 of 13 is more."""
    supervisor = session("supervisor")
    check_price(supervisor, 10, 7)
    assert refusal(lambda: check_price(supervisor, 13, 9))[0] == "price_over_limit"


def test_a_price_that_is_not_lower_needs_no_limit() -> None:
    check_price(session("cashier"), 500, 500)
    check_price(session("cashier"), 0, 0)
    check_price(session("cashier"), 0, 1)
    check_price(session("cashier"), -500, -400)


def test_returns_are_held_to_the_shops_limits_but_for_a_manager() -> None:
    def beyond() -> None:
        raise Refused("return_too_late")

    for held in (session("cashier"), session("supervisor"), session("technician")):
        assert refusal(partial(check_return, held, beyond)) == ("return_too_late", {})
    check_return(session("manager"), beyond)
