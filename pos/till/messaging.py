"""The `messages` thread: what managers want to know is found in the ledger, kept, and sent.

It looks at what is on disk and hooks into nothing: a sale, a close and a printer never wait for a
message. A thing is told once, because its message's id comes from what it tells of.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from pos.clock import Clock, business_date, local, moment_of, stamp
from pos.config import Config
from pos.messages import queue
from pos.messages.addressing import to_managers
from pos.messages.message import Message
from pos.messages.queue import Kept
from pos.messages.sending import Sender
from pos.messages.settings import Topic
from pos.money import quantity, yuan
from pos.record import DayClosed, from_bytes
from pos.refusal import Refused
from pos.store import attempts, jobs, messages
from pos.store.messages import MessageRow
from pos.store.reader import Reader
from pos.words import CATALOGUE
from pos.words import messages as words_of
from pos.words.messages import MessageWords, Text

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

Submit = Callable[[Callable[["Ledger"], Any]], Future[Any]]
LOOK_SECONDS = 20.0
STOP_SECONDS = 5.0
UNRESOLVED_AFTER = timedelta(minutes=10)
PRINTS_AFTER = timedelta(minutes=10)
MOST_LOW = 50
_SEEN = "messages_seen_jn"
_MESSAGE = msgspec.json.Decoder(Message)
_LOW = """
SELECT p.sku, p.name, coalesce(s.milli, 0) AS milli, p.low_milli FROM products p
LEFT JOIN stock_levels s USING (product_id)
WHERE p.active = 1 AND p.low_milli IS NOT NULL AND coalesce(s.milli, 0) <= p.low_milli
ORDER BY p.sku LIMIT ?
"""


class Desk:
    """The queue's place in the ledger. `run` has the ledger's thread do something and waits."""

    def __init__(
        self, config: Config, clock: Clock, run: Callable[[Callable[[Ledger], object]], object]
    ) -> None:
        self._config, self._clock, self._run = config, clock, run
        self._rows: dict[str, MessageRow] = {}

    def due(self, now: str) -> Sequence[Kept]:
        """Open messages whose time has come."""
        with closing(Reader(self._config.ledger)) as reader:
            rows = messages.due(reader, now)
        self._rows = {row.message_id: row for row in rows}
        return [_kept(row) for row in rows]

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
        self._run(lambda ledger: ledger.change(lambda c: messages.change(c, row)))

    def add(self, found: Iterable[Message], seen_jn: int) -> None:
        """Keep new messages; those that are there already stay as they are."""
        at = stamp(self._clock.now())
        rows = [
            MessageRow(
                one.message_id, one.about, "", "waiting", 0, "", 0, "", at, msgspec.json.encode(one)
            )
            for one in found
        ]

        def put(ledger: Ledger) -> None:
            def work(connection: Any) -> None:
                for row in rows:
                    messages.add(connection, row)
                ledger.keep(connection, _SEEN, str(seen_jn))

            ledger.change(work)

        self._run(put)


def _kept(row: MessageRow) -> Kept:
    message = _MESSAGE.decode(row.body)
    state: queue.State = "sending" if row.state == "sending" else "waiting"
    return Kept(message, state, row.tries, row.next_at, bool(row.doubtful), row.why)


def look(config: Config, reader: Reader, clock: Clock) -> tuple[list[Message], int]:
    """What managers are to be told now, and up to which record closes were looked at."""
    settings = config.settings
    words = words_of.ZH if settings.till.language == "zh" else words_of.EN
    shop, till = settings.shop.name or settings.shop.id, settings.till.id
    found: list[Message] = []

    def tell(topic: Topic, about: str, text: Text, **values: object) -> None:
        told = {"shop": shop, "till": till, **values}
        found.extend(
            to_managers(
                settings.messages,
                topic,
                about,
                text.subject.format(**told),
                text.text.format(**told),
            )
        )

    seen = int(reader.meta(_SEEN) or 0)
    head = reader.head()[0]
    for row in reader.rows(
        "SELECT body FROM journal WHERE kind = 'day.closed' AND jn > ? ORDER BY jn", (seen,)
    ):
        fact = from_bytes(row["body"]).fact
        if isinstance(fact, DayClosed):
            verdict = _verdict(fact, words)
            totals = reader.rows("SELECT orders, net_fen FROM day_closes WHERE z = ?", (fact.z,))[0]
            tell(
                "close",
                f"{shop}-{till}-{fact.z}",
                words.close,
                date=fact.business_date,
                total=yuan(totals["net_fen"]),
                orders=totals["orders"],
                verdict=verdict,
            )
    now = clock.now()
    day = business_date(now, settings.shift.cutoff_hour).isoformat()
    for row in reader.rows(_LOW, (MOST_LOW,)):
        left, low = quantity(row["milli"]), quantity(row["low_milli"])
        about = f"{row['sku']}:{day}"
        tell(
            "low_stock",
            about,
            words.low_stock,
            name=row["name"],
            sku=row["sku"],
            left=left,
            low=low,
        )
    ways = CATALOGUE[settings.till.language].slips.ways
    for attempt in attempts.open_attempts(reader):
        if now - moment_of(attempt.created_at) >= UNRESOLVED_AFTER:
            tell(
                "payment_unresolved",
                attempt.attempt_id,
                words.payment_unresolved,
                amount=yuan(attempt.fen),
                time=f"{local(moment_of(attempt.created_at)):%H:%M}",
                way=ways.get(attempt.way, attempt.way),
                number=attempt.out_trade_no,
            )
    late = [j for j in jobs.jobs(reader) if now - moment_of(j.queued_at) >= PRINTS_AFTER]
    for printer in sorted({j.printer for j in late}):
        waiting = [j for j in late if j.printer == printer]
        why = next((j.last_error for j in waiting if j.last_error), "-")
        about = f"{shop}-{till}-{printer}:{day}"
        name = printer or settings.receipt.printer or "-"
        tell("printer_down", about, words.printer_down, name=name, why=why, count=len(waiting))
    return found, head


def _verdict(fact: DayClosed, words: MessageWords) -> str:
    """Cash as counted: even, over or short."""
    fen = sum(one.difference_fen for one in fact.counted or () if one.way == "cash")
    if not fen:
        return words.even
    return (words.over if fen > 0 else words.short).format(fen=yuan(abs(fen)))


class Messenger:
    """A till's messages at work; what was not sent when the program ended goes at its start."""

    def __init__(self, config: Config, clock: Clock, submit: Submit) -> None:
        self._config, self._clock, self._submit = config, clock, submit
        words = words_of.ZH if config.settings.till.language == "zh" else words_of.EN
        self._sender = Sender(config.settings.messages, config.file.parent, words.repeat, clock.now)
        self._desk = Desk(config, clock, lambda job: submit(job).result())
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="messages", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Let the mail under way come to its end, if it does so soon."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS)
        self._sender.close()

    def turn(self) -> int:
        """Look once, send what is due; how many were tried."""
        with closing(Reader(self._config.ledger)) as reader:
            found, head = look(self._config, reader, self._clock)
            seen = int(reader.meta(_SEEN) or 0)
        if found or head > seen:
            self._desk.add(found, head)
        return queue.work(self._desk, self._sender.send, self._clock.now)

    def _run(self) -> None:
        while not self._stop.is_set():
            # the disk refused or the ledger closes: what waits goes on waiting
            with suppress(Refused):
                self.turn()
            self._stop.wait(LOOK_SECONDS)


def start_messages(config: Config, clock: Clock, submit: Submit) -> Messenger | None:
    """The thread at work; None where nothing is to be told, or somebody only trains."""
    if config.training or not config.settings.messages.topics:
        return None
    messenger = Messenger(config, clock, submit)
    messenger.start()
    return messenger
