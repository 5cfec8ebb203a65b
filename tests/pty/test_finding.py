"""Looking things up in a real terminal, and a product file imported from the screen."""

from __future__ import annotations

import re

from pos.store import finding
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.pty.conftest import Opener, sign_in
from tests.shop import MILK, WATER, Shop

F3, F9, F10, ESC = "\x1bOR", "\x1b[20~", "\x1b[21~", "\x1b"


def test_typing_narrows_the_list_and_enter_sells(shop: Shop, opened: Opener) -> None:
    till = opened(shop)
    sign_in(till)
    till.send(F3)
    till.wait_for("5 条")
    till.send("牛")
    till.wait_for("1 条")
    till.send("\x7f")
    till.wait_for("5 条")
    till.send("牛奶\r")
    till.wait_for(lambda t: "条码/货号" in t.text() and "北麓纯牛奶250ml" in t.text())


def test_a_scan_on_the_list_shows_the_price_and_sells_nothing(shop: Shop, opened: Opener) -> None:
    till = opened(shop)
    sign_in(till)
    till.send(F3)
    till.wait_for("5 条")
    till.send(f"{MILK}\r")
    till.wait_for("1 条")
    till.send(f"{WATER}\r")
    till.wait_for(lambda t: "2.00" in t.text() and "1 条" in t.text())
    till.send(ESC)
    till.wait_for("请扫码")


def test_an_order_s_receipt_from_the_list(shop: Shop, opened: Opener) -> None:
    till = opened(shop, columns=100, rows=40)
    sign_in(till)
    till.send(f"{WATER}\r")
    till.wait_for("2.00")
    till.send("+")
    till.wait_for("实收")
    till.send("\r")
    till.wait_for("谢谢惠顾")  # the preview beside the change
    till.send(F10)
    till.wait_for("已完成")
    till.send("\r")
    till.wait_for(re.compile("小票 0001010100000"))
    till.wait_for("谢谢惠顾")


def test_an_import_from_the_screen_goes_in_whole(shop: Shop, opened: Opener) -> None:
    rows = "".join(f"测试商品{n},T{n:05d},{700000 + n},{n}.50\n" for n in range(1, 3001))
    file = shop.folder / "goods.csv"
    file.write_text("品名,货号,条码,售价\n" + rows + "坏,T9,6.9E+12,1\n", "utf-8")
    till = opened(shop)
    sign_in(till, "9001")
    till.send(F3)
    till.wait_for("5 条")
    till.send(F9)
    till.wait_for("商品文件")
    till.send(f"{file}\r")
    till.wait_for("新增 3000", 20)
    till.wait_for("未导入 1")
    till.send(ESC)
    till.send("702999\r")
    till.wait_for("2999.50")
    till.wait_for(lambda _: (shop.folder / "goods.csv.rejects.csv").exists())
    path = shop.place().path
    assert [p.name for p in finding.products(Reader(path), "cssp2999")] == ["测试商品2999"]
    assert verify_ledger(path).ok


def test_an_import_is_stopped_by_esc_and_leaves_nothing(shop: Shop, opened: Opener) -> None:
    rows = "".join(f"测试商品{n},T{n:06d},{7000000 + n},{n}.50\n" for n in range(1, 150_000))
    file = shop.folder / "goods.csv"
    file.write_text("品名,货号,条码,售价\n" + rows, "utf-8")
    till = opened(shop)
    sign_in(till, "9001")
    till.send(F3 + F9)
    till.wait_for("商品文件")
    till.send(f"{file}\r")
    till.wait_for(re.compile(r"[1-9]\d+ / \d+ 行"), 20)
    till.send(ESC)
    till.wait_for("导入已停止", 20)
    assert Reader(shop.place().path).products() == 5
