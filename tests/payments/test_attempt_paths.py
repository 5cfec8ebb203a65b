"""Every path of the machine up to a depth, whatever is answered, and the providers' schedules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from pos.payments.attempt import live_of, parkable, same_code, step
from pos.payments.protocol import (
    AlreadyPaid,
    CancelDone,
    CancelRefused,
    Charge,
    Missing,
    NotPaid,
    NotSent,
    Paid,
    Pending,
    QrReady,
    Returned,
    StillPaying,
    Unknown,
    Way,
)
from pos.payments.row import (
    LIVE,
    Alarm,
    Answered,
    Ask,
    AskNow,
    Attach,
    Attempt,
    Begin,
    CancelAsked,
    Decide,
    Event,
    LateMoney,
    LateRefunded,
    Park,
    Restarted,
    Unwanted,
    Wake,
)
from pos.refusal import Refused

START = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
NUMBER = "0123456789abcdef0123456789abcdef"
CHARGE = Charge(NUMBER, 1234, "goods", "0001", "01")
PAID = Paid(NUMBER, "T1", 1234, 1200, "")
LOST = Unknown("read_timeout")

ANSWERS: dict[str, list[Any]] = {
    "pay": [PAID, Pending("user_paying"), NotPaid("balance_short"), LOST, NotSent("tls_failed")],
    "qr": [QrReady("weixin://wxpay/x", START + timedelta(minutes=3)), LOST, NotPaid("too_often")],
    "query": [
        PAID,
        replace(PAID, fen=1),
        replace(PAID, out_trade_no="another"),
        Pending("user_paying"),
        NotPaid("closed"),
        NotPaid("pay_failed", closed=False),
        Missing(),
        Returned(),
        LOST,
        NotSent("connect_failed"),
        Unknown("keys_refused", misconfigured=True),
    ],
    "cancel": [
        CancelDone(),
        CancelDone(returned=True),
        StillPaying(),
        AlreadyPaid(),
        CancelRefused("cancel_refused"),
        Missing(),
        LOST,
        NotSent("connect_failed"),
    ],
}
BY_HAND: list[Event] = [
    Begin(),
    CancelAsked(),
    Restarted(),
    Unwanted(),
    AskNow(),
    Park(),
    Decide("paid", "9", "seen on the phone"),
    Decide("unpaid", "9", "customer left"),
    Attach("9", "still here"),
    LateRefunded(),
    Wake(),
]


def new(way: Way = "code", channel: str = "wechat") -> Attempt:
    return Attempt("a", "o", channel, way, CHARGE, START, code_mark="m")


def moves(attempt: Attempt, now: datetime) -> Iterator[tuple[Event, datetime, bool]]:
    """All that may happen next; True where the provider said that it has the money."""
    for event in BY_HAND:
        yield event, now, False
    if attempt.next_at is not None:
        yield Wake(), max(now, attempt.next_at), False
    if attempt.call:
        for answer in ANSWERS[attempt.call]:
            yield Answered(attempt.call_no, answer), now + timedelta(seconds=1), answer == PAID
    yield Answered(attempt.call_no + 7, PAID), now, True
    yield Answered(attempt.call_no - 1, NotPaid("closed")), now, False


DEPTH = 7
ALLOWED = {
    ("declined", "paid_late"),
    ("cancelled", "paid_late"),
    ("decided_unpaid", "paid_late"),
    ("decided_paid", "paid"),
    ("decided_paid", "paid_late"),
    ("paid_late", "paid"),
    ("paid_late", "late_refunded"),
}


@pytest.mark.parametrize("channel", ["wechat", "alipay", "another"])
@pytest.mark.parametrize("way", ["code", "qr"])
def test_every_sequence_to_a_depth(way: Way, channel: str) -> None:
    """States, times and money: nothing pays twice, nothing settled moves but by the rules."""
    seen: set[tuple[bytes, int]] = set()
    layer = [(new(way, channel), START, 0)]
    tried = 0
    for _ in range(DEPTH):
        following = []
        for attempt, now, pays in layer:
            for event, at, money in moves(attempt, now):
                tried += 1
                try:
                    done = step(attempt, event, at)
                except Refused:
                    continue
                after = done.attempt
                asks = [a for a in done.acts if isinstance(a, Ask)]
                paying = pays + sum(a.call in ("pay", "qr") for a in asks)
                assert paying <= 1
                assert len(asks) <= 1
                if after.state == "paid" and attempt.state != "paid":
                    assert money or attempt.state == "paid_late"
                    assert after.paid == PAID
                if attempt.state not in LIVE and after.state != attempt.state:
                    assert (attempt.state, after.state) in ALLOWED
                if after.state == "paid_late" and attempt.state != "paid_late":
                    assert any(isinstance(a, LateMoney) for a in done.acts)
                if after.live and after.state != "created":
                    assert after.next_at is not None or after.call
                key = (msgspec.json.encode(after), paying)
                if key not in seen:
                    seen.add(key)
                    following.append((after, at, paying))
        layer = following
    assert tried > 50_000


def test_a_row_survives_its_bytes() -> None:
    row = step(new(), Begin(), START).attempt
    paid = step(row, Answered(row.call_no, PAID), START).attempt
    assert msgspec.json.decode(msgspec.json.encode(paid), type=Attempt) == paid


def drive(attempt: Attempt, answers: list[Any], until: int = 40) -> list[tuple[str, float]]:
    """Run it with these answers (the last one for ever); each call with its second."""
    done = step(attempt, Begin(), START)
    calls: list[tuple[str, float]] = []
    now, script = START, list(answers)
    for _ in range(until):
        asked = next((a for a in done.acts if isinstance(a, Ask)), None)
        if asked is not None:
            calls.append((asked.call, (now - START).total_seconds()))
            answer = script.pop(0) if len(script) > 1 else script[0]
            done = step(done.attempt, Answered(asked.call_no, answer), now)
        elif done.attempt.next_at is not None and done.attempt.live:
            now = done.attempt.next_at
            done = step(done.attempt, Wake(), now)
        else:
            break
    return calls


def test_wechat_is_asked_every_five_seconds_and_reversed_at_forty_five() -> None:
    paying = Pending("user_paying")
    calls = drive(new(), [paying] * 10 + [CancelDone(), NotPaid("revoked")])
    assert calls == [
        ("pay", 0),
        *[("query", float(t)) for t in range(5, 50, 5)],
        ("cancel", 45),
        ("query", 45),
    ]


def test_alipay_is_asked_for_a_minute_and_cancelled_with_no_gap() -> None:
    paying = Pending("user_paying")
    calls = drive(new(channel="alipay"), [paying] * 13 + [CancelDone(), NotPaid("closed")])
    assert calls[-3:] == [("query", 60), ("cancel", 60), ("query", 60)]


def test_alipay_that_answers_nothing_is_asked_out_the_minute_and_cancelled() -> None:
    calls = drive(new(channel="alipay"), [LOST] * 13 + [CancelDone(), NotPaid("closed")])
    assert calls[:2] == [("pay", 0), ("query", 5)]
    assert calls[-3:] == [("query", 60), ("cancel", 60), ("query", 60)]


def test_a_failed_reverse_is_repeated_at_2_5_10_then_every_minute_then_every_ten() -> None:
    calls = drive(new(), [LOST], until=190)
    at = [second for call, second in calls if call == "cancel"]
    gaps = [b - a for a, b in pairwise(at)]
    assert at[0] == 45
    assert gaps[:5] == [2, 5, 10, 60, 60]
    assert gaps[-1] == 600
    assert Counter(gaps)[60] > 50


def test_a_pay_error_is_reversed_but_not_before_fifteen_seconds() -> None:
    failed = NotPaid("pay_failed", closed=False)
    answers = [Pending("user_paying"), failed, failed, failed, CancelDone(), NotPaid("closed")]
    calls = drive(new(), answers)
    assert ("cancel", 15.0) in calls


def test_a_qr_is_closed_when_it_expires() -> None:
    ready = QrReady("weixin://wxpay/x", START + timedelta(seconds=30))
    waiting = [Pending("not_paid_yet")] * 10
    calls = drive(new("qr"), [ready, *waiting, CancelDone(), NotPaid("closed")])
    assert calls[1:2] == [("query", 3.0)]
    assert calls[-3:] == [("query", 30), ("cancel", 30), ("query", 30)]


def test_an_unscanned_alipay_qr_is_watched_beyond_its_end() -> None:
    row = new("qr", "alipay")
    row = step(row, Begin(), START).attempt
    ends = START + timedelta(seconds=180)
    row = step(row, Answered(row.call_no, QrReady("https://qr.alipay.com/x", ends)), START).attempt
    row = step(row, CancelAsked(), START).attempt
    for answer in (Missing(), Missing(), Missing()):
        row = step(row, Answered(row.call_no, answer), START).attempt
    assert row.state == "cancelled"
    over = row.watch_until
    assert over is not None
    assert over > ends
    now = START
    asked = 0
    while row.next_at is not None:
        now = row.next_at
        done = step(row, Wake(), now)
        asked += len(done.acts)
        row = step(done.attempt, Answered(done.attempt.call_no, Missing()), now).attempt
    assert now == over
    assert asked == 10
    late = step(row, AskNow(), now)
    after = step(late.attempt, Answered(late.attempt.call_no, PAID), now)
    assert after.attempt.state == "paid_late"
    assert after.acts == (LateMoney(True),)


def settled(*events: Event, row: Attempt | None = None) -> Attempt:
    attempt = row or new()
    for event in events:
        attempt = step(attempt, event, START).attempt
    return attempt


def test_no_connection_is_no_payment_and_nothing_to_wait_for() -> None:
    row = settled(Begin())
    done = step(row, Answered(row.call_no, NotSent("tls_failed")), START)
    assert (done.attempt.state, done.attempt.reason) == ("declined", "tls_failed")
    assert done.attempt.next_at is None
    assert done.acts == ()


def test_a_crash_before_sending_was_no_payment_and_after_it_is_asked() -> None:
    assert settled(Restarted()).state == "declined"
    row = settled(Begin())
    done = step(row, Restarted(), START)
    assert done.attempt.state == "unknown"
    assert done.acts == (Ask("query", row.call_no + 1),)
    # the answer of the call that died with the process means nothing
    assert step(done.attempt, Answered(row.call_no, NotPaid("closed")), START).attempt.live


def test_a_missing_order_is_declined_only_after_the_deadline_and_a_cancel() -> None:
    row = settled(Begin(), Restarted())
    now = START
    for _ in range(30):
        if not row.live:
            break
        if row.call == "cancel":
            assert now >= START + timedelta(seconds=45)
        if row.call:
            row = step(row, Answered(row.call_no, Missing()), now).attempt
        else:
            assert row.next_at is not None
            now = row.next_at
            row = step(row, Wake(), now).attempt
    assert (row.state, row.reason, row.cancels) == ("declined", "not_received", 1)
    assert row.watch_until is not None
    # it turns up open after all: undone again, and still declined
    row = step(row, Wake(), row.next_at or now).attempt
    done = step(row, Answered(row.call_no, Pending("user_paying")), now)
    assert done.attempt.state == "declined"
    assert [a.call for a in done.acts if isinstance(a, Ask)] == ["cancel"]


def test_wrong_keys_are_told_once_and_the_order_can_be_parked_at_once() -> None:
    row = settled(Begin())
    wrong = Unknown("keys_refused", misconfigured=True)
    first = step(row, Answered(row.call_no, wrong), START)
    assert first.acts == (Alarm("keys_refused"),)
    assert parkable(first.attempt, START)
    parked = step(first.attempt, Park(), START).attempt
    assert parked.unresolved
    again = step(parked, Wake(), START + timedelta(seconds=5))
    second = step(again.attempt, Answered(again.attempt.call_no, wrong), START)
    assert not any(isinstance(a, Alarm) for a in second.acts)


def test_parking_and_deciding_wait_for_the_deadline() -> None:
    row = settled(Begin())
    row = step(row, Answered(row.call_no, LOST), START).attempt
    for event in (Park(), Decide("paid", "9", "why")):
        with pytest.raises(Refused, match="pay_not_yet"):
            step(row, event, START + timedelta(seconds=44))
    late = START + timedelta(seconds=45)
    with pytest.raises(Refused, match="pay_why_missing"):
        step(row, Decide("paid", "9", "  "), late)
    decided = step(row, Decide("unpaid", "9", "customer left"), late).attempt
    assert (decided.state, decided.decided_by) == ("decided_unpaid", "9")
    with pytest.raises(Refused, match="pay_settled"):
        step(decided, Park(), late)
    # the provider knows better: the money is late, not forgotten
    asked = step(decided, Wake(), decided.next_at or late)
    found = step(asked.attempt, Answered(asked.attempt.call_no, PAID), late)
    assert found.attempt.state == "paid_late"


def test_late_money_is_attached_with_a_reason_or_given_back() -> None:
    row = settled(Begin())
    row = step(row, Answered(row.call_no, NotPaid("closed")), START).attempt
    late = step(row, Answered(99, PAID), START).attempt
    assert late.unresolved
    with pytest.raises(Refused, match="pay_why_missing"):
        step(late, Attach("9", ""), START)
    assert step(late, Attach("9", "he is still here"), START).attempt.state == "paid"
    gone = step(late, Unwanted(), START)
    assert gone.acts == (LateMoney(False),)
    with pytest.raises(Refused, match="pay_not_late"):
        step(gone.attempt, Attach("9", "too late"), START)
    assert step(gone.attempt, LateRefunded(), START).attempt.state == "late_refunded"


def test_a_parked_order_paid_in_cash_gives_late_money_back() -> None:
    row = settled(Begin())
    row = step(row, Answered(row.call_no, LOST), START).attempt
    later = START + timedelta(seconds=60)
    row = step(row, Park(), later).attempt
    done = step(row, Unwanted(), later)
    assert done.attempt.call == "query"
    paid = step(done.attempt, Answered(done.attempt.call_no, PAID), later)
    assert paid.attempt.state == "paid_late"
    assert paid.acts == (LateMoney(False),)


def test_a_clock_put_back_neither_hangs_nor_waits_for_the_old_hour() -> None:
    row = settled(Begin())
    row = step(row, Answered(row.call_no, Pending("user_paying")), START).attempt
    back = START - timedelta(hours=1)
    done = step(row, Wake(), back)
    assert done.attempt.call == "query"
    after = step(done.attempt, Answered(done.attempt.call_no, Pending("user_paying")), back)
    assert after.attempt.state == "cancelling"


def test_a_call_that_never_comes_back_is_asked_again_but_a_payment_is_waited_for() -> None:
    row = settled(Begin())
    assert row.next_at is None
    row = step(row, Restarted(), START).attempt
    assert row.next_at is not None
    done = step(row, Wake(), row.next_at)
    assert (done.attempt.call, done.attempt.reason) == ("cancel", "no_answer")


def test_the_live_one_and_the_same_code() -> None:
    first, second = settled(Begin()), replace(settled(Begin()), state="declined", code_mark="n")
    assert live_of([second, first]) is first
    assert live_of([second]) is None
    assert same_code([first, second], "n") is second
    assert same_code([first, second], "") is None
