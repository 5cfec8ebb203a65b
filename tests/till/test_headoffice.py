"""Head office from the counter: closes go up by themselves, orders go to other tills."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from pos.store import outbox
from pos.store.reader import Reader
from pos.till.view import ListView
from tests.shop import MILK, WATER
from tests.sync.office import Office, enrol_till
from tests.till.person import Person


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    found = Office(tmp_path / "office")
    yield found
    found.stop()


def somebody(tmp_path: Path, office: Office, till: str) -> Person:
    side = enrol_till(tmp_path / f"till{till}", office, till=till)
    side.close()
    person = Person(side.shop)
    person.sign_in()
    return person


@pytest.fixture
def person(tmp_path: Path, office: Office) -> Iterator[Person]:
    found = somebody(tmp_path, office, "01")
    yield found
    found.leave()


def until(person: Person, good: Callable[[], bool]) -> None:
    """Wait for what happens behind the counter."""
    end = time.monotonic() + 15
    while not good():
        assert time.monotonic() < end, person.till.view()
        person.wait()
        time.sleep(0.02)


def now(person: Person) -> None:
    assert person.till.headoffice is not None
    person.till.headoffice.worker.now()


def sell(person: Person) -> None:
    person.scan(WATER, MILK)
    person.key("settle")
    person.key("cash")


def network(person: Person) -> str:
    return person.till.view().header.network


def sent(person: Person) -> bool:
    return person.till.reader.unsent() == 0


def rows(person: Person) -> list[tuple[str, ...]]:
    panel = person.till.view().panel
    assert isinstance(panel, ListView)
    return list(panel.rows)


def test_a_close_goes_up_by_itself(office: Office, person: Person) -> None:
    assert network(person) == "单机"
    now(person)
    until(person, lambda: network(person) == "总部通")
    sell(person)
    until(person, lambda: sent(person))
    head = person.till.reader.head()[0]
    assert [jn for _, jn, _ in office.inbox()][-1] == head


def test_what_stands_in_the_way_is_told_on_a_key(office: Office, person: Person) -> None:
    office.stop()
    now(person)
    until(person, lambda: network(person) == "总部断")
    sell(person)
    person.key("sync")
    told = {row[0]: row[1] for row in rows(person)}
    assert "连不上总部" in told["状态"]
    assert told["上次成功"] == "从未"
    office.start()
    person.enter("1")  # at once
    until(person, lambda: sent(person))
    assert network(person) == "总部通"


def test_records_sent_back_are_shown_and_sent_again_by_who_may(
    office: Office, person: Person
) -> None:
    with closing(Reader(person.till.config.ledger)) as reader:
        [record] = outbox.unsent(reader, 1)
    bad = outbox.Refusal(record.jn, 1, record.hash, "rejected", "malformed", "看不懂")
    person.till.write(
        lambda ledger: outbox.acknowledge(ledger, (), (bad,), record.jn, None), lambda _: None
    )
    person.wait()
    person.key("sync")
    person.enter("2")
    assert [row[3] for row in rows(person)] == ["", "看不懂"]
    person.key("sync_again")
    person.approve("9001")
    until(person, lambda: not outbox.parked(person.till.reader))
    assert office.inbox()[0][1] == record.jn


def test_a_till_that_was_stopped_says_so_and_sells_on(office: Office, person: Person) -> None:
    from pos.headoffice import tills

    tills.revoke(office.house, "0001", "01")
    now(person)
    until(person, lambda: network(person) == "总部停")
    person.till.refresh_header()
    assert "总部停用了本机" in person.message.text
    sell(person)
    assert person.till.view().header.unsent


def test_an_order_is_handed_over_and_taken_at_another_till(
    office: Office, person: Person, tmp_path: Path
) -> None:
    other = somebody(tmp_path, office, "02")
    person.scan(WATER, WATER, MILK)
    person.key("share")
    assert person.order.lines == ()
    until(person, lambda: person.till.view().message is not None and "已交给" in _said(person))
    assert person.till.reader.drafts() == []
    other.key("hold")  # nothing on hold here: the shop's are asked for
    until(other, lambda: other.mode() == "choosing")
    assert rows(other)[0][3] == "9.50"
    other.enter("1")
    until(other, lambda: len(other.order.lines) == 2)
    other.key("settle")
    other.key("cash")
    now(other)
    until(other, lambda: sent(other))
    person.key("hold")
    until(person, lambda: "没有其他机的挂单" in _said(person))
    other.leave()


def _said(person: Person) -> str:
    message = person.till.view().message
    return message.text if message else ""


def test_an_order_of_another_till_comes_back_here_and_only_once(
    office: Office, person: Person, tmp_path: Path
) -> None:
    sell(person)
    now(person)
    until(person, lambda: sent(person))
    number = office_number(office)
    other = somebody(tmp_path, office, "02")
    other.key("return_goods")
    other.enter(number)
    until(other, lambda: other.till.state.returning.sold is not None)  # type: ignore[union-attr]
    other.key("return_all")
    if other.mode() == "approving":
        other.approve("9001")
    until(other, lambda: len(other.order.lines) == 2)
    third = somebody(tmp_path, office, "03")
    third.key("return_goods")
    third.enter(number)
    until(third, lambda: "已" in _said(third) and third.beeps > 0)
    assert third.order.lines == ()
    other.key("void_order")  # the customer thinks again: let go at once
    if other.mode() == "approving":
        other.approve("9001")
    other.enter("1")
    until(other, lambda: other.order.lines == ())
    until(other, lambda: kept(office) == [])
    other.leave()
    third.key("back")
    third.key("return_goods")
    third.enter(number)
    until(third, lambda: third.till.state.returning.sold is not None)  # type: ignore[union-attr]
    third.key("return_all")
    if third.mode() == "approving":
        third.approve("9001")
    until(third, lambda: len(third.order.lines) == 2)
    third.key("settle")
    third.key("refund_cash")
    until(third, lambda: third.order.lines == ())
    until(third, lambda: bool(office.rows("SELECT 1 FROM returned")))  # a close goes up by itself
    assert kept(office) == []
    third.leave()


def test_a_wallet_s_money_goes_back_where_it_was_taken_or_in_cash(
    office: Office, person: Person, tmp_path: Path
) -> None:
    sell(person)
    now(person)
    until(person, lambda: sent(person))
    number = office_number(office)
    other = somebody(tmp_path, office, "02")
    other.key("return_goods")
    other.enter(number)
    until(other, lambda: other.till.state.returning.sold is not None)  # type: ignore[union-attr]
    paid = """UPDATE received SET value = replace(value, '\\"way\\":\\"cash\\"',
        '\\"way\\":\\"wechat\\"') WHERE kind = 'elsewhere'"""

    def pay_by_wallet(connection: Connection) -> None:
        connection.exec_driver_sql(paid)

    other.till.submit(lambda ledger: ledger.change(pay_by_wallet)).result(10)
    other.key("return_all")
    if other.mode() == "approving":
        other.approve("9001")
    until(other, lambda: len(other.order.lines) == 2)
    other.key("settle")
    other.key("refund")
    until(other, lambda: "01 号机" in _said(other))
    assert len(other.order.lines) == 2
    other.key("refund_cash")
    if other.mode() == "approving":
        other.approve("9001")
    until(other, lambda: other.order.lines == ())
    other.leave()


def kept(office: Office) -> list[object]:
    return office.rows("SELECT 1 FROM reserved WHERE state IN ('held', 'confirmed')")


def office_number(office: Office) -> str:
    end = time.monotonic() + 10
    while True:
        found = office.rows("SELECT number FROM orders ORDER BY number")
        if found:
            return str(found[0]["number"])
        assert time.monotonic() < end
        time.sleep(0.02)


def test_goods_that_come_back_stay_at_the_till_they_came_back_to(
    office: Office, person: Person
) -> None:
    sell(person)
    [sold] = person.till.reader.orders()
    person.key("return_goods")
    person.scan(sold.number)
    person.key("return_all")
    if person.mode() == "approving":
        person.approve("9001")
    person.scan(MILK)
    assert [line.net for line in person.order.lines] == ["-2.00", "-5.50", "5.50"]
    before = person.order
    person.key("share")
    assert "只能在本机结" in _said(person)
    assert person.order == before


def test_offline_an_order_stays_here_on_hold(office: Office, person: Person) -> None:
    office.stop()
    person.scan(WATER)
    person.key("share")
    until(person, lambda: "连不上总部" in _said(person))
    [held] = person.till.reader.drafts()
    assert held.state == "held"
    person.key("hold")
    assert "正在交给其他机" in _said(person)
    office.start()
    now(person)
    until(person, lambda: person.till.reader.drafts() == [])


def test_a_till_alone_has_no_head_office(tmp_path: Path) -> None:
    from tests.shop import make_shop

    person = Person(make_shop(tmp_path))
    person.sign_in()
    person.key("sync")
    assert "没有接总部" in person.message.text
    person.scan(WATER)
    person.key("share")
    assert "没有接总部" in person.message.text
    person.leave()
