"""Money that comes past the till: confirmed by the cashier, flagged, looked for on the bill."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import receipts
from pos.till.view import ChangeView, PayView
from tests.shop import MILK
from tests.till.person import Person
from tests.till.wallets import World, world


def tenders(person: Person) -> list[tuple[object, ...]]:
    reader = Reader(person.till.config.ledger)
    found = reader.rows("SELECT way, fen, reference, unverified FROM order_tenders ORDER BY n")
    reader.close()
    return [tuple(row) for row in found]


def test_a_static_code_takes_two_strokes_and_is_flagged_everywhere(person: Person) -> None:
    person.scan(MILK)
    person.enter()
    person.key("static_code")
    prompt = person.till.view().prompt
    assert "5.50" in prompt.label
    view = person.enter()
    assert isinstance(view.panel, ChangeView)
    [shown] = view.panel.tenders
    assert (shown.name, shown.amount, shown.reference) == ("收款码", "5.50", "人工确认")
    assert tenders(person) == [("static_code", 550, "", 1)]
    reader = Reader(person.till.config.ledger)
    order_id = str(reader.rows("SELECT order_id FROM orders")[0][0])
    slip = receipts.order_slip(person.till.config, reader, order_id, "sale")
    assert "收款码" in receipts.made(slip, "text")
    assert "人工确认" in receipts.made(slip, "text")
    body = json.loads(reader.rows("SELECT body FROM journal ORDER BY jn DESC LIMIT 1")[0][0])
    assert body["fact"]["tenders"][0]["unverified"] is True
    reader.close()
    assert verify_ledger(person.till.config.ledger).ok


def test_part_by_static_code_with_its_number_and_the_rest_in_cash(person: Person) -> None:
    person.scan(MILK)
    person.enter()
    person.key("static_code", "3")
    person.enter("123")
    assert "参考号" in person.message.text
    person.enter("00123")
    panel = person.till.view().panel
    assert isinstance(panel, PayView)
    assert panel.due == "2.50"
    assert panel.tenders[0].reference == "00123 人工确认"
    person.enter()
    assert tenders(person) == [("static_code", 300, "00123", 1), ("cash", 250, "", 0)]


def test_not_arrived_takes_nothing(person: Person) -> None:
    person.scan(MILK)
    person.enter()
    person.key("static_code")
    person.key("back")
    assert person.mode() == "paying"
    person.key("static_code", "6")
    assert "不能多收" in person.message.text
    assert tenders(person) == []


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def made(tmp_path: Path, keys: Path) -> Iterator[World]:
    with world(tmp_path, keys) as found:
        yield found


def test_a_managers_word_for_a_wallet_is_flagged_too(made: World) -> None:
    person = made.open("9001")
    made.pay_screen(MILK)
    made.sim("wechat").casting.give("hang")
    person.enter(made.code("wechat", "hang"))
    made.until(lambda: made.last().state == "unknown")
    made.sim("wechat").stop()
    made.go(61)
    made.until(lambda: made.last().state in ("unknown", "cancelling"))
    person.key("payment_decide")
    person.enter("1")
    person.enter("1")
    made.until(made.closed)
    [(way, fen, _, unverified)] = tenders(person)
    assert (way, fen, unverified) == ("wechat", 550, 1)
