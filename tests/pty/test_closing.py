"""A whole day in a real terminal: float, fifty orders, a return, 交班, 日结; all sums agree."""

from __future__ import annotations

import random

from bench.terminal import Terminal
from pos.books.accounts import Accounts
from pos.books.voucher import daily
from pos.record import ShiftClosed
from pos.reports.adding import figures
from pos.reports.scope import of_z
from pos.store import shifts
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.pty.conftest import Opener
from tests.shop import BAG, MILK, SMOKE, WATER, Shop

F2, F3, F7, F12, END, ESC = "\x1bOQ", "\x1bOR", "\x1b[18~", "\x1b[24~", "\x1b[F", "\x1b"
PRICES = {WATER: 200, MILK: 550, BAG: 30, SMOKE: 2500}


def sell(till: Terminal, rng: random.Random, number: int) -> tuple[int, int, str]:
    """One order by cash, card or both: what it came to, the cash of it, its first code."""
    codes = [rng.choice(list(PRICES)) for _ in range(rng.randrange(1, 4))]
    total = sum(PRICES[code] for code in codes)
    till.send("".join(f"{code}\r" for code in codes))
    shown = f"{total / 100:.2f}"
    till.wait_for(lambda t: shown in t.text() and "找零" not in t.text())  # not of the one before
    till.pump(0.1)
    till.send("+")
    till.wait_for("待收")
    way = rng.randrange(3)
    card = {0: 0, 1: total, 2: total // 2}[way]
    if card:
        till.send(f"{card / 100:.2f}{F7}" if way == 2 else F7)
        till.wait_for("参考号")
        till.send(f"REF{number:03d}\r")
    if way != 1:
        if way == 2:
            till.wait_for("已收")
            till.pump(0.1)  # a second Enter at once would belong to the first
        till.send("\r")
    till.wait_for(f"00010101{number:07d}")
    return total, total - card, codes[0]


def bring_back(till: Terminal, number: int, code: str) -> int:
    """One piece of an order comes back, for cash; what it came to."""
    till.send(F7)
    till.wait_for("退货")
    till.send(f"00010101{number:07d}\r")
    till.wait_for(f"00010101{number:07d}")
    till.send(f"{code}\r")
    till.pump(0.2)
    till.send("\r")  # onto the order
    till.wait_for(f"-{PRICES[code] / 100:.2f}")
    till.pump(0.2)
    till.send("\r")  # how it goes back
    till.wait_for("退款")
    till.pump(0.2)
    till.send("\r")
    till.wait_for("退货已完成")
    return PRICES[code]


def slowly(till: Terminal, text: str) -> None:
    """As fingers type: not as fast as a scanner."""
    for char in text:
        till.send(char)
        till.pump(0.04)


def count(till: Terminal, fen: int) -> None:
    """Count a drawer with as few pieces as can be."""
    for note in (10_000, 5000, 2000, 1000, 500, 100, 50, 10):
        pieces, fen = divmod(fen, note)
        till.send(f"{pieces}\r")
    assert fen == 0


def test_a_whole_day(shop: Shop, opened: Opener) -> None:
    text = shop.config_file.read_text("utf-8")
    shop.config_file.write_text(text.replace("ask_float = false", "ask_float = true"), "utf-8")
    till, rng = opened(shop), random.Random(7)
    till.wait_for("工号")
    till.send("9001\r975318\r")
    till.wait_for("备用金")
    till.pump(0.2)  # an Enter at once would belong to the one before
    till.send("\r")  # one key
    till.wait_for("500.00，开始收银")
    sold = cash = 0
    returnable = (0, "")
    for number in range(1, 51):
        total, kept, code = sell(till, rng, number)
        sold, cash = sold + total, cash + kept
        if kept == total and code != BAG:
            returnable = (number, code)
    fen = bring_back(till, *returnable)
    sold, cash = sold - fen, cash - fen
    reader = Reader(shop.place().path)
    x = figures(reader, of_z("2026-03-02", 0))
    assert (x.net_fen, x.orders, x.returns) == (sold, 51, 1)
    cash_sales = x.drawer.kept_fen
    assert cash_sales == cash
    # 日结: the manager's shift is counted blind first
    till.send(F12)
    till.wait_for("历次结单")
    till.send(F3)
    till.wait_for("交班点钱")
    assert f"{(50_000 + cash) / 100:.2f}" not in till.text()
    count(till, 50_000 + cash)
    till.wait_for("银行卡 金额")
    slowly(till, f"{(sold - cash) / 100:.2f}\r")
    till.pump(0.2)
    till.send("\r")
    till.wait_for("日结单")
    till.wait_for("核对无误")
    day = shifts.day(reader, 1)
    [row] = reader.rows("SELECT shift_id FROM shift_closes")
    shift = shifts.closed(reader, row[0])
    assert isinstance(shift, ShiftClosed)
    assert shift.counted is not None
    assert all(one.difference_fen == 0 for one in shift.counted)
    assert day.figures.net_fen == shift.figures.net_fen == x.net_fen == sold
    assert day.figures.expected == x.expected == shift.figures.expected
    voucher = daily(day, Accounts(), "0001", "01")
    taken = sum(e.debit_fen for e in voucher.entries[: len(day.figures.tenders)])
    assert taken == sold == day.grand_total_fen
    assert voucher.debit_fen == sum(e.credit_fen for e in voucher.entries)
    # the next operator starts in one key
    till.send("\r")
    till.wait_for("输工号")
    till.send("1001\r135790\r")
    till.wait_for("上一班留下 500.00")
    till.pump(0.2)
    till.send("\r")
    till.wait_for("500.00，开始收银")
    till.send(F12)
    till.wait_for("历次结单")
    till.send(F12)
    till.wait_for("输工号")
    till.send("\x11")
    assert till.wait_exit() == 0
    reader.close()
    assert verify_ledger(shop.place().path).ok
