"""The thread that tells managers of what only head office sees: a till nobody hears of, records
that wait for a person.

`[messages]` of headoffice.toml says who is told, as at a till. It may run beside others of its
kind: whoever takes a message up has it for `HOLD`. One that may have arrived is marked.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from pos.clock import local, moment_of, stamp
from pos.headoffice.database import Row, Work
from pos.headoffice.house import House
from pos.messages import queue, templates
from pos.messages.addressing import to_managers
from pos.messages.message import Message
from pos.messages.queue import Kept
from pos.messages.sending import Sender
from pos.messages.settings import Topic
from pos.protocol.problems import ProblemError
from pos.words import messages as words_of
from pos.words.messages import Text

log = logging.getLogger("pos.headoffice")
HOLD = timedelta(minutes=5)
"""Longer than a message may take to be sent."""
LOOK_SECONDS = 30.0
_AT_ONCE = 20
_WORDS = words_of.ZH
_MESSAGE = msgspec.json.Decoder(Message)
_COLUMNS = """message_id about state tries next_at doubtful why queued_at body holder held_until"""
_SILENT = """SELECT t.shop_id, t.till_id, t.seen_at, coalesce(s.name, '') AS name
    FROM tills t LEFT JOIN shops s ON s.shop_id = t.shop_id
    WHERE t.state = 'active' AND t.seen_at <> '' AND t.seen_at <= :before AND NOT EXISTS
    (SELECT 1 FROM closes c WHERE c.shop_id = t.shop_id AND c.till_id = t.till_id
     AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.shop_id = t.shop_id
                     AND o.till_id = t.till_id AND o.ended_at > c.at))
    ORDER BY t.shop_id, t.till_id"""
"""A till whose day is closed and that sold nothing since is switched off, not silent."""
_REJECTED = """SELECT q.shop_id, q.till_id, q.epoch, q.jn, q.verdict, q.code,
    coalesce(s.name, '') AS name FROM quarantine q LEFT JOIN shops s ON s.shop_id = q.shop_id
    WHERE q.decided_at = '' ORDER BY q.shop_id, q.till_id, q.epoch, q.jn"""
_DUE = """SELECT * FROM messages WHERE state IN ('waiting', 'sending') AND next_at <= :now
    AND held_until <= :now ORDER BY queued_at, message_id LIMIT :most"""
_CLAIM = """UPDATE messages SET holder = :h, held_until = :u WHERE message_id = :m
    AND held_until <= :now AND state IN ('waiting', 'sending')"""
_KEEP = """UPDATE messages SET state = :state, tries = :tries, next_at = :next_at,
    doubtful = :doubtful, why = :why, held_until = :u WHERE message_id = :m AND holder = :h"""


class Desk:
    """The queue's place in head office's database."""

    def __init__(self, house: House) -> None:
        self._house, self._holder = house, secrets.token_hex(8)

    def due(self, now: str) -> Sequence[Kept]:
        """Open messages whose time has come and that nobody else has; they are ours now."""
        until = stamp(moment_of(now) + HOLD)

        def claim(work: Work) -> list[Row]:
            rows = work.rows(_DUE, now=now, most=_AT_ONCE)
            told = {"h": self._holder, "u": until, "now": now}
            return [row for row in rows if work.do(_CLAIM, m=row["message_id"], **told)]

        return [_kept(row) for row in self._house.database.run(claim)]

    def put(self, kept: Kept) -> None:
        """Keep the state of one; once it was tried, whoever comes next may have it."""
        until = "" if kept.state != "sending" else stamp(self._house.clock.now() + HOLD)
        told = {
            "state": kept.state,
            "tries": kept.tries,
            "next_at": kept.next_at,
            "doubtful": int(kept.doubtful),
            "why": kept.why,
            "u": until,
            "m": kept.message.message_id,
            "h": self._holder,
        }
        self._house.database.run(lambda work: work.do(_KEEP, **told))

    def add(self, found: Sequence[Message]) -> None:
        """Keep new messages; those that are there already stay as they are."""
        at = stamp(self._house.clock.now())
        rows = []
        for one in found:
            body = msgspec.json.encode(one).decode()
            new = ("waiting", 0, "", 0, "", at)
            rows.append((one.message_id, one.about, *new, body, "", ""))
        if rows:
            self._house.database.run(lambda work: work.put("messages", _COLUMNS, rows))


def _kept(row: Row) -> Kept:
    state: queue.State = "sending" if row["state"] == "sending" else "waiting"
    told = (row["tries"], row["next_at"], bool(row["doubtful"]), row["why"])
    return Kept(_MESSAGE.decode(row["body"]), state, *told)


def look(house: House) -> list[Message]:
    """What managers are to be told now; each thing has one message, however often it is seen."""
    own, now = house.settings.messages, house.clock.now()
    before = stamp(now - timedelta(minutes=own.silent_minutes))
    silent, rejected = house.database.read(
        lambda work: (work.rows(_SILENT, before=before), work.rows(_REJECTED))
    )
    found: list[Message] = []
    if "till_silent" in own.topics:
        for row in silent:
            told = {"time": f"{local(moment_of(row['seen_at'])):%m-%d %H:%M}"}
            about = f"{row['shop_id']}-{row['till_id']}-{row['seen_at']}"
            found += _told(house, "till_silent", about, _WORDS.till_silent, row, told)
    if "records_rejected" in own.topics:
        for rows in _by_till(rejected):
            first = rows[0]
            about = "-".join(str(first[key]) for key in ("shop_id", "till_id", "epoch", "jn"))
            told = {
                "count": str(len(rows)),
                "first": str(first["jn"]),
                "why": first["code"] or first["verdict"],
            }
            found += _told(house, "records_rejected", about, _WORDS.records_rejected, first, told)
    return found


def _by_till(rows: Sequence[Row]) -> list[list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["shop_id"], row["till_id"]), []).append(row)
    return list(found.values())


def _told(
    house: House, topic: Topic, about: str, text: Text, row: Row, values: dict[str, str]
) -> Sequence[Message]:
    own = house.settings.messages
    told = {"shop": row["name"] or row["shop_id"], "till": row["till_id"], **values}
    folder = house.folder / own.templates if own.templates else None
    subject, said = templates.fill(folder, topic, text.subject, text.text, told)
    return to_managers(own, topic, about, subject, said)


class Teller:
    """Looks, keeps and sends; `start` gives it a thread of its own."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._sender = Sender(house.settings.messages, house.folder, _WORDS.repeat, self._now)
        self._desk = Desk(house)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def _now(self) -> datetime:
        return self._house.clock.now()

    def start(self) -> None:
        """Begin, where anybody wants to know anything."""
        if self._house.settings.messages.topics:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="messages", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End after the message at hand."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._sender.close()

    def turn(self) -> int:
        """Look once, send what is due; how many were tried."""
        self._desk.add(look(self._house))
        return queue.work(self._desk, self._sender.send, self._now)

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self.turn()
            except ProblemError as problem:  # the database is away; what waits goes on waiting
                log.warning("telling waits: %s", problem.detail)
            except Exception:
                log.exception("telling failed")
