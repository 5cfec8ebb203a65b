"""Time as the till sees it. Everything that needs the time is given a `Clock`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

SHOP_ZONE = "+08:00"
_SHOP = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Clock:
    """Wall time (aware, UTC) and a monotonic time in seconds that never jumps."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]


def system_clock() -> Clock:
    """The machine's own clock."""
    return Clock(lambda: datetime.now(UTC), time.monotonic)


def stamp(moment: datetime) -> str:
    """The one form of a moment in records and tables: UTC, milliseconds, sortable as text."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def moment_of(text: str) -> datetime:
    """The moment of a `stamp`."""
    return datetime.fromisoformat(text)


def shop_zone() -> timezone:
    """The zone of every shop's wall clock."""
    return _SHOP


def local(moment: datetime) -> datetime:
    """The moment on the wall clock of a shop: China has one zone, UTC+8, without summer time."""
    return moment.astimezone(_SHOP)


def business_date(moment: datetime, cutoff_hour: int) -> date:
    """The trading day a moment belongs to: before `cutoff_hour` it is still yesterday's."""
    return (local(moment) - timedelta(hours=cutoff_hour)).date()
