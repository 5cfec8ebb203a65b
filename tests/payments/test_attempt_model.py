"""The machine against a provider with a ledger, whatever is lost, late or interrupted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pos.payments.attempt import parkable, step
from pos.payments.protocol import Charge, NotSent, Unknown, Way
from pos.payments.row import (
    Answered,
    Ask,
    Attempt,
    Begin,
    CancelAsked,
    Event,
    LateMoney,
    LateRefunded,
    Park,
    Restarted,
    Step,
    Unwanted,
    Wake,
)
from pos.payments.schedule import QR_LIFE
from tests.payments.provider import Customer, Provider

START = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
Fault = Literal["none", "refused", "lost", "unanswered", "late"]
FAULTS: list[Fault] = ["none", "refused", "lost", "unanswered", "late"]


class Till(RuleBasedStateMachine):
    """Drives one attempt as a till would, and crashes it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.ask: Ask | None = None
        self.late: datetime | None = None
        self.refunds = 0

    @initialize(
        channel=st.sampled_from(["wechat", "alipay"]),
        way=st.sampled_from(["code", "qr"]),
        customer=st.sampled_from(["pays", "asked", "short", "broken"]),
    )
    def begin(self, channel: str, way: Way, customer: Customer) -> None:
        charge = Charge("0123456789abcdef0123456789abcdef", 1234, "goods", "0001", "01")
        self.provider = Provider(charge, channel, way, customer)
        self.attempt = Attempt("a", "o", channel, way, charge, START)
        self.feed(Begin())

    def feed(self, event: Event) -> Step:
        before = self.attempt
        done = step(before, event, self.now)
        self.attempt = done.attempt
        self.check_move(before, done.attempt)
        for act in done.acts:
            if isinstance(act, Ask):
                assert self.ask is None, "two calls at once"
                self.ask = act
            elif isinstance(act, LateMoney) and not act.attachable:
                self.refund()
        return done

    def refund(self) -> None:
        """The refund task: gives back what is held, once."""
        assert self.provider.holds
        self.provider.given += 1
        self.provider.trade = "returned"
        self.feed(LateRefunded())

    def check_move(self, before: Attempt, after: Attempt) -> None:
        if before.state == after.state or before.live:
            return
        allowed = {
            ("declined", "paid_late"),
            ("cancelled", "paid_late"),
            ("paid_late", "late_refunded"),
            ("paid_late", "paid"),
        }
        assert (before.state, after.state) in allowed, (before.state, after.state)

    @rule(fault=st.sampled_from(FAULTS), seconds=st.sampled_from([0, 1, 4, 15]))
    @precondition(lambda self: self.ask is not None)
    def deliver(self, fault: Fault, seconds: int) -> None:
        """The call under way comes back, or does not."""
        ask = self.ask
        assert ask is not None
        self.ask = None
        answer: Any
        if fault == "refused":
            answer = NotSent("connect_failed")
        elif fault == "lost":
            answer = Unknown("broken")
        elif fault == "late" and ask.call == "pay":
            self.late = self.now + timedelta(seconds=40)  # it arrives after we stopped waiting
            answer = Unknown("read_timeout")
        else:
            answer = self.perform(ask)
            if fault != "none":
                answer = Unknown("read_timeout")
        self.pass_time(seconds)
        self.feed(Answered(ask.call_no, answer))

    def perform(self, ask: Ask) -> Any:
        if ask.call == "pay":
            return self.provider.pay(self.now)
        if ask.call == "qr":
            return self.provider.create_qr(self.now, self.now + QR_LIFE)
        if ask.call == "query":
            return self.provider.query(self.now)
        sent = self.attempt.sent_at
        if self.provider.channel == "wechat" and self.attempt.way == "code":
            assert sent is not None
            assert (self.now - sent).total_seconds() >= 15, "reversed too early"
        return self.provider.cancel(self.now)

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        if self.late is not None and self.now >= self.late:
            self.late = None
            self.provider.pay(self.now)

    @rule(seconds=st.sampled_from([1, 3, 5, 20, 61, 700]))
    @precondition(lambda self: self.ask is None)
    def wait(self, seconds: int) -> None:
        self.pass_time(seconds)
        self.feed(Wake())

    @rule()
    @precondition(lambda self: self.ask is None and self.attempt.next_at is not None)
    def wake_in_time(self) -> None:
        assert self.attempt.next_at is not None
        self.pass_time(max(0.0, (self.attempt.next_at - self.now).total_seconds()))
        self.feed(Wake())

    @rule()
    @precondition(lambda self: self.attempt.qr or self.attempt.way == "code")
    def customer_acts(self) -> None:
        self.provider.act(self.now)

    @rule()
    def cashier_cancels(self) -> None:
        self.feed(CancelAsked())

    @rule()
    @precondition(lambda self: parkable(self.attempt, self.now))
    def park(self) -> None:
        self.feed(Park())

    @rule()
    @precondition(lambda self: self.attempt.parked_at is not None and self.attempt.wanted)
    def order_ends_otherwise(self) -> None:
        self.feed(Unwanted())

    @rule(done=st.booleans(), seconds=st.sampled_from([1, 30, 3600]))
    def crash(self, done: bool, seconds: int) -> None:
        """The power goes, with a call under way that arrived or did not."""
        if self.ask is not None and done:
            self.perform(self.ask)
        self.ask = None
        self.pass_time(seconds)
        self.feed(Restarted())

    @invariant()
    def money_moves_once(self) -> None:
        if not hasattr(self, "provider"):
            return
        assert self.provider.taken <= 1
        assert self.provider.given <= self.provider.taken
        assert sum(call in ("pay", "qr") for call in self.provider.calls) <= 1
        if self.attempt.state == "paid":
            assert self.provider.holds
        if self.attempt.live:
            assert self.ask is not None or self.attempt.next_at is not None

    def teardown(self) -> None:
        """The network heals: every attempt ends, and what we say is what the provider holds."""
        if not hasattr(self, "attempt"):
            return
        for _ in range(200):
            if self.ask is not None:
                self.deliver(fault="none", seconds=0)
            elif self.attempt.next_at is not None:
                self.wake_in_time()
            else:
                break
        else:
            raise AssertionError(f"never ends: {self.attempt}")
        state = self.attempt.state
        assert not self.attempt.live, state
        if state in ("declined", "cancelled", "cancelled_refunded", "late_refunded"):
            assert not self.provider.holds, (state, self.provider)
        else:
            assert state in ("paid", "paid_late")
            assert self.provider.holds, (state, self.provider)


def test_the_till_and_the_provider_agree() -> None:
    run_state_machine_as_test(
        Till,
        settings=settings(
            max_examples=250,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
