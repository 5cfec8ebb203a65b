"""Who sells, notes, the last scan again, packs, looked-up prices, quick keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.receiptline import as_text
from pos.store.reader import Reader
from pos.till import receipts
from pos.till.events import Acted
from pos.till.view import DialogView, GridView
from tests.offers import CHIPS, PEARS, TEA, TEA_PACK, YOGURT, offer, offers_shop
from tests.till.person import Person

HALF = offer("nth", 'skus = ["T1"]\nqty = 2\nrate = "50"', "第二件半价")
KEYS = {"[quick_keys]               #": '[quick_keys]\na = "T1"\n1 = "P1"\nz = "gone"  #'}


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    someone = Person(offers_shop(tmp_path, HALF, extra=KEYS))
    someone.sign_in()
    yield someone
    someone.leave()


def paper_of_last(person: Person) -> str:
    reader = Reader(person.till.config.ledger)
    [order] = reader.orders()
    return as_text.text(receipts.order_slip(person.till.config, reader, order.order_id, "sale"))


def test_who_sells_stays_until_changed_and_is_on_record_and_paper(person: Person) -> None:
    person.scan(CHIPS)
    person.key("seller", "4711")
    assert person.message.text == "没有工号 4711，请核对"
    person.key("seller", "2001")
    assert person.order.seller == "2001 主管"
    person.scan(TEA)
    person.key("seller")
    person.enter("1001")
    person.scan(YOGURT)
    person.key("seller")
    person.enter()
    person.scan(PEARS)
    person.enter("0.5")
    person.enter()
    person.enter()
    reader = Reader(person.till.config.ledger)
    rows = reader.rows("SELECT name, seller FROM order_lines ORDER BY line_no")
    assert [tuple(row) for row in rows] == [
        ("薯片", "2001"), ("乌龙茶", "1001"), ("酸奶", ""), ("鸭梨", ""),
    ]  # fmt: skip
    assert "营业员 2001 1001" in paper_of_last(person)


def test_the_same_goods_of_another_seller_are_a_line_of_their_own(person: Person) -> None:
    person.key("seller", "2001")
    person.scan(TEA)
    person.key("seller", "1001")
    person.scan(TEA)
    person.scan(TEA)
    assert [line.quantity for line in person.order.lines] == ["3"]  # the selected line went over
    person.scan(CHIPS)
    person.key("seller", "2001")
    person.scan(CHIPS)
    assert [line.quantity for line in person.order.lines] == ["3", "2"]


def test_a_note_is_on_record_and_on_paper(person: Person) -> None:
    person.key("note")
    assert person.mode() == "selling"
    person.scan(TEA)
    person.key("note")
    person.enter("下午来取\x1b[31m")
    assert person.order.note == "下午来取[31m"
    person.enter()
    person.enter()
    assert "备注 下午来取" in paper_of_last(person)
    person.scan(TEA)
    person.key("note")
    person.enter("不要")
    person.key("note")
    person.enter()
    assert person.order.note == ""


def test_the_last_scan_comes_again(person: Person) -> None:
    person.key("repeat")
    assert person.message.text == "还没有扫过商品"
    person.scan(TEA)
    person.key("repeat")
    assert [line.quantity for line in person.order.lines] == ["2"]
    assert person.order.total == "7.50"


def test_a_pack_sells_at_its_price_and_takes_its_units_from_the_stock(person: Person) -> None:
    person.scan(TEA_PACK)
    assert (person.order.lines[0].name, person.order.total) == ("乌龙茶 ×12", "54.00")
    person.enter()
    person.enter()
    reader = Reader(person.till.config.ledger)
    assert [tuple(x) for x in reader.rows("SELECT sku, milli FROM stock_moves")] == [("T1", -12000)]


def test_a_price_is_looked_up_without_selling(person: Person) -> None:
    view = person.key("price_check")
    assert person.mode() == "pricing"
    view = person.scan(TEA)
    assert isinstance(view.panel, DialogView)
    assert view.panel.title == "乌龙茶"
    assert "售价 5.00 元/瓶" in view.panel.lines
    assert "· 第二件半价" in view.panel.lines
    assert "库存 0 瓶" in view.panel.lines
    view = person.scan(YOGURT)
    assert isinstance(view.panel, DialogView)
    assert "会员价 5.40 元" in view.panel.lines
    person.scan("404404")
    assert person.message.tone == "error"
    assert person.mode() == "pricing"
    person.key("back")
    assert person.mode() == "selling"
    assert person.order.lines == ()


def test_a_quick_key_sells_goods_without_a_barcode(person: Person) -> None:
    person.key("quantity", "3")
    view = person.key("quick_keys")
    assert isinstance(view.panel, GridView)
    assert view.panel.cells == (
        ("1", "鸭梨", "10.00"), ("A", "乌龙茶", "5.00"), ("Z", "没有商品 gone", ""),
    )  # fmt: skip
    person.does(Acted("quick_pick", "a"))
    assert [line.quantity for line in person.order.lines] == ["3"]
    person.key("quick_keys")
    person.does(Acted("quick_pick", "b"))
    assert person.message.text == "b 没有设商品"
    assert person.mode() == "quick"
    person.does(Acted("quick_pick", "1"))
    assert person.mode() == "asking"  # a weight
    person.enter("0.5")
    assert person.order.lines[-1].net == "5.00"
    person.key("quick_keys")
    person.scan(CHIPS)
    assert person.mode() == "selling"
    assert person.order.lines[-1].name == "薯片"
