"""Weights: only at rest, never negative, and a reason for each that is not given."""

from __future__ import annotations

import os
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace

from pos.devices import Scale
from pos.hardware.scale import read_weight, watch
from pos.hardware.scale_protocols import grams, protocol_of
from pos.refusal import Refused


@contextmanager
def scale_line(*answers: bytes, request: bytes = b"") -> Iterator[str]:
    """A scale on a pty: sends the answers by itself, or one for each request, the last for ever."""
    near, far = os.openpty()
    tty.setraw(near)
    os.set_blocking(near, False)
    stop = threading.Event()

    def serve() -> None:
        number = 0
        while not stop.wait(0.005):
            try:
                asked = os.read(near, 100)
            except BlockingIOError:
                asked = b""
            if answers and (not request or request in asked):
                os.write(near, answers[min(number, len(answers) - 1)])
                number += 1

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield os.ttyname(far)
    finally:
        stop.set()
        thread.join()
        os.close(near)
        os.close(far)


def digi(condition: int, net: bytes = b"001.250") -> bytes:
    return b"\x40" + bytes([condition]) + b"\r0" + net[1:] + b"\r400.000\rU005.00\rT0006.25\r\n"


@pytest.mark.parametrize(
    ("protocol", "request_", "frame", "milli", "fault"),
    [
        ("toledo8217", b"W", b"\x0201.250\r", 1250, ""),
        ("toledo8217", b"W", b"\x02  .250N\r", 250, ""),
        ("toledo8217", b"W", b"\x02 0.250N\r", 250, ""),
        ("toledo8217", b"W", b"\x02?a\r", None, "scale_unstable"),
        ("toledo8217", b"W", b"\x02?b\r", None, "scale_overload"),
        ("toledo8217", b"W", b"\x02?d\r", None, "scale_negative"),
        ("toledo8217", b"W", b"\x02?h\r", None, "scale_no_zero"),
        ("toledo8217", b"W", b"\x15garbage", None, "scale_timeout"),
        ("ds781", b"\x05", digi(0x42), 1250, ""),
        ("ds781", b"\x05", digi(0x43, b"000.000"), 0, ""),
        ("ds781", b"\x05", digi(0x40), None, "scale_unstable"),
        ("ds781", b"\x05", digi(0x46), None, "scale_negative"),
        ("ds781", b"\x05", digi(0x4A, b"       "), None, "scale_overload"),
        ("ds781", b"\x05", digi(0x52, b"       "), None, "scale_negative"),
        ("acs", b"", b"ST,GS,+  1.250kg\r\n", 1250, ""),
        ("acs", b"", b"ST,NT,   1.250 kg\r\n", 1250, ""),
        ("acs", b"", b"ST,GS    20.7g\r\n", 21, ""),
        ("acs", b"", b"ST,GS,-  0.010kg\r\n", None, "scale_negative"),
        ("acs", b"", b"ST,GS,-  0.000kg\r\n", 0, ""),
        ("acs", b"", b"US,GS,+  1.250kg\r\n", None, "scale_unstable"),
        ("acs", b"", b"OL,GS,+ ------kg\r\n", None, "scale_overload"),
        ("acs", b"", b"", None, "scale_timeout"),
    ],
)
def test_frames(
    protocol: str, request_: bytes, frame: bytes, milli: int | None, fault: str
) -> None:
    answers = (frame,) if frame else ()
    with scale_line(*answers, request=request_) as device:
        scale = Scale(True, device, protocol, wait_ms=100)  # type: ignore[arg-type]
        reading = read_weight(scale, time.monotonic)
    assert (reading.milli, reading.fault) == (milli, fault)


def test_a_weight_is_waited_for_until_it_rests() -> None:
    moving, rest = b"US,GS,+  0.900kg\r\n", b"ST,GS,+  1.250kg\r\n"
    with scale_line(moving, moving, rest) as device:
        reading = read_weight(Scale(True, device, "acs", wait_ms=2000), time.monotonic)
    assert reading.milli == 1250
    with scale_line(b"\x02?a\r", b"\x02?a\r", b"\x0200.500\r", request=b"W") as device:
        reading = read_weight(Scale(True, device, wait_ms=2000), time.monotonic)
    assert reading.milli == 500


def test_frames_in_pieces_and_among_noise() -> None:
    frame = digi(0x42)
    with scale_line(b"25\rU0", frame[:9], frame[9:20], frame[20:]) as device:
        scale = Scale(True, device, "ds781", wait_ms=2000)
        assert read_weight(scale, time.monotonic).milli == 1250


def test_the_newest_of_several_frames_counts() -> None:
    burst = b"ST,GS,+  9.000kg\r\n" * 3 + b"ST,GS,+  1.000kg\r\n"
    with scale_line(burst) as device:
        assert read_weight(Scale(True, device, "acs"), time.monotonic).milli == 1000


def test_a_scale_told_by_config() -> None:
    frame = "=(?P<flag>[SU])(?P<sign>[-+ ])(?P<weight>[0-9]{5})(?P<unit>g|jin)"
    scale = Scale(
        True, protocol="other", request="05 11", frame=frame, stable="S", decimals=1, wait_ms=100
    )
    cases = [
        (b"=S 12505g", 1251, ""),
        (b"=S+00025jin", 1250, ""),
        (b"=U 12505g", None, "scale_unstable"),
        (b"=S-12505g", None, "scale_negative"),
    ]
    for answer, milli, fault in cases:
        with scale_line(answer, request=b"\x05\x11") as device:
            found = read_weight(replace(scale, device=device), time.monotonic)
        assert (found.milli, found.fault) == (milli, fault)


def test_without_a_flag_three_equal_weights_are_rest() -> None:
    scale = Scale(True, protocol="other", frame=r"(?P<weight>[0-9.]+)kg", wait_ms=1000)
    changing = [b"1.%03dkg " % n for n in range(40)]
    with scale_line(*changing, b"2.000kg ") as device:
        quick = replace(scale, device=device, wait_ms=100)
        assert read_weight(quick, time.monotonic).fault == "scale_unstable"
        assert read_weight(replace(scale, device=device), time.monotonic).milli == 2000


@pytest.mark.parametrize("frame", ["", "[", "[0-9]+", "(?P<weight>["])
def test_a_frame_that_is_none(frame: str) -> None:
    with pytest.raises(Refused, match="scale_frame"):
        protocol_of(Scale(True, protocol="other", frame=frame))


def test_line_settings_of_the_config_come_first() -> None:
    assert protocol_of(Scale()).line == "7E1"
    changed = protocol_of(Scale(baudrate=4800, line="8N1"))
    assert (changed.baudrate, changed.line) == (4800, "8N1")


def test_a_scale_that_is_not_there() -> None:
    assert read_weight(Scale(True, "/nowhere/ttyS0"), time.monotonic).fault == "device_missing"


def test_what_comes_is_shown_for_a_test() -> None:
    with scale_line(b"ST,GS,+  1.250kg\r\n") as device:
        data, reading = next(watch(Scale(True, device, "acs"), time.monotonic, 1))
    assert data.startswith(b"ST,GS")
    assert reading is not None


@pytest.mark.parametrize(
    ("text", "unit", "decimals", "found"),
    [
        ("1.2345", "kg", 0, 1235),
        ("1.2344", "kg", 0, 1234),
        ("  .5", "kg", 0, 500),
        (".", "kg", 0, None),
        ("5.", "kg", 0, 5000),
        ("0.5", "kg", 0, 500),
        ("2", "jin", 0, 1000),
        ("12345", "kg", 3, 12345),
        ("99999999", "kg", 0, None),
        ("1.2.3", "kg", 0, None),
        ("٣", "kg", 0, None),
        ("", "kg", 0, None),
    ],
)
def test_grams(text: str, unit: str, decimals: int, found: int | None) -> None:
    assert grams(text, unit, decimals) == found  # type: ignore[arg-type]
