"""The printer on a serial line and behind a FIFO."""

from __future__ import annotations

import os
import select
import stat
import sys
from pathlib import Path

import pytest

from pos.simulators.printer import FifoLine, PtyLine, Trouble, VirtualPrinter
from tests.simulators.printer.papers import CUT, INIT

if sys.platform == "win32":
    pytest.skip("no pseudo terminals", allow_module_level=True)

JOB = INIT + bytes(range(0x20, 0x7F))[:40] + b"\r\n" + CUT + b"\x1dr\x01"


def answer(descriptor: int, count: int) -> bytes:
    """So many bytes, or what came within five seconds."""
    got = b""
    while len(got) < count and select.select([descriptor], [], [], 5)[0]:
        got += os.read(descriptor, count - len(got))
    return got


def test_a_serial_line() -> None:
    printer = VirtualPrinter()
    with PtyLine(printer) as line:
        assert stat.S_ISCHR(os.stat(line.device).st_mode)
        for count in (1, 2):
            port = os.open(line.device, os.O_RDWR | os.O_NOCTTY)
            try:
                os.write(port, b"\x10\x04\x01" + JOB)
                assert answer(port, 2) == b"\x12\0"
            finally:
                os.close(port)
            assert len(printer.wait_for_receipts(count)) == count
    assert printer.receipts[0].lines[0].startswith(" !\"#$%&'()*+")


def test_a_serial_line_that_dies_in_the_middle() -> None:
    printer = VirtualPrinter()
    printer.set_trouble(Trouble(die_after=len(JOB) - 4))
    with PtyLine(printer) as line:
        port = os.open(line.device, os.O_RDWR | os.O_NOCTTY)
        try:
            os.write(port, JOB)
            assert printer.wait_for_receipts(1)[0].ended in ("power", "full")
            assert printer.wait(lambda p: len(p.connections) == 2)
            os.write(port, JOB)
            assert answer(port, 1) == b"\0"
        finally:
            os.close(port)


def test_a_fifo(tmp_path: Path) -> None:
    printer = VirtualPrinter()
    with FifoLine(printer, tmp_path / "lp0") as line:
        for count in (1, 2):
            with line.path.open("wb", buffering=0) as port:
                port.write(JOB)
            assert len(printer.wait_for_receipts(count)) == count
    assert not line.path.exists()
    with pytest.raises(FileExistsError):
        FifoLine(printer, tmp_path)


def test_a_line_out_of_order_reads_nothing_until_it_works(tmp_path: Path) -> None:
    printer = VirtualPrinter()
    printer.set_trouble(Trouble(refuse=True))
    with FifoLine(printer, tmp_path / "lp0") as line:
        with line.path.open("wb", buffering=0) as port:
            port.write(JOB)
        assert printer.connections == []
        printer.set_trouble(Trouble())
        assert len(printer.wait_for_receipts(1)) == 1
