"""`pos order return`."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Pos
from tests.shop import MILK, WATER


def test_lines_then_the_rest(pos: Pos) -> None:
    number = pos.sell(f"3*{WATER}", MILK, "--cash", "20").json["number"]
    one = pos(
        *("order", "return", number, "--line", "1", "--pieces", "2", "--damaged"),
        *("--reason", "质量问题", "--json"),
        by="2001",
    ).json
    assert (one["of"], one["total_fen"], one["refunds"]) == (number, -400, [])
    assert [(x["milli"], x["net_fen"]) for x in one["lines"]] == [(-2000, -400)]
    rows = pos("order", "list", "--status", "part_returned", "--json", by="1001").json
    assert [row["number"] for row in rows] == [number]
    rest = pos("order", "return", number, "--all", "--json", by="2001").json
    assert rest["total_fen"] == -750
    assert pos("journal", "verify", "--json").json["ok"]
    before = pos.head()
    assert "全部退完" in pos("order", "return", number, "--all", by="2001").why
    assert "退货" in pos("order", "return", rest["number"], "--all", by="2001").why
    assert pos.head() == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--line", "1"], 0),
        (["--line", "9"], 1),
        (["--line", "1", "--pieces", "4"], 1),
        (["--line", "1", "--pieces", "zwei"], 1),
        (["--line", "1", "--milli", "0"], 1),
        (["--line", "1", "--milli", "-1000"], 1),
        (["--line", "1", "--milli", "1500"], 1),
        (["--all", "--reference", "R0001"], 1),
        (["--all", "--line", "1"], 2),
        ([], 2),
        (["--line", "1", "--pieces", "1", "--milli", "1000"], 2),
        (["--line", "1", "--line", "2", "--pieces", "1"], 2),
    ],
)
def test_what_it_takes_and_what_not(pos: Pos, words: list[str], code: int) -> None:
    number = pos.sell(f"3*{WATER}", MILK, "--cash", "20").json["number"]
    before = pos.head()
    answer = pos("order", "return", number, *words, by="2001")
    assert answer.code == code, answer
    assert (pos.head() == before) is bool(code)


def test_numbers_that_are_not_ours(pos: Pos) -> None:
    assert "门店 0002" in pos("order", "return", "000201010000001", "--all", by="2001").why
    assert "09 号机" in pos("order", "return", "000109010000001", "--all", by="2001").why
    assert "不是单号" in pos("order", "return", "12", "--all", by="2001").why


def test_a_card_s_refund_has_its_own_slip(pos: Pos) -> None:
    number = pos.sell(MILK, "--tender", "bank=5.50@S00123").json["number"]
    assert "参考号" in pos("order", "return", number, "--all", by="2001").why
    done = pos("order", "return", number, "--all", "--reference", "R00456", by="2001")
    assert done.code == 0
    order = pos("order", "list", "--status", "return", "--json", by="1001").json[0]
    shown = pos("order", "show", order["number"], "--json", by="1001").json
    assert [(t["way"], t["fen"], t["reference"]) for t in shown["tenders"]] == [
        ("bank", -550, "R00456")
    ]
