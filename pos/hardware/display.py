"""The customer display: eight digits with lamps, or two lines of twenty characters.

Sources: LED8 of Chinese counters (`ESC Q A` digits, `ESC s` lamp); CD5220 command set of VFD
displays (`ESC Q A`, `ESC Q B`). Both are given numbers and ASCII alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal

import msgspec

from pos.devices import Display
from pos.hardware.device_file import SerialLine
from pos.hardware.transport import Broken, Unreachable

What = Literal["price", "total", "paid", "change", "clear"]

_LINE = 20
_DIGITS = 8
_LAMPS: dict[What, int] = {"clear": 0, "price": 1, "total": 2, "paid": 3, "change": 4}
_NAMES: dict[What, str] = {
    "price": "PRICE",
    "total": "TOTAL",
    "paid": "PAID",
    "change": "CHANGE",
    "clear": "",
}
BAUDRATES = {"led8": 2400, "vfd": 9600}
_WRITE_SECONDS = 1.0
_AGAIN_SECONDS = 5.0


class Shown(msgspec.Struct, frozen=True):
    """What the customer sees: an amount in fen, and for a price what it is of (`500ml x 2`)."""

    what: What
    fen: int = 0
    note: str = ""


def frame(display: Display, shown: Shown) -> bytes:
    """The bytes that show it on a display of this kind."""
    return _led8(display, shown) if display.protocol == "led8" else _vfd(display, shown)


def _led8(display: Display, shown: Shown) -> bytes:
    lamp = _LAMPS[shown.what]
    lit = {
        "ascii": b"\x1bs" + str(lamp).encode(),
        "binary": b"\x1bs" + bytes((lamp,)),
        "none": b"",
    }[display.lamp]
    if shown.what == "clear":
        return b"\x0c" + lit
    return b"\x1bQA" + _amount(shown.fen).encode() + b"\r" + lit


def _amount(fen: int) -> str:
    """Yuan in at most eight digits (the point takes none); dashes where it does not fit."""
    sign, whole = ("-" if fen < 0 else ""), abs(fen)
    text = f"{sign}{whole // 100}.{whole % 100:02d}"
    return text if len(text) - 1 <= _DIGITS else "-" * _DIGITS


def _vfd(display: Display, shown: Shown) -> bytes:
    if shown.what == "clear":
        return b"\x0c" + _row(b"A", _ascii(display.welcome).center(_LINE))
    sign, whole = ("-" if shown.fen < 0 else ""), abs(shown.fen)
    amount = f"{sign}{whole // 100}.{whole % 100:02d}"
    name = _NAMES[shown.what]
    lower = name + amount.rjust(_LINE - len(name))
    return _row(b"A", _ascii(shown.note)[:_LINE].ljust(_LINE)) + _row(b"B", lower)


def _row(which: bytes, text: str) -> bytes:
    return b"\x1bQ" + which + text[:_LINE].encode("ascii") + b"\r"


def _ascii(text: str) -> str:
    """What such a display can show of a text: printable ASCII, the rest left out."""
    return " ".join("".join(c if " " <= c <= "~" else " " for c in text).split())


class CustomerDisplay:
    """A thread `display` that shows the newest thing; older ones that wait are skipped.

    `show` never waits. A display that is away is looked for again every few seconds;
    `on_change` (called in the thread) gets an empty reason when it is there, else a word.
    """

    def __init__(self, display: Display, on_change: Callable[[str], None]) -> None:
        self._display, self._on_change = display, on_change
        baudrate = display.baudrate or BAUDRATES[display.protocol]
        self._line = SerialLine(display.device, baudrate)
        self._waiting: Shown | None = None
        self._stopped = False
        self._told: str | None = None
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="display", daemon=True)

    def start(self) -> None:
        """Begin; the display is cleared."""
        self.show(Shown("clear"))
        self._thread.start()

    def show(self, shown: Shown) -> None:
        """Show this instead of what is there or waits."""
        with self._news:
            self._waiting = shown
            self._news.notify()

    def stop(self, seconds: float = 2.0) -> bool:
        """End the thread; whether it ended in time."""
        with self._news:
            self._stopped = True
            self._news.notify()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while (shown := self._next()) is not None:
                try:
                    self._put(frame(self._display, shown))
                    self._tell("")
                except (Unreachable, Broken) as error:
                    self._line.close()
                    self._tell(error.code)
                    self._keep(shown)
        finally:
            self._line.close()

    def _next(self) -> Shown | None:
        with self._news:
            while self._waiting is None and not self._stopped:
                self._news.wait()
            shown, self._waiting = self._waiting, None
            return None if self._stopped else shown

    def _keep(self, shown: Shown) -> None:
        """Wait a while, or for something newer; then what was not shown is tried again."""
        with self._news:
            if self._waiting is None and not self._stopped:
                self._news.wait(_AGAIN_SECONDS)
            if self._waiting is None:
                self._waiting = shown

    def _put(self, data: bytes) -> None:
        if self._line.fd < 0:
            self._line.open()
        view = memoryview(data)
        while view:
            taken = self._line.write(view, _WRITE_SECONDS)
            if not taken:
                raise Broken("device_write_timeout")
            view = view[taken:]

    def _tell(self, reason: str) -> None:
        if reason != self._told:
            self._told = reason
            self._on_change(reason)
