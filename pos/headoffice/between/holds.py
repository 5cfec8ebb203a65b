"""Orders handed over to any till of the shop; only a claim brings one back, at one till."""

from __future__ import annotations

from pos.clock import stamp
from pos.headoffice.database import Row, Work, one
from pos.headoffice.house import House
from pos.headoffice.tills import Till
from pos.protocol.between import Claim, Claimed, Hold, Holds, HoldState
from pos.protocol.problems import ProblemError

_COLUMNS = (
    "shop_id hold_id till_id request_id operator label lines total_fen held_at body arrived_at "
    "claimed_by claim_id claim_operator claimed_at"
)
_MOST = 500


def put(house: House, till: Till, hold_id: str, hold: Hold) -> HoldState:
    """Take an order over. ProblemError: conflict where the id has other content."""
    now = stamp(house.clock.now())

    def write(work: Work) -> HoldState:
        told = (hold.operator, hold.label, hold.lines, hold.total_fen, hold.held_at, hold.body)
        row = (till.shop, hold_id, till.till, hold.request_id, *told, now, "", "", "", "")
        work.put("holds", _COLUMNS, [row])
        there = _row(work, till, hold_id)
        same = (there["till_id"], there["request_id"], there["body"])
        if same != (till.till, hold.request_id, hold.body):
            raise ProblemError("conflict", "this id holds another order")
        return _state(there)

    return house.database.run(write)


def listed(house: House, till: Till) -> Holds:
    """What waits in the till's shop, oldest first."""
    sql = f"""SELECT * FROM holds WHERE shop_id = :s AND claimed_by = ''
        ORDER BY arrived_at, hold_id LIMIT {_MOST}"""  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    rows = house.database.read(lambda work: work.rows(sql, s=till.shop))
    return Holds(tuple(_state(row) for row in rows))


def claim(house: House, till: Till, hold_id: str, asked: Claim) -> Claimed:
    """Hand a hold to the asking till. ProblemError: not_found, claimed."""
    now = stamp(house.clock.now())

    def write(work: Work) -> Claimed:
        row = _row(work, till, hold_id)
        mine = (till.till, asked.request_id)
        if not row["claimed_by"]:
            work.do(
                """UPDATE holds SET claimed_by = :t, claim_id = :r, claim_operator = :o,
                claimed_at = :n WHERE shop_id = :s AND hold_id = :h""",
                t=till.till,
                r=asked.request_id,
                o=asked.operator,
                n=now,
                s=till.shop,
                h=hold_id,
            )
        elif (row["claimed_by"], row["claim_id"]) != mine:
            raise ProblemError("claimed", f"by till {row['claimed_by']}")
        return Claimed(hold_id, row["body"])

    return house.database.run(write)


def _row(work: Work, till: Till, hold_id: str) -> Row:
    sql = f"SELECT * FROM holds WHERE shop_id = :s AND hold_id = :h{work.locking}"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    row = one(work.rows(sql, s=till.shop, h=hold_id))
    if row is None:
        raise ProblemError("not_found", "hold")
    return row


def _state(row: Row) -> HoldState:
    about = (row["operator"], row["label"], row["lines"], row["total_fen"], row["held_at"])
    return HoldState(row["hold_id"], row["till_id"], *about, row["claimed_by"])
