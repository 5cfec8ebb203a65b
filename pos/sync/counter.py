"""Questions to head office that a person at the counter waits for; one at a time, soon answered."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from pos.clock import Clock
from pos.config import Config

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.sync.link import Link
    from pos.sync.requests import Requests

T = TypeVar("T")
Submit = Callable[[Callable[["Ledger"], Any]], Future[Any]]


class Asking:
    """A line of its own, so that no question waits behind a batch. Loads when it is first used."""

    def __init__(self, config: Config, clock: Clock, submit: Submit) -> None:
        self._config, self._clock, self._submit = config, clock, submit
        self._pool: ThreadPoolExecutor | None = None
        self._link: Link | None = None
        self._requests: Requests | None = None

    def ask(self, question: Callable[[Requests], T]) -> Future[T]:
        """Ask in a thread of its own; the future carries the answer or Refused."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="between")
        return self._pool.submit(lambda: question(self._open()))

    def _open(self) -> Requests:
        if self._requests is None:
            from pos.sync.link import AT_ONCE, open_link
            from pos.sync.requests import Requests

            self._link = open_link(self._config, self._clock, AT_ONCE)
            self._requests = Requests(self._config, self._clock, self._link, self._submit)
        return self._requests

    def stop(self) -> None:
        """Let a question under way come to its end; it is bounded by its own patience."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        if self._link is not None:
            self._link.close()
