"""Who is let in, and what proves an answer."""

from __future__ import annotations

import json
import time

import pytest

from pos.simulators.wechat import WechatSimulator
from tests.simulators.wallets.clients import WechatClient, good, private, public, send

QUERY = "/v3/pay/transactions/out-trade-no/NOBODY01?mchid=1900000109"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mchid", "1900000000"),
        ("serial_no", "00"),
        ("timestamp", "1772337000"),
        ("timestamp", "1772338000"),
        ("timestamp", "yesterday!"),
        ("nonce_str", ""),
        ("signature", "AAAA"),
        ("signature", "not base64!"),
        ("extra", "x"),
    ],
)
def test_a_wrong_authorization_is_401(wechat: WechatSimulator, field: str, value: str) -> None:
    got = WechatClient(wechat).raw("GET", QUERY, other={field: value})
    assert (got.status, got.data["code"]) == (401, "SIGN_ERROR")


def test_the_signature_covers_method_path_query_and_body(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    assert client.raw("GET", QUERY).status == 404
    path = "/v3/pay/transactions/native"
    body = json.dumps(client.native_wish("ORDER001", 100)).encode()
    fit = client.authorization("POST", path, body)
    for method, target, sent in (
        ("POST", path, body.replace(b"100", b"101")),
        ("POST", path + "?a=1", body),
        ("PUT", path, body),
        ("POST", "/v3/pay/transactions/codepay", body),
    ):
        headers = {"Authorization": fit, "Accept": "*/*", "User-Agent": "t"}
        headers["Content-Type"] = "application/json"
        got = send(wechat.url, method, target, sent, headers, 1)
        assert (got.status, json.loads(got.body)["code"]) == (401, "SIGN_ERROR")
    assert wechat.book.orders == {}


def test_a_request_signed_by_another_key_is_refused(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    client.key = private(wechat.folder / "provider_stranger_key.pem")
    assert client.raw("GET", QUERY).status == 401


def test_a_nonce_serves_once(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    assert client.raw("GET", QUERY, other={"nonce_str": "once"}).status == 404
    again = client.raw("GET", QUERY, other={"nonce_str": "once"})
    assert (again.status, again.data["detail"]["field"]) == (401, "nonce_str")


def test_without_authorization_or_with_strange_headers(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    headers = {"Accept": "application/json", "User-Agent": "t"}
    assert send(wechat.url, "GET", QUERY, b"", headers, 1).status == 401
    headers["Authorization"] = client.authorization("GET", QUERY, b"").replace("2048", "1024")
    assert send(wechat.url, "GET", QUERY, b"", headers, 1).status == 401
    fit = {"Authorization": client.authorization("GET", QUERY, b""), "User-Agent": "t"}
    got = send(wechat.url, "GET", QUERY, b"", fit | {"Accept": "text/html"}, 1)
    assert (got.status, json.loads(got.body)["code"]) == (400, "PARAM_ERROR")
    got = send(wechat.url, "GET", QUERY, b"", fit | {"Accept": "*/*", "User-Agent": ""}, 1)
    assert got.status == 400


def test_real_time_is_good_too_when_the_clock_is_elsewhere(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    got = client.raw("GET", QUERY, other={"timestamp": str(int(time.time()))})
    assert got.status == 404
    assert abs(int(got.headers["wechatpay-timestamp"]) - time.time()) < 60


def test_answers_and_errors_are_signed_over_their_bytes(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    got = client.raw("GET", QUERY)
    assert client.believed(got)
    got.body = got.body.replace(b"ORDER", b"0RDER")
    assert not client.believed(got)


@pytest.mark.parametrize("mode", ["public_key", "certificate", "mixed"])
def test_the_mode_decides_whose_key_signs(wechat: WechatSimulator, mode: str) -> None:
    wechat.settings.signing = mode
    files = wechat.files()
    keys = {
        files["public_key_id"]: public(files["public_key"]),
        files["platform_serial"]: wechat.platform.certificate.key.public_key(),
    }
    client, seen = WechatClient(wechat), set()
    for asked in ("", "", *keys):
        headers = {"Accept": "*/*", "User-Agent": "t"}
        headers["Authorization"] = client.authorization("GET", QUERY, b"")
        if asked:
            headers["Wechatpay-Serial"] = asked
        got = send(wechat.url, "GET", QUERY, b"", headers, 1)
        if asked and mode not in ("mixed", _mode_of(asked)):
            assert got.status == 400
            continue
        serial = got.headers["wechatpay-serial"]
        head = f"{got.headers['wechatpay-timestamp']}\n{got.headers['wechatpay-nonce']}\n"
        message = head.encode() + got.body + b"\n"
        assert good(keys[serial], got.headers["wechatpay-signature"], message)
        assert asked in ("", serial)
        seen.add(_mode_of(serial))
    assert seen == ({"public_key", "certificate"} if mode == "mixed" else {mode})


def _mode_of(serial: str) -> str:
    return "public_key" if serial.startswith("PUB_KEY_ID_") else "certificate"


def test_certificates_only_for_merchants_that_have_them(wechat: WechatSimulator) -> None:
    got = WechatClient(wechat).raw("GET", "/v3/certificates")
    assert (got.status, got.data["code"]) == (404, "RESOURCE_NOT_EXISTS")


def test_unknown_paths(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    for method, path in (("GET", "/v3/nothing"), ("POST", "/"), ("GET", "/v3/pay/transactions")):
        assert client.raw(method, path).status == 404
