"""积分抵现 at the counter: seen, held, used by the order, given back with goods."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.record import OrderClosed
from pos.store import requests
from pos.store.verify import verify_ledger
from pos.till.receipts import order_data
from tests.offers import CHIPS, TEA, offer, offers_shop
from tests.office import Office, OfficeLink
from tests.shop import Shop
from tests.till.person import Person
from tests.till.test_storing import Line, joined, last, link, settled

RULE = offer("points", 'points = 100\noff = "1.00"\nmost_rate = "50%"', "积分抵现")
MEMBERS = {"enabled = false            # F2 signs": "enabled = true  # F2 signs"}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return offers_shop(tmp_path, RULE, extra=MEMBERS)


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
    someone.sign_in("2001")
    yield someone
    someone.leave()


def rich(person: Person, office: Office, points: int) -> str:
    """A member with points, whose order is two teas and chips (19.90), at payment."""
    who = joined(person)
    office.accounts[who, "stored"], office.accounts[who, "points"] = 0, points
    person.scan(TEA, TEA, CHIPS)
    person.key("settle")
    return who


def spent_of(fact: OrderClosed) -> list[tuple[str, int, int]]:
    return [(one.offer, one.fen, one.points) for one in fact.offers if one.kind == "points"]


def test_points_are_seen_held_and_used_by_the_order(
    cashier: Person, office: Office, shop: Shop
) -> None:
    who = rich(cashier, office, 1234)
    cashier.key("points")
    choice = cashier.till.state.choice
    assert choice is not None
    assert (choice.title, choice.rows[0]) == ("积分抵现：有 1234 分", ("用 900 分，抵 9.00 元",))
    assert office.free(who, "points") == 1234, "nothing is held before somebody says so"
    cashier.enter("1")
    assert (cashier.mode(), cashier.order.total) == ("paying", "10.90")
    assert office.free(who, "points") == 334
    cashier.enter("")
    fact = last(cashier)
    assert (fact.total_fen, spent_of(fact)) == (1090, [("points", 900, 900)])
    assert settled(cashier) == [("done", fact.number)]
    assert office.accounts[who, "points"] == 334
    data = order_data(cashier.till.config, cashier.till.reader, fact.order_id)
    assert [(one["name"], one["off"]) for one in data["offers"]] == [("积分抵现 900分", -900)]
    assert verify_ledger(shop.place().path).ok


def test_what_comes_back_brings_its_points(cashier: Person, office: Office, shop: Shop) -> None:
    rich(cashier, office, 1000)
    cashier.key("points")
    cashier.enter("1")
    cashier.enter("")
    sold = last(cashier)
    [(_, fen, points)] = spent_of(sold)
    back: list[tuple[int, int]] = []
    for code in (TEA, CHIPS, TEA):
        cashier.key("return_goods", sold.number)
        cashier.scan(code)
        for _ in range(3):
            cashier.enter("")
        fact = last(cashier)
        assert fact.order_id != sold.order_id
        back += [(off, n) for _, off, n in spent_of(fact)]
        on_lines = sum(a.fen for x in fact.lines for a in x.adjustments if a.offer == "points")
        assert on_lines == back[-1][0]
    assert (sum(x for x, _ in back), sum(n for _, n in back)) == (-fen, -points)
    assert all(n < 0 for _, n in back)
    assert verify_ledger(shop.place().path).ok


def test_fewer_points_than_all(cashier: Person, office: Office) -> None:
    who = rich(cashier, office, 1234)
    cashier.key("points")
    cashier.enter("2")
    assert cashier.mode() == "asking"
    for wrong, said in (("1000", "最多用 900"), ("x", "不是积分数"), ("50", "不够抵一次")):
        cashier.enter(wrong)
        assert said in cashier.message.text
        if cashier.mode() == "paying":
            cashier.key("points")
            cashier.enter("2")
    assert office.free(who, "points") == 1234
    cashier.enter("350")
    assert (cashier.order.total, office.free(who, "points")) == ("16.90", 934)
    cashier.key("points")
    cashier.key("points", "200")
    assert cashier.order.total == "17.90"
    cashier.key("points")
    settled(cashier)
    cashier.key("points")
    cashier.enter("2")
    cashier.enter("")
    assert cashier.order.total == "10.90"
    cashier.enter("")
    assert spent_of(last(cashier)) == [("points", 900, 900)]
    settled(cashier)
    assert (office.free(who, "points"), office.accounts[who, "points"]) == (334, 334)


@pytest.mark.parametrize("how", ["again", "hold", "void", "member"])
def test_points_that_are_not_used_are_let_go(cashier: Person, office: Office, how: str) -> None:
    who = rich(cashier, office, 500)
    cashier.key("points")
    cashier.enter("1")
    assert office.free(who, "points") == 0
    if how == "again":
        cashier.key("points")
        assert cashier.order.total == "19.90"
    else:
        cashier.key("back")
        assert cashier.order.total == "14.90"
    if how == "hold":
        cashier.key("hold")
        [held] = cashier.till.state.held
        assert (held.points, held.offers.given) == (0, ())
    elif how == "void":
        cashier.key("void_order")
        cashier.enter("1")
    elif how == "member":
        cashier.key("customer")
        cashier.enter("10")
        assert cashier.order.total == "19.90"
    assert settled(cashier) == [("done", "")]
    assert office.free(who, "points") == 500


def test_goods_taken_off_let_too_many_points_go(cashier: Person, office: Office) -> None:
    who = rich(cashier, office, 900)
    cashier.key("points")
    cashier.enter("1")
    cashier.key("back")
    cashier.key("delete_line")
    assert cashier.till.state.order is not None
    assert cashier.till.state.order.points == 0
    assert settled(cashier) == [("done", "")]
    assert office.free(who, "points") == 900


def test_offline_is_one_line_and_the_order_goes_on(cashier: Person, office: Office) -> None:
    who = rich(cashier, office, 500)
    link(cashier).faults = ["down"]
    cashier.key("points")
    assert "连不上总部" in cashier.message.text
    cashier.key("points")
    link(cashier).faults = ["lost"]
    cashier.enter("1")
    assert "连不上总部" in cashier.message.text
    assert office.free(who, "points") == 0  # held there, not here
    cashier.enter("")
    assert (last(cashier).total_fen, spent_of(last(cashier))) == (1990, [])
    assert settled(cashier) == [("done", "")]
    assert office.free(who, "points") == 500


def test_another_till_was_first(cashier: Person, office: Office) -> None:
    who = rich(cashier, office, 500)
    cashier.key("points")
    office.accounts[who, "points"] = 100
    cashier.enter("1")
    assert cashier.message.tone == "error"
    assert cashier.order.total == "19.90"
    assert office.free(who, "points") == 100


def test_why_points_cannot_be_used(cashier: Person, office: Office) -> None:
    cashier.scan(TEA)
    cashier.key("settle")
    assert "没有会员" in cashier.key("points").message.text  # type: ignore[union-attr]
    cashier.key("back")
    who = joined(cashier)
    office.accounts[who, "stored"], office.accounts[who, "points"] = 0, 99
    cashier.key("settle")
    cashier.key("points")
    assert "积分有 99" in cashier.message.text
    cashier.key("cash", "1")
    assert cashier.key("points").message.tone == "error"  # type: ignore[union-attr]


def test_a_crash_keeps_what_the_draft_names(cashier: Person, shop: Shop, office: Office) -> None:
    rich(cashier, office, 500)
    cashier.key("points")
    cashier.enter("1")
    cashier.leave()
    ledger = shop.ledger()
    ledger.change(requests.release_unused)
    rows = ledger.read(lambda x: x.exec_driver_sql("SELECT state FROM sync_requests").all())
    ledger.close()
    assert [row[0] for row in rows] == ["held"]
