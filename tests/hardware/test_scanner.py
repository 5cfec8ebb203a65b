"""Scanners on lines and input devices: whole codes, in order, and nothing glued or lost."""

from __future__ import annotations

import os
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pos.devices import Scanner
from pos.hardware.assembling import MOST, Assembler, Noise, Scan
from pos.hardware.keystrokes import EVENT, PLAIN, SHIFTED, Keyboard, Lost
from pos.hardware.scanner import InputDevice, Listener, SerialSource, watch_lines
from pos.hardware.transport import Unreachable

SYN, KEY = 0, 1
CODES = {char: code for code, char in PLAIN.items()}
SHIFTS = {char: code for code, char in SHIFTED.items() if char not in CODES}


def key(code: int, value: int) -> bytes:
    return EVENT.pack(1, 2, KEY, code, value) + EVENT.pack(1, 2, SYN, 0, 0)


def tap(code: int) -> bytes:
    return key(code, 1) + key(code, 0)


def typed(text: str, end: int = 28) -> bytes:
    events = b""
    for char in text:
        if char in CODES:
            events += tap(CODES[char])
        else:
            events += key(42, 1) + tap(SHIFTS[char]) + key(42, 0)
    return events + (tap(end) if end else b"")


@pytest.mark.parametrize(
    "text", ["6901234567892", "]C1(01)AbZ-._/:+%$*", "!@#$^&_={}[]|;\"'<>?,~`\\ z", "0123456789"]
)
def test_keys_become_what_was_typed(text: str) -> None:
    assert "".join(Keyboard().feed(typed(text))) == text + "enter"


def test_other_ways_to_type() -> None:
    keypad = b"".join(tap(c) for c in (82, 79, 80, 81, 75, 76, 77, 71, 72, 73, 83))
    assert "".join(Keyboard().feed(keypad)) == "0123456789."
    caps = tap(58) + typed("a1", 0) + key(54, 1) + tap(30) + key(54, 0)
    assert "".join(Keyboard().feed(caps)) == "A1a"
    fnc1 = key(29, 1) + tap(27) + tap(30) + key(29, 0)
    assert "".join(Keyboard().feed(fnc1)) == "\x1d"
    alt = key(56, 1) + tap(82) + tap(77) + tap(76) + key(56, 0) + key(56, 1) + key(56, 0)
    assert "".join(Keyboard().feed(alt)) == "A"
    repeated = key(30, 1) + key(30, 2) + key(30, 2) + key(30, 0)
    assert "".join(Keyboard().feed(repeated)) == "a"
    assert "".join(Keyboard().feed(tap(15))) == "tab"


def test_events_the_kernel_dropped() -> None:
    keyboard = Keyboard()
    with pytest.raises(Lost):
        list(keyboard.feed(key(42, 1) + EVENT.pack(1, 2, SYN, 3, 0)))
    # the shift that was down is forgotten with what was lost
    assert list(keyboard.feed(tap(30))) == ["a"]


def assembled(scanner: Scanner, *said: str) -> list[Scan | Noise]:
    assembler, found = Assembler(scanner), []
    for number, char in enumerate(said):
        one = assembler.type(char, number / 1000)
        found += [one] if one else []
    return found


def test_a_code_is_what_stands_between_prefix_and_end() -> None:
    assert assembled(Scanner(), *"6901", "enter") == [Scan("6901", "", 3)]
    assert assembled(Scanner(), "enter", *"6901", "enter", "enter") == [Scan("6901", "", 3)]
    assert assembled(Scanner(suffix="tab"), *"6901", "tab") == [Scan("6901", "", 3)]
    assert assembled(Scanner(prefix="~a"), *"~a6901", "enter") == [Scan("6901", "", 5)]
    assert assembled(Scanner(prefix="~a"), *"6901", "enter") == [Noise("scan_no_prefix", 4)]
    assert assembled(Scanner(), *"]E06901", "enter") == [Scan("6901", "E0", 6)]
    assert assembled(Scanner(prefix="~"), *"~]d201\x1d", "enter") == [Scan("01\x1d", "d2", 6)]
    assert assembled(Scanner(aim_ids=False), *"]E06901", "enter") == [Scan("]E06901", "", 6)]
    assert assembled(Scanner(), *"69", "enter") == [Noise("scan_too_short", 2)]
    assert assembled(Scanner(), *("9" * (MOST + 5)), "enter", *"6901", "enter") == [
        Noise("scan_too_long", MOST + 5),
        Scan("6901", "", 3),
    ]
    assert assembled(Scanner(), *"69\x1b[A01", "enter") == [Scan("69[A01", "", 6)]
    assert assembled(Scanner(), *"６９０１", "enter") == [Scan("6901", "", 3)]


def test_silence_ends_or_cuts_off() -> None:
    for scanner, wanted in [
        (Scanner(suffix="none", gap_ms=50), Scan("690", "", 0)),
        (Scanner(suffix="enter", gap_ms=50), Noise("scan_cut_off", 3)),
    ]:
        assembler = Assembler(scanner)
        for char in "690":
            assembler.type(char, 1.0)
        assert assembler.silence(1.049) is None
        assert assembler.waiting
        assert assembler.silence(1.051) == wanted
        assert assembler.silence(2.0) is None


class Heard:
    """What a listener handed over, from its thread."""

    def __init__(self) -> None:
        self.news = threading.Condition()
        self.scans: list[Scan] = []
        self.noise: list[Noise] = []
        self.reasons: list[str] = []
        self.threads: set[str] = set()

    def scan(self, scan: Scan) -> None:
        self._add(self.scans, scan)

    def noisy(self, noise: Noise) -> None:
        self._add(self.noise, noise)

    def change(self, reason: str) -> None:
        self._add(self.reasons, reason)

    def _add(self, to: list[Any], what: object) -> None:
        with self.news:
            to.append(what)
            self.threads.add(threading.current_thread().name)
            self.news.notify_all()

    def wait(self, holds: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(holds, 5), (self.scans, self.noise, self.reasons)


@pytest.fixture
def pty() -> Iterator[tuple[int, str]]:
    near, far = os.openpty()
    tty.setraw(near)
    yield near, os.ttyname(far)
    os.close(near)
    os.close(far)


def listening(scanner: Scanner, heard: Heard, **keys: InputDevice) -> Listener:
    return Listener(
        "counter", scanner, time.monotonic, heard.scan, heard.noisy, heard.change, **keys
    )


def test_a_serial_scanner(pty: tuple[int, str]) -> None:
    heard = Heard()
    listener = listening(Scanner(mode="serial", device=pty[1], gap_ms=700), heard)
    listener.start()
    try:
        heard.wait(lambda: heard.reasons == [""])
        os.write(pty[0], b"6901234567892\r\n]C10106901234567892\x1d\r\n969")
        heard.wait(lambda: len(heard.scans) == 2)
        os.write(pty[0], b"7" * 3 + "二维\r".encode())
        heard.wait(lambda: len(heard.scans) == 3)
        os.write(pty[0], b"\xff\xfe123")
        heard.wait(lambda: len(heard.noise) == 1)
    finally:
        assert listener.stop()
    assert [scan.text for scan in heard.scans] == [
        "6901234567892",
        "0106901234567892\x1d",
        "969777二维",
    ]
    assert heard.scans[1].kind == "C1"
    assert heard.noise == [Noise("scan_cut_off", 3)]
    assert heard.threads == {"scanner:counter"}


def test_a_scanner_that_is_pulled_out_and_put_in(
    pty: tuple[int, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos.hardware.scanner._FIRST_WAIT", 0.02)
    heard = Heard()
    link = tmp_path / "scanner"
    listener = listening(Scanner(mode="serial", device=str(link)), heard)
    listener.start()
    try:
        heard.wait(lambda: heard.reasons == ["device_missing"])
        link.symlink_to(pty[1])
        heard.wait(lambda: heard.reasons == ["device_missing", ""])
        os.write(pty[0], b"6901\r")
        heard.wait(lambda: len(heard.scans) == 1)
    finally:
        assert listener.stop()


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    path = tmp_path / "event0"
    os.mkfifo(path)
    return path


def test_an_input_device_is_grabbed_and_read(fifo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos.hardware.scanner._FIRST_WAIT", 0.02)
    grabbed: list[int] = []
    heard = Heard()
    scanner = Scanner(mode="evdev", device=str(fifo))
    listener = listening(scanner, heard, source=InputDevice(str(fifo), grabbed.append))
    writer = os.open(fifo, os.O_RDWR)
    listener.start()
    try:
        heard.wait(lambda: heard.reasons == [""])
        events = typed("]E06901234567892")
        os.write(writer, events[:37])
        os.write(writer, events[37:])
        heard.wait(lambda: len(heard.scans) == 1)
        os.write(writer, typed("690", 0) + EVENT.pack(1, 2, SYN, 3, 0) + typed("1234"))
        heard.wait(lambda: len(heard.noise) == 1)
        # pulled out in the middle of a code
        os.write(writer, typed("77", 0))
        os.close(writer)
        heard.wait(lambda: len(heard.reasons) >= 2 and len(heard.noise) == 2)
    finally:
        assert listener.stop()
    assert [(s.text, s.kind) for s in heard.scans] == [("6901234567892", "E0")]
    assert heard.noise == [Noise("scan_cut_off", 0), Noise("scan_cut_off", 2)]
    assert heard.reasons[1] == "printer_closed"
    assert grabbed


def test_a_device_that_may_not_be_grabbed(fifo: Path) -> None:
    def refuse(fd: int) -> None:
        raise OSError(16, "busy")

    with pytest.raises(Unreachable, match="device_busy"):
        InputDevice(str(fifo), refuse).open()


def test_the_lines_of_a_scanner_test(pty: tuple[int, str]) -> None:
    scanner = Scanner(mode="serial", device=pty[1], gap_ms=60)
    lines = watch_lines(scanner, time.monotonic, 0.5, SerialSource(scanner))
    threading.Timer(0.05, os.write, (pty[0], b"]E06901\r")).start()
    threading.Timer(0.15, os.write, (pty[0], b"12")).start()
    found = list(lines)
    assert found[0].endswith("ms  5d 45 30 36 39 30 31 0d  ] E 0 6 9 0 1 enter")
    assert found[1].startswith("= 6901  E0  ")
    assert found[2].startswith("+")
    assert found[3] == "! scan_cut_off (2)"
    assert not [line for line in found if any(c < " " for c in line)]
