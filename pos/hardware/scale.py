"""The scale: one weight at rest, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pos.devices import Scale
from pos.hardware.device_file import SerialLine
from pos.hardware.scale_protocols import Protocol, Reading, protocol_of
from pos.hardware.transport import Broken, Unreachable

_ASK_AGAIN = 0.15
_EQUAL_READINGS = 3
"""A scale that does not say whether it is at rest must say the same weight this often."""
_MOST_HELD = 400
_TIMEOUT = Reading(None, "scale_timeout")


def read_weight(scale: Scale, monotonic: Callable[[], float]) -> Reading:
    """Grams at rest within `scale.wait_ms`, or the last reason why there are none.

    A port that does not open or goes away is a reason too. Refused("scale_frame"): a wrong config.
    """
    last = _TIMEOUT
    try:
        for _, reading in watch(scale, monotonic, scale.wait_ms / 1000):
            if reading is not None:
                last = reading
                if reading.milli is not None:
                    break
    except (Unreachable, Broken) as error:
        return Reading(None, error.code)
    return last


def watch(
    scale: Scale, monotonic: Callable[[], float], seconds: float
) -> Iterator[tuple[bytes, Reading | None]]:
    """For `pos scale test`: what comes, and what it says once it is whole.

    A weight is given only when it is at rest; before that its reading says `scale_unstable`.
    """
    protocol = protocol_of(scale)
    line = SerialLine(scale.device, protocol.baudrate, settings=protocol.line)
    line.open()
    try:
        yield from _talk(line, protocol, monotonic, seconds)
    finally:
        line.close()


def _talk(
    line: SerialLine, protocol: Protocol, monotonic: Callable[[], float], seconds: float
) -> Iterator[tuple[bytes, Reading | None]]:
    end = monotonic() + seconds
    asked = float("-inf")
    held = b""
    equal: list[int] = []
    while (now := monotonic()) < end:
        if protocol.request and now - asked >= _ASK_AGAIN:
            line.write(memoryview(protocol.request), min(0.1, end - now))
            asked = now
        data = line.read(min(_ASK_AGAIN, end - now))
        if not data:
            continue
        held = (held + data)[-_MOST_HELD:]
        frames = list(protocol.frame.finditer(held))
        if not frames:
            yield data, None
            continue
        held = held[frames[-1].end() :]
        # the newest frame is the weight that lies there now
        reading = _at_rest(protocol.judge(frames[-1]), equal)
        asked = float("-inf")
        yield data, reading


def _at_rest(reading: Reading, equal: list[int]) -> Reading:
    """A weight whose scale tells nothing of rest, once it has been the same often enough."""
    if reading.milli is None or reading.told:
        equal.clear()
        return reading
    if equal and equal[-1] != reading.milli:
        equal.clear()
    equal.append(reading.milli)
    return reading if len(equal) >= _EQUAL_READINGS else Reading(None, "scale_unstable")
