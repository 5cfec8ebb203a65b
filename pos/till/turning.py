"""A thread behind the till that does its work again and again, whatever goes wrong with it once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from pos.refusal import Refused

STOP_SECONDS = 5.0


def report(error: Exception) -> None:
    """Tell of an error that nobody expected as one that ends a thread is told of; this goes on."""
    told = (type(error), error, error.__traceback__, threading.current_thread())
    threading.excepthook(threading.ExceptHookArgs(told))


class Turning:
    """Calls `turn` at once, when woken, and after so many `seconds` without."""

    def __init__(self, name: str, seconds: float, turn: Callable[[], object]) -> None:
        self._seconds, self._turn = seconds, turn
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def look(self) -> None:
        """From any thread: something may be due."""
        self._wake.set()

    def stop(self) -> bool:
        """Let the turn under way come to its end, if it does so soon; whether it did."""
        self._stop.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with suppress(Refused):  # the disk refused or the ledger closes: what is due stays
                    self._turn()
            except Exception as error:
                report(error)
            self._wake.wait(self._seconds)
            self._wake.clear()
