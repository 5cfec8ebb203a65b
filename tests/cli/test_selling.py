"""`pos sell`: one order, a file of orders, and all that is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Pos
from tests.shop import APPLE, MILK, PIN, SMOKE, WATER

KEYS = [
    "order_id",
    "number",
    "seq",
    "total_fen",
    "tendered_fen",
    "change_fen",
    "lines",
    "journal_head",
]
LINE_KEYS = ["barcode", "name", "milli", "list_fen", "discount_fen", "net_fen", "tax_fen"]


def test_a_sale_for_cash(pos: Pos) -> None:
    sold = pos.sell(f"3*{WATER}", MILK, "--cash", "100.00").json
    assert list(sold) == KEYS
    assert [list(line) for line in sold["lines"]] == [LINE_KEYS, LINE_KEYS]
    assert (sold["total_fen"], sold["tendered_fen"], sold["change_fen"]) == (1150, 10000, 8850)
    assert (sold["number"], sold["seq"]) == ("000101010000001", 1)
    water = sold["lines"][0]
    assert (water["milli"], water["list_fen"], water["net_fen"]) == (3000, 600, 600)
    assert sold["journal_head"] == pos.head()


def test_weight_discounts_and_numbers_that_follow(pos: Pos) -> None:
    pos.sell(WATER, "--cash", "2")
    sold = pos.sell(f"0.535*{APPLE}", "--cash", "exact").json
    assert (sold["seq"], sold["total_fen"], sold["change_fen"]) == (2, 694, 0)


def test_by_card_and_cash_together(pos: Pos) -> None:
    sold = pos.sell(SMOKE, "--tender", "bank=12.00@778899", "--cash", "20").json
    assert (sold["total_fen"], sold["tendered_fen"], sold["change_fen"]) == (2500, 3200, 700)
    shown = pos("order", "show", sold["number"], "--json", by="1001").json
    ways = [(t["way"], t["fen"], t["reference"]) for t in shown["tenders"]]
    assert ways == [("bank", 1200, "778899"), ("cash", 1300, "")]


def test_a_tender_without_a_reference_is_marked(pos: Pos) -> None:
    sold = pos.sell(WATER, "--tender", "bank=2.00").json
    shown = pos("order", "show", sold["number"], "--json", by="1001").json
    assert shown["tenders"][0]["reference"]


def test_words_for_a_person(pos: Pos) -> None:
    told = pos("sell", WATER, "--cash", "5", by="1001")
    assert told.code == 0
    assert "000101010000001" in told.out
    assert "3.00" in told.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["999999", "--cash", "5"], "999999"),
        (["[/]", "--cash", "5"], "[/]"),
        (["[@click=app.quit]x[/]", "--cash", "5"], "[@click=app.quit]"),
        (["\x1b[31m" + WATER, "--cash", "5"], "没有这个商品"),
        ([WATER + "\x07", "--cash", "5"], "没有这个商品"),
        (["\udcff", "--cash", "5"], "没有这个商品"),
        (["' OR 1=1 --", "--cash", "5"], "没有这个商品"),
        (["", "--cash", "5"], "没有这个商品"),
        (["9" * 65, "--cash", "5"], "64"),
        (["0*" + WATER, "--cash", "5"], "大于 0"),
        (["--cash", "5", "--", "-3*" + WATER], "大于 0"),
        (["abc*" + WATER, "--cash", "5"], "abc"),
        (["1.5*" + WATER, "--cash", "5"], "小数"),
        (["999999*" + WATER, "--cash", "5"], "太大"),
        (["99999999999999999999*" + WATER, "--cash", "5"], "99999"),
        ([APPLE, "--cash", "50"], "要称重"),
        ([WATER, "--cash", "1.99"], "0.01"),
        ([WATER, "--cash", "-5"], "-5"),
        ([WATER, "--cash", "1e9"], "1e9"),
        ([WATER, "--cash", "nan"], "nan"),
        ([WATER, "--cash", "\x1b]0;x\x07"], "不是金额"),
        ([WATER, "--cash", "9999999"], "找零"),
        ([WATER, "--tender", "bank=2.01@778899"], "2.00"),
        ([WATER, "--tender", "bank=1.00@778899"], "1.00"),
        ([WATER, "--tender", "bank=2.00@4111111111111111"], "银行卡号"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(pos: Pos, words: list[str], said: str) -> None:
    before = pos.head()
    answer = pos("sell", "--json", "--operator", "1001", *words, pin=PIN["1001"])
    assert said in answer.why
    assert pos.head() == before


@pytest.mark.parametrize(
    "words",
    [
        [],
        [WATER],
        [WATER, "--cash", "5", "--hold"],
        [WATER, "--hold", "--ref", "A"],
        [WATER, "--file", "orders.csv"],
        [WATER, "--tender", "barter=5"],
        [WATER, "--tender", "bank"],
        [WATER, "--tender", "bank=-2"],
        [WATER, "--bogus"],
        ["-3*" + WATER, "--cash", "5"],
    ],
)
def test_wrong_usage_is_2(pos: Pos, words: list[str]) -> None:
    before = pos.head()
    answer = pos.sell(*words)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert pos.head() == before


def test_who_may_not(pos: Pos) -> None:
    assert "工号" in pos("sell", WATER, "--cash", "5").why
    assert "不对" in pos("sell", WATER, "--cash", "5", by="1001", pin="000000").why
    assert "不对" in pos("sell", WATER, "--cash", "5", by="7777", pin="135790").why


def test_wrong_pins_count_and_then_have_to_wait(pos: Pos) -> None:
    for _ in range(5):
        pos("sell", WATER, "--cash", "5", by="1001", pin="000000")
    assert "请等" in pos("sell", WATER, "--cash", "5", by="1001").why
    assert "请等" in pos("order", "list", by="1001").why
    pos.shop.hands.go(31)
    assert pos.sell(WATER, "--cash", "5").code == 0


def test_wrong_pins_count_for_reading_verbs_too(pos: Pos) -> None:
    for _ in range(5):
        pos("order", "list", by="1001", pin="000000")
    assert "请等" in pos("order", "list", by="1001").why


def test_on_hold(pos: Pos) -> None:
    assert pos.sell(WATER, MILK, "--hold").json["lines"] == 2
    held = pos("order", "list", "--status", "held", "--json", by="1001").json
    assert [(row["status"], row["total_fen"]) for row in held] == [("held", 750)]
    for _ in range(9):
        pos.sell(WATER, "--hold")
    assert "10" in pos("sell", WATER, "--hold", by="1001").why


def test_the_same_reference_twice_is_one_sale(pos: Pos) -> None:
    first = pos.sell(WATER, "--cash", "5", "--ref", "A-1").json
    again = pos.sell(MILK, "--cash", "50", "--ref", "A-1").json
    assert again.pop("duplicate") is True
    assert again == first
    assert len(pos("order", "list", "--json", by="1001").json) == 1


FILE = """ref,code,quantity,cash
A,690001,2,10
A,690002,,
B,999999,1,5
C,690004,3,1
D,690003,0.5,
,690001,1,5
A,690004,1,
E,690001,1,1.00
"""


def test_a_file_of_orders(pos: Pos, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("\ufeff" + FILE, "utf-8")
    answer = pos.sell("--file", str(file))
    assert answer.code == 1
    told = answer.json
    assert [(o["ref"], o["total_fen"], o["change_fen"]) for o in told["orders"]] == [
        ("A", 980, 20),
        ("C", 90, 10),
        ("D", 649, 0),
    ]
    assert told["duplicates"] == []
    assert [(r["ref"], r["line"]) for r in told["refused"]] == [("B", 4), ("", 7), ("E", 9)]
    assert len(answer.err.splitlines()) == 3
    before = pos.head()
    again = pos.sell("--file", str(file))
    assert again.json["duplicates"] == ["A", "C", "D"]
    assert again.json["orders"] == []
    assert pos.head() == before


def test_a_good_file_twice(pos: Pos, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("单据号,条码,数量,现金\n1,690001,1,\n2,690002,1,\n", "utf-8")
    assert [o["seq"] for o in pos.sell("--file", str(file)).json["orders"]] == [1, 2]
    again = pos.sell("--file", str(file))
    assert (again.code, again.json["duplicates"]) == (0, ["1", "2"])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"code,cash\n690001,5\n",
        b"\xff\xfe\x00",
        b'ref,code\n"A,690001\n',
        b"ref,code\nA," + b"9" * 200_000,
    ],
)
def test_a_file_that_is_none(pos: Pos, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes(data)
    assert "orders.csv" in pos("sell", "--file", str(file), "--json", by="1001").why


def test_a_file_that_is_not_there(pos: Pos, tmp_path: Path) -> None:
    assert "none.csv" in pos("sell", "--file", str(tmp_path / "none.csv"), by="1001").why
    assert pos("sell", "--file", str(tmp_path), by="1001").why
