"""What managers are to be told now, found in what is on disk."""

from __future__ import annotations

from datetime import datetime, timedelta

from pos.clock import Clock, business_date, local, moment_of
from pos.config import Config
from pos.messages.addressing import to_managers
from pos.messages.message import Message
from pos.messages.settings import Topic
from pos.money import quantity, yuan
from pos.record import DayClosed, from_bytes
from pos.store import attempts, jobs, outbox
from pos.store.reader import Reader
from pos.till.messaging.customers import filled, words_for
from pos.words import CATALOGUE
from pos.words.messages import MessageWords, Text

UNRESOLVED_AFTER = timedelta(minutes=10)
PRINTS_AFTER = timedelta(minutes=10)
MOST_LOW = 50
_LOW = """
SELECT p.sku, p.name, coalesce(s.milli, 0) AS milli, p.low_milli FROM products p
LEFT JOIN stock_levels s USING (product_id)
WHERE p.active = 1 AND p.low_milli IS NOT NULL AND coalesce(s.milli, 0) <= p.low_milli
ORDER BY p.sku LIMIT ?
"""


class Looking:
    """One look at the ledger."""

    def __init__(self, config: Config, reader: Reader, clock: Clock) -> None:
        self._config, self._reader = config, reader
        self._now: datetime = clock.now()
        self._words: MessageWords = words_for(config)
        settings = config.settings
        self._day = business_date(self._now, settings.shift.cutoff_hour).isoformat()
        self._here = f"{settings.shop.name or settings.shop.id}-{settings.till.id}"
        self.found: list[Message] = []

    def all(self, seen: int) -> list[Message]:
        """Everything behind record `seen`, and what stands now."""
        self._closes(seen)
        self._low_stock()
        self._unresolved()
        self._printers()
        self._rejected()
        return self.found

    def _tell(self, topic: Topic, about: str, text: Text, **values: object) -> None:
        subject, said = filled(self._config, topic, text, **values)
        self.found += to_managers(self._config.settings.messages, topic, about, subject, said)

    def _closes(self, seen: int) -> None:
        reader = self._reader
        for row in reader.rows(
            "SELECT body FROM journal WHERE kind = 'day.closed' AND jn > ? ORDER BY jn", (seen,)
        ):
            fact = from_bytes(row["body"]).fact
            if not isinstance(fact, DayClosed):
                continue
            sql = "SELECT orders, net_fen FROM day_closes WHERE z = ?"
            totals = reader.rows(sql, (fact.z,))[0]
            self._tell(
                "close",
                f"{self._here}-{fact.z}",
                self._words.close,
                date=fact.business_date,
                total=yuan(totals["net_fen"]),
                orders=totals["orders"],
                verdict=_verdict(fact, self._words),
            )

    def _low_stock(self) -> None:
        for row in self._reader.rows(_LOW, (MOST_LOW,)):
            left, low = quantity(row["milli"]), quantity(row["low_milli"])
            told = {"name": row["name"], "sku": row["sku"], "left": left, "low": low}
            self._tell("low_stock", f"{row['sku']}:{self._day}", self._words.low_stock, **told)

    def _unresolved(self) -> None:
        ways = CATALOGUE[self._config.settings.till.language].slips.ways
        for attempt in attempts.open_attempts(self._reader):
            if self._now - moment_of(attempt.created_at) >= UNRESOLVED_AFTER:
                self._tell(
                    "payment_unresolved",
                    attempt.attempt_id,
                    self._words.payment_unresolved,
                    amount=yuan(attempt.fen),
                    time=f"{local(moment_of(attempt.created_at)):%H:%M}",
                    way=ways.get(attempt.way, attempt.way),
                    number=attempt.out_trade_no,
                )

    def _printers(self) -> None:
        late = [
            job
            for job in jobs.jobs(self._reader)
            if self._now - moment_of(job.queued_at) >= PRINTS_AFTER
        ]
        for printer in sorted({job.printer for job in late}):
            waiting = [job for job in late if job.printer == printer]
            why = next((job.last_error for job in waiting if job.last_error), "-")
            name = printer or self._config.settings.receipt.printer or "-"
            about = f"{self._here}-{printer}:{self._day}"
            told = {"name": name, "why": why, "count": len(waiting)}
            self._tell("printer_down", about, self._words.printer_down, **told)

    def _rejected(self) -> None:
        """Records head office sent back, told once for each that is the first of them."""
        rows = [row for row in outbox.parked(self._reader) if not row.again]
        if rows:
            first = rows[0]
            about = f"{self._here}-{first.epoch}-{first.jn}"
            told = {"count": len(rows), "first": first.jn, "why": first.words or first.code}
            self._tell("records_rejected", about, self._words.records_rejected, **told)


def _verdict(fact: DayClosed, words: MessageWords) -> str:
    """Cash as counted: even, over or short."""
    fen = sum(one.difference_fen for one in fact.counted or () if one.way == "cash")
    if not fen:
        return words.even
    return (words.over if fen > 0 else words.short).format(fen=yuan(abs(fen)))
