"""Shifts and days closed at a real ledger: numbered, complete, and agreeing with each other."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pos.books.accounts import Accounts
from pos.books.voucher import daily
from pos.record import DayClosed, ShiftClosed, Where
from pos.refusal import Refused
from pos.reports import closes
from pos.reports.adding import figures
from pos.reports.scope import of_range
from pos.sale.counting import Cash, Count, accept, sign, submit
from pos.store import shifts
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.store.shifts import ShiftRow
from pos.store.verify import verify_ledger
from tests.reports.days import Days
from tests.shop import make_shop


def counted(expected: dict[str, int], over: int) -> Count:
    """Everything declared as it is, cash off by `over` fen."""
    declared = {way: fen for way, fen in expected.items() if way != "cash"}
    cash = Cash(((1, expected["cash"] + over),))
    count = submit(Count(expected), declared, cash)
    return count if count.stage == "done" else sign(accept(count), "9001", "1001")


def close_shift(ledger: Ledger, reader: Reader, shift: ShiftRow, over: int | None) -> ShiftClosed:
    where = Where(shift.operator, shift.shift_id, shift.business_date)
    count = None
    if over is not None:
        count = counted(closes.shift_figures(reader, shift).expected, over)
    fact = closes.shift_closed(reader, where, shift, count, left_fen=500)
    ledger.write(fact)
    return fact


def close_day(ledger: Ledger, reader: Reader, day: str, *, auto: bool = False) -> DayClosed:
    fact = closes.day_closed(reader, Where("9001", "", day), day, auto=auto)
    ledger.write(fact)
    return fact


@pytest.mark.parametrize("seed", range(3))
def test_days_one_after_the_other(tmp_path: Path, seed: int) -> None:
    shop = make_shop(tmp_path)
    ledger = shop.ledger()
    reader = Reader(ledger.place.path)
    days = Days(shop, ledger, random.Random(seed))
    made: list[DayClosed] = []
    over = {"1001": 30, "2001": -50}
    for n in range(3):
        day = f"2026-03-{2 + n:02d}"
        for who in over:
            days.open(who, day)
            for _ in range(15):
                days.act()
        both = [close_shift(ledger, reader, s, over[s.operator]) for s in shifts.opened(reader)]
        assert [s.owner for s in both] == ["1001", "2001"]
        z = close_day(ledger, reader, day)
        made.append(z)
        assert (z.z, z.business_date, z.shifts, z.uncounted) == (n + 1, day, 2, 0)
        assert z.counted is not None
        assert {c.way: c.difference_fen for c in z.counted if c.difference_fen} == {"cash": -20}
        assert sum(s.figures.net_fen for s in both) == z.figures.net_fen
        assert sum(s.figures.orders for s in both) == z.figures.orders
        cash = sum(s.figures.drawer.expected_fen for s in both)
        assert cash == z.figures.drawer.expected_fen
        assert daily(z, Accounts(), "0001", "01").debit_fen >= 0
        assert shifts.day(reader, n + 1) == z
        assert shifts.left_fen(reader) == 500
    whole = figures(reader, of_range("2026-01-01", "2027-01-01"))
    assert made[-1].grand_total_fen == whole.net_fen == sum(z.figures.net_fen for z in made)
    assert [z.first_seq for z in made[1:]] == [z.last_seq + 1 for z in made[:-1]]
    assert [row.z for row in shifts.days(reader)] == [1, 2, 3]
    assert [row.z for row in shifts.days(reader, "2026-03-03")] == [2]
    reader.close()
    ledger.close()


def test_nothing_is_closed_twice(tmp_path: Path) -> None:
    shop = make_shop(tmp_path)
    ledger = shop.ledger()
    reader = Reader(ledger.place.path)
    days = Days(shop, ledger, random.Random(1))
    with pytest.raises(Refused, match="day_nothing"):
        close_day(ledger, reader, "2026-03-02")
    days.open("1001", "2026-03-02")
    days.sell()
    shift = shifts.opened(reader)[0]
    close_shift(ledger, reader, shift, 0)
    with pytest.raises(Refused, match="shift_closed_already"):
        close_shift(ledger, reader, shift, 0)
    with pytest.raises(Refused, match="shift_counted_already"):
        closes.shift_counted(reader, days.where, shift, counted({"cash": 0}, 0))
    close_day(ledger, reader, "2026-03-02")
    with pytest.raises(Refused, match="day_nothing"):
        close_day(ledger, reader, "2026-03-02")
    with pytest.raises(Refused, match="z_unknown"):
        shifts.day(reader, 2)
    with pytest.raises(Refused, match="shift_not_closed"):
        shifts.closed(reader, "no")
    reader.close()
    ledger.close()


def test_a_forgotten_day_is_counted_on_its_own_day(tmp_path: Path) -> None:
    """Closed by itself it has no count; the late count is in the next Z, as a fact of that day."""
    shop = make_shop(tmp_path)
    ledger = shop.ledger()
    reader = Reader(ledger.place.path)
    days = Days(shop, ledger, random.Random(2))
    days.open("1001", "2026-03-02")
    days.sell()
    forgotten = shifts.opened(reader)[0]
    closed = close_shift(ledger, reader, forgotten, None)
    assert (closed.counted, closed.auto) == (None, True)
    first = close_day(ledger, reader, "2026-03-02", auto=True)
    assert (first.counted, first.uncounted, first.auto) == (None, 1, True)
    assert [one.shift_id for one in shifts.uncounted(reader)] == [forgotten.shift_id]
    days.open("2001", "2026-03-03")
    days.sell()
    count = counted(closed.figures.expected, -100)
    late = closes.shift_counted(reader, days.where, forgotten, count, reason="补点")
    ledger.write(late)
    assert shifts.uncounted(reader) == []
    close_shift(ledger, reader, shifts.opened(reader)[0], 5)
    second = close_day(ledger, reader, "2026-03-03")
    assert second.counted is not None
    assert {c.way: c.difference_fen for c in second.counted}["cash"] == -95
    assert daily(first, Accounts(), "0001", "01") == daily(
        shifts.day(reader, 1), Accounts(), "0001", "01"
    )
    reader.close()
    ledger.close()
    assert verify_ledger(ledger.place.path).ok
