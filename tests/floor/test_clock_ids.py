"""Moments, business dates, ids and the numbers printed on receipts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.clock import SHOP_ZONE, business_date, local, moment_of, stamp, system_clock
from pos.ids import order_number, system_ids

STEADY = settings(derandomize=True, max_examples=100, deadline=None)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(  # noqa: DTZ001
    lambda m: m.replace(tzinfo=UTC)
)


@STEADY
@given(MOMENTS, MOMENTS)
def test_stamps_sort_like_moments_and_read_back(a: datetime, b: datetime) -> None:
    assert abs(moment_of(stamp(a)) - a) < timedelta(milliseconds=1)
    assert stamp(moment_of(stamp(a))) == stamp(a)
    if stamp(a) < stamp(b):
        assert a < b
    assert len(stamp(a)) == 24


def test_stamp_is_utc_with_milliseconds() -> None:
    moment = datetime.fromisoformat("2026-03-01T07:59:59.999999+08:00")
    assert stamp(moment) == "2026-02-28T23:59:59.999Z"
    with pytest.raises(ValueError, match="zone"):
        stamp(moment.replace(tzinfo=None))


def test_local_is_the_shops_wall() -> None:
    moment = datetime(2026, 2, 28, 20, 30, tzinfo=UTC)
    assert local(moment).isoformat() == f"2026-03-01T04:30:00{SHOP_ZONE}"
    assert stamp(local(moment)) == stamp(moment)


@pytest.mark.parametrize(
    ("wall", "cutoff", "day"),
    [
        ("2026-03-01T03:59:59", 4, date(2026, 2, 28)),
        ("2026-03-01T04:00:00", 4, date(2026, 3, 1)),
        ("2026-03-01T23:59:59", 4, date(2026, 3, 1)),
        ("2026-01-01T00:00:00", 0, date(2026, 1, 1)),
        ("2026-01-01T00:00:00", 1, date(2025, 12, 31)),
    ],
)
def test_business_date(wall: str, cutoff: int, day: date) -> None:
    moment = datetime.fromisoformat(wall + SHOP_ZONE)
    assert business_date(moment, cutoff) == day
    assert business_date(moment.astimezone(UTC), cutoff) == day


def test_system_clock_is_aware() -> None:
    clock = system_clock()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() <= clock.monotonic()


def test_order_number() -> None:
    assert order_number("0001", "01", 1, 42) == "000101010000042"
    assert order_number("9999", "99", 99, 9_999_999) == "999999999999999"


@pytest.mark.parametrize(
    ("shop", "till", "epoch", "seq"),
    [
        ("1", "01", 1, 1),
        ("0001", "1", 1, 1),
        ("0001", "01", 0, 1),
        ("0001", "01", 100, 1),
        ("0001", "01", 1, 0),
        ("0001", "01", 1, 10_000_000),
        ("00a1", "01", 1, 1),
        ("０００１", "01", 1, 1),
    ],
)
def test_no_order_number(shop: str, till: str, epoch: int, seq: int) -> None:
    with pytest.raises(ValueError, match="order number"):
        order_number(shop, till, epoch, seq)


def test_ids_are_version_7_and_unique() -> None:
    ids = system_ids()
    made = [ids.uuid7() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert all(len(i) == 36 and i[14] == "7" and i[19] in "89ab" for i in made)
