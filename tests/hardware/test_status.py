"""What a printer's bytes mean, in whatever order and however broken they come."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.hardware.status import (
    UNKNOWN,
    Block,
    Info,
    Listener,
    Process,
    RealTime,
    Status,
    Worked,
    automatic,
    real_time,
)


@pytest.mark.parametrize(
    ("data", "answers"),
    [
        (b"\x12", [RealTime(0x12)]),
        (b"\x16\x1e\x7e", [RealTime(0x16), RealTime(0x1E), RealTime(0x7E)]),
        (b"\x00", [Worked(False, False)]),
        (b"\x03\x0f", [Worked(True, False), Worked(True, True)]),
        (b"\x10\x00\x00\x0f", [Block(b"\x10\x00\x00\x0f")]),
        (b"\x10\x00\x12", [RealTime(0x12)]),
        (b"\x10\x10\x00\x00\x0f\x00", [Block(b"\x10\x00\x00\x0f"), Worked(False, False)]),
        (b"\x37\x22" + b"0142" + b"\x00", [Process("0142")]),
        (b"\x37\x22" + b"01\x12", [RealTime(0x12)]),
        (b"\x37\x12", [RealTime(0x12)]),
        (b"_EPSON\x00\x12", [Info("EPSON"), RealTime(0x12)]),
        (b"_TM\x12", [RealTime(0x12)]),
        (b"_" + b"x" * 200, [Info("x" * 79)]),
        (b"\x11\x13\xff", []),
        (b"", []),
    ],
)
def test_answers(data: bytes, answers: list[object]) -> None:
    assert list(Listener().feed(data))[: len(answers)] == answers
    piecemeal = Listener()
    found = [a for n in range(len(data)) for a in piecemeal.feed(data[n : n + 1])]
    assert found[: len(answers)] == answers


@given(st.binary(max_size=60))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_any_bytes_are_taken_and_an_answer_after_them_is_heard(noise: bytes) -> None:
    listener = Listener()
    list(listener.feed(noise))
    # at most one block is open, and it takes no byte of another kind
    assert list(listener.feed(b"\x12"))[-1:] == [RealTime(0x12)]


@pytest.mark.parametrize(
    ("asked", "answer", "status"),
    [
        (1, 0x12, Status(online=True, drawer_high=False)),
        (1, 0x1E, Status(online=False, drawer_high=True)),
        (2, 0x16, Status(cover_open=True, paper_out=False)),
        (2, 0x32, Status(cover_open=False, paper_out=True)),
        (3, 0x1A, Status(cutter_error=True, error=False)),
        (3, 0x52, Status(cutter_error=False, error=True)),
        (4, 0x1E, Status(paper_low=True, paper_out=False)),
        (4, 0x7E, Status(paper_low=True, paper_out=True)),
    ],
)
def test_real_time_answers(asked: int, answer: int, status: Status) -> None:
    assert real_time(UNKNOWN, asked, answer) == status
    assert status.known


def test_a_block_tells_all_at_once() -> None:
    well = automatic(UNKNOWN, b"\x10\x00\x00\x0f")
    assert (well.online, well.words, well.trouble) == (True, (), None)
    ill = automatic(UNKNOWN, b"\x3c\x28\x0f\x0f")
    assert ill.words == ("paper_out", "cover_open", "cutter_error", "printer_error")
    assert ill.trouble == "paper_out"
    assert ill.drawer_high


def test_what_is_not_known_is_no_trouble_and_no_health() -> None:
    assert UNKNOWN.trouble is None
    assert UNKNOWN.words == ()
    assert not UNKNOWN.known
    assert Status(online=False).words == ("printer_offline",)
    assert Status(cutter_error=True).trouble == "cutter_error"
    assert Status(error=True).trouble == "printer_error"
    assert Status(paper_low=True).trouble is None
