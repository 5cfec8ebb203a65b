"""`pos promo …`: offers listed, checked before they go live, and an order explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Pos
from tests.offers import CHIPS, COUPONS, TEA, offer, offers_shop

HALF = offer("nth", 'skus = ["T1"]\nqty = 2\nrate = "50"', "第二件半价")
LESS = offer("spend_off", 'amount = "15.00"\noff = "3.00"', "满15减3")
COUPON = offer("coupon", 'amount = "10.00"\noff = "2.00"', "两元券")


@pytest.fixture
def pos(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Pos:
    shop = offers_shop(tmp_path, HALF + LESS + COUPON, COUPONS)
    monkeypatch.setenv("POS_CONFIG", str(shop.config_file))
    return Pos(shop, capsys, monkeypatch)


def test_a_sale_has_its_offers_and_can_be_explained(pos: Pos) -> None:
    sold = pos("sell", TEA, TEA, CHIPS, "QUAN-1", "--cash", "exact", "--json", by="1001").json
    assert sold["total_fen"] == 1000 + 990 - 250 - 300 - 200
    told = pos("promo", "explain", sold["number"], "--json", by="1001").json
    assert [(o["offer_id"], o["saving_fen"], o["code"]) for o in told["offers"]] == [
        ("nth", 250, ""), ("spend_off", 300, ""), ("coupon", 200, "QUAN-1"),
    ]  # fmt: skip
    for one in told["offers"]:
        assert sum(line["saving_fen"] for line in one["lines"]) == one["saving_fen"]
    said = pos("promo", "explain", sold["number"], by="1001").out
    assert "第二件半价（第N件M折）1 次，省 2.50 元" in said
    assert "两元券（优惠券 QUAN-1），省 2.00 元" in said
    assert "共省 7.50 元" in said
    again = pos("sell", CHIPS, TEA, "QUAN-1", "--cash", "exact", by="1001")
    assert "券已用过" in again.why
    assert pos("order", "list", "--json", by="1001").json[0]["number"] == sold["number"]


def test_offers_are_listed_with_what_they_cost(pos: Pos) -> None:
    pos("sell", TEA, TEA, "--cash", "exact", by="1001")
    listed = pos("promo", "list", "--json", by="1001").json
    assert (listed["version"], listed["source"], listed["coupons"]) == (1, "file", 2)
    assert {o["offer_id"]: (o["times"], o["saved_fen"]) for o in listed["offers"]} == {
        "nth": (1, 250), "spend_off": (0, 0), "coupon": (0, 0),
    }  # fmt: skip
    assert "第二件半价" in pos("promo", "list", by="1001").out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (offer("special", 'skus = ["NO"]\nprice = "1.00"'), "没有货号 NO"),
        (HALF + HALF, "编号重复"),
        (offer("special", 'skus = ["T1"]\nprice = "4.00"\nfrom = 2026-05-02\nto = 2026-05-01'),
         "结束早于开始"),
        (offer("special", 'skus = ["T1"]\nprice = "4.00"') + offer("bundle",
         'slots = ["T1*2"]\nprice = "7.00"').replace("bundle", "special2", 1), "promo"),
        (offer("add_on", 'skus = ["T1", "G1"]\namount = "10.00"\ngifts = ["G1"]\nprice = "9.90"')
         + offer("add_on", 'skus = ["G1"]\namount = "10.00"\ngifts = ["T1"]\nprice = "1.00"')
         .replace('"add_on"', '"add_on2"', 1), "循环"),
        (offer("special", 'skus = ["T1"]\nprice = "9.00"'), "不比原价"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_before_it_goes_live(
    pos: Pos, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "new.toml"
    file.write_text(text, "utf-8")
    answer = pos("promo", "check", str(file), by="9001")
    if said == "promo":
        assert answer.code == 0
        return
    assert said in answer.out
    told = pos("promo", "check", str(file), "--json", by="9001").json
    assert told["faults"] or told["findings"]
    listed = pos("promo", "list", "--json", by="1001").json
    assert listed["version"] == 0, "a check changes nothing"


def test_a_cashier_does_not_see_costs(pos: Pos) -> None:
    assert pos("promo", "check", by="1001").code == 1


def test_a_file_with_a_fault_does_not_stop_a_sale(pos: Pos, tmp_path: Path) -> None:
    pos("sell", TEA, TEA, "--cash", "exact", by="1001")
    (tmp_path / "coupons.csv").write_text("券码,促销\nA,nth\n", "utf-8")
    answer = pos("sell", TEA, TEA, "--cash", "exact", "--json", by="1001")
    assert answer.json["total_fen"] == 750
    assert "coupons.csv：第 2 行：券 A 的促销“nth”不在促销文件里" in answer.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("码,促销\n", "第 1 行缺少列：code"),
        ("券码,促销\nA,coupon\nA,coupon\n", "第 3 行：券码 A 重复"),
        ("券码,促销,可用次数\nA,coupon,0\n", "第 2 行：券 A 的可用次数“0”不对"),
        ("券码,促销\n,coupon\n", "第 2 行：券码“”"),
    ],
)
def test_coupon_files_are_refused_with_their_line(
    pos: Pos, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "coupons.csv").write_text(text, "utf-8")
    answer = pos("promo", "check", by="9001")
    assert answer.code == 1
    assert said in answer.err
