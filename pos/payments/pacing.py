"""How old an attempt is, and when it is looked after next; a clock put back makes nothing wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from pos.payments.row import Attempt
from pos.payments.schedule import BACKGROUND, CANCEL_DELAYS, SLOW, SLOW_AFTER


def may_cancel(row: Attempt, now: datetime) -> bool:
    """Whether the provider takes a cancel already."""
    return since(row, now) >= row.schedule.cancel_not_before


def since(row: Attempt, now: datetime) -> float:
    """Seconds since sending. A clock put back makes no payment younger than it was."""
    if row.sent_at is None:
        return 0.0
    seconds = (now - row.sent_at).total_seconds()
    return seconds if seconds >= 0 else row.schedule.deadline


def past(row: Attempt, now: datetime) -> bool:
    """Whether the time to pay is over: the QR's own end, or the provider's deadline."""
    if row.expires_at is not None and row.sent_at is not None and now >= row.sent_at:
        return now >= row.expires_at
    return since(row, now) >= row.schedule.deadline


def wait(row: Attempt, now: datetime) -> Attempt:
    """Ask again after the provider's interval, or where the deadline or a cancel comes first."""
    moments = [now + timedelta(seconds=row.schedule.interval)]
    if row.sent_at is not None:
        ends = row.expires_at or row.sent_at + timedelta(seconds=row.schedule.deadline)
        moments.append(max(ends, now))
        if row.cancel_asked:
            first = row.sent_at + timedelta(seconds=row.schedule.cancel_not_before)
            moments.append(max(first, now))
    return replace(row, next_at=min(moments))


def within(row: Attempt, now: datetime) -> bool:
    """Whether the provider still takes a cancel of this age."""
    return since(row, now) < row.schedule.cancel_within


def later(row: Attempt, now: datetime) -> Attempt:
    """When to look again: soon, then every minute, after an hour every ten."""
    done = row.cancels - 1
    seconds = CANCEL_DELAYS[done] if 0 <= done < len(CANCEL_DELAYS) else BACKGROUND
    if seconds == BACKGROUND and since(row, now) >= SLOW_AFTER:
        seconds = SLOW
    return replace(row, next_at=now + timedelta(seconds=seconds))
