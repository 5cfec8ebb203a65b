"""Refunds: one number, given back once, asked after until it is known."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from pos.payments.protocol import (
    Missing,
    NotSent,
    RefundAsk,
    Refunded,
    RefundPending,
    RefundRefused,
    Unknown,
)
from pos.payments.refunding import (
    Refund,
    RefundStep,
    begin_refund,
    check_refund,
    refund_answered,
    refund_restarted,
    refund_wake,
    refundable,
    retry_refund,
)
from pos.refusal import Refused

START = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
ASK = RefundAsk("0123456789abcdef0123456789abcdef", "r0000001", 1000, 400)
DONE = Refunded("r0000001", "R1", 400, "")
NEW = Refund("wechat", ASK, START)


@dataclass
class Provider:
    """Gives back once a number, however often it is asked."""

    asked: bool = False
    slow: int = 0
    given: int = 0

    def call(self, kind: str) -> Any:
        if kind == "query_refund" and not self.asked:
            return Missing()
        if not self.asked:
            self.asked = True
            self.given += 1
        if self.slow:
            self.slow -= 1
            return RefundPending()
        return DONE


def test_whatever_is_lost_it_is_given_back_once_and_known() -> None:
    for seed in range(400):
        rng = random.Random(seed)
        provider = Provider(slow=rng.randrange(3))
        now = START
        step = begin_refund(NEW, now)
        asks: list[datetime] = []
        for turn in range(120):
            refund = step.refund
            healed = turn > 25
            if step.act is not None:
                if step.act.call == "refund":
                    assert all(now - before >= timedelta(seconds=60) for before in asks)
                    asks.append(now)
                fault = "none" if healed else rng.choice(["none", "lost", "unanswered", "refused"])
                act = step.act
                answer: Any = NotSent("connect_failed")
                if fault in ("none", "unanswered"):
                    answer = provider.call(act.call)
                if fault in ("unanswered", "lost"):
                    answer = Unknown("read_timeout")
                now += timedelta(seconds=rng.choice([0, 1, 15]))
                if not healed and rng.random() < 0.15:  # a crash with a call under way
                    step = refund_restarted(refund, now)
                else:
                    step = refund_answered(refund, act.call_no, answer, now)
            elif refund.next_at is not None:
                now = max(now, refund.next_at)
                step = refund_wake(refund, now)
            else:
                break
        assert step.refund.state == "refunded", (seed, step)
        assert provider.given == 1
        assert step.refund.refunded == DONE
        assert not step.refund.unresolved


def answer(step: RefundStep, told: Any, at: datetime = START) -> Refund:
    assert step.act is not None
    return refund_answered(step.refund, step.act.call_no, told, at).refund


def test_the_first_query_comes_after_ten_seconds() -> None:
    refund = answer(begin_refund(NEW, START), RefundPending())
    assert refund.next_at == START + timedelta(seconds=10)
    early = refund_wake(refund, START + timedelta(seconds=9))
    assert early.act is None
    due = refund_wake(refund, START + timedelta(seconds=10))
    assert due.act is not None
    assert due.act.call == "query_refund"


def test_a_shop_without_money_is_asked_again_after_a_minute_with_the_same_number() -> None:
    short = RefundRefused("merchant_balance_short", again=True)
    refund = answer(begin_refund(NEW, START), short)
    assert (refund.state, refund.reason) == ("running", "merchant_balance_short")
    step = refund_wake(refund, START + timedelta(seconds=60))
    assert step.act is not None
    assert step.act.call == "refund"
    assert step.refund.ask == ASK
    assert answer(step, DONE).state == "refunded"


def test_a_refusal_waits_for_a_person_and_may_still_turn_out_done() -> None:
    refund = answer(begin_refund(NEW, START), RefundRefused("refund_abnormal"))
    assert (refund.state, refund.next_at, refund.unresolved) == ("refused", None, True)
    assert refund_restarted(refund, START).act is None
    step = retry_refund(refund, START)
    assert step.act is not None
    assert step.act.call == "query_refund"
    assert answer(step, DONE).state == "refunded"


def test_an_answer_about_another_refund_is_no_refund() -> None:
    for wrong in (replace(DONE, fen=401), replace(DONE, out_refund_no="other")):
        refund = answer(begin_refund(NEW, START), wrong)
        assert (refund.state, refund.reason) == ("running", "mismatch")


def test_begun_once_and_kept_as_bytes() -> None:
    step = begin_refund(NEW, START)
    assert begin_refund(step.refund, START).act is None
    assert refund_answered(step.refund, 99, RefundPending(), START).refund == step.refund
    assert msgspec.json.decode(msgspec.json.encode(step.refund), type=Refund) == step.refund
    assert refund_restarted(NEW, START).act is not None


def test_never_more_than_was_paid() -> None:
    done = replace(NEW, state="refunded")
    refused = replace(NEW, state="refused", ask=replace(ASK, out_refund_no="r0000002"))
    assert refundable(1000, [done, refused]) == 600
    check_refund(replace(ASK, out_refund_no="r0000003", fen=600), [done, refused])
    with pytest.raises(Refused, match="refund_too_much"):
        check_refund(replace(ASK, out_refund_no="r0000003", fen=601), [done, refused])
    with pytest.raises(Refused, match="refund_number_taken"):
        check_refund(ASK, [done])
    with pytest.raises(ValueError, match="more than was paid"):
        RefundAsk(ASK.out_trade_no, "r0000009", 100, 101)
