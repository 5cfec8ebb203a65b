"""GTINs: check digits, kinds, one form for each number."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.goods.barcodes import adds_up, check_digit, is_gtin, is_in_store, kind, normal

DIGITS = st.text("0123456789", min_size=1, max_size=20)


# printed on packs the world over, and the examples of the GS1 General Specifications
@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("4006381333931", "ean13"),
        ("9780306406157", "ean13"),
        ("036000291452", "upca"),
        ("96385074", "ean8"),
        ("10614141000415", "itf14"),
        ("4006381333932", None),
        ("400638133393", None),
        ("96385075", None),
        ("40063813339310", None),
        ("", None),
        ("４００６３８１３３３９３１", None),
        ("4006381-33393", None),
    ],
)
def test_kinds(code: str, found: str | None) -> None:
    assert kind(code) == found
    assert is_gtin(code) == (found is not None)


@settings(deadline=None, derandomize=True)
@given(DIGITS)
def test_check_digit_is_the_sum_of_the_standard(digits: str) -> None:
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    assert check_digit(digits) == (10 - total % 10) % 10
    assert [d for d in "0123456789" if adds_up(digits + d)] == [str(check_digit(digits))]


@pytest.mark.parametrize("text", ["12a4", "１２３", "-1", "1 2"])
def test_only_digits_have_a_check_digit(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        check_digit(text)


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("04006381333931", "4006381333931"),
        ("0036000291452", "036000291452"),
        ("00036000291452", "036000291452"),
        ("0000096385074", "96385074"),
        ("00000096385074", "96385074"),
        ("10614141000415", "10614141000415"),
        ("4006381333931", "4006381333931"),
        ("036000291452", "036000291452"),
        ("0036000291453", "0036000291453"),
        ("00000000", "00000000"),
        ("0000000000000", "0000000000000"),
        ("00123", "00123"),
        ("wm-00", "wm-00"),
    ],
)
def test_normal_form(code: str, short: str) -> None:
    assert normal(code) == short


@settings(deadline=None, derandomize=True)
@given(
    st.sampled_from([7, 11, 12, 13]).flatmap(
        lambda n: st.text("0123456789", min_size=n, max_size=n)
    )
)
def test_normal_form_is_one_number(body: str) -> None:
    code = body + str(check_digit(body))
    short = normal(code)
    assert normal(short) == short
    assert short.lstrip("0") == code.lstrip("0")
    assert is_gtin(short)


@pytest.mark.parametrize(
    ("code", "own"),
    [
        ("2100000000005", True),
        ("0212345678909", True),
        ("4006381333931", False),
        ("96385074", False),
    ],
)
def test_numbers_of_the_shop_itself(code: str, own: bool) -> None:
    assert is_gtin(code)
    assert is_in_store(code) == own
