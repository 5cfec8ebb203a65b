"""One refund, as a machine without a network: asked for by its own number until it is known.

The same number is given back once, however often it is asked for, so an unanswered refund is asked
for again; before that the provider is queried, not sooner than 10 s after (Alipay), and an order is
not asked for a refund twice in a minute (WeChat Pay "退款申请" 2024.09.19). A number is never
changed here: what a provider closed is a person's to decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from pos.payments.protocol import (
    Missing,
    NotSent,
    RefundAnswer,
    RefundAsk,
    Refunded,
    RefundPending,
    RefundRefused,
    Unknown,
)
from pos.refusal import Refused

RefundState = Literal["created", "running", "refunded", "refused", "settled"]

FIRST_QUERY = 10.0
BETWEEN_ASKS = 60.0
QUERY_DELAYS = (10.0, 20.0, 30.0, 60.0)
SLOW = 600.0
SLOW_AFTER = 3600.0


class Refund(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row. `running` covers all that is not known yet; `refused` waits for a person,
    who gave it back by another way where it is `settled`."""

    channel: str
    ask: RefundAsk
    created_at: datetime
    state: RefundState = "created"
    call: Literal["", "refund", "query_refund"] = ""
    call_no: int = 0
    asked_at: datetime | None = None
    """When the provider was last asked to give back; its query does not count."""
    first_at: datetime | None = None
    next_at: datetime | None = None
    queries: int = 0
    again: bool = False
    """The next call asks for the refund itself."""
    reason: str = ""
    refunded: Refunded | None = None

    @property
    def unresolved(self) -> bool:
        """Whether somebody still waits for this money."""
        return self.state not in ("refunded", "settled")


class RefundCall(msgspec.Struct, frozen=True):
    """Call the gateway and bring the answer back with this number."""

    call: Literal["refund", "query_refund"]
    call_no: int


class RefundStep(msgspec.Struct, frozen=True):
    """The refund to commit, then the call to make."""

    refund: Refund
    act: RefundCall | None = None


def refundable(paid_fen: int, others: Iterable[Refund]) -> int:
    """Fen that may still be asked back of a payment: refused refunds moved nothing."""
    return paid_fen - sum(r.ask.fen for r in others if r.state != "refused")


def check_refund(ask: RefundAsk, others: Iterable[Refund]) -> None:
    """Raises Refused("refund_too_much", left=…) or ("refund_number_taken")."""
    known = list(others)
    if any(r.ask.out_refund_no == ask.out_refund_no for r in known):
        raise Refused("refund_number_taken")
    left = refundable(ask.paid_fen, known)
    if ask.fen > left:
        raise Refused("refund_too_much", left=left)


def begin_refund(refund: Refund, now: datetime) -> RefundStep:
    """Ask for it, once; a later beginning does nothing."""
    if refund.state != "created":
        return RefundStep(refund)
    return _refund(replace(refund, state="running", first_at=now), now)


def retry_refund(refund: Refund, now: datetime) -> RefundStep:
    """A person tries a refused refund again, under the same number."""
    if refund.state != "refused":
        return RefundStep(refund)
    return _query(replace(refund, state="running", queries=0), now)


def settle_refund(refund: Refund) -> RefundStep:
    """A manager gave the money of a refused refund back by another way.

    Raises Refused("refund_running") while the provider may still give it back, and after that.
    """
    if refund.state != "refused":
        raise Refused("refund_running")
    return RefundStep(replace(refund, state="settled", next_at=None))


def refund_wake(refund: Refund, now: datetime) -> RefundStep:
    """It is `next_at`, or later."""
    if refund.next_at is None or 0 < (refund.next_at - now).total_seconds() <= SLOW:
        return RefundStep(refund)
    return _refund(refund, now) if refund.again else _query(refund, now)


def refund_restarted(refund: Refund, now: datetime) -> RefundStep:
    """The till starts: ask what became of it; one that was never begun is begun now."""
    if refund.state == "created":
        return begin_refund(refund, now)
    return _query(refund, now) if refund.state == "running" else RefundStep(refund)


def refund_answered(
    refund: Refund, call_no: int, answer: RefundAnswer, now: datetime
) -> RefundStep:
    """What a call brought. Answers to calls that nobody waits for change nothing but `Refunded`."""
    if isinstance(answer, Refunded) and refund.state in ("running", "refused"):
        return RefundStep(_refunded(refund, answer, now))
    if not refund.call or call_no != refund.call_no:
        return RefundStep(refund)
    asked = refund.call == "refund"
    row = replace(refund, call="", again=False)
    match answer:
        case RefundRefused(code, _, False):
            return RefundStep(replace(row, state="refused", reason=code, next_at=None))
        case RefundRefused(code):
            return RefundStep(_again_later(replace(row, reason=code), now))
        case Missing() if not asked:
            return RefundStep(_again_later(replace(row, reason="refund_not_found"), now))
        case NotSent() if asked:
            return RefundStep(_again_later(replace(row, reason="refund_offline"), now))
        case NotSent():
            return RefundStep(_query_later(replace(row, reason="refund_offline"), now))
        case Unknown(code, _, technical):
            reason = code if technical else "refund_unknown"
            return RefundStep(_query_later(replace(row, reason=reason), now))
        case RefundPending():
            return RefundStep(_query_later(replace(row, reason="refund_pending"), now))
    return RefundStep(_query_later(row, now))


def _refunded(row: Refund, answer: Refunded, now: datetime) -> Refund:
    if answer.out_refund_no != row.ask.out_refund_no or answer.fen != row.ask.fen:
        return _query_later(replace(row, call="", again=False, reason="mismatch"), now)
    return replace(row, state="refunded", call="", next_at=None, reason="", refunded=answer)


def _refund(row: Refund, now: datetime) -> RefundStep:
    number = row.call_no + 1
    asked = replace(row, call="refund", call_no=number, asked_at=now, next_at=None, again=False)
    return RefundStep(asked, RefundCall("refund", number))


def _query(row: Refund, now: datetime) -> RefundStep:
    number = row.call_no + 1
    asked = replace(row, call="query_refund", call_no=number, next_at=None, again=False)
    return RefundStep(replace(asked, queries=row.queries + 1), RefundCall("query_refund", number))


def _query_later(row: Refund, now: datetime) -> Refund:
    old = row.first_at is not None and (now - row.first_at).total_seconds() >= SLOW_AFTER
    seconds = SLOW if old else QUERY_DELAYS[min(row.queries, len(QUERY_DELAYS) - 1)]
    return replace(row, next_at=now + timedelta(seconds=seconds), again=False)


def _again_later(row: Refund, now: datetime) -> Refund:
    """Ask once more, a minute after the last time; after an hour of that, every ten."""
    old = row.first_at is not None and (now - row.first_at).total_seconds() >= SLOW_AFTER
    since = row.asked_at or now
    due = since + timedelta(seconds=SLOW if old else BETWEEN_ASKS)
    return replace(row, next_at=min(max(due, now), now + timedelta(seconds=SLOW)), again=True)
