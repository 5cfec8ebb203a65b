"""A ledger with a few sales in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.record import LineVoided, ShiftOpened, Where
from pos.reports import closes
from pos.sale import order as rules
from pos.sale import tenders
from pos.sale.counting import Cash, Count, accept, sign, submit
from pos.sale.order import Order
from pos.store import shifts
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from tests.shop import MILK, WATER, Shop, make_shop

WHERE = Where("1001", "shift-1", "2026-03-02")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return make_shop(tmp_path)


@pytest.fixture
def ledger(shop: Shop) -> Iterator[Ledger]:
    opened = shop.ledger()
    yield opened
    opened.close()


def fill(ledger: Ledger, *codes: str, pay: bool = True) -> Order:
    """An order of these codes, paid with a 100 note or not paid."""
    reader = Reader(ledger.place.path)
    order = Order(ledger.place.ids.uuid7(), "2026-03-02T02:00:00.000Z", "1001")
    for code in codes:
        product = reader.product(code)
        assert product is not None
        order = rules.add(order, product, code, 1000)
    reader.close()
    if not pay:
        return order
    order = rules.discount_line(order, 1, bp=500)
    return tenders.take_cash(order, 10_000, "none", 100_000)


def trade(ledger: Ledger, sales: int = 4) -> None:
    """A day: a shift, sales, a voided line and a voided order; closed, and a late count."""
    ledger.write(ShiftOpened(WHERE))
    for _ in range(sales):
        ledger.close_order(fill(ledger, WATER, MILK), WHERE)
    open_order = fill(ledger, WATER, MILK, pay=False)
    gone = LineVoided(WHERE, open_order.order_id, 2, "000002", "北麓纯牛奶250ml", 1000, 550, 550)
    ledger.save_draft(rules.void_line(open_order, 2), gone)
    ledger.void_order(rules.void_line(open_order, 2), WHERE, "测试")
    close_day(ledger)


def close_day(ledger: Ledger) -> None:
    """One shift closes with a count, another without, the day with both; then it is counted."""
    later = Where("2001", f"{WHERE.shift_id}-b", WHERE.business_date)
    ledger.write(ShiftOpened(later))
    reader = Reader(ledger.place.path)
    for shift in shifts.opened(reader):
        count = None
        if shift.shift_id == WHERE.shift_id:
            expected = closes.shift_figures(reader, shift).expected
            count = submit(Count(expected), {}, Cash(((10, expected["cash"] // 10 + 1),)))
            count = sign(accept(count), "9001", "1001")
        ledger.write(closes.shift_closed(reader, WHERE, shift, count))
    ledger.write(closes.day_closed(reader, WHERE, WHERE.business_date, auto=False))
    missed = shifts.uncounted(reader)[0]
    count = submit(Count({"cash": 0}), {}, Cash())
    ledger.write(closes.shift_counted(reader, later, missed, count))
    reader.close()
