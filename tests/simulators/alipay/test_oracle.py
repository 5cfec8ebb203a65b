"""python-alipay-sdk, which others wrote, talks to the simulator from end to end."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pos.simulators.alipay import AlipaySimulator
from pos.simulators.wallets import WalletClock
from pos.simulators.wallets.clock import beijing
from tests.simulators.alipay.test_bills import BILL, details_of, files_of, get
from tests.simulators.wallets.shops import folder_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pyOpenSSL announces what it will drop
    sdk = pytest.importorskip("alipay")


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlipaySimulator]:
    """The library writes the machine's local time: the machine is put in Beijing."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    folder = folder_of(AlipaySimulator, tmp_path)
    with AlipaySimulator(folder, clock=WalletClock(), sync=False) as simulator:
        yield simulator
    monkeypatch.undo()
    time.tzset()


def _library(simulator: AlipaySimulator, certificates: bool) -> Any:
    files = {name: Path(path) for name, path in simulator.files().items()}
    key = files["app_private_key"].read_text()
    app_id = simulator.app.app_id
    if certificates:
        made = sdk.DCAliPay(
            appid=app_id,
            app_private_key_string=key,
            app_public_key_cert_string=files["app_cert"].read_text(),
            alipay_public_key_cert_string=files["alipay_cert"].read_text(),
            alipay_root_cert_string=files["alipay_root_cert"].read_text(),
        )
    else:
        made = sdk.AliPay(
            appid=app_id,
            app_private_key_string=key,
            alipay_public_key_string=files["alipay_public_key"].read_text(),
        )
    made._gateway = simulator.files()["gateway"]
    return made


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("certificates", [False, True])
def test_a_day_with_the_library(live: AlipaySimulator, certificates: bool) -> None:
    live.settings.signing = "certificate" if certificates else "public_key"
    pay = _library(live, certificates)
    made = pay.api_alipay_trade_precreate("柜台小店", "ORDER001", "8.80")
    live.scan(made["qr_code"])
    assert pay.api_alipay_trade_query("ORDER001")["trade_status"] == "TRADE_SUCCESS"
    code = "284567890123456789"
    paid = pay.api_alipay_trade_pay("ORDER002", "bar_code", code, "小店", total_amount="12.05")
    assert (paid["code"], paid["total_amount"]) == ("10000", "12.05")
    assert pay.api_alipay_trade_cancel("ORDER002")["action"] == "refund"
    back = pay.api_alipay_trade_refund("0.80", "ORDER001", out_request_no="R1")
    assert (back["fund_change"], back["refund_fee"]) == ("Y", "0.80")
    found = pay.api_alipay_trade_fastpay_refund_query("R1", out_trade_no="ORDER001")
    assert found["refund_status"] == "REFUND_SUCCESS"
    live.casting.give("asks_for_ever")
    pay.api_alipay_trade_pay("ORDER003", "bar_code", code[:-1] + "0", "小店", total_amount="1.00")
    assert pay.api_alipay_trade_close("ORDER003")["code"] == "10000"
    declined = pay.api_alipay_trade_query("NOBODY01")
    assert declined["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    assert live.moved("ORDER001") == (880, 80)
    assert live.moved("ORDER002") == (1205, 1205)
    _bill(live, pay)


def _bill(live: AlipaySimulator, pay: Any) -> None:
    today = beijing(live.clock.now())
    live.clock.advance(((today + timedelta(days=1)).replace(hour=11) - today).total_seconds())
    wish = {"bill_type": "trade", "bill_date": today.strftime("%Y-%m-%d")}
    link = pay.server_api(BILL, wish)["bill_download_url"]
    assert len(details_of(files_of(get(live, link).body))) == 4


def test_the_library_sees_a_forged_answer(live: AlipaySimulator) -> None:
    pay = _library(live, certificates=False)
    live.casting.give("bad_signature", "ORDER001")
    code = "284567890123456789"
    with pytest.raises(sdk.AliPayValidationError):
        pay.api_alipay_trade_pay("ORDER001", "bar_code", code, "小店", total_amount="12.05")
    assert pay.api_alipay_trade_query("ORDER001")["trade_status"] == "TRADE_SUCCESS"
