"""Coupon codes: one count of uses for all tills; kept for an order, then used or let go.

What is kept is no longer there for anybody else. A use is settled when the till confirms it or
when the record of the order is here, whichever comes first, and once.
"""

from __future__ import annotations

from collections.abc import Iterable

from pos.clock import stamp
from pos.headoffice.database import Row, Work, one
from pos.headoffice.house import House
from pos.headoffice.tills import Till
from pos.protocol.between import CouponUse, Settle, Settlement, UseCoupon
from pos.protocol.problems import ProblemError

_COLUMNS = "shop_id request_id code asker operator order_id state since ended_at order_number"


def use(house: House, till: Till, asked: UseCoupon) -> CouponUse:
    """Keep one use of a code for an order. ProblemError: not_found, not_enough, conflict."""
    me, now = till.shop + till.till, stamp(house.clock.now())

    def write(work: Work) -> CouponUse:
        coupon = _coupon(work, till.shop, asked.code, work.locking)
        if coupon is None or not coupon["active"]:
            raise ProblemError("not_found", "coupon")
        there = _use(work, till.shop, asked.request_id)
        if there is not None:
            if (there["code"], there["asker"], there["order_id"]) != (
                asked.code,
                me,
                asked.order_id,
            ):
                raise ProblemError("conflict", "this request id keeps another coupon")
            return _told(work, coupon, there["request_id"], there["state"])
        if _left(work, coupon) < 1:
            raise ProblemError("not_enough", "used up")
        row = (coupon["shop_id"], asked.request_id, asked.code, me, asked.operator)
        work.put("coupon_uses", _COLUMNS, [(*row, asked.order_id, "held", now, "", "")])
        return _told(work, coupon, asked.request_id, "held")

    return house.database.run(write)


def settle(
    house: House, till: Till, request_id: str, asked: Settle, state: Settlement
) -> CouponUse:
    """Use it or let it go. ProblemError: not_found, forbidden, settled."""
    now = stamp(house.clock.now())

    def write(work: Work) -> CouponUse:
        found = _use(work, till.shop, request_id)
        if found is None:
            raise ProblemError("not_found", "coupon use")
        if found["asker"] != till.shop + till.till:
            raise ProblemError("forbidden", "another till's")
        coupon = _coupon(work, till.shop, found["code"], work.locking)
        there = _use(work, till.shop, request_id) or found
        if there["state"] == "held":
            _end(work, there, state, now, asked.order_number)
        elif there["state"] != state:
            raise ProblemError("settled", there["state"])
        if coupon is None:
            return CouponUse(request_id, found["code"], "", state)
        return _told(work, coupon, request_id, state)

    return house.database.run(write)


def settle_by_records(
    work: Work, shop: str, asker: str, used: Iterable[tuple[str, str, str]], now: str
) -> None:
    """Codes that closed orders (code, order id, number) were given are used, held or not."""
    for code, order_id, number in used:
        sql = """SELECT * FROM coupon_uses
            WHERE shop_id IN ('', :s) AND code = :c AND order_id = :o"""
        rows = work.rows(sql, s=shop, c=code, o=order_id)
        if any(row["state"] == "confirmed" for row in rows):
            continue
        held = next((row for row in rows if row["state"] == "held"), None)
        if held is not None:
            _end(work, held, "confirmed", now, number)
        elif coupon := _coupon(work, shop, code, ""):
            row = (coupon["shop_id"], f"{number}:{order_id}", code, asker, "", order_id)
            work.put("coupon_uses", _COLUMNS, [(*row, "confirmed", now, now, number)])


def open_of(work: Work, asker: str) -> list[Row]:
    """What a till keeps."""
    sql = "SELECT * FROM coupon_uses WHERE asker = :a AND state = 'held' ORDER BY since"
    return work.rows(sql, a=asker)


def _coupon(work: Work, shop: str, code: str, locking: str) -> Row | None:
    """The shop's own coupon of this code goes before the chain's."""
    sql = f"""SELECT * FROM coupons WHERE shop_id IN ('', :s) AND code = :c
        ORDER BY active DESC, shop_id DESC{locking}"""  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    rows = work.rows(sql, s=shop, c=code)
    return rows[0] if rows else None


def _use(work: Work, shop: str, request_id: str) -> Row | None:
    sql = "SELECT * FROM coupon_uses WHERE shop_id IN ('', :s) AND request_id = :r"
    return one(work.rows(sql, s=shop, r=request_id))


def _left(work: Work, coupon: Row) -> int:
    sql = """SELECT count(*) AS n FROM coupon_uses
        WHERE shop_id = :s AND code = :c AND state IN ('held', 'confirmed')"""
    n = work.rows(sql, s=coupon["shop_id"], c=coupon["code"])[0]["n"]
    return int(coupon["uses"]) - int(n)


def _told(work: Work, coupon: Row, request_id: str, state: Settlement) -> CouponUse:
    left = max(0, _left(work, coupon))
    return CouponUse(request_id, coupon["code"], coupon["offer_id"], state, left)


def _end(work: Work, row: Row, state: Settlement, now: str, number: str) -> None:
    work.do(
        """UPDATE coupon_uses SET state = :x, ended_at = :n, order_number = :o
        WHERE shop_id = :s AND request_id = :r AND state = 'held'""",
        x=state,
        n=now,
        o=number,
        s=row["shop_id"],
        r=row["request_id"],
    )
