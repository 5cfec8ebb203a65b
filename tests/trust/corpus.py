"""Text from outside that would act on whoever shows, prints or opens it.

`filled` puts a text into every place of a value that holds text, so that a field or a view that
comes later is tried like the others.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from tests.trust import SIZE

CONTROLS: Mapping[str, str] = {
    "c0": "水" + "".join(map(chr, range(1, 32))) + "\x7f" + "瓶",
    "nul": "水\x00瓶",
    "c1": "水" + "".join(map(chr, range(0x80, 0xA0))) + "瓶",
    "escape": "水\x1b[31mred\x1b[2J\x1b[H\x1bc\x1b[6n\x1b[200~瓶",
    "osc52": "水\x1b]52;c;cm0gLXJmIC8=\x07\x1b]0;title\x1b\\\x9d52;c;eA==\x9c瓶",
    "osc8": "水\x1b]8;;http://evil.invalid\x1b\\click\x1b]8;;\x1b\\瓶",
    "lines": "水\r\n瓶\nGET / HTTP/1.1\r\nBcc: a@b.invalid\r\n\r\nDATA\r\n.\r\n\u2028\u2029\x85x",
    "bidi": "\u202e水\u202d\u2066\u2067\u2068\u2069\u200e\u200f\u061c瓶\u202c",
    "zero_width": "水\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e瓶",
    "escpos": "水\x1b@\x1bp\x00\x19\x19\x1dV\x00\x10\x14\x01\x00\x08\x10\x04\x01\x1dr\x01\x1b(A瓶",
    "tags": "水\U000e0041\U000e007f\ue000\U0010fffd\ufdd0\uffff瓶",
}
"""What no screen, paper or file may ever hold."""

PLAIN: Mapping[str, str] = {
    "markup": "[red]水[/] [b]瓶[/b] [/] [",
    "action": "[@click=app.quit]水[/] [@click='app.refund']瓶[/]",
    "emoji_name": ":warning: :boom:",
    "formula": '=HYPERLINK("http://evil.invalid",1)',
    "command": "=cmd|' /C calc'!A0",
    "plus": "+1+cmd|x",
    "minus": "-2+3+cmd|x",
    "at": "@SUM(1,1)",
    "quoted": "'=1+1",
    "wide_formula": "＝1+1",
    "tab_formula": "\t=1+1",
    "csv": '水","=1+1",瓶\'"\n=1+1',
    "script": "<script>alert(1)</script>",
    "attribute": "\"><img src=x onerror=alert(1)>' onmouseover='alert(1)",
    "title": "</title><svg/onload=alert(1)>",
    "address": "javascript:alert(1)",
    "template": "{{ 7*7 }}{% raw %}{code: 1; option: qrcode}",
    "receipt": '^^^水 | 瓶\\|~`_"{width: 4}\n=\n-\n{image: x}',
    "entity": "&lt;b&gt;&amp;#x3c;--><!--",
    "sql": "'; DROP TABLE orders; -- ' OR 1=1",
    "format": "%s %n {0} {x.__class__} $(id) `id` ${IFS}",
    "path": "../../etc/passwd",
    "emoji": "水👩‍👩‍👧🏳️‍🌈🇨🇳瓶",
    "combining": "a" + "\u0301" * 40 + "水" + "\u20e3\u3099" * 9,
    "rare": "𠮷𠀀㐀龘ﷺ𝟘①㍿",
    "blank": "\u3000\u00a0 \u2003",
    "digits": "6222021234567890128",
    "long": "长" * 10_000,
    "wide": "Ｗ" * 300,
}
"""What may be shown, as plain text and nothing else."""

SURROGATE: Mapping[str, str] = {"surrogate": "水\ud800\udfff\udc9b瓶"}
"""What cannot even be written as UTF-8."""

HOSTILE: Mapping[str, str] = {**CONTROLS, **PLAIN, **SURROGATE}

JOINED: Mapping[str, str] = {
    "all controls": "".join(CONTROLS.values()),
    "all plain": " ".join(text for text in PLAIN.values() if len(text) < 400),
}

OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
"""Signs that steer a terminal, a printer or the eye."""

FORMULA = re.compile(r"[\s\0]*[=+\-@＝＋－＠]")
"""How a cell begins that a spreadsheet runs."""


def taken(turn: int, of: int) -> Mapping[str, str]:
    """The texts for one of `of` cases: all of them in `ci` and `full`, else its share and `JOINED`.

    The cases together have had each text.
    """
    shares = enumerate(HOSTILE.items())
    mine = {name: text for n, (name, text) in shares if SIZE.name != "test" or n % of == turn}
    return {**JOINED, **mine}


def obeyed(text: str, allowed: str = "") -> list[str]:
    """The signs in `text` that something would obey."""
    return [repr(sign) for sign in OBEYED.findall(text) if sign not in allowed]


def filled(kind: Any, text: str, known: Mapping[str, Any] | None = None) -> Any:
    """A value of a type with `text` wherever it holds text; `known` gives fields by their name."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return filled(arguments[0], text, known)
    if origin is Literal:
        return arguments[0]
    if origin in (Union, types.UnionType):
        rest = [one for one in arguments if one is not type(None)]
        return filled(rest[0], text, known)
    if origin is tuple:
        if arguments[1:] == (...,):
            return (filled(arguments[0], text, known),) * 2
        return tuple(filled(one, text, known) for one in arguments)
    if origin is frozenset:
        return frozenset()
    if origin in (dict, Mapping) or str(origin).endswith("Mapping'>"):
        return {filled(arguments[0], text, known): filled(arguments[1], text, known)}
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return struct_of(kind, text, known)
    plain = {str: text, int: 1, bool: True, float: 0.5, bytes: text.encode("utf-8", "replace")}
    return plain[kind]


def struct_of(kind: type[msgspec.Struct], text: str, known: Mapping[str, Any] | None) -> Any:
    """A struct with each of its fields filled."""
    given, hints = known or {}, get_type_hints(kind, include_extras=True)
    return kind(
        **{
            name: given[name] if name in given else filled(hints[name], text, given)
            for name in kind.__struct_fields__
        }
    )


def replaced(value: Any, text: str, keep: frozenset[str] = frozenset()) -> Any:
    """A value of dicts and lists with `text` for every text but those under the keys `keep`."""
    if isinstance(value, str):
        return text
    if isinstance(value, dict):
        return {
            key: one if key in keep else replaced(one, text, keep) for key, one in value.items()
        }
    if isinstance(value, list | tuple):
        return type(value)(replaced(one, text, keep) for one in value)
    return value
