"""The platform's own checks and codes, asked over its wire by a client that is not ours."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx2
import pytest
from nuonuo.signing import sign  # type: ignore[import-untyped]

from pos.simulators.tax import SCRIPTS, Settings, TaxSimulator
from pos.simulators.tax.checking import order_fault
from pos.simulators.wallets.clock import WalletClock

SELLER = "339902999999789113"
ROW = {
    "goodsName": "饼干", "goodsCode": "1030201030000000000", "withTaxFlag": "1", "price": "4.95",
    "num": "2", "tax": "1.14", "taxExcludedAmount": "8.76", "taxIncludedAmount": "9.90",
    "taxRate": "0.13", "invoiceLineProperty": "2",
}  # fmt: skip
OFF = {
    "goodsName": "饼干", "goodsCode": "1030201030000000000", "withTaxFlag": "1", "tax": "-0.13",
    "taxExcludedAmount": "-0.97", "taxIncludedAmount": "-1.10", "taxRate": "0.13",
    "invoiceLineProperty": "1",
}  # fmt: skip
ORDER: dict[str, Any] = {
    "buyerName": "个人", "salerTaxNum": SELLER, "orderNo": "00010101000004201",
    "invoiceDate": "2026-07-27 10:00:00", "clerk": "王五", "invoiceType": "1", "invoiceLine": "pc",
    "pushMode": "-1", "invoiceDetail": [ROW, OFF],
}  # fmt: skip


class Client:
    """The wire as PyPI's client writes it."""

    def __init__(self, simulator: TaxSimulator) -> None:
        self.simulator = simulator
        self.secret = simulator.secret
        form = {
            "client_id": simulator.app_key,
            "client_secret": self.secret,
            "grant_type": "client_credentials",
        }
        self.token = self._post("/accessToken", urlencode(form).encode())["access_token"]

    def call(self, method: str, data: dict[str, Any], **wrong: str) -> dict[str, Any]:
        content = json.dumps(data, ensure_ascii=False)
        senid, nonce, stamp = "a" * 32, "12345678", str(int(self.simulator.clock.now()))
        query = {
            "senid": senid, "nonce": nonce, "timestamp": wrong.get("timestamp", stamp),
            "appkey": wrong.get("appkey", self.simulator.app_key),
        }  # fmt: skip
        signature = sign(
            wrong.get("secret", self.secret), query["appkey"], senid, nonce, content,
            query["timestamp"],
        )  # fmt: skip
        headers = {
            "X-Nuonuo-Sign": signature,
            "accessToken": wrong.get("token", self.token),
            "userTax": wrong.get("seller", SELLER),
            "method": f"nuonuo.OpeMplatform.{method}",
        }
        told: dict[str, Any] = self._post(
            f"/open/v1/services?{urlencode(query)}", content.encode(), headers
        )
        return told

    def _post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> Any:
        return httpx2.post(self.simulator.url + path, content=body, headers=headers or {}).json()


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[TaxSimulator]:
    clock = WalletClock()
    clock.set(1_785_117_784.0)
    with TaxSimulator(tmp_path, clock=clock, settings=Settings(hang_s=1.0)) as one:
        yield one


def test_states_in_time(simulator: TaxSimulator) -> None:
    client = Client(simulator)
    serial = client.call("requestBillingNew", {"order": ORDER})["result"]["invoiceSerialNum"]
    states = []
    for _ in range(3):
        (one,) = client.call("queryInvoiceResult", {"serialNos": [serial]})["result"]
        states.append(one["status"])
        simulator.clock.advance(1.0)
    assert states == ["20", "21", "2"]
    text = httpx2.get(one["xmlUrl"]).text
    assert "<TotaltaxIncludedAmount>9.90</TotaltaxIncludedAmount>" in text
    assert "模拟" in text


def test_who_may_call(simulator: TaxSimulator) -> None:
    client = Client(simulator)
    for wrong, code in (
        ({"secret": "other"}, "070102"),
        ({"appkey": "other"}, "070101"),
        ({"token": "other"}, "070305"),
        ({"timestamp": "1"}, "070103"),
        ({"seller": "91440300708461136T"}, "E9301"),
    ):
        assert client.call("queryInvoiceResult", {"orderNos": ["1"]}, **wrong)["code"] == code
    assert client.call("queryInvoiceResult", {"orderNos": ["1"]})["code"] == "E9500"
    assert client.call("queryInvoiceResult", {})["code"] == "E9611"
    assert client.call("somethingElse", {})["code"] == "E9338"


def test_tokens_run_out(simulator: TaxSimulator) -> None:
    for _ in range(50):
        Client(simulator)
    with pytest.raises(KeyError):
        Client(simulator)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"clerk": ""}, "E4000"),
        ({"buyerName": "长" * 101}, "E4000"),
        ({"invoiceType": "2"}, "E9101"),
        ({"invoiceLine": "p"}, "E9101"),
        ({"invoiceLine": "bs"}, "E4000"),
        ({"salerTaxNum": "1"}, "E9302"),
        ({"invoiceDetail": []}, "E9122"),
        ({"invoiceDetail": [ROW] * 2001}, "E9154"),
        ({"invoiceDetail": [OFF, ROW]}, "E9110"),
        ({"invoiceDetail": [ROW]}, "E9110"),
        ({"invoiceDetail": [ROW, OFF | {"goodsName": "饼"}]}, "E9105"),
        ({"invoiceDetail": [ROW, OFF | {"taxRate": "0.09", "tax": "-0.09"}]}, "E9130"),
        (
            {"invoiceDetail": [ROW, OFF | {"taxRate": "0.09", "tax": "-0.09",
                                           "taxExcludedAmount": "-1.01"}]},
            "E9112",
        ),
        (
            {"invoiceDetail": [ROW, OFF | {"taxExcludedAmount": "-9.73", "tax": "-1.27",
                                           "taxIncludedAmount": "-11.00"}]},
            "E9108",
        ),
        ({"invoiceDetail": [ROW | {"tax": "1.15"}, OFF]}, "E9130"),
        ({"invoiceDetail": [ROW | {"tax": "1.24", "taxExcludedAmount": "8.66"}, OFF]}, "E9131"),
        ({"invoiceDetail": [ROW | {"num": "-2"}, OFF]}, "E9114"),
        ({"invoiceDetail": [ROW | {"price": ""}, OFF]}, "E9123"),
        ({"invoiceDetail": [ROW | {"price": "4.90"}, OFF]}, "E4000"),
    ],
)  # fmt: skip
def test_what_the_platform_refuses(change: dict[str, Any], code: str) -> None:
    fault = order_fault({**copy.deepcopy(ORDER), **change}, SELLER)
    assert fault is not None
    assert fault[0] == code


def test_a_good_order_and_the_same_again(simulator: TaxSimulator) -> None:
    assert order_fault(copy.deepcopy(ORDER), SELLER) is None
    client = Client(simulator)
    assert client.call("requestBillingNew", {"order": ORDER})["code"] == "E0000"
    assert client.call("requestBillingNew", {"order": ORDER})["code"] == "E9106"


def test_what_was_taken_outlives_the_process(tmp_path: Path) -> None:
    with TaxSimulator(tmp_path) as first:
        Client(first).call("requestBillingNew", {"order": ORDER})
        before = first.ledger()["invoices"]
    with TaxSimulator(tmp_path) as second:
        assert second.ledger()["invoices"][0]["number"] == before[0]["number"]
        assert Client(second).call("requestBillingNew", {"order": ORDER})["code"] == "E9106"


def test_callbacks_once_twice_and_never(tmp_path: Path) -> None:
    heard: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            heard.append(parse_qs(body)["orderno"][0])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *parts: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    settings = Settings(issue_s=0.0, sign_s=0.0)
    try:
        with TaxSimulator(tmp_path, settings=settings, keep=False) as simulator:
            client = Client(simulator)
            for number, script in (("1", "good"), ("2", "callback_twice"), ("3", "callback_never")):
                simulator.wish(script, number)
                order = {**ORDER, "orderNo": number, "callBackUrl": url}
                assert client.call("requestBillingNew", {"order": order})["code"] == "E0000"
            until = time.monotonic() + 10
            while len(heard) < 3 and time.monotonic() < until:
                time.sleep(0.02)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert sorted(heard) == ["1", "2", "2"]


def test_every_script_is_known(simulator: TaxSimulator) -> None:
    assert len({one.name for one in SCRIPTS}) == len(SCRIPTS)
    for one in SCRIPTS:
        simulator.wish(one.name)
    with pytest.raises(LookupError):
        simulator.wish("luck")
