"""The bill read back is the ledger."""

from __future__ import annotations

import gzip
import hashlib
from urllib.parse import urlsplit

import pytest

from pos.simulators.wallets.clock import plain
from pos.simulators.wechat import WechatSimulator
from tests.simulators.wallets.clients import Got, WechatClient, send
from tests.simulators.wallets.shops import NOON
from tests.simulators.wechat.test_rules import CODE, ORDERS, REFUNDS

DAY = "2026-03-01"


def _trade(sim: WechatSimulator) -> WechatClient:
    """Three payments, a refund, a reversal, one payment of another till."""
    client = WechatClient(sim)
    for index, fen in enumerate((1205, 880, 19_999)):
        wish = client.code_wish(f"ORDER00{index}", fen, str(int(CODE) + index))
        assert client.call("POST", f"{ORDERS}/codepay", wish).status == 200
    client.call("POST", REFUNDS, client.refund_wish("ORDER000", "R1", 205, 1205))
    sim.clock.advance(15)
    wish = {"mchid": client.files["mchid"], "appid": client.files["appid"]}
    client.call("POST", f"{ORDERS}/out-trade-no/ORDER001/reverse", wish)
    sim.foreign(500)
    sim.clock.set(NOON + 22.5 * 3600)
    return client


def _apply(client: WechatClient, day: str = DAY, more: str = "") -> Got:
    return client.call("GET", f"/v3/bill/tradebill?bill_date={day}&bill_type=ALL{more}")


def _fetch(client: WechatClient, link: str) -> Got:
    parts = urlsplit(link)
    return client.raw("GET", f"{parts.path}?{parts.query}", patience=2)


def _rows(text: str) -> tuple[list[dict[str, str]], dict[str, str]]:
    lines = text.split("\r\n")
    assert lines.pop() == ""
    names, sums = lines[0].split(","), lines[-2].split(",")
    assert len(names) == 27
    cells = [line[1:].split(",`") for line in (*lines[1:-2], lines[-1])]
    assert all(len(row) == 27 for row in cells[:-1])
    rows = [dict(zip(names, row, strict=True)) for row in cells[:-1]]
    return rows, dict(zip(sums, cells[-1], strict=True))


def _fen(text: str) -> int:
    whole, part = text.split(".")
    return int(whole) * 100 + int(part)


@pytest.mark.parametrize("more", ["", "&tar_type=GZIP"])
def test_the_bill_is_the_ledger(wechat: WechatSimulator, more: str) -> None:
    client = _trade(wechat)
    told = _apply(client, more=more).data
    got = _fetch(client, told["download_url"])
    assert "wechatpay-signature" not in got.headers
    raw = gzip.decompress(got.body) if more else got.body
    assert hashlib.sha1(raw, usedforsecurity=False).hexdigest() == told["hash_value"]
    rows, sums = _rows(raw.decode())
    entries = {
        ("SUCCESS" if it.kind == "payment" else "REFUND" if it.kind == "refund" else "REVOKED")
        + it.out_trade_no
        + it.refund_no: (it.fen, plain(it.at))
        for it in wechat.ledger()
    }
    billed = {}
    for row in rows:
        refund = row["商户退款单号"] if row["交易状态"] == "REFUND" else ""
        paid = row["交易状态"] == "SUCCESS"
        amount = _fen(row["订单金额"] if paid else row["退款金额"])
        billed[row["交易状态"] + row["商户订单号"] + refund] = (amount, row["交易时间"])
    assert billed == entries
    assert len(billed) == 6
    assert (sums["总交易单数"], sums["订单总金额"]) == ("6", "225.84")
    assert sums["退款总金额"] == "10.85"
    assert rows[0]["商品名称"] == "柜台小店, 购物"
    assert {row["设备号"] for row in rows} == {"TILL-01", "OTHER-TILL"}
    assert rows[0]["手续费"] == "0.07000"


def test_not_today_not_before_ten_and_not_without_trade(wechat: WechatSimulator) -> None:
    client = _trade(wechat)
    wechat.clock.set(NOON + 21.9 * 3600)
    assert _apply(client).data["code"] == "STATEMENT_CREATING"
    assert _apply(client, "2026-03-02").data["code"] == "INVALID_REQUEST"
    assert _apply(client, "2025-11-01").data["code"] == "INVALID_REQUEST"
    assert _apply(client, "2026-02-27").data["code"] == "NO_STATEMENT_EXIST"
    assert _apply(client, "2026-2-27").data["code"] == "PARAM_ERROR"
    assert _apply(client, more="&tar_type=ZIP").data["code"] == "PARAM_ERROR"
    assert _apply(client, more="&what=1").data["code"] == "PARAM_ERROR"


def test_a_link_ends_after_five_minutes_and_wants_a_signature(wechat: WechatSimulator) -> None:
    client = _trade(wechat)
    link = _apply(client).data["download_url"]
    parts = urlsplit(link)
    headers = {"Accept": "*/*", "User-Agent": "t"}
    bare = send(wechat.url, "GET", f"{parts.path}?{parts.query}", b"", headers, 2)
    assert bare.status == 401
    wechat.clock.advance(300)
    assert _fetch(client, link).status == 200
    wechat.clock.advance(1)
    assert _fetch(client, link).status == 400


@pytest.mark.parametrize(
    ("fault", "rows"),
    [("bill_missing_row", 5), ("bill_extra_row", 7), ("bill_fee_off", 6), ("bill_amount_off", 6)],
)
def test_a_wrong_bill_is_wrong_as_announced(wechat: WechatSimulator, fault: str, rows: int) -> None:
    client = _trade(wechat)
    right = _fetch(client, _apply(client).data["download_url"]).body
    wechat.set_bill_fault(DAY, fault)
    told = _apply(client).data
    wrong = _fetch(client, told["download_url"]).body
    assert hashlib.sha1(wrong, usedforsecurity=False).hexdigest() == told["hash_value"]
    assert wrong != right
    assert len(_rows(wrong.decode())[0]) == rows


def test_other_bill_faults(wechat: WechatSimulator) -> None:
    client = _trade(wechat)
    codes = {"bill_creating": "STATEMENT_CREATING", "bill_none": "NO_STATEMENT_EXIST"}
    for fault, code in codes.items():
        wechat.set_bill_fault(DAY, fault)
        assert _apply(client).data["code"] == code
    wechat.set_bill_fault(DAY, "bill_hash")
    told = _apply(client).data
    got = _fetch(client, told["download_url"])
    assert hashlib.sha1(got.body, usedforsecurity=False).hexdigest() != told["hash_value"]
    wechat.set_bill_fault(DAY, "bill_sum_off")
    rows, sums = _rows(_fetch(client, _apply(client).data["download_url"]).body.decode())
    paid = sum(_fen(row["订单金额"]) for row in rows)
    assert _fen(sums["订单总金额"]) == paid + 100
    with pytest.raises(KeyError):
        wechat.set_bill_fault(DAY, "lost")
