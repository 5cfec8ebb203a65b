"""积分抵现 in a real terminal, against a real head office on loopback: earned once, then spent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.offers import CHIPS, GOODS, TEA, offer
from tests.pty.conftest import Opener, sign_in
from tests.sync.office import Office, TillSide, enrol_till

F2, F9 = "\x1bOQ", "\x1b[20~"
RULE = offer("points", 'points = 10\noff = "1.00"\nmost_rate = "50%"', "积分抵现")
CHANGES = {
    "enabled = false            # F2 signs": "enabled = true  # F2 signs",
    'file = ""                  # 促销': 'file = "offers.toml"  # 促销',
}
EARNED = "SELECT coalesce(sum(amount), 0) AS n FROM account_moves WHERE asset = 'points'"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "headoffice")
    yield made
    made.stop()


@pytest.fixture
def side(tmp_path: Path, office: Office) -> TillSide:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "offers.toml").write_text(RULE, "utf-8")
    made = enrol_till(folder, office, extra=CHANGES, goods=GOODS)
    made.close()  # `pos run` is to hold the ledger
    return made


def arrived(office: Office, points: int) -> None:
    """Until head office has worked in what was earned."""
    until = time.monotonic() + 20
    while office.rows(EARNED)[0]["n"] != points:
        assert time.monotonic() < until, office.rows(EARNED)[0]["n"]
        time.sleep(0.05)


def test_points_are_earned_once_and_spent_in_part(
    office: Office, side: TillSide, opened: Opener
) -> None:
    till = opened(side.shop)
    sign_in(till, "2001")
    till.send(f"{F2}13800001234\r")
    till.wait_for("顾客姓名")
    till.send("王小明\r")
    till.wait_for("生日")
    till.send("\r")
    till.wait_for("已入会")
    till.send(f"{TEA}\r" * 6)
    till.wait_for("30.00")
    till.send("+")
    till.wait_for("待收")
    till.send("\r")
    till.wait_for("找零")
    arrived(office, 30)

    till.send(f"{CHIPS}\r{TEA}\r{TEA}\r{F2}13800001234\r")
    till.wait_for("138****1234")
    till.send("+")
    till.wait_for("待收")
    till.send(F9)
    till.wait_for("积分抵现：有 30 分")
    till.wait_for("用 30 分，抵 3.00 元")
    till.send("2\r")
    till.wait_for("用多少积分")
    till.send("25\r")
    till.wait_for("用 20 分，抵 2.00 元")
    till.wait_for("17.90")
    till.send("\r")
    till.wait_for("找零")
    arrived(office, 30 + 17)

    with closing(Reader(side.shop.place().path)) as reader:
        given = reader.rows("SELECT points, fen FROM order_offers WHERE kind = 'points'")
    assert [tuple(row) for row in given] == [(20, 200)]
    spends = office.rows("SELECT amount, state FROM spends")
    assert [(row["amount"], row["state"]) for row in spends] == [(20, "confirmed")]

    office.stop()
    till.send(f"{CHIPS}\r{F2}13800001234\r")
    till.wait_for("138****1234")
    till.send("+")
    till.wait_for("待收")
    till.send(F9)
    till.wait_for("连不上总部")
    till.send("\r")
    till.wait_for("找零")
    office.start()
    assert verify_ledger(side.shop.place().path).ok
