"""The thread that makes tables of the inbox, and keeps house now and then.

It may be killed at any moment and run beside others of its kind: what it has done and what is left
is in the database, and each piece of work is one transaction.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from pos.clock import local, stamp
from pos.headoffice.house import House
from pos.headoffice.invoicing.keeping import forget_told
from pos.headoffice.projecting import project_some
from pos.headoffice.streams import forget_versions
from pos.headoffice.tills import forget_nonces
from pos.protocol.problems import ProblemError

log = logging.getLogger("pos.headoffice")
_KEEP_VERSIONS = timedelta(days=35)
_POLL_SECONDS = 2.0
_HOUSEKEEPING_SECONDS = 60.0


def _keep_house(house: House) -> None:
    """Drop what has had its time: nonces, counts, marks of versions long gone."""
    forget_nonces(house)
    before = stamp(house.clock.now() - _KEEP_VERSIONS)
    house.database.run(lambda work: forget_versions(work, before))
    past = house.clock.now() - timedelta(days=house.settings.invoices.valid_days) - _KEEP_VERSIONS
    day, now = local(past).date().isoformat(), stamp(house.clock.now())
    house.database.run(lambda work: forget_told(work, day, now))


class Worker:
    """Projects what comes in. `poke` it when something came; it also looks by itself."""

    def __init__(self, house: House, counted: Callable[[str], None] = lambda _what: None) -> None:
        self._house = house
        self._counted = counted
        self._wake = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="projecting", daemon=True)
        self._thread.start()

    def poke(self) -> None:
        """Something came in."""
        self._wake.set()

    def stop(self) -> None:
        """End after the piece of work at hand."""
        self._ended = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        kept_house = float("-inf")
        while not self._ended:
            self._wake.wait(_POLL_SECONDS)
            self._wake.clear()
            try:
                while not self._ended and project_some(self._house, self._counted):
                    pass
                now = self._house.clock.monotonic()
                if now - kept_house >= _HOUSEKEEPING_SECONDS:
                    _keep_house(self._house)
                    kept_house = now
            except ProblemError as problem:  # the database is away; it is asked again
                log.warning("projecting waits: %s", problem.detail)
            except Exception:
                log.exception("projecting failed")
