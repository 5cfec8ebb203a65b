"""A day closed short, goods that run low: a manager's mail arrives, once."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any

from pos.config import load
from pos.store import messages
from pos.store.reader import Reader
from pos.till.messaging.thread import Messenger, start_messages
from tests.messages.servers import Box, Server
from tests.shop import Shop, make_shop
from tests.store.conftest import trade


def shop_with(folder: Path, port: int) -> Shop:
    return make_shop(
        folder,
        {
            "topics = [] ": 'topics = ["close", "low_stock"] ',
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
