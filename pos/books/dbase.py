"""A dBASE III table as bytes, the form in which 金蝶 KIS takes vouchers. Text is GBK."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

_VERSION = 0x03
_GBK = 0x4D
"""The language driver of code page 936."""


class Field(NamedTuple):
    """A field: name (10 ASCII letters at most), kind, bytes of width, digits behind the point."""

    name: str
    kind: Literal["C", "N", "D"]
    width: int
    places: int = 0


def to_dbase(fields: Sequence[Field], rows: Sequence[Sequence[str]], day: str) -> bytes:
    """The whole table; `day` is the date in its header. Text that is too long is cut.

    A number that does not fit raises ValueError: it is never cut.
    """
    on = date.fromisoformat(day)
    header = struct.pack(
        "<4B I H H 17x B 2x",
        _VERSION,
        on.year - 1900,
        on.month,
        on.day,
        len(rows),
        32 + 32 * len(fields) + 1,
        1 + sum(field.width for field in fields),
        _GBK,
    )
    described = b"".join(
        struct.pack(
            "<11s c 4x 2B 14x",
            field.name.encode("ascii"),
            field.kind.encode("ascii"),
            field.width,
            field.places,
        )
        for field in fields
    )
    body = b"".join(b" " + b"".join(map(_cell, row, fields)) for row in rows)
    return header + described + b"\r" + body + b"\x1a"


def _cell(text: str, field: Field) -> bytes:
    data = text.encode("gbk", "replace")
    if field.kind == "N":
        if len(data) > field.width:
            raise ValueError(f"{field.name}: {text}")
        return data.rjust(field.width)
    if len(data) > field.width:
        # not through the middle of a character of two bytes
        data = data[: field.width].decode("gbk", "ignore").encode("gbk")
    return data.ljust(field.width)
