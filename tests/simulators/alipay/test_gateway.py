"""Who is let in, what proves an answer, and which errors nobody signs."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.simulators.alipay import AlipaySimulator
from pos.simulators.alipay.gateway import GatewayError, cert_sn, parameters, signed_text
from pos.simulators.alipay.wishes import FORMS, check
from pos.simulators.wallets.clock import plain
from pos.simulators.wallets.server import Request
from tests.simulators.wallets.clients import AlipayClient, good, inner_of, private, send, sign
from tests.simulators.wallets.shops import NOON

QUERY = "alipay.trade.query"
NOBODY = {"out_trade_no": "NOBODY01"}


def _sub(got: Any) -> tuple[str, str]:
    node = next(iter(got.data))
    return node, got.data[node].get("sub_code", "")


@pytest.mark.parametrize(
    ("name", "value", "sub_code", "bare"),
    [
        ("app_id", "2021000000000009", "isv.invalid-app-id", True),
        ("app_id", None, "isv.missing-app-id", True),
        ("method", "alipay.trade.nonsense", "isv.invalid-method", True),
        ("method", None, "isv.missing-method", True),
        ("sign", "AAAA", "isv.invalid-signature", True),
        ("sign", "not base64!", "isv.invalid-signature", True),
        ("sign_type", "RSA", "isv.invalid-signature-type", True),
        ("charset", "latin-9", "isv.invalid-charset", True),
        ("timestamp", plain(NOON - 8 * 3600), "isv.invalid-timestamp", True),
        ("timestamp", plain(NOON + 601), "isv.invalid-timestamp", True),
        ("timestamp", "2026-03-01T12:00:00", "isv.invalid-timestamp", True),
        ("timestamp", None, "isv.missing-timestamp", True),
        ("version", "2.0", "isv.invalid-version", True),
        ("format", "XML", "isv.invalid-format", True),
        ("biz_content", None, "isv.missing-biz-content", True),
        ("biz_content", "[]", "isv.invalid-parameter", True),
        ("biz_content", "{", "isv.invalid-parameter", True),
    ],
)
def test_the_gateway_refuses(
    alipay: AlipaySimulator, name: str, value: str | None, sub_code: str, bare: bool
) -> None:
    got = AlipayClient(alipay).raw(QUERY, NOBODY, other={name: value})
    assert got.status == 200
    assert _sub(got) == ("error_response", sub_code)
    assert ("sign" in got.data) != bare


def test_a_request_signed_by_another_key_is_refused(alipay: AlipaySimulator) -> None:
    client = AlipayClient(alipay)
    client.key = private(alipay.folder / "provider_stranger_key.pem")
    wish = client.pay_wish("ORDER001", "1.00", "284567890123456789")
    got = client.raw("alipay.trade.pay", wish)
    assert _sub(got)[1] == "isv.invalid-signature"
    assert "284567890123456789" not in got.body.decode()
    assert alipay.book.orders == {}


def test_the_signature_covers_every_parameter(alipay: AlipaySimulator) -> None:
    client = AlipayClient(alipay)
    values = {
        "app_id": client.files["app_id"],
        "method": QUERY,
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": plain(NOON),
        "version": "1.0",
        "biz_content": json.dumps(NOBODY),
    }
    values["sign"] = sign(client.key, signed_text(values).encode())
    whole = send(alipay.url, "GET", f"/gateway.do?{urlencode(values)}", b"", {}, 1)
    assert b"ACQ.TRADE_NOT_EXIST" in whole.body
    for name in sorted(set(values) - {"sign", "charset"}):
        changed = values | {name: values[name][:-1]}
        got = send(alipay.url, "GET", f"/gateway.do?{urlencode(changed)}", b"", {}, 1)
        assert b"ACQ.TRADE_NOT_EXIST" not in got.body
        assert b"error_response" in got.body
    more = urlencode(values | {"app_auth_token": "x"})
    got = send(alipay.url, "GET", f"/gateway.do?{more}", b"", {}, 1)
    assert b"isv.invalid-signature" in got.body


def test_a_charset_outside_the_url_garbles_chinese() -> None:
    body = urlencode({"charset": "utf-8", "subject": "柜台"}).encode()
    in_url, _ = parameters(Request("POST", "/gateway.do?charset=utf-8", {}, body))
    in_body, charset = parameters(Request("POST", "/gateway.do", {}, body))
    assert in_url["subject"] == "柜台"
    assert (in_body["subject"] != "柜台", charset) == (True, "gb18030")


def test_gbk_both_ways(alipay: AlipaySimulator) -> None:
    client = AlipayClient(alipay)
    values = {
        "app_id": client.files["app_id"],
        "method": "alipay.trade.precreate",
        "charset": "GBK",
        "sign_type": "RSA2",
        "timestamp": plain(NOON),
        "version": "1.0",
        "biz_content": json.dumps(
            {"out_trade_no": "GBK00001", "total_amount": "1.00", "subject": "柜台"},
            ensure_ascii=False,
        ),
    }
    values["sign"] = sign(client.key, signed_text(values).encode("gbk"))
    query = urlencode(values, encoding="gbk")
    got = send(alipay.url, "GET", f"/gateway.do?{query}", b"", {}, 1)
    data = json.loads(got.body.decode("gbk"))
    assert data["alipay_trade_precreate_response"]["code"] == "10000"
    assert alipay.book.orders["GBK00001"].text["subject"] == "柜台"


def test_real_time_is_good_too_when_the_clock_is_elsewhere(alipay: AlipaySimulator) -> None:
    got = AlipayClient(alipay).raw(QUERY, NOBODY, other={"timestamp": plain(time.time())})
    assert _sub(got)[1] == "ACQ.TRADE_NOT_EXIST"


def test_the_signature_covers_the_raw_inner_object(alipay: AlipaySimulator) -> None:
    client = AlipayClient(alipay)
    wish = {"out_trade_no": "ORDER001", "total_amount": "1.00", "subject": "柜台"}
    got = client.raw("alipay.trade.precreate", wish)
    inner = inner_of(got.body, "alipay_trade_precreate_response")
    assert b"https:\\/\\/qr.alipay.com\\/bax" in inner
    assert good(client.answers, got.data["sign"], inner)
    assert not good(client.answers, got.data["sign"], inner.replace(b"\\/", b"/"))


def test_certificate_mode(alipay: AlipaySimulator) -> None:
    client, app = AlipayClient(alipay), alipay.app
    numbers = {
        "app_cert_sn": cert_sn(app.app.certificate),
        "alipay_root_cert_sn": cert_sn(app.root.certificate),
    }
    got = client.raw(QUERY, NOBODY, other=numbers)
    inner = inner_of(got.body, "alipay_trade_query_response")
    assert good(app.alipay.key.public_key(), got.data["sign"], inner)
    assert not good(client.answers, got.data["sign"], inner)
    assert got.data["alipay_cert_sn"] == cert_sn(app.alipay.certificate)
    for name in numbers:
        half = client.raw(QUERY, NOBODY, other={**numbers, name: None})
        assert _sub(half)[1] == "isv.missing-app-cert-sn"
        wrong = client.raw(QUERY, NOBODY, other=numbers | {name: "0" * 32})
        assert _sub(wrong)[1] == "isv.invalid-app-cert-sn"
    alipay.settings.signing = "certificate"
    assert _sub(client.raw(QUERY, NOBODY))[1] == "isv.missing-app-cert-sn"


def test_other_paths(alipay: AlipaySimulator) -> None:
    got = send(alipay.url, "GET", "/", b"", {}, 1)
    assert b"isv.invalid-method" in got.body


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    st.sampled_from(sorted(FORMS)),
    st.dictionaries(
        st.sampled_from(["out_trade_no", "total_amount", "auth_code", "bill_date", "x"]), _JSON
    ),
)
def test_any_wish_is_checked_in_order(method: str, wish: dict[str, Any]) -> None:
    refused = ""
    try:
        check(method, wish)
    except GatewayError as why:
        refused = why.sub_code
    assert refused in ("", "ACQ.INVALID_PARAMETER")
    if not refused:
        assert all(isinstance(value, str) for value in wish.values())
