"""Texts of messages that a shop wrote itself: `FOLDER/NAME.txt`, its first line the subject.

`{name}` stands for what a message tells; nothing else in braces is let in, `{{` is a brace.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from pathlib import Path

from pos.refusal import Refused

NAMES = (
    *("receipt", "invoice", "close", "low_stock", "payment_unresolved", "till_silent"),
    *("printer_down", "records_rejected"),
)
_MOST_BYTES = 64 << 10
_PARTS = string.Formatter()


def fill(
    folder: Path | None, name: str, subject: str, text: str, values: Mapping[str, str]
) -> tuple[str, str]:
    """Subject and text with `values` in their places; a template that is wrong is not used, so that
    no message is lost by it."""
    if folder is not None:
        try:
            own = read(folder, name, tuple(values))
        except Refused:
            own = None
        if own is not None:
            subject, text = own
    return subject.format(**values), text.format(**values)


def read(folder: Path, name: str, fields: tuple[str, ...]) -> tuple[str, str] | None:
    """A shop's own template; None where it has none. Raises Refused("message_template")."""
    path = folder / f"{name}.txt"
    if not path.exists():
        return None
    try:
        data = path.read_bytes()
        if len(data) > _MOST_BYTES:
            raise Refused("message_template", path=path, why=f"> {_MOST_BYTES}")
        whole = data.decode("utf-8-sig")
        for _, field, spec, conversion in _PARTS.parse(whole):
            if field is not None and (field not in fields or spec or conversion):
                raise Refused("message_template", path=path, why=f"{{{field}}}")
    except (OSError, ValueError) as error:
        raise Refused("message_template", path=path, why=str(error)) from None
    subject, _, text = whole.partition("\n")
    return subject.strip(), text.strip("\n")
