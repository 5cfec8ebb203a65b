"""What the WeChat Pay gateway does not believe, and what it does without an answer."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pos.payments.protocol import Missing, NotSent, Trouble, Unknown
from pos.payments.wechat.gateway import WechatGateway
from tests.payments.line import Line, Request, http
from tests.payments.test_wechat import ORDER, PAID, asked, pay, query
from tests.payments.wechat_side import NOW, SECONDS, Ticks, Wechat, gateway, settings


@pytest.mark.parametrize(
    "changed",
    [
        {"out_trade_no": "f" * 32},
        {"mchid": "1900000002"},
        {"appid": "wxsomebodyelse0000"},
        {"transaction_id": ""},
        {"transaction_id": "<b>1</b>"},
        {"amount": {"total": 1233, "currency": "CNY"}},
        {"amount": {"total": 1234, "currency": "HKD"}},
        {"amount": {"total": 1234, "payer_total": 1235}},
        {"amount": {"total": 1234, "payer_total": -1}},
        {"amount": None},
    ],
)
def test_paid_is_for_our_number_at_our_merchant_over_our_amount(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    for call in (pay, query):
        answer, _ = asked(tmp_path, [("200 OK", {**ORDER, **changed})], call)
        assert answer == Unknown("mismatch")


def test_no_byte_of_an_answer_can_be_changed(tmp_path: Path) -> None:
    """Each byte of the body, one after the other, over one connection: nothing is believed."""
    side = Wechat([None])
    good = json.dumps(ORDER).encode()

    def mutated(at: int) -> bytes:
        answer = side.signed("200 OK", good)
        head, _, body = answer.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n" + body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]

    side.script = [mutated(at) for at in range(len(good))]
    side.script.append(None)
    with Line(side) as line:
        wechat = gateway(tmp_path, line)
        answers = {query(wechat) for _ in range(len(good))}
        wechat.close()
    assert answers == {Unknown("bad_signature")}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Wechatpay-Signature": "AAAA"}, "bad_signature"),
        ({"Wechatpay-Signature": "not base64"}, "bad_signature"),
        ({"Wechatpay-Signature": ""}, "unsigned"),
        ({"Wechatpay-Nonce": "another"}, "bad_signature"),
        ({"Wechatpay-Timestamp": str(SECONDS + 1)}, "bad_signature"),
        ({"Wechatpay-Timestamp": "soon"}, "unsigned"),
        ({"Wechatpay-Timestamp": "9" * 5000}, "unsigned"),
        ({"Wechatpay-Serial": "PUB_KEY_ID_OTHER"}, "unknown_serial"),
        ({"Content-Encoding": "gzip"}, "encoded"),
    ],
)
def test_no_header_of_an_answer_can_be_changed(
    tmp_path: Path, headers: dict[str, str], code: str
) -> None:
    side = Wechat()
    answer, _ = asked(tmp_path, [side.signed("200 OK", ORDER, headers)], pay)
    assert isinstance(answer, Unknown)
    assert answer.code == code


def test_an_answer_signed_by_somebody_else_is_not_believed(tmp_path: Path) -> None:
    side = Wechat()
    answer, _ = asked(tmp_path, [side.signed("200 OK", ORDER, by="stranger")], pay)
    assert answer == Unknown("bad_signature")


def test_an_answer_is_believed_once(tmp_path: Path) -> None:
    same = Wechat().signed("404 Not Found", {"code": "ORDER_NOT_EXIST"})
    side = Wechat([same])
    with Line(side) as line:
        wechat = gateway(tmp_path, line)
        assert query(wechat) == Missing()
        assert query(wechat) == Unknown("replayed")
        wechat.close()


def test_an_old_answer_is_not_believed_and_the_clock_is_suspected(tmp_path: Path) -> None:
    side = Wechat([("200 OK", ORDER)])
    for minutes, code in ((4, ""), (-4, ""), (6, "clock_off"), (-6, "clock_off")):
        ticks = Ticks(now=NOW + timedelta(minutes=minutes))
        with Line(side) as line:
            wechat = WechatGateway(settings(tmp_path, line.url), tmp_path, ticks.clock)
            answer = query(wechat)
            wechat.close()
        assert answer == (Unknown(code, misconfigured=True) if code else PAID)


@pytest.mark.parametrize(
    ("raw", "meaning"),
    [
        (http(b"<html>log in</html>", {"Content-Type": "text/html"}), Unknown("portal")),
        (http(b"{}", {"Location": "http://portal/"}, "302 Found"), Unknown("redirected")),
        (http(json.dumps(ORDER).encode()), Unknown("unsigned")),
        (http(b'{"code":"NOT_ENOUGH"}', status="403 No"),
         Unknown("no_permission", "NOT_ENOUGH", misconfigured=True)),
        (http(b'{"code":"SIGN_ERROR"}', status="401 No"),
         Unknown("keys_refused", "SIGN_ERROR", misconfigured=True)),
        (http(b"busy", status="503 Busy"), Unknown("system_error")),
        (http(b"x" * 300_000), Unknown("too_big")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", Unknown("read_timeout")),
        (b"SSH-2.0-OpenSSH\r\n", Unknown("read_timeout")),
        (None, Unknown("broken")),
    ],
)  # fmt: skip
def test_what_is_no_answer_of_wechat_decides_nothing(
    tmp_path: Path, raw: bytes | None, meaning: Unknown
) -> None:
    def once(request: Request) -> bytes | None:
        return raw

    patience = 0.2 if raw is None or (raw[:4] in (b"SSH-", b"HTTP") and len(raw) < 100) else 2.0
    answer, _ = asked(tmp_path, [once], pay, read_seconds=patience)
    assert answer == meaning


def test_a_wrong_clock_explains_a_refused_signature(tmp_path: Path) -> None:
    refused = http(b'{"code":"SIGN_ERROR"}', {"Date": "Sun, 01 Mar 2026 04:02:00 GMT"}, "401 No")
    answer, _ = asked(tmp_path, [refused], pay)
    assert answer == Unknown("clock_off", "-120", misconfigured=True)


def test_warming_tells_what_a_technician_should_see_to(tmp_path: Path) -> None:
    absent = ("404 Not Found", {"code": "ORDER_NOT_EXIST", "message": ""})
    assert asked(tmp_path, [absent], lambda w: w.warm())[0] is None
    ahead = Wechat().signed("404 Not Found", absent[1], {"Date": "Sun, 01 Mar 2026 03:58:59 GMT"})
    trouble, _ = asked(tmp_path, [ahead], lambda w: w.warm())
    assert trouble == Trouble("clock_off", "61")
    wrong = http(b'{"code":"SIGN_ERROR"}', status="401 No")
    assert asked(tmp_path, [wrong], lambda w: w.warm())[0] == Trouble("keys_refused", "SIGN_ERROR")


def test_the_connection_is_kept_and_opened_beforehand(tmp_path: Path) -> None:
    side = Wechat([("200 OK", ORDER)])
    with Line(side) as line:
        wechat = gateway(tmp_path, line)
        wechat.warm()
        assert [pay(wechat), query(wechat), query(wechat)] == [PAID] * 3
        assert line.connections == 1
        wechat.close()


def test_the_standby_is_asked_when_the_first_host_cannot_be_reached(tmp_path: Path) -> None:
    side = Wechat([("200 OK", ORDER)])
    with Line(lambda request: None) as gone:
        dead = gone.url
    with Line(side) as line:
        wechat = gateway(tmp_path, line, base_url=dead, standby_url=line.url)
        assert pay(wechat) == PAID
        assert query(wechat) == PAID
        wechat.close()
        alone = gateway(tmp_path, line, base_url=dead)
        assert pay(alone) == NotSent("connect_failed")
        alone.close()


def test_a_payment_that_may_have_been_sent_is_not_sent_to_the_standby(tmp_path: Path) -> None:
    first, second = Wechat([lambda request: None]), Wechat([("200 OK", ORDER)])
    with Line(first) as one, Line(second) as two:
        wechat = gateway(tmp_path, one, standby_url=two.url)
        assert pay(wechat) == Unknown("broken")
        assert two.requests == []
        wechat.close()
