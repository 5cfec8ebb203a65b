"""`pos stock`: goods received, moved and counted from words and files; what is low."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from tests.cli.conftest import Answer, Pos
from tests.shop import APPLE, MILK, WATER


def receive(pos: Pos, *words: str) -> Any:
    return pos("stock", "receive", *words, "--supplier", "粮油批发", "--json", by="2001").json


def levels(pos: Pos) -> dict[str, int]:
    """By adding up moves, as anybody may."""
    found: dict[str, int] = {}
    for one in pos("stock", "moves", "--json", by="1001").json["moves"]:
        found[one["sku"]] = found.get(one["sku"], 0) + one["milli"]
    return found


def test_receive_sell_count_move(pos: Pos) -> None:
    got = receive(pos, f"10*{WATER}@1.20", f"{MILK}@4")
    assert (got["posted"], got["paid_fen"], got["value_fen"]) == (True, 1600, 1600)
    assert got["number"] == "K00010101000001"
    pos.sell(f"3*{WATER}", "--cash", "exact")
    counted = pos("stock", "count", f"6*{WATER}", f"0*{MILK}", "--json", by="2001").json
    assert [(x["expected_milli"], x["milli"], x["value_fen"]) for x in counted["lines"]] == [
        (7000, -1000, -120),
        (1000, -1000, -400),
    ]
    assert (counted["differ"], counted["value_fen"]) == (2, -520)
    out = pos("stock", "move", "out", f"2*{WATER}", "--partner", "二店", "--json", by="2001").json
    assert (out["move"], out["lines"][0]["milli"], out["value_fen"]) == (
        "transferred_out",
        -2000,
        -240,
    )
    assert levels(pos) == {"000001": 4000, "000002": 0}
    said = pos("stock", "moves", WATER, "--kind", "sold", by="1001").out
    assert "-3" in said
    assert "清溪矿泉水550ml" in said
    pos.head()


def test_a_file_in_the_shops_own_encoding(pos: Pos, tmp_path: Path) -> None:
    file = tmp_path / "送货单.csv"
    file.write_bytes(f"条码,数量,金额\n{WATER},24,28.80\n{APPLE},12.5,60\n".encode("gb18030"))
    got = receive(pos, "--file", str(file))
    assert [(x["milli"], x["paid_fen"]) for x in got["lines"]] == [(24_000, 2880), (12_500, 6000)]


def test_a_whole_count_takes_the_rest_as_gone(pos: Pos) -> None:
    receive(pos, f"5*{WATER}@1", f"7*{MILK}@4")
    tried = pos("stock", "count", f"5*{WATER}", "--whole", "--dry-run", "--json", by="2001").json
    assert (tried["posted"], len(tried["lines"])) == (False, 2)
    assert levels(pos)["000002"] == 7000
    pos("stock", "count", f"5*{WATER}", "--whole", by="2001")
    assert levels(pos) == {"000001": 5000, "000002": 0}


def test_a_count_of_last_night(pos: Pos) -> None:
    """Counted at closing, typed in the next day: what was sold meanwhile is no loss."""
    receive(pos, f"10*{WATER}@1")
    pos.shop.hands.go(3600)
    night = "2026-03-02 11:00"
    pos.shop.hands.go(3600)
    pos.sell(f"4*{WATER}", "--cash", "exact")
    got = pos("stock", "count", f"10*{WATER}", "--frozen-at", night, "--json", by="2001").json
    assert [(x["expected_milli"], x["milli"]) for x in got["lines"]] == [(10_000, 0)]
    assert levels(pos) == {"000001": 6000}


def wrong(answer: Answer) -> list[str]:
    assert answer.code == 1
    assert answer.out == ""
    return answer.err.splitlines()


def test_the_same_item_twice_is_named(pos: Pos, tmp_path: Path) -> None:
    file = tmp_path / "count.csv"
    file.write_text(f"code,quantity\n{WATER},5\n{MILK},2\n690011,6\n", "utf-8")
    [why] = wrong(pos("stock", "count", "--file", str(file), by="2001"))
    assert "第 4 行" in why
    assert "清溪矿泉水550ml（000001）重复" in why
    assert "第 2 行已有" in why
    assert levels(pos) == {}


def test_every_mistake_of_a_file_is_told_and_nothing_is_done(pos: Pos, tmp_path: Path) -> None:
    before = pos.head()
    file = tmp_path / "count.csv"
    rows = f"code,quantity\n{WATER},五\n12345678,2\n{MILK},1.5\n{MILK},-3\n{APPLE},1e9\n"
    file.write_text(rows, "utf-8")
    found = wrong(pos("stock", "count", "--file", str(file), by="2001"))
    assert [line.split("：")[0] for line in found] == [f"第 {n} 行" for n in range(2, 7)]
    assert "“五” 不是数量" in found[0]
    assert "没有这个商品：12345678" in found[1]
    assert "不能带小数" in found[2]
    assert pos.head() == before


def test_what_is_refused(pos: Pos, tmp_path: Path) -> None:
    missing = tmp_path / "no.csv"
    empty = tmp_path / "empty.csv"
    empty.write_text("code,quantity\n", "utf-8")
    header = tmp_path / "header.csv"
    header.write_text("name,price\n水,2\n", "utf-8")
    cases = (
        (("receive", "--file", str(missing)), "读不了文件"),
        (("receive", "--file", str(empty)), "还没有商品"),
        (("receive", "--file", str(header)), "缺少列 code"),
        (("move", "sideways", WATER), "没有 sideways 这种移动"),
        (("move", "off", WATER), "报损要写原因"),
        (("move", "out", WATER), "请写明对方"),
        (("count", WATER, "--frozen-at", "昨天"), "不是时间"),
        (("count", WATER, "--frozen-at", "2099-01-01 00:00"), "不是时间"),
        (("moves", "--kind", "stolen"), "没有 stolen 这种移动"),
        (("moves", "999"), "没有这个商品：999"),
    )
    for words, why in cases:
        assert why in pos("stock", *words, by="2001").why
    assert "第 1 行" in pos("stock", "receive", f"0*{WATER}", by="2001").why
    assert "权限" in pos("stock", "receive", WATER, by="1001").why
    assert pos("stock", "receive", by="2001").code == 2
    assert levels(pos) == {}


def test_what_is_low(pos: Pos) -> None:
    changed = "UPDATE products SET low_milli = 5000, high_milli = 24000, supplier = '粮油批发'"
    ledger = pos.shop.ledger()

    def put(connection: Connection) -> None:
        connection.exec_driver_sql(f"{changed} WHERE sku = '000001'")

    ledger.change(put)
    ledger.close()
    pos.sell(f"2*{WATER}", MILK, "--cash", "exact")
    rows = pos("stock", "low", "--json", by="1001").json["products"]
    assert [(x["sku"], x["milli"], x["suggested_milli"]) for x in rows] == [
        ("000002", -1000, 1000),
        ("000001", -2000, 26_000),
    ]
    assert "建议补 26瓶" in pos("stock", "low", by="1001").out
    receive(pos, f"26*{WATER}@1", f"2*{MILK}@4")
    assert pos("stock", "low", by="1001").out.strip() == "没有"
