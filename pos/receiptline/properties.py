"""Property lines: `{key: value; key: value}`."""

from __future__ import annotations

from difflib import get_close_matches

import msgspec
from msgspec.structs import replace

from pos.receiptline.escapes import value_text
from pos.receiptline.nodes import STAR, Align, Border, Code, Fault, Level, SettingLine, Symbology
from pos.receiptline.png import picture
from pos.refusal import Refused

KEYS = {
    "image": "image",
    "i": "image",
    "code": "code",
    "c": "code",
    "option": "option",
    "o": "option",
    "align": "align",
    "a": "align",
    "width": "width",
    "w": "width",
    "border": "border",
    "b": "border",
    "text": "text",
    "t": "text",
    "command": "command",
    "x": "command",
    "comment": "comment",
    "_": "comment",
}
_ALIGNS: dict[str, Align] = {"left": "left", "center": "center", "right": "right"}
_BORDERS = {
    "line": Border(1, ruled=True),
    "space": Border(1),
    "none": Border(0),
    "0": Border(0),
    "1": Border(1),
    "2": Border(2),
}
_WRAPS = {"wrap": True, "nowrap": False}
_SYMBOLOGIES: dict[str, Symbology] = {
    "upc": "upc",
    "ean": "ean",
    "jan": "jan",
    "code39": "code39",
    "itf": "itf",
    "codabar": "codabar",
    "nw7": "nw7",
    "code93": "code93",
    "code128": "code128",
    "qrcode": "qrcode",
}
_LEVELS: dict[str, Level] = {"l": "l", "m": "m", "q": "q", "h": "h"}
_MODULES, _CELLS, _HEIGHTS = range(2, 5), range(3, 9), range(24, 241)
_SHOWN = 40


class Setting(msgspec.Struct, frozen=True):
    """A property line, the options that hold after it, and the pictures it has to do without."""

    line: SettingLine
    options: Code
    faults: tuple[Fault, ...] = ()


def settings(inside: str, number: int, magnet: Align, options: Code, name: str) -> Setting:
    """What stands between the braces of line `number`.

    A key without a value changes nothing. Refuses unknown keys, values a key does not take, and
    `command`, which would send bytes of a template's author to a device. A picture that is none
    is a fault, not a refusal.
    """
    setting = SettingLine(number, magnet)
    faults: tuple[Fault, ...] = ()
    data = ""
    for pair in inside.split(";"):
        written, _, raw = pair.partition(":")
        written, raw = value_text(written).strip(), value_text(raw).strip(" \t")
        if not written:
            continue
        key = KEYS.get(written)
        value = raw.lower()
        if key is None:
            near = get_close_matches(written[:_SHOWN].lower(), KEYS, 1)
            raise Refused(
                "receipt_bad_property",
                name=name,
                line=number,
                key=written[:_SHOWN],
                near=near[0] if near else "",
            )
        try:
            if key == "command":
                raise Refused("receipt_command", name=name, line=number)
            if not value:
                continue
            if key == "code":
                data = raw
            elif key == "option":
                options = _options(value)
            elif key == "align":
                setting = replace(setting, align=_ALIGNS[value])
            elif key == "width":
                setting = replace(setting, widths=_widths(value))
            elif key == "border":
                setting = replace(setting, border=_BORDERS[value])
            elif key == "text":
                setting = replace(setting, wrap=_WRAPS[value])
            elif key == "image":
                found = picture(raw)
                if isinstance(found, str):
                    faults = (Fault(found, number),)
                else:
                    setting = replace(setting, picture=found)
        except (KeyError, ValueError):
            raise Refused(
                "receipt_bad_value",
                name=name,
                line=number,
                key=written,
                value=raw[:_SHOWN],
                wants=_WANTS[key],
            ) from None
    if data:
        setting = replace(setting, code=replace(options, data=data))
    return Setting(setting, options, faults)


_WANTS = {
    "option": "upc ean jan code39 itf codabar nw7 code93 code128 2-4 24-240 hri nohri"
    " | qrcode 3-8 l m q h",
    "align": "left center right",
    "width": "auto * 0 1 2 3 …",
    "border": "line space none 0 1 2",
    "text": "wrap nowrap",
}


def _widths(value: str) -> tuple[int, ...]:
    """Each blank or comma separates; nothing between two is a width of 0, a hidden column."""
    parts = value.replace("\t", ",").replace(" ", ",").split(",")
    if "auto" in parts:
        return ()
    return tuple(STAR if part == "*" else _number(part) if part else 0 for part in parts)


def _options(value: str) -> Code:
    """Options in any order; those not named have their defaults again."""
    words = value.replace(",", " ").split()
    named = [_SYMBOLOGIES[word] for word in words if word in _SYMBOLOGIES]
    code = Code("", named[-1]) if named else Code("")
    for word in words:
        if word in _SYMBOLOGIES:
            continue
        if word in ("hri", "nohri"):
            code = replace(code, hri=word == "hri")
        elif word in _LEVELS:
            code = replace(code, level=_LEVELS[word])
        else:
            code = _sized(code, _number(word))
    return code


def _sized(code: Code, number: int) -> Code:
    if number in _HEIGHTS:
        return replace(code, height=number)
    if code.symbology == "qrcode" and number in _CELLS:
        return replace(code, cell=number)
    if code.symbology != "qrcode" and number in _MODULES:
        return replace(code, module=number)
    raise ValueError(number)


def _number(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= 4):
        raise ValueError(word)
    return int(word)
