"""What is written down when the till fails: where, and nothing about a customer."""

from __future__ import annotations

import os
import time
import traceback
from pathlib import Path

from pos.text import harmless, masked


def record(log: Path, error: BaseException | None, told: str = "") -> bool:
    """Append the error to `log` (owner only), without local variables. False if that fails too."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S%z")
    lines = traceback.format_exception(error) if error is not None else []
    text = harmless(masked("".join([told, *lines]).rstrip()))
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{stamp} pid {os.getpid()}\n{text}\n\n")
    except OSError:
        return False
    return True
