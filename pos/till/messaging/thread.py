"""The `messages` thread: it looks at what is on disk, keeps what is to be told, and sends it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from typing import TYPE_CHECKING, Any

from pos.clock import Clock
from pos.config import Config
from pos.messages import queue
from pos.messages.message import Message
from pos.messages.sending import Sender
from pos.store.reader import Reader
from pos.till.messaging import customers
from pos.till.messaging.desk import SEEN, Desk
from pos.till.messaging.looking import Looking
from pos.till.turning import Turning

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

Submit = Callable[[Callable[["Ledger"], Any]], Future[Any]]
LOOK_SECONDS = 20.0


class Messenger:
    """A till's messages at work; what was not sent when the program ended goes at its start."""

    def __init__(self, config: Config, clock: Clock, submit: Submit) -> None:
        self._config, self._clock, self._submit = config, clock, submit
        own = config.settings.messages
        repeat = customers.words_for(config).repeat
        self._sender = Sender(own, config.file.parent, repeat, clock.now)
        self._desk = Desk(config, clock, lambda job: submit(job).result())
        self._thread = Turning("messages", LOOK_SECONDS, self.turn)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Let the mail under way come to its end, if it does so soon."""
        self._thread.stop()
        self._sender.close()

    def look(self) -> None:
        """Something was put down: send it."""
        self._thread.look()

    def turn(self) -> int:
        """Look once, send what is due; how many were tried."""
        with closing(Reader(self._config.ledger)) as reader:
            head, kept = reader.head()[0], reader.meta(SEEN)
            # what was before messages were switched on is nobody's news
            seen = int(kept) if kept else head
            found: list[tuple[Message, str]] = [
                (message, "") for message in Looking(self._config, reader, self._clock).all(seen)
            ]
            found += customers.wanted(self._config, reader, seen)
        if found or head > seen or not kept:
            self._desk.add(found, head)
        return queue.work(self._desk, self._sender.send, self._clock.now)


def start_messages(config: Config, clock: Clock, submit: Submit) -> Messenger | None:
    """The thread at work; None where nothing is to be told, or somebody only trains."""
    if config.training or not config.settings.messages.on:
        return None
    messenger = Messenger(config, clock, submit)
    messenger.start()
    return messenger
