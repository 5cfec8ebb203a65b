"""The machine alone, and the link on a receipt."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.invoices import course as courses
from pos.invoices import link as links
from pos.invoices.course import Course, Wake, due, red_step, step
from pos.invoices.link import Link
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
from pos.refusal import Refused

NOW = datetime(2026, 7, 27, 2, 0, tzinfo=UTC)
ANSWERS: tuple[Answer, ...] = (
    Accepted("1"), Duplicate(), Rejected("E4000", "x"), NotSent("connect_failed"), Unknown("x"),
    Issuing(), Issued("1" * 20, ""), Failed("22", "x"), Failed("24", "x", resend=True), NotFound(),
    RedTold("waiting"), RedTold("red", number="2"), RedTold("lapsed"), RedTold("confirmed"),
)  # fmt: skip


@given(st.lists(st.sampled_from((Wake(), *ANSWERS)), max_size=40), st.booleans())
def test_whatever_comes_an_end_stays_an_end_and_every_open_one_is_woken(
    events: list[courses.Event], red: bool
) -> None:
    course, now = Course("1"), NOW
    ended: Course | None = None
    for event in events:
        told = (red_step if red else step)(course, event, now)
        if ended is not None:
            assert told.course == ended
            assert told.act == ""
        course = told.course
        if not course.open:
            ended = course
            assert course.next_at == ""
        elif course.state != "new":
            assert course.next_at > course.sent_at
        assert told.act not in ("issue", "red_apply") or course.state == "sending" or course.sent_at
        now += timedelta(seconds=7)


@given(st.lists(st.sampled_from(("unknown", "issuing", "not_found_soon")), max_size=30))
def test_a_number_in_doubt_is_only_asked_after(told: list[str]) -> None:
    """As long as the platform has not said for minutes that it knows nothing."""
    answers: dict[str, Answer] = {
        "unknown": Unknown("x"), "issuing": Issuing(), "not_found_soon": NotFound(),
    }  # fmt: skip
    course = step(Course("1"), Wake(), NOW).course
    course = step(course, Unknown("read_timeout"), NOW).course
    now = NOW
    for name in told:
        now += timedelta(seconds=2)
        woken = step(course, Wake(), now)
        assert woken.act == "query"
        course = step(woken.course, answers[name], now).course


def test_it_goes_out_again_under_the_same_number_once_it_is_surely_not_there() -> None:
    course = step(Course("1"), Wake(), NOW).course
    now = NOW
    acts = []
    for _ in range(6):
        now += timedelta(seconds=40)
        woken = step(course, Wake(), now)
        acts.append(woken.act)
        course = step(woken.course, NotFound(), now).course
    assert acts == ["query", "query", "query", "issue", "query", "query"]


def test_pauses_grow_and_a_person_may_ask_at_once() -> None:
    course = step(Course("1"), Wake(), NOW).course
    assert not due(course, NOW)
    assert due(course, NOW + timedelta(seconds=3))
    assert due(courses.ask_now(course, NOW), NOW)
    assert courses.ask_now(Course("1", "issued"), NOW) == Course("1", "issued")


# --- the link ---

KEY = bytes(range(32))
LINK = Link("000101010000042", date(2026, 7, 27), 3686)
TODAY = date(2026, 8, 1)


def test_a_link_is_short_and_names_nobody() -> None:
    address = links.url("https://shop.example.cn/", KEY, LINK)
    assert address.startswith("https://shop.example.cn/i/000101010000042.")
    assert len(address) <= 75
    assert links.read(KEY, address.rpartition("/")[2], TODAY, 60) == LINK


def test_a_link_ends() -> None:
    told = links.token(KEY, LINK)
    assert links.read(KEY, told, date(2026, 9, 25), 60) == LINK
    with pytest.raises(Refused, match="link_expired"):
        links.read(KEY, told, date(2026, 9, 26), 60)


@given(st.data())
def test_a_forged_link_is_refused(data: st.DataObject) -> None:
    told = links.token(KEY, LINK)
    place = data.draw(st.integers(0, len(told) - 1))
    sign = data.draw(st.sampled_from("0123456789abcdefXYZ._-")).replace(told[place], "~")
    with pytest.raises(Refused, match="link_forged"):
        links.read(KEY, told[:place] + sign + told[place + 1 :], TODAY, 60)


@pytest.mark.parametrize("text", ["", "a", "1.2.3.4", "..;/../", "０" * 40, "1" * 4000])
def test_nonsense_is_no_link(text: str) -> None:
    with pytest.raises(Refused, match="link_forged"):
        links.read(KEY, text, TODAY, 60)
    with pytest.raises(Refused, match="link_forged"):
        links.read(bytes(32), links.token(KEY, LINK), TODAY, 60)
