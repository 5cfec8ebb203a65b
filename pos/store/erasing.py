"""Erasing people: their key and hashes go from the ledger and from every copy kept in clear.

Sealed backups cannot be changed: an older one keeps what it held until it gives way to newer ones.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from pos.clock import stamp
from pos.refusal import Refused
from pos.store import copies

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.store.ledger import Ledger
    from pos.store.reader import Reader

_GONE = {
    "persons": (
        *("wrapped_key", "name", "phone", "name_mac", "phone_mac", "last4_mac"),
        *("mail", "mail_mac"),
    ),
    "members": ("card", "card_mac", "birthday"),
    "deliveries": ("address", "note"),
}
"""What is made empty, by table."""
_ERASED = "SELECT person_id, erased_at FROM persons WHERE erased_at <> ''"
_ON_RECORD = """SELECT p.person_id FROM persons p JOIN events e ON e.subject = p.person_id
    WHERE e.kind = 'person.erased' AND p.erased_at = ''"""
_BUSY_SECONDS = 1


def forget(connection: Connection, person_id: str, now: str) -> None:
    """Inside a transaction: nobody can tell any more who is meant by this id."""
    from sqlalchemy import update

    from pos.store.models import table

    for name, columns in _GONE.items():
        rows = table(name)
        connection.execute(
            update(rows).where(rows.c.person_id == person_id), dict.fromkeys(columns, None)
        )
    persons = table("persons")
    connection.execute(
        update(persons).where(persons.c.person_id == person_id, persons.c.erased_at == ""),
        {"erased_at": now},
    )


def settle(ledger: Ledger) -> None:
    """Whoever's erasure is on record is erased: a ledger that was put back to an older copy has
    them again until its lost records come back."""
    from sqlalchemy import text

    def look(connection: Connection) -> list[str]:
        return [str(row[0]) for row in connection.execute(text(_ON_RECORD))]

    if not (back := ledger.read(look)):
        return
    now = stamp(ledger.place.clock.now())

    def put(connection: Connection) -> None:
        for person_id in back:
            forget(connection, person_id, now)

    ledger.change(put)
    clear_away(ledger)


def clear_away(ledger: Ledger) -> tuple[Path, ...]:
    """After somebody was erased: the log is emptied, and the copies have them no more either.

    Returned are the copies where that could not be done; the next day close tries again.
    """
    from sqlalchemy import text

    ledger.empty_log()
    place = ledger.place

    def look(connection: Connection) -> dict[str, str]:
        return {row[0]: row[1] for row in connection.execute(text(_ERASED))}

    return _from(copies.all_of(place.path, place.copies), ledger.read(look))


def from_copies(reader: Reader, closes: Path) -> None:
    """Beside a till that sells: erase in its copies whoever is erased in the ledger.

    Refused("copies_not_erased") names the copies where that cannot be done.
    """
    gone = {row[0]: row[1] for row in reader.rows(_ERASED)}
    told(_from(copies.all_of(reader.path, closes), gone))


def told(left: Collection[Path]) -> None:
    """Refused("copies_not_erased") where copies are left that still name who was erased."""
    if left:
        raise Refused("copies_not_erased", paths=" ".join(str(path) for path in left))


def _from(kept: Iterable[Path], gone: Mapping[str, str]) -> tuple[Path, ...]:
    left = []
    for path in kept:
        try:
            _erase_in(path, gone)
        except sqlite3.Error as error:
            # one that is being made is gone through by whoever makes it
            making = path.suffix == ".unchecked" and error.sqlite_errorname == "SQLITE_BUSY"
            if path.exists() and not making:
                left.append(path)
    return tuple(left)


def _erase_in(copy: Path, gone: Mapping[str, str]) -> None:
    """`gone`: who was erased in the ledger, and when."""
    name = f"{copy.absolute().as_uri()}?mode=rw"
    with closing(
        sqlite3.connect(name, uri=True, isolation_level=None, timeout=_BUSY_SECONDS)
    ) as db:
        # a copy may be of an older version: what it does not have needs no erasing
        known = {table: _columns(db, table) for table in _GONE}
        if not known["persons"]:
            return
        here = db.execute("SELECT person_id FROM persons WHERE erased_at = ''").fetchall()
        persons = [(row[0],) for row in here if row[0] in gone]
        if not persons:
            return
        db.execute("PRAGMA secure_delete=ON")
        db.execute("BEGIN IMMEDIATE")
        for table, columns in _GONE.items():
            sets = ", ".join(f"{column} = NULL" for column in columns if column in known[table])
            if sets:
                sql = f"UPDATE {table} SET {sets} WHERE person_id = ?"  # noqa: S608  # nosec B608  # our names
                db.executemany(sql, persons)
        db.executemany(
            "UPDATE persons SET erased_at = ? WHERE person_id = ?",
            [(gone[person_id], person_id) for (person_id,) in persons],
        )
        db.execute("COMMIT")


def _columns(db: sqlite3.Connection, table: str) -> set[str]:
    return {str(row[1]) for row in db.execute(f"PRAGMA table_info({table})")}
