"""A day closed short, goods that run low: a manager's mail arrives, once."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any

from pos.config import load
from pos.payments.row import Attempt
from pos.store import messages, outbox
from pos.store.reader import Reader
from pos.till import attempting
from pos.till.messaging.thread import Messenger, start_messages
from tests.messages.servers import Box, Server
from tests.shop import WATER, Shop, make_shop
from tests.store.conftest import WHERE, fill, trade

BOTH = 'topics = ["close", "low_stock"] '


def shop_with(folder: Path, port: int, topics: str = BOTH) -> Shop:
    return make_shop(
        folder,
        {
            "topics = [] ": topics,
            "managers = [] ": 'managers = ["boss@shop.example"] ',
            'host = ""                  # SMTP': 'host = "127.0.0.1" # SMTP',
            "port = 587 ": f"port = {port} ",
            'security = "starttls"': 'security = "none"',
            'sender = "" ': 'sender = "pos@shop.example" ',
        },
    )


def _runs_low(connection: Any) -> None:
    connection.exec_driver_sql("UPDATE products SET low_milli = 5000 WHERE sku = '000001'")


def test_a_close_and_low_stock_are_told_once(tmp_path: Path) -> None:
    box = Box()
    server = Server(box)
    server.start()
    try:
        shop = shop_with(tmp_path, server.port)
        config = load(shop.config_file)
        ledger = shop.ledger()

        def submit(job: Any) -> Future[Any]:
            done: Future[Any] = Future()
            done.set_result(job(ledger))
            return done

        messenger = Messenger(config, shop.hands.clock(), submit)
        assert messenger.turn() == 0
        trade(ledger)
        ledger.change(_runs_low)
        assert messenger.turn() == 2
        assert messenger.turn() == 0
        shop.hands.go(600)
        assert messenger.turn() == 0
        messenger.stop()
        with closing(Reader(config.ledger)) as reader:
            kept = messages.latest(reader)
        ledger.close()
    finally:
        server.stop()
    assert [row.state for row in kept] == ["sent", "sent"]
    subjects = sorted(str(mail["Subject"]) for mail in box.mails)
    assert any("日结" in one for one in subjects)
    assert any("库存不足：清溪矿泉水550ml" in one for one in subjects)
    close = next(mail for mail in box.mails if "日结" in str(mail["Subject"]))
    body = close.get_body(("plain",))
    assert body is not None
    assert "款" in body.get_content()  # 长款 or 短款, with its amount


def test_off_by_default(tmp_path: Path) -> None:
    shop = make_shop(tmp_path)
    assert start_messages(load(shop.config_file), shop.hands.clock(), lambda job: Future()) is None


def test_money_printers_and_records_without_an_end_are_told(tmp_path: Path) -> None:
    box = Box()
    server = Server(box)
    server.start()
    topics = 'topics = ["payment_unresolved", "printer_down", "records_rejected"] '
    try:
        shop = shop_with(tmp_path, server.port, topics)
        ledger = shop.ledger()

        def submit(job: Any) -> Future[Any]:
            done: Future[Any] = Future()
            done.set_result(job(ledger))
            return done

        messenger = Messenger(load(shop.config_file), shop.hands.clock(), submit)
        assert messenger.turn() == 0
        ledger.close_order(fill(ledger, WATER), WHERE)  # its receipt waits for a printer
        order = fill(ledger, WATER, pay=False)
        ledger.save_draft(order)
        number = ledger.place.ids.uuid7()
        charge = attempting.charge_of(number.replace("-", ""), 190, "好店", ("0001", "01", "1001"))
        attempt = Attempt(number, order.order_id, "wechat", "code", charge, shop.hands.at)
        attempting.begin(ledger, attempt, WHERE)  # and the line is cut
        refusal = outbox.Refusal(2, 1, "00", "rejected", "hash", "散列不符")
        outbox.acknowledge(ledger, (), (refusal,), None, None)
        assert messenger.turn() == 1
        shop.hands.go(601)
        assert messenger.turn() == 2
        shop.hands.go(601)
        assert messenger.turn() == 0
        messenger.stop()
        ledger.close()
    finally:
        server.stop()
    told = [str(mail["Subject"]) for mail in box.mails]
    assert "1 条记录被总部退回" in told[0]
    assert sorted(part in " ".join(told[1:]) for part in ("未决收款 1.90", "打印机异常")) == [
        True,
        True,
    ]
    assert len({str(mail["Message-ID"]) for mail in box.mails}) == 3
