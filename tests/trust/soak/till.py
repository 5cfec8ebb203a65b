"""`python -m tests.trust.soak.till FILE PLANT run`: the till, its clock and its disk set by FILE.

FILE holds two doubles: seconds that are added to the machine's wall clock, and how many bytes the
till finds free at most when it looks. Nobody without privileges can fill a disk that others use,
so what the disk says is replaced, and nothing else. PLANT is `none`, or a
fault put in on purpose that the judge has to find: with every event `memory` keeps 64 kB, `slow`
works a little longer, and with every tenth `thread` leaves one behind and `file` one open.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pos import clock, system
from pos.store import faults

KEPT_BYTES = 65_536
SLOWER = 90e-9
"""Seconds that an event takes longer, times the square of the number of events before it: growing
by the event alone would hide behind a till that warms up in a short run."""
PLANTS = ("memory", "slow", "thread", "file")


HELD = struct.Struct("dd")


def set_by(file: Path) -> None:
    """From now on the wall clock is the machine's and what the file says; so is the free room."""
    with file.open("r+b") as opened:
        held = mmap.mmap(opened.fileno(), HELD.size)
    really_free = system.free_bytes

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=HELD.unpack(held[:])[0])

    def free_bytes(folder: Path) -> int:
        return int(min(really_free(folder), HELD.unpack(held[:])[1]))

    clock.system_clock = lambda: clock.Clock(now, time.monotonic)
    setattr(faults, "free_bytes", free_bytes)  # noqa: B010 - mypy sees it nowhere but in system


def plant(kind: str) -> None:
    """Put a fault into the till that is about to start."""
    from pos.till.till import Till

    kept: list[Any] = []
    right = Till.handle
    events = 0

    def now_and_then() -> None:
        if events % 10 == 0:
            _RARE[kind]()

    def handle(self: Till, event: Any) -> None:
        nonlocal events
        events += 1
        if kind == "memory":
            kept.append(os.urandom(KEPT_BYTES))
        elif kind == "slow":
            end = time.perf_counter() + events**2 * SLOWER
            while time.perf_counter() < end:
                pass
        else:
            now_and_then()
        right(self, event)

    Till.handle = handle  # type: ignore[method-assign]


def _leave_thread() -> None:
    threading.Thread(target=threading.Event().wait, daemon=True).start()


def _leave_file() -> None:
    os.open(os.devnull, os.O_RDONLY)


_RARE: dict[str, Callable[[], None]] = {"thread": _leave_thread, "file": _leave_file}


def main() -> None:
    """Set up, then do as `pos` does."""
    file, kind, *rest = sys.argv[1:]
    set_by(Path(file))
    if kind in PLANTS:
        plant(kind)
    from pos.cli import start

    sys.exit(start(rest))


if __name__ == "__main__":
    main()
