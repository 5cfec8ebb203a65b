"""Two tills of a chain and a real head office: members and gift cards are the chain's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from pos.protocol.between import Balance
from pos.store.verify import verify_ledger
from pos.till import storing, syncing
from tests.offers import CHIPS, GOODS, TEA, offer
from tests.sync.office import Office, enrol_till
from tests.till.person import Person

PHONE, GIFT = "13800001234", "LK20260001"
RULE = offer("points", 'points = 10\noff = "1.00"\nmost_rate = "50%"', "积分抵现")
CHANGES = {
    "enabled = false            # F2 signs": "enabled = true  # F2 signs",
    "stored_value = false": "stored_value = true",
    'file = ""                  # 促销': 'file = "offers.toml"  # 促销',
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    found = Office(tmp_path / "office")
    yield found
    found.stop()


@pytest.fixture
def two(tmp_path: Path, office: Office) -> Iterator[tuple[Person, Person]]:
    people = []
    for till in ("01", "02"):
        folder = tmp_path / f"till{till}"
        folder.mkdir()
        (folder / "offers.toml").write_text(RULE, "utf-8")
        side = enrol_till(folder, office, till=till, extra=CHANGES, goods=GOODS)
        side.close()
        person = Person(side.shop)
        person.sign_in("2001")
        people.append(person)
    for person in people:
        visit(person)
        until(partial(syncing.up, person.till))
    yield people[0], people[1]
    for person in people:
        person.leave()


def visit(person: Person) -> None:
    assert person.till.headoffice is not None
    person.till.headoffice.worker.now()


def until(good: Callable[[], object]) -> None:
    end = time.monotonic() + 15
    while not good():
        assert time.monotonic() < end
        time.sleep(0.02)


def arrived(office: Office, asset: str, amount: int) -> None:
    sql = "SELECT coalesce(sum(amount), 0) AS n FROM account_moves WHERE asset = :a"
    until(lambda: office.rows(sql, a=asset)[0]["n"] == amount)


def test_members_and_gift_cards_are_the_chain_s(office: Office, two: tuple[Person, Person]) -> None:
    one, other = two
    one.key("customer", PHONE)
    one.enter("王小明")
    one.enter("")
    who = one.till.state.order.person_id  # type: ignore[union-attr]
    one.scan(*[TEA] * 6)
    one.key("settle")
    one.enter("")
    one.key("top_up")
    one.enter(GIFT)
    one.enter("50")
    one.key("settle")
    one.enter("")
    arrived(office, "points", 30)
    arrived(office, "stored", 5000)
    visit(one)
    until(lambda: office.rows("SELECT 1 AS x FROM people"))
    spent = _spends_points(other, who)
    _spends_gift(one, other)
    _comes_back(office, one, other, spent)
    _is_paid_back(office, other, who)
    office.stop()
    other.key("customer", "13911113333")
    assert "只查到本机" in other.message.text
    assert other.mode() == "asking"
    office.start()
    for person in two:
        assert verify_ledger(person.shop.place().path).ok


def _spends_points(other: Person, who: str) -> str:
    other.scan(TEA, TEA)
    other.key("customer", "1234")
    assert other.till.state.order is not None
    assert other.till.state.order.person_id == who
    other.key("settle")
    other.key("points", "20")
    assert other.order.total == "8.00"
    other.enter("")
    assert other.till.state.change is not None
    number = other.till.state.change.number
    other.key("customer", "13911112222")
    assert other.mode() == "asking", "nobody has this number anywhere"
    other.key("back")
    return number


def _spends_gift(one: Person, other: Person) -> None:
    for person, codes in ((other, (CHIPS, CHIPS)), (one, (CHIPS,))):
        person.scan(*codes)
        person.key("settle")
        person.key("stored")
        person.enter(GIFT)
        assert person.till.state.change is not None, person.message
    one.scan(*[TEA] * 5)
    one.key("settle")
    one.key("stored")
    one.enter(GIFT)
    assert "余额只有 20.30" in one.message.text
    one.key("stored", "20.30")
    one.enter(GIFT)
    one.enter("")
    assert one.till.state.change is not None


def left(person: Person, account: str, asset: str) -> int:
    """What head office says there is."""
    assert person.till.headoffice is not None
    found: Balance = person.till.headoffice.asking.ask(lambda x: x.balance("0001", account)).result(
        5
    )
    return found.points if asset == "points" else found.stored_fen


def _comes_back(office: Office, one: Person, other: Person, number: str) -> None:
    """Another till's order, paid with points, and one paid by gift card: all back, once."""
    [who] = [row[0] for row in one.till.reader.rows("SELECT person_id FROM members")]
    until(lambda: office.rows("SELECT 1 AS x FROM orders WHERE number = :n", n=number))
    before = left(one, who, "points")
    _return_all(one, number)
    until(lambda: left(one, who, "points") == before + 20 - 8)
    one.key("return_goods", number)
    until(lambda: one.message.tone == "error")
    assert "已" in one.message.text
    if one.mode() != "selling":
        one.key("back")
    gift = storing.gift_account(one.till, GIFT)
    sql = "SELECT number FROM order_tenders WHERE way = 'stored_value' AND fen = 1980"
    until(lambda: office.rows(sql))
    _return_all(one, str(office.rows(sql)[0]["number"]))
    until(lambda: left(one, gift, "stored") == 1980)
    visit(other)
    assert left(other, gift, "stored") == 1980


def _return_all(person: Person, number: str) -> None:
    def found() -> object:
        person.wait()
        return person.till.state.returning and person.till.state.returning.sold

    person.key("return_goods", number)
    until(lambda: found() is not None)
    person.key("return_all")
    if person.mode() == "approving":
        person.approve("9001")
    until(lambda: person.order.lines)
    for _ in range(3):
        if person.till.state.change is None or person.order.lines:
            person.enter("")
    assert person.till.state.change is not None, person.message


def _is_paid_back(office: Office, other: Person, who: str) -> None:
    """Topped up at this till, and half of it given back."""
    other.key("customer", PHONE)
    other.key("top_up", "80")
    other.key("settle")
    other.enter("")
    arrived(office, "stored", 5000 + 1980 + 8000)
    other.key("customer", PHONE)
    other.key("customer")
    other.enter("6")
    assert "80.00" in other.message.text
    other.key("customer")
    other.enter("7")
    assert other.mode() == "approving", "a supervisor may not"
    other.approve("9001")
    other.enter("90")
    assert "余额只有 80.00" in other.message.text
    other.enter("50")
    other.enter("1")
    assert other.till.state.change is not None, other.message
    assert other.till.state.change.change == "50.00"
    arrived(office, "stored", 5000 + 1980 + 8000 - 5000)
    until(lambda: not office.rows("SELECT 1 AS x FROM spends WHERE state = 'held'"))
    with_left = other.till.headoffice.asking.ask(lambda x: x.balance("0001", who))  # type: ignore[union-attr]
    assert with_left.result(5).stored_fen == 3000
    other.key("customer", PHONE)
    other.key("customer")
    other.enter("9")
    assert "还有储值 30.00" in other.message.text
