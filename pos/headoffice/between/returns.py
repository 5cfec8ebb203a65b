"""A return of another till's order: found by number, its quantities kept for one till at a time.

What a reservation keeps is no longer there for anybody else until it is released, or until the
record of the return is here and counts itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pos.clock import stamp
from pos.headoffice.between import reservations
from pos.headoffice.database import Row, Work, one
from pos.headoffice.house import House
from pos.headoffice.projecting import project_some
from pos.headoffice.restoring import own
from pos.headoffice.tills import Till
from pos.protocol.between import OrderFound, Reserve, Reserved, Settle, Settlement, Taken, Wanted
from pos.protocol.problems import ProblemError

_ROUNDS = 5
_LINES = msgspec.json.Decoder(tuple[Wanted, ...])
_BY_PLACE = """SELECT epoch, jn, body, hash, signature, previous FROM inbox
    WHERE shop_id = :s AND till_id = :t AND epoch = :e AND jn = :j"""
_COLUMNS = "shop_id request_id asker operator number lines state since ended_at order_number"


def find(house: House, till: Till, number: str) -> OrderFound:
    """A closed order, the records of what came back of it, and what others keep. not_found."""
    for _ in range(_ROUNDS):  # an order that came in a moment ago is there to be found
        if not project_some(house):
            break
    shop = number[:4]

    def ask(work: Work) -> OrderFound:
        order = _order(work, shop, number, "")
        back = work.rows(
            """SELECT DISTINCT by_shop, by_number FROM returned
            WHERE shop_id = :s AND order_id = :o ORDER BY by_number""",
            s=shop,
            o=order["order_id"],
        )
        returns = [_order(work, row["by_shop"], row["by_number"], "") for row in back]
        seller = one(
            work.rows(
                "SELECT seen_at, pending FROM tills WHERE shop_id = :s AND till_id = :t",
                s=shop,
                t=order["till_id"],
            )
        )
        return OrderFound(
            number=number,
            shop=shop,
            till=order["till_id"],
            order=own(_record(work, order)),
            returns=tuple(own(_record(work, row)) for row in returns),
            reserved=_kept(work, shop, number, till.shop + till.till),
            till_seen="" if seller is None else seller["seen_at"],
            till_pending=0 if seller is None else seller["pending"],
        )

    return house.database.read(ask)


def _order(work: Work, shop: str, number: str, locking: str) -> Row:
    sql = f"""SELECT * FROM orders
        WHERE shop_id = :s AND number = :n AND state = 'closed'{locking}"""  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    row = one(work.rows(sql, s=shop, n=number))
    if row is None:
        raise ProblemError("not_found", "order")
    return row


def _record(work: Work, order: Row) -> Row:
    place = {"s": order["shop_id"], "t": order["till_id"], "e": order["epoch"], "j": order["jn"]}
    return work.rows(_BY_PLACE, **place)[0]


def _kept(work: Work, shop: str, number: str, but: str) -> tuple[Taken, ...]:
    """What reservations of other tills keep of an order, by line."""
    rows = work.rows(
        """SELECT r.line_no, sum(r.milli) AS milli FROM reserved r JOIN reservations q
        ON q.shop_id = r.shop_id AND q.request_id = r.request_id
        WHERE r.shop_id = :s AND r.number = :n AND r.state IN ('held', 'confirmed')
        AND q.asker <> :me GROUP BY r.line_no ORDER BY r.line_no""",
        s=shop,
        n=number,
        me=but,
    )
    return tuple(Taken(row["line_no"], int(row["milli"])) for row in rows)


def reserve(house: House, till: Till, asked: Reserve) -> Reserved:
    """Keep quantities for this return. ProblemError: not_found, not_enough, conflict."""
    shop, me = asked.number[:4], till.shop + till.till
    lines = msgspec.json.encode(asked.lines).decode()
    now = stamp(house.clock.now())

    def write(work: Work) -> Reserved:
        order = _order(work, shop, asked.number, work.locking)  # one at a time for an order
        there = _reservation(work, shop, asked.request_id)
        if there is not None:
            if (there["asker"], there["number"], there["lines"]) != (me, asked.number, lines):
                raise ProblemError("conflict", "this request id reserved something else")
            return _told(there)
        _check_left(work, order, asked.lines)
        about = (me, asked.operator, asked.number, lines, "held", now, "", "")
        work.put("reservations", _COLUMNS, [(shop, asked.request_id, *about)])
        rows = [
            (shop, asked.number, asked.request_id, want.line_no, want.milli, "held")
            for want in asked.lines
        ]
        columns = "shop_id number request_id line_no milli state"
        if work.put("reserved", columns, rows) != len(rows):
            raise ProblemError("malformed", "a line is named twice")
        return Reserved(asked.request_id, asked.number, "held", asked.lines)

    return house.database.run(write)


def _check_left(work: Work, order: Row, wanted: Sequence[Wanted]) -> None:
    at = {"s": order["shop_id"], "n": order["number"]}
    lines = work.rows(
        "SELECT line_no, milli FROM order_lines WHERE shop_id = :s AND number = :n", **at
    )
    left = {row["line_no"]: row["milli"] for row in lines if row["milli"] > 0}
    back = work.rows(
        """SELECT line_no, sum(milli) AS milli FROM returned
        WHERE shop_id = :s AND order_id = :o GROUP BY line_no""",
        s=order["shop_id"],
        o=order["order_id"],
    )
    kept = work.rows(
        """SELECT line_no, sum(milli) AS milli FROM reserved
        WHERE shop_id = :s AND number = :n AND state IN ('held', 'confirmed') GROUP BY line_no""",
        **at,
    )
    for row in [*back, *kept]:
        left[row["line_no"]] = left.get(row["line_no"], 0) - int(row["milli"])
    for want in wanted:
        if want.line_no not in left:
            raise ProblemError("not_found", f"line {want.line_no}")
        if left[want.line_no] < want.milli:
            raise ProblemError("not_enough", f"line {want.line_no}: {left[want.line_no]} left")


def _reservation(work: Work, shop: str, request_id: str) -> Row | None:
    sql = f"""SELECT * FROM reservations
        WHERE shop_id = :s AND request_id = :r{work.locking}"""  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    return one(work.rows(sql, s=shop, r=request_id))


def settle(house: House, till: Till, request_id: str, asked: Settle, state: Settlement) -> Reserved:
    """Confirm or release. ProblemError: not_found, forbidden, settled."""
    shop = asked.about[:4]
    now = stamp(house.clock.now())

    def write(work: Work) -> Reserved:
        row = _reservation(work, shop, request_id)
        if row is None or row["number"] != asked.about:
            raise ProblemError("not_found", "reservation")
        if row["asker"] != till.shop + till.till:
            raise ProblemError("forbidden", "another till's")
        if row["state"] == "held":
            reservations.end(work, shop, request_id, state, now, asked.order_number)
            return _told(row, state)
        if _told(row).state != state:
            raise ProblemError("settled", row["state"])
        return _told(row)

    return house.database.run(write)


def _told(row: Row, state: Settlement | None = None) -> Reserved:
    kept: Settlement = "confirmed" if row["state"] == "arrived" else row["state"]
    lines = _LINES.decode(row["lines"])
    return Reserved(row["request_id"], row["number"], state or kept, lines)
