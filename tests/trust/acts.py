"""The acts of a life, by name."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from pos.record import CashMoved, DrawerOpened, LineVoided, Override
from pos.reports import closes
from pos.sale import order as rules
from pos.sale import tenders
from pos.sale.counting import Cash, Count, accept, leave, submit
from pos.store import shifts
from pos.store.faults import in_words
from pos.store.staging import apply
from pos.till import closing as ending
from tests.shop import APPLE
from tests.staged import ProductRow, stage
from tests.trust.batches import receive
from tests.trust.invoicing import invoice
from tests.trust.life import Ack, Life
from tests.trust.paper import print_
from tests.trust.spending import spend
from tests.trust.taking import pay, return_, send


def act(life: Life, name: str) -> Ack:
    """Do one of `ACTS`, and say so."""
    ack = ACTS[name](life)
    life.told(ack)
    return ack


def sale(life: Life) -> Ack:
    """Goods scanned, discounted, paid in cash, closed."""
    order = life.order()
    if order.lines[0].product.discountable and life.rng.random() < 0.5:
        order = rules.discount_line(order, order.lines[0].line_no, bp=500)
    paid = tenders.take_cash(order, 1_000_000, "down_jiao", 10**9)
    ended = life.ledger.close_order(paid, life.where)
    total = sum(t.fen for t in getattr(ended.fact, "tenders", ()))
    return life.ack("sale", order.order_id, ended.number, total)


def void(life: Life) -> Ack:
    """A line off, then the order given up."""
    order = life.order()
    line = order.lines[0]
    fact = LineVoided(
        life.where, order.order_id, line.line_no, line.product.sku, line.product.name,
        line.milli, line.product.price_fen, line.product.price_fen,
    )  # fmt: skip
    left = rules.void_line(order, line.line_no)
    life.ledger.save_draft(left, fact)
    life.ledger.void_order(left, life.where, "测试")
    return life.ack("void")


def hold(life: Life) -> Ack:
    """An order put aside."""
    life.ledger.save_draft(msgspec.structs.replace(life.order(2), state="held"))
    return life.ack("hold")


def cash(life: Life) -> Ack:
    """Cash into the drawer, approved by somebody."""
    ids = life.ledger.place.ids
    life.ledger.write(
        Override(life.where, ids.uuid7(), "open_drawer", "9001", "找零", "", "", ""),
        DrawerOpened(life.where, "找零"),
        CashMoved(life.where, ids.uuid7(), "in", life.rng.randint(1, 10**6), "备用金"),
    )
    return life.ack("cash")


def printed(life: Life) -> Ack:
    """A sale, then its paper."""
    life.told(sale(life))
    return print_(life)


def products(life: Life) -> Ack:
    """Products come in."""
    name = f"商品{life.rng.randint(1, 10**6)}"
    sku = f"{life.rng.randint(10**5, 10**6)}"
    row = ProductRow(sku, name, "个", 100, 1300, (f"69{sku}", APPLE + sku))
    beside = life.ledger.place.path.parents[2]  # what a kill leaves goes with the shop
    with TemporaryDirectory(dir=beside) as folder:
        path = Path(folder) / "staging.db"
        try:  # another process does this in a till, and says no more
            stage(path, [row], "test")
        except sqlite3.Error as error:
            raise in_words(error, path) from error
        apply(life.ledger, path, "test", 0)
    return life.ack("products")


def shift(life: Life) -> Ack:
    """交班, counted; the next one begins. One that the disk did not let begin begins first."""
    with closing(life.reader()) as reader:
        if (own := shifts.shift(reader, life.where.shift_id)) is None:
            life.begin_shift()
            own = shifts.shift(reader, life.where.shift_id)
        assert own is not None
        expected = closes.shift_figures(reader, own).expected
        declared = {way: fen for way, fen in expected.items() if way != "cash"}
        count = submit(Count(expected), declared, Cash(((10, 12),)))
        count = count if count.stage == "done" else accept(count)
        signed = ending.Signed(leave(count) if count.stage == "signing" else count)
        ending.close_shift(life.ledger, reader, life.where, own, signed, 100)
    done = life.ack("shift")
    life.begin_shift()
    return done


def day(life: Life) -> Ack:
    """日结; shifts that are open end with it."""
    with closing(life.reader()) as reader:
        ending.close_day(life.ledger, reader, life.where)
    done = life.ack("day")
    life.begin_shift()
    return done


ACTS: dict[str, Callable[[Life], Ack]] = {
    "sale": sale,
    "void": void,
    "hold": hold,
    "cash": cash,
    "printed": printed,
    "products": products,
    "payment": pay,
    "invoice": invoice,
    "return": return_,
    "shift": shift,
    "day": day,
    "sync": send,
    "spend": spend,
    "receive": receive,
}
ALONE = tuple(name for name in ACTS if name != "sync")
"""What a till does that no head office knows."""
