"""A day by the command line: float, sales, cash, count, Z, reports, vouchers the books accept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pos.store.verify import verify_ledger
from tests.cli.conftest import Pos
from tests.shop import MILK, WATER, Shop


def day(pos: Pos) -> None:
    """A float, three sales, a drop."""
    opened = pos("shift", "open", "--float", "300", "--json", by="1001")
    assert opened.json["float_fen"] == 30_000
    for _ in range(2):
        pos.sell(WATER, MILK, "--cash", "10")
    assert pos.sell(MILK, "--tender", "bank=5.50@REF001").code == 0
    pos("cash", "drop", "100", "--reason", "存银行", by="2001")


def test_a_whole_day(pos: Pos, shop: Shop, tmp_path: Path) -> None:
    day(pos)
    x = pos("report", "x", "--json", by="2001").json
    assert (x["net_fen"], x["orders"]) == (2050, 3)
    # 300 + 2 x 7.50; the drop was taken by somebody without a shift of his own
    closed = pos(
        *("shift", "close", "--pieces", "100=3,10=1,5=1", "--declare", "bank=5.50", "--json"),
        by="1001",
    ).json
    assert {c["way"]: c["difference_fen"] for c in closed["counted"]} == {"cash": 0, "bank": 0}
    assert pos("shift", "close", "--pieces", "100=1", by="1001").why.startswith("您没有开着的班")
    z = pos("day", "close", "--json", by="2001").json
    assert (z["z"], z["figures"]["net_fen"], z["grand_total_fen"]) == (1, 2050, 2050)
    assert Path(z["copy"]).is_file()
    assert "不用再日结" in pos("day", "close", by="2001").why
    told = pos("report", "z", "--json", by="2001").json
    assert told["figures"] == z["figures"]
    assert "累计总额" in pos("report", "z", "1", by="2001").out
    assert pos("report", "z", "7", by="2001").why == "没有第 7 号日结"
    taxes = pos("report", "tax", "--json", by="9001").json
    assert sum(row[4] for row in taxes["rows"]) == 2050
    by_product = pos("report", "sales", "--by", "product", "--json", by="9001").json
    assert sum(row[7] for row in by_product["rows"]) == 2050
    out = tmp_path / "sales.xlsx"
    assert pos("report", "sales", "--by", "tender", "--out", str(out), by="9001").code == 0
    assert out.read_bytes()[:2] == b"PK"
    assert pos("report", "audit", "--json", by="9001").json["rows"]
    assert pos("report", "stock", "--json", by="9001").code == 0
    assert verify_ledger(shop.place().path).ok


def test_the_voucher_is_the_z_and_bean_check_takes_it(pos: Pos, tmp_path: Path) -> None:
    day(pos)
    pos("shift", "close", "--pieces", "100=3,10=1", "--declare", "bank=5.50", by="1001")
    z = pos("day", "close", "--no-check", "--json", by="2001").json
    path = tmp_path / "day.beancount"
    words = ("voucher", "export", "--date", z["business_date"], "--out", str(path))
    told = pos(*words, "--json", by="9001").json
    [voucher] = told["vouchers"]
    assert voucher["debit_fen"] == voucher["credit_fen"] > 0
    sold = [e for e in voucher["entries"] if "销售 Z1" in e["summary"]]
    assert sum(e["debit_fen"] for e in sold) == z["figures"]["net_fen"]
    first = path.read_bytes()
    assert pos(*words, by="9001").code == 0
    assert path.read_bytes() == first
    beside = Path(sys.executable).with_name("bean-check")
    done = subprocess.run([str(beside), str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for form in ("csv", "kis", "u8"):
        assert pos(*words[:4], "--format", form, "--out", str(path), by="9001").code == 0
    assert "没有日结" in pos("voucher", "export", "--date", "2026-01-01", by="9001").why
    assert "格式" in pos(*words[:4], "--format", "pdf", by="9001").why


def test_accounts_of_the_config(pos: Pos, shop: Shop) -> None:
    day(pos)
    pos("day", "close", "--no-check", by="2001")
    text = shop.config_file.read_text("utf-8")
    named = '[books.accounts]\nbank = "1002.09 银行-POS"\n"revenue 9%" = "6001.09 收入-9%"\n\n'
    shop.config_file.write_text(text.replace("[screen]\n", named + "[screen]\n"), "utf-8")
    words = ("voucher", "export", "--date", "2026-03-02", "--json")
    [voucher] = pos(*words, by="9001").json["vouchers"]
    codes = {entry["account"] for entry in voucher["entries"]}
    assert {"1002.09", "6001.09", "6001", "1001"} <= codes
    shop.config_file.write_text(
        text.replace("[screen]\n", named.replace("bank", "bonk") + "[screen]\n")
    )
    assert "bonk" in pos(*words, by="9001").why


def test_signing_and_late_counts(pos: Pos, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    day(pos)
    monkeypatch.setenv("POS_SIGN_PIN", "975318")
    closed = pos(
        *("shift", "close", "--pieces", "100=1", "--declare", "bank=5.50"),
        *("--sign", "9001", "--reason", "待查", "--json"),
        by="1001",
    ).json
    assert (closed["approver"], closed["reason"]) == ("9001", "待查")
    assert "没有要补点" in pos("shift", "count", "--pieces", "100=1", by="1001").why
    pos.sell(WATER, "--cash", "2")
    shop.hands.go(24 * 3600)
    pos.sell(WATER, "--cash", "2")  # yesterday closes by itself
    late = pos("shift", "count", "--pieces", "1=2", "--json", by="1001").json
    assert late["counted"][0]["difference_fen"] == 0
    old = pos("report", "z", "1", "--json", by="2001").json
    assert (old["auto"], old["uncounted"]) == (True, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("shift", "close", "--pieces", "abc"), "面额=张数"),
        (("shift", "close", "--pieces", "100=-1"), "负数"),
        (("shift", "close", "--pieces", "100=x"), "不是数字"),
        (("shift", "close", "--pieces", "3=1"), "没有 3.00 元"),
        (("shift", "close", "--pieces", "100=1", "--declare", "bank"), "方式=金额"),
        (("shift", "close", "--pieces", "100=9999999"), "太大"),
        (("shift", "close"), "没点"),
    ],
)
def test_a_bad_count_is_one_line_and_nothing_is_closed(
    pos: Pos, words: tuple[str, ...], said: str
) -> None:
    pos.sell(WATER, "--cash", "2")
    head = pos.head()
    assert said in pos(*words, by="1001").why
    assert pos.head() == head


def test_a_clock_that_jumped_is_confirmed(pos: Pos, shop: Shop) -> None:
    pos.sell(WATER, "--cash", "2")
    shop.hands.go(-3600)
    pos.sell(WATER, "--cash", "2")
    assert "--clock-ok" in pos("day", "close", by="2001").why
    closed = pos("day", "close", "--clock-ok", "--no-check", "--json", by="2001").json
    assert closed["clock_jumps"] >= 1
    assert closed["figures"]["orders"] == 2
