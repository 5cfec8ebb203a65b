"""Forged, stale and mismatched answers: whatever byte or field is changed, nothing is believed.

A payment in doubt, a cancel and a refund under way are given answers with one bit changed in each
byte, one byte after the other, and properly signed answers with each field taken away or changed.
Nothing moves; where a change touches nothing that matters, only the truth is believed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pos.payments import attempt as machine
from pos.payments import refunding
from pos.payments.protocol import Charge, Paid, RefundAsk, Refunded, Unknown
from pos.payments.refunding import Refund
from pos.payments.row import Answered, Ask, AskNow, Attempt, Begin, CancelAsked
from tests.payments import alipay_side, test_alipay, test_wechat, wechat_side
from tests.payments.line import Line, http

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
SIDES: dict[str, Any] = {"wechat": (wechat_side, test_wechat), "alipay": (alipay_side, test_alipay)}
CODES = {"paid": ("pay", "query"), "cancel": ("cancel",), "refund": ("refund", "query_refund")}
each_channel = pytest.mark.parametrize("channel", ["wechat", "alipay"])
OPEN = ("sending", "waiting", "unknown", "cancelling")


def charge(channel: str) -> Charge:
    found: Charge = SIDES[channel][1].CHARGE
    return found


def in_doubt(channel: str) -> tuple[Attempt, int]:
    """A payment whose answer was lost, and the number of the query that is under way."""
    made = Attempt("a", "o", channel, "code", charge(channel), NOW)
    begun = machine.step(made, Begin(), NOW)
    [pay] = [act for act in begun.acts if isinstance(act, Ask)]
    lost = machine.step(begun.attempt, Answered(pay.call_no, Unknown("read_timeout")), NOW)
    asked = machine.step(lost.attempt, AskNow(), NOW)
    [query] = [act for act in asked.acts if isinstance(act, Ask)]
    return asked.attempt, query.call_no


def cancelling(channel: str) -> tuple[Attempt, int]:
    """A payment whose cancel is under way."""
    doubt, number = in_doubt(channel)
    later = datetime(2026, 3, 1, 4, 0, 20, tzinfo=UTC)
    step = machine.step(doubt, CancelAsked(), later)
    while True:
        call = next((act for act in step.acts if isinstance(act, Ask)), None)
        if call is not None and call.call == "cancel":
            return step.attempt, call.call_no
        number = call.call_no if call is not None else number
        step = machine.step(step.attempt, Answered(number, Unknown("read_timeout")), later)


def refund(channel: str) -> tuple[Refund, int]:
    ask: RefundAsk = SIDES[channel][1].ASK
    step = refunding.begin_refund(Refund(channel, ask, NOW), NOW)
    assert step.act is not None
    return step.refund, step.act.call_no


def good_answers(channel: str) -> dict[str, tuple[Any, Callable[[Any], Any]]]:
    """By call: the provider's body, and the call it answers."""
    case, one = SIDES[channel][1], charge(channel)
    if channel == "wechat":
        cancelled: Any = {"mchid": wechat_side.MCHID, "out_trade_no": one.out_trade_no}
        back: Any = case.REFUND
        paid: Any = case.ORDER
    else:
        cancelled = {
            "code": "10000", "msg": "Success", "out_trade_no": one.out_trade_no,
            "trade_no": "2026030122001400001000000001", "retry_flag": "N", "action": "refund",
        }  # fmt: skip
        back, paid = {**case.BACK, "fund_change": "Y"}, case.FOUND
    return {
        "query": (paid, lambda gateway: gateway.query(one)),
        "cancel": (cancelled, lambda gateway: gateway.cancel(one, "code")),
        "refund": (back, lambda gateway: gateway.query_refund(case.ASK)),
    }


METHODS = {
    "query": "alipay.trade.query",
    "cancel": "alipay.trade.cancel",
    "refund": "alipay.trade.fastpay.refund.query",
}


def whole(channel: str, side: Any, call: str, body: Any) -> bytes:
    """The answer as it goes over the line."""
    if channel == "wechat":
        answer: bytes = side.signed("200 OK", body)
        return answer
    return http(side.signed(METHODS[call], body))


def side_of(channel: str) -> Any:
    return wechat_side.Wechat() if channel == "wechat" else alipay_side.Alipay()


def answers(
    channel: str, folder: Path, call: str, bodies: Iterator[bytes], ask: Callable[[Any], Any]
) -> Iterator[Any]:
    """What the gateway makes of each of these answers."""
    module, _ = SIDES[channel]
    side, made = side_of(channel), list(bodies)
    side.script = [*made, None]
    with Line(side) as line:
        gateway = module.gateway(folder, line)
        for _ in made:
            yield ask(gateway)
        gateway.close()


def settled(channel: str, call: str, answer: Any) -> str:
    """The state that an answer leads to, empty where it is open as before."""
    if call == "refund":
        row, number = refund(channel)
        after = refunding.refund_answered(row, number, answer, NOW).refund
        return after.state if after.state in ("refunded", "refused") else ""
    attempt, number = in_doubt(channel) if call == "query" else cancelling(channel)
    step = machine.step(attempt, Answered(number, answer), NOW)
    if call == "cancel" and any(isinstance(a, Ask) and a.call == "query" for a in step.acts):
        return "cancel believed"
    return "" if step.attempt.state in OPEN else step.attempt.state


TRUTH = {"query": "paid", "cancel": "cancel believed", "refund": "refunded"}


@each_channel
@pytest.mark.parametrize("call", ["query", "cancel", "refund"])
def test_one_bit_in_any_byte(tmp_path: Path, channel: str, call: str) -> None:
    """The signed bytes: never believed. Around them: the truth or nothing."""
    body, ask = good_answers(channel)[call]
    made = whole(channel, side_of(channel), call, body)
    start = made.index(b"\r\n\r\n") + 4
    end = made.rindex(b',"sign"') if channel == "alipay" else len(made)

    def mutated() -> Iterator[bytes]:
        side = side_of(channel)
        for at in range(start, len(made)):
            fresh = whole(channel, side, call, body)
            yield fresh[:at] + bytes([fresh[at] ^ 1]) + fresh[at + 1 :]

    found = [settled(channel, call, x) for x in answers(channel, tmp_path, call, mutated(), ask)]
    assert set(found[: end - start]) == {""}
    assert set(found) <= {"", TRUTH[call]}
    fair = whole(channel, side_of(channel), call, body)
    [plain] = answers(channel, tmp_path, call, iter([fair]), ask)
    assert settled(channel, call, plain) == TRUTH[call], "the unchanged answer is believed"


def changes(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each field, taken away (None) or changed to other values of its kind and of others."""
    for key, old in value.items():
        here = (*path, key)
        if isinstance(old, dict):
            yield from changes(old, here)
        others: list[Any] = [None, "", "x", 0, -1, True, [], {}, "9" * 40]
        if isinstance(old, int):
            others += [old + 1, old - 1, float(old), str(old)]
        if isinstance(old, str):
            others += [old + "0", old[:-1], old.swapcase(), [old]]
        for other in others:
            if other != old or type(other) is not type(old):
                yield here, other


def changed(body: Any, path: tuple[str, ...], to: Any) -> Any:
    copy = json.loads(json.dumps(body))
    place = copy
    for key in path[:-1]:
        place = place[key]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return copy


OURS = {
    "mchid", "out_trade_no", "total", "currency", "appid", "amount", "out_refund_no", "refund",
    "total_amount", "out_request_no", "refund_amount",
}  # fmt: skip
"""Fields that say whose money it is and how much; what only the provider numbers is not ours."""
MAY_BE_ABSENT = {"appid", "currency"}


def same_amount(body: Any, path: tuple[str, ...], to: Any) -> bool:
    """`12.3` for `12.30`: another text for the same money."""
    told, old = str(to), str(body.get(path[-1]))
    return "_amount" in path[-1] and told in (old + "0", old.removesuffix("0"))


@each_channel
@pytest.mark.parametrize("call", ["query", "cancel", "refund"])
def test_any_field_of_a_signed_answer(tmp_path: Path, channel: str, call: str) -> None:
    """Signed as it should be, about something else: it settles nothing falsely."""
    body, ask = good_answers(channel)[call]
    tries = list(changes(body))

    def mutated() -> Iterator[bytes]:
        side = side_of(channel)
        for path, to in tries:
            yield whole(channel, side, call, changed(body, path, to))

    wrong = []
    found = answers(channel, tmp_path, call, mutated(), ask)
    for (path, to), answer in zip(tries, found, strict=True):
        state = settled(channel, call, answer)
        if isinstance(answer, Paid):
            one = charge(channel)
            assert (answer.out_trade_no, answer.fen) == (one.out_trade_no, one.fen)
        if isinstance(answer, Refunded):
            asked = SIDES[channel][1].ASK
            assert (answer.out_refund_no, answer.fen) == (asked.out_refund_no, asked.fen)
        harmless = same_amount(body, path, to) or (to is None and path[-1] in MAY_BE_ABSENT)
        if state and path[-1] in OURS and call != "cancel" and not harmless:
            wrong.append((path, to, state))
        if state not in ("", TRUTH[call]):
            wrong.append((path, to, state))
    assert wrong == []
