"""A receipt of goods and a stocktake in a real terminal, with a kill in between."""

from __future__ import annotations

import signal

from pos.store import levels
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.pty.conftest import Opener, sign_in
from tests.shop import MILK, WATER, Shop

CTRL_W = "\x17"


def test_goods_in_and_counted(shop: Shop, opened: Opener) -> None:
    till = opened(shop)
    sign_in(till, "2001")
    till.send(f"{CTRL_W}1\r")
    till.wait_for("供应商")
    till.send("粮油批发\r")
    till.wait_for("对方单号")
    till.send("PH-7\r")
    till.wait_for("扫商品")
    till.send(f"24*{WATER}\r")
    till.wait_for("24瓶")
    till.send(".")
    till.wait_for("进价（元）")
    till.send("1.20\r")
    till.wait_for("28.80")
    till.send(f"{MILK}\r")
    till.wait_for("1盒")
    till.signal(signal.SIGKILL)
    till.wait_exit()

    till = opened(shop)
    sign_in(till, "2001")
    till.send(f"{CTRL_W}1\r")
    till.wait_for("接着做上次的收货入库")
    till.wait_for("24瓶")
    till.send("6*")
    till.wait_for("6 x")
    till.send("\r")
    till.wait_for("6盒")
    till.send("+")
    till.wait_for("核对收货入库")
    till.send("+")
    till.wait_for("收货入库已过账 K00010101000001")

    till.send(f"{CTRL_W}5\r")
    till.wait_for("实盘")
    till.send(f"{WATER}\r{WATER}\r20*{WATER}\r")
    till.wait_for("22瓶")
    assert "24" not in till.text()  # blind
    till.send("+")
    till.wait_for("盘点范围")
    till.send("1\r")
    till.wait_for("-2.40")
    till.send("+")
    till.wait_for("盘点已过账 K00010101000002，1 种不符")

    reader = Reader(shop.place().path)
    assert (levels.book(reader, 1), levels.book(reader, 2)) == (22_000, 6000)
    assert [row[0] for row in reader.rows("SELECT kind FROM print_jobs")] == ["stock", "stock"]
    reader.close()
    assert verify_ledger(shop.place().path).ok
