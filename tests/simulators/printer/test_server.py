"""The printer on TCP, and each fault as a sender meets it."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.simulators.printer import Folder, PrinterServer, Trouble, VirtualPrinter
from pos.simulators.printer.fonts import NoFontError, find_font
from tests.simulators.printer.papers import CUT, HANZI, INIT, gb

JOB = INIT + HANZI + gb("可口可乐 3.50\n") + CUT + b"\x1dr\x01"


@pytest.fixture
def server() -> Iterator[PrinterServer]:
    with PrinterServer(VirtualPrinter()) as server:
        yield server


def dial(server: PrinterServer) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=5)


def send(server: PrinterServer, data: bytes, answer: int = 1) -> bytes:
    """Sends, waits for so many bytes of answer, closes."""
    got = b""
    with dial(server) as line:
        line.sendall(data)
        while len(got) < answer and (piece := line.recv(100)):
            got += piece
    return got


def test_receipts_one_connection_after_another(server: PrinterServer) -> None:
    for count in (1, 2, 3):
        assert send(server, JOB) == b"\0"
        receipts = server.printer.wait_for_receipts(count)
        assert receipts[-1].lines == ("可口可乐 3.50",)
    server.printer.wait_for_quiet(3)
    assert [(bytes(c.raw), bytes(c.answers), c.ended) for c in server.printer.connections] == [
        (JOB, b"\0", "peer")
    ] * 3
    assert [len(c.receipts) for c in server.printer.connections] == [1, 1, 1]


def test_a_second_sender_waits_for_the_first(server: PrinterServer) -> None:
    with dial(server) as first, dial(server) as second:
        second.sendall(JOB)
        first.sendall(INIT + b"first ")
        first.sendall(b"alone\n" + CUT + b"\x1dr\x01")
        assert first.recv(1) == b"\0"
        assert len(server.printer.connections) == 1
        first.close()
        assert second.recv(1) == b"\0"
    assert [r.lines[0] for r in server.printer.receipts] == ["first alone", "可口可乐 3.50"]


def test_a_sender_that_closes_its_side_still_gets_the_answer(server: PrinterServer) -> None:
    server.printer.set_trouble(Trouble(late=0.05))
    with dial(server) as line:
        line.sendall(JOB)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(1) == b"\0"
        assert line.recv(1) == b""


def test_refused_and_back(server: PrinterServer) -> None:
    server.printer.set_trouble(Trouble(refuse=True))
    with pytest.raises(ConnectionRefusedError):
        send(server, JOB)
    server.printer.set_trouble(Trouble())
    assert send(server, JOB) == b"\0"


def test_accepted_and_closed(server: PrinterServer) -> None:
    server.printer.set_trouble(Trouble(close_at_once=True))
    with dial(server) as line, contextlib.suppress(ConnectionResetError):
        assert line.recv(1) == b""
    server.printer.wait_for_quiet()
    assert [c.ended for c in server.printer.connections] == ["closed"]


def test_never_read(server: PrinterServer) -> None:
    server.printer.set_trouble(Trouble(never_read=True))
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    line.settimeout(0.3)
    with line:
        line.connect((server.host, server.port))
        with pytest.raises(TimeoutError):
            line.sendall(b"x" * 1_000_000)
    assert len(server.printer.connections[0].raw) == 0
    server.printer.power_cycle()
    server.printer.wait_for_quiet()
    server.printer.set_trouble(Trouble())
    assert send(server, JOB) == b"\0"
    assert [r.lines for r in server.printer.receipts] == [("可口可乐 3.50",)]


def test_slow(server: PrinterServer) -> None:
    server.printer.set_trouble(Trouble(slow=200))
    started = time.monotonic()
    assert send(server, INIT + b"x" * 36 + b"\n" + CUT + b"\x1dr\x01") == b"\0"
    assert 0.15 < time.monotonic() - started < 2


def test_death_resets_the_connection_and_keeps_the_paper(server: PrinterServer) -> None:
    job = INIT + b"one\ntwo\n" + CUT + b"\x1dr\x01"
    server.printer.set_trouble(Trouble(die_after=8))
    with pytest.raises(ConnectionResetError):
        assert send(server, job) == b"a reset"
    server.printer.wait_for_quiet()
    (torn,) = server.printer.receipts
    assert (torn.lines, torn.ended, torn.raw) == (("one",), "power", job[:8])
    assert send(server, job) == b"\0"
    assert server.printer.receipts[1].lines == ("one", "two")


def test_death_for_good(server: PrinterServer) -> None:
    server.printer.set_trouble(Trouble(die_after=0, stay_dead=True))
    with pytest.raises(ConnectionResetError):
        assert send(server, b"") == b"a reset"
    with pytest.raises(ConnectionRefusedError):
        send(server, JOB)
    server.printer.set_trouble(Trouble())
    assert send(server, JOB) == b"\0"


def test_cover_open_holds_the_job_and_closing_it_prints(server: PrinterServer) -> None:
    server.printer.change(cover_open=True)
    with dial(server) as line:
        line.sendall(b"\x10\x04\x02" + JOB)
        assert line.recv(1) == b"\x16"
        line.settimeout(0.1)
        with pytest.raises(TimeoutError):
            line.recv(1)
        line.settimeout(5)
        server.printer.change(cover_open=False)
        assert line.recv(1) == b"\0"


def test_a_job_left_in_an_open_printer_prints_later(server: PrinterServer) -> None:
    """The trap of every till: the sender gave up, the paper comes all the same."""
    server.printer.change(cover_open=True)
    send(server, JOB, answer=0)
    server.printer.wait_for_quiet()
    assert server.printer.receipts == []
    server.printer.change(cover_open=False)
    assert len(server.printer.wait_for_receipts(1)) == 1


def test_paper_out_at_a_byte_and_new_paper(server: PrinterServer) -> None:
    server.printer.set_trouble(Trouble(paper_out_at=6))
    with dial(server) as line:
        line.sendall(b"\x1da\xff")
        assert line.recv(4).hex() == "1000000f"
        line.sendall(JOB)
        assert line.recv(4).hex() == "18000f0f"
        server.printer.load_paper()
        assert line.recv(4).hex() == "1000000f"
        assert line.recv(1) == b"\0"
    assert server.printer.receipts[0].lines == ("可口可乐 3.50",)


def test_paper_that_is_put_in_after_a_while(server: PrinterServer) -> None:
    server.printer.set_trouble(Trouble(paper_out_at=6, resume_after=0.1))
    assert send(server, JOB) == b"\0"


def test_a_change_is_told_while_nothing_is_sent(server: PrinterServer) -> None:
    with dial(server) as line:
        line.sendall(b"\x1da\xff")
        assert line.recv(4).hex() == "1000000f"
        server.printer.change(cover_open=True)
        assert line.recv(4).hex() == "3800000f"


def test_closing_ends_what_is_open_and_frees_the_port() -> None:
    server = PrinterServer(VirtualPrinter())
    with dial(server) as line:
        line.sendall(b"\x10\x04\x01")
        assert line.recv(1) == b"\x12"
        server.close()
        assert line.recv(1) == b""
    server.close()
    again = PrinterServer(VirtualPrinter(), server.port)
    with pytest.raises(OSError, match=r"(?i)in use|address"):
        PrinterServer(VirtualPrinter(), again.port)
    again.close()


def test_a_folder_keeps_everything(tmp_path: Path) -> None:
    for turn in (1, 2):
        folder = Folder(tmp_path / "paper")
        with PrinterServer(VirtualPrinter(folder=folder)) as server:
            send(server, JOB)
            server.printer.wait_for_quiet()
        folder.close()
        kept = {path.name for path in (tmp_path / "paper").iterdir()}
        name = f"receipt-{turn:04d}"
        assert {f"{name}.txt", f"{name}.bin", f"{name}.json", "last.txt"} <= kept
        assert f"connection-{turn:04d}.bin" in kept
        assert (tmp_path / "paper" / f"connection-{turn:04d}.bin").read_bytes() == JOB
        assert (tmp_path / "paper" / f"{name}.txt").read_text("utf-8") == "可口可乐 3.50\n"
    try:
        find_font()
    except NoFontError:
        assert folder.complaint is not None
        return
    assert folder.complaint is None
    assert (tmp_path / "paper" / "last.png").read_bytes() == (
        tmp_path / "paper" / "receipt-0002.png"
    ).read_bytes()


def test_a_folder_without_a_font_keeps_the_text(tmp_path: Path) -> None:
    folder = Folder(tmp_path, tmp_path / "none.ttf")
    printer = VirtualPrinter(folder=folder)
    connection = printer.connect()
    printer.receive(connection, JOB)
    printer.disconnect(connection, "peer")
    folder.close()
    assert (tmp_path / "last.txt").exists()
    assert not (tmp_path / "last.png").exists()
    assert folder.complaint is not None
    assert "none.ttf" in folder.complaint


def test_waiting_in_vain() -> None:
    printer = VirtualPrinter()
    with pytest.raises(TimeoutError, match="0 of 1"):
        printer.wait_for_receipts(1, timeout=0.01)
    with pytest.raises(TimeoutError):
        printer.wait_for_quiet(1, timeout=0.01)
