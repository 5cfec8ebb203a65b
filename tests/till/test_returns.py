"""Goods that come back at the counter: which, how many, the money, and what may not be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos.record import OrderClosed, Override
from pos.store.verify import verify_ledger
from pos.till.view import ChangeView, FindView, ListView, RefundView
from tests.shop import APPLE, BAG, MILK, WATER, Shop
from tests.till.person import Person
from tests.till.returned import back, closed, facts, last, sell, statuses


def test_part_of_a_receipt_comes_back_in_few_strokes(shop: Shop, boss: Person) -> None:
    number = sell(boss, WATER, WATER, MILK)
    view = boss.key("return_goods")
    assert (view.mode, view.order and view.order.lines) == ("returning", ())
    view = boss.scan(number)
    assert isinstance(view.panel, FindView)
    assert number in view.panel.title
    assert "退货" in view.panel.banner
    view = boss.scan(WATER)
    assert isinstance(view.panel, FindView)
    assert view.panel.rows[0][1:5] == ("2", "", "1", "2.00")
    view = boss.key("return_damaged")
    assert isinstance(view.panel, FindView)
    assert view.panel.rows[0][5] == "报损"
    view = boss.enter()
    assert (view.mode, boss.order.total) == ("selling", "-2.00")
    assert "退货" in boss.order.banner
    assert "报损" in boss.order.lines[0].note
    view = boss.enter()
    assert isinstance(view.panel, RefundView)
    assert [(x.name, x.amount) for x in view.panel.backs] == [("现金", "2.00")]
    view = boss.enter()
    assert isinstance(view.panel, ChangeView)
    assert (view.panel.refund, view.panel.change) == (True, "2.00")
    fact = last(shop)
    assert (fact.total_fen, fact.lines[0].condition, fact.lines[0].milli) == (
        -200,
        "damaged",
        -1000,
    )
    assert statuses(shop) == {"01": "part_returned", "02": "return"}
    view = boss.enter()  # an empty till: nothing of the return is left
    assert boss.order.banner == ""


def test_the_whole_ticket_in_one_key_and_never_twice(shop: Shop, boss: Person) -> None:
    number = sell(boss, WATER, MILK, MILK)
    back(boss, number)
    boss.enter()
    boss.enter()
    assert last(shop).total_fen == -1300
    assert statuses(shop)["01"] == "returned"
    boss.key("return_goods")
    boss.scan(number)
    assert "全部退完" in boss.message.text
    boss.scan(number[:-1] + "2")
    assert "退货" in boss.message.text  # a return itself
    assert boss.mode() == "returning"


def test_quantities_by_key_by_number_and_too_many(boss: Person) -> None:
    number = sell(boss, WATER, WATER, WATER)
    boss.key("return_goods")
    boss.enter(number[-6:])  # the end of the number is enough
    for command, wanted in (("more", "1"), ("more", "2"), ("less", "1"), ("less", "")):
        view = boss.key(f"return_{command}")
        assert isinstance(view.panel, FindView)
        assert view.panel.rows[0][3] == wanted
    boss.enter("4")
    assert "只剩 3 可退" in boss.message.text
    boss.enter("1.5")
    assert "整数" in boss.message.text
    boss.enter()
    assert "还没选" in boss.message.text
    boss.enter("3")
    boss.key("return_more")
    assert "只剩 3 可退" in boss.message.text
    boss.enter("0")
    boss.enter()
    assert "还没选" in boss.message.text
    boss.enter("abc")
    assert boss.message.tone == "error"
    assert boss.key("back").mode == "returning"
    assert boss.key("back").mode == "selling"


def test_parts_of_a_weighed_line_close_to_zero(shop: Shop, boss: Person) -> None:
    boss.scan(APPLE)
    boss.enter("0.535")
    boss.enter()
    number = closed(boss.enter())
    paid = last(shop).total_fen
    for part in ("0.2", "0.1", ""):
        boss.key("return_goods")
        boss.enter(number)
        if part:
            boss.enter(part)
        else:
            boss.key("return_more")  # all that is left of it
        boss.enter()
        boss.enter()
        boss.enter()
    found = [one for one in facts(shop) if isinstance(one, OrderClosed)]
    assert sum(one.total_fen for one in found) == 0
    assert sum(line.tax_fen for one in found for line in one.lines) == 0
    assert (paid, len(found)) == (694, 4)


def test_an_exchange_either_way_is_one_order(shop: Shop, boss: Person) -> None:
    number = sell(boss, WATER, WATER)
    back(boss, number, WATER)
    boss.scan(MILK)
    assert "换货" in boss.order.banner
    assert boss.order.total == "3.50"
    assert boss.enter().mode == "paying"
    view = boss.enter("5")
    assert isinstance(view.panel, ChangeView)
    assert view.panel.change == "1.50"
    assert [line.milli for line in last(shop).lines] == [-1000, 1000]
    back(boss, number, WATER)
    boss.scan(BAG)
    view = boss.enter()
    assert view.mode == "refunding"
    boss.enter()
    fact = last(shop)
    assert (fact.total_fen, sum(t.fen for t in fact.tenders)) == (-170, -170)
    other = sell(boss, MILK)
    back(boss, other, MILK)
    boss.scan(MILK)
    assert boss.enter().mode == "paying"  # even: one key closes it
    assert isinstance(boss.enter().panel, ChangeView)
    assert last(shop).total_fen == 0


def test_what_came_back_cannot_be_changed_only_taken_off(shop: Shop, boss: Person) -> None:
    number = sell(boss, WATER, WATER)
    back(boss, number)
    for command, text in (
        ("decrement", ""),
        ("increment", ""),
        ("discount_line", "85"),
        ("reduce_line", "1"),
    ):
        boss.key(command, text)
        assert "退货行" in boss.message.text, command
    boss.key("quantity", "1")
    boss.enter()
    assert "退货行" in boss.message.text
    boss.key("delete_line")
    assert boss.order.lines == ()
    assert not [one for one in facts(shop) if type(one).__name__ == "LineVoided"]
    back(boss, number)
    boss.key("void_order")
    boss.enter("1")
    back(boss, number)  # a voided return gave nothing back
    assert boss.order.total == "-4.00"


def test_a_return_on_hold_keeps_its_goods_from_a_second_one(shop: Shop, boss: Person) -> None:
    number = sell(boss, WATER, WATER)
    back(boss, number)
    boss.key("hold")
    boss.key("return_goods")
    boss.scan(number)
    assert "全部退完" in boss.message.text
    boss.key("back")
    boss.key("hold")
    assert boss.order.total == "-4.00"
    boss.enter()
    boss.enter()
    assert last(shop).total_fen == -400


def test_a_return_survives_a_crash_as_any_order_does(shop: Shop) -> None:
    person = Person(shop)
    person.sign_in("9001")
    number = sell(person, WATER, MILK)
    back(person, number)
    person.leave()  # with the return open
    again = Person(shop)
    again.sign_in("9001")
    assert again.order.total == "-7.50"
    again.enter()
    again.enter()
    assert last(shop).total_fen == -750
    again.leave()
    assert verify_ledger(shop.place().path).ok


def test_a_cashier_needs_a_supervisor_for_each_return(shop: Shop, person: Person) -> None:
    number = sell(person, WATER)
    view = back(person, number)
    assert view.mode == "approving"
    person.approve("2001")
    assert person.order.total == "-2.00"
    [override] = [one for one in facts(shop) if isinstance(one, Override)]
    assert (override.command, override.approver) == ("return_goods", "2001")
    assert (override.before, override.after) == (number, "2.00")
    order = person.till.state.order
    assert order is not None
    assert override.order_id == order.order_id
    person.key("delete_line")
    assert back(person, number).mode == "approving"  # one approval, one act


def test_too_late_needs_a_manager(shop: Shop) -> None:
    person = Person(shop)
    person.sign_in("2001")
    number = sell(person, WATER)
    person.leave()
    shop.hands.at += timedelta(days=8)
    person = Person(shop)
    person.sign_in("2001")
    view = back(person, number)
    assert view.mode == "approving"
    person.approve("9001")
    assert person.order.total == "-2.00"
    person.leave()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("000201010000001", "门店 0002"),
        ("000109010000001", "09 号机"),
        ("000101010000099", "000101010000099"),
        ("99", "不是单号"),
        ("abc", "不是单号"),
        ("0001010100000019", "不是单号"),
        (WATER, "没有小票"),
    ],
)
def test_a_number_that_is_none_of_ours_is_one_clear_line(
    boss: Person, number: str, said: str
) -> None:
    sell(boss, WATER)
    boss.key("return_goods")
    boss.scan(number)
    assert said in boss.message.text
    assert boss.message.tone == "error"
    assert boss.mode() == "returning"


def test_a_voided_order_gives_nothing_back(boss: Person) -> None:
    boss.scan(WATER)
    boss.key("void_order")
    boss.enter("1")
    boss.key("return_goods")
    boss.scan("000101010000001")
    assert boss.message.tone == "error"


def test_goods_of_another_order_are_told(boss: Person) -> None:
    number = sell(boss, WATER)
    boss.key("return_goods")
    boss.scan(number, MILK)
    assert "不在这张单上" in boss.message.text
    boss.scan(WATER, WATER)
    assert "不在这张单上，或已退完" in boss.message.text
    boss.scan("000101010000007")
    assert "先办完" in boss.message.text


def test_found_with_the_orders_list(boss: Person) -> None:
    sell(boss, WATER)
    sell(boss, MILK)
    boss.key("return_goods")
    view = boss.key("find_orders")
    assert view.mode == "orders"
    assert boss.key("back").mode == "returning"
    boss.key("find_orders")
    boss.key("down")
    view = boss.enter()
    assert view.mode == "returning"
    assert isinstance(view.panel, FindView)
    assert view.panel.rows[0][0].startswith("清溪")
    boss.key("back")
    boss.key("back")
    boss.key("find_orders")
    view = boss.key("return_goods")  # straight from the list
    assert isinstance(view.panel, FindView)
    assert view.panel.rows[0][0].startswith("北麓")


def test_the_end_of_a_number_may_be_several_orders(boss: Person) -> None:
    for _ in range(11):
        sell(boss, WATER)
    boss.key("return_goods")
    view = boss.enter("001")
    assert view.mode == "returning"  # only one ends so
    boss.key("back")
    view = boss.enter("000")
    assert "000" in boss.message.text
    view = boss.enter("0000010")
    assert isinstance(view.panel, FindView)


def test_without_a_receipt_by_right_reason_and_limit(shop: Shop) -> None:
    person = Person(shop)
    person.sign_in("2001")
    person.key("return_goods")
    view = person.key("return_bare")
    assert isinstance(view.panel, ListView)
    person.enter("2")
    person.scan(MILK)
    person.enter()  # at list price
    person.key("return_damaged")
    person.enter("2*" + WATER)
    person.enter("1.50")
    assert [line.net for line in person.order.lines] == ["-5.50", "-3.00"]
    person.scan("690005")
    person.enter("26")
    assert "不能高于" in person.message.text
    person.enter("25")
    person.enter("4*690005")
    view = person.enter()
    assert view.mode == "approving"  # 100 yuan is the limit
    person.approve("9001")
    assert len(person.order.lines) == 4
    person.enter()
    person.enter()
    person.enter()
    fact = last(shop)
    assert fact.reason == "质量问题"
    assert {line.of_order for line in fact.lines} == {""}
    assert [line.condition for line in fact.lines] == ["stock", "damaged", "damaged", "damaged"]
    assert fact.total_fen == -550 - 300 - 2500 - 10_000
    assert fact.lines[1].adjustments[0].fen == -100
    person.leave()
    assert verify_ledger(shop.place().path).ok
