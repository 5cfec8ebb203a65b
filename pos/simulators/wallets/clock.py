"""The provider's clock: real until somebody sets it. Moments are seconds since 1970."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


class WalletClock:
    """Real time, or real time shifted, or standing still. Safe to use from several threads."""

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._lock = threading.Lock()
        self._shift = 0.0
        self._still: float | None = None

    def now(self) -> float:
        with self._lock:
            return self._still if self._still is not None else self._real() + self._shift

    def real(self) -> float:
        """The machine's own time, whatever this clock shows."""
        return self._real()

    def set(self, moment: float) -> None:
        """Stands still at `moment` from now on."""
        with self._lock:
            self._still = float(moment)

    def advance(self, seconds: float) -> None:
        """Goes forward; a clock that runs goes on running. Raises `ValueError` for a step back."""
        if seconds < 0:
            raise ValueError("the provider's clock does not go back")
        with self._lock:
            if self._still is not None:
                self._still += seconds
            else:
                self._shift += seconds

    def resume(self) -> None:
        """Runs on from what it shows."""
        with self._lock:
            if self._still is not None:
                self._shift, self._still = self._still - self._real(), None

    def reset(self) -> None:
        """Shows real time again."""
        with self._lock:
            self._shift, self._still = 0.0, None

    def state(self) -> dict[str, float | None]:
        with self._lock:
            return {"shift": self._shift, "still": self._still}

    def restore(self, state: dict[str, float | None]) -> None:
        with self._lock:
            self._shift, self._still = float(state["shift"] or 0.0), state["still"]


def beijing(moment: float) -> datetime:
    """The wall clock of both providers."""
    return datetime.fromtimestamp(moment, BEIJING)


def rfc3339(moment: float) -> str:
    """`2026-03-01T09:30:00+08:00`, the form WeChat Pay writes and reads."""
    return beijing(moment).replace(microsecond=0).isoformat()


def plain(moment: float) -> str:
    """`2026-03-01 09:30:00`, the form Alipay writes and both put in bills."""
    return beijing(moment).strftime("%Y-%m-%d %H:%M:%S")


def day_of(moment: float) -> str:
    """The day a bill puts a moment on: midnight to midnight in Beijing."""
    return beijing(moment).strftime("%Y-%m-%d")


def moment_of(text: str) -> float:
    """A moment from ISO text; without a zone it is Beijing time. Raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).timestamp()


def http_date(moment: float) -> str:
    """The form of the `Date` header."""
    return datetime.fromtimestamp(moment, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
