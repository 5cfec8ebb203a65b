"""Products and orders looked up at the counter, upkeep, customers, deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till.events import Acted, Typed
from pos.till.view import ChangeView, FindView, ReceiptView
from tests.shop import MILK, WATER, Shop, make_shop
from tests.till.person import Person


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return make_shop(tmp_path)


@pytest.fixture
def cashier(shop: Shop) -> Iterator[Person]:
    person = Person(shop)
    person.sign_in("1001")
    yield person
    person.leave()


@pytest.fixture
def manager(shop: Shop) -> Iterator[Person]:
    person = Person(shop)
    person.sign_in("9001")
    yield person
    person.leave()


def found(person: Person) -> FindView:
    panel = person.till.view().panel
    assert isinstance(panel, FindView)
    return panel


def sell(person: Person, *codes: str) -> str:
    person.scan(*codes)
    person.enter()
    panel = person.enter().panel
    assert isinstance(panel, ChangeView)
    return panel.number


def details(shop: Shop, kind: str) -> list[str]:
    reader = Reader(shop.place().path)
    rows = reader.rows("SELECT detail FROM events WHERE kind = ? ORDER BY jn", (kind,))
    reader.close()
    return [row[0] for row in rows]


def test_a_product_is_found_while_typing_and_sold(cashier: Person) -> None:
    cashier.key("find_products")
    assert len(found(cashier).rows) == 5
    cashier.does(Typed("牛奶"))
    assert [row[0] for row in found(cashier).rows] == ["北麓纯牛奶250ml"]
    cashier.enter("牛奶")
    assert cashier.mode() == "selling"
    assert [line.name for line in cashier.order.lines] == ["北麓纯牛奶250ml"]


def test_a_scan_on_the_list_is_a_price_check(cashier: Person) -> None:
    cashier.key("find_products")
    cashier.scan(WATER)
    cashier.does(Typed(""))
    assert [row[:4] for row in found(cashier).rows] == [("清溪矿泉水550ml", "", "000001", "2.00")]
    assert cashier.mode() == "products"
    cashier.scan("4040404")
    assert cashier.message.tone == "error"
    cashier.key("back")
    assert cashier.mode() == "selling"
    assert cashier.order.lines == ()


def test_upkeep_needs_the_right_and_is_on_record(cashier: Person, shop: Shop) -> None:
    cashier.key("find_products", WATER)
    cashier.key("edit_price")
    assert cashier.mode() == "approving"
    cashier.approve("9001")
    cashier.enter("2.20")
    assert found(cashier).rows[0][3] == "2.20"
    assert cashier.message.tone == "ok"
    [told] = details(shop, "product.changed")
    assert told == "edited price_fen: 200 > 220"
    reader = Reader(shop.place().path)
    assert [r["approver"] for r in reader.rows("SELECT approver FROM overrides")] == ["9001"]
    reader.close()
    cashier.key("back")
    cashier.scan(WATER)
    assert cashier.order.total == "2.20"


def test_an_unknown_barcode_becomes_a_product_in_three_steps(manager: Person, shop: Shop) -> None:
    manager.scan("6999999")
    assert manager.message.tone == "error"
    manager.key("new_product")
    manager.enter("手工馒头")
    manager.enter("1.5")
    assert [line.name for line in manager.order.lines] == ["手工馒头"]
    assert manager.order.total == "1.50"
    manager.till.aside(lambda: None, lambda _: None)
    manager.till._rooms.pop("slips").shutdown()  # its initials are worked out behind the scenes
    manager.wait()
    manager.key("find_products")
    manager.does(Typed("sgmt"))
    assert [row[0] for row in found(manager).rows] == ["手工馒头"]
    [told] = details(shop, "product.changed")
    assert told.startswith("created")


def test_a_product_switched_off_is_not_sold_until_it_is_on_again(manager: Person) -> None:
    manager.key("find_products", WATER)
    manager.key("switch_product")
    assert found(manager).rows[0][-1] == "停用"
    manager.key("back")
    manager.scan(WATER)
    assert manager.message.tone == "error"
    manager.key("find_products", WATER)
    manager.key("switch_product")
    manager.key("edit_name")
    manager.enter("清溪山泉550ml")
    assert found(manager).rows[0][0] == "清溪山泉550ml"
    manager.key("back")
    manager.scan(WATER)
    assert manager.order.lines[0].name == "清溪山泉550ml"


def test_head_office_s_catalog_is_not_changed_here(tmp_path: Path) -> None:
    shop = make_shop(tmp_path, {'owner = "till"': 'owner = "headoffice"'})
    person = Person(shop)
    person.sign_in("9001")
    person.key("find_products", WATER)
    person.key("edit_price")
    assert (person.mode(), person.message.tone) == ("products", "error")
    person.leave()


def test_orders_by_number_amount_date_and_operator(cashier: Person) -> None:
    one, two = sell(cashier, WATER), sell(cashier, MILK)
    cashier.key("find_orders")
    assert [row[0] for row in found(cashier).rows] == [two, one]
    for text, numbers in (
        (one, [one]),
        (one[-2:], [one]),
        ("5.50", [two]),
        ("3-2", [two, one]),
        ("2026-03-02", [two, one]),
        ("2026-03-03", []),
        ("1001", [two, one]),
        ("2001", []),
    ):
        cashier.does(Typed(text))
        assert [row[0] for row in found(cashier).rows] == numbers, text


def test_a_receipt_is_read_and_printed_again(cashier: Person, shop: Shop) -> None:
    number = sell(cashier, WATER)
    cashier.key("find_orders")
    cashier.enter()
    panel = cashier.till.view().panel
    assert isinstance(panel, ReceiptView)
    text = "\n".join("".join(p.text for p in row) for row in panel.rows)
    assert number in text
    assert "清溪矿泉水550ml" in text
    cashier.key("reprint")
    cashier.approve("2001")
    assert cashier.message.tone == "ok"
    assert cashier.mode() == "receipt"
    cashier.key("voucher")
    reader = Reader(shop.place().path)
    jobs = [(r["kind"], r["copy_no"]) for r in reader.rows("SELECT kind, copy_no FROM print_jobs")]
    reader.close()
    assert jobs == [("sale", 0), ("reprint", 1), ("voucher", 0)]
    cashier.key("back")
    assert cashier.mode() == "orders"


def test_the_last_receipt_by_one_key(cashier: Person) -> None:
    cashier.key("last_receipt")
    assert cashier.message.tone == "error"
    number = sell(cashier, WATER)
    panel = cashier.key("last_receipt").panel
    assert isinstance(panel, ReceiptView)
    assert number in panel.title
    cashier.key("back")
    assert cashier.mode() == "selling"


def test_a_held_order_is_recalled_from_the_list(cashier: Person) -> None:
    sell(cashier, MILK)
    cashier.scan(WATER)
    cashier.key("hold")
    cashier.key("find_orders")
    assert [row[-1] for row in found(cashier).rows] == ["待结账", "已完成"]
    cashier.key("reprint")
    assert cashier.message.tone == "error"
    cashier.key("order_status")
    assert [row[-1] for row in found(cashier).rows] == ["待结账"]
    cashier.enter()
    assert cashier.mode() == "selling"
    assert [line.name for line in cashier.order.lines] == ["清溪矿泉水550ml"]


def test_a_customer_and_a_delivery_go_with_the_order(cashier: Person, shop: Shop) -> None:
    cashier.scan(WATER)
    cashier.key("deliver")
    cashier.enter("13800001234")
    cashier.enter("欧阳小满")
    cashier.enter("样例路一号")
    cashier.enter()
    assert cashier.message.tone == "ok"
    assert cashier.order.customer == "欧** 138****1234"
    cashier.enter()
    cashier.enter()
    cashier.key("find_orders")
    cashier.does(Typed("1234"))
    [row] = found(cashier).rows
    assert row[4:] == ("欧** 138****1234", "待送货")
    cashier.enter("1234")
    panel = cashier.till.view().panel
    assert isinstance(panel, ReceiptView)
    assert "样例路一号" in "".join(p.text for row in panel.rows for p in row)
    cashier.key("fulfil")
    assert found(cashier).rows[0][-1] == "已送达"
    cashier.key("fulfil")
    assert found(cashier).rows[0][-1] == "待送货"
    cashier.key("back")
    cashier.scan(MILK)
    cashier.key("customer", "1234")
    assert cashier.order.customer == "欧** 138****1234"
    assert verify_ledger(shop.place().path).ok


def test_the_receipt_stands_beside_the_change(cashier: Person) -> None:
    number = sell(cashier, WATER)
    cashier.till._rooms.pop("slips").shutdown()
    panel = cashier.till.view().panel
    assert isinstance(panel, ChangeView)
    assert number in "".join(p.text for row in panel.receipt for p in row)


def test_low_stock_is_a_word_in_the_line_and_never_refuses(tmp_path: Path) -> None:
    from msgspec.structs import replace

    from tests.shop import PRODUCTS

    rows = [replace(PRODUCTS[0], low_milli=-1000), *PRODUCTS[1:]]
    person = Person(make_shop(tmp_path, products=rows))
    person.sign_in("1001")
    person.scan(WATER)
    assert "库存不足" in person.order.lines[0].note
    person.scan(MILK)
    assert person.order.lines[1].note == ""
    person.leave()


def test_keys_of_a_list_do_nothing_where_nothing_is_found(cashier: Person) -> None:
    cashier.key("find_orders")
    for command in ("reprint", "voucher", "fulfil"):
        cashier.till.handle(Acted(command))
        assert cashier.message.tone == "error"
    cashier.enter()
    assert cashier.message.tone == "error"
