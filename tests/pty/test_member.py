"""A member's purchase and return in a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.store import members
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.pty.conftest import Opener, sign_in
from tests.shop import MILK, WATER, Shop, make_shop

F2, F7 = "\x1bOQ", "\x1b[18~"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return make_shop(
        tmp_path, {"enabled = false            # F2 signs": "enabled = true  # F2 signs"}
    )


def test_a_member_buys_and_brings_back(shop: Shop, opened: Opener) -> None:
    till = opened(shop, columns=100, rows=40)
    sign_in(till, "9001")
    till.send(f"{F2}13800001234\r")
    till.wait_for("顾客姓名")
    till.send("王小明\r")
    till.wait_for("生日")
    till.send("0502\r")
    till.wait_for("已入会 王** 138****1234")
    till.send(f"{WATER}\r{MILK}\r{MILK}\r")
    till.wait_for("13.00")
    till.send("+")
    till.wait_for("实收")
    till.send("\r")
    till.wait_for("000101010000001")
    till.wait_for("本次积分 13")

    reader = Reader(shop.place().path)
    [who] = [row[0] for row in reader.rows("SELECT person_id FROM members")]
    assert members.points(reader, who) == 13

    till.send(f"000101010000001{F7}")
    till.wait_for("本次退")
    till.send(F7)
    till.wait_for("已加退货 2 行")
    till.send("\r")
    till.wait_for("退款方式")
    till.send("\r")
    till.wait_for("退货已完成，单号 000101010000002")
    till.wait_for("本次积分 -13")
    assert members.points(reader, who) == 0
    reader.close()
    assert verify_ledger(shop.place().path).ok
