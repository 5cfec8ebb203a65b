"""What becomes of a job is what can be proved: a byte that may have arrived is never 'failed'."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field

import pytest

from pos.devices import Printer
from pos.hardware.asking import Manner, manner_of
from pos.hardware.network import Network
from pos.hardware.sending import FLUSH, Abilities, Outcome, send
from pos.hardware.transport import Broken, Unreachable
from tests.hardware.printers import FakePrinter, printer, settle

JOB = b"\x1c&" + "合计 ￥12.50\n".encode("gbk") * 4 + b"\x1bd\x04\x1dV\x01"
QUICK = Manner(answer_seconds=0.15, job_seconds=0.6)
"""For printers of which no answer is expected."""
PATIENT = Manner(answer_seconds=3, job_seconds=6)
"""For printers that answer, however busy this machine is."""


def given(
    fake: FakePrinter,
    manner: Manner = PATIENT,
    *,
    known: Abilities = Abilities(),  # noqa: B008 - frozen
    flush: bool = False,
    job: bytes = JOB,
) -> Outcome:
    line = Network("127.0.0.1", fake.port, 2)
    return send(job, line, manner, time.monotonic, known=known, flush=flush)


def test_a_printer_that_answers_has_printed() -> None:
    with printer() as fake:
        outcome = given(fake)
    assert (outcome.state, outcome.reason) == ("printed", "")
    assert outcome.written == outcome.size == len(JOB)
    assert outcome.abilities == Abilities(answers=True, confirms=True)
    assert bytes(fake.paper.job) == JOB
    assert fake.paper.connections == 1
    assert outcome.status.online is True
    assert outcome.status.paper_out is False


def test_the_question_with_an_id_is_understood_too() -> None:
    with printer() as fake:
        outcome = given(fake, Manner(confirm="gs_h", answer_seconds=3, job_seconds=6))
    assert outcome.state == "printed"


def test_a_printer_that_never_answers_has_been_sent_all() -> None:
    with printer(answers=frozenset()) as fake:
        outcome = given(fake, QUICK)
        settle(fake, len(JOB))
    assert (outcome.state, outcome.reason) == ("sent", "printer_cannot_confirm")
    assert bytes(fake.paper.job) == JOB
    assert outcome.abilities == Abilities()


def test_a_printer_that_answers_only_in_real_time_has_been_sent_all_and_is_known() -> None:
    with printer(answers=frozenset({"dle"})) as fake:
        outcome = given(fake, QUICK)
        settle(fake, len(JOB))
        assert outcome.state == "sent"
        assert outcome.abilities == Abilities(answers=True, confirms=False)
        asked = len(fake.paper.received)
        again = given(fake, QUICK, known=outcome.abilities)
        settle(fake, 2 * len(JOB))
    assert again.state == "sent"
    # known for not answering, it is not fed NULs again
    assert len(fake.paper.received) - asked < len(JOB) + 50


def test_with_status_off_nothing_is_asked() -> None:
    with printer() as fake:
        outcome = given(fake, Manner(status="off", job_seconds=0.6))
        settle(fake, len(JOB))
    assert outcome.state == "sent"
    assert bytes(fake.paper.received) == JOB


@pytest.mark.parametrize(
    ("number", "byte", "reason"),
    [(2, 0x16, "cover_open"), (3, 0x1A, "cutter_error"), (3, 0x32, "printer_error"),
     (4, 0x72, "paper_out"), (2, 0x32, "paper_out"), (2, 0x12, "printer_offline")],
)  # fmt: skip
def test_trouble_before_the_job_sends_nothing(number: int, byte: int, reason: str) -> None:
    status = {1: 0x1A, 2: 0x12, 3: 0x12, 4: 0x12, number: byte}
    with printer(status=status) as fake:
        outcome = given(fake)
    assert (outcome.state, outcome.reason, outcome.written) == ("failed", reason, 0)
    assert not fake.paper.job


def test_little_paper_is_told_and_prints() -> None:
    with printer(status={1: 0x12, 2: 0x12, 3: 0x12, 4: 0x1E}) as fake:
        outcome = given(fake)
    assert outcome.state == "printed"
    assert outcome.status.words == ("paper_low",)


def test_a_printer_that_ran_out_at_the_end_is_looked_at() -> None:
    with printer(sensor=0x0C) as fake:
        outcome = given(fake)
    assert (outcome.state, outcome.reason) == ("uncertain", "paper_out")


def test_silence_of_a_printer_that_has_answered_before_sends_nothing() -> None:
    with printer(answers=frozenset()) as fake:
        outcome = given(fake, QUICK, known=Abilities(answers=True, confirms=True))
        assert (outcome.state, outcome.reason) == ("failed", "printer_no_answer")
        strict = given(fake, Manner(status="on", answer_seconds=0.1, job_seconds=0.6))
    assert (strict.state, strict.reason) == ("failed", "printer_no_answer")
    assert not fake.paper.job


def test_a_printer_that_stops_confirming_is_busy_and_gets_nothing() -> None:
    with printer(answers=frozenset({"dle"})) as fake:
        outcome = given(fake, QUICK, known=Abilities(answers=True, confirms=True))
    assert (outcome.state, outcome.reason) == ("failed", "printer_busy")
    assert not fake.paper.job


def test_late_answers_are_waited_for() -> None:
    with printer(late=0.05) as fake:
        outcome = given(fake)
    assert outcome.state == "printed"
    assert bytes(fake.paper.job) == JOB


@pytest.mark.parametrize(
    "noise", [b"\x10\x00\x00\x0f", b"\x14\x00", b"\x11\x13", b"\x10\x00\x00\x0f" * 9, b"\x00\x00"]
)
def test_status_blocks_between_the_answers_confuse_nothing(noise: bytes) -> None:
    with printer(noise=noise) as fake:
        outcome = given(fake)
    assert outcome.state == "printed"
    assert bytes(fake.paper.job) == JOB


def test_a_block_of_trouble_that_comes_by_itself_is_heard() -> None:
    # offline, cover open; it answers nothing else
    with printer(answers=frozenset(), noise=b"\x38\x00\x00\x0f") as fake:
        outcome = given(fake, Manner(answer_seconds=0.4))
    assert (outcome.state, outcome.reason) == ("failed", "cover_open")
    assert not fake.paper.job


def test_nobody_listens_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    outcome = send(JOB, Network("127.0.0.1", port, 1), QUICK, time.monotonic)
    assert (outcome.state, outcome.reason) == ("failed", "printer_refused")
    assert outcome.values["where"] == f"127.0.0.1:{port}"


def test_a_name_nobody_knows() -> None:
    outcome = send(JOB, Network("no such host.invalid", 9100, 1), QUICK, time.monotonic)
    assert (outcome.state, outcome.reason) == ("failed", "printer_host_unknown")


def test_a_printer_that_takes_the_connection_and_closes_it() -> None:
    with printer(close_at_once=True) as fake:
        outcome = given(fake)
    assert (outcome.state, outcome.reason) == ("failed", "printer_closed")


@pytest.mark.parametrize("status", ["auto", "off"])
def test_a_printer_that_never_reads(status: str) -> None:
    big = JOB * 200_000
    manner = Manner(status, answer_seconds=0.1, job_seconds=0.15)  # type: ignore[arg-type]
    with printer(deaf=True) as fake:
        began = time.monotonic()
        outcome = given(fake, manner, job=big)
        took = time.monotonic() - began
    assert (outcome.state, outcome.reason) == ("uncertain", "printer_write_timeout")
    assert 0 < outcome.written < len(big)
    assert took < 3


def test_a_slow_printer_is_given_its_time() -> None:
    with printer(slow=0.02) as fake:
        outcome = given(fake, Manner(answer_seconds=3, job_seconds=9))
    assert outcome.state == "printed"


@pytest.mark.parametrize("by_reset", [True, False], ids=["reset", "closed"])
@pytest.mark.parametrize("status", ["auto", "off"])
def test_a_printer_killed_at_every_byte(by_reset: bool, status: str) -> None:
    """Never `failed` with a byte of the job arrived, never `printed` without its last one."""
    manner = Manner(status, answer_seconds=3, job_seconds=6)  # type: ignore[arg-type]
    with printer() as fake:
        assert given(fake, manner).state in ("printed", "sent")
        settle(fake, len(JOB))
        total = len(fake.paper.received)
    states = set()
    for k in range(total + 1):
        with printer(die_after=k, die_by_reset=by_reset) as fake:
            outcome = given(fake, manner)
            states.add(outcome.state)
        if outcome.state == "failed":
            assert not fake.paper.job, k
            assert outcome.written == 0
        if outcome.state == "printed":
            assert bytes(fake.paper.job) == JOB, k
        if outcome.state == "sent":
            # of a printer that never answers it is only known that it took the last byte
            assert outcome.written == len(JOB)
            assert len(fake.paper.received) >= len(JOB) - 1, k
    assert states >= {"uncertain", "printed" if status == "auto" else "uncertain"}


def test_a_printer_inside_a_broken_picture_is_woken_first() -> None:
    with printer(swallow=5000) as fake:
        outcome = given(fake, Manner(answer_seconds=0.4))
    assert outcome.state == "printed"
    assert bytes(fake.paper.job) == JOB


def test_after_an_uncertain_job_the_printer_is_flushed_at_once() -> None:
    with printer(swallow=5000) as fake:
        outcome = given(fake, flush=True)
        assert outcome.state == "printed"
        assert fake.paper.received.count(FLUSH) == 1
    assert bytes(fake.paper.job) == JOB


def test_the_manner_of_a_section() -> None:
    manner = manner_of(Printer(answer_ms=250, job_seconds=7, status="on", confirm="gs_h"))
    assert manner == Manner("on", "gs_h", 0.25, 7.0)


@dataclass
class Line:
    """A line that takes so many bytes a write, and breaks where it is told to."""

    step: int = 7
    break_at: int = -1
    maybe: bool = False
    two_way: bool = False
    keeps: bool = False
    finishes: bool = True
    absent: str = ""
    taken: bytearray = field(default_factory=bytearray)
    closed: int = 0

    def open(self) -> None:
        if self.absent:
            raise Unreachable(self.absent, where="line")

    def write(self, data: memoryview, seconds: float) -> int:
        if 0 <= self.break_at <= len(self.taken):
            raise Broken("device_io_error", maybe=self.maybe)
        piece = data[: self.step]
        self.taken += piece
        return len(piece)

    def read(self, seconds: float) -> bytes:
        return b""

    def finish(self, seconds: float) -> bool:
        return self.finishes

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize(
    ("line", "state", "reason"),
    [
        (Line(), "sent", "printer_cannot_confirm"),
        (Line(keeps=True), "printed", ""),
        (Line(finishes=False), "uncertain", "printer_write_timeout"),
        (Line(break_at=0), "failed", "device_io_error"),
        (Line(break_at=0, maybe=True), "uncertain", "device_io_error"),
        (Line(break_at=1), "uncertain", "device_io_error"),
        (Line(step=0), "failed", "printer_write_timeout"),
    ],
)
def test_one_way_lines(line: Line, state: str, reason: str) -> None:
    outcome = send(JOB, line, QUICK, time.monotonic, flush=True)
    assert (outcome.state, outcome.reason) == (state, reason)
    assert outcome.written == len(line.taken)
    assert line.closed == 1


def test_a_line_that_does_not_open_is_not_closed() -> None:
    line = Line(absent="device_missing")
    outcome = send(JOB, line, QUICK, time.monotonic)
    assert (outcome.state, outcome.reason, line.closed) == ("failed", "device_missing", 0)
