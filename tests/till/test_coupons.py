"""Coupons whose uses head office counts: once for all tills, whatever answers are lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from pos.store import requests
from pos.store.verify import verify_ledger
from tests.offers import CHIPS, TEA, offer, offers_shop
from tests.office import Office, OfficeLink
from tests.shop import Shop
from tests.till.person import Person
from tests.till.test_storing import Line, last, link, settled

RULE = offer("coupon", 'amount = "10.00"\noff = "2.00"', "两元券")
CODE, OTHER = "QUAN-1", "QUAN-2"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = offers_shop(tmp_path, RULE)
    ledger = made.ledger()
    ledger.change(_come_down)
    ledger.close()
    return made


def _come_down(connection: Connection) -> None:
    """Two codes, as head office tells of them."""
    for code in (CODE, OTHER):
        connection.exec_driver_sql(
            "INSERT INTO received VALUES ('coupon', ?, 'chain', 1, ?)",
            (code, f'{{"code":"{code}","offer_id":"coupon","uses":1}}'),
        )


@pytest.fixture
def office() -> Office:
    return Office(codes={CODE: 1, OTHER: 1})


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


def test_a_coupon_is_kept_used_and_then_refused_by_name(
    cashier: Person, office: Office, shop: Shop
) -> None:
    cashier.scan(TEA, CHIPS, CODE)
    assert (cashier.order.total, office.used(CODE)) == ("12.90", ["held"])
    cashier.key("settle")
    cashier.enter("")
    fact = last(cashier)
    assert [(one.code, one.fen) for one in fact.offers] == [(CODE, 200)]
    assert settled(cashier) == [("done", fact.number)]
    assert office.used(CODE) == ["confirmed"]
    cashier.scan(TEA, CHIPS, CODE)
    assert cashier.message.text == f"两元券 券 {CODE} 已经用过了，不能再用"
    assert cashier.order.total == "14.90"
    assert verify_ledger(shop.place().path).ok


@pytest.mark.parametrize("how", ["again", "hold", "void", "too little", "crash"])
def test_a_coupon_that_is_not_used_is_let_go(
    cashier: Person, office: Office, shop: Shop, how: str
) -> None:
    cashier.scan(TEA, CHIPS, CODE)
    if how == "again":
        cashier.scan(CODE)
        assert cashier.order.total == "14.90"
    elif how == "hold":
        cashier.key("hold")
        assert cashier.till.state.held[0].coupons == ()
    elif how == "void":
        cashier.key("void_order")
        cashier.enter("1")
    elif how == "too little":
        cashier.key("delete_line")
        cashier.key("settle")
        cashier.enter("")
        assert last(cashier).total_fen == 500
    else:
        cashier.leave()
        ledger = shop.ledger()
        ledger.change(requests.release_unused)
        states = ledger.read(lambda x: x.exec_driver_sql("SELECT state FROM sync_requests").all())
        ledger.close()
        assert [row[0] for row in states] == ["held"], "the draft names it"
        return
    assert settled(cashier) == [("done", "")]
    assert office.used(CODE) == ["released"]
    cashier.scan(TEA, CHIPS, CODE)
    assert office.used(CODE) == ["released", "held"]


def test_lost_answers_and_no_network_are_one_line(cashier: Person, office: Office) -> None:
    cashier.scan(TEA, CHIPS)
    link(cashier).faults = ["down"]
    cashier.scan(CODE)
    assert f"查不了券 {CODE}" in cashier.message.text
    assert (cashier.order.total, office.used(CODE)) == ("14.90", [])
    link(cashier).faults = ["ok", "lost"]
    cashier.scan(CODE)
    assert office.used(CODE) == ["held"], "there, not here"
    cashier.scan(CODE)
    assert office.used(CODE) == ["released", "held"], "the one nobody uses is let go first"
    assert cashier.order.total == "12.90"
    del office.codes[OTHER]
    cashier.scan(CODE, OTHER)
    assert "总部已停用" in cashier.message.text
    assert cashier.order.total == "14.90"


def test_another_till_was_first(cashier: Person, office: Office) -> None:
    office.codes[CODE] = 0
    cashier.scan(TEA, CHIPS, CODE)
    assert "已经用过了" in cashier.message.text
    cashier.key("settle")
    cashier.enter("")
    assert last(cashier).total_fen == 1490
