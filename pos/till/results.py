"""What came of a job in another thread, taken in by the screen's own."""

from __future__ import annotations

import queue
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from pos.refusal import Refused

T = TypeVar("T")


class Results:
    """Results in the order they came. `changed` is called from any thread when there is one;
    `refuse` tells what a `good` would not take; `waiting` counts what input has to wait for."""

    def __init__(self, changed: Callable[[], None], refuse: Callable[[Refused], None]) -> None:
        self.waiting = 0
        self._changed, self._refuse = changed, refuse
        self._done: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def put(self, act: Callable[[], None]) -> None:
        """From any thread: do it in the screen's."""
        self._done.put(act)
        self._changed()

    def settle(self) -> None:
        """Take in all there is."""
        while True:
            try:
                self._done.get_nowait()()
            except queue.Empty:
                return

    def follow(
        self, future: Future[T], good: Callable[[T], None], bad: Callable[[Refused], None]
    ) -> None:
        """Have `good` or `bad` take what came of a job; nobody waits."""
        future.add_done_callback(lambda done: self.put(partial(self._take, done, good, bad)))

    def wait(
        self, future: Future[T], good: Callable[[T], None], bad: Callable[[Refused], None]
    ) -> None:
        """As `follow`; `waiting` counts it until then."""
        self.waiting += 1

        def came(result: T) -> None:
            self.waiting -= 1
            good(result)

        def failed(refused: Refused) -> None:
            self.waiting -= 1
            bad(refused)

        self.follow(future, came, failed)

    def _take(
        self, future: Future[Any], good: Callable[[Any], None], bad: Callable[[Refused], None]
    ) -> None:
        error = future.exception()
        if error is None:
            try:
                good(future.result())
            except Refused as refused:
                self._refuse(refused)
        elif isinstance(error, Refused):
            bad(error)
        else:
            raise error
