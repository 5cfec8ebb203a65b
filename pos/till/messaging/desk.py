"""The queue's place in the ledger. What goes to a customer is sealed under the person's own key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import msgspec

from pos.clock import Clock, stamp
from pos.config import Config
from pos.messages import queue
from pos.messages.message import Message
from pos.messages.queue import Kept
from pos.store import messages, persons
from pos.store.messages import MessageRow
from pos.store.reader import Reader
from pos.till.receipts import vault_of

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

SEEN = "messages_seen_jn"
ERASED = "erased"
_MESSAGE = msgspec.json.Decoder(Message)


class Desk:
    """`run` has the ledger's thread do something and waits."""

    def __init__(
        self, config: Config, clock: Clock, run: Callable[[Callable[[Ledger], object]], object]
    ) -> None:
        self._config, self._clock, self._run = config, clock, run
        self._rows: dict[str, MessageRow] = {}

    def due(self, now: str) -> Sequence[Kept]:
        """Open messages whose time has come; what a person who was erased should get ends."""
        with closing(Reader(self._config.ledger)) as reader:
            rows = messages.due(reader, now)
            found = [(row, opened(self._config, reader, row)) for row in rows]
        self._rows = {row.message_id: row for row in rows}
        for row in [row for row, message in found if message is None]:
            self._keep(msgspec.structs.replace(row, state="failed", next_at="", why=ERASED))
        return [_kept(row, message) for row, message in found if message is not None]

    def put(self, kept: Kept) -> None:
        """Keep the state of one."""
        row = msgspec.structs.replace(
            self._rows[kept.message.message_id],
            state=kept.state,
            tries=kept.tries,
            next_at=kept.next_at,
            doubtful=int(kept.doubtful),
            why=kept.why,
        )
        self._keep(row)

    def _keep(self, row: MessageRow) -> None:
        self._run(lambda ledger: ledger.change(lambda c: messages.change(c, row)))

    def add(self, found: Iterable[tuple[Message, str]], seen_jn: int) -> None:
        """Keep new messages, each with the customer it is to; those there already stay."""
        found = tuple(found)

        def put(ledger: Ledger) -> None:
            def work(connection: Any) -> None:
                for message, person_id in found:
                    add(connection, self._config, self._clock, message, person_id)
                ledger.keep(connection, SEEN, str(seen_jn))

            ledger.change(work)

        self._run(put)


def add(connection: Any, config: Config, clock: Clock, message: Message, person_id: str) -> bool:
    """Keep a new message; False where it is there already."""
    body = msgspec.json.encode(message)
    if person_id:
        vault = vault_of(config)
        body = persons.seal(connection, vault, person_id, body, message.message_id)
    told = (message.message_id, message.about, person_id, "waiting", 0, "", 0, "")
    return messages.add(connection, MessageRow(*told, stamp(clock.now()), body))


def opened(config: Config, reader: Reader, row: MessageRow) -> Message | None:
    """A kept message; None where the person it is to was erased."""
    body: bytes | None = row.body
    if row.person_id:
        body = persons.unseal(reader, vault_of(config), row.person_id, row.body, row.message_id)
    return None if body is None else _MESSAGE.decode(body)


def _kept(row: MessageRow, message: Message) -> Kept:
    state: queue.State = "sending" if row.state == "sending" else "waiting"
    return Kept(message, state, row.tries, row.next_at, bool(row.doubtful), row.why)
