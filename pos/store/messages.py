"""Messages as they are kept until they went. Bodies to customers are sealed by who puts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pos.store.reader import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection


class MessageRow(msgspec.Struct, frozen=True):
    """A message; `person_id` is empty where it is to no customer."""

    message_id: str
    about: str
    person_id: str
    state: str
    tries: int
    next_at: str
    doubtful: int
    why: str
    queued_at: str
    body: bytes


_COLUMNS = ", ".join(MessageRow.__struct_fields__)


def add(connection: Connection, row: MessageRow) -> bool:
    """Keep a new message; False where one with its id is there already: a thing is told once."""
    from sqlalchemy.dialects.sqlite import insert

    from pos.store.models import table

    into = insert(table("messages")).on_conflict_do_nothing(index_elements=["message_id"])
    return connection.execute(into, msgspec.structs.asdict(row)).rowcount == 1


def change(connection: Connection, row: MessageRow) -> None:
    """Keep what became of one."""
    from sqlalchemy import update

    from pos.store.models import table

    messages = table("messages")
    changing = ("state", "tries", "next_at", "doubtful", "why")
    connection.execute(
        update(messages)
        .where(messages.c.message_id == row.message_id)
        .values({name: getattr(row, name) for name in changing})
    )


def once_more(row: MessageRow) -> MessageRow:
    """To be tried from the start; whatever went already says that it may be a repeat."""
    went = row.state == "sent" or row.doubtful
    return msgspec.structs.replace(
        row, state="waiting", tries=0, next_at="", why="", doubtful=int(bool(went))
    )


def due(reader: Reader, now: str, most: int = 20) -> list[MessageRow]:
    """Messages whose time has come, the oldest first."""
    rows = reader.rows(
        f"SELECT {_COLUMNS} FROM messages WHERE state IN ('waiting', 'sending')"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        " AND next_at <= ? ORDER BY queued_at, rowid LIMIT ?",
        (now, most),
    )
    return [MessageRow(**dict(row)) for row in rows]


def latest(reader: Reader, most: int = 200) -> list[MessageRow]:
    """The last messages, the newest first."""
    rows = reader.rows(
        f"SELECT {_COLUMNS} FROM messages ORDER BY queued_at DESC, rowid DESC LIMIT ?",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        (most,),
    )
    return [MessageRow(**dict(row)) for row in rows]
