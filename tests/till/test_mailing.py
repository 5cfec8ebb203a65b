"""Receipts and invoices by mail: asked for at the counter, received by a real mail server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pos.config import load
from pos.messages import templates
from pos.refusal import Refused
from pos.store import messages, persons
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till.messaging.thread import Messenger
from pos.till.receipts import vault_of
from tests.cli.conftest import Pos
from tests.messages.servers import Box, Server
from tests.shop import MILK, WATER, Shop, make_shop
from tests.store.conftest import WHERE, fill
from tests.till.invoicing import COMPANY, office
from tests.till.person import Person

CUSTOMER = "Wang.Fang@example.cn"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    found = Box()
    server = Server(found)
    server.start()
    yield found, server.port
    server.stop()


def changes(port: int) -> dict[str, str]:
    return {
        "receipts = false ": "receipts = true ",
        "invoices = false ": "invoices = true ",
        'host = ""                  # SMTP': 'host = "127.0.0.1" # SMTP',
        "port = 587 ": f"port = {port} ",
        'security = "starttls"': 'security = "none"',
        'sender = "" ': 'sender = "pos@shop.example" ',
    }


@pytest.fixture
def shop(tmp_path: Path, box: tuple[Box, int]) -> Shop:
    return make_shop(tmp_path, changes(box[1]))


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def arrived(box: Box, count: int) -> list[EmailMessage]:
    end = time.monotonic() + 20
    while len(box.mails) < count:
        assert time.monotonic() < end, box
        time.sleep(0.02)
    return box.mails


def sold(person: Person) -> str:
    person.scan(WATER, MILK)
    person.key("settle")
    person.key("cash")
    person.key("last_receipt")
    assert person.mode() == "receipt"
    return str(person.till.reader.rows("SELECT max(number) FROM orders")[0][0])


def test_a_receipt_goes_to_the_address_that_is_typed(shop: Shop, box: tuple[Box, int]) -> None:
    person = Person(shop)
    person.sign_in()
    number = sold(person)
    person.key("mail_receipt")
    person.enter()
    assert "请输顾客的邮箱" in person.message.text
    person.enter("nobody@")
    assert "邮箱地址不对" in person.message.text
    person.enter(CUSTOMER)
    assert "W***@example.cn" in person.message.text
    [mail] = arrived(box[0], 1)
    person.key("mail_receipt")  # asked for once more: that is another mail
    person.enter(CUSTOMER)
    second = arrived(box[0], 2)[1]
    person.leave()
    assert number in str(mail["Subject"])
    assert mail["To"].addresses[0].addr_spec == CUSTOMER
    assert "北麓纯牛奶250ml" in plain(mail)
    html = mail.get_body(("html",))
    assert html is not None
    assert "麓" in html.get_content()
    assert mail["Message-ID"] != second["Message-ID"]
    path = shop.place().path
    assert verify_ledger(path).ok
    with closing(Reader(path)) as reader:
        rows = messages.latest(reader)
        told = reader.rows("SELECT detail FROM events WHERE kind = 'message.asked'")
    assert [row.state for row in rows] == ["sent", "sent"]
    assert {row.person_id for row in rows} == {told[0]["detail"].split()[1]}
    kept = b"".join(f.read_bytes() for f in path.parent.iterdir() if f.is_file())
    assert CUSTOMER.encode() not in kept
    assert CUSTOMER.lower().encode() not in kept


def turned(shop: Shop) -> Any:
    """A messenger on a ledger of this thread."""
    ledger = shop.ledger()

    def submit(job: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(job(ledger))
        return done

    return ledger, Messenger(load(shop.config_file), shop.hands.clock(), submit)


def test_who_left_an_address_gets_each_receipt_until_erased(
    shop: Shop, box: tuple[Box, int]
) -> None:
    ledger, messenger = turned(shop)
    vault = vault_of(load(shop.config_file))
    assert messenger.turn() == 0
    person_id = persons.add(ledger, vault, "王芳", "13800138000")
    order = replace(fill(ledger, WATER), person_id=person_id)
    ledger.close_order(order, WHERE)
    assert messenger.turn() == 0  # no address, no mail
    persons.set_mail(ledger, vault, person_id, CUSTOMER, WHERE)
    with closing(Reader(shop.place().path)) as reader:
        assert [p.person_id for p in persons.find(reader, vault, CUSTOMER)] == [person_id]
    for _ in range(2):
        ledger.close_order(replace(fill(ledger, MILK), person_id=person_id), WHERE)
        assert messenger.turn() == 1
    assert [str(m["To"].addresses[0].addr_spec) for m in box[0].mails] == [CUSTOMER.lower()] * 2
    box[0].script = "busy"
    ledger.close_order(replace(fill(ledger, MILK), person_id=person_id), WHERE)
    assert messenger.turn() == 1
    persons.erase(ledger, person_id, WHERE)
    shop.hands.go(600)
    assert messenger.turn() == 0
    with closing(Reader(shop.place().path)) as reader:
        last = messages.latest(reader)[0]
    assert (last.state, last.why) == ("failed", "erased")
    messenger.stop()
    ledger.close()
    assert verify_ledger(shop.place().path).ok


def test_an_invoice_goes_to_its_buyer(tmp_path: Path, box: tuple[Box, int]) -> None:
    with office(tmp_path, more=changes(box[1])) as desk:
        _, number = desk.sell(WATER)

        def submit(job: Any) -> Future[Any]:
            done: Future[Any] = Future()
            done.set_result(job(desk.ledger))
            return done

        messenger = Messenger(desk.config, desk.clock, submit)
        messenger.turn()
        no = desk.ask(number)
        assert messenger.turn() == 0  # not issued yet
        desk.settle()
        assert messenger.turn() == 1
        assert messenger.turn() == 0
        [mail] = box[0].mails
        [row] = desk.rows(_order(desk, number))
        assert row.invoice_no == no
        assert mail["To"].addresses[0].addr_spec == COMPANY.email
        assert row.bureau_no in str(mail["Subject"])
        text = plain(mail)
        assert COMPANY.title in text
        assert "http" in text
        messenger.stop()


def _order(desk: Any, number: str) -> str:
    with closing(Reader(desk.config.ledger)) as reader:
        order = reader.order(number)
    assert order is not None
    return order.order_id


def test_a_shop_s_own_words(tmp_path: Path) -> None:
    values = {"shop": "好店", "number": "7"}
    assert templates.fill(None, "receipt", "{shop}", "{number}", values) == ("好店", "7")
    own = tmp_path / "receipt.txt"
    own.write_text("{shop} 谢谢\n\n单号 {number}\n{{}}\n", "utf-8")
    told = templates.fill(tmp_path, "receipt", "{shop}", "x", values)
    assert told == ("好店 谢谢", "单号 7\n{}")
    assert templates.fill(tmp_path, "close", "{shop}", "x", values) == ("好店", "x")
    for wrong in ("{shop.__class__}", "{0}", "{title}", "{", "{shop!r}", "{shop:>99}"):
        own.write_text(f"x\n{wrong}", "utf-8")
        with pytest.raises(Refused, match="message_template"):
            templates.read(tmp_path, "receipt", tuple(values))
        # a message is not lost by it
        assert templates.fill(tmp_path, "receipt", "{shop}", "x", values) == ("好店", "x")


def test_the_list_of_messages_and_one_once_more(
    shop: Shop, box: tuple[Box, int], capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    pos = Pos(shop, capsys, monkeypatch)
    monkeypatch.setenv("POS_CONFIG", str(shop.config_file))
    box[0].script = "vanish"
    person = Person(shop)
    person.sign_in()
    sold(person)
    person.key("mail_receipt")
    person.enter(CUSTOMER)
    arrived(box[0], 1)
    person.leave()
    [row] = pos("message", "list", "--json", by="9001").json
    assert (row["state"], row["doubtful"], row["to"]) == ("waiting", True, "W***@example.cn")
    assert "可能已送达" in pos("message", "list", by="9001").out
    assert pos("message", "again", "x", by="9001").code == 1
    assert pos("message", "again", row["id"][:8], by="1001").code == 1
    told = pos("message", "again", row["id"][:8], "--json", by="9001").json
    assert told == {"id": row["id"], "state": "waiting", "doubtful": True}
    box[0].script = ""
    ledger, messenger = turned(shop)
    assert messenger.turn() == 1
    messenger.stop()
    ledger.close()
    first, second = box[0].mails
    assert first["Message-ID"] == second["Message-ID"]
    assert "可能重复" in plain(second)
