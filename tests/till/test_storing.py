"""Stored value at the counter: topped up, spent, given back; never below zero, never twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from pos.config import load
from pos.protocol.between import Spend
from pos.record import OrderClosed, from_bytes
from pos.reports.adding import figures
from pos.reports.scope import of_date
from pos.store import requests
from pos.store.verify import verify_ledger
from pos.sync.requests import Requests
from pos.system import write_private
from tests.office import Office, OfficeLink
from tests.shop import WATER, Shop, make_shop
from tests.till.person import Person

PHONE = "13800001234"
CHANGES = {
    "enabled = false            # F2 signs": "enabled = true  # F2 signs",
    "stored_value = false": "stored_value = true",
    'member_limit = "5000.00"': 'member_limit = "500.00"',
}


class Line:
    """`pos.sync.counter.Asking` over a link of the tests."""

    def __init__(self, person: Person, link: OfficeLink) -> None:
        till = person.till
        self.link = link
        self.requests = Requests(till.config, till.clock, link, till.submit)  # type: ignore[arg-type]

    def ask(self, question: Callable[[Requests], Any]) -> Future[Any]:
        """Asked in a thread, as at work."""
        done: Future[Any] = Future()

        def work() -> None:
            try:
                done.set_result(question(self.requests))
            except BaseException as error:
                done.set_exception(error)

        threading.Thread(target=work).start()
        return done


class Lines:
    """What a till has of head office."""

    def __init__(self, line: Line) -> None:
        self.asking = line

    def stop(self) -> None:
        """Nothing to end."""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = make_shop(tmp_path, CHANGES)
    write_private(load(made.config_file).chain_pepper, b"p" * 32)
    return made


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def cashier(shop: Shop, office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    someone = Person(shop)
    line = Line(someone, OfficeLink(office))
    monkeypatch.setattr("pos.till.syncing.asking", lambda till: line)
    someone.link = line.link  # type: ignore[attr-defined]
    someone.requests = line.requests  # type: ignore[attr-defined]
    someone.sign_in()
    yield someone
    someone.leave()


def link(person: Person) -> OfficeLink:
    found = person.link  # type: ignore[attr-defined]
    assert isinstance(found, OfficeLink)
    return found


def joined(person: Person) -> str:
    person.key("customer", PHONE)
    if person.mode() == "asking":
        person.enter("王小明")
        person.enter("")
    order = person.till.state.order
    assert order is not None
    return order.person_id


def last(person: Person) -> OrderClosed:
    rows = person.till.reader.rows(
        "SELECT body FROM journal WHERE kind = 'order.closed' ORDER BY jn DESC LIMIT 1"
    )
    fact = from_bytes(rows[0][0]).fact
    assert isinstance(fact, OrderClosed)
    return fact


def settled(person: Person) -> list[tuple[str, str]]:
    """Tell head office what is to be told; how the requests stand then."""
    person.requests.settle()  # type: ignore[attr-defined]
    rows = person.till.reader.rows("SELECT state, why FROM sync_requests ORDER BY at")
    return [(row[0], row[1]) for row in rows]


def test_a_top_up_is_no_revenue_and_then_pays(cashier: Person, office: Office, shop: Shop) -> None:
    who = joined(cashier)
    cashier.key("top_up", "100")
    assert cashier.order.lines[0].name == "储值充值 王** 138****1234"
    cashier.key("settle")
    cashier.enter("")
    fact = last(cashier)
    [line] = fact.lines
    assert (line.account, line.net_fen, line.tax_fen, line.points) == (who, 10_000, 0, 0)
    found = figures(cashier.till.reader, of_date(fact.where.business_date))
    assert (found.net_fen, found.topup_fen, found.lines) == (0, 10_000, 0)
    assert cashier.till.reader.rows("SELECT count(*) FROM stock_moves")[0][0] == 0
    office.accounts[who, "stored"] = 10_000  # the record arrived there

    joined(cashier)
    cashier.scan(WATER, WATER)
    cashier.key("settle")
    cashier.key("stored")
    cashier.enter("1")
    fact = last(cashier)
    assert [(t.way, t.fen, t.account) for t in fact.tenders] == [("stored_value", 400, who)]
    assert settled(cashier) == [("done", fact.number)]
    assert office.accounts[who, "stored"] == 9600
    found = figures(cashier.till.reader, of_date(fact.where.business_date))
    assert {way.way: way.net_fen for way in found.tenders} == {"cash": 10_000, "stored_value": 400}
    assert found.net_fen + found.topup_fen == sum(way.net_fen for way in found.tenders)
    assert verify_ledger(shop.place().path).ok


def pay_out(person: Person, amount: str) -> None:
    """Of the member on the order: chosen from what can be done with them, approved, typed."""
    person.key("customer")
    person.enter("7")
    assert person.mode() == "approving", "a cashier may not by themselves"
    person.approve("9001")
    assert person.mode() == "asking"
    person.enter(amount)


def test_a_balance_is_paid_out_in_cash_by_who_may(
    cashier: Person, office: Office, shop: Shop
) -> None:
    who = joined(cashier)
    office.accounts[who, "stored"] = 30_000
    pay_out(cashier, "300.01")
    assert "余额只有 300.00" in cashier.message.text
    assert cashier.mode() == "asking"
    assert office.holds == {}
    cashier.enter("80")
    assert cashier.mode() == "choosing"
    cashier.enter("1")
    fact = last(cashier)
    [line] = fact.lines
    assert (line.account, line.net_fen, line.tax_fen) == (who, -8000, 0)
    assert [(t.way, t.fen) for t in fact.tenders] == [("cash", -8000)]
    assert office.free(who, "stored") == 22_000, "held until the record is there"
    found = figures(cashier.till.reader, of_date(fact.where.business_date))
    assert (found.net_fen, {way.way: way.net_fen for way in found.tenders}) == (0, {"cash": -8000})
    [asked] = cashier.till.reader.rows("SELECT approver, command FROM overrides")
    assert tuple(asked) == ("9001", "refund_cash")
    assert verify_ledger(shop.place().path).ok


def test_much_is_paid_out_by_transfer_and_nothing_while_offline(
    cashier: Person, office: Office, shop: Shop
) -> None:
    who = joined(cashier)
    office.accounts[who, "stored"] = 30_000
    pay_out(cashier, "")
    assert cashier.mode() == "asking", "no cash for so much: which transfer"
    link(cashier).faults = ["down"]
    cashier.enter("PZ-0001")
    assert cashier.message.tone == "error"
    assert office.accounts[who, "stored"] == 30_000
    assert cashier.till.reader.rows("SELECT count(*) FROM orders")[0][0] == 0
    pay_out(cashier, "")
    cashier.enter("PZ-0002")
    fact = last(cashier)
    assert [(t.way, t.fen, t.reference) for t in fact.tenders] == [("transfer", -30_000, "PZ-0002")]
    assert office.free(who, "stored") == 0
    assert verify_ledger(shop.place().path).ok


def test_part_stored_part_cash_and_taken_back(cashier: Person, office: Office) -> None:
    who = joined(cashier)
    office.accounts[who, "stored"] = 150
    cashier.scan(WATER)
    cashier.key("settle")
    said = cashier.key("stored")
    cashier.enter("1")
    assert "不够" in cashier.message.text or cashier.message.tone == "error"
    cashier.key("stored", "1.50")
    cashier.enter("1")
    assert said
    assert office.free(who, "stored") == 0
    cashier.key("take_back")
    assert settled(cashier)[-1] == ("done", "")
    assert office.free(who, "stored") == 150
    cashier.key("stored", "1")
    cashier.enter("1")
    cashier.enter("")
    assert [(t.way, t.fen) for t in last(cashier).tenders] == [("stored_value", 100), ("cash", 100)]


def test_a_gift_card_by_its_code(cashier: Person, office: Office, shop: Shop) -> None:
    cashier.key("top_up")
    cashier.enter("GIFT8888")
    cashier.enter("50")
    cashier.key("settle")
    cashier.enter("")
    account = last(cashier).lines[0].account
    assert account.startswith("gift-")
    office.accounts[account, "stored"] = 5000
    cashier.scan(WATER)
    cashier.key("settle")
    cashier.key("stored")
    cashier.enter("gift8888")
    assert last(cashier).tenders[0].account == account
    assert b"GIFT8888" not in shop.place().path.read_bytes()


def test_what_is_refused(cashier: Person, office: Office) -> None:
    who = joined(cashier)
    office.accounts[who, "stored"] = 45_000
    for amount, why in (
        ("500.01", "超过上限"),
        ("50.01", "超过上限"),
        ("abc", "不是金额"),
        ("0", "大于 0"),
    ):
        said = cashier.key("top_up", amount).message
        assert said is not None
        assert why in said.text, amount
        order = cashier.till.state.order
        assert order is not None
        assert order.lines == ()
    cashier.key("top_up", "50")
    assert "已有给它的充值" in cashier.key("top_up", "1").message.text  # type: ignore[union-attr]
    cashier.key("quantity", "2")
    assert "不能改" in cashier.enter("").message.text  # type: ignore[union-attr]
    cashier.key("settle")
    assert "只能付商品" in cashier.key("stored").message.text  # type: ignore[union-attr]


def test_no_network_no_stored_value_but_cash(cashier: Person, office: Office) -> None:
    who = joined(cashier)
    office.accounts[who, "stored"] = 1000
    cashier.scan(WATER)
    cashier.key("settle")
    link(cashier).faults = ["down"]
    cashier.key("stored")
    assert "连不上总部" in cashier.enter("1").message.text  # type: ignore[union-attr]
    cashier.enter("")
    assert last(cashier).tenders[0].way == "cash"
    assert settled(cashier)[-1][0] in ("done", "refused")
    assert office.free(who, "stored") == 1000


def test_a_lost_answer_spends_nothing(cashier: Person, office: Office) -> None:
    who = joined(cashier)
    office.accounts[who, "stored"] = 1000
    cashier.scan(WATER)
    cashier.key("settle")
    link(cashier).faults = ["lost"]
    cashier.key("stored")
    cashier.enter("1")
    assert office.free(who, "stored") == 800  # held there, not here
    assert settled(cashier) == [("done", "")]
    assert office.free(who, "stored") == 1000
    cashier.key("stored")
    cashier.enter("1")
    assert last(cashier).tenders[0].fen == 200


def test_a_till_that_died_between_lets_go(cashier: Person, shop: Shop, office: Office) -> None:
    who = joined(cashier)
    office.accounts[who, "stored"] = 1000
    asked = Spend("r1", "1001", "0001", who, "stored", 200, "gone")
    cashier.requests.spend(asked)  # type: ignore[attr-defined]
    cashier.scan(WATER)
    cashier.key("settle")
    cashier.key("stored", "1")
    cashier.enter("1")
    cashier.leave()
    ledger = shop.ledger()
    ledger.change(requests.release_unused)
    rows = ledger.read(
        lambda x: x.exec_driver_sql("SELECT request_id, state FROM sync_requests").all()
    )
    ledger.close()
    states = {str(row[0]): str(row[1]) for row in rows}
    assert states.pop("r1") == "release"
    assert list(states.values()) == ["held"]  # this one is a tender of the draft


# --- two tills, one account, an office whose answers get lost ---
