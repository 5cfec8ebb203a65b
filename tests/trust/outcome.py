"""What a proof found: how much was tried, of what, and everything that did not hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.trust.life import Ack


@dataclass
class Outcome:
    """`tried` cuts; `done` counts acts by name; `bad` says what did not hold, and after which."""

    tried: int = 0
    done: Counter[str] = field(default_factory=Counter)
    bad: list[tuple[str, list[str]]] = field(default_factory=list)

    def add(self, where: str, acks: list[Ack], problems: list[str]) -> None:
        """One cut."""
        self.tried += 1
        self.done.update(ack.act for ack in acks)
        if problems:
            self.bad.append((where, problems))

    def figures(self, kind: str) -> dict[str, int]:
        """As `python -m bench trust` counts them."""
        return {f"tried_{kind}": self.tried, f"bad_{kind}": len(self.bad)}

    def __iadd__(self, other: Outcome) -> Outcome:
        self.tried += other.tried
        self.done += other.done
        self.bad += other.bad
        return self
