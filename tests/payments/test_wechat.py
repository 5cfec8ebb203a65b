"""The WeChat Pay gateway over a real wire: what it sends, what it believes."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pos.payments.codes import read_code
from pos.payments.protocol import (
    AlreadyPaid,
    BillFile,
    BillNotReady,
    CancelDone,
    CancelRefused,
    Charge,
    Missing,
    NoBill,
    NotPaid,
    Paid,
    Pending,
    QrReady,
    RefundAsk,
    Refunded,
    RefundPending,
    RefundRefused,
    Returned,
    StillPaying,
    Unknown,
)
from pos.payments.wechat.gateway import WechatGateway
from tests.payments.line import Line, Request, http
from tests.payments.wechat_side import APPID, KEY_ID, MCHID, NOW, Wechat, gateway

NUMBER = "0123456789abcdef0123456789abcdef"
CHARGE = Charge(NUMBER, 1234, "柜台 商品", "0001", "02", "7")
CODE = read_code("130000000000000001")
ORDER = {
    "appid": APPID,
    "mchid": MCHID,
    "out_trade_no": NUMBER,
    "transaction_id": "4200001234202603010000000001",
    "trade_type": "MICROPAY",
    "trade_state": "SUCCESS",
    "trade_state_desc": "支付成功",
    "bank_type": "OTHERS",
    "success_time": "2026-03-01T12:00:01+08:00",
    "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
    "amount": {"total": 1234, "payer_total": 1200, "currency": "CNY"},
}
PAID = Paid(NUMBER, "4200001234202603010000000001", 1234, 1200, "2026-03-01T12:00:01+08:00")
ASK = RefundAsk(NUMBER, "0123456789abcdef0123456789abcd99", 1234, 1000, "退货")
REFUND = {
    "refund_id": "50000000382019052709732678859",
    "out_refund_no": ASK.out_refund_no,
    "transaction_id": "4200001234202603010000000001",
    "out_trade_no": NUMBER,
    "channel": "ORIGINAL",
    "success_time": "2026-03-01T12:30:00+08:00",
    "status": "SUCCESS",
    "amount": {"total": 1234, "refund": 1000, "payer_total": 1200, "currency": "CNY"},
}


def failed(code: str, status: str = "400 Bad Request") -> tuple[str, Any]:
    return (status, {"code": code, "message": "原因"})


def asked(
    folder: Path, script: list[Any], call: Callable[[WechatGateway], Any], **changed: Any
) -> tuple[Any, list[Request]]:
    """What a call gives with these answers, and what was sent for it."""
    side = Wechat(script)
    with Line(side) as line:
        wechat = gateway(folder, line, **changed)
        try:
            answer = call(wechat)
        finally:
            wechat.close()
    assert side.bad == []
    return answer, line.requests


def pay(wechat: WechatGateway) -> Any:
    return wechat.pay_code(CHARGE, CODE)


def query(wechat: WechatGateway) -> Any:
    return wechat.query(CHARGE)


# --- what is sent ---


def test_a_payment_code_is_sent_once_with_all_that_wechat_demands(tmp_path: Path) -> None:
    answer, requests = asked(tmp_path, [("200 OK", ORDER)], pay)
    assert answer == PAID
    assert len(requests) == 1
    sent = requests[0]
    assert (sent.method, sent.target) == ("POST", "/v3/pay/transactions/codepay")
    assert sent.headers["wechatpay-serial"] == KEY_ID
    assert sent.headers["accept"] == "application/json"
    assert sent.headers["accept-encoding"] == "identity"
    assert json.loads(sent.body) == {
        "appid": APPID,
        "mchid": MCHID,
        "description": "柜台 商品",
        "out_trade_no": NUMBER,
        "attach": "000102",
        "amount": {"total": 1234, "currency": "CNY"},
        "payer": {"auth_code": "130000000000000001"},
        "scene_info": {
            "device_id": "000102",
            "device_ip": "127.0.0.1",
            "store_info": {"out_id": "0001"},
        },
    }


def test_a_qr_ends_when_it_should(tmp_path: Path) -> None:
    ends = NOW + timedelta(minutes=3)
    answer, requests = asked(
        tmp_path,
        [("200 OK", {"code_url": "weixin://wxpay/bizpayurl?pr=AbCdEf1"})],
        lambda wechat: wechat.create_qr(CHARGE, ends),
    )
    assert answer == QrReady("weixin://wxpay/bizpayurl?pr=AbCdEf1", ends)
    body = json.loads(requests[0].body)
    assert requests[0].target == "/v3/pay/transactions/native"
    assert body["time_expire"] == "2026-03-01T12:03:00+08:00"
    assert body["notify_url"].startswith("https://")
    assert body["scene_info"]["payer_client_ip"] == "127.0.0.1"


def test_reverse_and_close_and_query_and_refund_go_where_they_should(tmp_path: Path) -> None:
    done = {"appid": APPID, "mchid": MCHID, "out_trade_no": NUMBER}
    order = f"/v3/pay/transactions/out-trade-no/{NUMBER}"
    answer, [sent] = asked(tmp_path, [("200 OK", done)], lambda w: w.cancel(CHARGE, "code"))
    assert (answer, sent.target) == (CancelDone(), order + "/reverse")
    assert json.loads(sent.body) == {"appid": APPID, "mchid": MCHID}
    answer, [sent] = asked(tmp_path, [("204 No Content", b"")], lambda w: w.cancel(CHARGE, "qr"))
    assert (answer, sent.target) == (CancelDone(), order + "/close")
    assert json.loads(sent.body) == {"mchid": MCHID}
    answer, [sent] = asked(tmp_path, [("200 OK", ORDER)], query)
    assert (answer, sent.target, sent.body) == (PAID, f"{order}?mchid={MCHID}", b"")
    answer, [sent] = asked(tmp_path, [("200 OK", REFUND)], lambda w: w.refund(ASK))
    assert answer == Refunded(
        ASK.out_refund_no, "50000000382019052709732678859", 1000, "2026-03-01T12:30:00+08:00"
    )
    assert json.loads(sent.body)["amount"] == {"refund": 1000, "total": 1234, "currency": "CNY"}
    answer, [sent] = asked(tmp_path, [("200 OK", REFUND)], lambda w: w.query_refund(ASK))
    assert isinstance(answer, Refunded)
    assert sent.target == f"/v3/refund/domestic/refunds/{ASK.out_refund_no}"


# --- what verified answers mean ---


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (("202 Accepted", {**ORDER, "trade_state": "USERPAYING"}), Pending("user_paying")),
        (("200 OK", {**ORDER, "trade_state": "USERPAYING"}), Pending("user_paying")),
        (failed("USERPAYING"), Pending("user_paying")),
        (failed("NOT_ENOUGH", "403 Forbidden"), NotPaid("balance_short", "NOT_ENOUGH")),
        (failed("AUTH_CODE_EXPIRED"), NotPaid("code_expired", "AUTH_CODE_EXPIRED")),
        (failed("AUTH_CODE_INVALID"), NotPaid("code_invalid", "AUTH_CODE_INVALID")),
        (failed("FREQUENCY_LIMITED", "429 No"), NotPaid("too_often", "FREQUENCY_LIMITED")),
        (failed("SYSTEM_ERROR", "500 Oops"), Unknown("system_error", "SYSTEM_ERROR")),
        (failed("BANK_ERROR"), Unknown("system_error", "BANK_ERROR")),
        (failed("A_CODE_OF_TOMORROW"), Unknown("system_error", "A_CODE_OF_TOMORROW")),
        (failed("OUT_TRADE_NO_USED"), Unknown("system_error", "OUT_TRADE_NO_USED")),
        (
            failed("SIGN_ERROR", "401 Unauthorized"),
            Unknown("keys_refused", "SIGN_ERROR", misconfigured=True),
        ),
        (("200 OK", {**ORDER, "trade_state": "PAYERROR"}),
         NotPaid("pay_failed", "PAYERROR", closed=False)),
        (("200 OK", {**ORDER, "trade_state": "CLOSED"}), NotPaid("closed")),
    ],
)  # fmt: skip
def test_what_a_verified_answer_to_a_payment_means(
    tmp_path: Path, answer: Any, meaning: Any
) -> None:
    assert asked(tmp_path, [answer], pay)[0] == meaning


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (("200 OK", {**ORDER, "trade_state": "NOTPAY"}), Pending("not_paid_yet")),
        (("200 OK", {**ORDER, "trade_state": "REVOKED"}), NotPaid("revoked")),
        (("200 OK", {**ORDER, "trade_state": "REFUND"}), Returned()),
        (("200 OK", {**ORDER, "trade_state": "NEW"}), Unknown("not_understood", "NEW")),
        (failed("ORDER_NOT_EXIST", "404 Not Found"), Missing()),
        (failed("SYSTEM_ERROR", "500 Oops"), Unknown("system_error", "SYSTEM_ERROR")),
        (("200 OK", b"[" * 3000), Unknown("not_understood")),
        (("200 OK", {"hello": 1}), Unknown("not_understood")),
    ],
)
def test_what_a_verified_answer_to_a_query_means(tmp_path: Path, answer: Any, meaning: Any) -> None:
    assert asked(tmp_path, [answer], query)[0] == meaning


@pytest.mark.parametrize(
    ("way", "answer", "meaning"),
    [
        ("code", failed("USERPAYING"), StillPaying()),
        ("code", failed("ORDER_NOT_EXIST", "404 Not Found"), Missing()),
        ("code", failed("INVALID_REQUEST"), CancelRefused("cancel_refused", "INVALID_REQUEST")),
        ("code", failed("SYSTEM_ERROR", "500 No"), Unknown("system_error", "SYSTEM_ERROR")),
        ("code", ("200 OK", {"mchid": MCHID, "out_trade_no": "x" * 32}), Unknown("mismatch")),
        ("code", failed("ORDER_REVERSED"), CancelDone()),
        ("qr", failed("ORDER_PAID"), AlreadyPaid()),
        ("qr", failed("ORDER_CLOSED"), CancelDone()),
    ],
)
def test_what_a_verified_answer_to_a_cancel_means(
    tmp_path: Path, way: Any, answer: Any, meaning: Any
) -> None:
    assert asked(tmp_path, [answer], lambda w: w.cancel(CHARGE, way))[0] == meaning


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (("200 OK", {**REFUND, "status": "PROCESSING"}), RefundPending()),
        (("200 OK", {**REFUND, "status": "CLOSED"}), RefundRefused("refund_closed", "CLOSED")),
        (("200 OK", {**REFUND, "status": "ABNORMAL"}),
         RefundRefused("refund_abnormal", "ABNORMAL")),
        (("200 OK", {**REFUND, "out_refund_no": "x" * 32}), Unknown("mismatch")),
        (("200 OK", {**REFUND, "amount": {"total": 1234, "refund": 1}}), Unknown("mismatch")),
        (failed("NOT_ENOUGH", "403 No"),
         RefundRefused("merchant_balance_short", "NOT_ENOUGH", again=True)),
        (failed("USER_ACCOUNT_ABNORMAL", "403 No"),
         RefundRefused("payer_account_closed", "USER_ACCOUNT_ABNORMAL")),
        (failed("RESOURCE_NOT_EXISTS", "404 Not Found"), Missing()),
    ],
)  # fmt: skip
def test_what_a_verified_answer_to_a_refund_means(
    tmp_path: Path, answer: Any, meaning: Any
) -> None:
    assert asked(tmp_path, [answer], lambda w: w.refund(ASK))[0] == meaning


@pytest.mark.parametrize(
    "url", ["https://evil.example/pay", "weixin://wxpay/a b", "weixin://wxpay/\u4e00", ""]
)
def test_a_qr_that_leads_elsewhere_is_not_shown(tmp_path: Path, url: str) -> None:
    answer, _ = asked(tmp_path, [("200 OK", {"code_url": url})], lambda w: w.create_qr(CHARGE, NOW))
    assert answer == Unknown("mismatch")


# --- bills ---


def bill(line_url: str, content: bytes, **changed: Any) -> list[Any]:
    place = {
        "hash_type": "SHA1",
        "hash_value": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        "download_url": f"{line_url}/v3/billdownload/file?token=a_b%2B",
        **changed,
    }
    return [("200 OK", place), http(gzip.compress(content))]


def test_a_bill_is_fetched_signed_and_its_hash_compared(tmp_path: Path) -> None:
    day = date(2026, 2, 28)
    side = Wechat()
    with Line(side) as line:
        wechat = gateway(tmp_path, line)
        side.script = bill(line.url, "交易时间".encode())
        assert wechat.fetch_bill(day) == BillFile("wechat", day, "交易时间".encode())
        targets = [request.target for request in line.requests]
        assert targets == [
            "/v3/bill/tradebill?bill_date=2026-02-28&bill_type=ALL&tar_type=GZIP",
            "/v3/billdownload/file?token=a_b%2B",
        ]
        side.script = bill(line.url, b"x", hash_value="0" * 40)
        assert wechat.fetch_bill(day) == Unknown("bill_hash")
        side.script = bill(line.url, b"x", download_url="https://evil.example/x")
        assert wechat.fetch_bill(day) == Unknown("mismatch")
        side.script = [bill(line.url, b"x")[0], http(b"no gzip")]
        assert wechat.fetch_bill(day) == Unknown("bill_broken")
        side.script = [failed("NO_STATEMENT_EXIST")]
        assert wechat.fetch_bill(day) == NoBill()
        side.script = [failed("STATEMENT_CREATING")]
        assert wechat.fetch_bill(day) == BillNotReady()
        wechat.close()
    assert side.bad == []
