"""How long to wait before head office is tried again."""

from __future__ import annotations

from collections.abc import Callable

BASE_SECONDS = 2.0
CAP_SECONDS = 300.0


class Backoff:
    """Full jitter: a random part of a ceiling that doubles up to a cap, so that a thousand tills do
    not come back at the same moment. A wait that head office asks for is the least."""

    def __init__(self, draw: Callable[[], float]) -> None:
        """`draw` gives a number from 0 to 1."""
        self._draw = draw
        self.failures = 0

    def reset(self) -> None:
        """It worked."""
        self.failures = 0

    def failed(self, at_least: float = 0.0) -> float:
        """Seconds to wait after one more failure."""
        ceiling = min(CAP_SECONDS, BASE_SECONDS * 2.0 ** min(self.failures, 16))
        self.failures += 1
        return max(at_least, self._draw() * ceiling)
