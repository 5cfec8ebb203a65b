"""wechatpayv3, which others wrote, talks to the simulator from end to end."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pos.simulators.wallets import Settings, WalletClock
from pos.simulators.wallets.clock import beijing
from pos.simulators.wechat import WechatSimulator
from tests.simulators.wallets.shops import folder_of

sdk = pytest.importorskip("wechatpayv3")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[WechatSimulator]:
    """The library signs with the machine's time, so the provider's clock runs too."""
    folder = folder_of(WechatSimulator, tmp_path)
    settings = Settings(reverse_min_s=0, refund_gap_s=0)
    with WechatSimulator(folder, clock=WalletClock(), settings=settings, sync=False) as simulator:
        yield simulator


def _library(simulator: WechatSimulator, monkeypatch: pytest.MonkeyPatch, certs: bool) -> Any:
    core = pytest.importorskip("wechatpayv3.core").Core
    files = simulator.files()
    made = core.__init__

    def with_our_address(self: Any, *args: Any, **kwargs: Any) -> None:
        # in certificate mode the constructor already calls the address it is going to set
        type(self)._gate_way = property(lambda _: simulator.url, lambda _, value: None)
        made(self, *args, **kwargs)

    monkeypatch.setattr(core, "__init__", with_our_address)
    monkeypatch.setattr(core, "_gate_way", None, raising=False)
    more = (
        {}
        if certs
        else {
            "public_key": Path(files["public_key"]).read_text(),
            "public_key_id": files["public_key_id"],
        }
    )
    return sdk.WeChatPay(
        wechatpay_type=sdk.WeChatPayType.NATIVE,
        mchid=files["mchid"],
        private_key=Path(files["merchant_key"]).read_text(),
        cert_serial_no=files["merchant_serial"],
        appid=files["appid"],
        apiv3_key=Path(files["apiv3_key"]).read_text(),
        notify_url="https://shop.example/notify",
        timeout=(5, 5),
        **more,
    )


@pytest.mark.parametrize("certs", [False, True])
def test_a_day_with_the_library(
    live: WechatSimulator, monkeypatch: pytest.MonkeyPatch, certs: bool
) -> None:
    live.settings.signing = "certificate" if certs else "public_key"
    pay = _library(live, monkeypatch, certs)
    code, text = pay.pay(description="小店", out_trade_no="ORDER001", amount={"total": 880})
    assert code == 200
    live.scan(json.loads(text)["code_url"])
    code, text = pay.query(out_trade_no="ORDER001")
    assert (code, json.loads(text)["trade_state"]) == (200, "SUCCESS")
    code, _ = pay.pay(description="小店", out_trade_no="ORDER002", amount={"total": 1})
    assert (code, pay.close("ORDER002")[0]) == (200, 204)
    code, text = pay.pay(
        description="小店",
        out_trade_no="ORDER003",
        amount={"total": 1205},
        payer={"auth_code": "134567890123456789"},
        scene_info={"store_info": {"out_id": "S001"}},
        pay_type=sdk.WeChatPayType.CODEPAY,
    )
    assert (code, json.loads(text)["trade_state"]) == (200, "SUCCESS")
    assert pay.codepay_reverse("ORDER003")[0] == 200
    amount = {"refund": 80, "total": 880, "currency": "CNY"}
    code, text = pay.refund(out_refund_no="R1", amount=amount, out_trade_no="ORDER001")
    assert (code, json.loads(text)["status"]) == (200, "PROCESSING")
    code, text = pay.query_refund("R1")
    assert (code, json.loads(text)["status"]) == (200, "SUCCESS")
    assert live.moved("ORDER001") == (880, 80)
    assert live.moved("ORDER003") == (1205, 1205)
    _bill(live, pay)


def _bill(live: WechatSimulator, pay: Any) -> None:
    today = beijing(live.clock.now())
    live.clock.advance(((today + timedelta(days=1)).replace(hour=11) - today).total_seconds())
    code, answer = pay.trade_bill(today.strftime("%Y-%m-%d"))
    assert code == 200
    told = json.loads(answer)
    code, packed = pay.download_bill(told["download_url"])
    assert code == 200
    assert (
        hashlib.sha1(gzip.decompress(packed), usedforsecurity=False).hexdigest()
        == told["hash_value"]
    )
    assert gzip.decompress(packed).count(b"\r\n`") == 5


def test_the_library_sees_a_forged_answer(
    live: WechatSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay = _library(live, monkeypatch, certs=False)
    live.casting.give("query_bad_signature", "ORDER001")
    pay.pay(description="小店", out_trade_no="ORDER001", amount={"total": 880})
    with pytest.raises(Exception, match="failed to verify the signature"):
        pay.query(out_trade_no="ORDER001")
    assert pay.query(out_trade_no="ORDER001")[0] == 200
