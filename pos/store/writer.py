"""The `ledger` thread: every write of a running till goes through its queue, in order.

Heavy modules are imported inside the thread, so that the screen is painted before they load.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from pos.refusal import Refused
from pos.sale.order import Order

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

T = TypeVar("T")


class Writer:
    """Owns a Ledger in its own thread. Futures carry results, or Refused."""

    def __init__(self, opening: Callable[[], Ledger]) -> None:
        self._opening = opening
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._ledger: Ledger | None = None
        self._drafts: dict[str, tuple[Order, list[Future[Order]]]] = {}
        self._guard = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)

    def start(self) -> Future[Ledger]:
        """Start the thread; the future is done when the ledger is open."""
        opened: Future[Ledger] = Future()

        def work() -> None:
            self._ledger = self._opening()
            opened.set_result(self._ledger)

        self._put(work, opened)
        self._thread.start()
        return opened

    def submit(self, job: Callable[[Ledger], T]) -> Future[T]:
        """Run `job` in the thread after all that was submitted before."""
        done: Future[T] = Future()
        self._put(lambda: done.set_result(job(self._open())), done)
        return done

    def save_draft(self, order: Order) -> Future[Order]:
        """Save an order; saves of one order that wait are made one, the latest."""
        done: Future[Order] = Future()
        with self._guard:
            waiting = self._drafts.get(order.order_id)
            futures = waiting[1] if waiting else []
            futures.append(done)
            self._drafts[order.order_id] = (order, futures)
        if waiting is None:
            self._queue.put(lambda: self._save(order.order_id))
        return done

    def stop(self, timeout: float = 10.0) -> None:
        """Finish what is queued, close the ledger and end the thread."""
        if not self._thread.is_alive():
            return
        self._queue.put(None)
        self._thread.join(timeout)

    def _open(self) -> Ledger:
        if self._ledger is None:
            raise Refused("ledger_not_open")
        return self._ledger

    def _put(self, work: Callable[[], None], done: Future[Any]) -> None:
        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                done.set_exception(error)

        self._queue.put(guarded)

    def _save(self, order_id: str) -> None:
        with self._guard:
            order, futures = self._drafts.pop(order_id)
        try:
            self._open().save_draft(order)
        except BaseException as error:
            for done in futures:
                done.set_exception(error)
        else:
            for done in futures:
                done.set_result(order)

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            work()
            if self._queue.empty() and self._ledger is not None:
                self._ledger.witness()
        if self._ledger is not None:
            self._ledger.close()
