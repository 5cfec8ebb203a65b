"""Members' stored value and points: one balance, at head office; held for an order, then used.

What is held is no longer there for anybody else. It is taken off the balance when the till confirms
or when the record of the order is here, whichever comes first, and once.
"""

from __future__ import annotations

from pos.clock import stamp
from pos.headoffice.between import spending
from pos.headoffice.database import Row, Work, one
from pos.headoffice.house import House
from pos.headoffice.tills import Till
from pos.protocol.between import Balance, Settle, Settlement, Spend, Spent
from pos.protocol.problems import ProblemError

_COLUMNS = (
    "shop_id request_id member_id asset amount asker operator order_id state since ended_at "
    "order_number"
)


def balance(house: House, shop: str, member_id: str) -> Balance:
    """What a member can spend now. ProblemError: not_found."""
    return house.database.read(lambda work: _balance(work, _member(work, shop, member_id, "")))


def spend(house: House, till: Till, asked: Spend) -> Spent:
    """Hold an amount. ProblemError: not_found, not_enough, conflict."""
    me = till.shop + till.till
    now = stamp(house.clock.now())
    wanted = (me, asked.member_id, asked.asset, asked.amount, asked.order_id)

    def write(work: Work) -> Spent:
        member = _member(work, asked.shop, asked.member_id, work.locking)
        there = _spend(work, asked.shop, asked.request_id)
        if there is not None:
            keys = ("asker", "member_id", "asset", "amount", "order_id")
            if tuple(there[key] for key in keys) != wanted:
                raise ProblemError("conflict", "this request id holds something else")
            return Spent(asked.request_id, there["state"], _balance(work, member))
        before = _balance(work, member)
        left = before.stored_fen if asked.asset == "stored" else before.points
        if left < asked.amount:
            raise ProblemError("not_enough", f"{left} left")
        row = (asked.shop, asked.request_id, asked.member_id, asked.asset, asked.amount)
        about = (me, asked.operator, asked.order_id, "held", now, "", "")
        work.put("spends", _COLUMNS, [(*row, *about)])
        return Spent(asked.request_id, "held", _balance(work, member))

    return house.database.run(write)


def settle(house: House, till: Till, request_id: str, asked: Settle, state: Settlement) -> Spent:
    """Confirm or release what was held. ProblemError: not_found, forbidden, settled."""
    now = stamp(house.clock.now())

    def write(work: Work) -> Spent:
        found = _spend(work, asked.about, request_id)
        if found is None:
            raise ProblemError("not_found", "spend")
        if found["asker"] != till.shop + till.till:
            raise ProblemError("forbidden", "another till's")
        # the member first, as everywhere, so that two tills cannot wait for each other
        member = _member(work, found["shop_id"], found["member_id"], work.locking)
        there = _spend(work, asked.about, request_id) or found
        if there["state"] == "held":
            spending.end(work, there, state, now, asked.order_number)
            member = _member(work, found["shop_id"], found["member_id"], "")
        elif there["state"] != state:
            raise ProblemError("settled", there["state"])
        return Spent(request_id, state, _balance(work, member))

    return house.database.run(write)


def _member(work: Work, shop: str, member_id: str, locking: str) -> Row:
    sql = f"""SELECT * FROM members
        WHERE shop_id = :s AND member_id = :m AND active = 1{locking}"""  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    row = one(work.rows(sql, s=shop, m=member_id))
    if row is None:
        raise ProblemError("not_found", "member")
    return row


def _spend(work: Work, shop: str, request_id: str) -> Row | None:
    sql = "SELECT * FROM spends WHERE shop_id = :s AND request_id = :r"
    return one(work.rows(sql, s=shop, r=request_id))


def _balance(work: Work, member: Row) -> Balance:
    rows = work.rows(
        """SELECT asset, sum(amount) AS amount FROM spends
        WHERE shop_id = :s AND member_id = :m AND state = 'held' GROUP BY asset""",
        s=member["shop_id"],
        m=member["member_id"],
    )
    held = {row["asset"]: int(row["amount"]) for row in rows}
    stored, points = held.get("stored", 0), held.get("points", 0)
    came, earned = spending.earned(work, member["member_id"])
    return Balance(
        member["shop_id"],
        member["member_id"],
        member["level"],
        member["stored_fen"] + came - stored,
        member["points"] + earned - points,
        stored,
        points,
    )
