"""The Alipay gateway over a real wire: what it sends, what it believes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pos.payments.alipay.answers import fen_of
from pos.payments.alipay.gateway import AlipayGateway
from pos.payments.alipay.signing import take_apart
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
    Trouble,
    Unknown,
)
from tests.payments.alipay_side import APP_ID, NOW, Alipay, gateway
from tests.payments.line import Line, http

NUMBER = "0123456789abcdef0123456789abcdef"
CHARGE = Charge(NUMBER, 1230, "柜台 {商品} & ¥", "0001", "02", "7")
CODE = read_code("280000000000000001")
TRADE = {
    "code": "10000",
    "msg": "Success",
    "trade_no": "2026030122001400001000000001",
    "out_trade_no": NUMBER,
    "buyer_logon_id": "138****0000",
    "total_amount": "12.30",
    "receipt_amount": "12.30",
    "buyer_pay_amount": "12.00",
    "gmt_payment": "2026-03-01 12:00:01",
    "store_name": 'A{B店}"\\" 😀 }',
}
PAID = Paid(NUMBER, "2026030122001400001000000001", 1230, 1200, "2026-03-01T12:00:01+08:00")
FOUND = {**TRADE, "trade_status": "TRADE_SUCCESS"}
ASK = RefundAsk(NUMBER, "0123456789abcdef0123456789abcd99", 1230, 1000, "退货")
BACK = {
    "code": "10000",
    "msg": "Success",
    "trade_no": "2026030122001400001000000001",
    "out_trade_no": NUMBER,
    "out_request_no": ASK.out_refund_no,
    "total_amount": "12.30",
    "refund_amount": "10.00",
    "refund_status": "REFUND_SUCCESS",
    "gmt_refund_pay": "2026-03-01 12:30:00",
}


def failed(sub_code: str, code: str = "40004", **more: str) -> dict[str, str]:
    return {"code": code, "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "原因", **more}


def asked(
    folder: Path, script: list[Any], call: Callable[[AlipayGateway], Any], **changed: Any
) -> tuple[Any, list[dict[str, str]]]:
    """What a call gives with these answers, and the parameters that were sent for it."""
    side = Alipay(script)
    with Line(side) as line:
        alipay = gateway(folder, line, **changed)
        try:
            answer = call(alipay)
        finally:
            alipay.close()
    assert side.bad == []
    return answer, side.asked


def pay(alipay: AlipayGateway) -> Any:
    return alipay.pay_code(CHARGE, CODE)


def query(alipay: AlipayGateway) -> Any:
    return alipay.query(CHARGE)


# --- what is sent ---


def test_a_payment_code_is_sent_as_a_form_with_yuan_and_beijing_time(tmp_path: Path) -> None:
    answer, [sent] = asked(tmp_path, [TRADE], pay)
    assert answer == PAID
    assert (sent["app_id"], sent["method"]) == (APP_ID, "alipay.trade.pay")
    assert (sent["sign_type"], sent["charset"], sent["version"]) == ("RSA2", "utf-8", "1.0")
    assert json.loads(sent["biz_content"]) == {
        "out_trade_no": NUMBER,
        "total_amount": "12.30",
        "subject": "柜台 {商品} & ¥",
        "store_id": "0001",
        "terminal_id": "000102",
        "operator_id": "7",
        "scene": "bar_code",
        "auth_code": "280000000000000001",
        "product_code": "FACE_TO_FACE_PAYMENT",
        "timeout_express": "2m",
    }


def test_each_call_goes_to_its_method(tmp_path: Path) -> None:
    ends = NOW + timedelta(seconds=170)
    qr = {"code": "10000", "out_trade_no": NUMBER, "qr_code": "https://qr.alipay.com/bax01"}
    answer, [sent] = asked(tmp_path, [qr], lambda a: a.create_qr(CHARGE, ends))
    assert answer == QrReady("https://qr.alipay.com/bax01", ends)
    assert sent["method"] == "alipay.trade.precreate"
    assert json.loads(sent["biz_content"])["qr_code_timeout_express"] == "3m"
    done = {"code": "10000", "out_trade_no": NUMBER, "retry_flag": "N", "action": "refund"}
    answer, [sent] = asked(tmp_path, [done], lambda a: a.cancel(CHARGE, "code"))
    assert (answer, sent["method"]) == (CancelDone(returned=True), "alipay.trade.cancel")
    answer, [sent] = asked(tmp_path, [done | {"action": ""}], lambda a: a.cancel(CHARGE, "qr"))
    assert (answer, sent["method"]) == (CancelDone(), "alipay.trade.close")
    answer, [sent] = asked(tmp_path, [FOUND], query)
    assert (answer, sent["method"]) == (PAID, "alipay.trade.query")
    answer, [sent] = asked(tmp_path, [{**BACK, "fund_change": "Y"}], lambda a: a.refund(ASK))
    assert (answer, sent["method"]) == (RefundPending(), "alipay.trade.refund")
    assert json.loads(sent["biz_content"])["refund_amount"] == "10.00"
    answer, [sent] = asked(tmp_path, [BACK], lambda a: a.query_refund(ASK))
    assert answer == Refunded(
        ASK.out_refund_no, PAID.transaction_id, 1000, "2026-03-01T12:30:00+08:00"
    )
    assert sent["method"] == "alipay.trade.fastpay.refund.query"


# --- what verified answers mean ---


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ({"code": "10003", "out_trade_no": NUMBER}, Pending("user_paying")),
        ({"code": "20000", "sub_code": "isp.unknow-error"},
         Unknown("system_error", "isp.unknow-error")),
        (failed("ACQ.SYSTEM_ERROR"), Unknown("system_error", "ACQ.SYSTEM_ERROR")),
        (failed("ACQ.TRADE_HAS_SUCCESS"), Unknown("system_error", "ACQ.TRADE_HAS_SUCCESS")),
        (failed("ACQ.CODE_OF_TOMORROW"), Unknown("system_error", "ACQ.CODE_OF_TOMORROW")),
        (failed("ACQ.PAYMENT_AUTH_CODE_INVALID"),
         NotPaid("code_invalid", "ACQ.PAYMENT_AUTH_CODE_INVALID")),
        (failed("ACQ.BUYER_BALANCE_NOT_ENOUGH", out_trade_no=NUMBER),
         NotPaid("balance_short", "ACQ.BUYER_BALANCE_NOT_ENOUGH")),
        (failed("ACQ.BUYER_BALANCE_NOT_ENOUGH", out_trade_no="f" * 32), Unknown("mismatch")),
        (failed("ACQ.PULL_MOBILE_CASHIER_FAIL"),
         NotPaid("pay_failed", "ACQ.PULL_MOBILE_CASHIER_FAIL", closed=False)),
        (failed("isv.invalid-signature", "40002"),
         Unknown("keys_refused", "isv.invalid-signature", misconfigured=True)),
        (failed("isv.insufficient-isv-permissions", "40006"),
         Unknown("no_permission", "isv.insufficient-isv-permissions", misconfigured=True)),
        ({**TRADE, "total_amount": "12.3"}, PAID),
    ],
)  # fmt: skip
def test_what_a_verified_answer_to_a_payment_means(
    tmp_path: Path, answer: Any, meaning: Any
) -> None:
    assert asked(tmp_path, [answer], pay)[0] == meaning


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ({**FOUND, "trade_status": "TRADE_FINISHED"}, PAID),
        ({**FOUND, "trade_status": "WAIT_BUYER_PAY"}, Pending("user_paying")),
        ({**FOUND, "trade_status": "TRADE_CLOSED"}, NotPaid("closed")),
        ({**FOUND, "trade_status": ""}, Unknown("not_understood")),
        (failed("ACQ.TRADE_NOT_EXIST"), Missing()),
        (failed("ACQ.SYSTEM_ERROR"), Unknown("system_error", "ACQ.SYSTEM_ERROR")),
        ({"code": 10000}, Unknown("not_understood")),
    ],
)
def test_what_a_verified_answer_to_a_query_means(tmp_path: Path, answer: Any, meaning: Any) -> None:
    assert asked(tmp_path, [answer], query)[0] == meaning


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ({"code": "10000", "out_trade_no": NUMBER, "retry_flag": "Y"}, Unknown("cancel_again")),
        ({"code": "10000", "out_trade_no": "f" * 32}, Unknown("mismatch")),
        (failed("ACQ.SYSTEM_ERROR", retry_flag="Y"), Unknown("cancel_again")),
        (failed("ACQ.TRADE_NOT_EXIST"), Missing()),
        (failed("ACQ.TRADE_STATUS_ERROR"), AlreadyPaid()),
        (failed("ACQ.TRADE_CANCEL_TIME_OUT"),
         CancelRefused("cancel_refused", "ACQ.TRADE_CANCEL_TIME_OUT")),
    ],
)  # fmt: skip
def test_what_a_verified_answer_to_a_cancel_means(
    tmp_path: Path, answer: Any, meaning: Any
) -> None:
    assert asked(tmp_path, [answer], lambda a: a.cancel(CHARGE, "code"))[0] == meaning


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ({"code": "10000", "msg": "Success"}, Missing()),
        ({**BACK, "refund_status": ""}, Refunded(
            ASK.out_refund_no, PAID.transaction_id, 1000, "2026-03-01T12:30:00+08:00")),
        ({**BACK, "refund_amount": "9.99"}, Unknown("mismatch")),
        ({**BACK, "out_request_no": "x"}, Unknown("mismatch")),
        ({**BACK, "total_amount": "1.00"}, Unknown("mismatch")),
        (failed("ACQ.TRADE_NOT_EXIST"), Missing()),
    ],
)  # fmt: skip
def test_10000_alone_is_no_refund(tmp_path: Path, answer: Any, meaning: Any) -> None:
    assert asked(tmp_path, [answer], lambda a: a.query_refund(ASK))[0] == meaning


def test_a_refund_without_money_in_the_shop_is_tried_again(tmp_path: Path) -> None:
    short, never = "ACQ.SELLER_BALANCE_NOT_ENOUGH", "ACQ.TRADE_NOT_ALLOW_REFUND"
    answer, _ = asked(tmp_path, [failed(short)], lambda a: a.refund(ASK))
    assert answer == RefundRefused("merchant_balance_short", short, again=True)
    answer, _ = asked(tmp_path, [failed(never)], lambda a: a.refund(ASK))
    assert answer == RefundRefused("refund_refused", never)


# --- what is not believed ---


@pytest.mark.parametrize(
    "changed",
    [
        {"out_trade_no": "f" * 32},
        {"out_trade_no": ""},
        {"total_amount": "12.31"},
        {"total_amount": "12.300001"},
        {"total_amount": "1e3"},
        {"total_amount": ""},
        {"trade_no": ""},
        {"buyer_pay_amount": "99.00"},
        {"seller_id": "2088000000000002"},
    ],
)
def test_paid_is_for_our_number_and_seller_over_our_amount(
    tmp_path: Path, changed: dict[str, str]
) -> None:
    for answer, call in ((TRADE, pay), (FOUND, query)):
        got, _ = asked(tmp_path, [{**answer, **changed}], call, seller_id="2088000000000001")
        assert got == Unknown("mismatch")


def test_no_byte_of_the_signed_text_can_be_changed(tmp_path: Path) -> None:
    good = Alipay().signed("alipay.trade.query", FOUND)
    end = good.rindex(b',"sign"')
    bodies = [good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in range(end)]
    side = Alipay([http(body) for body in bodies])
    side.script.append(None)
    with Line(side) as line:
        alipay = gateway(tmp_path, line)
        codes = {query(alipay).code for _ in bodies}
        alipay.close()
    assert codes <= {"bad_signature", "unsigned", "not_understood", "portal"}


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        (b"<html>log in</html>", Unknown("portal")),
        (b"", Unknown("not_understood")),
        (b"[1]", Unknown("not_understood")),
        (b'{"a":' * 20_000, Unknown("not_understood")),
        (b'{"sign":"x"}', Unknown("unsigned")),
        (b'{"alipay_trade_pay_response":{"code":"10000"}}', Unknown("unsigned", "10000")),
        (b'{"alipay_trade_pay_response":{"code":"10000"},"sign":5}', Unknown("unsigned", "10000")),
        (b'{"error_response":{"code":"40002","sub_code":"isv.invalid-app-id"}}',
         Unknown("keys_refused", "isv.invalid-app-id", misconfigured=True)),
        (b'{"error_response":{"code":"20000","sub_code":"isp.unknow-error"}}',
         Unknown("unsigned", "isp.unknow-error")),
        (b'{"error_response":{"code":"40002","sub_code":"isv.invalid-timestamp"}}',
         Unknown("clock_off", "isv.invalid-timestamp", misconfigured=True)),
    ],
)  # fmt: skip
def test_what_is_no_signed_answer_decides_nothing(
    tmp_path: Path, body: bytes, meaning: Unknown
) -> None:
    assert asked(tmp_path, [http(body)], pay)[0] == meaning


def test_a_second_answer_hidden_in_the_first_is_refused(tmp_path: Path) -> None:
    """The same member twice: one parser's first is another's last."""
    good = Alipay().signed("alipay.trade.pay", failed("ACQ.PAYMENT_FAIL")).decode()
    fake = '"alipay_trade_pay_response":' + json.dumps(TRADE)
    for body in (f"{{{fake},{good[1:]}", f"{good[:-1]},{fake}}}"):
        answer, _ = asked(tmp_path, [http(body.encode())], pay)
        assert answer == Unknown("not_understood")


def test_an_answer_to_another_method_is_no_answer(tmp_path: Path) -> None:
    other = Alipay().signed("alipay.trade.query", FOUND)
    assert asked(tmp_path, [http(other)], pay)[0] == Unknown("unsigned")


def test_warming_tells_wrong_keys_and_clocks(tmp_path: Path) -> None:
    assert asked(tmp_path, [failed("ACQ.TRADE_NOT_EXIST")], lambda a: a.warm())[0] is None
    wrong = http(b'{"error_response":{"code":"40002","sub_code":"isv.invalid-signature"}}')
    answer, _ = asked(tmp_path, [wrong], lambda a: a.warm())
    assert answer == Trouble("keys_refused", "isv.invalid-signature")
    body = Alipay().signed("alipay.trade.query", failed("ACQ.TRADE_NOT_EXIST"))
    ahead = http(body, {"Date": "Sun, 01 Mar 2026 03:58:00 GMT"})
    answer, _ = asked(tmp_path, [ahead], lambda a: a.warm())
    assert answer == Trouble("clock_off", "120")


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
))  # fmt: skip
@example({"a": '}{"sign":"', "b": ["\\", '\\"']})
def test_the_raw_text_is_cut_out_whatever_is_inside(inside: Any) -> None:
    for escaped in (True, False):
        node = json.dumps({"x": inside}, ensure_ascii=escaped)
        body = f' {{ "n" : {node} , "sign" : "s" }}\n'.encode("utf-8", "surrogatepass")
        parts = take_apart(body, "n")
        if parts is None:  # a lone surrogate is no UTF-8
            assert not escaped
        else:
            assert (parts.node, parts.sign) == (node, "s")


@pytest.mark.parametrize(
    ("text", "fen"),
    [("12.30", 1230), ("0.01", 1), ("12", 1200), ("-1.00", None), ("1.005", None), ("NaN", None),
     ("Infinity", None), ("１２", None), ("", None), ("9" * 20, None)],
)  # fmt: skip
def test_yuan_becomes_whole_fen_or_nothing(text: str, fen: int | None) -> None:
    assert fen_of(text) == fen


# --- bills ---


def test_a_bill_is_fetched_from_where_the_verified_answer_says(tmp_path: Path) -> None:
    day = date(2026, 2, 28)
    side = Alipay()
    packed = http(b"PK\x03\x04rest", {"Content-Type": "application/zip"})

    def handler(request: Any) -> bytes | None:
        return packed if request.method == "GET" else side(request)

    def told(url: str) -> list[Any]:
        return [{"code": "10000", "bill_download_url": url}]

    with Line(handler) as line:
        alipay = gateway(tmp_path, line)
        side.script = told(f"{line.url}/bill?token=1&x=%E4%B8%80")
        assert alipay.fetch_bill(day) == BillFile("alipay", day, b"PK\x03\x04rest")
        assert line.requests[-1].target == "/bill?token=1&x=%E4%B8%80"
        asked_for = json.loads(side.asked[0]["biz_content"])
        assert asked_for == {"bill_type": "trade", "bill_date": "2026-02-28"}
        for elsewhere in ("http://192.0.2.1/x", "file:///etc/passwd", "https://a:b@x.alipay.com/"):
            side.script = told(elsewhere)
            assert alipay.fetch_bill(day) == Unknown("mismatch")
        side.script = [failed("isp.bill_not_exist")]
        assert alipay.fetch_bill(day) == NoBill()
        side.script = [failed("BILL_NOT_READY")]
        assert alipay.fetch_bill(day) == BillNotReady()
        alipay.close()
