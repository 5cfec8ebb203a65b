"""What a cashier types, and what is refused of it."""

from __future__ import annotations

import pytest

from pos.money import MAX_FEN
from pos.refusal import Refused
from pos.sale.entry import read_amount, read_quantity, read_rate, split_counted


@pytest.mark.parametrize(
    ("text", "off_bp"),
    [
        ("8", 2000),
        ("9", 1000),
        ("85", 1500),
        ("8.5", 1500),
        ("85.5", 1450),
        ("9.9", 100),
        ("99", 100),
        ("99.9", 10),
        ("10", 9000),
        ("100", 0),
        ("100.0", 0),
        ("1", 9000),
        ("0.5", 9500),
        ("08", 2000),
    ],
)
def test_rates(text: str, off_bp: int) -> None:
    assert read_rate(text) == off_bp


@pytest.mark.parametrize("text", ["0", "0.0", "00", "000", "101", "120", "100.1", "999"])
def test_rates_out_of_range(text: str) -> None:
    with pytest.raises(Refused, match="rate_out_of_range"):
        read_rate(text)


@pytest.mark.parametrize(
    "text",
    ["", "0/", ".", ".5", "8.", "8.55", "-8", "1000", "８", "８５", "8折", "8 ", "8\n", "1e1"],
)
def test_no_rates(text: str) -> None:
    with pytest.raises(Refused, match="not_a_rate"):
        read_rate(text)


def test_every_rate_takes_off_less_than_all_and_at_least_nothing() -> None:
    for tenths in range(1, 1001):
        for text in {f"{tenths // 10}.{tenths % 10}", str(tenths // 10)} - {"0"}:
            assert 0 <= read_rate(text) < 10_000


@pytest.mark.parametrize(("text", "milli"), [("3", 3000), ("0.535", 535), ("99999", 99_999_000)])
def test_quantities(text: str, milli: int) -> None:
    assert read_quantity(text) == milli


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("0", "quantity_not_positive"), ("0.000", "quantity_not_positive")),
        *((text, "not_a_quantity") for text in ("", "-1", ".", "1.2345", "３", "1e3", "x")),
    ],
)
def test_no_quantities(text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_quantity(text)


def test_amounts() -> None:
    assert read_amount("12.5") == 1250
    assert read_amount("0") == 0
    assert read_amount("10000000") == MAX_FEN


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("10000000.01", "amount_too_large"),
        ("999999999", "amount_too_large"),
        ("6901234567890", "not_an_amount"),
        ("-1", "not_an_amount"),
        ("", "not_an_amount"),
        ("１２", "not_an_amount"),
    ],
)
def test_no_amounts(text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_amount(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3*6901234567890", (3000, "6901234567890")),
        ("3x6901", (3000, "6901")),
        ("3X6901", (3000, "6901")),
        ("3×6901", (3000, "6901")),
        ("0.535*A7", (535, "A7")),
        ("2*3*4", (2000, "3*4")),
        ("6901234567890", None),
        ("*6901", None),
        ("3*", None),
        ("123456*1", None),
        ("３*1", None),
    ],
)
def test_split_counted(text: str, found: tuple[int, str] | None) -> None:
    assert split_counted(text) == found


def test_split_counted_refuses_nothing_times() -> None:
    with pytest.raises(Refused, match="quantity_not_positive"):
        split_counted("0*6901")
