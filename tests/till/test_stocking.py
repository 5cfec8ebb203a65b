"""Goods received, moved and counted at the till."""

from __future__ import annotations

import pytest

from pos.record import StockCounted, StockMoved
from pos.store import levels, stock
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import receipts
from pos.till.view import FindView
from tests.shop import APPLE, MILK, WATER, Shop
from tests.till.person import Person

RECEIVE, TRANSFER_IN, TRANSFER_OUT, WRITE_OFF, COUNT, LOW, NEGATIVE = map(str, range(1, 8))


def panel(person: Person) -> FindView:
    found = person.till.view().panel
    assert isinstance(found, FindView)
    return found


def opened(person: Person, what: str) -> None:
    person.key("stock")
    person.enter(what)


def received(person: Person, *codes: str, supplier: str = "粮油批发") -> None:
    opened(person, RECEIVE)
    person.enter(supplier)
    person.enter("PH-7")
    person.scan(*codes)


def facts(shop: Shop) -> list[StockMoved | StockCounted]:
    reader = Reader(shop.place().path)
    ids = [row[0] for row in reader.rows("SELECT doc_id FROM stock_documents ORDER BY jn")]
    found = [levels.document(reader, one) for one in ids]
    reader.close()
    out = []
    for one in found:
        assert one is not None
        assert isinstance(one[0].fact, StockMoved | StockCounted)
        out.append(one[0].fact)
    return out


def level(person: Person, product_id: int) -> int:
    return levels.book(person.till.reader, product_id)


def test_goods_are_received_with_supplier_and_cost(person: Person, shop: Shop) -> None:
    received(person, WATER, WATER)
    person.key("quantity", "24")
    person.scan(MILK)
    person.key("stock_cost", "4.20")
    shown = panel(person)
    assert shown.title == "收货入库  粮油批发  PH-7"
    assert [row[2] for row in shown.rows] == ["2瓶", "24盒"]
    assert shown.rows[1][3:] == ("4.20", "100.80")
    assert shown.note == "2 种  26 件  100.80 元"
    person.key("up")
    person.key("stock_cost_all", "2.55")
    person.key("stock_done")
    assert person.mode() == "approving"  # a cashier may scan, not post
    person.approve()
    assert person.mode() == "reviewing"
    person.key("stock_post")
    assert person.mode() == "selling"
    [fact] = facts(shop)
    assert isinstance(fact, StockMoved)
    assert (fact.partner, fact.reference, fact.move) == ("粮油批发", "PH-7", "received")
    assert [(x.milli, x.paid_fen, x.value_fen) for x in fact.lines] == [
        (2000, 255, 255),
        (24_000, 10_080, 10_080),
    ]
    assert (level(person, 1), level(person, 2)) == (2000, 24_000)
    assert levels.cost(person.till.reader, 1) == 128
    assert verify_ledger(shop.place().path).ok


def test_a_sale_takes_the_average_and_the_report_the_same(person: Person, shop: Shop) -> None:
    for paid in ("10.00", "30.00"):
        received(person)
        person.key("quantity", "10")
        person.scan(WATER)
        person.key("stock_cost_all", paid)
        person.key("stock_done")
        person.approve()
        person.key("stock_post")
    person.scan(WATER)
    person.key("settle")
    person.enter("")
    rows = person.till.reader.rows("SELECT cost_fen FROM order_lines")
    assert [row[0] for row in rows] == [200]
    assert levels.value(person.till.reader, 1).value_fen == 3800
    moves = levels.moves(person.till.reader, product_id=1)
    assert [(m.kind, m.milli, m.value_fen) for m in moves] == [
        ("sold", -1000, -200),
        ("received", 10_000, 3000),
        ("received", 10_000, 1000),
    ]
    assert verify_ledger(shop.place().path).ok


def test_a_count_is_blind_until_somebody_may_look(person: Person, shop: Shop) -> None:
    received(person, WATER, WATER, WATER, MILK)
    person.key("stock_done")
    person.approve()
    person.key("stock_post")
    opened(person, COUNT)
    person.scan(WATER, WATER)
    shown = panel(person)
    assert shown.columns == ("品名", "货号", "实盘")
    assert shown.rows == (("清溪矿泉水550ml", "000001", "2瓶"),)
    person.key("stock_done")
    person.enter("2")  # everything: milk was not found
    assert person.mode() == "approving"
    person.approve("9001")
    shown = panel(person)
    assert [row[2:5] for row in shown.rows] == [("3", "2", "-1"), ("1", "0", "-1")]
    person.key("back")
    assert person.mode() == "stocking"
    assert len(panel(person).rows) == 1
    person.key("stock_done")
    person.enter("2")
    person.approve("9001")
    person.key("stock_post")
    fact = facts(shop)[-1]
    assert isinstance(fact, StockCounted)
    assert (fact.approver, fact.whole) == ("9001", True)
    assert [(x.expected_milli, x.counted_milli) for x in fact.lines] == [(3000, 2000), (1000, 0)]
    assert (level(person, 1), level(person, 2)) == (2000, 0)
    assert verify_ledger(shop.place().path).ok


def test_a_sale_before_or_after_the_count_does_no_harm(person: Person) -> None:
    received(person)
    person.key("quantity", "10")
    person.scan(WATER)
    person.key("stock_done")
    person.approve()
    person.key("stock_post")
    opened(person, COUNT)
    person.key("back")
    person.scan(WATER)
    person.key("settle")
    person.enter("")
    opened(person, COUNT)
    person.key("quantity", "9")
    person.scan(WATER)
    person.key("back")
    person.scan(WATER)
    person.key("settle")
    person.enter("")
    opened(person, COUNT)
    person.key("stock_done")
    person.enter("1")
    person.approve()
    assert panel(person).rows[0][2:5] == ("9", "9", "0")
    person.key("stock_post")
    assert level(person, 1) == 8000


def test_a_draft_outlives_a_kill(person: Person, shop: Shop) -> None:
    received(person, WATER, MILK, WATER)
    person.leave()
    again = Person(shop)
    again.sign_in()
    again.key("stock")
    choice = again.till.state.choice
    assert choice is not None
    assert choice.rows[0] == ("收货入库", "未完成，2 种")
    again.enter(RECEIVE)
    assert [row[2] for row in panel(again).rows] == ["2瓶", "1盒"]
    again.key("stock_remove")
    again.key("stock_drop")
    again.enter("2")
    assert again.mode() == "selling"
    assert stock.draft(again.till.reader, "received") is None
    again.leave()


def test_write_offs_and_transfers_leave_at_cost(person: Person, shop: Shop) -> None:
    received(person)
    person.key("quantity", "4")
    person.scan(WATER)
    person.key("stock_cost", "1.50")
    person.key("stock_done")
    person.approve()
    person.key("stock_post")
    opened(person, WRITE_OFF)
    person.enter("2")
    person.scan(WATER)
    with_cost = person.key("stock_cost", "1.00").message
    assert with_cost is not None
    assert with_cost.tone == "error"
    person.key("stock_done")
    person.approve()
    person.key("stock_post")
    opened(person, TRANSFER_OUT)
    person.enter("二店")
    person.enter("")
    person.scan(WATER)
    person.key("stock_done")
    person.approve()
    person.key("stock_post")
    off, out = facts(shop)[1:]
    assert (off.reason, off.lines[0].milli, off.lines[0].value_fen) == ("破损", -1000, -150)
    assert isinstance(out, StockMoved)
    assert (out.partner, out.lines[0].value_fen) == ("二店", -150)
    assert level(person, 1) == 2000


def test_bad_input_is_one_line_and_changes_nothing(person: Person) -> None:
    received(person, WATER)
    for text in ("123456789", "x*690001", "0*690001", "1.5*690001", "-3*690001"):
        said = person.enter(text).message
        assert said is not None
        assert said.tone == "error", text
        assert [row[2] for row in panel(person).rows] == ["1瓶"]
    said = person.key("quantity", "abc").message
    assert said is not None
    assert "不是数量" in said.text
    said = person.key("stock_cost", "abc").message
    assert said is not None
    assert "不是金额" in said.text


def test_a_weighed_product_asks_for_its_weight(person: Person) -> None:
    received(person, APPLE)
    assert person.mode() == "asking"
    person.enter("12.5")
    assert panel(person).rows[0][2] == "12.5kg"


def test_goods_are_found_by_name_for_a_document(person: Person) -> None:
    received(person, WATER)
    person.key("find_products", "牛奶")
    assert (person.mode(), panel_rows(person)) == ("products", 1)
    person.enter("")
    assert person.mode() == "stocking"
    assert [row[0] for row in panel(person).rows] == ["清溪矿泉水550ml", "北麓纯牛奶250ml"]
    person.key("find_products")
    person.key("back")
    assert person.mode() == "stocking"
    person.key("back")
    opened(person, COUNT)
    person.key("find_products", "矿泉水")
    shown = person.till.view().panel
    assert isinstance(shown, FindView)
    assert "1" not in shown.rows[0], "a count is blind"
    person.enter("")
    assert [row[0] for row in panel(person).rows] == ["清溪矿泉水550ml"]


def panel_rows(person: Person) -> int:
    return len(panel(person).rows)


def test_what_is_low_and_below_zero(person: Person, shop: Shop) -> None:
    said = person.key("stock")
    person.enter(LOW)
    assert "没有这样的商品" in person.message.text
    person.key("back")
    person.scan(WATER)
    person.key("settle")
    person.enter("")
    person.key("stock")
    person.enter(NEGATIVE)
    choice = person.till.state.choice
    assert choice is not None
    assert choice.rows == (("清溪矿泉水550ml", "000001", "-1", "", "1", ""),)
    person.enter("1")
    assert person.mode() == "products"
    assert said


@pytest.mark.parametrize("columns", [32, 48])
def test_the_slips(person: Person, shop: Shop, columns: int) -> None:
    from pos.receiptline import as_text

    received(person, WATER, MILK)
    person.key("stock_cost", "4.20")
    person.key("stock_done")
    person.approve()
    person.key("stock_post")
    opened(person, COUNT)
    person.scan(WATER, WATER)
    person.key("stock_done")
    person.enter("1")
    person.approve()
    person.key("stock_post")
    texts = []
    for fact in facts(shop):
        layout = receipts.order_slip(
            person.till.config, person.till.reader, fact.doc_id, "stock", columns=columns
        )
        texts.append(as_text.text(layout))
    assert "收货入库" in texts[0]
    assert "粮油批发" in texts[0]
    assert "4.20" in texts[0]
    assert "未知" in texts[0]
    assert "盘 1 种，不符 1 种" in texts[1]
    assert "+1" in texts[1]
    jobs = person.till.reader.rows("SELECT kind FROM print_jobs")
    assert {row[0] for row in jobs} == {"stock"}
