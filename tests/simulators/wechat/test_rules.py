"""What the provider accepts, and the code it refuses with."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.simulators.wallets.clock import rfc3339
from pos.simulators.wechat import WechatSimulator, fields
from pos.simulators.wechat.signing import ApiError
from tests.simulators.wallets.clients import Got, WechatClient
from tests.simulators.wallets.shops import NOON

CODE = "134567890123456789"
ORDERS = "/v3/pay/transactions"
REFUNDS = "/v3/refund/domestic/refunds"


def _with(wish: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of `wish` with one field changed, or taken out when `value` is ..."""
    first, _, rest = path.partition(".")
    copy = dict(wish)
    if rest:
        copy[first] = _with(copy[first], rest, value)
    elif value is ...:
        del copy[first]
    else:
        copy[first] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("out_trade_no", "SHORT"),
        ("out_trade_no", "X" * 33),
        ("out_trade_no", "ORDER 001"),
        ("out_trade_no", "订单00001"),
        ("out_trade_no", ...),
        ("description", ""),
        ("description", "长" * 128),
        ("amount.total", 0),
        ("amount.total", -1),
        ("amount.total", 1.0),
        ("amount.total", "100"),
        ("amount.total", True),
        ("amount.currency", "USD"),
        ("amount", 100),
        ("attach", "a" * 129),
        ("notify_url", "http://shop.example/notify"),
        ("notify_url", "https://shop.example/notify?a=1"),
        ("notify_url", ...),
        ("time_expire", "2026-03-01 12:30:00"),
        ("time_expire", "2026-03-01T12:30:00"),
        ("time_expire", "2026-03-01T11:59:00+08:00"),
        ("time_expire", "2026-13-01T11:59:00+08:00"),
        ("mchid", "1900000000"),
        ("auth_code", CODE),
        ("support_fapiao", "true"),
    ],
)
def test_native_refuses_what_does_not_fit(wechat: WechatSimulator, path: str, value: Any) -> None:
    client = WechatClient(wechat)
    wish = _with(client.native_wish("ORDER001", 100), path, value)
    got = client.call("POST", f"{ORDERS}/native", wish)
    assert (got.status, got.data["code"]) == (400, "PARAM_ERROR")
    assert wechat.book.orders == {}


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("payer.auth_code", "284567890123456789", "AUTH_CODE_INVALID"),
        ("payer.auth_code", "13456789012345678", "AUTH_CODE_INVALID"),
        ("payer.auth_code", "一三", "PARAM_ERROR"),
        ("payer", ..., "PARAM_ERROR"),
        ("scene_info", ..., "PARAM_ERROR"),
        ("scene_info.store_info", {}, "PARAM_ERROR"),
        ("scene_info.payer_client_ip", "1.2.3.4", "PARAM_ERROR"),
        ("notify_url", "https://shop.example/n", "PARAM_ERROR"),
        ("time_expire", "2026-03-01T12:30:00+08:00", "PARAM_ERROR"),
        ("appid", "wx0000000000000000", "APPID_MCHID_NOT_MATCH"),
    ],
)
def test_codepay_refuses_what_does_not_fit(
    wechat: WechatSimulator, path: str, value: Any, code: str
) -> None:
    client = WechatClient(wechat)
    wish = _with(client.code_wish("ORDER001", 100, CODE), path, value)
    got = client.call("POST", f"{ORDERS}/codepay", wish)
    assert (got.status, got.data["code"]) == (400, code)
    assert wechat.ledger() == []


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_refused_in_order(body: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        fields.read(body, fields.CODEPAY)
    assert caught.value.code == "PARAM_ERROR"


def _pay(client: WechatClient, number: str, fen: int = 1000, code: str = CODE) -> Got:
    return client.call("POST", f"{ORDERS}/codepay", client.code_wish(number, fen, code))


def test_the_same_number_charges_once(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    first, again = _pay(client, "ORDER001"), _pay(client, "ORDER001")
    assert first.status == again.status == 200
    assert first.data == again.data
    assert first.data["trade_type"] == "MICROPAY"
    assert wechat.moved("ORDER001") == (1000, 0)
    other = _pay(client, "ORDER001", fen=1001)
    assert (other.status, other.data["code"]) == (400, "INVALID_REQUEST")
    fresh_code = _pay(client, "ORDER001", code="134567890123456780")
    assert (fresh_code.status, fresh_code.data["code"]) == (400, "INVALID_REQUEST")
    as_qr = client.call("POST", f"{ORDERS}/native", client.native_wish("ORDER001", 1000))
    assert (as_qr.status, as_qr.data["code"]) == (403, "OUT_TRADE_NO_USED")
    used = _pay(client, "ORDER002")
    assert (used.status, used.data["code"]) == (400, "AUTH_CODE_ERROR")
    assert wechat.moved("ORDER002") == (0, 0)


def _query(client: WechatClient, number: str) -> Got:
    return client.call("GET", f"{ORDERS}/out-trade-no/{number}?mchid={client.files['mchid']}")


def test_a_qr_is_scanned_paid_and_found_by_both_numbers(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    wish = client.native_wish("ORDER001", 880, attach="S001")
    url = client.call("POST", f"{ORDERS}/native", wish).data["code_url"]
    assert url.startswith("weixin://wxpay/bizpayurl?pr=")
    assert len(url) == 37
    assert client.call("POST", f"{ORDERS}/native", wish).data["code_url"] == url
    assert _query(client, "ORDER001").data["trade_state"] == "NOTPAY"
    assert wechat.scan(url, "wait") == "waiting"
    assert wechat.confirm("ORDER001") == "paid"
    data = _query(client, "ORDER001").data
    assert (data["trade_state"], data["attach"], data["trade_type"]) == (
        "SUCCESS",
        "S001",
        "NATIVE",
    )
    assert data["success_time"] == rfc3339(NOON)
    assert len(data["transaction_id"]) == 28
    by_id = f"{ORDERS}/id/{data['transaction_id']}?mchid={client.files['mchid']}"
    assert client.call("GET", by_id).data == data
    assert client.call("GET", f"{ORDERS}/id/42?mchid=1900000109").status == 404
    wrong = client.call("GET", f"{ORDERS}/out-trade-no/ORDER001?mchid=1")
    assert (wrong.status, wrong.data["code"]) == (400, "PARAM_ERROR")
    paid = client.call("POST", f"{ORDERS}/native", wish)
    assert (paid.status, paid.data["code"]) == (400, "ORDER_PAID")


def test_a_qr_ends_when_it_said_it_would(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    wish = client.native_wish("ORDER001", 880, time_expire=rfc3339(NOON + 180))
    client.call("POST", f"{ORDERS}/native", wish)
    wechat.clock.advance(179)
    assert _query(client, "ORDER001").data["trade_state"] == "NOTPAY"
    wechat.clock.advance(1)
    assert _query(client, "ORDER001").data["trade_state"] == "CLOSED"
    with pytest.raises(LookupError):
        wechat.scan("ORDER001")
    again = client.call("POST", f"{ORDERS}/native", wish)
    assert again.status == 400


def test_close_is_204_again_and_again_but_not_for_codes(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    client.call("POST", f"{ORDERS}/native", client.native_wish("ORDER001", 880))
    for _ in range(2):
        got = client.call("POST", f"{ORDERS}/out-trade-no/ORDER001/close", {"mchid": "1900000109"})
        assert (got.status, got.body) == (204, b"")
    assert _query(client, "ORDER001").data["trade_state"] == "CLOSED"
    _pay(client, "ORDER002")
    got = client.call("POST", f"{ORDERS}/out-trade-no/ORDER002/close", {"mchid": "1900000109"})
    assert (got.status, got.data["detail"]["issue"]) == (400, "268449641")
    got = client.call("POST", f"{ORDERS}/out-trade-no/NOBODY01/close", {"mchid": "1900000109"})
    assert got.status == 404


def _reverse(client: WechatClient, number: str) -> Got:
    wish = {"mchid": client.files["mchid"], "appid": client.files["appid"]}
    return client.call("POST", f"{ORDERS}/out-trade-no/{number}/reverse", wish)


def test_reverse_waits_15_s_and_gives_back_once(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    _pay(client, "ORDER001")
    early = _reverse(client, "ORDER001")
    assert (early.status, early.data["code"]) == (400, "INVALID_REQUEST")
    wechat.clock.advance(15)
    for _ in range(2):
        assert _reverse(client, "ORDER001").data["recall"] == "N"
    assert wechat.moved("ORDER001") == (1000, 1000)
    assert _query(client, "ORDER001").data["trade_state"] == "REVOKED"
    assert _pay(client, "ORDER001").data["code"] == "ORDER_REVERSED"
    wechat.clock.advance(8 * 86400)
    assert _reverse(client, "ORDER001").status == 400
    assert _reverse(client, "NOBODY01").data["code"] == "ORDER_NOT_EXIST"


def test_an_unanswered_password_is_revoked_at_45_s(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    wechat.casting.give("asks_for_ever")
    got = _pay(client, "ORDER001")
    assert (got.status, got.data["code"]) == (202, "USERPAYING")
    wechat.clock.advance(44)
    assert _query(client, "ORDER001").data["trade_state"] == "USERPAYING"
    wechat.clock.advance(1)
    assert _query(client, "ORDER001").data["trade_state"] == "REVOKED"


def test_above_a_limit_the_password_is_asked(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    wechat.settings.password_over_fen = 100_000
    assert _pay(client, "ORDER001", 100_000).status == 200
    got = _pay(client, "ORDER002", 100_001, "134567890123456780")
    assert got.status == 202
    assert wechat.confirm("ORDER002", "decline") == "failed"
    assert _query(client, "ORDER002").data["trade_state"] == "PAYERROR"


def _refund(client: WechatClient, refund_no: str, fen: int, total: int = 1000, **more: Any) -> Got:
    wish = client.refund_wish("ORDER001", refund_no, fen, total) | more
    return client.call("POST", REFUNDS, wish)


def test_refunds_in_parts_up_to_what_was_paid(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    assert _refund(client, "R1", 100).data["code"] == "RESOURCE_NOT_EXISTS"
    _pay(client, "ORDER001")
    first = _refund(client, "R1", 300)
    assert (first.status, first.data["status"]) == (200, "PROCESSING")
    again = _refund(client, "R1", 300)
    assert (again.data["refund_id"], again.data["status"]) == (first.data["refund_id"], "SUCCESS")
    assert wechat.moved("ORDER001") == (1000, 300)
    assert _refund(client, "R1", 301).data["code"] == "INVALID_REQUEST"
    soon = _refund(client, "R2", 100)
    assert (soon.status, soon.data["code"]) == (429, "FREQUENCY_LIMITED")
    wechat.clock.advance(60)
    assert _refund(client, "R2", 701).data["code"] == "INVALID_REQUEST"
    assert _refund(client, "R2", 700, total=999).data["code"] == "INVALID_REQUEST"
    assert _refund(client, "R2", 700).status == 200
    assert client.call("GET", f"{REFUNDS}/R2").data["status"] == "SUCCESS"
    wechat.clock.advance(60)
    assert _refund(client, "R3", 1).data["message"] == "订单已全额退款"
    assert _query(client, "ORDER001").data["trade_state"] == "REFUND"
    assert wechat.moved("ORDER001") == (1000, 1000)
    assert client.call("GET", f"{REFUNDS}/NOBODY").data["code"] == "RESOURCE_NOT_EXISTS"


@pytest.mark.parametrize(
    ("refund_no", "fen"), [("R 1", 100), ("R" * 65, 100), ("R1", 0), ("R1", 1.5), ("", 100)]
)
def test_refund_numbers_and_amounts(wechat: WechatSimulator, refund_no: str, fen: Any) -> None:
    client = WechatClient(wechat)
    _pay(client, "ORDER001")
    assert _refund(client, refund_no, fen).data["code"] == "PARAM_ERROR"


def test_refund_rules_of_time_and_count(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    _pay(client, "ORDER001")
    wechat.settings.refund_gap_s = 0
    for index in range(50):
        assert _refund(client, f"R{index}", 1).status == 200
    assert "次数" in _refund(client, "R50", 1).data["message"]
    wechat.clock.advance(366 * 86400)
    assert "期限" in _refund(client, "R51", 1).data["message"]
    assert wechat.moved("ORDER001") == (1000, 50)
