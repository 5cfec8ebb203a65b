"""THE table of calls below /v1: path, what is asked and answered, the rule that does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from pos.headoffice import ingest, master, pulse, restoring, tills
from pos.headoffice.between import coupons, holds, members, people, returns
from pos.headoffice.house import House
from pos.headoffice.service.doors import Asked, Signed, Unsigned
from pos.headoffice.tills import Till
from pos.protocol import between, records
from pos.protocol import people as directory
from pos.protocol.enrolment import Enrol, Enrolled
from pos.protocol.master import Changes
from pos.protocol.problems import Code


class Call(msgspec.Struct, frozen=True):
    """A row. `problems` are the codes a caller must be ready for, beside those of every call.

    `query` names parameters with their pattern.
    """

    method: Literal["GET", "POST", "PUT"]
    path: str
    about: str
    asks: type[Any] | None
    answers: type[Any] | None
    signed: Signed | None = None
    unsigned: Unsigned | None = None
    problems: tuple[Code, ...] = ()
    query: dict[str, str] = {}


def table(arrived: Callable[[], None], judged: Callable[[str], None]) -> tuple[Call, ...]:
    """All calls. `arrived` is told that records came in, `judged` each verdict."""

    def take_in(house: House, till: Till, asked: Asked) -> records.Receipt:
        receipt = ingest.ingest(house, till, asked.message(records.Batch), asked.why)
        for one in receipt.records:
            judged(one.verdict)
        arrived()
        return receipt

    return (*_records(take_in), *_down(), *_between())


def _records(take_in: Signed) -> tuple[Call, ...]:
    """Tills and their records."""
    return (
        Call(
            "POST",
            "/v1/enrol",
            "A till becomes one of ours",
            Enrol,
            Enrolled,
            unsigned=lambda house, asked: tills.enrol(house, asked.message(Enrol)),
            problems=("code_unknown", "conflict"),
        ),
        Call(
            "POST",
            "/v1/records",
            "Records of a till, in the order of jn",
            records.Batch,
            records.Receipt,
            take_in,
            problems=("forbidden",),
        ),
        Call(
            "GET",
            "/v1/records",
            "Own records back",
            None,
            records.OwnRecords,
            lambda house, till, asked: restoring.own_records(
                house, till, asked.query.get("after", "")
            ),
            query={"after": r"^([0-9]{1,2}\.[0-9]{1,16})?$"},
        ),
        Call(
            "POST",
            "/v1/heartbeat",
            "How a till is",
            records.Heartbeat,
            records.Pulse,
            lambda house, till, asked: pulse.beat(house, till, asked.message(records.Heartbeat)),
            problems=("forbidden",),
        ),
    )


_STREAM = "^(chain|shop)$"


def _down() -> tuple[Call, ...]:
    """Goods, prices, people."""

    def changes(house: House, till: Till, asked: Asked) -> Changes:
        stream = master.stream_of(asked.query.get("stream", ""))
        return master.changes(house, till, stream, asked.query.get("after", ""))

    def snapshot(house: House, till: Till, asked: Asked) -> bytes:
        return master.snapshot(house, till, master.stream_of(asked.query.get("stream", "")))

    return (
        Call(
            "GET",
            "/v1/changes",
            "What changed since a cursor",
            None,
            Changes,
            changes,
            problems=("snapshot_needed",),
            query={"stream": _STREAM, "after": "^[0-9a-f-]{0,40}$"},
        ),
        Call(
            "GET",
            "/v1/snapshot",
            "Everything of a stream, a line each",
            None,
            None,
            snapshot,
            query={"stream": _STREAM},
        ),
    )


def _between() -> tuple[Call, ...]:
    """Between tills."""
    kept: tuple[Code, ...] = ("conflict", "not_enough", "not_found", "settled", "forbidden")
    calls = [
        Call(
            "GET",
            "/v1/holds",
            "Orders that wait for any till",
            None,
            between.Holds,
            lambda house, till, _asked: holds.listed(house, till),
        ),
        Call(
            "PUT",
            "/v1/holds/{hold_id}",
            "Hand an open order over",
            between.Hold,
            between.HoldState,
            lambda house, till, asked: holds.put(
                house, till, asked.path["hold_id"], asked.message(between.Hold)
            ),
            problems=("conflict",),
        ),
        Call(
            "POST",
            "/v1/holds/{hold_id}/claim",
            "Take an order, at one till only",
            between.Claim,
            between.Claimed,
            lambda house, till, asked: holds.claim(
                house, till, asked.path["hold_id"], asked.message(between.Claim)
            ),
            problems=("claimed",),
        ),
        Call(
            "GET",
            "/v1/orders/{number}",
            "A closed order of any till",
            None,
            between.OrderFound,
            lambda house, till, asked: returns.find(house, till, asked.path["number"]),
        ),
        Call(
            "POST",
            "/v1/returns",
            "Keep quantities of an order for a return",
            between.Reserve,
            between.Reserved,
            lambda house, till, asked: returns.reserve(house, till, asked.message(between.Reserve)),
            problems=kept,
        ),
        Call(
            "GET",
            "/v1/members/{shop}/{member_id}",
            "What a member can spend",
            None,
            between.Balance,
            lambda house, _till, asked: members.balance(
                house, asked.path["shop"], asked.path["member_id"]
            ),
        ),
        Call(
            "POST",
            "/v1/spends",
            "Hold stored value or points",
            between.Spend,
            between.Spent,
            lambda house, till, asked: members.spend(house, till, asked.message(between.Spend)),
            problems=kept,
        ),
        Call(
            "POST",
            "/v1/coupons",
            "Keep one use of a coupon's code",
            between.UseCoupon,
            between.CouponUse,
            lambda house, till, asked: coupons.use(house, till, asked.message(between.UseCoupon)),
            problems=kept,
        ),
        *_people(),
    ]
    ends: dict[str, between.Settlement] = {"confirm": "confirmed", "release": "released"}
    for name, state in ends.items():
        for what in _SETTLED:
            calls.append(_settling(what, name, state, kept))
    return tuple(calls)


def _people() -> tuple[Call, ...]:
    """Who joined."""
    return (
        Call(
            "PUT",
            "/v1/people/{member_id}",
            "Somebody joined, changed or was erased",
            directory.Card,
            directory.Card,
            lambda house, till, asked: people.put(
                house, till, asked.path["member_id"], asked.message(directory.Card)
            ),
        ),
        Call(
            "POST",
            "/v1/people/find",
            "Who has this phone or card",
            directory.Seek,
            directory.Found,
            lambda house, _till, asked: people.find(house, asked.message(directory.Seek)),
        ),
    )


Settled = Literal["returns", "spends", "coupons"]
_SETTLED: dict[Settled, tuple[type[Any], Callable[..., Any]]] = {
    "returns": (between.Reserved, returns.settle),
    "spends": (between.Spent, members.settle),
    "coupons": (between.CouponUse, coupons.settle),
}
"""What is kept until it is used or let go: what a settlement answers, and the rule."""


def _settling(
    what: Settled,
    name: str,
    state: between.Settlement,
    problems: tuple[Code, ...],
) -> Call:
    answers, settle = _SETTLED[what]

    def rule(house: House, till: Till, asked: Asked) -> Any:
        told = asked.message(between.Settle)
        return settle(house, till, asked.path["request_id"], told, state)

    return Call(
        "POST",
        f"/v1/{what}/{{request_id}}/{name}",
        f"What was kept is {state}",
        between.Settle,
        answers,
        rule,
        problems=problems,
    )
