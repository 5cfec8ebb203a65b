"""JSON that somebody else wrote: what it says, or one kind of error, whatever the bytes are.

Its texts are made harmless where they stand (`quiet`); what is bytes or JSON within a text is not
looked into, whoever opens it does that.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from pos.text import harmless

T = TypeVar("T")


def decoded(data: bytes | str | msgspec.Raw, kind: type[T]) -> T:
    """`data` as JSON of that type; msgspec.DecodeError where it is not.

    msgspec itself lets bytes that are no UTF-8 and nesting without end out as other errors.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from error


def quiet(value: T) -> T:
    """The same without signs that act (`pos.text.harmless`), in every text of it."""
    found: Any = value
    if isinstance(value, str):
        found = harmless(value, "")
    elif isinstance(value, msgspec.Struct):
        old = {name: getattr(value, name) for name in value.__struct_fields__}
        new = {name: quiet(one) for name, one in old.items()}
        changed = {name: one for name, one in new.items() if one is not old[name]}
        found = msgspec.structs.replace(value, **changed) if changed else value
    elif isinstance(value, tuple):
        parts = tuple(quiet(one) for one in value)
        same = all(new is old for new, old in zip(parts, value, strict=True))
        found = value if same else parts
    elif isinstance(value, dict):
        found = {quiet(key): quiet(one) for key, one in value.items()}
    return found  # type: ignore[no-any-return]
