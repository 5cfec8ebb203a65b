"""One try to take money over a network, as a machine without a network.

`step(attempt, event, now)` gives the attempt as it is now, what to do next and, in `next_at`, when
to wake it. Whoever drives it does three things in this order: commit the attempt, do the acts,
bring back each answer as an `Answered`. So whatever is asked of a provider was on disk before, and
after a crash `Restarted` finds out by asking, never by paying again.

Paid comes from a verified answer with our number and amount alone. A settled attempt never comes
back to life; late money turns it into `paid_late`, which owes a refund or a manager's attaching.
The states and rules are those of pay.weixin.qq.com "Closed-loop Transactions" and Alipay's
"避免单边账"; the times are in `schedule`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec.structs import replace

from pos.payments.pacing import later, may_cancel, past, since, wait, within
from pos.payments.protocol import (
    AlreadyPaid,
    CancelDone,
    CancelRefused,
    Missing,
    NotPaid,
    NotSent,
    Paid,
    Pending,
    QrReady,
    Returned,
    StillPaying,
    Unknown,
)
from pos.payments.row import (
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
    State,
    Step,
    Unwanted,
    Wake,
)
from pos.payments.schedule import (
    BACKGROUND,
    CALL_LIMIT,
    DECIDED_WATCH,
    QR_MARGIN,
    SLOW,
    SLOW_AFTER,
)
from pos.refusal import Refused

_VAGUE = (Unknown, NotSent)


def step(attempt: Attempt, event: Event, now: datetime) -> Step:
    """One event. What no longer means anything changes nothing.

    Raises Refused("pay_settled" | "pay_not_yet" | "pay_not_late" | "pay_why_missing") where a
    person asks for what cannot be.
    """
    match event:
        case Begin():
            return _begin(attempt, now)
        case Answered(call_no, answer):
            return _answered(attempt, call_no, answer, now)
        case Wake():
            return _wake(attempt, now)
        case Restarted():
            return _restarted(attempt, now)
        case CancelAsked():
            return _cancel_asked(attempt, now)
        case Unwanted():
            return _unwanted(attempt, now)
        case AskNow():
            return _ask_now(attempt, now)
        case Park():
            return Step(_parked(attempt, now))
        case Decide():
            return Step(_decided(attempt, event, now))
        case Attach():
            return Step(_attached(attempt, event, now))
        case LateRefunded():
            return Step(_late_refunded(attempt, now))


def parkable(attempt: Attempt, now: datetime) -> bool:
    """Whether the cashier may put it aside: the provider's time is over, or keys are wrong."""
    if not attempt.live or attempt.parked_at is not None or attempt.sent_at is None:
        return False
    return attempt.misconfigured or past(attempt, now)


def shows_qr(attempt: Attempt) -> bool:
    """Whether a customer may scan its QR now."""
    return bool(attempt.qr) and attempt.state == "waiting" and not attempt.cancel_asked


def live_of(attempts: Iterable[Attempt]) -> Attempt | None:
    """The one live attempt of an order, before which no other may begin."""
    return next((a for a in attempts if a.live), None)


def same_code(attempts: Iterable[Attempt], mark: str) -> Attempt | None:
    """The attempt that was made with the same scanned code: shown instead of paying twice."""
    return next((a for a in attempts if mark and a.code_mark == mark), None)


# --- sending, waiting, unknown ---


def _begin(attempt: Attempt, now: datetime) -> Step:
    if attempt.state != "created":
        return Step(attempt)
    call: Literal["pay", "qr"] = "pay" if attempt.way == "code" else "qr"
    return _ask(replace(attempt, state="sending", sent_at=now), call, now)


def _ask(attempt: Attempt, call: Literal["pay", "qr", "query", "cancel"], now: datetime) -> Step:
    """Start a call. Only queries and cancels are given up on: a payment may still be on its way."""
    number = attempt.call_no + 1
    limit = now + timedelta(seconds=CALL_LIMIT) if call in ("query", "cancel") else None
    row = replace(attempt, call=call, call_no=number, called_at=now, next_at=limit)
    return Step(row, (Ask(call, number),))


def _answered(attempt: Attempt, number: int, answer: Any, now: datetime) -> Step:
    if not attempt.call or number != attempt.call_no:
        # an answer nobody waits for is no reason to act, unless it is money
        return _money(attempt, answer, now) if isinstance(answer, Paid) else Step(attempt)
    call = attempt.call
    row = replace(attempt, call="", called_at=None, next_at=None)
    if isinstance(answer, Paid) and not _ours(row, answer):
        answer = Unknown("mismatch")
    alarms = _alarms(attempt, answer)
    row = replace(row, misconfigured=isinstance(answer, _VAGUE) and answer.misconfigured)
    if isinstance(answer, Paid):
        after = _money(row, answer, now)
    elif not row.live:
        after = _watched(row, answer, now)
    elif row.state == "cancelling":
        after = _undoing(row, call, answer, now)
    else:
        after = _trying(row, answer, now)
    return Step(after.attempt, (*alarms, *after.acts))


def _alarms(attempt: Attempt, answer: object) -> tuple[Alarm, ...]:
    """What a person has to hear of, once: not again with every poll."""
    if isinstance(answer, _VAGUE) and (answer.misconfigured or answer.code == "mismatch"):
        return () if attempt.reason == answer.code else (Alarm(answer.code),)
    if isinstance(answer, Returned) and attempt.live and attempt.state != "cancelling":
        return (Alarm("returned_elsewhere"),)
    return ()


def _ours(attempt: Attempt, paid: Paid) -> bool:
    """Gateways check this too; money is worth a second look."""
    charge = attempt.charge
    return paid.out_trade_no == charge.out_trade_no and paid.fen == charge.fen


def _trying(row: Attempt, answer: object, now: datetime) -> Step:
    """An answer while we still want the money."""
    first = row.state == "sending"
    match answer:
        case QrReady(text, expires_at):
            row = replace(row, state="waiting", qr=text, expires_at=expires_at, reason="")
        case NotPaid(code, _, True):
            return Step(_closed(row, "declined", now, code))
        case NotPaid(code):
            row = replace(row, state="waiting", reason=code, cancel_asked=True)
        case NotSent(code) if first:
            return Step(_settle(row, "declined", now, code))
        case Unknown(code, _, technical) if first and row.way == "qr":
            # nobody saw a QR, so nobody can pay it
            return Step(_settle(row, "declined", now, code if technical else "qr_failed"))
        case Pending(code):
            row = replace(row, state="waiting", reason=code)
        case Missing():
            row = replace(row, reason="not_found")
        case Returned():
            return Step(_settle(row, "cancelled_refunded", now, "returned_elsewhere"))
        case NotSent():
            row = replace(row, reason="offline")
        case Unknown(code):
            row = replace(row, state="unknown", reason=code)
    if first:
        return Step(wait(row, now))
    return _carry_on(row, now)


def _carry_on(row: Attempt, now: datetime) -> Step:
    """After a query: undo it at once, with no gap, or wait for the next one."""
    return _cancel(row, now) if _time_to_cancel(row, now) else Step(wait(row, now))


def _time_to_cancel(row: Attempt, now: datetime) -> bool:
    return past(row, now) or (row.cancel_asked and may_cancel(row, now))


def _cancel_asked(attempt: Attempt, now: datetime) -> Step:
    if attempt.state == "created":
        return Step(_settle(attempt, "cancelled", now, "cancelled"))
    if attempt.state not in ("sending", "waiting", "unknown"):
        return Step(attempt)
    row = replace(attempt, cancel_asked=True)
    # the call under way is waited for; otherwise one last query comes before the cancel
    return Step(row) if row.call else _ask(row, "query", now)


def _unwanted(attempt: Attempt, now: datetime) -> Step:
    row = replace(attempt, wanted=False)
    if row.state == "paid_late":
        return Step(row, (LateMoney(False),))
    return _cancel_asked(row, now)


def _wake(attempt: Attempt, now: datetime) -> Step:
    if attempt.next_at is None or 0 < (attempt.next_at - now).total_seconds() <= SLOW:
        return Step(attempt)  # a wait longer than the longest means that the clock went back
    if attempt.call:
        return _answered(attempt, attempt.call_no, Unknown("no_answer"), now)
    if attempt.state == "cancelling" and not attempt.confirm and within(attempt, now):
        return _cancel(attempt, now)
    return _ask(attempt, "query", now)


def _restarted(attempt: Attempt, now: datetime) -> Step:
    row = replace(attempt, call="", called_at=None, next_at=None)
    if row.state == "created":
        return Step(_settle(row, "declined", now, "not_sent"))
    if row.state == "sending":
        # a QR is on disk before it is shown: this one nobody saw, so nobody needs it
        nobody = row.cancel_asked or row.way == "qr"
        row = replace(row, state="unknown", reason="interrupted", cancel_asked=nobody)
    return _ask(row, "query", now) if row.live or row.watch_until else Step(row)


def _ask_now(attempt: Attempt, now: datetime) -> Step:
    if attempt.call or attempt.state == "created":
        return Step(attempt)
    return _ask(attempt, "query", now)


# --- cancelling ---


def _cancel(row: Attempt, now: datetime) -> Step:
    counted = replace(row, state="cancelling", cancels=row.cancels + 1, cancel_refused=False)
    return _ask(counted, "cancel", now)


def _undoing(row: Attempt, call: str, answer: object, now: datetime) -> Step:
    if call == "cancel":
        return _cancel_answered(row, answer, now)
    match answer:
        case NotPaid(code, _, True):
            if row.returned:
                return Step(_settle(row, "cancelled_refunded", now, "refunded"))
            return Step(_closed(row, "cancelled", now, code))
        case Returned():
            return Step(_settle(row, "cancelled_refunded", now, "refunded"))
        case Missing() if row.confirm and (row.way == "qr" or past(row, now)):
            return Step(_never_there(row, now))
        case NotPaid(code) | Pending(code):
            row = replace(row, reason=code, confirm=False)
        case Missing():
            row = replace(row, reason="not_found")
        case Unknown(code):
            row = replace(row, reason=code)
        case NotSent():
            row = replace(row, reason="offline")
    return Step(later(row, now))


def _cancel_answered(row: Attempt, answer: object, now: datetime) -> Step:
    match answer:
        case CancelDone(returned):
            row = replace(row, confirm=True, returned=row.returned or returned)
        case Missing():
            row = replace(row, confirm=True)
        case CancelRefused(code):
            row = replace(row, cancel_refused=True, reason=code)
        case StillPaying():
            row = replace(row, reason="user_paying")
        case AlreadyPaid():
            row = replace(row, reason="paid_before_cancel")
        case Unknown(code):
            return Step(later(replace(row, reason=code), now))
        case NotSent():
            return Step(later(replace(row, reason="offline"), now))
    return _ask(row, "query", now)


def _never_there(row: Attempt, now: datetime) -> Attempt:
    """The provider took the cancel and knows no such order: settled, and still looked for."""
    if row.way == "qr":
        late = _closed(row, "cancelled", now, "cancelled")
        end = max(row.expires_at or now, now) + timedelta(seconds=QR_MARGIN)
        return replace(late, watch_until=max(end, late.watch_until or end))
    return _closed(row, "declined", now, "not_received")


# --- settled ---


def _settle(row: Attempt, state: State, now: datetime, reason: str) -> Attempt:
    idle = replace(row, call="", called_at=None, next_at=None, watch_until=None)
    return replace(idle, state=state, settled_at=now, reason=reason)


def _closed(row: Attempt, state: State, now: datetime, reason: str) -> Attempt:
    """Settled without money, and looked after for a while: providers have charged later."""
    end = now + timedelta(seconds=row.schedule.watch_after)
    return _watch(replace(_settle(row, state, now, reason), watch_until=end), now).attempt


def _watch(row: Attempt, now: datetime) -> Step:
    """A settled attempt is asked after while money might still come, and once at the end."""
    end = row.watch_until
    if end is None or now >= end:
        return Step(replace(row, next_at=None, watch_until=None))
    seconds = BACKGROUND if since(row, now) < SLOW_AFTER else SLOW
    return Step(replace(row, next_at=min(end, now + timedelta(seconds=seconds))))


def _watched(row: Attempt, answer: object, now: datetime) -> Step:
    """What was settled turns up open after all: undo it again, without coming back to life."""
    again = isinstance(answer, Pending) or (isinstance(answer, NotPaid) and not answer.closed)
    if again and row.state in ("declined", "cancelled"):
        longer = now + timedelta(seconds=row.schedule.watch_after)
        return _ask(replace(row, watch_until=longer), "cancel", now)
    return _watch(row, now)


def _money(row: Attempt, paid: Paid, now: datetime) -> Step:
    """Verified money, in whatever state it finds us."""
    if not _ours(row, paid) or row.state == "created":
        return Step(row)
    if row.state in ("sending", "waiting", "unknown", "decided_paid"):
        if row.wanted:
            return Step(replace(_settle(row, "paid", now, ""), paid=paid))
        return _too_late(row, paid, now)
    if row.state == "cancelling":
        if row.way == "qr" or row.cancel_refused or not within(row, now):
            return _too_late(row, paid, now)
        # undoing a code payment gives the money back by itself: go on until that is confirmed
        kept = replace(row, returned=True, paid=paid, confirm=False, reason="paid_while_cancelling")
        return Step(kept if kept.call else later(kept, now))
    if row.state in ("declined", "cancelled", "decided_unpaid"):
        return _too_late(row, paid, now)
    return _watch(row, now) if not row.call else Step(row)


def _too_late(row: Attempt, paid: Paid, now: datetime) -> Step:
    late = replace(_settle(row, "paid_late", now, "paid_late"), paid=paid)
    return Step(late, (LateMoney(late.wanted),))


def _late_refunded(row: Attempt, now: datetime) -> Attempt:
    if row.state != "paid_late":
        return row
    return _settle(row, "late_refunded", now, row.reason)


def _parked(row: Attempt, now: datetime) -> Attempt:
    if not row.live:
        raise Refused("pay_settled")
    if row.parked_at is not None:
        return row
    if not parkable(row, now):
        raise Refused("pay_not_yet")
    return replace(row, parked_at=now)


def _decided(row: Attempt, event: Decide, now: datetime) -> Attempt:
    if not row.live:
        raise Refused("pay_settled")
    if row.parked_at is None and not parkable(row, now):
        raise Refused("pay_not_yet")
    if not event.by or not event.why.strip():
        raise Refused("pay_why_missing")
    state: State = "decided_paid" if event.verdict == "paid" else "decided_unpaid"
    settled = _settle(row, state, now, row.reason)
    # the provider may still tell better: a day long it is asked behind the scenes
    watched = replace(settled, watch_until=now + timedelta(seconds=DECIDED_WATCH))
    told = replace(watched, decided_by=event.by, decision=event.why)
    return _watch(told, now).attempt


def _attached(row: Attempt, event: Attach, now: datetime) -> Attempt:
    if row.state != "paid_late" or not row.wanted:
        raise Refused("pay_not_late")
    if not event.by or not event.why.strip():
        raise Refused("pay_why_missing")
    return replace(_settle(row, "paid", now, ""), decided_by=event.by, decision=event.why)
