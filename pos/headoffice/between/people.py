"""Who joined, at whichever shop: told by tills, found by all of them.

Nothing here can be read by head office: names and numbers are sealed, what they are found by are
keyed hashes. Who joined again at a till that could not ask keeps two ids and has one account.
"""

from __future__ import annotations

import msgspec

from pos.clock import stamp
from pos.headoffice.between import spending
from pos.headoffice.database import Row, Work, one
from pos.headoffice.house import House
from pos.headoffice.master import publish
from pos.headoffice.tills import Till
from pos.protocol.master import Member
from pos.protocol.people import By, Card, Found, Seek
from pos.protocol.problems import ProblemError

MOST = 20
_COLUMNS = (
    "member_id main phone_mac last4_mac name_mac card_mac level joined_at wrapped_key sealed "
    "erased asker changed_at"
)
_FOUND: dict[By, str] = {
    "phone": "phone_mac",
    "last4": "last4_mac",
    "name": "name_mac",
    "card": "card_mac",
}


def put(house: House, till: Till, member_id: str, told: Card) -> Card:
    """Keep who joined, changed or was erased; what is kept now. ProblemError: malformed."""
    if told.member_id != member_id:
        raise ProblemError("malformed", "member_id")
    now, asker = stamp(house.clock.now()), till.shop + till.till

    def write(work: Work) -> Card:
        sql = f"SELECT * FROM people WHERE member_id = :m{work.locking}"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        before = one(work.rows(sql, m=member_id))
        if before is not None and before["erased"]:
            return _card(before)
        kept = Card(member_id, told.level, erased=True) if told.erased else told
        main = before["main"] if before is not None else _same(work, kept)
        macs = (kept.phone_mac, kept.last4_mac, kept.name_mac, kept.card_mac)
        about = (kept.level, kept.joined_at, kept.wrapped_key, kept.sealed)
        row = (member_id, main, *macs, *about, int(kept.erased), asker, now)
        sets = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split()[2:])
        conflict = f"(member_id) DO UPDATE SET {sets}"  # nosec B608  # columns of our own
        work.put("people", _COLUMNS, [row], conflict)
        if main and before is None:
            spending.join_accounts(work, member_id, main, now)
        if kept.erased or (before is not None and before["level"] != kept.level):
            value = Member(member_id, till.shop, "", kept.level, active=not kept.erased)
            text = msgspec.json.encode(value).decode()
            publish(work, "", {("member", member_id): text}, asker, now)
        return kept

    return house.database.run(write)


def _same(work: Work, card: Card) -> str:
    """The first id of the person with this phone, empty where it is new."""
    if not card.phone_mac:
        return ""
    sql = """SELECT member_id FROM people WHERE phone_mac = :p AND erased = 0 AND main = ''
        AND member_id <> :m ORDER BY joined_at, member_id"""
    rows = work.rows(sql, p=card.phone_mac, m=card.member_id)
    return str(rows[0]["member_id"]) if rows else ""


def find(house: House, asked: Seek) -> Found:
    """Who has it."""
    sql = f"""SELECT * FROM people WHERE {_FOUND[asked.by]} = :x AND erased = 0
        ORDER BY member_id DESC LIMIT {MOST}"""  # noqa: S608  # nosec B608  # names of our own
    rows = house.database.read(lambda work: work.rows(sql, x=asked.mac))
    return Found(tuple(_card(row) for row in rows if not row["main"]))


def _card(row: Row) -> Card:
    about = (row["member_id"], row["level"], row["joined_at"])
    macs = (row["phone_mac"], row["last4_mac"], row["name_mac"], row["card_mac"])
    return Card(*about, *macs, row["wrapped_key"], row["sealed"], bool(row["erased"]))
