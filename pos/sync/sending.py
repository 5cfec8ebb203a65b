"""One visit to head office: how the till is, what waits, what came of it.

Works on the ledger through `submit`, so that the one thread that writes stays the one that writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from pos import __version__
from pos.clock import Clock, stamp
from pos.config import Config
from pos.protocol import MAX_BATCH
from pos.protocol.master import STREAMS
from pos.protocol.records import Heartbeat, OwnRecords, Pulse, Receipt
from pos.store import epochs, outbox
from pos.store.outbox import Outgoing, Refusal
from pos.store.reader import Reader
from pos.sync import batches
from pos.sync.link import Link
from pos.sync.trouble import LinkFailed

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

Submit = Callable[[Callable[["Ledger"], Any]], Future[Any]]
WAIT_SECONDS = 60.0
CURSOR = "cursor_"


class Sent(msgspec.Struct, frozen=True):
    """What a visit did. `left`: there is more to send."""

    records: int = 0
    refused: int = 0
    conflicts: int = 0
    left: bool = False


class Sender:
    """Speaks for one till in one thread."""

    def __init__(self, config: Config, clock: Clock, link: Link, submit: Submit) -> None:
        self._config, self._clock, self._link, self._submit = config, clock, link, submit
        self._most = MAX_BATCH
        self.recovery = epochs.Recovery()

    def _write(self, job: Callable[[Ledger], Any]) -> Any:
        return self._submit(job).result(WAIT_SECONDS)

    def beat(self) -> Pulse:
        """Tell head office how the till is; where this ledger lost records, begin a new life."""
        with closing(Reader(self._config.ledger)) as reader:
            told = self._heartbeat(reader)
            before = outbox.water(reader)
        pulse = self._link.ask("POST", "/v1/heartbeat", Pulse, told)
        now = batches.waters(pulse.high_water)
        if pulse.state != "current":
            self._begin_anew(told, pulse.state, pulse.next_epoch)
        elif (place := outbox.fallen(before, now)) is not None:
            self._write(lambda ledger: outbox.rewind(ledger, place, now))
        self._fetch_own()
        return pulse

    def _heartbeat(self, reader: Reader) -> Heartbeat:
        jn, _ = reader.head()
        pending, refused, oldest = outbox.counts(reader)
        settings = self._config.settings
        return Heartbeat(
            shop=settings.shop.id,
            till=settings.till.id,
            epoch=int(reader.meta("epoch")),
            ledger_id=reader.meta("ledger_id"),
            jn=jn,
            hash=reader.record_hash(jn) if jn else "",
            pending=pending,
            rejected=refused,
            oldest=oldest,
            version=__version__,
            clock=stamp(self._clock.now()),
            cursors={stream: reader.meta(CURSOR + stream) for stream in STREAMS},
        )

    def _begin_anew(self, told: Heartbeat, why: epochs.Why, epoch: int) -> None:
        """Numbers of this ledger were given before: from here on it lives in a new epoch."""

        def work(ledger: Ledger) -> None:
            if ledger.epoch == told.epoch:
                epochs.begin(ledger, max(epoch, ledger.epoch + 1), why)

        self._write(work)

    def _fetch_own(self) -> None:
        """What head office has of older lives, and this ledger has not, comes back."""
        with closing(Reader(self._config.ledger)) as reader:
            after = reader.meta(epochs.RECOVER_AFTER)
        while after:
            page = self._link.ask("GET", f"/v1/records?after={after}", OwnRecords)
            own = [epochs.Lost(**msgspec.structs.asdict(one)) for one in page.records]
            after = page.next
            self.recovery += self._write(partial(self._take_back, own, after))

    @staticmethod
    def _take_back(own: list[epochs.Lost], after: str, ledger: Ledger) -> epochs.Recovery:
        found = epochs.recover(ledger, own)
        ledger.set_meta(epochs.RECOVER_AFTER, after)
        return found

    def send(self) -> Sent:
        """One batch of what waits, or of what is to be sent once more."""
        with closing(Reader(self._config.ledger)) as reader:
            again = outbox.to_send_again(reader, self._most)
            if again:
                return self._send(batches.first_batch(again, self._most), onward=False)
            waiting = outbox.unsent(reader, self._most)
        if not waiting:
            return Sent()
        records = batches.first_batch(waiting, self._most)
        done = self._send(records, onward=True)
        more = len(waiting) == self._most or len(waiting) > done.records + done.refused
        return msgspec.structs.replace(done, left=more)

    def _send(self, records: Sequence[Outgoing], *, onward: bool) -> Sent:
        """Send; what is too large in one piece goes in halves, a single one is kept aside.

        `onward`: the journal is answered for up to the last of them; else they go once more.
        """
        batch = batches.message(self._link.shop, self._link.till, records)
        up_to = records[-1].jn if onward else None
        try:
            receipt = self._link.ask("POST", "/v1/records", Receipt, batch)
        except LinkFailed as failed:
            if failed.status != 413:
                raise
            if len(records) > 1:
                self._most = max(1, len(records) // 2)
                return Sent(left=True)
            one = records[0]
            refusal = Refusal(one.jn, one.epoch, one.hash, "rejected", "too_large", failed.words)
            self._write(lambda ledger: outbox.acknowledge(ledger, (), (refusal,), up_to, None))
            return Sent(refused=1, left=True)
        self._most = min(MAX_BATCH, self._most * 2)
        said = batches.understood(batch, receipt)
        self._write(
            lambda ledger: outbox.acknowledge(ledger, said.done, said.refused, up_to, said.told)
        )
        return Sent(len(said.done), len(said.refused), said.conflicts, left=True)
