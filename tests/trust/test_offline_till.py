"""Every key that docs/offline.md calls offline, pressed at a till whose network is cut."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos.store import outbox
from pos.store.reader import Reader
from pos.till.view import ChangeView
from tests.offers import CHIPS, PEARS, TEA, TOWEL, offer, offers_shop
from tests.shop import MILK, PIN, WATER, Shop, make_shop
from tests.till.test_devices import Line as Serial
from tests.till.test_devices import RealTime, set_keys, until
from tests.till.test_training import Counter
from tests.till.wallets import World, world
from tests.trust.cut import cut
from tests.trust.offline import PAPER, Alone, held, runs

ADD_ON = offer("add_on", 'amount = "10.00"\ngifts = ["G1"]\nprice = "9.90"', "换购毛巾")
QUICK = {"[quick_keys]               #": '[quick_keys]\n1 = "T1"  #'}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return make_shop(tmp_path, PAPER)


SELLING = (
    *("help", "up", "down", "page_up", "page_down", "back", "settle", "cash", "quantity"),
    *("discount_line", "reduce_line", "price", "decrement", "increment", "delete_line"),
    *("discount_order", "reduce_order", "void_order", "hold", "seller", "note", "repeat"),
    *("quick_keys", "quick_pick", "price_check", "offers", "customer", "deliver"),
    *("quick_1", "quick_2", "quick_3", "quick_4", "bank", "transfer", "static_code", "take_back"),
    *("last_receipt", "lock", "open_drawer", "devices"),
)


@runs(*SELLING)
def test_a_day_of_selling(tmp_path: Path) -> None:
    shop = offers_shop(tmp_path, ADD_ON, extra=QUICK | PAPER)
    with cut(), held("test_a_day_of_selling") as ran:
        person = Alone(shop, ran)
        person.sign_in("9001")
        for command in ("help", "down", "page_down", "up", "page_up", "back"):
            person.key(command)
        person.scan(TEA, CHIPS)
        person.key("quantity", "3")
        person.enter()
        for command in ("up", "down", "page_up", "page_down"):
            person.key(command)
        person.key("increment")
        person.key("decrement")
        person.key("discount_line", "95")
        person.why()
        person.key("reduce_line", "0.10")
        person.why()
        person.key("price")
        person.enter("9.80")
        person.why()
        person.key("repeat")
        person.key("delete_line")
        person.key("seller", "2001")
        person.key("note")
        person.enter("下午来取")
        person.key("customer", "13800001234")
        person.enter("王小明")
        person.key("deliver")
        person.enter("样例路一号")
        person.enter()
        person.key("offers")
        person.key("back")
        person.key("quick_keys")
        person.key("quick_pick", "1")
        person.key("price_check")
        person.scan(TEA)
        person.key("back")
        person.key("discount_order", "95")
        person.why()
        person.key("reduce_order", "0.10")
        person.why()
        person.key("hold")
        person.key("hold")
        person.key("void_order")
        person.enter("1")
        person.scan(PEARS)
        person.enter("0.5")
        person.key("settle")
        for way, slip in (("bank", "S001234"), ("transfer", "00123"), ("static_code", "00124")):
            person.key(way, "1")
            person.enter(slip)
            person.key("take_back")
        person.key("cash")
        for number in (1, 2, 3, 4):
            person.scan(CHIPS, TOWEL)
            person.key("settle")
            person.key(f"quick_{number}")
        person.key("last_receipt")
        person.key("back")
        person.key("open_drawer")
        person.why()
        person.key("devices")
        person.key("back")
        person.key("lock")
        person.enter()
        person.enter(PIN["9001"])
        assert person.mode() == "selling"
        person.end()


FINDING = (
    *("find_products", "edit_price", "edit_name", "switch_product", "import_products", "pick"),
    *("new_product", "find_orders", "order_status", "reprint", "voucher", "fulfil", "reopen"),
    *("return_goods", "return_more", "return_less", "return_all", "return_damaged"),
    *("return_bare", "refund", "refund_cash"),
)


@runs(*FINDING)
def test_what_is_found_changed_and_brought_back(shop: Shop, tmp_path: Path) -> None:
    goods = tmp_path / "goods.csv"
    goods.write_text("条码,品名,单位,售价,税率\n6901,茶,瓶,3.50,13%\n", "utf-8")
    with cut(), held("test_what_is_found_changed_and_brought_back") as ran:
        person = Alone(shop, ran)
        person.sign_in("9001")
        person.key("find_products", WATER)
        person.key("edit_price")
        person.enter("2.20")
        person.key("edit_name")
        person.enter("清溪山泉550ml")
        person.key("switch_product")
        person.key("switch_product")
        person.key("import_products")
        person.enter(str(goods))
        until(lambda: person.till.view().mode != "working" and not person.till.busy, 20)
        assert person.message.tone == "ok"
        person.key("pick")
        person.key("new_product", "6999999")
        for typed in ("手工馒头", "1.5"):
            person.enter(typed)
        person.key("deliver")
        for typed in ("13800001234", "欧阳小满", "样例路一号", ""):
            person.enter(typed)
        number = person.sell(MILK)
        person.key("find_orders")
        for command in ("fulfil", "voucher", "reprint", "order_status"):
            person.key(command)
        person.key("back")
        person.key("return_goods")
        person.enter(number)
        for command in ("return_more", "return_less", "return_more", "return_damaged"):
            person.key(command)
        person.enter()
        person.key("settle")
        person.key("refund")
        person.key("return_goods")
        person.key("return_bare")
        person.enter("2")
        person.scan(MILK)
        person.enter()
        person.enter()
        person.enter()
        person.key("refund")
        person.scan(MILK)
        person.key("settle")
        person.key("bank")
        panel = person.enter("S001234").panel
        assert isinstance(panel, ChangeView)
        person.key("return_goods")
        person.enter(panel.number)
        person.key("return_all")
        person.key("settle")
        person.key("refund_cash")
        person.sell(WATER)
        person.key("find_orders")
        person.key("reopen")
        person.enter("1")
        person.key("refund")
        person.end()


STOCK = (
    *("stock", "stock_done", "stock_cost", "stock_cost_all", "stock_remove", "stock_partner"),
    *("stock_drop", "stock_post"),
)


@runs(*STOCK)
def test_goods_are_received(shop: Shop) -> None:
    with cut(), held("test_goods_are_received") as ran:
        person = Alone(shop, ran)
        person.sign_in("9001")
        for drop in (True, False):
            person.key("stock")
            person.enter("1")
            person.enter("粮油批发")
            person.enter("PH-7")
            person.scan(WATER, MILK)
            person.key("stock_remove")
            person.key("stock_cost", "4.20")
            person.key("stock_cost_all", "9.90")
            person.key("stock_partner")
            person.enter("二店")
            person.enter("PH-8")
            if drop:
                person.key("stock_drop")
                person.enter("2")
        person.key("stock_done")
        person.key("stock_post")
        person.end()


@runs("weigh", "print_jobs", "sync", "sync_again")
def test_a_scale_a_dead_printer_and_an_unreachable_head_office(tmp_path: Path) -> None:
    line = Serial()
    dead = '[printers.receipt]\nconnection = "network"\nhost = "192.0.2.1"\n\n[drawer]\n'
    shop = make_shop(tmp_path, {"[drawer]\n": dead})
    shop.hands = RealTime()
    keys = {"enabled": "true", "device": f'"{line.device}"', "protocol": '"acs"', "auto": "false"}
    set_keys(shop, "scale", **keys)
    text = shop.config_file.read_text("utf-8")
    url = 'url = "https://headoffice.invalid"  # its address'
    shop.config_file.write_text(
        text.replace('url = ""                   # its address', url), "utf-8"
    )
    name = "test_a_scale_a_dead_printer_and_an_unreachable_head_office"
    with cut() as network, held(name) as ran:
        person = Alone(shop, ran)
        person.sign_in("9001")
        weighed(person, line)
        person.key("settle")
        person.key("cash")
        person.key("print_jobs")
        person.key("back")
        with closing(Reader(person.till.config.ledger)) as reader:
            first = outbox.unsent(reader, 1)[0]
        bad = outbox.Refusal(first.jn, 1, first.hash, "rejected", "malformed", "看不懂")
        person.till.write(
            lambda ledger: outbox.acknowledge(ledger, (), (bad,), first.jn, None), lambda _: None
        )
        person.wait()
        person.key("sync")
        person.enter("2")
        person.key("sync_again")
        person.end()
        assert any("192.0.2.1" in one for one in network.tried), network.tried
    line.close()


def weighed(person: Alone, line: Serial) -> None:
    """Apples on the scale."""
    stop = threading.Event()

    def stand() -> None:
        while not stop.wait(0.05):
            os.write(line.master, b"ST,GS,+  0.535kg\r\n")

    person.scan("690003")
    thread = threading.Thread(target=stand)
    thread.start()
    try:
        person.key("weigh")
        until(lambda: person.till.view().order is not None and bool(person.order.lines))
    finally:
        stop.set()
        thread.join()


@runs("training")
def test_training(tmp_path: Path) -> None:
    with cut(), held("test_training") as ran:
        counter = Counter(make_shop(tmp_path))
        counter.sign_in("2001")
        for on in (True, False):
            counter.key("training")
            assert counter.till.config.training is on
            counter.sign_in("2001")
        ran.add("training")
        counter.front.stop()


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "shop").mkdir()
    with world(tmp_path / "shop", tmp_path / "keys") as found:
        shop = found.shop
        text = shop.config_file.read_text("utf-8")
        shop.config_file.write_text(text.replace(*next(iter(PAPER.items()))), "utf-8")
        yield found


@runs("pay_large", "pay_print", "pay_park", "unresolved", "payment_decide")
def test_a_wallet_whose_line_is_cut_while_it_pays(made: World) -> None:
    with held("test_a_wallet_whose_line_is_cut_while_it_pays") as ran:
        made.person = person = Alone(made.shop, ran)
        person.sign_in("9001")
        made.pay_screen(MILK)
        super(Alone, person).key("wechat")
        made.until(lambda: made.last().qr != "")
        with cut():
            for sim in made.sims.values():
                sim.stop()
            person.key("pay_large")
            person.key("pay_print")
            made.go(400)
            made.until(lambda: made.last().call == "" and made.last().reason == "offline")
            person.key("pay_park")
            assert person.mode() == "selling"
            person.sell(WATER)
            person.key("unresolved")
            person.enter("1")
            if person.mode() == "choosing":
                person.key("back")
            person.key("hold")
            made.until(lambda: person.mode() == "collecting")
            person.key("payment_decide")
            person.enter("1")
            person.enter("1")
            made.until(made.closed)
            person.end()


def test_the_cut_is_a_cut() -> None:
    """The test would find a command that needs somebody."""
    with cut() as network:
        with pytest.raises(OSError, match="resolution"):
            socket.create_connection(("127.0.0.1", 9), timeout=1)
        with socket.socket() as one, pytest.raises(OSError, match="unreachable"):
            one.connect(("127.0.0.1", 9))
    assert len(network.tried) == 2
