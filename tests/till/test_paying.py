"""Payment as the cashier does it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till.events import Entered
from pos.till.view import ChangeView, PayView
from tests.shop import MILK, SMOKE, WATER, Shop, make_shop
from tests.till.person import Person


def pay_panel(person: Person) -> PayView:
    panel = person.till.view().panel
    assert isinstance(panel, PayView)
    return panel


def test_mixed_tenders(person: Person) -> None:
    person.scan(SMOKE, MILK)
    person.enter()
    person.key("bank", "10")
    person.enter("REF123")
    assert pay_panel(person).due == "20.50"
    person.enter("5")
    assert pay_panel(person).due == "15.50"
    view = person.enter("20")
    assert isinstance(view.panel, ChangeView)
    assert view.panel.change == "4.50"
    rows = Reader(person.till.config.ledger).rows("SELECT way, fen, given_fen FROM order_tenders")
    assert [tuple(r) for r in rows] == [
        ("bank", 1000, 1000),
        ("cash", 500, 500),
        ("cash", 1550, 2000),
    ]


def test_a_scan_on_the_payment_screen_is_never_money(person: Person) -> None:
    person.scan(WATER)
    person.enter()
    for code in ("6901234567892", "12345678", "690002"):
        beeps = person.beeps
        person.does(Entered(code, burst=True))
        assert person.mode() == "paying"
        assert person.beeps == beeps + 1
        assert "没有加入" in person.message.text
    person.does(Entered("130000000000000000", burst=True))
    assert "没有开通微信支付" in person.message.text
    assert pay_panel(person).tenders == ()


def test_a_slip_of_the_finger_is_not_change(person: Person) -> None:
    person.scan(WATER)
    person.enter()
    person.enter("1000")
    assert "找零" in person.message.text
    assert person.mode() == "paying"


def test_quick_tenders_and_exact_cash(person: Person) -> None:
    person.scan(SMOKE)
    person.enter()
    assert pay_panel(person).quick[0] == ("Q", "30.00")
    view = person.key("quick_1")
    assert isinstance(view.panel, ChangeView)
    assert view.panel.change == "5.00"


def test_card_numbers_are_not_kept(person: Person) -> None:
    person.scan(WATER)
    person.enter()
    person.key("bank")
    person.enter("6222021234567890128")
    assert "卡号" in person.message.text or "参考号" in person.message.text
    person.enter("4111111111111111")
    assert "卡号" in person.message.text
    raw = person.till.config.ledger.read_bytes()
    assert b"4111111111111111" not in raw


def test_prices_freeze_and_thaw(person: Person) -> None:
    person.scan(MILK)
    person.enter()
    person.enter("1")
    person.key("back")
    assert person.mode() == "paying"
    person.key("take_back")
    assert pay_panel(person).due == "5.50"
    person.key("back")
    assert person.mode() == "selling"
    person.scan(WATER)
    assert person.order.total == "7.50"


@pytest.mark.parametrize(
    ("mode", "change", "total"),
    [("down_jiao", "0.00", 500), ("down_yuan", "0.00", 500), ("half_up_yuan", "0.00", 500)],
)
def test_rounding_is_on_the_cash_remainder(
    tmp_path: Path, mode: str, change: str, total: int
) -> None:
    person = Person(make_shop(tmp_path, {'rounding = "none"': f'rounding = "{mode}"'}))
    person.sign_in("9001")
    person.scan(MILK)
    person.key("reduce_order", "0.46")
    person.enter()
    view = person.enter()
    assert isinstance(view.panel, ChangeView)
    assert view.panel.change == change
    [row] = Reader(person.till.config.ledger).orders()
    assert row.total_fen == total
    person.leave()
    assert verify_ledger(person.till.config.ledger).ok


def test_a_part_payment_survives_a_crash(shop: Shop) -> None:
    person = Person(shop)
    person.sign_in()
    person.scan(SMOKE)
    person.enter()
    person.enter("10")
    person.leave()
    again = Person(shop)
    again.sign_in()
    assert again.mode() == "paying"
    assert pay_panel(again).due == "15.00"
    again.leave()
