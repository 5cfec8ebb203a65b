"""What the customer sees, byte for byte, and that nobody waits for it."""

from __future__ import annotations

import os
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.devices import Display
from pos.hardware.display import CustomerDisplay, Shown, What, frame

LED = Display(True)
VFD = Display(True, protocol="vfd", welcome="HELLO")


@pytest.mark.parametrize(
    ("shown", "data"),
    [
        (Shown("price", 350), b"\x1bQA3.50\r\x1bs1"),
        (Shown("total", 123456), b"\x1bQA1234.56\r\x1bs2"),
        (Shown("paid", 20000), b"\x1bQA200.00\r\x1bs3"),
        (Shown("change", 5), b"\x1bQA0.05\r\x1bs4"),
        (Shown("total", -350), b"\x1bQA-3.50\r\x1bs2"),
        (Shown("total", 99999999), b"\x1bQA999999.99\r\x1bs2"),
        (Shown("total", 999999999), b"\x1bQA--------\r\x1bs2"),
        (Shown("clear"), b"\x0c\x1bs0"),
    ],
)
def test_eight_digits(shown: Shown, data: bytes) -> None:
    assert frame(LED, shown) == data


def test_lamps_are_numbered_as_the_display_wants() -> None:
    assert frame(Display(True, lamp="binary"), Shown("total", 1)).endswith(b"\x1bs\x02")
    assert frame(Display(True, lamp="none"), Shown("total", 1)) == b"\x1bQA0.01\r"


@pytest.mark.parametrize("what", ["price", "total", "paid", "change"])
def test_two_lines_of_twenty(what: What) -> None:
    data = frame(VFD, Shown(what, 123456, "500ml x 2 可乐\x1b\x0c"))
    assert data.startswith(b"\x1bQA500ml x 2".ljust(23) + b"\r\x1bQB")
    lower = data.split(b"\x1bQB")[1].removesuffix(b"\r").decode()
    assert len(lower) == 20
    assert lower.endswith("1234.56")
    assert lower.startswith(what.upper())
    assert data.count(b"\x1b") == 2


def test_between_customers() -> None:
    assert frame(VFD, Shown("clear")) == b"\x0c\x1bQA" + b"HELLO".center(20) + b"\r"
    assert len(frame(VFD, Shown("total", 10**9, "x" * 99)).split(b"\r")[0]) == 23


@pytest.fixture
def pty() -> Iterator[tuple[int, str]]:
    near, far = os.openpty()
    tty.setraw(near)
    os.set_blocking(near, False)
    yield near, os.ttyname(far)
    os.close(near)
    os.close(far)


def read_until(fd: int, end: bytes) -> bytes:
    data = b""
    limit = time.monotonic() + 5
    while not data.endswith(end) and time.monotonic() < limit:
        try:
            data += os.read(fd, 4096)
        except BlockingIOError:
            time.sleep(0.005)
    return data


def test_the_thread_shows_the_newest(pty: tuple[int, str]) -> None:
    told: list[str] = []
    display = CustomerDisplay(Display(True, pty[1]), told.append)
    display.start()
    try:
        for fen in range(100):
            display.show(Shown("total", fen))
        data = read_until(pty[0], b"\x1bQA0.99\r\x1bs2")
    finally:
        assert display.stop()
    assert data.endswith(b"\x1bQA0.99\r\x1bs2")
    assert told == [""]


def test_a_display_that_is_away_holds_nobody_up_and_comes_back(
    pty: tuple[int, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos.hardware.display._AGAIN_SECONDS", 0.03)
    link = tmp_path / "display"
    told: list[str] = []
    news = threading.Event()

    def change(reason: str) -> None:
        told.append(reason)
        news.set()

    display = CustomerDisplay(Display(True, str(link)), change)
    display.start()
    try:
        began = time.monotonic()
        display.show(Shown("total", 777))
        assert time.monotonic() - began < 0.5
        assert news.wait(5)
        link.symlink_to(pty[1])
        assert read_until(pty[0], b"\x1bQA7.77\r\x1bs2")
    finally:
        assert display.stop()
    assert told == ["device_missing", ""]
