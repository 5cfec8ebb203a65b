"""One visit: how the till is, what waits goes up, what is new comes down, requests find an end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import closing
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from pos.clock import Clock, stamp
from pos.config import Config
from pos.protocol.master import STREAMS, Stream
from pos.protocol.records import Pulse
from pos.refusal import Refused
from pos.store import incoming
from pos.store.reader import Reader
from pos.sync.directory import Directory
from pos.sync.link import Link
from pos.sync.receiving import Receiver
from pos.sync.requests import Requests
from pos.sync.sending import Sender
from pos.sync.staging import Initials
from pos.sync.status import Status
from pos.sync.trouble import LinkFailed

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

Submit = Callable[[Callable[["Ledger"], Any]], Future[Any]]


class Visitor:
    """Everything a till says to head office behind the counter, over one link, in one thread."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        link: Link,
        submit: Submit,
        initials: Initials,
        told: Callable[[Status], None] = lambda _status: None,
    ) -> None:
        self._config, self._clock, self._link, self._told = config, clock, link, told
        self._submit = submit
        self._sender = Sender(config, clock, link, submit)
        self._receiver = Receiver(config, link, submit, initials)
        self._requests = Requests(config, clock, link, submit)
        self._directory = Directory(config, link, submit)
        self._conflicts = 0

    def beat(self, status: Status) -> Status:
        """Say how the till is; bring down what changed. LinkFailed where nobody answers."""
        pulse = self._sender.beat()
        recovery = self._sender.recovery
        status = self._well(status)
        status = replace(
            status,
            holds=pulse.holds,
            epoch=pulse.epoch,
            recovered=recovery.came,
            strange=recovery.anew + recovery.strange,
        )
        self._requests.settle(pulse.open)
        self._directory.tell()
        return self._receive(status, _streams(pulse))

    def _receive(self, status: Status, streams: Iterable[Stream]) -> Status:
        """What cannot be put in is told and tried again; it stops no record on its way up."""
        for stream in streams:
            try:
                self._receiver.pull(stream)
            except Refused as refused:
                values = {name: str(value) for name, value in refused.values.items()}
                return replace(status, trouble=refused.code, trouble_values=values)
            except LinkFailed as failed:
                if failed.kind != "told" or failed.final:
                    raise
                told: dict[str, str | int] = {"status": failed.status, "words": failed.words}
                return replace(status, trouble=failed.code, trouble_values=told)
        return replace(status, trouble="", trouble_values={})

    def send(self, status: Status, on: Callable[[], bool], pause: float = 0.0) -> Status:
        """Send all that waits, while `on()`. Between batches the till's own threads come first."""
        while on():
            sent = self._sender.send()
            if sent.records or sent.refused:
                self._conflicts += sent.conflicts
                status = replace(self._well(status), stage="sending", conflicts=self._conflicts)
                self._told(status)
            if not sent.left:
                break
            if pause:
                time.sleep(pause)
        self._requests.settle()  # what was used or let go just now; the beat's turn may be far off
        return replace(self._well(status), stage="idle")

    def prices(self) -> str:
        """Have prices hold whose time came; when the next one's time comes, empty for none."""
        return put_due_prices(self._config, self._clock, self._submit)

    def _well(self, status: Status) -> Status:
        skew = self._link.skew or 0
        return replace(
            status, stage="idle", code="", values={}, at=stamp(self._clock.now()), skew=skew
        )


def put_due_prices(config: Config, clock: Clock, submit: Submit) -> str:
    """Have prices hold whose time came; when the next one's time comes, empty for none."""
    now = stamp(clock.now())
    with closing(Reader(config.ledger)) as reader:
        due = incoming.prices_due(reader, now)
        following = incoming.next_price(reader, now)
    if due:
        submit(incoming.put_prices).result()
    return following


def _streams(pulse: Pulse) -> list[Stream]:
    """Streams with news, the chain's first: a shop's price needs the chain's product."""
    return [stream for stream in STREAMS if stream in pulse.changed]
