"""Orders: by number, or by day and shop; one with its lines and tenders."""

from __future__ import annotations

import re

from pos.headoffice.database import Row, Work, one
from pos.headoffice.invoicing import listing
from pos.headoffice.pages.gate import Answer, Moved, Shown, Visit
from pos.headoffice.pages.views.shops import Day, day_of, shop_of, shops
from pos.refusal import Refused

NUMBER_DIGITS = 15
_AT_ONCE = 50
_LIST = """SELECT o.*, s.name AS shop_name FROM shops s
    CROSS JOIN orders o
    WHERE o.shop_id = s.shop_id AND o.business_date = :d AND (:s = '' OR s.shop_id = :s)
    AND (:k = ''
        OR (:k = 'sale' AND o.state = 'closed' AND o.total_fen >= 0)
        OR (:k = 'return' AND o.state = 'closed' AND o.total_fen < 0)
        OR (:k = 'voided' AND o.state = 'voided'))
    ORDER BY o.ended_at DESC, o.shop_id, o.number LIMIT :n OFFSET :f"""
_BEGINS = """SELECT o.*, s.name AS shop_name FROM orders o JOIN shops s ON s.shop_id = o.shop_id
    WHERE o.shop_id = :s AND o.number >= :a AND o.number < :b ORDER BY o.number DESC LIMIT :n"""
KINDS = ("sale", "return", "voided")


def show(visit: Visit) -> Answer:
    """`/orders`"""
    number = visit.get("number").replace(" ", "").replace("-", "")
    if number:
        return _by_number(visit, number)
    day, shop = day_of(visit), shop_of(visit)
    kind = visit.get("kind") if visit.get("kind") in KINDS else ""
    page = int(visit.get("page")) if re.fullmatch(r"[1-9]\d{0,4}", visit.get("page")) else 1

    def ask(work: Work) -> Shown:
        found = work.rows(_LIST, d=day.iso, s=shop, k=kind, n=_AT_ONCE + 1, f=(page - 1) * _AT_ONCE)
        values = _values(work, visit, found[:_AT_ONCE], day)
        more = len(found) > _AT_ONCE
        return Shown("orders.html", values | {"kind": kind, "page": page, "more": more})

    return visit.house.database.read(ask)


def _by_number(visit: Visit, number: str) -> Answer:
    """A whole number leads to its order; the beginning of one to those that begin so.

    Refused: number_form.
    """
    if not (number.isascii() and number.isdigit() and 4 <= len(number) <= NUMBER_DIGITS + 2):
        raise Refused("number_form", digits=NUMBER_DIGITS)
    if len(number) >= NUMBER_DIGITS:  # of an invoice: two digits more
        return Moved(f"/orders/{number[:NUMBER_DIGITS]}")
    day = day_of(visit)

    def ask(work: Work) -> Shown:
        found: list[Row] = []
        if visit.who.of_shop in ("", number[:4]):
            end = str(int(number) + 1).zfill(len(number))
            end = end if len(end) == len(number) else ":"
            found = work.rows(_BEGINS, s=number[:4], a=number, b=end, n=_AT_ONCE)
        values = _values(work, visit, found, day)
        return Shown(
            "orders.html", values | {"kind": "", "page": 1, "more": False, "number": number}
        )

    return visit.house.database.read(ask)


def _values(work: Work, visit: Visit, found: list[Row], day: Day) -> dict[str, object]:
    return {
        "day": day,
        "shop": shop_of(visit),
        "shops": shops(work, visit),
        "kinds": KINDS,
        "found": found,
        "number": "",
    }


def show_one(visit: Visit) -> Answer:
    """`/orders/{number}`. Refused: order_unknown."""
    number = visit.get("number")
    at = {"s": number[:4], "n": number}

    def ask(work: Work) -> Shown:
        sql = """SELECT o.*, s.name AS shop_name FROM orders o JOIN shops s ON s.shop_id = o.shop_id
            WHERE o.shop_id = :s AND o.number = :n"""
        order = one(work.rows(sql, **at))
        if order is None or visit.who.of_shop not in ("", order["shop_id"]):
            raise Refused("order_unknown_here", number=number)
        where = "WHERE shop_id = :s AND number = :n ORDER BY"
        back = """SELECT r.line_no, r.milli, r.by_number FROM returned r
            WHERE r.shop_id = :s AND r.order_id = :o ORDER BY r.by_number, r.line_no"""
        made = """SELECT DISTINCT o.number FROM returned r
            JOIN orders o ON o.shop_id = r.shop_id AND o.order_id = r.order_id
            WHERE r.by_shop = :s AND r.by_number = :n ORDER BY o.number"""
        values = {
            "order": order,
            "lines": work.rows(f"SELECT * FROM order_lines {where} line_no", **at),  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
            "tenders": work.rows(f"SELECT * FROM order_tenders {where} n", **at),  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
            "back": work.rows(back, s=order["shop_id"], o=order["order_id"]),
            "invoices": listing.of_order(work, None, number),
            "of": work.rows(made, **at),
        }
        return Shown("order.html", values)

    return visit.house.database.read(ask)
