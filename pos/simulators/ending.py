"""A simulator works until somebody ends it."""

from __future__ import annotations

import signal
import threading

_LOOK_SECONDS = 0.2


class End:
    """SIGTERM or Ctrl-C, from now on. To be made in the main thread."""

    def __init__(self) -> None:
        self._told = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._told.set())

    def wait(self) -> None:
        """Until then. A handler runs between two steps of Python: of a signal that comes as the
        wait begins a wait without end would hear nothing."""
        while not self._told.wait(_LOOK_SECONDS):
            pass
