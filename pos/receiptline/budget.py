"""How much a template may do: what is charged while it is filled, and what stops it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextvars import ContextVar

from pos.refusal import Refused

MAX_STEPS = 1_000_000
"""Parts of a template worked through; a receipt of 2,000 lines needs about a tenth."""
MAX_OUTPUT = 2_000_000
"""Characters written, those of macros counted again where they are put in."""


class Budget:
    """What one filling of one template has left."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.steps = MAX_STEPS
        self.output = MAX_OUTPUT

    def charge(self, steps: int, template: str, line: int) -> None:
        """Refused `receipt_endless`, naming the line that was one too many."""
        self.steps -= steps
        if self.steps < 0:
            raise Refused("receipt_endless", name=template, line=line)

    def write(self, characters: int) -> None:
        """Refused `receipt_too_long` when more was written than any receipt has."""
        self.output -= characters
        if self.output < 0:
            raise Refused("receipt_too_long", name=self.name, most=MAX_OUTPUT)

    def counted(
        self, items: Iterable[object], steps: int, template: str, line: int
    ) -> Iterator[object]:
        """`items`, each charged `steps`."""
        for item in items:
            self.charge(steps, template, line)
            yield item


CURRENT: ContextVar[Budget] = ContextVar("receipt_budget")
