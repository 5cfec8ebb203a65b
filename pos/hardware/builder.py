"""python-escpos as a builder of bytes, and what its import would leave behind taken away."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
from typing import Protocol, cast

_VARIABLE = "ESCPOS_CAPABILITIES_PICKLE_DIR"
_lock = threading.Lock()


class Builder(Protocol):
    """What is used of `escpos.printer.Dummy`: the commands it makes right."""

    @property
    def output(self) -> bytes:
        """All bytes so far."""

    def clear(self) -> None:
        """Begin anew."""

    def _raw(self, msg: bytes) -> None: ...

    def hw(self, hw: str) -> None:
        """`ESC @`, by the word INIT."""

    def line_spacing(self, spacing: int | None) -> None:
        """Dots from line to line, None for the printer's own."""

    def print_and_feed(self, n: int) -> None:
        """Feed `n` lines."""

    def qr(self, content: str, ec: int, size: int, *, native: bool) -> None:
        """A QR code drawn by the printer."""

    def cashdraw(self, pin: list[int]) -> None:
        """The drawer's pulse, as bytes."""

    def buzzer(self, times: int, duration: int) -> None:
        """Beeps."""


def builder() -> Builder:
    """A new builder. The first call loads the library (0.2 s): call it in a printer's thread."""
    with _lock:
        if "escpos.printer" not in sys.modules:
            _load()
    from escpos.printer import Dummy  # type: ignore[import-untyped]

    return cast(Builder, Dummy())


def _load() -> None:
    """Import escpos without its handler on the root logger and its folder in the temp folder.

    `logging.basicConfig()` does nothing where a handler is there; the folder is made by
    `mkdtemp()` even where the variable names another, and is known only without the variable.
    """
    root, silent = logging.getLogger(), logging.NullHandler()
    kept = os.environ.pop(_VARIABLE, None)
    root.addHandler(silent)
    try:
        from escpos import capabilities, printer  # type: ignore[import-untyped]  # noqa: F401

        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    finally:
        root.removeHandler(silent)
        if kept is not None:
            os.environ[_VARIABLE] = kept
