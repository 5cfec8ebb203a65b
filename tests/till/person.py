"""Somebody at the till: acts, waits for the disk, reads the screen's view."""

from __future__ import annotations

import threading
from pathlib import Path

from pos.access.signing import Gate
from pos.commands import Mode
from pos.config import load
from pos.till.events import Acted, Entered, Event
from pos.till.till import Surroundings, Till
from pos.till.view import MessageView, OrderView, View
from tests.shop import PIN, CheapPins, Shop


class Person:
    """Works a till without a screen."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.beeps = 0
        config = load(shop.config_file)
        self.till = Till(Surroundings(config, shop.hands.clock(), shop.ids, "test"))
        self.till._gate = Gate(CheapPins(Path(config.pepper).read_bytes()), config.settings)
        self._news = threading.Event()
        self.till.start(self._news.set, self._beep)
        self.wait()

    def _beep(self) -> None:
        self.beeps += 1

    def wait(self) -> None:
        """Until nothing is waited for and the order shown is the newest."""
        while True:
            self._news.clear()
            if not self.till.busy and self.till.state.order == self.till.state.shown:
                return
            if self.till.quitting:
                return
            assert self._news.wait(10), "the till hangs"

    def does(self, event: Event) -> View:
        """One act and its outcome."""
        self.till.handle(event)
        self.wait()
        return self.till.view()

    def scan(self, *codes: str) -> View:
        """Scan codes."""
        for code in codes:
            self.does(Entered(code, burst=True))
        return self.till.view()

    def enter(self, text: str = "") -> View:
        """Type and press Enter."""
        return self.does(Entered(text))

    def key(self, command: str, text: str = "") -> View:
        """Press a command's key after typing `text`."""
        return self.does(Acted(command, text))

    def sign_in(self, who: str = "1001") -> View:
        """Sign in with the right PIN."""
        self.enter(who)
        return self.enter(PIN[who])

    def approve(self, who: str = "2001", reason: str = "1") -> View:
        """Somebody else approves."""
        self.enter(who)
        self.enter(PIN[who])
        return self.enter(reason)

    def mode(self) -> Mode:
        """The mode the till is in now."""
        return self.till.mode

    @property
    def order(self) -> OrderView:
        """The order on the screen."""
        found = self.till.view().order
        assert found is not None
        return found

    @property
    def message(self) -> MessageView:
        """The message on the screen."""
        found = self.till.view().message
        assert found is not None, "no message"
        return found

    def leave(self) -> None:
        """Switch the till off as it should be."""
        self.till.stop()
