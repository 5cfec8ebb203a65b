"""Real jobs to the virtual printer, over TCP and a serial line, with everything going wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from pos.devices import Drawer, Printer
from pos.hardware.asking import Manner
from pos.hardware.device_file import CharacterDevice, SerialLine
from pos.hardware.drawer import is_open, pulse
from pos.hardware.examining import examine
from pos.hardware.network import Network
from pos.hardware.receipt import receipt_bytes
from pos.hardware.sending import Abilities, Outcome, send
from pos.hardware.status import Status
from pos.hardware.transport import Transport
from pos.receiptline.layout import lay_out
from pos.receiptline.parse import parse
from pos.simulators.printer import PrinterServer, PtyLine, Trouble, VirtualPrinter

JOB = receipt_bytes(
    lay_out(parse('^^^荣华超市\n-\n"可口可乐" | ￥7.00\n{o:qrcode,3,l; c:42}'), 48), Printer()
).data
PATIENT = Manner(answer_seconds=3, job_seconds=6)
"""For a printer that answers, however busy this machine is."""
QUICK = Manner(answer_seconds=0.2, job_seconds=1)


@pytest.fixture
def server() -> Iterator[PrinterServer]:
    with PrinterServer(VirtualPrinter()) as server:
        yield server


def line_to(server: PrinterServer) -> Network:
    return Network(server.host, server.port, 2)


def given(line: Transport, job: bytes = JOB, manner: Manner = PATIENT, **keys: bool) -> Outcome:
    return send(job, line, manner, time.monotonic, flush=keys.get("flush", False))


def test_printed_once(server: PrinterServer) -> None:
    outcome = given(line_to(server))
    assert (outcome.state, outcome.reason) == ("printed", "")
    (receipt,) = server.printer.wait_for_receipts()
    assert receipt.faults == ()
    assert next(line.strip() for line in receipt.lines if line) == "荣华超市"
    assert [c.text for c in receipt.codes] == ["42"]


def test_killed_at_every_byte(server: PrinterServer) -> None:
    """Whatever is on the paper, what is said of it is true; what failed may be sent again."""
    talk = len(JOB) + 60
    printed, states = 0, set()
    for k in range(talk):
        server.printer.set_trouble(Trouble(die_after=k))
        before = whole(server)
        outcome = given(line_to(server))
        server.printer.set_trouble(Trouble())
        server.printer.wait_for_quiet(k + 1)
        came_out = whole(server) - before
        states.add(outcome.state)
        if outcome.state == "printed":
            assert came_out == 1, k
            printed += 1
        elif outcome.state == "failed":
            assert came_out == 0, k
            assert outcome.written == 0
            # FS & is the job's own: no question has it
            assert b"\x1c&" not in bytes(server.printer.connections[-1].raw)
        else:
            assert outcome.state == "uncertain", k
    assert states == {"printed", "failed", "uncertain"}
    assert printed < talk - len(JOB)


def whole(server: PrinterServer) -> int:
    return sum(receipt.ended == "partial" for receipt in server.printer.receipts)


def test_after_a_break_inside_a_picture_the_next_receipt_is_whole(server: PrinterServer) -> None:
    """A job of another till ended in the middle of a picture, and the printer stayed on."""
    broken = b"\x1b@\x1dv0\x00\x48\x00\x64\x00" + b"\xff" * 3000
    half = Network(server.host, server.port, 2)
    half.open()
    assert half.write(memoryview(broken), 1) == len(broken)
    half.close()
    outcome = given(line_to(server), manner=Manner(answer_seconds=0.25))
    assert outcome.state == "printed"
    receipts = server.printer.wait_for_receipts()
    assert next(line.strip() for line in receipts[-1].lines if line) == "荣华超市"


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("cover_open", "cover_open"),
        ("paper_end", "paper_out"),
        ("cutter_error", "cutter_error"),
        ("offline", "printer_offline"),
    ],
)
def test_states(server: PrinterServer, state: str, reason: str) -> None:
    server.printer.change(**{state: True})
    outcome = given(line_to(server))
    assert (outcome.state, outcome.reason, outcome.written) == ("failed", reason, 0)
    assert server.printer.receipts == []


def test_little_paper(server: PrinterServer) -> None:
    server.printer.change(paper_near_end=True)
    outcome = given(line_to(server))
    assert outcome.state == "printed"
    assert outcome.status.words == ("paper_low",)


@pytest.mark.parametrize("noise", [True, False])
def test_late_and_noisy(server: PrinterServer, noise: bool) -> None:
    server.printer.set_trouble(Trouble(noise=noise, late=0.05))
    assert given(line_to(server)).state == "printed"
    assert len(server.printer.wait_for_receipts()) == 1


@pytest.mark.parametrize(
    ("trouble", "state", "reason"),
    [
        (Trouble(refuse=True), "failed", "printer_refused"),
        (Trouble(close_at_once=True), "failed", "printer_closed"),
        (Trouble(silent=True), "sent", "printer_cannot_confirm"),
        (Trouble(wrong_status=True), "sent", "printer_cannot_confirm"),
    ],
)
def test_troubles(server: PrinterServer, trouble: Trouble, state: str, reason: str) -> None:
    server.printer.set_trouble(trouble)
    outcome = given(line_to(server), manner=QUICK)
    assert (outcome.state, outcome.reason) == (state, reason)


def test_paper_that_ends_in_the_middle_and_is_put_in(server: PrinterServer) -> None:
    server.printer.set_trouble(Trouble(paper_out_at=60, resume_after=0.4))
    outcome = given(line_to(server), manner=Manner(answer_seconds=0.3, job_seconds=8))
    assert outcome.state == "printed"
    assert len(server.printer.wait_for_receipts()) == 1


def test_paper_that_ends_in_the_middle_and_is_not_put_in(server: PrinterServer) -> None:
    server.printer.set_trouble(Trouble(paper_out_at=60))
    outcome = given(line_to(server), manner=Manner(answer_seconds=0.2, job_seconds=0.9))
    assert (outcome.state, outcome.reason) == ("uncertain", "paper_out")


def test_the_drawer_gets_one_whole_pulse(server: PrinterServer) -> None:
    drawer = Drawer(pin=5, on_ms=120, off_ms=240, open_signal="high")
    outcome = given(line_to(server), pulse(drawer))
    assert outcome.state == "printed"
    (kick,) = server.printer.kicks
    assert (kick.pin, kick.on_ms, kick.off_ms) == (5, 120, 240)


def test_a_drawer_on_a_printer_with_trouble_stays_shut(server: PrinterServer) -> None:
    server.printer.change(cover_open=True)
    assert given(line_to(server), pulse(Drawer())).reason == "cover_open"
    server.printer.change(cover_open=False)
    assert given(line_to(server)).state == "printed"
    assert server.printer.kicks == []


def test_the_pulse_has_the_units_of_the_printer() -> None:
    assert pulse(Drawer(pin=2, on_ms=100, off_ms=100)) == b"\x1bp\x00\x32\x32"
    assert pulse(Drawer(pin=5, on_ms=3, off_ms=510)) == b"\x1bp\x01\x02\xff"


@pytest.mark.parametrize(
    ("signal", "high", "found"),
    [("high", True, True), ("low", True, False), ("none", True, None), ("high", None, None)],
)
def test_whether_the_drawer_is_open(signal: str, high: bool | None, found: bool | None) -> None:
    drawer = Drawer(open_signal=signal)  # type: ignore[arg-type]
    assert is_open(Status(drawer_high=high), drawer) is found


@pytest.mark.parametrize("kind", [SerialLine, CharacterDevice])
def test_a_serial_line(kind: type) -> None:
    with PtyLine(VirtualPrinter()) as line:
        device = (
            SerialLine(line.device, 115_200) if kind is SerialLine else CharacterDevice(line.device)
        )
        outcome = given(device)
        assert outcome.state == "printed"
        (receipt,) = line.printer.wait_for_receipts()
        assert receipt.faults == ()
        # and again on the same line
        assert given(device).state == "printed"


def test_examining(server: PrinterServer) -> None:
    found = examine(line_to(server), PATIENT)
    assert (found.reason, found.answers, found.confirms, found.reports) == ("", True, True, True)
    assert (found.maker, found.model) == ("SIMULATOR", "VP-80")
    assert found.firmware == "1.00"
    assert found.status.online
    assert found.hint == ""
    assert server.printer.receipts == []
    server.printer.set_trouble(Trouble(silent=True))
    silent = examine(line_to(server), Manner(answer_seconds=0.05))
    assert (silent.answers, silent.hint) == (False, "hint_status_off")
    server.printer.set_trouble(Trouble(refuse=True))
    assert examine(line_to(server), QUICK).reason == "printer_refused"
    server.printer.set_trouble(Trouble(close_at_once=True))
    assert examine(line_to(server), QUICK).reason == "printer_closed"


def test_what_was_learned_is_kept(server: PrinterServer) -> None:
    first = given(line_to(server))
    assert first.abilities == Abilities(answers=True, confirms=True)
    server.printer.set_trouble(Trouble(silent=True))
    again = send(JOB, line_to(server), QUICK, time.monotonic, known=first.abilities)
    assert (again.state, again.reason) == ("failed", "printer_no_answer")
