"""What the provider accepts, and the code it refuses with."""

from __future__ import annotations

from typing import Any

import pytest

from pos.simulators.alipay import AlipaySimulator
from pos.simulators.wallets.clock import plain
from tests.simulators.wallets.clients import AlipayClient
from tests.simulators.wallets.shops import NOON

CODE = "284567890123456789"
PAY, QUERY = "alipay.trade.pay", "alipay.trade.query"
CREATE = "alipay.trade.precreate"
REFUND, REFUND_QUERY = "alipay.trade.refund", "alipay.trade.fastpay.refund.query"
CANCEL, CLOSE = "alipay.trade.cancel", "alipay.trade.close"
MINE = {"out_trade_no": "ORDER001"}


@pytest.mark.parametrize(
    ("name", "value", "sub_code"),
    [
        ("out_trade_no", "ORDER-001", "ACQ.INVALID_PARAMETER"),
        ("out_trade_no", "X" * 65, "ACQ.INVALID_PARAMETER"),
        ("out_trade_no", "订单", "ACQ.INVALID_PARAMETER"),
        ("total_amount", 12.05, "ACQ.INVALID_PARAMETER"),
        ("total_amount", 12, "ACQ.INVALID_PARAMETER"),
        ("total_amount", "0.00", "ACQ.INVALID_PARAMETER"),
        ("total_amount", "12.055", "ACQ.INVALID_PARAMETER"),
        ("total_amount", "012.05", "ACQ.INVALID_PARAMETER"),
        ("total_amount", "-1", "ACQ.INVALID_PARAMETER"),
        ("total_amount", "１２.05", "ACQ.INVALID_PARAMETER"),
        ("total_amount", "999999999", "ACQ.TOTAL_FEE_EXCEED"),
        ("subject", "a/b", "ACQ.INVALID_PARAMETER"),
        ("subject", "", "ACQ.INVALID_PARAMETER"),
        ("scene", "wave_code", "ACQ.INVALID_PARAMETER"),
        ("auth_code", "134567890123456789", "ACQ.PAYMENT_AUTH_CODE_INVALID"),
        ("auth_code", "28456789012345", "ACQ.PAYMENT_AUTH_CODE_INVALID"),
        ("timeout_express", "5s", "ACQ.INVALID_PARAMETER"),
        ("timeout_express", "16d", "ACQ.INVALID_PARAMETER"),
        ("time_expire", "2026-03-01T13:00:00", "ACQ.INVALID_PARAMETER"),
        ("time_expire", "2026-03-01 11:59:59", "ACQ.INVALID_PARAMETER"),
        ("time_expire", "2026-02-30 11:59:59", "ACQ.INVALID_PARAMETER"),
        ("seller_id", "2088000000000000", "ACQ.INVALID_PARAMETER"),
        ("what", "x", "ACQ.INVALID_PARAMETER"),
    ],
)
def test_pay_refuses_what_does_not_fit(
    alipay: AlipaySimulator, name: str, value: Any, sub_code: str
) -> None:
    client = AlipayClient(alipay)
    data = client.call(PAY, client.pay_wish("ORDER001", "12.05", CODE) | {name: value})
    assert (data["code"], data["sub_code"]) == ("40004", sub_code)
    assert alipay.book.orders == {}


@pytest.mark.parametrize("name", ["out_trade_no", "total_amount", "subject", "scene", "auth_code"])
def test_pay_misses_what_it_needs(alipay: AlipaySimulator, name: str) -> None:
    client = AlipayClient(alipay)
    wish = client.pay_wish("ORDER001", "12.05", CODE)
    del wish[name]
    assert client.call(PAY, wish)["sub_code"] == "ACQ.INVALID_PARAMETER"


def test_the_same_number_charges_once(alipay: AlipaySimulator) -> None:
    client = AlipayClient(alipay)
    wish = client.pay_wish("ORDER001", "12.05", CODE)
    first, again = client.call(PAY, wish), client.call(PAY, wish)
    assert first == again
    assert (first["code"], first["total_amount"], first["gmt_payment"]) == (
        "10000",
        "12.05",
        plain(NOON),
    )
    assert alipay.moved("ORDER001") == (1205, 0)
    codes = {
        "total_amount": ("12.06", "ACQ.CONTEXT_INCONSISTENT"),
        "auth_code": ("284567890123456780", "ACQ.TRADE_HAS_SUCCESS"),
    }
    for name, (value, sub_code) in codes.items():
        assert client.call(PAY, wish | {name: value})["sub_code"] == sub_code
    qr = {"out_trade_no": "ORDER001", "total_amount": "12.05", "subject": "柜台小店"}
    assert client.call(CREATE, qr)["sub_code"] == "ACQ.CONTEXT_INCONSISTENT"
    used = client.call(PAY, wish | {"out_trade_no": "ORDER002"})
    assert used["sub_code"] == "ACQ.PAYMENT_AUTH_CODE_INVALID"
    assert alipay.moved("ORDER002") == (0, 0)


def test_while_waiting_the_same_wishes_wait_and_others_are_refused(
    alipay: AlipaySimulator,
) -> None:
    client = AlipayClient(alipay)
    alipay.casting.give("asks_for_ever")
    wish = client.pay_wish("ORDER001", "12.05", CODE)
    assert client.call(PAY, wish)["code"] == "10003"
    assert client.call(PAY, wish)["code"] == "10003"
    other = client.call(PAY, wish | {"auth_code": "284567890123456780"})
    assert other["sub_code"] == "ACQ.TRADE_BUYER_NOT_MATCH"
    other = client.call(PAY, wish | {"subject": "别的"})
    assert other["sub_code"] == "ACQ.CONTEXT_INCONSISTENT"
    data = client.call(QUERY, MINE)
    assert (data["trade_status"], data["receipt_amount"]) == ("WAIT_BUYER_PAY", "0.00")
    alipay.confirm("ORDER001", "decline")
    assert client.call(QUERY, MINE)["trade_status"] == "TRADE_CLOSED"
    assert client.call(PAY, wish)["sub_code"] == "ACQ.PAYMENT_FAIL"


def test_a_qr_is_no_trade_until_it_is_scanned(alipay: AlipaySimulator) -> None:
    client = AlipayClient(alipay)
    wish = {"out_trade_no": "ORDER001", "total_amount": "8.8", "subject": "柜台小店"}
    qr = client.call(CREATE, wish)["qr_code"]
    assert qr.startswith("https://qr.alipay.com/bax")
    assert len(qr) == 46
    assert client.call(CREATE, wish)["qr_code"] == qr
    for method in (QUERY, CLOSE):
        assert client.call(method, MINE)["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    alipay.scan(qr, "wait")
    data = client.call(QUERY, MINE)
    assert (data["trade_status"], data["total_amount"]) == ("WAIT_BUYER_PAY", "8.80")
    alipay.confirm(qr)
    data = client.call(QUERY, MINE)
    assert (data["trade_status"], data["send_pay_date"]) == ("TRADE_SUCCESS", plain(NOON))
    assert client.call(QUERY, {"trade_no": data["trade_no"]}) == data
    assert client.call(CREATE, wish)["sub_code"] == "ACQ.TRADE_HAS_SUCCESS"
    assert client.call(CLOSE, MINE)["sub_code"] == "ACQ.TRADE_STATUS_ERROR"


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        ({"timeout_express": "3m"}, 180),
        ({"qr_code_timeout_express": "1m", "timeout_express": "3m"}, 60),
        ({"time_expire": plain(NOON + 90)}, 90),
        ({"timeout_express": "1c", "qr_code_timeout_express": "2h"}, 7200),
        ({}, 7200),
    ],
)
def test_a_qr_ends_when_it_said_it_would(
    alipay: AlipaySimulator, more: dict[str, str], seconds: int
) -> None:
    client = AlipayClient(alipay)
    wish = {"out_trade_no": "ORDER001", "total_amount": "8.80", "subject": "柜台小店"}
    client.call(CREATE, wish | more)
    alipay.clock.advance(seconds - 1)
    assert alipay.scan("ORDER001", "wait") == "waiting"
    alipay.clock.advance(1)
    assert client.call(QUERY, MINE)["trade_status"] == "TRADE_CLOSED"
    with pytest.raises(LookupError):
        alipay.confirm("ORDER001")


def test_cancel(alipay: AlipaySimulator) -> None:
    client = AlipayClient(alipay)
    nobody = client.call(CANCEL, {"out_trade_no": "NOBODY01"})
    assert (nobody["code"], nobody["retry_flag"], "action" in nobody) == ("10000", "N", False)
    client.call(PAY, client.pay_wish("ORDER001", "12.05", CODE))
    for _ in range(2):
        data = client.call(CANCEL, MINE)
        assert (data["action"], data["retry_flag"]) == ("refund", "N")
    assert alipay.moved("ORDER001") == (1205, 1205)
    data = client.call(QUERY, MINE)
    assert (data["trade_status"], "send_pay_date" in data) == ("TRADE_CLOSED", True)
    wish = {"out_trade_no": "ORDER002", "total_amount": "8.80", "subject": "柜台小店"}
    client.call(CREATE, wish)
    unseen = client.call(CANCEL, {"out_trade_no": "ORDER002"})
    assert (unseen["action"], "trade_no" in unseen) == ("close", False)
    with pytest.raises(LookupError):
        alipay.scan("ORDER002")
    assert client.call(CREATE, wish)["sub_code"] == "ACQ.TRADE_HAS_CLOSE"
    alipay.clock.advance(86_401)
    assert client.call(CANCEL, MINE)["sub_code"] == "ACQ.TRADE_CANCEL_TIME_OUT"


def test_close_ends_a_waiting_trade(alipay: AlipaySimulator) -> None:
    client = AlipayClient(alipay)
    alipay.casting.give("asks_for_ever")
    wish = client.pay_wish("ORDER001", "12.05", CODE)
    client.call(PAY, wish)
    assert client.call(CLOSE, MINE)["code"] == "10000"
    assert client.call(CLOSE, MINE)["sub_code"] == "ACQ.TRADE_STATUS_ERROR"
    assert client.call(PAY, wish)["sub_code"] == "ACQ.TRADE_HAS_CLOSE"


def _refund(client: AlipayClient, amount: str, number: str | None = None) -> dict[str, Any]:
    more = {"out_request_no": number} if number else {}
    return client.call(REFUND, MINE | {"refund_amount": amount} | more)


def test_refunds_in_parts_up_to_what_was_paid(alipay: AlipaySimulator) -> None:
    client = AlipayClient(alipay)
    assert _refund(client, "1.00", "R1")["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    client.call(PAY, client.pay_wish("ORDER001", "10.00", CODE))
    assert _refund(client, "3.00")["sub_code"] == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    first, again = _refund(client, "3.00", "R1"), _refund(client, "3.00", "R1")
    assert (first["fund_change"], first["refund_fee"]) == ("Y", "3.00")
    assert (again["fund_change"], again["refund_fee"]) == ("N", "3.00")
    assert alipay.moved("ORDER001") == (1000, 300)
    assert _refund(client, "3.01", "R1")["sub_code"] == "ACQ.DISCORDANT_REPEAT_REQUEST"
    assert _refund(client, "7.01", "R2")["sub_code"] == "ACQ.REASON_TRADE_REFUND_FEE_ERR"
    assert client.call(QUERY, MINE)["trade_status"] == "TRADE_SUCCESS"
    assert _refund(client, "7.00", "R2")["refund_fee"] == "10.00"
    assert client.call(QUERY, MINE)["trade_status"] == "TRADE_CLOSED"
    assert alipay.moved("ORDER001") == (1000, 1000)
    found = client.call(REFUND_QUERY, MINE | {"out_request_no": "R2"})
    assert (found["refund_status"], found["refund_amount"]) == ("REFUND_SUCCESS", "7.00")
    nothing = client.call(REFUND_QUERY, MINE | {"out_request_no": "R3"})
    assert nothing == {"code": "10000", "msg": "Success"}


def test_the_whole_amount_needs_no_number(alipay: AlipaySimulator) -> None:
    client = AlipayClient(alipay)
    client.call(PAY, client.pay_wish("ORDER001", "10.00", CODE))
    assert _refund(client, "10.00")["fund_change"] == "Y"
    assert _refund(client, "10.00")["fund_change"] == "N"
    found = client.call(REFUND_QUERY, MINE | {"out_request_no": "ORDER001"})
    assert found["refund_status"] == "REFUND_SUCCESS"
    assert alipay.ledger()[-1].refund_no == "ORDER001"


def test_no_refund_of_what_is_unpaid_or_long_past(alipay: AlipaySimulator) -> None:
    client = AlipayClient(alipay)
    alipay.casting.give("asks_for_ever")
    client.call(PAY, client.pay_wish("ORDER001", "10.00", CODE))
    assert _refund(client, "1.00", "R1")["sub_code"] == "ACQ.TRADE_STATUS_ERROR"
    alipay.confirm("ORDER001")
    alipay.clock.advance(91 * 86400)
    assert client.call(QUERY, MINE)["trade_status"] == "TRADE_FINISHED"
    assert _refund(client, "1.00", "R1")["sub_code"] == "ACQ.TRADE_HAS_FINISHED"
    for method in (QUERY, CANCEL, CLOSE, REFUND_QUERY):
        assert client.call(method, {})["sub_code"] == "ACQ.INVALID_PARAMETER"
