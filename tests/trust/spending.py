"""A sale with all that head office holds for it: stored value, points, a coupon; given up at times.

Head office itself says yes to everything here; what its holds come to is the till's to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from pos.protocol.between import Balance, CouponUse, Spend, Spent, UseCoupon
from pos.record import GivenOffer, OrderClosed, from_bytes
from pos.sale import stored, tenders
from pos.sale.offers import Offers, OrderOffer
from pos.sale.order import Order
from pos.sale.pricing import price
from pos.store.reader import Reader
from pos.sync.requests import Requests
from tests.sync.office import direct
from tests.trust.life import Ack, Life

MEMBER, POINTS, COUPON = "m", 50, 100
"""Who pays; fen that points and a coupon take off."""
USED = frozenset({"confirm", "done"})
FREE = frozenset({"release", "done", "refused"})


class _Yes:
    """Head office holds whatever it is asked to hold."""

    def ask(self, method: str, target: str, kind: type, asked: Any) -> CouponUse | Spent:
        """As a link does."""
        if kind is CouponUse:
            return CouponUse(asked.request_id, asked.code, "c", "held")
        return Spent(asked.request_id, "held", Balance("0001", MEMBER, "", 10**9, 10**9))


def spend(life: Life) -> Ack:
    """An order of goods, paid with what is stored, points and a coupon, the rest in cash."""
    order, ids = life.order(), life.ledger.place.ids
    line: Any = _Yes()
    asking = Requests(life.world.config, life.hands.clock(), line, direct(life.ledger))
    if price(order).discountable_fen > POINTS + COUPON:
        points = Spend(ids.uuid7(), "1001", "0001", MEMBER, "points", POINTS, order.order_id)
        coupon = UseCoupon(ids.uuid7(), "1001", f"C{ids.uuid7()}", order.order_id)
        asking.spend(points)
        asking.use_coupon(coupon)
        order = _given(order, points.request_id, coupon.code)
        life.ledger.save_draft(order)
    fen = life.rng.randint(1, stored.check_stored(order, None))
    asked = Spend(ids.uuid7(), "1001", "0001", MEMBER, "stored", fen, order.order_id)
    asking.spend(asked)
    if life.rng.random() < 0.2:  # the customer thinks better of it
        life.ledger.void_order(order, life.where, "测试")
        return life.ack("spend")
    order = stored.take_stored(order, fen, asked.request_id, MEMBER)
    life.ledger.save_draft(order)
    if tenders.due(order):
        order = tenders.take_cash(order, 1_000_000, "none", 10**9)
    ended = life.ledger.close_order(order, life.where)
    total = sum(t.fen for t in getattr(ended.fact, "tenders", ()))
    return life.ack("spend", order.order_id, ended.number, total)


def _given(order: Order, points: str, coupon: str) -> Order:
    given = (
        GivenOffer("p", "积分", "points", 1, POINTS, points=POINTS),
        GivenOffer("c", "券", "coupon", 1, COUPON, code=coupon),
    )
    taken = (OrderOffer("points", POINTS, "p"), OrderOffer("coupon", COUPON, "c"))
    offers = Offers(order=taken, given=given)
    return replace(order, coupons=(coupon,), offers=offers, points=POINTS, points_request=points)


def unfitting(reader: Reader) -> list[str]:
    """Requests whose state does not fit their order, after a start.

    What a closed sale used is used under its number; what no sale used, nor an open order names,
    is let go.
    """
    ended = {row["order_id"]: row for row in reader.rows("SELECT * FROM orders")}
    used = {key: row["number"] for row in ended.values() for key in _used(reader, row["jn"], row)}
    open_ = {key: draft.order_id for draft in reader.drafts() for key in _named(draft)}
    found = []
    rows = reader.rows("SELECT * FROM sync_requests WHERE kind IN ('spend', 'coupon')")
    for row in rows:
        key = row["about"] if row["kind"] == "coupon" else row["request_id"]
        state, number = row["state"], used.pop(key, "")
        if state == "refused" and row["why"].startswith("ho_"):
            continue  # a real head office knows nothing of what this one held
        if number and (state not in USED or row["why"] != number):
            found.append(f"{row['kind']} {key}: used by {number}, and {state} {row['why']}")
        elif not number and key in open_ and state != "held":
            found.append(f"{row['kind']} {key}: on an open order, and {state}")
        elif not number and key not in open_ and (state not in FREE or row["why"]):
            found.append(f"{row['kind']} {key}: on nothing, and {state} {row['why']}")
    return found + [
        f"order {number}: used {key}, which nobody holds" for key, number in used.items()
    ]


def _used(reader: Reader, jn: int, row: Mapping[str, Any]) -> Iterator[str]:
    if row["state"] != "closed":
        return
    [record] = reader.rows("SELECT body FROM journal WHERE jn = ?", (jn,))
    fact = from_bytes(record["body"]).fact
    assert isinstance(fact, OrderClosed)
    yield from (t.reference for t in fact.tenders if t.way == stored.WAY and t.fen > 0)
    yield from (one.code for one in fact.offers if one.kind in ("points", "coupon") and one.times)


def _named(order: Order) -> Iterator[str]:
    yield from (tender.reference for tender in order.tenders if tender.way == stored.WAY)
    yield from order.coupons
    if order.points_request:
        yield order.points_request
