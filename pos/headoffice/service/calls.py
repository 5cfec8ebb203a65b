"""THE table of calls below /v1: path, what is asked and answered, the rule that does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from pos.headoffice import ingest, pulse, restoring, tills
from pos.headoffice.house import House
from pos.headoffice.service.doors import Asked, Signed, Unsigned
from pos.headoffice.tills import Till
from pos.protocol import records
from pos.protocol.enrolment import Enrol, Enrolled
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
