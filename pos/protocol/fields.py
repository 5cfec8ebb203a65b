"""The kinds of values that go over the wire, with their limits."""

from __future__ import annotations

from typing import Annotated

import msgspec

ShopId = Annotated[str, msgspec.Meta(pattern="^[0-9]{4}$")]
TillId = Annotated[str, msgspec.Meta(pattern="^[0-9]{2}$")]
Epoch = Annotated[int, msgspec.Meta(ge=1, le=99)]
Jn = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Signature = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{128}$")]
Stamp = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$")
]
Number = Annotated[str, msgspec.Meta(pattern="^[0-9]{15}$")]
Id = Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z._:-]{1,64}$")]
"""Made by a till: a UUID, a number, an operator."""
Fen = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
Milli = Annotated[int, msgspec.Meta(ge=1, le=10**12)]
Short = Annotated[str, msgspec.Meta(max_length=200)]


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something said; fields that are not known are passed over."""
