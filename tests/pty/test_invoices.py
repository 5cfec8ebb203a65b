"""An invoice issued, amended and partly taken back in a terminal, the platform over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.terminal import Terminal
from pos.store import invoices
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.pty.conftest import Opener, sign_in
from tests.pty.providers import Provider
from tests.shop import MILK, PIN, WATER, Shop, make_shop
from tests.till.invoicing import BISCUIT, COMPANY, TABLE

CTRL_Y, END = "\x19", "\x1b[F"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Provider]:
    made = Provider("tax", tmp_path / "tax")
    made.admin("settings", {"issue_s": 0.3, "sign_s": 0.3})
    yield made
    made.stop()


@pytest.fixture
def shop(tmp_path: Path, platform: Provider) -> Shop:
    changes = {
        'provider = "none" ': 'provider = "nuonuo" ',
        'clerk = "" ': 'clerk = "王五" ',
        'default_code = "" ': f'default_code = "{BISCUIT}" ',
        'tax_id = "" ': f'tax_id = "{platform.files["seller"]}" ',
        'name = ""                  # 名称': 'name = "柜台便利店有限公司" # 名称',
        'app_key = "" ': f'app_key = "{platform.files["app_key"]}" ',
        'app_secret = "" ': f'app_secret = "{platform.files["app_secret"]}" ',
        'base_url = "https://sdk.nuonuo.com"': f'base_url = "{platform.url}"',
        'token_url = "https://open.nuonuo.com"': f'token_url = "{platform.url}"',
    }
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "tax-codes.csv").write_text(TABLE, "utf-8")
    return make_shop(folder, changes)


def allowed(till: Terminal) -> None:
    """A manager allows it."""
    till.wait_for("授权")
    till.send(f"9001\r{PIN['9001']}\r")
    till.wait_for("原因")
    till.send("1\r")


def confirmed(platform: Provider) -> None:
    """The buyer agrees to what waits for them, once it is there."""
    end = time.monotonic() + 30
    while not (forms := [f for f in platform.admin("ledger")["forms"] if f["status"] == "02"]):
        assert time.monotonic() < end, platform.admin("ledger")
        time.sleep(0.1)
    platform.admin("confirm", {"form": forms[0]["billId"]})


def test_issued_amended_and_partly_taken_back(
    shop: Shop, opened: Opener, platform: Provider
) -> None:
    till = opened(shop)
    sign_in(till)
    till.send(f"2*{WATER}\r{MILK}\r")
    till.wait_for("北麓纯牛奶250ml")
    till.send(END)
    till.wait_for("实收")
    till.send("\r")
    till.wait_for("找零")
    till.send(CTRL_Y)
    till.wait_for("单位 专用发票")
    till.send("1\r")
    till.wait_for("姓名；直接回车")
    till.send("\r")
    till.wait_for("顾客邮箱或手机")
    till.send("\r")
    till.wait_for("000101010000001 已开票", timeout=30)

    till.send(CTRL_Y)
    till.wait_for("修改重开")
    till.send("3\r")
    allowed(till)
    till.wait_for("单位 专用发票")
    till.send("3\r")
    till.wait_for("单位全称")
    till.send(f"{COMPANY.title}\r")
    till.wait_for("18 位")
    till.send(f"{COMPANY.tax_id}\r")
    till.wait_for("√")
    till.send("fp@example.cn\r")
    till.wait_for("已冲红", timeout=30)
    till.wait_for("已开票", timeout=30)

    till.send(CTRL_Y)
    till.wait_for("部分冲红")
    till.send("5\r")
    allowed(till)
    till.wait_for("冲红选好的行")
    till.send("2\r")
    till.wait_for("冲红数量")
    till.send("1\r")
    till.wait_for("2.00")
    till.send("1\r")
    till.wait_for("销售折让")
    till.send("4\r")
    till.wait_for("000101010000001R02")
    confirmed(platform)  # the buyer of a special invoice has to
    till.send(CTRL_Y)
    till.wait_for("马上查询")
    till.send("1\r")
    till.wait_for("已冲红", timeout=30)

    with_reader = Reader(shop.place().path)
    rows = with_reader.rows("SELECT order_id FROM orders")
    found = invoices.of_order(with_reader, rows[0]["order_id"])
    reds = invoices.reds_of(with_reader, rows[0]["order_id"])
    with_reader.close()
    assert [(row.state, row.special, row.standing_fen) for row in found] == [
        ("issued", 0, 0),
        ("issued", 1, 750),
    ]
    assert [(red.cause, red.state, red.total_fen) for red in reds] == [
        ("mistake", "red", 950),
        ("allowance", "red", 200),
    ]
    assert [row.bureau_no in str(platform.admin("ledger")) for row in found] == [True, True]
    assert verify_ledger(shop.place().path).ok
