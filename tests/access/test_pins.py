"""PINs: which are none, which are too easy, and what is kept of one."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from argon2 import PasswordHasher, extract_parameters

from pos.access.pins import Pins, check_pin, new_pepper
from pos.refusal import Refused

PEPPER = bytes(range(32))


def cheap(*peppers: bytes) -> Pins:
    return Pins(*(peppers or (PEPPER,)), memory_kib=64, passes=1)


@pytest.mark.parametrize("pin", ["13579", "1357924680135", "13579a", "-13579", "١٣٥٧٩٢", "²³⁵⁷⁹²"])
def test_the_refusal_says_how_long_a_pin_is(pin: str) -> None:
    with pytest.raises(Refused) as refused:
        check_pin(pin)
    assert refused.value.code == "pin_form"
    assert refused.value.values == {"least": 6, "most": 12}


@pytest.mark.parametrize("pin", ["135792", "135792468013", "112233", "121212", "998989", "200000"])
def test_pins_that_are_one(pin: str) -> None:
    check_pin(pin)


@pytest.mark.parametrize("pin", ["777777", "234567", "901234", "543210", "210987"])
def test_a_row_of_digits_is_too_easy_up_down_and_on_the_spot(pin: str) -> None:
    with pytest.raises(Refused) as refused:
        check_pin(pin)
    assert (refused.value.code, refused.value.values) == ("pin_weak", {})


def test_a_pepper_is_long_and_its_own() -> None:
    assert len(new_pepper()) == 32
    assert new_pepper() != new_pepper()


def test_a_hash_costs_what_owasp_asks_for() -> None:
    kept = extract_parameters(Pins(PEPPER).hash("135790"))
    assert (kept.type.name, kept.memory_cost, kept.time_cost, kept.parallelism) == (
        "ID",
        19_456,
        2,
        1,
    )


def test_a_hash_can_be_checked_by_who_knows_the_pepper() -> None:
    keyed = hmac.digest(PEPPER, b"135790", hashlib.sha256)
    assert PasswordHasher().verify(cheap().hash("135790"), keyed)


def test_only_the_right_pin_under_a_known_pepper_fits() -> None:
    kept = cheap().hash("135790")
    other = bytes(32)
    assert cheap().matches("135790", kept)
    assert not cheap().matches("135791", kept)
    assert not cheap(other).matches("135790", kept)
    assert cheap(other, b"\1" * 32, PEPPER).matches("135790", kept)
    assert not cheap(other, b"\1" * 32, PEPPER).matches("135791", kept)


@pytest.mark.parametrize("kept", ["", "135790", "$argon2id$v=19$m=64,t=1,p=1$c2FsdA$"])
def test_what_is_no_hash_fits_nothing(kept: str) -> None:
    assert not cheap().matches("135790", kept)
