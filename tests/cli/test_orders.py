"""`pos order list|show`."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Pos
from tests.shop import MILK, WATER


def test_a_list_newest_first_with_filters(pos: Pos) -> None:
    one = pos.sell(WATER, "--cash", "5").json["number"]
    pos.shop.hands.go(86_400)
    two = pos.sell(MILK, "--cash", "10").json["number"]
    pos.sell(WATER, "--hold")
    rows = pos("order", "list", "--json", by="1001").json
    assert [row["number"] for row in rows] == ["", two, one]
    assert [row["status"] for row in rows] == ["held", "closed", "closed"]

    def numbers(*words: str) -> list[str]:
        return [row["number"] for row in pos("order", "list", *words, "--json", by="1001").json]

    assert numbers("--status", "closed") == [two, one]
    assert numbers("--status", "held") == [""]
    assert numbers("--status", "voided") == []
    assert numbers("--number", one[-3:]) == [one]
    assert numbers("--date", rows[1]["business_date"]) == [two]
    shown = pos("order", "list", by="1001")
    assert len(shown.out.splitlines()) == 3


@pytest.mark.parametrize("words", [["--status", "x"], ["--date", "today"], ["--number", "%"]])
def test_a_filter_that_is_none(pos: Pos, words: list[str]) -> None:
    assert pos("order", "list", *words, by="1001").code == 2


def test_one_order(pos: Pos) -> None:
    number = pos.sell(f"2*{WATER}", MILK, "--cash", "10").json["number"]
    order = pos("order", "show", number, "--json", by="1001").json
    assert (order["number"], order["state"], order["total_fen"]) == (number, "closed", 950)
    assert [line["net_fen"] for line in order["lines"]] == [400, 550]
    assert [tender["given_fen"] for tender in order["tenders"]] == [1000]
    shown = pos("order", "show", number, by="1001").out
    assert "清溪矿泉水550ml" in shown
    assert "9.50" in shown


@pytest.mark.parametrize("number", ["000101010000009", "%", "x\x1b[2J", "' OR 1=1 --"])
def test_an_order_that_is_none(pos: Pos, number: str) -> None:
    pos.sell(WATER, "--cash", "5")
    assert pos("order", "show", number, "--json", by="1001").why
