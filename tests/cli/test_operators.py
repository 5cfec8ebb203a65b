"""`pos operator …` and who may do it."""

from __future__ import annotations

from contextlib import closing

import pytest

from pos.store.reader import Reader
from tests.cli.conftest import Pos
from tests.shop import WATER
from tests.till.person import Person

NEW = "864209"


def _state(pos: Pos) -> dict[str, tuple[str, bool]]:
    rows = pos("operator", "list", "--json", by="9001").json
    return {row["operator_id"]: (row["role"], row["active"]) for row in rows}


def test_a_new_operator_has_a_pin_of_his_own(pos: Pos, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("operator", "add", "1002", "--name", "小李", "--role", "cashier")
    # the manager's own POS_PIN is never taken for the new one
    assert "POS_NEW_PIN" in pos(*words, by="9001").why
    monkeypatch.setenv("POS_NEW_PIN", NEW)
    answer = pos(*words, by="9001")
    assert answer.code == 0
    assert NEW not in answer.out + answer.err
    assert _state(pos)["1002"] == ("cashier", True)
    assert pos("sell", WATER, "--cash", "5", by="1002", pin=NEW).code == 0
    assert "1002" in pos(*words, by="9001").why


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x1", "--name", "A"], "1 到 8"),
        (["123456789", "--name", "A"], "1 到 8"),
        (["１２", "--name", "A"], "1 到 8"),
        (["1002", "--name", "A", "--role", "king"], "king"),
    ],
)
def test_an_operator_that_cannot_be(
    pos: Pos, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.setenv("POS_NEW_PIN", NEW)
    before = _state(pos)
    assert said in pos("operator", "add", *words, by="9001").why
    assert _state(pos) == before


@pytest.mark.parametrize("weak", ["123456", "000000", "98765", "abcdef", "１３５７９０"])
def test_weak_pins(pos: Pos, monkeypatch: pytest.MonkeyPatch, weak: str) -> None:
    monkeypatch.setenv("POS_NEW_PIN", weak)
    assert pos("operator", "pin", "1001", by="9001").why
    assert pos("sell", WATER, "--cash", "5", by="1001").code == 0


def test_a_new_pin(pos: Pos, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_NEW_PIN", NEW)
    assert pos("operator", "pin", "1001", by="9001").code == 0
    assert pos("sell", WATER, "--cash", "5", by="1001").why
    assert pos("sell", WATER, "--cash", "5", by="1001", pin=NEW).code == 0
    assert "7777" in pos("operator", "pin", "7777", by="9001").why


def test_switched_off(pos: Pos) -> None:
    assert pos("operator", "disable", "1001", by="9001").code == 0
    assert _state(pos)["1001"] == ("cashier", False)
    assert pos("sell", WATER, "--cash", "5", by="1001").why
    assert "最后" in pos("operator", "disable", "9001", by="9001").why


def test_wrong_pins_make_wait_while_the_till_runs(pos: Pos) -> None:
    """Commands that read have no ledger to count in; they wait all the same, as does the till."""
    looking = ("order", "list", "--json")
    till = Person(pos.shop)
    for n in range(5):
        assert "不对" in pos(*looking, by="1001", pin=f"86420{n}").why
    assert "请等 31 秒" in pos(*looking, by="1001").why
    assert pos(*looking, by="9001").code == 0
    till.sign_in("1001")
    assert "请等 31 秒" in till.message.text
    pos.shop.hands.go(30)
    assert pos(*looking, by="1001").code == 0
    till.sign_in("1001")
    assert till.mode() == "selling"
    till.leave()
    with closing(Reader(pos.shop.place().path)) as reader:
        rows = reader.rows("SELECT subject FROM events WHERE operator = '1001' ORDER BY jn")
    assert [row[0] for row in rows] == ["wrong_pin"] * 5 + ["signed_in"]


@pytest.mark.parametrize(
    "words",
    [
        ["operator", "add", "1003", "--name", "X"],
        ["operator", "pin", "9001"],
        ["operator", "disable", "9001"],
        ["operator", "list"],
        ["catalog", "import", "x.csv"],
    ],
)
def test_a_cashier_may_not(pos: Pos, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.setenv("POS_NEW_PIN", NEW)
    before = pos.head()
    assert "权限" in pos(*words, by="1001").why
    assert pos.head() == before
