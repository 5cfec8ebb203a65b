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
    """What an account can spend now, whichever shop asks. ProblemError: not_found."""
    return house.database.read(lambda work: _balance(work, _account(work, member_id, ""), shop))


def spend(house: House, till: Till, asked: Spend) -> Spent:
    """Hold an amount. ProblemError: not_found, not_enough, conflict."""
    me = till.shop + till.till
    now = stamp(house.clock.now())

    def write(work: Work) -> Spent:
        account = _account(work, asked.member_id, work.locking)
        there = _spend(work, asked.shop, asked.request_id)
        if there is not None:
            keys = ("asker", "member_id", "asset", "amount", "order_id")
            wanted = (me, account["member_id"], asked.asset, asked.amount, asked.order_id)
            if tuple(there[key] for key in keys) != wanted:
                raise ProblemError("conflict", "this request id holds something else")
            return Spent(asked.request_id, there["state"], _balance(work, account, asked.shop))
        before = _balance(work, account, asked.shop)
        left = before.stored_fen if asked.asset == "stored" else before.points
        if left < asked.amount:
            raise ProblemError("not_enough", f"{left} left")
        row = (asked.shop, asked.request_id, account["member_id"], asked.asset, asked.amount)
        about = (me, asked.operator, asked.order_id, "held", now, "", "")
        work.put("spends", _COLUMNS, [(*row, *about)])
        return Spent(asked.request_id, "held", _balance(work, account, asked.shop))

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
        # the account first, as everywhere, so that two tills cannot wait for each other
        account = _account(work, found["member_id"], work.locking)
        there = _spend(work, asked.about, request_id) or found
        if there["state"] == "held":
            spending.end(work, there, state, now, asked.order_number)
            account = _account(work, found["member_id"], "")
        elif there["state"] != state:
            raise ProblemError("settled", there["state"])
        return Spent(request_id, state, _balance(work, account, found["shop_id"]))

    return house.database.run(write)


def _account(work: Work, member_id: str, locking: str) -> Row:
    """The one account of a person or a card, whatever till or shop asks."""
    sql = f"SELECT * FROM balances WHERE member_id = :m AND active = 1{locking}"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    row = one(work.rows(sql, m=spending.main_of(work, member_id)))
    if row is None:
        raise ProblemError("not_found", "member")
    return row


def _spend(work: Work, shop: str, request_id: str) -> Row | None:
    sql = "SELECT * FROM spends WHERE shop_id = :s AND request_id = :r"
    return one(work.rows(sql, s=shop, r=request_id))


def _balance(work: Work, account: Row, shop: str) -> Balance:
    rows = work.rows(
        """SELECT asset, sum(amount) AS amount FROM spends
        WHERE member_id = :m AND state = 'held' GROUP BY asset""",
        m=account["member_id"],
    )
    held = {row["asset"]: int(row["amount"]) for row in rows}
    stored, points = held.get("stored", 0), held.get("points", 0)
    came, earned = spending.earned(work, account["member_id"])
    return Balance(
        shop,
        account["member_id"],
        account["level"],
        account["stored_fen"] + came - stored,
        account["points"] + earned - points,
        stored,
        points,
    )
