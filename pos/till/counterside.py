"""What stands on the counter beside the keyboard: scanners in threads, the scale, the display.

A scanner's code goes the way of the keyboard's; a scale that gives no weight leaves the question
open for fingers; a display that is away is missed by nobody but the customer.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pos.clock import Clock
from pos.config import Config
from pos.refusal import Refused
from pos.till.events import Entered, Event, Rejected

if TYPE_CHECKING:
    from pos.hardware.assembling import Noise, Scan
    from pos.hardware.display import CustomerDisplay, What
    from pos.hardware.scanner import Listener


class Counterside:
    """The devices of one till; nothing is started that config.toml does not name."""

    def __init__(self, config: Config, clock: Clock, changed: Callable[[], None]) -> None:
        self._config, self._clock, self._changed = config, clock, changed
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._listeners: list[Listener] = []
        self._display: CustomerDisplay | None = None
        self.troubles: dict[str, str] = {}
        """Devices that are away, with the word for why."""

    def start(self) -> None:
        """Begin to listen and to show."""
        settings = self._config.settings
        wired = {n: s for n, s in settings.scanners.items() if s.enabled and s.mode != "keyboard"}
        if wired:
            from pos.hardware.scanner import Listener

            for name, scanner in wired.items():
                listener = Listener(
                    name,
                    scanner,
                    self._clock.monotonic,
                    self._scanned,
                    self._noise,
                    partial(self._device, name),
                )
                self._listeners.append(listener)
                listener.start()
        if settings.display.enabled:
            from pos.hardware.display import CustomerDisplay

            self._display = CustomerDisplay(
                settings.display, lambda why: self._device("display", why)
            )
            self._display.start()

    def stop(self) -> None:
        """End all threads."""
        for listener in self._listeners:
            listener.stop()
        if self._display is not None:
            self._display.stop()

    def events(self) -> list[Event]:
        """What was scanned since last time, in order."""
        found = []
        while True:
            try:
                found.append(self._events.get_nowait())
            except queue.Empty:
                return found

    def show(self, what: What, fen: int = 0, note: str = "") -> None:
        """Let the customer see it; never waits."""
        if self._display is not None:
            from pos.hardware.display import Shown

            self._display.show(Shown(what, fen, note))

    def weigh(self) -> int:
        """Grams on the scale, at rest; blocks up to its `wait_ms`. Refused says why not."""
        from pos.hardware.scale import read_weight

        scale = self._config.settings.scale
        if not scale.enabled:
            raise Refused("scale_none")
        reading = read_weight(scale, self._clock.monotonic)
        if reading.milli is None:
            raise Refused(reading.fault)
        return reading.milli

    def _scanned(self, scan: Scan) -> None:
        text = f"]{scan.kind}{scan.text}" if scan.kind else scan.text
        self._events.put(Entered(text, burst=True))
        self._changed()

    def _noise(self, noise: Noise) -> None:
        self._events.put(Rejected(noise.fault))
        self._changed()

    def _device(self, name: str, why: str) -> None:
        if why:
            self.troubles[name] = why
        else:
            self.troubles.pop(name, None)
        self._changed()
