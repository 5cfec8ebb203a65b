"""The `sync` thread of a running till: behind everything, poked by each close, stopped by nothing.

The HTTP client and compression load here, some seconds after the first paint.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from pos.clock import Clock, moment_of
from pos.config import Config
from pos.refusal import Refused
from pos.sync.pacing import Backoff
from pos.sync.status import Status
from pos.sync.trouble import LinkFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pos.store.ledger import Ledger
    from pos.sync.link import Link
    from pos.sync.visiting import Visitor

    Initials = Callable[[Sequence[str]], dict[str, tuple[str, ...]]]

Submit = Callable[[Callable[["Ledger"], Any]], Future[Any]]
SETTLE_SECONDS = 3.0
"""The first customer goes before the first visit."""
DRAW_BREATH = 0.3
"""A close pokes; its receipt goes before its record."""
PAUSE_SECONDS = 0.02
"""Between two batches of a long drain."""
STOPPED_SECONDS = 1800.0
"""A till that is not let in asks again this often by itself: somebody may have helped there."""
LOOK_SECONDS = 30.0
STOP_SECONDS = 3.0


class Worker:
    """Sends and receives while the till runs."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        submit: Submit,
        told: Callable[[], None],
        initials: Initials,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """`told` is called from the thread when `status` changed."""
        self._config, self._clock, self._submit, self._told = config, clock, submit, told
        self._initials = initials
        self._backoff = Backoff(draw)
        self._wake, self._stop = threading.Event(), threading.Event()
        self._poked = self._at_once = False
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._link: Link | None = None
        self.status = Status()
        self.settle_seconds = SETTLE_SECONDS

    def start(self) -> None:
        """Begin, some seconds from now."""
        self._thread.start()

    def poke(self) -> None:
        """From any thread: there is something to send."""
        self._poked = True
        self._wake.set()

    def now(self) -> None:
        """From any thread: a person wants it tried at once, whatever it waits for."""
        self._at_once = True
        self._wake.set()

    def stop(self) -> None:
        """End; what is under way is asked for again next time."""
        self._stop.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        self._wake.wait(self.settle_seconds)
        last_beat = float("-inf")
        while not self._stop.is_set():
            self._at_once = self._poked = False
            self._wake.clear()
            poll = float(self._config.settings.headoffice.poll_seconds)
            beat = self._clock.monotonic() - last_beat >= poll or not self.status.online
            wait = self._visit(beat=beat, poll=poll)
            if beat and self.status.online:
                last_beat = self._clock.monotonic()
            self._sleep(wait)
            if self._at_once:
                last_beat = float("-inf")
        if self._link is not None:
            self._link.close()

    def _visit(self, *, beat: bool, poll: float) -> float:
        """Visit head office; seconds until the next time."""
        try:
            visitor = self._visitor()
            if beat:
                self._tell(visitor.beat(self.status))
            self._tell(visitor.send(self.status, self._on, PAUSE_SECONDS))
        except LinkFailed as failed:
            return self._failed(failed.refused(), failed.retry_after, final=failed.final)
        except Refused as refused:
            return self._failed(refused, 0.0, final=False)
        except Exception as error:  # whatever it was, this thread goes on and says so
            why = f"{type(error).__name__}: {error}"[:200]
            return self._failed(Refused("ho_broken", why=why), 0.0, final=False)
        self._backoff.reset()
        return poll

    def _failed(self, refused: Refused, at_least: float, *, final: bool) -> float:
        values: dict[str, str | int] = {
            name: value if isinstance(value, int) else str(value)
            for name, value in refused.values.items()
        }
        stage = "stopped" if final else "waiting"
        self._tell(replace(self.status, stage=stage, code=refused.code, values=values))
        return STOPPED_SECONDS if final else self._backoff.failed(at_least)

    def _visitor(self) -> Visitor:
        from pos.sync.link import open_link
        from pos.sync.visiting import Visitor

        if self._link is None:
            self._link = open_link(self._config, self._clock)
            self._made = Visitor(
                self._config, self._clock, self._link, self._submit, self._initials, self._tell
            )
        return self._made

    def _on(self) -> bool:
        return not self._stop.is_set()

    def _tell(self, status: Status) -> None:
        if status != self.status:
            self.status = status
            self._told()

    def _sleep(self, seconds: float) -> None:
        """Wait; prices whose time comes meanwhile begin to hold, online or not."""
        until = self._clock.monotonic() + seconds
        while not self._stop.is_set():
            due = self._until_next_price()
            left = until - self._clock.monotonic()
            if left <= 0:
                return
            self._wake.wait(max(0.05, min(left, due, LOOK_SECONDS)))
            if self._at_once or (self._poked and self.status.online):
                self._stop.wait(DRAW_BREATH)
                return
            self._wake.clear()

    def _until_next_price(self) -> float:
        from pos.sync.visiting import put_due_prices

        try:
            following = put_due_prices(self._config, self._clock, self._submit)
        except Refused:
            return LOOK_SECONDS
        if not following:
            return LOOK_SECONDS
        return (moment_of(following) - self._clock.now()).total_seconds()
