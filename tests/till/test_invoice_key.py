"""A cashier invoices an order by key; a manager amends it; goods come back: what a person sees."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from pos.refusal import Refused
from pos.sale.returns import Wanted as Back
from pos.store import invoices
from pos.store.reader import Reader
from pos.till.invoicing import acts, keeping
from pos.till.view import DialogView, ListView
from tests.shop import MILK, WATER
from tests.store.conftest import WHERE
from tests.till.invoicing import COMPANY, Office, office
from tests.till.person import Person


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as one:
        yield one


def at_the_till(desk: Office) -> Person:
    """The till opens on the orders there are."""
    desk.close()
    person = Person(desk.shop)
    person.sign_in()
    person.key("find_orders")
    return person


def until(desk: Office, person: Person, order_id: str, count: int) -> list[str]:
    """States of the order's invoices once so many are there and none is open."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        rows = invoices.of_order(person.till.reader, order_id)
        if len(rows) == count and all(row.state != "asked" for row in rows):
            return [row.state for row in rows]
        desk.go(20)
        assert person.till.invoicing is not None
        person.till.invoicing.look()
        time.sleep(0.05)
    raise AssertionError(invoices.of_order(person.till.reader, order_id))


def test_issued_amended_and_partly_taken_back(desk: Office) -> None:
    order_id, number = desk.sell(WATER, WATER, MILK)
    person = at_the_till(desk)
    person.key("invoice")
    assert person.mode() == "choosing"
    person.enter()  # a person
    assert person.mode() == "asking"
    person.enter()  # no title
    person.enter()  # sent nowhere
    assert "已提交" in person.message.text
    assert until(desk, person, order_id, 1) == ["issued"]
    assert f"{number} 已开票 " in person.message.text
    person.key("invoice")
    assert person.mode() == "choosing"
    person.key("back")
    person.key("invoice_amend")  # a manager's
    assert person.mode() == "approving"
    person.approve("9001")
    person.enter("2")  # 单位 普通发票
    person.enter(COMPANY.title)
    person.enter(COMPANY.tax_id)
    person.enter(COMPANY.email)
    assert "已提交" in person.message.text
    assert until(desk, person, order_id, 2) == ["issued", "issued"]
    rows = invoices.of_order(person.till.reader, order_id)
    assert rows[0].standing_fen == 0
    assert desk.sim.book.invoices[rows[1].invoice_no].data["buyerName"] == COMPANY.title
    person.leave()
    desk.open()
    desk.bring_back(order_id, Back(1, 1000))
    desk.settle()
    assert [(r.cause, r.state, r.total_fen) for r in desk.reds(order_id)] == [
        ("mistake", "red", 930),
        ("return", "red", 190),
    ]
    assert number


@pytest.mark.parametrize(
    ("title", "tax_id", "words"),
    [
        ("好店🎉有限公司", COMPANY.tax_id, "不能开在发票上"),
        ("=cmd", COMPANY.tax_id, "不能以"),
        ("某公司", "12345", "税号 12345 不对"),
        ("", "", "请填写发票抬头"),
    ],
)
def test_a_wrong_buyer_is_told_and_asked_for_again(
    desk: Office, title: str, tax_id: str, words: str
) -> None:
    order_id, _ = desk.sell(WATER)
    person = at_the_till(desk)
    person.key("invoice")
    person.enter("2")
    person.enter(title)
    if person.till.state.message is None:
        person.enter(tax_id)
    assert words in person.message.text
    assert person.mode() == "asking"
    assert invoices.of_order(person.till.reader, order_id) == []
    person.leave()
    desk.open()


def test_a_doubtful_number_is_a_managers_to_confirm(desk: Office) -> None:
    order_id, _ = desk.sell(WATER)
    person = at_the_till(desk)
    person.key("invoice")
    person.enter("3")
    person.enter("某公司")
    view = person.enter("914403001922038217")
    assert isinstance(view.panel, DialogView)
    assert "要店长确认" in view.panel.lines[1]
    person.enter("13800138000")
    assert person.mode() == "approving"
    person.approve("9001")
    assert until(desk, person, order_id, 1) == ["issued"]
    [row] = invoices.of_order(person.till.reader, order_id)
    sent = desk.sim.book.invoices[row.invoice_no].data
    assert (sent["invoiceLine"], sent["buyerPhone"]) == ("bs", "13800138000")
    person.leave()
    desk.open()


def test_rows_are_taken_back_by_key(desk: Office) -> None:
    order_id, _ = desk.sell(WATER, WATER, WATER, MILK)
    person = at_the_till(desk)
    person.key("invoice")
    for _ in range(3):
        person.enter()
    until(desk, person, order_id, 1)
    person.key("invoice")
    person.enter("5")  # 部分冲红
    person.approve("9001")
    view = person.enter("1")
    assert "没有选要冲红的行" in person.message.text
    assert isinstance(view.panel, ListView)
    assert view.panel.rows[1][0].startswith("清溪矿泉水")
    person.enter("2")
    person.enter("4")
    assert "最多还能冲 3" in person.message.text
    view = person.enter("2")
    assert isinstance(view.panel, ListView)
    assert view.panel.rows[1][1:3] == ("3瓶", "2")
    assert view.panel.rows[0][3] == "3.80"
    person.enter("1")
    person.enter("4")  # 销售折让
    assert "冲红已提交" in person.message.text
    until(desk, person, order_id, 1)
    [red] = invoices.reds_of(person.till.reader, order_id)
    assert (red.cause, red.total_fen) == ("allowance", 380)
    person.leave()
    desk.open()


def test_what_came_back_is_taken_back_again_where_its_form_failed(desk: Office) -> None:
    order_id, number = desk.sell(WATER, WATER, MILK)
    no = desk.ask(number)
    desk.settle()
    desk.bring_back(order_id, Back(1, 1000))
    desk.worker.turn()
    [red] = desk.reds(order_id)
    with closing(Reader(desk.config.ledger)) as reader:
        work = invoices.work(reader, red.red_no)
    assert work is not None
    lapsed = replace(keeping.course_of(work), state="lapsed", next_at="")
    keeping.end(desk.ledger, work, lapsed)
    person = at_the_till(desk)
    person.key("invoice")  # on the return itself
    assert "没有可开票的金额" in person.message.text
    person.key("down")
    person.key("invoice")
    person.enter("6")  # 按退货冲红
    person.approve("9001")
    assert "冲红已提交" in person.message.text
    person.leave()
    desk.open()
    desk.settle()
    assert [(r.state, r.total_fen) for r in desk.reds(order_id)] == [("lapsed", 190), ("red", 190)]
    with pytest.raises(Refused, match="invoice_none_back"):
        acts.take_back(desk.ledger, desk.config, no, acts.RETURNED, "return", WHERE)


def test_straight_after_payment(desk: Office) -> None:
    desk.close()
    person = Person(desk.shop)
    person.sign_in()
    person.key("invoice")
    assert "没有" in person.message.text
    person.scan(WATER)
    person.key("settle")
    person.key("cash")
    person.key("invoice")
    assert person.mode() == "choosing"
    for _ in range(3):
        person.enter()
    assert "已提交" in person.message.text
    assert person.mode() == "selling"
    person.leave()
    desk.open()
