"""What a till does in a life that is cut short, and what must hold of it afterwards.

Acts go through the real services. After each, when the service has said that it is done, an `Ack`
goes out: what was acknowledged has to be there after any cut, once and whole.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import msgspec

from pos.record import CashMoved, DrawerOpened, LineVoided, Override, Where
from pos.sale import order as rules
from pos.sale import tenders
from pos.sale.order import Order
from pos.store import jobs
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.shop import APPLE, BAG, MILK, SMOKE, WATER, Shop
from tests.staged import ProductRow, put_products

WHERE = Where("1001", "shift-1", "2026-03-02")
CODES = (WATER, MILK, BAG, SMOKE)


class Ack(msgspec.Struct, frozen=True):
    """Something is done: the head after it, and the order that was closed, if one was."""

    act: str
    jn: int
    hash: str
    order_id: str = ""
    number: str = ""
    total_fen: int = 0


class Life:
    """An open ledger and a random hand that works it."""

    def __init__(self, shop: Shop, rng: random.Random) -> None:
        self.ledger = shop.ledger()
        self.rng = rng

    def act(self, name: str) -> Ack:
        """Do one of `ACTS`."""
        return ACTS[name](self)

    def _order(self, most: int = 4) -> Order:
        place = self.ledger.place
        order = Order(place.ids.uuid7(), "2026-03-02T02:00:00.000Z", WHERE.operator)
        with closing(Reader(place.path)) as reader:
            for code in self.rng.choices(CODES, k=self.rng.randint(1, most)):
                product = reader.product(code)
                assert product is not None
                order = rules.add(order, product, code, 1000 * self.rng.randint(1, 9))
                self.ledger.save_draft(order)
        return order

    def sale(self) -> Ack:
        """Goods scanned one by one, each a draft on disk; discounted, paid, closed."""
        order = self._order()
        if order.lines[0].product.discountable and self.rng.random() < 0.5:
            order = rules.discount_line(order, order.lines[0].line_no, bp=500)
        paid = tenders.take_cash(order, 1_000_000, "down_jiao", 10**9)
        ended = self.ledger.close_order(paid, WHERE)
        total = sum(t.fen for t in getattr(ended.fact, "tenders", ()))
        return self._ack("sale", order.order_id, ended.number, total)

    def void(self) -> Ack:
        """A line off, then the order given up."""
        order = self._order()
        line = order.lines[0]
        fact = LineVoided(
            WHERE, order.order_id, line.line_no, line.product.sku, line.product.name,
            line.milli, line.product.price_fen, line.product.price_fen,
        )  # fmt: skip
        left = rules.void_line(order, line.line_no)
        self.ledger.save_draft(left, fact)
        self.ledger.void_order(left, WHERE, "测试")
        return self._ack("void")

    def hold(self) -> Ack:
        """An order put aside."""
        self.ledger.save_draft(msgspec.structs.replace(self._order(2), state="held"))
        return self._ack("hold")

    def cash(self) -> Ack:
        """Cash into the drawer, approved by somebody."""
        ids = self.ledger.place.ids
        self.ledger.write(
            Override(WHERE, ids.uuid7(), "open_drawer", "9001", "找零", "", "", ""),
            DrawerOpened(WHERE, "找零"),
            CashMoved(WHERE, ids.uuid7(), "in", self.rng.randint(1, 10**6), "备用金"),
        )
        return self._ack("cash")

    def printed(self) -> Ack:
        """Print jobs put in order, as when a till opens."""
        from datetime import timedelta

        jobs.put_in_order(self.ledger, timedelta(minutes=5))
        return self._ack("printed")

    def products(self) -> Ack:
        """Products come in."""
        name = f"商品{self.rng.randint(1, 10**6)}"
        sku = f"{self.rng.randint(10**5, 10**6)}"
        put_products(
            self.ledger, [ProductRow(sku, name, "个", 100, 1300, (f"69{sku}", APPLE + sku))],
            "test", "test",
        )  # fmt: skip
        return self._ack("products")

    def _ack(self, act: str, order_id: str = "", number: str = "", total_fen: int = 0) -> Ack:
        head = self.ledger.head
        return Ack(act, head.jn, head.hash, order_id, number, total_fen)

    def stop(self) -> None:
        """The till is closed in order."""
        self.ledger.close()


ACTS: dict[str, Callable[[Life], Ack]] = {
    "sale": Life.sale,
    "void": Life.void,
    "hold": Life.hold,
    "cash": Life.cash,
    "printed": Life.printed,
    "products": Life.products,
}


def wrong(path: Path, acks: Iterable[Ack], open_first: Callable[[], Ledger]) -> list[str]:
    """What does not hold of a ledger whose till was cut off after `acks`.

    It has to open as it does after any crash; then all that was acknowledged has to be there, and
    everything that is there has to be whole.
    """
    try:
        opened = open_first()
    except BaseException as error:
        return [f"does not open: {error!r}"]
    lost = opened.tail_lost
    opened.close()
    found = ["the witness says that the tail is lost"] if lost else []
    verdict = verify_ledger(path)
    if not verdict.ok:
        found.append(f"record {verdict.first_bad}: {verdict.what}")
    with closing(Reader(path)) as reader:
        hashes = {
            row["jn"]: row["hash"].hex() for row in reader.rows("SELECT jn, hash FROM journal")
        }
        orders = {
            row["order_id"]: (row["number"], row["total_fen"])
            for row in reader.rows("SELECT order_id, number, total_fen FROM orders")
        }
        seqs = [row["seq"] for row in reader.rows("SELECT seq FROM orders ORDER BY seq")]
        again = reader.rows("SELECT order_id FROM drafts JOIN orders USING (order_id)")
        unprinted = reader.rows(
            """SELECT number FROM orders o WHERE state = 'closed'
            AND NOT EXISTS (SELECT 1 FROM print_jobs p WHERE p.order_id = o.order_id)"""
        )
    found += [f"order {row[0]} is closed and open" for row in again]
    found += [f"order {row[0]} is closed and nothing prints it" for row in unprinted]
    if seqs != list(range(1, len(seqs) + 1)):
        found.append("numbers have a gap")
    for ack in acks:
        if hashes.get(ack.jn) != ack.hash:
            found.append(f"{ack.act} {ack.jn}: acknowledged and not there")
        if ack.order_id and orders.get(ack.order_id) != (ack.number, ack.total_fen):
            found.append(f"order {ack.number}: {orders.get(ack.order_id)}")
    return found
