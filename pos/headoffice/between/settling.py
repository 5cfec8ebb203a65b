"""Records that settle what was kept for them: a return's its reservation, an order's its spends.

A spend is settled by the record that names it; one that was taken back is let go by its till."""

from __future__ import annotations

from pos.headoffice.between import coupons, reservations, spending
from pos.headoffice.database import Work, one
from pos.headoffice.rows import Made

_RETURNED = "shop_id order_id line_no by_shop by_number by_line milli"


def settle_by_records(work: Work, place: tuple[str, str, int], made: Made, now: str) -> None:
    """Keep what came back beside the order it came back of, for its invoice too; end what this
    till had open for it."""
    shop, asker = place[0], place[0] + place[1]
    for back in made.returned:
        home, sold_as = _sold(work, shop, back.order_id)
        row = (home, back.order_id, back.line_no, shop, back.number, back.by_line, back.milli)
        work.put("returned", _RETURNED, [row])
        todo = (home, back.order_id, shop, back.number)
        work.put("returns_todo", "shop_id order_id by_shop by_number", [todo])
        for kept in reservations.open_of(work, home, sold_as, asker):
            reservations.end(work, home, kept, "arrived", now, back.number)
    spending.open_accounts(work, shop, made, now)
    coupons.settle_by_records(work, shop, asker, made.coupons, now)
    if made.spent or made.paid_out:
        held = {row["request_id"]: row for row in spending.open_of(work, asker)}
        for one_held in held.values():  # the record itself took it off the account
            if one_held["order_id"] in made.paid_out:
                spending.end(work, one_held, "released", now)
        for request_id, number in made.spent:
            if request_id in held:
                spending.end(work, held[request_id], "confirmed", now, number)


def _sold(work: Work, shop: str, order_id: str) -> tuple[str, str]:
    """The shop and number of the order that came back; this shop where it is not here yet."""
    for where in ("shop_id = :s AND order_id = :o", "order_id = :o AND shop_id <> :s"):
        sql = f"SELECT shop_id, number FROM orders WHERE {where}"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        if row := one(work.rows(sql, s=shop, o=order_id)):
            return str(row["shop_id"]), str(row["number"])
    return shop, ""
