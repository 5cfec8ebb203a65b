"""Money: one rounding, shares that add up, amounts as people type them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.money import (
    allocate,
    half_up,
    line_amount,
    parse_fen,
    parse_milli,
    quantity,
    share_of,
    tax_within,
    yuan,
)

STEADY = settings(derandomize=True, max_examples=150, deadline=None)
FEN = st.integers(-(10**9), 10**9)


@STEADY
@given(FEN, st.integers(1, 100_000))
def test_half_up_is_nearest_and_mirrored(numerator: int, denominator: int) -> None:
    rounded = half_up(numerator, denominator)
    off = abs(rounded) - abs(Fraction(numerator, denominator))
    assert -Fraction(1, 2) < off <= Fraction(1, 2)
    assert half_up(-numerator, denominator) == -rounded


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(5, 10, 1), (-5, 10, -1), (4, 10, 0), (-4, 10, 0), (15, 10, 2), (25, 10, 3), (-25, 10, -3)],
)
def test_half_goes_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up(numerator, denominator) == rounded


@pytest.mark.parametrize("denominator", [0, -1])
def test_half_up_wants_a_positive_denominator(denominator: int) -> None:
    with pytest.raises(ValueError, match=r"^denominator must be positive$"):
        half_up(1, denominator)


@pytest.mark.parametrize(
    ("unit_fen", "milli", "fen"),
    [(1280, 535, 685), (999, 500, 500), (999, -500, -500), (1, 499, 0)],
)
def test_line_amount(unit_fen: int, milli: int, fen: int) -> None:
    assert line_amount(unit_fen, milli) == fen


def test_share_of() -> None:
    assert share_of(999, 500) == 50
    assert share_of(-999, 500) == -50


@pytest.mark.parametrize(
    ("gross", "rate_bp", "tax"),
    [
        (990, 1300, 114),
        (350, 1300, 40),
        (5, 1300, 1),
        (1000, 900, 83),
        (10_000, 100, 99),
        (1_600_000, 100, 15_842),
        (12_345, 0, 0),
        (0, 1300, 0),
    ],
)
def test_tax_within(gross: int, rate_bp: int, tax: int) -> None:
    assert tax_within(gross, rate_bp) == tax
    assert tax_within(-gross, rate_bp) == -tax


@pytest.mark.parametrize(
    ("fen", "weights", "parts"),
    [
        (1000, (1999, 2999, 501), [364, 545, 91]),
        (100, (333, 333, 333), [34, 33, 33]),
        (500, (0, 1000), [0, 500]),
        (-100, (333, 333, 333), [-34, -33, -33]),
        (100, (-333, 333, -333), [34, 33, 33]),
        (0, (), []),
        (0, (0, 0), [0, 0]),
    ],
)
def test_allocate_vectors(fen: int, weights: tuple[int, ...], parts: list[int]) -> None:
    assert allocate(fen, weights) == parts


@STEADY
@given(FEN, st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=30))
def test_allocate_adds_up(fen: int, weights: list[int]) -> None:
    whole = sum(map(abs, weights))
    if whole == 0:
        weights[0] = whole = 1
    parts = allocate(fen, weights)
    assert sum(parts) == fen
    for part, weight in zip(parts, weights, strict=True):
        assert abs(abs(part) - Fraction(abs(fen) * abs(weight), whole)) < 1
        assert weight or part == 0
        if abs(fen) <= whole:
            assert abs(part) <= abs(weight)


@STEADY
@given(st.integers(0, 10**6), st.lists(st.integers(1, 50), min_size=2, max_size=20))
def test_allocate_gives_ties_to_the_earlier(fen: int, weights: list[int]) -> None:
    parts = allocate(fen, weights)
    seen: dict[int, int] = {}
    for part, weight in zip(parts, weights, strict=True):
        assert part <= seen.get(weight, part)
        seen[weight] = part


def test_allocate_refuses_what_nobody_can_bear() -> None:
    with pytest.raises(ValueError, match=r"^nothing to allocate to$"):
        allocate(1, [0, 0])
    with pytest.raises(ValueError, match=r"^nothing to allocate to$"):
        allocate(1, [])


@pytest.mark.parametrize(
    ("text", "fen"),
    [("12", 1200), ("12.5", 1250), (".05", 5), ("0.05", 5), ("12.", 1200), ("007", 700), ("0", 0)],
)
def test_parse_fen(text: str, fen: int) -> None:
    assert parse_fen(text) == fen


@pytest.mark.parametrize(
    ("text", "milli"),
    [("3", 3000), ("0.535", 535), (".5", 500), ("3.", 3000), ("99999", 99_999_000)],
)
def test_parse_milli(text: str, milli: int) -> None:
    assert parse_milli(text) == milli


NEITHER = [
    "",
    ".",
    "-1",
    "+1",
    "1e5",
    "１２",
    "٣",
    "1,000",
    " 1",
    "1 ",
    "1\n",
    "1..2",
    "1.2.3",
    "a",
]


@pytest.mark.parametrize("text", [*NEITHER, "1.234", "1234567890", "1.２"])
def test_parse_fen_refuses(text: str) -> None:
    assert parse_fen(text) is None


@pytest.mark.parametrize("text", [*NEITHER, "1.2345", "1234567", "0x10"])
def test_parse_milli_refuses(text: str) -> None:
    assert parse_milli(text) is None


@STEADY
@given(st.integers(0, 999_999_999_99))
def test_yuan_and_back(fen: int) -> None:
    assert parse_fen(yuan(fen)) == fen
    if fen:
        assert yuan(-fen) == "-" + yuan(fen)


@STEADY
@given(st.integers(0, 999_999_999))
def test_quantity_and_back(milli: int) -> None:
    assert parse_milli(quantity(milli)) == milli
    if milli:
        assert quantity(-milli) == "-" + quantity(milli)


def test_amounts_as_shown() -> None:
    assert [yuan(f) for f in (0, 5, -5, 100, 123_456)] == [
        "0.00",
        "0.05",
        "-0.05",
        "1.00",
        "1234.56",
    ]
    assert [quantity(m) for m in (3000, 535, 500, 10, -1500)] == [
        "3",
        "0.535",
        "0.5",
        "0.01",
        "-1.5",
    ]
