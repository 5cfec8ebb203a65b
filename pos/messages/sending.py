"""All ways out behind one call; a way that is set up wrongly holds back its own messages only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pos.messages.message import Later, Message, Outcome, Rejected
from pos.messages.settings import MessageSettings
from pos.refusal import Refused

if TYPE_CHECKING:
    from pos.messages.hooks import Hooks
    from pos.messages.mail import Mailer


class Sender:
    """Sends a message by the way it names. For one named thread."""

    def __init__(
        self, settings: MessageSettings, folder: Path, repeat: str, now: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._repeat = repeat
        self._now = now
        self._mailer: Mailer | None = None
        self._hooks: dict[str, Hooks] = {}

    def send(self, message: Message, doubtful: bool) -> Outcome:
        """One try. Settings that are missing make it wait: somebody may mend them."""
        # loaded by the thread that sends: a till starts without them
        from pos.messages.hooks import Hooks
        from pos.messages.mail import Mailer

        try:
            if message.channel == "mail":
                self._mailer = self._mailer or Mailer(
                    self._settings.mail, self._folder, self._repeat
                )
                return self._mailer.send(message, doubtful, self._now())
            if message.to not in self._settings.hooks:
                return Rejected(f"no hook {message.to}"[:60])
            if message.to not in self._hooks:
                own = self._settings.hooks[message.to]
                self._hooks[message.to] = Hooks(own, self._folder, self._repeat)
            return self._hooks[message.to].send(message, doubtful, self._now())
        except Refused as refused:
            return Later(refused.code)

    def close(self) -> None:
        """Close what is open."""
        for hook in self._hooks.values():
            hook.close()
