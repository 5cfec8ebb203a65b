"""JSON that somebody else wrote: what it says, or one kind of error, whatever the bytes are."""

from __future__ import annotations

from typing import TypeVar

import msgspec

T = TypeVar("T")


def decoded(data: bytes | str | msgspec.Raw, kind: type[T]) -> T:
    """`data` as JSON of that type; msgspec.DecodeError where it is not.

    msgspec itself lets bytes that are no UTF-8 and nesting without end out as other errors.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from error
