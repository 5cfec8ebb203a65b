"""A rule that says no.

Rules raise codes, never words: `code` names a field of `words.refusals`, `values` fill its gaps.
"""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the program
    """Something a person asked for is not done, and nothing has changed.

    `code` is the name of a field in `pos.words.refusals.RefusalWords`; `values` are the parts
    that its text names in braces.
    """

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        """The code and its values, for logs; people get `words.refusals.say(refused)`."""
        parts = ", ".join(f"{k}={v!r}" for k, v in self.values.items())
        return f"{self.code}({parts})"
