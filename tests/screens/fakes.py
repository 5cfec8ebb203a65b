"""A counter without a till behind it: it remembers what reaches it and shows what it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec.structs import replace

from pos.commands import Keymap, Mode, keymap
from pos.till.events import Event
from pos.till.view import LineView, OrderView, View
from tests.screens.samples import sale


@dataclass
class FakeCounter:
    """Every entered code becomes a line; `view` may be set by a test."""

    seen: View = field(default_factory=lambda: sale(0))
    keymap: Keymap = field(default_factory=keymap)
    busy: bool = False
    quitting: bool = False
    free_text: bool = False
    events: list[Event] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    started: int = 0
    stopped: int = 0
    ticks: int = 0
    changed: Callable[[], None] = lambda: None
    beep: Callable[[], None] = lambda: None
    on_event: Callable[[Event], None] = lambda event: None

    @property
    def mode(self) -> Mode:
        """The mode of the view."""
        return self.seen.mode

    def view(self) -> View:
        """What to paint."""
        return self.seen

    def handle(self, event: Event) -> None:
        """Remember."""
        self.events.append(event)
        self.on_event(event)

    def add_line(self, name: str) -> None:
        """One more line of an order, selected."""
        order = self.seen.order
        lines = order.lines if order else ()
        new = LineView(len(lines) + 1, name, name, "1", "2.00", "2.00", "2.00")
        whole = OrderView((*lines, new), len(lines), str(len(lines) + 1), "2.00", "0.00", "2.00")
        self.seen = replace(self.seen, order=whole)

    def scanned(self) -> list[Event]:
        return []

    def tick(self) -> None:
        """A second."""
        self.ticks += 1

    def goes_on_without(self, thread: str) -> bool:
        """Remember; only what prints works behind."""
        self.without.append(thread)
        return thread.startswith("spool:")

    def start(self, changed: Callable[[], None], beep: Callable[[], None]) -> None:
        """Remember the callbacks."""
        self.started += 1
        self.changed, self.beep = changed, beep

    def stop(self) -> None:
        """Count."""
        self.stopped += 1
