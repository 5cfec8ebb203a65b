"""Members: persons who joined, with a card, a level and a birthday; what they bought and earned.

Points are what the records of this ledger say. Where several tills serve a member, head office has
the sum, and only it lets points and stored value be spent.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec

from pos.clock import stamp
from pos.record import Fact, MemberChanged, Where
from pos.refusal import Refused
from pos.sealing import Vault
from pos.store import persons
from pos.store.persons import Person, opened
from pos.store.reader import Reader
from pos.text import clean_code

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.sale.promotions.model import Member as Buyer
    from pos.store.ledger import Ledger

Change = Literal["level", "card", "birthday"]
CHANGES: tuple[Change, ...] = get_args(Change)
_CARD = re.compile(r"[0-9A-Z]{4,32}", re.ASCII)
_DAY = re.compile(r"(?:(\d{4})-?)?(\d{1,2})-(\d{1,2})|(\d{4})?(\d{2})(\d{2})", re.ASCII)
OWN_CARD = re.compile(r"M\d{14}", re.ASCII)
"""A card number as tills make them (`_next_card`)."""
MOST_BOUGHT = 50


class Member(msgspec.Struct, frozen=True):
    """A member as the counter sees them. Never logged, never put into a record."""

    person: Person
    card: str
    level: str
    birthday: str
    joined_at: str

    @property
    def shown(self) -> str:
        """For lists and receipts: masked, with the level."""
        return f"{self.person.masked} {self.level}".strip()


class Bought(msgspec.Struct, frozen=True):
    """A product a member buys: how often, how much, when last."""

    sku: str
    name: str
    times: int
    milli: int
    net_fen: int
    last: str


def normal_card(text: str) -> str:
    """A card number as it is kept. Refused where it is none."""
    card = clean_code(text).upper()
    if not _CARD.fullmatch(card):
        raise Refused("member_card_form", text=text[:32])
    return card


def card_in(text: str) -> str:
    """A card number as it is kept, empty where the text is none."""
    card = clean_code(text).upper()
    return card if _CARD.fullmatch(card) else ""


def normal_birthday(text: str) -> str:
    """`MM-DD` or `YYYY-MM-DD`, of `0502`, `19900502`, `5-2`, `1990-5-2`; empty of nothing."""
    if not text.strip():
        return ""
    match = _DAY.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day = (match[1] or match[4]), (match[2] or match[5]), (match[3] or match[6])
        known = date(int(year or 2000), int(month), int(day))
    except ValueError:
        raise Refused("member_birthday_form", text=text[:20]) from None
    return f"{known:%Y-%m-%d}" if year else f"{known:%m-%d}"


def masked_card(card: str) -> str:
    """The last four signs of a card."""
    return "*" * max(len(card) - 4, 0) + card[-4:]


def get(reader: Reader, vault: Vault, person_id: str) -> Member | None:
    """The member behind a person; None where they never joined or were erased."""
    person = persons.get(reader, vault, person_id) if person_id else None
    if person is None:
        return None
    rows = reader.rows(
        "SELECT m.*, p.wrapped_key FROM members m JOIN persons p USING (person_id)"
        " WHERE person_id = ?",
        (person_id,),
    )
    return _member(vault, person, rows[0]) if rows else None


def by_card(reader: Reader, vault: Vault, text: str) -> Member | None:
    """The member with this card or QR; None where there is none."""
    card = card_in(text)
    if not card:
        return None
    rows = reader.rows(
        "SELECT person_id FROM members WHERE card_mac = ?", (vault.mac("card", card),)
    )
    return get(reader, vault, rows[0][0]) if rows else None


def find(reader: Reader, vault: Vault, text: str) -> list[Person]:
    """People by card, whole phone, last four digits or whole name; members and others."""
    member = by_card(reader, vault, text)
    return [member.person] if member else persons.find(reader, vault, text)


def buyer(reader: Reader, vault: Vault, person_id: str) -> Buyer | None:
    """Who buys, as far as prices go; None where they are no member.

    No points: only head office knows how many there are to spend.
    """
    from pos.sale.promotions.model import Member as Buyer  # loads with the first member

    member = get(reader, vault, person_id)
    if member is None:
        return None
    birthday = None
    if member.birthday:
        month, day = member.birthday[-5:].split("-")
        birthday = (int(month), int(day))
    return Buyer(member.level, birthday)


def points(reader: Reader, person_id: str, upto_jn: int = 2**62) -> int:
    """Points as this ledger knows them up to a record: earned less spent, returns taken back."""
    of = "FROM orders o JOIN {} l USING (order_id) WHERE o.person_id = ?"
    of = f"SELECT coalesce(sum(l.points), 0) {of} AND o.state = 'closed' AND o.jn <= ?"
    earned, spent = (
        int(reader.rows(of.format(name), (person_id, upto_jn))[0][0])
        for name in ("order_lines", "order_offers")
    )
    return earned - spent


def favourites(reader: Reader, person_id: str, limit: int = MOST_BOUGHT) -> list[Bought]:
    """What a person buys, most often first."""
    sql = (
        "SELECT l.sku, max(l.name) AS name, count(DISTINCT o.order_id) AS times,"
        " sum(l.milli) AS milli, sum(l.net_fen) AS net_fen, max(o.business_date) AS last"
        " FROM orders o JOIN order_lines l USING (order_id)"
        " WHERE o.person_id = ? AND o.state = 'closed' AND l.account = '' AND l.milli > 0"
        " GROUP BY l.sku ORDER BY times DESC, net_fen DESC, l.sku LIMIT ?"
    )
    return [Bought(**dict(row)) for row in reader.rows(sql, (person_id, limit))]


def join(
    ledger: Ledger,
    vault: Vault,
    person_id: str,
    where: Where,
    *facts: Fact,
    level: str,
    card: str = "",
    birthday: str = "",
) -> str:
    """Make a person a member, on record; the card, a new one where none is given.

    Refused: member_already, member_card_taken.
    """
    made = normal_card(card) if card else ""

    def put(connection: Connection) -> None:
        from pos.store.models import into

        nonlocal made
        if _row(connection, person_id) is not None:
            raise Refused("member_already")
        made = made or _next_card(ledger, connection)
        row = {"person_id": person_id, "level": level, "joined_at": stamp(ledger.place.clock.now())}
        row |= _sealed(connection, vault, person_id, card=made)
        row |= _sealed(connection, vault, person_id, birthday=normal_birthday(birthday))
        connection.execute(into("members"), row)

    ledger.write(*facts, MemberChanged(where, person_id, "joined", level), also=put)
    return made


def change(
    ledger: Ledger,
    vault: Vault,
    person_id: str,
    what: Change,
    value: str,
    where: Where,
    *facts: Fact,
) -> None:
    """Give a member another card, level or birthday, on record. Refused: member_unknown."""

    def put(connection: Connection) -> None:
        from sqlalchemy import update

        from pos.store.models import table

        members = table("members")
        if _row(connection, person_id) is None:
            raise Refused("member_unknown")
        row: dict[str, Any] = {"level": value}
        if what == "card":
            row = _sealed(connection, vault, person_id, card=normal_card(value))
        elif what == "birthday":
            row = _sealed(connection, vault, person_id, birthday=normal_birthday(value))
        connection.execute(update(members).where(members.c.person_id == person_id), row)

    told = value if what == "level" else ""
    ledger.write(*facts, MemberChanged(where, person_id, what, told), also=put)


def _sealed(connection: Connection, vault: Vault, person_id: str, **field: str) -> dict[str, Any]:
    """A field as it is kept; a card also with what it is found by."""
    [(name, value)] = field.items()
    row: dict[str, Any] = {name: None}
    if value:
        row[name] = persons.seal(connection, vault, person_id, value.encode(), name)
    if name == "card":
        from sqlalchemy import text

        mac = vault.mac("card", value)
        taken = connection.execute(
            text("SELECT person_id FROM members WHERE card_mac = :mac"), {"mac": mac}
        ).scalar()
        if taken not in (None, person_id):
            raise Refused("member_card_taken", card=masked_card(value))
        row["card_mac"] = mac
    return row


def _next_card(ledger: Ledger, connection: Connection) -> str:
    """A card number of this till: M, shop, till, epoch, a counter."""
    from sqlalchemy import text

    count = connection.execute(text("SELECT count(*) FROM members")).scalar() or 0
    place = ledger.place
    return f"M{place.shop}{place.till}{ledger.epoch:02d}{int(count) + 1:06d}"


def _row(connection: Connection, person_id: str) -> Any:
    from sqlalchemy import text

    sql = text("SELECT * FROM members WHERE person_id = :id")
    return connection.execute(sql, {"id": person_id}).first()


def _member(vault: Vault, person: Person, row: Any) -> Member:
    key = vault.unwrap(person.person_id, row["wrapped_key"])
    return Member(
        person,
        opened(key, row["card"], f"{person.person_id}/card"),
        row["level"],
        opened(key, row["birthday"], f"{person.person_id}/birthday"),
        row["joined_at"],
    )
