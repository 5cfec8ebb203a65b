"""Cancelling: what comes back of it, what is late, and what is asked after."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pos.payments.attempt import step
from pos.payments.protocol import (
    AlreadyPaid,
    CancelDone,
    CancelRefused,
    Missing,
    NotPaid,
    QrReady,
    Way,
)
from pos.payments.row import Answered, Attempt, Begin, CancelAsked, Wake
from tests.payments.test_attempt_paths import LOST, PAID, START, new, settled


def cancelling(way: Way = "code", at: float = 60) -> tuple[Attempt, datetime]:
    """An attempt whose first cancel is under way, `at` seconds after sending."""
    row = settled(Begin(), row=new(way))
    first: Any = (
        LOST if way == "code" else QrReady("weixin://wxpay/x", START + timedelta(seconds=60))
    )
    row = step(row, Answered(row.call_no, first), START).attempt
    now = START + timedelta(seconds=at)
    row = step(row, CancelAsked(), now).attempt
    row = step(row, Answered(row.call_no, LOST), now).attempt
    assert (row.state, row.call) == ("cancelling", "cancel")
    return row, now


def told(row: Attempt, now: datetime, *answers: Any) -> Attempt:
    for answer in answers:
        row = step(row, Answered(row.call_no, answer), now).attempt
    return row


def test_whether_money_went_back_with_a_cancel_is_kept() -> None:
    row, now = cancelling()
    assert told(row, now, CancelDone(), NotPaid("closed")).state == "cancelled"
    assert told(row, now, CancelDone(returned=True), NotPaid("closed")).state == (
        "cancelled_refunded"
    )
    seen = told(row, now, CancelDone(), PAID)
    assert (seen.state, seen.reason) == ("cancelling", "paid_while_cancelling")
    again = step(seen, Wake(), seen.next_at or now)
    assert again.attempt.call == "cancel"
    assert told(again.attempt, now, CancelDone(), NotPaid("revoked")).state == "cancelled_refunded"


def test_an_order_that_may_still_arrive_is_not_given_up_before_the_deadline() -> None:
    row, now = cancelling(at=16)
    early = told(row, now, Missing(), Missing())
    assert early.state == "cancelling"
    late = START + timedelta(seconds=45)
    asked = step(early, Wake(), max(late, early.next_at or late))
    assert asked.attempt.call == "query"
    assert told(asked.attempt, late, Missing()).state == "declined"


def test_money_that_no_cancel_gives_back_is_late_money() -> None:
    row, now = cancelling()
    refused = told(row, now, CancelRefused("cancel_refused"), PAID)
    assert (refused.state, refused.paid) == ("paid_late", PAID)
    days = now + timedelta(days=8)
    old = told(row, now, LOST)
    asked = step(old, Wake(), days)
    assert asked.attempt.call == "query"  # the provider takes no cancel of that age
    assert told(asked.attempt, days, PAID).state == "paid_late"
    shown, now = cancelling("qr", at=60)
    assert told(shown, now, AlreadyPaid(), PAID).state == "paid_late"


def test_what_was_cancelled_is_asked_after_for_a_while() -> None:
    row, now = cancelling()
    row = told(row, now, CancelDone(), NotPaid("revoked"))
    assert row.next_at is not None
    asked = step(row, Wake(), row.next_at)
    still = told(asked.attempt, row.next_at, NotPaid("revoked"))
    assert (still.state, still.next_at is not None) == ("cancelled", True)
    later = step(still, Wake(), still.next_at or now)
    assert told(later.attempt, later.attempt.called_at or now, PAID).state == "paid_late"
