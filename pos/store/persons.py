"""People, kept apart from facts and sealed: DESIGN law 10.

They are found by keyed hashes of phone, its last four digits, and whole name; `pos.sealing` says
how their keys lie under the column key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from pos.clock import stamp
from pos.record import Fact, MemberChanged, PersonErased, Where
from pos.refusal import Refused
from pos.sealing import Vault, new_key
from pos.sealing import seal as seal_under
from pos.sealing import unseal as unseal_under
from pos.store import erasing
from pos.store.reader import Reader
from pos.text import clean, clean_code

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.store.ledger import Also, Ledger

MOST_FOUND = 20


class Person(msgspec.Struct, frozen=True):
    """Somebody as the counter sees them. Never logged, never put into a record."""

    person_id: str
    name: str
    phone: str

    @property
    def masked(self) -> str:
        """For lists and receipts: `王* 138****1234`."""
        return f"{masked_name(self.name)} {masked_phone(self.phone)}".strip()


class Address(msgspec.Struct, frozen=True):
    """Where an order goes, and what the driver should know."""

    delivery_id: str
    person_id: str
    address: str
    note: str


def normal_phone(text: str) -> str:
    """Digits alone, without +86."""
    digits = "".join(c for c in clean_code(text) if c.isdigit())
    for head in ("0086", "86"):
        if digits.startswith(head) and len(digits) == len(head) + 11:
            return digits.removeprefix(head)
    return digits


def is_number(text: str) -> bool:
    """Whether what was typed is (a part of) a phone number."""
    return not set(clean_code(text)) - set("0123456789+- ")


def normal_mail(text: str) -> str:
    """A mail address in lower case; empty of anything else."""
    told = clean_code(text, 120).lower()
    return told if "@" in told else ""


def normal_name(text: str) -> str:
    """A name without spaces, lower case."""
    return clean(text, 40).replace(" ", "").lower()


def masked_phone(phone: str) -> str:
    """`138****1234`; of a short number only the last two digits."""
    if len(phone) >= 8:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:] if phone else ""


def masked_name(name: str) -> str:
    """The first character and a star for each other one, at most two."""
    return name[:1] + "*" * min(len(name) - 1, 2) if name else ""


def find(reader: Reader, vault: Vault, text: str) -> list[Person]:
    """People by whole phone, last four digits, whole name, or mail address."""
    phone, name = normal_phone(text), normal_name(text)
    if mail := normal_mail(text):
        column, mac = "mail_mac", vault.mac("mail", mail)
    elif phone and is_number(text):
        column, mac = "last4_mac", vault.mac("last4", phone)
        if len(phone) != 4:
            column, mac = "phone_mac", vault.mac("phone", phone)
    else:
        column, mac = "name_mac", vault.mac("name", name)
    rows = reader.rows(
        f"SELECT * FROM persons WHERE {column} = ? AND erased_at = ''"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        " ORDER BY person_id DESC LIMIT ?",
        (mac, MOST_FOUND),
    )
    return [_person(vault, row) for row in rows]


def get(reader: Reader, vault: Vault, person_id: str) -> Person | None:
    """A person by id; None where there is none or they were erased."""
    rows = reader.rows("SELECT * FROM persons WHERE person_id = ? AND erased_at = ''", (person_id,))
    return _person(vault, rows[0]) if rows else None


def mail_of(reader: Reader, vault: Vault, person_id: str) -> str:
    """Where a person wants their receipts; empty where they did not say."""
    rows = reader.rows(
        "SELECT mail, wrapped_key FROM persons WHERE person_id = ? AND erased_at = ''", (person_id,)
    )
    if not rows or rows[0]["mail"] is None:
        return ""
    key = vault.unwrap(person_id, rows[0]["wrapped_key"])
    return opened(key, rows[0]["mail"], f"{person_id}/mail")


def set_mail(
    ledger: Ledger, vault: Vault, person_id: str, mail: str, where: Where, level: str = ""
) -> None:
    """Keep where a person wants their receipts, with their consent, on record; empty: nowhere."""
    mail = normal_mail(mail)

    def put(connection: Connection) -> None:
        from sqlalchemy import update

        from pos.store.models import table

        key = vault.unwrap(person_id, _wrapped(connection, person_id))
        row = _mail_row(vault, person_id, key, mail)
        persons = table("persons")
        connection.execute(update(persons).where(persons.c.person_id == person_id), row)

    ledger.write(MemberChanged(where, person_id, "mail", level), also=put)


def _mail_row(vault: Vault, person_id: str, key: bytes, mail: str) -> dict[str, bytes | None]:
    sealed = seal_under(key, mail.encode(), f"{person_id}/mail") if mail else None
    return {"mail": sealed, "mail_mac": vault.mac("mail", mail)}


def address(reader: Reader, vault: Vault, delivery_id: str) -> Address | None:
    """A delivery address; None where there is none or its person was erased."""
    rows = reader.rows(
        "SELECT d.*, p.wrapped_key FROM deliveries d JOIN persons p USING (person_id)"
        " WHERE d.delivery_id = ? AND p.erased_at = ''",
        (delivery_id,),
    )
    if not rows:
        return None
    row = rows[0]
    key = vault.unwrap(row["person_id"], row["wrapped_key"])
    return Address(
        delivery_id,
        row["person_id"],
        opened(key, row["address"], f"{delivery_id}/address"),
        opened(key, row["note"], f"{delivery_id}/note"),
    )


def add(ledger: Ledger, vault: Vault, name: str, phone: str, mail: str = "") -> str:
    """Keep a person; their id. Somebody with this phone who is known already stays as they are.

    One who told nothing but a mail address is found by it, to be erased.
    """
    name, phone = clean(name, 40), normal_phone(phone)
    if not name and not phone and not normal_mail(mail):
        raise Refused("person_empty")
    person_id = ledger.place.ids.uuid7()
    key = new_key()
    row = row_of(vault, person_id, key, name, phone)
    row["created_at"] = stamp(ledger.place.clock.now())
    row |= _mail_row(vault, person_id, key, normal_mail(mail))
    known = person_id

    def put(connection: Connection) -> None:
        from sqlalchemy import select

        from pos.store.models import into, table

        nonlocal known
        persons = table("persons")
        if not name and not phone:
            same = select(persons.c.person_id).where(
                persons.c.mail_mac == row["mail_mac"], persons.c.erased_at == ""
            )
            if found := connection.scalar(same):
                known = str(found)
                return
        if phone:
            same = select(persons.c.person_id).where(
                persons.c.phone_mac == row["phone_mac"], persons.c.erased_at == ""
            )
            if found := connection.scalar(same):
                known = str(found)
                return
        connection.execute(into("persons"), row)

    ledger.change(put)
    return known


def row_of(vault: Vault, person_id: str, key: bytes, name: str, phone: str) -> dict[str, Any]:
    """A person's row but for when it was made: sealed with `key`, found by this vault's hashes."""
    return {
        "person_id": person_id,
        "wrapped_key": vault.wrap(person_id, key),
        "name": closed(key, name, f"{person_id}/name"),
        "phone": closed(key, phone, f"{person_id}/phone"),
        "name_mac": vault.mac("name", normal_name(name)),
        "phone_mac": vault.mac("phone", phone),
        "last4_mac": vault.mac("last4", phone[-4:]) if len(phone) >= 4 else None,
        "erased_at": "",
    }


def deliver_to(ledger: Ledger, vault: Vault, person_id: str, address: str, note: str) -> str:
    """Keep a delivery address of a person; its id."""
    delivery_id = ledger.place.ids.uuid7()

    def put(connection: Connection) -> None:
        from pos.store.models import into

        key = vault.unwrap(person_id, _wrapped(connection, person_id))
        row = {
            "delivery_id": delivery_id,
            "person_id": person_id,
            "address": seal_under(key, clean(address, 120).encode(), f"{delivery_id}/address"),
            "note": seal_under(key, clean(note, 120).encode(), f"{delivery_id}/note"),
            "created_at": stamp(ledger.place.clock.now()),
        }
        connection.execute(into("deliveries"), row)

    ledger.change(put)
    return delivery_id


def erase(ledger: Ledger, person_id: str, where: Where) -> None:
    """Destroy a person's key and hashes: facts keep their id, nobody can tell who it was.

    What was there is overwritten in the file and in the copies this till keeps, and the log that
    still has it is emptied. Refused("copies_not_erased"): done but for the copies it names.
    """

    def put(connection: Connection) -> None:
        _wrapped(connection, person_id)
        erasing.forget(connection, person_id, stamp(ledger.place.clock.now()))

    ledger.write(PersonErased(where, person_id), also=put)
    erasing.told(erasing.clear_away(ledger))


def seal(connection: Connection, vault: Vault, person_id: str, data: bytes, what: str) -> bytes:
    """`data` under a person's own key, bound to `what`: erasing the person ends it too."""
    key = vault.unwrap(person_id, _wrapped(connection, person_id))
    return seal_under(key, data, f"{person_id}/{what}")


def unseal(reader: Reader, vault: Vault, person_id: str, sealed: bytes, what: str) -> bytes | None:
    """What `seal` closed; None where the person was erased."""
    rows = reader.rows(
        "SELECT wrapped_key FROM persons WHERE person_id = ? AND erased_at = ''", (person_id,)
    )
    if not rows:
        return None
    return unseal_under(
        vault.unwrap(person_id, rows[0]["wrapped_key"]), sealed, f"{person_id}/{what}"
    )


def rotate(ledger: Ledger, old: Vault, new: Vault, *facts: Fact, also: Also | None = None) -> int:
    """Wrap every person's key with another column key, in one transaction; how many.

    `also` belongs to the same transaction, as do `facts` that say who did it.
    """
    from sqlalchemy import bindparam, select, update

    from pos.store.models import table

    persons, members, count = table("persons"), table("members"), 0

    def put(connection: Connection) -> None:
        nonlocal count
        rows = connection.execute(select(persons).where(persons.c.erased_at == "")).all()
        put_row = update(persons).where(persons.c.person_id == bindparam("id"))
        for row in rows:
            key = old.unwrap(row.person_id, row.wrapped_key)
            name = opened(key, row.name, f"{row.person_id}/name")
            phone = opened(key, row.phone, f"{row.person_id}/phone")
            changed = {
                "id": row.person_id,
                "wrapped_key": new.wrap(row.person_id, key),
                "name_mac": new.mac("name", normal_name(name)),
                "phone_mac": new.mac("phone", phone),
                "last4_mac": new.mac("last4", phone[-4:]) if len(phone) >= 4 else None,
                "mail_mac": new.mac("mail", opened(key, row.mail, f"{row.person_id}/mail")),
            }
            connection.execute(put_row, changed)
            found = connection.execute(select(members).where(members.c.person_id == row.person_id))
            for member in found.all():
                card = opened(key, member.card, f"{row.person_id}/card")
                connection.execute(
                    update(members).where(members.c.person_id == row.person_id),
                    {"card_mac": new.mac("card", card)},
                )
        count = len(rows)
        if also:
            also(connection)

    ledger.write(*facts, also=put)
    ledger.empty_log()
    return count


def _wrapped(connection: Connection, person_id: str) -> bytes:
    from sqlalchemy import select

    from pos.store.models import table

    persons = table("persons")
    found = connection.scalar(
        select(persons.c.wrapped_key).where(
            persons.c.person_id == person_id, persons.c.erased_at == ""
        )
    )
    if found is None:
        raise Refused("person_unknown")
    return bytes(found)


def _person(vault: Vault, row: Any) -> Person:
    person_id = row["person_id"]
    key = vault.unwrap(person_id, row["wrapped_key"])
    return Person(
        person_id,
        opened(key, row["name"], f"{person_id}/name"),
        opened(key, row["phone"], f"{person_id}/phone"),
    )


def opened(key: bytes, sealed: bytes | None, what: str) -> str:
    """A field of a person in clear, empty where there is none."""
    return unseal_under(key, sealed, what).decode() if sealed else ""


def closed(key: bytes, text: str, what: str) -> bytes:
    """A field of a person sealed with `key`, bound to `what`; `opened` opens it."""
    return seal_under(key, text.encode(), what)
