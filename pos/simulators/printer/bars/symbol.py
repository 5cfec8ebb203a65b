"""A bar code before it is scaled to dots."""

from __future__ import annotations

import msgspec


class BadCode(Exception):  # noqa: N818 - it judges the sender's data
    """The data is none that this kind of code can carry; the argument says why."""


WIDE = {1: 3, 2: 5, 3: 8, 4: 10, 5: 13, 6: 16}
"""Dots of a wide element for each narrow one: GS w of the reference, at 8 dots a millimetre."""


def table(patterns: str) -> tuple[str, ...]:
    """Patterns with blanks between them, in the order of their values."""
    return tuple(patterns.split())


class Symbol(msgspec.Struct, frozen=True):
    """`elements` are bar, space, bar … in modules.

    With `two_widths` an element is 1 (narrow) or 2 (wide), and the printer chooses what wide is.
    `data` is what a scanner reads (GS1 function characters left out), `caption` the readable line.
    """

    kind: str
    data: bytes
    elements: tuple[int, ...]
    caption: str
    two_widths: bool = False
    wrong_check_digit: bool = False

    def runs(self, module: int) -> tuple[int, ...]:
        """The elements in dots, for narrow elements of `module` dots."""
        if self.two_widths:
            return tuple(WIDE[module] if e == 2 else module for e in self.elements)
        return tuple(e * module for e in self.elements)
