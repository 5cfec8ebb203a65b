"""`python -m tests.trust.soak.till FILE PLANT run`: the till, with a clock that FILE sets.

FILE holds one double: seconds that are added to the machine's wall clock. PLANT is `none`, or a
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

from pos import clock

KEPT_BYTES = 65_536
SLOWER = 20e-6
"""Seconds that each event takes longer than the one before."""
PLANTS = ("memory", "slow", "thread", "file")


def set_by(file: Path) -> None:
    """From now on the wall clock is the machine's and what the file says."""
    with file.open("r+b") as opened:
        held = mmap.mmap(opened.fileno(), 8)

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=struct.unpack("d", held[:8])[0])

    clock.system_clock = lambda: clock.Clock(now, time.monotonic)


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
            end = time.perf_counter() + events * SLOWER
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
