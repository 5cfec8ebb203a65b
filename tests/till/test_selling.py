"""Order entry as the cashier does it, down to what is on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.refusal import Refused
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till.events import Rejected
from pos.till.view import ChangeView, DialogView, ListView, PayView
from tests.shop import APPLE, BAG, MILK, SMOKE, WATER, Shop, make_shop
from tests.till.person import Person


def reader(person: Person) -> Reader:
    return Reader(person.till.config.ledger)


def checked(person: Person) -> None:
    person.leave()
    verdict = verify_ledger(person.till.config.ledger)
    assert verdict.ok, verdict


def test_a_sale_by_keyboard_is_on_disk_when_it_is_called_closed(person: Person) -> None:
    person.scan(WATER, MILK, WATER)
    assert [line.name for line in person.order.lines] == [
        "清溪矿泉水550ml",
        "北麓纯牛奶250ml",
        "清溪矿泉水550ml",
    ]
    assert person.order.total == "9.50"
    view = person.enter()
    assert isinstance(view.panel, PayView)
    assert view.panel.due == "9.50"
    view = person.enter("20")
    assert isinstance(view.panel, ChangeView)
    assert view.panel.change == "10.50"
    [row] = reader(person).orders()
    assert (row.state, row.total_fen, row.change_fen, row.seq) == ("closed", 950, 1050, 1)
    assert view.panel.number == row.number == "000101010000001"
    moves = reader(person).rows("SELECT sku, sum(milli) FROM stock_moves GROUP BY sku ORDER BY sku")
    assert [tuple(m) for m in moves] == [("000001", -2000), ("000002", -1000)]
    assert reader(person).waiting_prints() == 0  # there is no printer, so nothing waits for one
    checked(person)


def test_the_next_scan_starts_a_new_order_at_once(person: Person) -> None:
    person.scan(WATER)
    person.enter()
    person.enter()
    view = person.scan(MILK)
    assert view.panel is None
    assert [line.name for line in person.order.lines] == ["北麓纯牛奶250ml"]


def test_repeats_merge_into_the_last_line_only(person: Person) -> None:
    person.scan(WATER, WATER, MILK, WATER)
    assert [line.quantity for line in person.order.lines] == ["2", "1", "1"]


def test_quantity_before_the_scan_inside_it_and_on_the_line(person: Person) -> None:
    person.key("quantity", "3")
    assert person.till.view().prompt.prefix == "3 x "
    person.scan(WATER)
    person.scan(f"2*{MILK}")
    assert [line.quantity for line in person.order.lines] == ["3", "2"]
    person.key("quantity", "5")
    person.enter()
    assert [line.quantity for line in person.order.lines] == ["3", "5"]


def test_a_quantity_waits_for_a_known_code(person: Person) -> None:
    person.key("quantity", "3")
    person.scan("no such")
    person.scan(WATER)
    assert person.order.lines[0].quantity == "3"


def test_unknown_codes_beep_and_change_nothing(person: Person) -> None:
    person.scan(WATER)
    for code in ("123456", "[/]", "[@click=app.quit]x[/]", "\x1bp0", "9" * 64):
        beeps = person.beeps
        person.scan(code)
        assert person.message.tone == "error"
        assert person.beeps == beeps + 1
        assert len(person.order.lines) == 1
    assert "没有这个商品" in person.message.text
    person.does(Rejected("too_long"))
    assert "64" in person.message.text


def test_goods_by_weight(person: Person) -> None:
    person.scan(APPLE)
    assert person.mode() == "asking"
    person.enter("abc")
    assert person.mode() == "asking"
    person.enter("0.535")
    assert person.order.lines[0].quantity == "0.535kg"
    assert person.order.total == "6.94"
    person.scan(f"1.2*{APPLE}")
    assert person.order.total == "22.52"


def test_bad_quantities_change_nothing(person: Person) -> None:
    person.scan(WATER)
    for text in ("0", "999999", "1.5", ""):
        person.key("quantity", text)
        person.enter() if person.till.state.quantity is not None else None
        assert person.order.lines[0].quantity == "1", text
        assert person.message.tone == "error"
        person.till.state.quantity = None


def test_a_cashier_discounts_within_the_limit_alone(person: Person) -> None:
    person.scan(MILK)
    person.key("discount_line", "95")
    assert person.order.total == "5.22"
    person.key("discount_line", "100")
    assert person.order.total == "5.50"


def test_a_larger_discount_needs_somebody_else_once(person: Person) -> None:
    person.scan(MILK)
    view = person.key("discount_line", "80")
    assert isinstance(view.panel, DialogView)
    assert "5%" in view.panel.lines[0]
    person.enter("1001")
    person.enter("135790")
    assert "自己" in person.message.text
    person.approve("2001")
    assert person.order.total == "4.40"
    [row] = reader(person).rows("SELECT * FROM overrides")
    assert (row["operator"], row["approver"], row["command"]) == ("1001", "2001", "discount_line")
    assert (row["before"], row["after"]) == ("5.50", "4.40")
    person.key("discount_line", "70")
    assert person.mode() == "approving", "one approval is for one act"


def test_even_a_supervisor_has_limits(person: Person) -> None:
    person.scan(MILK)
    person.key("discount_order", "50")
    person.enter("2001")
    person.enter("246802")
    assert "授权人" in person.message.text
    assert person.order.total == "5.50"
    person.key("back")
    assert person.mode() == "selling"


def test_price_change_below_the_lowest_price_is_refused_for_all(person: Person) -> None:
    person.scan(MILK)
    person.key("price")
    person.enter("3.99")
    assert "最低售价 4.00" in person.message.text
    person.enter("4.50")
    person.approve("9001")
    assert person.order.total == "4.50"


def test_discounts_on_goods_that_take_none(person: Person) -> None:
    person.scan(SMOKE)
    person.key("discount_line", "95")
    assert "不参加打折" in person.message.text
    person.key("discount_order", "95")
    assert person.order.total == "25.00"


def test_discount_over_the_whole_price(person: Person) -> None:
    person.scan(MILK)
    for command, text in (
        ("discount_line", "120"),
        ("discount_line", "0"),
        ("reduce_line", "5.51"),
        ("reduce_order", "99"),
    ):
        person.key(command, text)
        assert person.message.tone == "error", (command, text)
        assert person.order.total == "5.50"


def test_voided_lines_are_on_record(person: Person) -> None:
    person.scan(WATER, WATER, MILK)
    person.key("delete_line")
    person.key("decrement")
    assert [line.quantity for line in person.order.lines] == ["1"]
    rows = reader(person).rows("SELECT sku, milli, list_fen FROM voided_lines ORDER BY jn")
    assert [tuple(r) for r in rows] == [("000002", 1000, 550), ("000001", 1000, 200)]
    checked(person)


def test_void_order_needs_a_supervisor_and_takes_a_number(person: Person) -> None:
    person.scan(WATER)
    person.key("void_order")
    person.approve("2001")
    view = person.till.view()
    assert isinstance(view.panel, ListView)
    person.enter("1")
    assert not person.order.lines
    [row] = reader(person).orders()
    assert (row.state, row.seq, row.reason) == ("voided", 1, "顾客不要了")
    assert reader(person).drafts() == []
    checked(person)


def test_hold_and_recall_with_one_key(person: Person) -> None:
    person.scan(WATER)
    person.key("hold")
    assert not person.order.lines
    assert person.order.held == 1
    person.key("hold")
    assert [line.name for line in person.order.lines] == ["清溪矿泉水550ml"]
    person.key("hold")
    person.scan(MILK)
    person.key("hold")
    view = person.key("hold")
    assert isinstance(view.panel, ListView)
    assert len(view.panel.rows) == 2
    person.enter("2")
    assert [line.name for line in person.order.lines] == ["北麓纯牛奶250ml"]
    assert person.order.held == 1


def test_drawer_and_reprint_are_on_record(person: Person) -> None:
    person.scan(BAG)
    person.enter()
    person.enter()
    person.key("open_drawer")
    person.approve("2001")
    person.enter("1")
    person.key("reprint")
    person.approve("2001")
    kinds = [r[0] for r in reader(person).rows("SELECT kind FROM events ORDER BY jn DESC LIMIT 2")]
    assert kinds == ["receipt.reprinted", "drawer.opened"]
    assert "第 1 次" in person.message.text
    checked(person)


def test_english_is_complete_in_a_sale(tmp_path: Path) -> None:
    person = Person(make_shop(tmp_path, {'language = "zh" ': 'language = "en" '}))
    view = person.sign_in()
    person.scan("nothing")
    assert person.message.text.startswith("No product with code nothing")
    assert view.footer[0].name == "Pay"
    person.leave()


def test_too_many_held_orders(tmp_path: Path) -> None:
    person = Person(make_shop(tmp_path, {"most_held = 10": "most_held = 1"}))
    person.sign_in()
    person.scan(WATER)
    person.key("hold")
    person.scan(MILK)
    person.key("hold")
    assert "挂单" in person.message.text
    assert len(person.order.lines) == 1
    person.leave()


def test_what_was_open_comes_back_after_a_crash(shop: Shop) -> None:
    person = Person(shop)
    person.sign_in()
    person.scan(WATER, MILK)
    person.key("discount_line", "95")
    before = person.order.lines
    person.leave()  # the draft stays as it was; a crash leaves no more and no less
    again = Person(shop)
    again.sign_in()
    assert again.order.lines == before
    assert "恢复" in again.message.text
    again.leave()


def test_a_sum_off_does_not_grow_when_goods_go(person: Person) -> None:
    person.scan(MILK, MILK, WATER)
    person.key("reduce_order", "0.50")
    assert person.order.total == "12.50"
    person.key("delete_line")
    assert person.order.total == "11.00"
    person.key("reduce_line", "0.50")
    person.key("decrement")
    assert person.order.total == "5.50"


def test_a_full_disk_is_told_before_money_is_taken(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.scan(WATER)

    def full(ledger: Ledger, *_: object, **_more: object) -> None:
        raise Refused("disk_full", path=ledger.place.path)

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "save_draft", full)
        person.scan(MILK)
        assert "磁盘已满" in person.message.text
        assert len(person.order.lines) == 1, "what is not on disk is not on the screen"
        patched.setattr(Ledger, "close_order", full)
        person.enter()
        view = person.enter()
        assert isinstance(view.panel, PayView), "not called closed"
        assert "磁盘已满" in person.message.text
    view = person.enter()
    assert isinstance(view.panel, ChangeView)
    assert len(reader(person).orders()) == 1
    checked(person)
