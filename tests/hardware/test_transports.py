"""Lines to printers, and what they say when there is no printer at the other end."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos.devices import Printer, problems
from pos.hardware.asking import Manner
from pos.hardware.connect import line_to
from pos.hardware.device_file import CharacterDevice, SerialLine
from pos.hardware.handover import CupsQueue, Folder
from pos.hardware.network import Network
from pos.hardware.sending import Outcome, send
from pos.hardware.transport import Broken, Transport, Unreachable, where
from pos.hardware.usb import Usb

JOB = b"\x1b@\x1c&" + b"receipt\n" * 20 + b"\x1dV\x01"
QUICK = Manner(answer_seconds=0.1, job_seconds=0.4)


def given(line: Transport, job: bytes = JOB, manner: Manner = QUICK) -> Outcome:
    return send(job, line, manner, time.monotonic)


@pytest.mark.parametrize(
    ("printer", "kind", "told"),
    [
        (Printer(host="192.0.2.7"), Network, "192.0.2.7:9100"),
        (Printer(connection="usb", usb_vendor=0x416, usb_product=0x5011), Usb, "USB 0416:5011"),
        (Printer(connection="serial", device="/dev/ttyS9"), SerialLine, "/dev/ttyS9"),
        (Printer(connection="file", device="/dev/usb/lp9"), CharacterDevice, "/dev/usb/lp9"),
        (Printer(connection="cups", queue="kitchen"), CupsQueue, "CUPS kitchen"),
        (Printer(connection="virtual", folder="out"), Folder, "out"),
    ],
)
def test_the_line_a_section_names(printer: Printer, kind: type, told: str, tmp_path: Path) -> None:
    assert isinstance(line_to(printer, tmp_path), kind)
    assert where(printer) == told


def test_keys_that_are_missing() -> None:
    assert [p.values["key"] for p in problems("a", Printer())] == ["host"]
    assert [p.values["key"] for p in problems("a", Printer(connection="serial"))] == ["device"]
    assert problems("a", Printer(enabled=False)) == []
    assert problems("a", Printer(host="x", stand_in="b")) == []
    (own,) = problems("a", Printer(host="x", stand_in="a"))
    assert own.code == "printer_stands_in_for_itself"


# character devices and serial lines


@pytest.fixture
def pty() -> Iterator[tuple[int, str]]:
    near, far = os.openpty()
    tty.setraw(near)
    yield near, os.ttyname(far)
    os.close(near)
    os.close(far)


def lines(path: str) -> list[Transport]:
    return [SerialLine(path, 115_200), CharacterDevice(path)]


def test_a_line_nobody_reads(pty: tuple[int, str]) -> None:
    for line in lines(pty[1]):
        began = time.monotonic()
        outcome = given(line, JOB * 2000, Manner("off", job_seconds=0.3))
        assert (outcome.state, outcome.reason) == ("uncertain", "printer_write_timeout")
        assert 0 < outcome.written < outcome.size
        assert time.monotonic() - began < 3
        while len(os.read(pty[0], 65536)) == 65536:
            pass


def test_a_device_that_is_not_there(tmp_path: Path) -> None:
    for line in lines(str(tmp_path / "none")):
        outcome = given(line)
        assert (outcome.state, outcome.reason) == ("failed", "device_missing")
        assert outcome.values == {"where": str(tmp_path / "none")}


def test_a_file_is_no_device(tmp_path: Path) -> None:
    file = tmp_path / "lp0"
    file.write_bytes(b"kept")
    for line in lines(str(file)):
        outcome = given(line)
        assert (outcome.state, outcome.reason) == ("failed", "not_a_device")
    assert file.read_bytes() == b"kept"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_a_device_without_right(tmp_path: Path) -> None:
    assert given(SerialLine("/dev/mem", 9600)).reason in ("device_denied", "device_missing")


def test_a_serial_port_serves_one_program(pty: tuple[int, str]) -> None:
    first = SerialLine(pty[1], 9600)
    first.open()
    try:
        assert given(SerialLine(pty[1], 9600)).reason == "device_busy"
    finally:
        first.close()
    first.close()  # twice is as good as once


# the network


def test_unread_answers_do_not_reset_what_the_printer_still_reads() -> None:
    """A socket closed with bytes unread in it resets the line, and receipts are lost."""
    got = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                line.sendall(b"\x10\x00\x00\x0f" * 100)
                time.sleep(0.1)
                while data := line.recv(7):
                    got.extend(data)

        thread = threading.Thread(target=serve)
        thread.start()
        line = Network("127.0.0.1", server.getsockname()[1], 1)
        line.open()
        view = memoryview(JOB)
        while view:
            view = view[line.write(view, 1) :]
        line.close()
        thread.join(5)
    assert bytes(got) == JOB


def test_a_printer_that_hung_up_gets_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = Network("127.0.0.1", server.getsockname()[1], 1)
        line.open()
        other, _ = server.accept()
        other.close()
        with pytest.raises(Broken) as broken:
            line.write(memoryview(JOB), 1)
        assert (broken.value.code, broken.value.maybe) == ("printer_closed", False)
        line.close()


# USB


class FakeEndpoint:
    wMaxPacketSize = 64  # noqa: N815 - pyusb's name

    def __init__(self, address: int, kind: int = 2) -> None:
        self.bEndpointAddress = address
        self.bmAttributes = kind
        self.taken = bytearray()
        self.fail_at = -1
        self.error = errno.ETIMEDOUT

    def write(self, data: bytes, timeout: int) -> int:
        if 0 <= self.fail_at <= len(self.taken):
            raise OSError(self.error, "usb")
        self.taken += data
        return len(data)

    def read(self, size: int, timeout: int) -> bytes:
        raise OSError(errno.ETIMEDOUT, "usb")


class FakeInterface(list[FakeEndpoint]):
    def __init__(self, number: int, kind: int, ends: list[FakeEndpoint]) -> None:
        super().__init__(ends)
        self.bInterfaceNumber = number
        self.bInterfaceClass = kind


class FakeUsb(list[list[FakeInterface]]):
    idVendor, idProduct = 0x0416, 0x5011  # noqa: N815 - pyusb's names

    def __init__(self, *interfaces: FakeInterface, serial: str = "A1") -> None:
        super().__init__([list(interfaces)])
        self.serial_number = serial
        self.driver = True
        self.calls: list[str] = []

    def is_kernel_driver_active(self, number: int) -> bool:
        return self.driver

    def detach_kernel_driver(self, number: int) -> None:
        self.calls.append(f"detach {number}")

    def attach_kernel_driver(self, number: int) -> None:
        self.calls.append(f"attach {number}")


@pytest.fixture(autouse=True)
def claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "pos.hardware.usb._claim_interface", lambda d, n: d.calls.append(f"claim {n}")
    )
    monkeypatch.setattr("pos.hardware.usb._release", lambda d, n: d.calls.append(f"release {n}"))


def usb_printer() -> tuple[FakeUsb, FakeEndpoint]:
    out = FakeEndpoint(0x03)
    ends = [FakeEndpoint(0x84, 3), FakeEndpoint(0x81), out]
    keyboard = FakeInterface(0, 3, [FakeEndpoint(0x82, 3)])
    return FakeUsb(keyboard, FakeInterface(1, 7, ends)), out


def found(*devices: FakeUsb) -> Any:
    return lambda: list(devices)


def test_usb_finds_its_endpoints_and_puts_the_driver_back() -> None:
    device, out = usb_printer()
    outcome = given(Usb(find=found(device)))
    assert outcome.state == "sent"
    assert bytes(out.taken).endswith(JOB + b"\x1dr\x01")
    assert device.calls == ["detach 1", "claim 1", "release 1", "attach 1"]


def test_usb_of_a_vendor_class_is_taken_where_it_is_named() -> None:
    out = FakeEndpoint(0x02)
    device = FakeUsb(FakeInterface(0, 255, [out]))
    assert given(Usb(find=found(device))).reason == "device_missing"
    assert given(Usb(0x0416, 0x5011, find=found(device))).state == "sent"
    assert bytes(out.taken) == JOB  # no way back: nothing is asked


def test_usb_writes_that_fail_may_have_arrived() -> None:
    device, out = usb_printer()
    out.fail_at = 0
    manner = Manner("off", job_seconds=0.3)
    outcome = given(Usb(find=found(device)), manner=manner)
    assert (outcome.state, outcome.reason) == ("uncertain", "printer_write_timeout")
    out.error = errno.ENODEV
    assert given(Usb(find=found(device)), manner=manner).reason == "device_missing"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (Usb(find=found()), "device_missing"),
        (Usb(0x0416, 0x9999, find=found(usb_printer()[0])), "device_missing"),
        (Usb(serial="B2", find=found(usb_printer()[0])), "device_missing"),
        (Usb(find=found(usb_printer()[0], usb_printer()[0])), "usb_several"),
        (Usb(0x0416, find=found(FakeUsb(FakeInterface(0, 7, [])))), "usb_no_endpoint"),
    ],
)
def test_usb_that_does_not_open(line: Usb, reason: str) -> None:
    outcome = given(line)
    assert (outcome.state, outcome.reason) == ("failed", reason)


def test_usb_that_another_program_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(device: FakeUsb, number: int) -> None:
        raise OSError(errno.EBUSY, "busy")

    monkeypatch.setattr("pos.hardware.usb._claim_interface", busy)
    device, _ = usb_printer()
    assert given(Usb(find=found(device))).reason == "device_busy"
    assert device.calls[-1] == "attach 1"


# CUPS and folders


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands `lp` and `lpstat` that do what files beside them say."""
    tools = tmp_path / "bin"
    tools.mkdir()
    script(tools / "lpstat", 'test "$2" = kitchen || exit 1; cat "$0.says"')
    (tools / "lpstat.says").write_text("kitchen accepting requests since now\n")
    script(tools / "lp", 'echo "$@" > "$0.args"; cat > "$0.got"; exit $(cat "$0.code")')
    (tools / "lp.code").write_text("0")
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    return tools


def script(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def test_cups_takes_a_raw_job(cups: Path) -> None:
    outcome = given(CupsQueue("kitchen"))
    assert (outcome.state, outcome.reason) == ("sent", "printer_cannot_confirm")
    assert (cups / "lp.got").read_bytes() == JOB
    assert (cups / "lp.args").read_text().split()[:4] == ["-d", "kitchen", "-o", "raw"]


def test_cups_that_does_not_take_it(cups: Path) -> None:
    assert given(CupsQueue("bar")).reason == "queue_unknown"
    assert given(CupsQueue("-x")).reason == "queue_unknown"
    (cups / "lpstat.says").write_text("kitchen not accepting requests since now\n")
    refused = given(CupsQueue("kitchen"))
    assert (refused.state, refused.reason) == ("failed", "queue_refused")
    (cups / "lpstat.says").write_text("kitchen accepting requests\n")
    (cups / "lp.code").write_text("1")
    assert given(CupsQueue("kitchen")).state == "uncertain"
    script(cups / "lp", "exec sleep 20")
    slow = given(CupsQueue("kitchen"))
    assert (slow.state, slow.reason) == ("uncertain", "printer_write_timeout")


def test_no_cups_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert given(CupsQueue("kitchen")).reason == "cups_missing"


def test_a_folder_keeps_every_job(tmp_path: Path) -> None:
    folder = tmp_path / "printed" / "here"
    for number in range(3):
        assert given(Folder(folder), JOB + bytes([number])).state == "printed"
    kept = sorted(folder.iterdir())
    assert [file.read_bytes()[-1] for file in kept] == [0, 1, 2]
    assert all(file.suffix == ".bin" for file in kept)


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = given(Folder(tmp_path / "file" / "sub"))
    assert (outcome.state, outcome.reason) == ("failed", "folder_unwritable")
    folder = Folder(tmp_path / "gone")
    folder.open()
    (tmp_path / "gone").rmdir()
    with pytest.raises(Broken):
        folder.write(memoryview(JOB), 1)


def test_reading_where_nothing_comes_back(tmp_path: Path) -> None:
    for line in (Folder(tmp_path), CupsQueue("x")):
        assert line.read(0.0) == b""
        assert line.finish(0.0)
        line.close()
    assert Usb(find=found()).read(0.0) == b""


def test_unreachable_names_its_place() -> None:
    with pytest.raises(Unreachable) as caught:
        CharacterDevice("/nowhere/lp0").open()
    assert caught.value.values == {"where": "/nowhere/lp0"}
