"""What the screen needs of a till."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pos.commands import Keymap, Mode
from pos.till.events import Event
from pos.till.view import View


class Counter(Protocol):
    """A till at work; `pos.till.till.Till` is one, tests have others."""

    def view(self) -> View:
        """What to paint; cheap."""

    def handle(self, event: Event) -> None:
        """One thing a person did."""

    @property
    def mode(self) -> Mode:
        """The mode input belongs to."""

    @property
    def keymap(self) -> Keymap:
        """Which key does what."""

    @property
    def busy(self) -> bool:
        """Input has to wait: the ledger is being opened, or the disk is waited for."""

    @property
    def quitting(self) -> bool:
        """The till is to be closed."""

    @property
    def free_text(self) -> bool:
        """The entry line takes any text."""

    def scanned(self) -> list[Event]:
        """What scanners that are no keyboards have read; asked after each `changed`."""

    def tick(self) -> None:
        """Once a second."""

    def goes_on_without(self, thread: str) -> bool:
        """There was an error in a thread: whether the till works on; then it tells the person."""

    def start(self, changed: Callable[[], None], beep: Callable[[], None]) -> None:
        """Begin, after the first paint. Both callbacks may come from any thread."""

    def stop(self) -> None:
        """Finish all writing."""
