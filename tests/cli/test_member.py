"""`pos member`: sign up, find, show, edit, erase; always masked."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.store.reader import Reader
from tests.cli.conftest import Pos
from tests.office import Office, OfficeLink
from tests.shop import Shop, make_shop

PHONE = "13800001234"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return make_shop(
        tmp_path, {"enabled = false            # F2 signs": "enabled = true  # F2 signs"}
    )


def add(pos: Pos, *words: str) -> dict[str, str]:
    answer = pos("member", "add", "--phone", PHONE, "--name", "王小明", *words, "--json", by="1001")
    found: dict[str, str] = answer.json
    return found


def test_add_find_show_edit_erase(pos: Pos) -> None:
    made = add(pos, "--birthday", "0502", "--card", "vip0001")
    assert (made["who"], made["card"], made["level"]) == ("王** 138****1234", "VIP0001", "普通会员")
    for text in (PHONE, "1234", "王小明", "VIP0001"):
        [one] = pos("member", "find", text, "--json", by="1001").json["people"]
        assert one["person_id"] == made["person_id"]
        assert one["card"] == "***0001"
    pos("member", "edit", "1234", "--level", "金卡", by="2001")
    shown = pos("member", "show", "VIP0001", "--json", by="1001")
    assert (shown.json["level"], shown.json["birthday"], shown.json["points"]) == (
        "金卡",
        "05-02",
        0,
    )
    assert PHONE not in shown.out
    assert "王小明" not in shown.out
    pos("member", "erase", PHONE, by="2001")
    assert pos("member", "find", PHONE, "--json", by="1001").json["people"] == []
    assert "没有" in pos("member", "show", PHONE, by="1001").why
    pos.head()


def test_what_is_refused(pos: Pos) -> None:
    add(pos)
    before = pos.head()
    cases = (
        (("add", "--phone", PHONE), "已经是会员了", "1001"),
        (("add", "--phone", "123"), "手机号", "1001"),
        (("add", "--phone", "13900000000", "--birthday", "1332"), "不是生日", "1001"),
        (("add", "--phone", "13900000000", "--card", "x"), "不是卡号", "1001"),
        (("add", "--phone", "13900000000", "--card", "M00010101000001"), "别人的", "1001"),
        (("add", "--phone", "13900000000", "--level", "钻石"), "没有等级 钻石", "1001"),
        (("edit", PHONE, "--level", "金卡"), "权限", "1001"),
        (("erase", PHONE), "权限", "1001"),
        (("show", "13900000000"), "没有", "1001"),
    )
    for words, why, who in cases:
        assert why in pos("member", *words, by=who).why, words
    assert pos.head() == before


def test_off_unless_the_shop_wants_members(pos: Pos) -> None:
    file = pos.shop.config_file
    text = file.read_text("utf-8")
    text = text.replace("enabled = true  # F2 signs", "enabled = false  # F2 signs")
    file.write_text(text, "utf-8")
    assert "没有开通会员" in pos("member", "add", "--phone", PHONE, by="1001").why


def test_topping_up_asks_head_office_first(pos: Pos, monkeypatch: pytest.MonkeyPatch) -> None:
    who = add(pos)["person_id"]
    assert "没有开通储值" in pos("member", "topup", PHONE, "100", by="1001").why
    file = pos.shop.config_file
    text = file.read_text("utf-8").replace("stored_value = false", "stored_value = true")
    file.write_text(text, "utf-8")
    assert "没有接总部" in pos("member", "topup", PHONE, "100", by="1001").why
    office = Office({(who, "stored"): 495_000})
    link = OfficeLink(office, ["down"])
    monkeypatch.setattr("pos.sync.link.open_link", lambda *_: link)
    assert "连不上总部" in pos("member", "topup", PHONE, "100", by="1001").why
    before = pos.head()
    assert "超过上限" in pos("member", "topup", PHONE, "50.01", by="1001").why
    assert "不是金额" in pos("member", "topup", PHONE, "五十", by="1001").why
    assert pos.head() == before
    done = pos("member", "topup", PHONE, "50", "--json", by="1001").json
    assert (done["person_id"], done["fen"]) == (who, 5000)
    reader = Reader(pos.shop.place().path)
    rows = reader.rows("SELECT account, net_fen, tax_fen, points FROM order_lines")
    reader.close()
    assert [tuple(row) for row in rows] == [(who, 5000, 0, 0)]
    pos.head()


def test_a_balance_is_paid_back_by_a_manager(pos: Pos, monkeypatch: pytest.MonkeyPatch) -> None:
    who = add(pos)["person_id"]
    file = pos.shop.config_file
    text = file.read_text("utf-8").replace("stored_value = false", "stored_value = true")
    file.write_text(text, "utf-8")
    office = Office({(who, "stored"): 30_000})
    monkeypatch.setattr("pos.sync.link.open_link", lambda *_: OfficeLink(office))
    words = ("member", "payout", PHONE)
    assert pos(*words, "50", "--reason", "顾客要求", by="2001").code == 1, "a supervisor may not"
    assert (
        "余额只有 300.00"
        in pos(*words, "301", "--reason", "x", "--transfer", "PZ-1", by="9001").why
    )
    assert "只能转账" in pos(*words, "150", "--reason", "顾客要求", by="9001").why
    assert office.holds == {}
    told = pos(
        *words, "150", "--reason", "顾客要求", "--transfer", "PZ-0001", "--json", by="9001"
    ).json
    assert (told["person_id"], told["fen"]) == (who, 15_000)
    assert office.free(who, "stored") == 15_000, "held until the record is there"
    reader = Reader(pos.shop.place().path)
    lines = reader.rows("SELECT account, net_fen FROM order_lines")
    paid = reader.rows("SELECT way, fen, reference FROM order_tenders")
    reader.close()
    assert [tuple(row) for row in lines] == [(who, -15_000)]
    assert [tuple(row) for row in paid] == [("transfer", -15_000, "PZ-0001")]
    pos.head()
