"""Status bytes, bit by bit as the command reference lists them, and when they are told."""

from __future__ import annotations

import pytest

from pos.simulators.printer import Connection, Model, State, Trouble, VirtualPrinter
from pos.simulators.printer.status import asb, realtime
from tests.simulators.printer.papers import CUT, INIT, PRINT_QR, store_qr


class Hand:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def ask(printer: VirtualPrinter, data: bytes) -> bytes:
    """What comes back on a connection of its own."""
    connection = printer.connect()
    printer.receive(connection, data)
    answer = printer.due(connection)
    printer.disconnect(connection, "peer")
    return answer


@pytest.mark.parametrize(
    ("state", "answers"),
    [
        (State(), "12 12 12 12"),
        (State(drawer_open=True), "16 12 12 12"),
        (State(drawer_inverted=True), "16 12 12 12"),
        (State(drawer_open=True, drawer_inverted=True), "12 12 12 12"),
        (State(offline=True), "1a 12 12 12"),
        (State(cover_open=True), "1a 16 12 12"),
        (State(paper_near_end=True), "12 12 12 1e"),
        (State(paper_end=True), "1a 32 12 7e"),
        (State(cutter_error=True), "1a 52 1a 12"),
        (State(unrecoverable_error=True), "1a 52 32 12"),
        (State(overheated=True), "1a 52 52 12"),
        (State(feed_button=True), "52 1a 12 12"),
    ],
)
def test_real_time_status(state: State, answers: str) -> None:
    given = b"".join(realtime(state, number) for number in (1, 2, 3, 4))
    assert given.hex(" ") == answers
    assert all(byte & 0x93 == 0x12 for byte in given)


@pytest.mark.parametrize(
    ("state", "block"),
    [
        (State(), "10 00 00 0f"),
        (State(drawer_open=True), "14 00 00 0f"),
        (State(cover_open=True), "38 00 00 0f"),
        (State(paper_end=True), "18 00 0f 0f"),
        (State(paper_near_end=True), "10 00 03 0f"),
        (State(cutter_error=True), "18 08 00 0f"),
        (State(unrecoverable_error=True, overheated=True), "18 60 00 0f"),
        (State(feed_button=True), "50 00 00 0f"),
    ],
)
def test_automatic_status_back(state: State, block: str) -> None:
    assert asb(state).hex(" ") == block
    assert asb(state)[0] & 0x93 == 0x10


def test_questions_and_answers() -> None:
    printer = VirtualPrinter(Model(maker="ACME", name="X1", firmware="2.0", serial="S9"))
    assert ask(printer, b"\x10\x04\x01\x10\x04\x04\x10\x04\x09") == b"\x12\x12"
    assert ask(printer, b"\x1dr\x01\x1dr2\x1dr\x04") == b"\0\0"
    assert ask(printer, b"\x1bv\x1bu\x00") == b"\0\0"
    assert ask(printer, b"\x1dI\x01\x1dI\x02\x1dI3") == b"\x20\x03\x01"
    assert ask(printer, b"\x1dIA\x1dIB\x1dIC\x1dID") == b"_2.0\0_ACME\0_X1\0_S9\0"
    assert ask(printer, b"\x1dI\x63") == b""
    assert ask(printer, b"\x1d(H\x06\x0000abcd") == b"\x37\x22abcd\0"
    assert ask(printer, store_qr(b"x", 3) + b"\x1d(k\x03\x001R0") == b"\x37\x3663\x1f63\x1f1\x1f1\0"
    assert ask(printer, INIT + b"\x1d(k\x03\x001R0") == b"\x37\x360\x1f0\x1f1\x1f0\0"
    assert ask(printer, PRINT_QR) == b""
    printer.change(paper_near_end=True, drawer_open=True)
    assert ask(printer, b"\x1dr\x01\x1dr\x02") == b"\x03\x01"


def test_a_question_in_its_turn_waits_for_the_printer() -> None:
    printer = VirtualPrinter()
    printer.change(cover_open=True)
    connection = printer.connect()
    printer.receive(connection, b"a\n" + CUT + b"\x1dr\x01\x10\x04\x02")
    assert printer.due(connection) == b"\x16"
    assert printer.receipts == []
    printer.change(cover_open=False)
    assert printer.due(connection) == b"\0"
    assert [r.lines for r in printer.receipts] == [("a",)]


def test_status_asked_in_pieces_and_within_data() -> None:
    printer = VirtualPrinter()
    connection = printer.connect()
    for piece in (b"\x10", b"\x04", b"\x01", b"\x10\x04", b"\x02\x10"):
        printer.receive(connection, piece)
    assert printer.due(connection) == b"\x12\x12"
    printer.receive(connection, b"\x04\x03\x1dv0\x00\x03\x00\x01\x00\x10\x04\x04")
    assert printer.due(connection) == b"\x12\x12"


def test_blocks_are_pushed_for_what_was_asked() -> None:
    printer = VirtualPrinter()
    connection = printer.connect()
    printer.change(cover_open=True)
    assert printer.due(connection) == b""
    printer.change(cover_open=False)
    printer.receive(connection, b"\x1da\x08")
    assert printer.due(connection).hex() == "1000000f"
    printer.change(cover_open=True)
    assert printer.due(connection) == b""
    printer.change(paper_end=True)
    assert printer.due(connection).hex() == "38000f0f"
    printer.change(paper_end=False, cover_open=False)
    printer.receive(connection, b"\x1da\x00")
    printer.due(connection)
    printer.change(paper_end=True)
    assert printer.due(connection) == b""


def test_a_pulse_opens_the_drawer() -> None:
    printer = VirtualPrinter()
    assert ask(printer, b"\x1bp\x00\x19\xfa\x10\x04\x01") == b"\x12"
    assert ask(printer, b"\x10\x04\x01") == b"\x16"
    assert [kick.pin for kick in printer.kicks] == [2]
    printer.change(drawer_open=False)
    assert ask(printer, b"\x10\x04\x01") == b"\x12"


def test_recovery_from_a_cutter_error() -> None:
    printer = VirtualPrinter()
    printer.change(cutter_error=True)
    assert ask(printer, b"first\n\x10\x05\x01") == b""
    assert not printer.state.cutter_error
    printer.change(cutter_error=True)
    ask(printer, b"never\n\x10\x05\x02after\n" + CUT)
    assert printer.receipts[0].lines == ("first", "after")


def test_clearing_the_buffers() -> None:
    printer = VirtualPrinter()
    clear = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
    assert ask(printer, b"\x1dv0\x00\x10\x00\x10\x00half an image" + clear) == b"\x37\x25\0"
    ask(printer, b"whole\n" + CUT)
    assert printer.receipts[0].lines == ("whole",)
    assert printer.receipts[0].faults == ()


def test_late_and_silent_and_wrong_answers() -> None:
    clock = Hand()
    printer = VirtualPrinter(clock=clock)
    printer.set_trouble(Trouble(late=3.0))
    connection = printer.connect()
    printer.receive(connection, b"\x1dr\x01")
    assert printer.due(connection) == b""
    assert printer.next_event(connection) == 103.0
    clock.now = 103.0
    assert printer.due(connection) == b"\0"
    printer.set_trouble(Trouble(silent=True))
    assert ask(printer, b"\x1dr\x01\x10\x04\x01\x1da\xff") == b""
    printer.set_trouble(Trouble(wrong_status=True))
    assert ask(printer, b"\x10\x04\x01")[0] & 0x93 != 0x12
    printer.set_trouble(Trouble(noise=True))
    assert ask(printer, b"\x1dr\x01").hex() == "1000000f" * 2 + "00"


def test_paper_ends_at_a_byte_and_comes_back() -> None:
    clock = Hand()
    printer = VirtualPrinter(clock=clock)
    job = INIT + b"one\ntwo\n" + CUT + b"\x1dr\x01"
    printer.set_trouble(Trouble(paper_out_at=len(INIT) + 4, resume_after=60))
    connection = printer.connect()
    printer.receive(connection, job)
    assert printer.due(connection) == b""
    printer.tick()
    assert ask(printer, b"\x10\x04\x02") == b"\x32"
    clock.now += 60
    printer.tick()
    assert ask(printer, b"\x10\x04\x02") == b"\x12"
    assert printer.due(connection) == b"\0"
    assert [r.lines for r in printer.receipts] == [("one", "two")]


def test_half_a_job_stays_in_the_printer() -> None:
    """A sender that breaks off within an image makes garbage of the next job: NULs prevent it."""
    half = INIT + b"\x1dv0\x00\x02\x00\x10\x00" + b"\xff" * 20
    job = INIT + b"whole\n" + CUT
    careless = VirtualPrinter()
    ask(careless, half)
    ask(careless, job)
    assert "whole" not in (careless.receipts[0].lines if careless.receipts else ())
    careful = VirtualPrinter()
    ask(careful, half)
    ask(careful, b"\0" * 8192 + job)
    assert careful.receipts[0].lines[-1] == "whole"


@pytest.mark.parametrize("at", range(17))
def test_death_at_every_byte_prints_what_arrived(at: int) -> None:
    job = INIT + b"one\ntwo\n" + CUT
    printer = VirtualPrinter()
    printer.set_trouble(Trouble(die_after=at))
    connection = printer.connect()
    if printer.dies_now():
        printer.die()
    else:
        printer.receive(connection, job)
    expected = [line for end, line in ((6, "one"), (10, "two")) if at >= end]
    assert len(job) == 16
    assert connection.ended == "reset"
    assert bytes(connection.raw) == job[:at]
    assert [list(r.lines) for r in printer.receipts] == ([expected] if expected else [])
    assert [r.ended for r in printer.receipts] == (
        [] if not expected else ["full"] if at == len(job) else ["power"]
    )
    assert ask(printer, b"\x10\x04\x01") == b"\x12"


def test_paper_of_a_printer_without_a_knife_is_torn_off() -> None:
    printer = VirtualPrinter(tear_on_close=True)
    ask(printer, b"torn\n")
    ask(printer, b"half a li")
    assert [(r.lines, r.ended) for r in printer.receipts] == [(("torn",), "torn")]
    kept = VirtualPrinter()
    ask(kept, b"one\n")
    ask(kept, b"two\n")
    assert kept.receipts == []
    kept.tear()
    assert kept.receipts[0].lines == ("one", "two")


def test_a_full_buffer_takes_no_more() -> None:
    printer = VirtualPrinter(Model(buffer_bytes=100))
    printer.change(offline=True)
    connection: Connection = printer.connect()
    assert printer.room() == 100
    printer.receive(connection, b"x" * 100)
    assert printer.room() == 0
    printer.change(offline=False)
    assert printer.room() == 100
    printer.set_trouble(Trouble(never_read=True))
    assert printer.room() == 0
