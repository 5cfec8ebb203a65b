"""What is held of members' money and points, and how it ends."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from pos.headoffice.database import Row, Work, one
from pos.headoffice.master import publish
from pos.headoffice.rows import Made
from pos.protocol.between import Settlement
from pos.protocol.master import Member


def open_of(work: Work, asker: str) -> list[Row]:
    """What a till holds."""
    sql = "SELECT * FROM spends WHERE asker = :a AND state = 'held'"
    return work.rows(sql, a=asker)


def end(work: Work, spent: Row, state: Settlement, now: str, order_number: str = "") -> None:
    """Settle a held spend: what is confirmed is taken off the balance."""
    at = {"s": spent["shop_id"], "r": spent["request_id"]}
    done = work.do(
        """UPDATE spends SET state = :x, ended_at = :n, order_number = :o
        WHERE shop_id = :s AND request_id = :r AND state = 'held'""",
        x=state,
        n=now,
        o=order_number,
        **at,
    )
    if not done or state != "confirmed":
        return
    column = "stored_fen" if spent["asset"] == "stored" else "points"
    work.do(
        f"""UPDATE balances SET {column} = {column} - :a, changed_at = :n
        WHERE member_id = :m""",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        a=spent["amount"],
        n=now,
        m=spent["member_id"],
    )
    _tell(work, spent, now)


def open_accounts(work: Work, shop: str, made: Made, now: str) -> None:
    """Whoever the records pay something to has an account from then on."""
    names = sorted({str(row[5]) for row in made.rows.get("account_moves", [])})
    columns = "member_id shop_id card level active stored_fen points changed_at"
    work.put("balances", columns, [(name, shop, "", "", 1, 0, 0, now) for name in names])


def main_of(work: Work, member_id: str) -> str:
    """The id whose account it is: of who joined twice, the first one."""
    row = one(work.rows("SELECT main FROM people WHERE member_id = :m", m=member_id))
    return str(row["main"]) if row is not None and row["main"] else member_id


def join_accounts(work: Work, member_id: str, main: str, now: str) -> None:
    """One account where a person has two ids: what was spent of the second is the first's."""
    columns = "member_id shop_id card level active stored_fen points changed_at"
    sql = f"SELECT * FROM balances WHERE member_id = :m{work.locking}"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    row = one(work.rows(sql, m=member_id))
    if row is None:
        return
    work.put("balances", columns, [(main, row["shop_id"], "", "", 1, 0, 0, now)])
    work.do(
        """UPDATE balances SET stored_fen = stored_fen + :f, points = points + :p, changed_at = :n
        WHERE member_id = :m""",
        f=row["stored_fen"],
        p=row["points"],
        n=now,
        m=main,
    )
    work.do(
        "UPDATE balances SET stored_fen = 0, points = 0, changed_at = :n WHERE member_id = :m",
        n=now,
        m=member_id,
    )
    work.do("UPDATE spends SET member_id = :x WHERE member_id = :m", x=main, m=member_id)


def earned(work: Work, member_id: str) -> tuple[int, int]:
    """Stored value (fen) and points that the records have paid to an account, in any shop."""
    rows = work.rows(
        """SELECT asset, sum(amount) AS amount FROM account_moves WHERE account = :m
        OR account IN (SELECT member_id FROM people WHERE main = :m) GROUP BY asset""",
        m=member_id,
    )
    found = {row["asset"]: int(row["amount"]) for row in rows}
    return found.get("stored", 0), found.get("points", 0)


def _tell(work: Work, spent: Row, now: str) -> None:
    """Tell all tills the new balance, as of now."""
    sql = "SELECT * FROM balances WHERE member_id = :m"
    row = one(work.rows(sql, m=spent["member_id"]))
    sql = "SELECT value FROM items WHERE shop_id = '' AND kind = 'member' AND key = :m"
    item = one(work.rows(sql, m=spent["member_id"]))
    if row is None or item is None or item["value"] == "null":
        return
    value = msgspec.json.decode(item["value"], type=Member)
    stored, points = earned(work, spent["member_id"])
    value = replace(
        value,
        stored_fen=max(row["stored_fen"] + stored, 0),
        points=max(row["points"] + points, 0),
    )
    text = msgspec.json.encode(value).decode()
    publish(work, "", {("member", spent["member_id"]): text}, spent["asker"], now)
