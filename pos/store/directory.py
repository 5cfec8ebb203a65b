"""Members as the other tills of a chain know them: read to be told, put in when one was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from pos.clock import stamp
from pos.record import MemberChanged, PersonErased, from_bytes
from pos.sealing import Vault
from pos.store import erasing, persons
from pos.store.persons import opened
from pos.store.reader import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.store.ledger import Ledger

TOLD = "people_told"
"""Up to which record head office was told of members."""
MOST = 200


class Told(msgspec.Struct, frozen=True):
    """A member in clear, on the way from one till to another. Never logged, never kept."""

    person_id: str
    level: str
    joined_at: str
    name: str
    phone: str
    card: str
    birthday: str


def changed(reader: Reader, after: int) -> tuple[list[str], int]:
    """Whoever joined, changed or was erased by records after `after`, and up to which record."""
    last = int(reader.rows("SELECT coalesce(max(jn), 0) FROM journal")[0][0])
    sql = (
        "SELECT jn, body FROM journal WHERE jn > ? AND jn <= ?"
        " AND kind IN ('member.changed', 'person.erased') ORDER BY jn LIMIT ?"
    )
    rows = reader.rows(sql, (after, last, MOST))
    facts = [from_bytes(row["body"]).fact for row in rows]
    found = [x.person_id for x in facts if isinstance(x, MemberChanged | PersonErased)]
    return list(dict.fromkeys(found)), int(rows[-1]["jn"]) if len(rows) == MOST else last


def member(reader: Reader, vault: Vault, person_id: str) -> tuple[bytes, Told] | None:
    """A member and the key their fields are sealed with; None where they were erased."""
    rows = reader.rows(
        "SELECT m.level, m.joined_at, m.card, m.birthday, p.name, p.phone, p.wrapped_key"
        " FROM members m JOIN persons p USING (person_id)"
        " WHERE person_id = ? AND p.erased_at = ''",
        (person_id,),
    )
    if not rows:
        return None
    row = rows[0]
    key = vault.unwrap(person_id, row["wrapped_key"])
    fields = [
        opened(key, row[name], f"{person_id}/{name}")
        for name in ("name", "phone", "card", "birthday")
    ]
    return key, Told(person_id, row["level"], row["joined_at"], *fields)


def take_in(ledger: Ledger, vault: Vault, key: bytes, told: Told) -> None:
    """Know a member who joined at another till; one who was erased here stays so."""
    who = told.person_id
    person = persons.row_of(vault, who, key, told.name, told.phone)
    person["created_at"] = stamp(ledger.place.clock.now())

    def put(connection: Connection) -> None:
        from sqlalchemy import select
        from sqlalchemy.dialects.sqlite import insert

        from pos.store.models import table

        people, members = table("persons"), table("members")
        erased = select(people.c.person_id).where(
            people.c.person_id == who, people.c.erased_at != ""
        )
        if connection.scalar(erased) is not None:
            return
        connection.execute(insert(people).on_conflict_do_nothing(), person)
        row: dict[str, Any] = {"person_id": who, "level": told.level, "joined_at": told.joined_at}
        card_mac = vault.mac("card", told.card)
        holder = select(members.c.person_id).where(members.c.card_mac == card_mac)
        if connection.scalar(holder) in (None, who):
            card = persons.closed(key, told.card, f"{who}/card") if told.card else None
            row |= {"card": card, "card_mac": card_mac}
        if told.birthday:
            row["birthday"] = persons.closed(key, told.birthday, f"{who}/birthday")
        put_in = insert(members)
        sets = {name: put_in.excluded[name] for name in row if name != "person_id"}
        put_in = put_in.on_conflict_do_update(index_elements=["person_id"], set_=sets)
        connection.execute(put_in, row)

    ledger.change(put)


def take_changes(connection: Connection, now: str) -> bool:
    """What head office tells of members (in `down.other`): another level, or that one was erased.

    Whoever this till does not know is none of its business. True where somebody may be erased.
    """
    from sqlalchemy import text

    erased = False

    sql = "SELECT key, value FROM down.other WHERE kind = 'member' AND value IS NOT NULL"
    for row in connection.execute(text(sql)).all():
        told = msgspec.json.decode(row.value, type=_Change)
        if not told.active:
            erasing.forget(connection, row.key, now)
            erased = True
        elif told.level:
            put = text("UPDATE members SET level = :level WHERE person_id = :id")
            connection.execute(put, {"level": told.level, "id": row.key})
    return erased


class _Change(msgspec.Struct, frozen=True):
    level: str = ""
    active: bool = True
