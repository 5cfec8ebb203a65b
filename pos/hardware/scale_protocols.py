"""How scales speak: line settings, the question, the frame, and what a frame says.

Sources: Mettler-Toledo 8217 interface; DIGI DS-781 RS-232 type B (standard command); the
`ST,GS,+ 1.250kg` stream of A&D, which most Chinese ACS scales can send.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import msgspec

from pos.devices import Scale
from pos.refusal import Refused

Unit = Literal["kg", "g", "jin"]

_GRAMS = {"kg": 1000, "g": 1, "jin": 500}
_MOST_GRAMS = 10_000_000


class Reading(msgspec.Struct, frozen=True):
    """What one frame says: grams at rest, or a word of `words.hardware` why there is no weight.

    `told` is False for a weight of which the scale does not say whether it is at rest.
    """

    milli: int | None
    fault: str = ""
    told: bool = True


class Protocol(msgspec.Struct, frozen=True):
    """A way of speaking. `request` is empty for a scale that sends by itself."""

    baudrate: int
    line: str
    request: bytes
    frame: re.Pattern[bytes]
    judge: Callable[[re.Match[bytes]], Reading]


def protocol_of(scale: Scale) -> Protocol:
    """The protocol of `[scale]`; Refused("scale_frame") for a frame that is no regex."""
    if scale.protocol == "other":
        return _other(scale)
    known = _KNOWN[scale.protocol]
    return msgspec.structs.replace(
        known, baudrate=scale.baudrate or known.baudrate, line=scale.line or known.line
    )


def grams(text: str, unit: Unit, decimals: int = 0) -> int | None:
    """A weight as it stands in a frame, in grams, half up; None where it is no number.

    `decimals` holds for a weight without a point.
    """
    digits = text.strip().replace(" ", "")
    if not re.fullmatch(r"(?=\.?[0-9])[0-9]{0,9}(\.[0-9]{0,6})?", digits, re.ASCII):
        return None
    whole, point, part = digits.partition(".")
    places = len(part) if point else decimals
    value = int(whole + part) * _GRAMS[unit]
    step = int(10**places)
    found = (2 * value + step) // (2 * step)
    return found if found <= _MOST_GRAMS else None


def _weight(text: bytes, unit: Unit = "kg", decimals: int = 0, *, told: bool = True) -> Reading:
    found = grams(text.decode("ascii", "replace"), unit, decimals)
    # dashes or blanks in place of digits: the scale has no weight it could stand for
    return Reading(found, "", told) if found is not None else Reading(None, "scale_overload")


def _toledo(match: re.Match[bytes]) -> Reading:
    if match["weight"] is not None:
        return _weight(match["weight"])
    status = match["status"][0]
    if status & 0x02:
        return Reading(None, "scale_overload")
    if status & 0x04:
        return Reading(None, "scale_negative")
    return Reading(None, "scale_unstable" if status & 0x01 else "scale_no_zero")


def _digi(match: re.Match[bytes]) -> Reading:
    condition = match["condition"][0]
    if condition & 0x08:
        return Reading(None, "scale_overload")
    if condition & 0x14:
        return Reading(None, "scale_negative")
    if not condition & 0x02:
        return Reading(None, "scale_unstable")
    return _weight(match["weight"])


def _acs(match: re.Match[bytes]) -> Reading:
    if match["flag"] == b"OL":
        return Reading(None, "scale_overload")
    if match["flag"] == b"US":
        return Reading(None, "scale_unstable")
    unit: Unit = "kg" if match["unit"].lower() == b"kg" else "g"
    reading = _weight(match["weight"], unit)
    if match["sign"] == b"-" and reading.milli:
        return Reading(None, "scale_negative")
    return reading


_KNOWN = {
    "toledo8217": Protocol(
        9600,
        "7E1",
        b"W",
        re.compile(rb"\x02(?:\?(?P<status>[^\r])|(?P<weight>[ 0-9.]{2,9})N?)\r"),
        _toledo,
    ),
    "ds781": Protocol(
        9600,
        "8N1",
        b"\x05",
        re.compile(
            rb"[\x40-\x7f](?P<condition>[\x40-\x7f])\r0(?P<weight>[^\r]{6})\r4[^\r]{6}\r"
            rb"U[^\r]{6}\rT[^\r]{7}\r\n"
        ),
        _digi,
    ),
    "acs": Protocol(
        9600,
        "8N1",
        b"",
        re.compile(
            rb"(?P<flag>ST|US|OL)[, ] ?(?:(?:GS|NT|TR)[, ]? ?)?(?P<sign>[+-]?)"
            rb"(?P<weight>[^\r\na-zA-Z]{1,12}?) ?(?P<unit>kg|KG|g|G)[^\n]{0,4}\n"
        ),
        _acs,
    ),
}


def _other(scale: Scale) -> Protocol:
    try:
        frame = re.compile(scale.frame.encode("ascii"))
    except re.error as error:
        raise Refused("scale_frame", frame=scale.frame, why=str(error)) from error
    if not scale.frame or "weight" not in frame.groupindex:
        raise Refused("scale_frame", frame=scale.frame, why="(?P<weight>…)")
    groups = frame.groupindex

    def judge(match: re.Match[bytes]) -> Reading:
        def part(name: str) -> bytes:
            return (match[name] or b"").strip() if name in groups else b""

        told = "flag" in groups
        if told and part("flag") != scale.stable.encode("ascii"):
            return Reading(None, "scale_unstable")
        unit = _UNITS.get(part("unit").lower(), scale.unit)
        reading = _weight(match["weight"] or b"", unit, scale.decimals, told=told)
        if part("sign") == b"-" and reading.milli:
            return Reading(None, "scale_negative")
        return reading

    request = bytes.fromhex(scale.request)
    return Protocol(scale.baudrate or 9600, scale.line or "8N1", request, frame, judge)


_UNITS: dict[bytes, Unit] = {b"kg": "kg", b"g": "g", b"jin": "jin"}
