"""The front page, which stands before the till's own modules are loaded.

A cashier who switches the till on sees where to type at once; what is typed meanwhile is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos.commands import Keymap, Mode, shown_key
from pos.config import Config
from pos.refusal import Refused
from pos.till.events import Event
from pos.till.view import FooterKey, HeaderView, MessageView, PromptView, SignInView, View
from pos.words import CATALOGUE
from pos.words.commands import act

if TYPE_CHECKING:
    from pos.clock import Clock
    from pos.ids import Ids
    from pos.till.till import Till


def page(config: Config) -> SignInView:
    """The front page of a till."""
    words, settings = CATALOGUE[config.settings.till.language].counter, config.settings
    till = words.till.format(id=settings.till.id)
    return SignInView(settings.shop.name, till, (words.sign_in_hint,))


class Front:
    """A till that loads when it is started; until then it shows the front page."""

    def __init__(self, config: Config, make: Callable[[Config], Till]) -> None:
        self._config = self._real = config
        self._make = make
        self._changed: Callable[[], None] = lambda: None
        self._beep: Callable[[], None] = lambda: None
        self.till: Till | None = None

    def view(self) -> View:
        """What to paint."""
        return self.till.view() if self.till else self._first()

    def handle(self, event: Event) -> None:
        """One thing a person did."""
        if self.till:
            self.till.handle(event)
            self._switch()

    @property
    def mode(self) -> Mode:
        """The mode input belongs to."""
        return self.till.mode if self.till else "signing"

    @property
    def keymap(self) -> Keymap:
        """Which key does what."""
        return self._config.keymap

    @property
    def busy(self) -> bool:
        """Input waits until the till is there, and then for the disk."""
        return self.till is None or self.till.busy

    @property
    def quitting(self) -> bool:
        """The till is to be closed."""
        return self.till is not None and self.till.quitting

    @property
    def free_text(self) -> bool:
        """Whether any text may be typed now."""
        return self.till is not None and self.till.free_text

    def scanned(self) -> list[Event]:
        """What was scanned meanwhile."""
        return self.till.scanned() if self.till else []

    def tick(self) -> None:
        """Once a second."""
        if self.till:
            self.till.tick()
            self._switch()

    def goes_on_without(self, thread: str) -> bool:
        """Whether the till works on after an error in that thread."""
        return self.till is not None and self.till.goes_on_without(thread)

    def start(self, changed: Callable[[], None], beep: Callable[[], None]) -> None:
        """Load the till and open its ledger."""
        self._changed, self._beep = changed, beep
        self.till = self._make(self._config)
        self.till.start(changed, beep)

    def train(self, clock: Clock, ids: Ids) -> None:
        """Begin with training, before anything is shown: on record in the real ledger."""
        from pos.record import Where
        from pos.till import training
        from pos.till.opening import open_ledger

        ledger = open_ledger(self._real, clock, ids, "pos run --training")
        try:
            training.begin(ledger, Where("", "", ""))
        finally:
            ledger.close()
        self._config = training.training_of(self._real)
        training.prepare(self._config, self._real, clock, ids)

    def _switch(self) -> None:
        """From selling to training or back, where that was allowed: another till stands here."""
        old = self.till
        if old is None or not old.leaving:
            return
        from pos.till import training

        old.stop()
        self._config, trouble = self._real, None
        if not old.config.training:
            config = training.training_of(self._real)
            try:
                training.prepare(config, self._real, old.clock, old.ids)
                self._config = config
            except Refused as refused:
                trouble = refused
        self.start(self._changed, self._beep)
        if trouble is not None and self.till is not None:
            self.till.refuse(trouble)
        self._changed()

    def stop(self) -> None:
        """Finish all writing."""
        if self.till:
            self.till.stop()

    def _first(self) -> View:
        settings, words = self._config.settings, CATALOGUE[self._config.settings.till.language]
        counter, keymap = words.counter, self._config.keymap
        header = HeaderView(
            shop=settings.shop.name or counter.shop.format(id=settings.shop.id),
            till=counter.till.format(id=settings.till.id),
            operator="",
            business_date="",
            network=counter.no_network,
            printer="",
            unsent="",
        )
        footer = tuple(
            FooterKey(shown_key(keymap.key_of(c.id)), act(words.commands, c.id).name, True)
            for c in keymap.footer("signing")
        )
        return View(
            mode="signing",
            header=header,
            prompt=PromptView(counter.operator_id, counter.sign_in_hint),
            footer=footer,
            panel=page(self._config),
            message=MessageView(counter.starting, "info"),
            busy=True,
        )
