"""What becomes of an invoice or a red letter, as a machine without a network.

`step` and `red_step` take the course so far, an event and the time, and give the course as it is
now and the next act. Whoever drives them commits the course first and acts then, so that after a
crash `Wake` finds out by asking. A number that may have arrived is only asked after. It is sent
again in two cases, both under the same number, which the provider takes once: nothing ever left
this machine, or the provider said several times over minutes that it knows no such number.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from pos.clock import moment_of, stamp
from pos.invoices.protocol import (
    Accepted,
    Answer,
    Duplicate,
    Failed,
    Issued,
    Issuing,
    NotFound,
    NotSent,
    RedTold,
    Rejected,
    Unknown,
)
from pos.invoices.reds import LAPSE_HOURS

State = Literal["new", "sending", "asked", "issued", "failed"]
"""Committed; on its way or in doubt; the provider has it; done; will not come."""
RedState = Literal["new", "sending", "asked", "red", "failed", "lapsed", "refused", "gone"]
Act = Literal["", "issue", "query", "retry", "red_apply", "red_query"]

PAUSES = (3, 5, 10, 20, 40, 60, 120, 300, 600, 1800, 3600)
"""Seconds before the next question, by how often was asked; the last one for good."""
MISSED_BEFORE_RESEND = 3
RESEND_AFTER = timedelta(seconds=90)
MOST_RETRIES = 5
"""A failed signature is tried again so often; the provider allows 20 a day."""


class Course(msgspec.Struct, frozen=True):
    """Where an invoice or a red letter stands. Moments are `clock.stamp`.

    `no` and, of a red letter, `of` are our own numbers; `of` is the invoice's.
    """

    no: str
    state: str = "new"
    asked: int = 0
    missed: int = 0
    retries: int = 0
    sent_at: str = ""
    next_at: str = ""
    serial: str = ""
    number: str = ""
    issued_at: str = ""
    pdf_url: str = ""
    ofd_url: str = ""
    xml_url: str = ""
    waiting: bool = False
    code: str = ""
    why: str = ""
    of: str = ""

    @property
    def open(self) -> bool:
        """Whether something is still to come."""
        return self.state in ("new", "sending", "asked")


class Wake(msgspec.Struct, frozen=True):
    """Its time has come, or the program started."""


Event = Wake | Answer


class Step(msgspec.Struct, frozen=True):
    """The course to commit, and what to do once it is."""

    course: Course
    act: Act = ""


def due(course: Course, now: datetime) -> bool:
    """Whether to wake it."""
    return course.open and (not course.next_at or course.next_at <= stamp(now))


def step(course: Course, event: Event, now: datetime) -> Step:
    """One event of an invoice. What no longer means anything changes nothing."""
    if not course.open:
        return Step(course)
    match event:
        case Wake():
            return _wake(course, now, "issue", "query")
        case Issued():
            return Step(_issued(course, event))
        case Failed():
            return _failed(course, event, now)
        case Rejected():
            return Step(_ended(course, "failed", event.code, event.why))
        case _:
            return Step(_answered(course, event, now))


def red_step(course: Course, event: Event, now: datetime) -> Step:
    """One event of a red letter."""
    if not course.open:
        return Step(course)
    match event:
        case Wake():
            return _wake(course, now, "red_apply", "red_query")
        case RedTold():
            return Step(_red_told(course, event, now))
        case Rejected():
            return Step(_ended(course, "failed", event.code, event.why))
        case _:
            return Step(_answered(course, event, now))


def ask_now(course: Course, now: datetime) -> Course:
    """A person wants to know, or a callback hints at news: asked at once."""
    return replace(course, next_at=stamp(now)) if course.open else course


def _wake(course: Course, now: datetime, send: Act, query: Act) -> Step:
    if course.state == "new":
        sent = replace(course, state="sending", sent_at=stamp(now), next_at=_later(now, 0))
        return Step(sent, send)
    if _resend(course, now):
        again = replace(course, sent_at=stamp(now), missed=0, next_at=_later(now, 0))
        return Step(again, send)
    asked = replace(course, asked=course.asked + 1, next_at=_later(now, course.asked))
    return Step(asked, query)


def _resend(course: Course, now: datetime) -> bool:
    return course.missed >= MISSED_BEFORE_RESEND and now - moment_of(course.sent_at) >= RESEND_AFTER


def _answered(course: Course, event: Event, now: datetime) -> Course:
    soon = _later(now, course.asked)
    match event:
        case Accepted(serial):
            return replace(course, state="asked", serial=serial, missed=0, next_at=soon, code="")
        case Duplicate() | Issuing():
            return replace(course, state="asked", missed=0, next_at=soon, code="")
        case NotFound():
            return replace(course, missed=course.missed + 1, next_at=soon, code="not_found")
        case NotSent(code):
            # never left: the same number may go out again, once it has gone out at all it may not
            back = "new" if course.state == "sending" and not course.asked else course.state
            return replace(course, state=back, next_at=_later(now, 4), code=code)
        case Unknown(code):
            return replace(course, next_at=soon, code=code)
        case _:
            return course


def _failed(course: Course, event: Failed, now: datetime) -> Step:
    if event.resend and course.retries < MOST_RETRIES:
        again = replace(course, retries=course.retries + 1, next_at=_later(now, 3), code=event.code)
        return Step(again, "retry")
    return Step(_ended(course, "failed", event.code, event.why))


def _issued(course: Course, told: Issued) -> Course:
    return replace(
        course,
        state="issued",
        number=told.number,
        issued_at=told.at,
        pdf_url=told.pdf_url,
        ofd_url=told.ofd_url,
        xml_url=told.xml_url,
        serial=told.serial or course.serial,
        next_at="",
        code="",
        why="",
    )


def _red_told(course: Course, told: RedTold, now: datetime) -> Course:
    ends = {"refused": "refused", "lapsed": "lapsed", "gone": "gone", "failed": "failed"}
    if told.status == "red":
        return replace(
            course, state="red", number=told.number, issued_at=told.at, serial=told.form_no,
            next_at="", waiting=False, code="", why="",
        )  # fmt: skip
    if told.status in ends:
        return _ended(course, ends[told.status], told.code, told.why)
    waiting = told.status == "waiting"
    # the buyer has three days: ask at most every half hour
    pause = min(course.asked, len(PAUSES) - 2) if waiting else course.asked
    return replace(
        course, state="asked", waiting=waiting, missed=0, serial=told.form_no or course.serial,
        next_at=_later(now, pause), code=told.code,
    )  # fmt: skip


def lapses_at(course: Course) -> datetime | None:
    """When a form that waits for its buyer becomes void."""
    if not course.waiting or not course.sent_at:
        return None
    return moment_of(course.sent_at) + timedelta(hours=LAPSE_HOURS)


def _ended(course: Course, state: str, code: str, why: str) -> Course:
    return replace(course, state=state, code=code, why=why, next_at="", waiting=False)


def _later(now: datetime, asked: int) -> str:
    return stamp(now + timedelta(seconds=PAUSES[min(asked, len(PAUSES) - 1)]))
