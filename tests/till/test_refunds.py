"""The money of what came back: cards first, slips, cash by leave, and 反结账."""

from __future__ import annotations

import pytest

from pos.record import Override
from pos.store.ledger import Ledger
from pos.till.view import ChangeView, ListView, RefundView
from tests.shop import MILK, WATER, Shop
from tests.till.person import Person
from tests.till.returned import back, closed, facts, last, sell


def test_cards_first_with_their_own_slip_then_cash(shop: Shop, boss: Person) -> None:
    boss.scan(MILK, MILK)
    boss.enter()
    boss.key("bank", "6")
    boss.enter("S001234")
    number = closed(boss.enter())
    back(boss, number)
    view = boss.enter()
    assert isinstance(view.panel, RefundView)
    assert [(x.name, x.amount) for x in view.panel.backs] == [("银行卡", "6.00"), ("现金", "5.00")]
    view = boss.enter()
    assert view.mode == "asking"
    boss.enter("12")
    assert "参考号" in boss.message.text
    boss.enter("6222021234567890128")
    assert boss.message.tone == "error"  # a card's number
    view = boss.enter("R009876")
    assert isinstance(view.panel, ChangeView)
    given = last(shop).tenders
    assert [(t.way, t.fen, t.reference, t.of_tender) for t in given] == [
        ("bank", -600, "R009876", 1),
        ("cash", -500, "", 0),
    ]


def test_a_slip_that_was_typed_is_kept_and_can_be_taken_back(
    shop: Shop, boss: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.refusal import Refused

    boss.scan(MILK)
    boss.enter()
    boss.key("bank", "5")
    boss.enter("S001234")
    number = closed(boss.enter())
    back(boss, number)
    boss.enter()

    def full(ledger: Ledger, *_: object, **_more: object) -> None:
        raise Refused("disk_full", path=ledger.place.path)

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "close_order", full)
        boss.enter()
        view = boss.enter("R009876")
    assert "磁盘" in boss.message.text
    assert isinstance(view.panel, RefundView)
    assert [x.reference for x in view.panel.given] == ["R009876"]
    boss.key("back")
    assert boss.mode() == "refunding"  # money went back: nothing changes under it
    boss.key("take_back")
    assert "撤销" in boss.message.text
    view = boss.key("refund_cash")
    assert isinstance(view.panel, ChangeView)
    assert [(t.way, t.fen) for t in last(shop).tenders] == [("cash", -550)]


def test_cash_for_a_card_is_a_manager_s_to_allow(shop: Shop) -> None:
    person = Person(shop)
    person.sign_in("2001")
    person.scan(MILK)
    person.enter()
    person.key("bank")
    number = closed(person.enter("S001234"))
    back(person, number)
    person.enter()
    assert person.key("refund_cash").mode == "approving"
    person.approve("9001")
    fact = last(shop)
    assert [(t.way, t.fen) for t in fact.tenders] == [("cash", -550)]
    [override] = [one for one in facts(shop) if isinstance(one, Override)]
    assert (override.command, override.before, override.after) == (
        "refund_cash",
        "银行卡 5.50",
        "现金 5.50",
    )
    assert override.order_id == fact.order_id
    person.leave()


def test_reopened_all_comes_back_and_the_same_goods_open_anew(shop: Shop, boss: Person) -> None:
    boss.scan(WATER, MILK)
    boss.key("discount_line", "80")
    boss.enter()
    number = closed(boss.enter())
    boss.key("find_orders")
    view = boss.key("reopen")
    assert isinstance(view.panel, ListView)
    view = boss.enter("1")
    assert view.mode == "refunding"
    assert "反结账" in boss.order.banner
    boss.key("back")
    boss.scan(WATER)
    assert "整单退" in boss.message.text
    boss.key("delete_line")
    assert "整单退" in boss.message.text
    boss.key("return_goods")
    assert "整单退" in boss.message.text
    boss.enter()
    view = boss.enter()
    assert "反结账完成" in boss.message.text
    assert boss.order.total == "6.40"
    fact = last(shop)
    order = boss.till.state.order
    assert order is not None
    assert (fact.total_fen, fact.reopened_as, fact.reason) == (-640, order.order_id, "付款方式错")
    boss.enter()
    boss.key("bank")
    boss.enter("S001234")
    fact = last(shop)
    assert (fact.order_id, fact.total_fen) == (order.order_id, 640)
    assert [line.sku for line in fact.lines] == ["000001", "000002"]
    boss.key("find_orders", number)
    boss.key("reopen")
    assert "不能反结账" in boss.message.text


def test_reopening_wants_a_free_counter(boss: Person) -> None:
    sell(boss, WATER)
    boss.scan(MILK)
    boss.key("find_orders")
    boss.key("reopen")
    assert boss.message.tone == "error"
    assert boss.order.total == "5.50"


def test_a_locked_till_comes_back_to_the_refund(boss: Person) -> None:
    number = sell(boss, WATER)
    boss.key("return_goods")
    boss.scan(number)
    boss.shop.hands.go(301)
    boss.till.tick()
    boss.wait()
    assert boss.mode() == "locked"
    boss.enter()
    boss.enter("975318")
    assert boss.mode() == "selling"
