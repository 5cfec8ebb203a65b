"""A cashier invoices an order by key; a manager amends it; goods come back: what a person sees."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.sale.returns import Wanted as Back
from pos.store import invoices
from tests.shop import MILK, WATER
from tests.till.invoicing import COMPANY, Office, office
from tests.till.person import Person


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as one:
        yield one


def at_the_till(desk: Office) -> Person:
    """The till opens on the orders there are."""
    desk.ledger.close()
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
    assert person.mode() == "asking"
    person.enter()  # a person, no title
    assert "已提交" in person.message.text
    assert until(desk, person, order_id, 1) == ["issued"]
    person.key("invoice")
    assert person.mode() == "choosing"
    person.key("back")
    person.key("invoice_amend")  # a manager's
    assert person.mode() == "approving"
    person.approve("9001")
    person.enter(COMPANY.title)
    person.enter(COMPANY.tax_id)
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
    ],
)
def test_a_wrong_buyer_is_told_and_asked_for_again(
    desk: Office, title: str, tax_id: str, words: str
) -> None:
    order_id, _ = desk.sell(WATER)
    person = at_the_till(desk)
    person.key("invoice")
    person.enter(title)
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
    person.enter("某公司")
    person.enter("914403001922038217")
    assert person.mode() == "approving"
    person.approve("9001")
    assert until(desk, person, order_id, 1) == ["issued"]
    person.leave()
    desk.open()
