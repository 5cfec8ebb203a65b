"""Offers in a real terminal, from the scan to the printed receipt; training."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.config import load
from pos.receiptline import as_text
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import receipts
from tests.offers import CHIPS, COUPONS, KINDS, TEA, Kind, offers_shop
from tests.pty.conftest import Opener, sign_in
from tests.shop import Shop

OFFERS, QUICK, CHECK, TRAINING = "\x07", "\x18", "\x01", "\x0c"
F2 = "\x1bOQ"
TOGETHER = ("nth", "add_on", "coupon")
"""Kinds whose examples do not take goods from one another, so that one till shows them all."""
ALONE = [case for case in KINDS if case.kind not in TOGETHER]


@pytest.fixture
def together(tmp_path: Path) -> Shop:
    """A shop in which several kinds are live at once, each tried by an order of its own."""
    toml = "".join(case.toml for case in KINDS if case.kind in TOGETHER)
    keys = {"[quick_keys]               #": '[quick_keys]\na = "T1"  #'}
    return offers_shop(tmp_path, toml, COUPONS, keys)


def test_offers_at_the_counter_and_on_paper(together: Shop, opened: Opener) -> None:
    till = opened(together)
    sign_in(till)
    for case in (c for c in KINDS if c.kind in TOGETHER):
        till.send("".join(f"{code}\r" for code in case.scans))
        till.wait_for(case.told.split(" -")[0])
        till.send("+")
        till.wait_for("待收")
        till.wait_for(case.total)
        till.send("\r")
        till.wait_for("找零")
    till.send(f"{CHIPS}\r{TEA}\r")
    till.wait_for("换购")
    till.send(OFFERS)
    till.wait_for("可换购")
    till.send("1\r")
    till.wait_for("已换购 毛巾")
    till.send(QUICK)
    till.wait_for("快捷商品")
    till.send("a")
    till.wait_for("34.80")
    till.send(CHECK)
    till.wait_for("查价")
    till.send(f"{CHIPS}\r")
    till.wait_for("售价 9.90 元/袋")
    till.send("\x1b")
    till.wait_for("条码/货号")
    till.send("+")
    till.wait_for("待收")
    till.send("\r")
    till.wait_for("找零")
    path = together.place().path
    reader, config = Reader(path), load(together.config_file)
    orders = reader.orders()
    assert len(orders) == 4
    for order in orders[1:]:
        paper = as_text.text(receipts.order_slip(config, reader, order.order_id, "sale"))
        assert "优惠合计" in paper
    assert verify_ledger(path).ok


@pytest.mark.parametrize("case", ALONE, ids=[case.kind for case in ALONE])
def test_each_other_kind_at_the_counter(tmp_path: Path, opened: Opener, case: Kind) -> None:
    shop = offers_shop(tmp_path, case.toml.replace('"09:00-11:00"', '"00:00-24:00"'))
    till = opened(shop)
    sign_in(till)
    till.send("".join(f"{code}\r" for code in case.scans))
    if case.member:
        till.send(f"13800001111{F2}")
        till.wait_for("姓名")
        till.send("王芳\r")
    till.wait_for(case.told.split(" -")[0][:8])
    till.send("+")
    till.wait_for("待收")
    till.wait_for(case.total)
    till.send("\r")
    till.wait_for("找零")
    reader = Reader(shop.place().path)
    [order] = reader.orders()
    assert f"{order.total_fen / 100:.2f}" == case.total
    given = reader.rows("SELECT offer_id FROM order_offers WHERE offer_id = ?", (case.kind,))
    assert len(given) == 1
    paper = as_text.text(
        receipts.order_slip(load(shop.config_file), reader, order.order_id, "sale")
    )
    assert "优惠合计" in paper


def test_training_in_a_terminal(together: Shop, opened: Opener) -> None:
    till = opened(together)
    sign_in(till, "2001")
    till.send(TRAINING)
    till.wait_for("练习 不作凭证")
    till.wait_for("输工号")
    sign_in(till)
    till.send(f"{CHIPS}\r")
    till.wait_for("薯片")
    till.send("+")
    till.wait_for("待收")
    till.send("\r")
    till.wait_for("找零")
    till.send(TRAINING)
    till.wait_for(lambda t: "练习" not in t.text() and "工号" in t.text())
    assert Reader(together.place().path).orders() == []
