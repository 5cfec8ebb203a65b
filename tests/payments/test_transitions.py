"""The machine's table: what every event does in every situation, to the last field.

`golden/transitions.txt` is read as a page: a situation, then what each event changes in it, with
times in seconds since the start. `POS_GOLDEN=write` writes it anew, for a person to compare.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pos.payments.attempt import step
from pos.payments.protocol import (
    CancelDone,
    CancelRefused,
    Missing,
    NotPaid,
    NotSent,
    Paid,
    Pending,
    QrReady,
    Unknown,
    Way,
)
from pos.payments.row import (
    Answered,
    AskNow,
    Attach,
    Attempt,
    Begin,
    CancelAsked,
    Decide,
    Event,
    Park,
    Unwanted,
    Wake,
)
from pos.refusal import Refused
from tests.payments.test_attempt_paths import ANSWERS, BY_HAND, LOST, NUMBER, PAID, START, new

GOLDEN = Path(__file__).parent / "golden" / "transitions.txt"
QR = QrReady("weixin://wxpay/x", START + timedelta(seconds=180))
LONG_QR = QrReady("weixin://wxpay/x", START + timedelta(seconds=7200))
NOBODY: list[Event] = [
    Decide("paid", "9", " "),
    Decide("paid", "", "seen"),
    Attach("", "why"),
    Attach("9", " "),
]
Move = Any
"""An event, an answer to the call under way, or a moment in seconds that comes first."""

CODE: dict[str, tuple[Move, ...]] = {
    "created": (),
    "sending": (Begin(),),
    "waiting": (Begin(), Pending("user_paying")),
    "waiting, asked": (Begin(), Pending("user_paying"), 5, Wake()),
    "waiting, asked at the end": (Begin(), Pending("user_paying"), 45, Wake()),
    "unknown": (Begin(), LOST),
    "unknown, asked": (Begin(), LOST, 5, Wake()),
    "unknown, parked": (Begin(), LOST, 50, Park()),
    "unknown, parked, asked and not wanted": (Begin(), LOST, 50, Park(), Unwanted()),
    "keys are wrong": (Begin(), Unknown("keys_refused", misconfigured=True)),
    "sending, cancel asked": (Begin(), CancelAsked()),
    "waiting, cancel asked early": (Begin(), Pending("user_paying"), 5, CancelAsked()),
    "waiting, cancel asked": (Begin(), Pending("user_paying"), 16, CancelAsked()),
    "cancelling, cancel called": (Begin(), LOST, 45, Wake(), LOST),
    "cancelling": (Begin(), LOST, 45, Wake(), LOST, LOST),
    "cancelling, asked": (Begin(), LOST, 45, Wake(), LOST, NotPaid("x", closed=False)),
    "cancelled, to be confirmed": (Begin(), LOST, 45, Wake(), LOST, CancelDone()),
    "cancelled with money": (Begin(), LOST, 45, Wake(), LOST, CancelDone(returned=True)),
    "cancel refused": (Begin(), LOST, 45, Wake(), LOST, CancelRefused("cancel_refused")),
    "paid while cancelling": (Begin(), LOST, 45, Wake(), LOST, CancelDone(), PAID),
    "cancelling for an hour": (Begin(), LOST, 45, Wake(), LOST, LOST, 3700, Wake()),
    "cancelling for eight days": (Begin(), LOST, 45, Wake(), LOST, LOST, 700_000, Wake()),
    "declined at once": (Begin(), NotSent("tls_failed")),
    "declined, looked after": (Begin(), NotPaid("balance_short")),
    "declined, asked": (Begin(), NotPaid("balance_short"), 60, Wake()),
    "declined, asked at the end": (Begin(), NotPaid("balance_short"), 600, Wake()),
    "declined, cancel called": (Begin(), NotPaid("x"), 60, Wake(), Pending("user_paying")),
    "cancelled": (Begin(), LOST, 45, Wake(), LOST, CancelDone(), NotPaid("revoked")),
    "cancelled and given back": (
        *(Begin(), LOST, 45, Wake(), LOST, CancelDone(returned=True), NotPaid("revoked")),
    ),
    "cancelled, asked": (
        *(Begin(), LOST, 45, Wake(), LOST, CancelDone(), NotPaid("revoked"), AskNow()),
    ),
    "paid": (Begin(), PAID),
    "paid, asked": (Begin(), PAID, AskNow()),
    "late money": (Begin(), NotPaid("balance_short"), 60, Wake(), PAID),
    "late money, not wanted": (Begin(), NotPaid("balance_short"), Unwanted(), Wake(), PAID),
    "decided paid": (Begin(), LOST, 50, Decide("paid", "9", "seen")),
    "decided paid, asked": (Begin(), LOST, 50, Decide("paid", "9", "seen"), AskNow()),
    "decided unpaid, asked": (Begin(), LOST, 50, Decide("unpaid", "9", "gone"), AskNow()),
}
SHOWN: dict[str, tuple[Move, ...]] = {
    "sending": (Begin(),),
    "waiting": (Begin(), QR),
    "waiting, asked": (Begin(), QR, 3, Wake()),
    "waiting, asked at the end": (Begin(), QR, 180, Wake()),
    "waiting, cancel asked": (Begin(), QR, 10, CancelAsked()),
    "cancelling, cancel called": (Begin(), QR, 10, CancelAsked(), Pending("not_paid_yet")),
    "cancelled, to be confirmed": (Begin(), QR, 10, CancelAsked(), LOST, CancelDone()),
    "never scanned": (Begin(), QR, 10, CancelAsked(), LOST, Missing(), Missing()),
    "never scanned, of a long life": (
        *(Begin(), LONG_QR, 10, CancelAsked(), LOST, Missing(), Missing()),
    ),
}
WAYS: tuple[tuple[Way, str, dict[str, tuple[Move, ...]]], ...] = (
    ("code", "wechat", CODE),
    ("qr", "alipay", SHOWN),
)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def take(row: Attempt, now: float, move: Move) -> tuple[Attempt, float]:
    """The row after a move, and the second it is then."""
    if isinstance(move, int):
        return row, float(move)
    known = isinstance(move, tuple(type(event) for event in BY_HAND))
    event: Event = move if known else Answered(row.call_no, move)
    return step(row, event, at(now)).attempt, now


def situation(way: Way, channel: str, moves: tuple[Move, ...]) -> tuple[Attempt, float]:
    row, now = new(way, channel), 0.0
    for move in moves:
        row, now = take(row, now, move)
    return row, now


def shown(value: object) -> str:
    if isinstance(value, datetime):
        return f"{(value - START).total_seconds():g}s"
    if isinstance(value, Paid):
        return "/".join(shown(v) for v in msgspec.structs.astuple(value))
    return str(value).replace(NUMBER, "ours") or "-"


def happening(row: Attempt, now: float) -> Iterator[tuple[str, Event, float]]:
    """All that may come: by hand, by the clock (in time, early, put back), and as an answer."""
    for event in [*BY_HAND, *NOBODY]:
        yield name_of(event), event, now
    if row.next_at is not None:
        due = (row.next_at - START).total_seconds()
        yield "Wake in time", Wake(), due
        yield "Wake early", Wake(), due - 0.5
        yield "Wake, clock back", Wake(), now - 7200
    for answer in ANSWERS.get(row.call, []):
        yield name_of(answer), Answered(row.call_no, answer), now + 1
    for answer in (PAID, NotPaid("closed"), Pending("user_paying")):
        yield f"stale {name_of(answer)}", Answered(row.call_no + 7, answer), now


def name_of(one: Any) -> str:
    values = [shown(v) for v in msgspec.structs.astuple(one) if v not in ("", None)]
    return " ".join([type(one).__name__, *values])


def changed(before: Attempt, after: Attempt) -> str:
    pairs = zip(
        before.__struct_fields__,
        msgspec.structs.astuple(before),
        msgspec.structs.astuple(after),
        strict=True,
    )
    return " ".join(f"{name}={shown(new)}" for name, old, new in pairs if old != new)


def line(row: Attempt, event: Event, second: float) -> str:
    try:
        done = step(row, event, at(second))
    except Refused as refused:
        return f"! {refused.code}"
    acts = " ".join(f"[{name_of(act)}]" for act in done.acts)
    return f"{changed(row, done.attempt)} {acts}".strip()


def table() -> str:
    out = []
    for way, channel, situations in WAYS:
        for name, moves in situations.items():
            row, now = situation(way, channel, moves)
            out.append(
                f"\n# {channel} {way}: {name}, {now:g}s\n  {changed(new(way, channel), row)}"
            )
            told: dict[str, list[str]] = {}
            for what, event, second in happening(row, now):
                told.setdefault(line(row, event, second) or "nothing", []).append(what)
            out += [f"{' | '.join(whats)} → {result}" for result, whats in told.items()]
    return "\n".join(out) + "\n"


def test_the_table_is_as_it_was_read() -> None:
    now = table()
    if os.environ.get("POS_GOLDEN") == "write":
        GOLDEN.write_text(now, "utf-8")
        pytest.skip("written anew")
    assert now.splitlines() == GOLDEN.read_text("utf-8").splitlines()
