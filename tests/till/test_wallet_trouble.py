"""What is set up wrongly or stands in the way: one clear line, no charge, and cash still works."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from pos.payments.protocol import PayAnswer
from pos.payments.wechat.gateway import WechatGateway
from pos.simulators.wallets import SCRIPTS
from pos.till.collecting import UNWELL_SECONDS
from tests.floor.test_wire import tls
from tests.payments.line import Line, http, key, private_pem
from tests.payments.papers import certificate, pem
from tests.shop import MILK
from tests.till.wallets import CHANNELS, Channel, World, world

FULL = os.environ.get("POS_TRUST") == "full"
each_channel = pytest.mark.parametrize("channel", CHANNELS)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def made(tmp_path: Path, keys: Path) -> Iterator[World]:
    with world(tmp_path, keys) as found:
        yield found


def change(made: World, old: str, new: str) -> None:
    file = made.shop.config_file
    text = file.read_text("utf-8")
    assert old in text, old
    file.write_text(text.replace(old, new), "utf-8")


def refused(made: World, channel: Channel, words: str) -> None:
    """The key says why not; nothing was asked of the wallet, or was at once declined where the key
    came before the wallet had been looked at; cash closes the order."""
    made.open()
    made.pay_screen(MILK)
    said: list[str] = []

    def told() -> bool:
        if made.person.mode() == "paying":
            made.person.key(channel)
        message = made.person.till.view().message
        said.append(message.text if message else "")
        if made.person.mode() == "collecting" and made.person.till.state.wallet is not None:
            said.extend(made.panel.hints)
            if not made.person.till.state.wallet.live:
                made.person.key("back")
        return any(words in text for text in said)

    made.until(told)
    made.until(lambda: not made.rows() or not made.last().live)
    while made.person.mode() == "collecting":
        made.person.key("back")
    made.person.enter()
    assert made.closed()
    assert made.charged() == 0
    assert {row.state for row in made.rows()} <= {"declined"}


def test_a_wallet_that_is_not_set_up_says_how(made: World) -> None:
    change(made, "[payments.alipay]\nenabled = true ", "[payments.alipay]\nenabled = false ")
    refused(made, "alipay", "[payments.alipay]")


def test_a_setting_that_is_missing_is_named(made: World) -> None:
    number = made.sim("wechat").files()["mchid"]
    change(made, f'mchid = "{number}"', 'mchid = ""')
    refused(made, "wechat", "payments.wechat.mchid")


def test_a_key_file_that_others_may_read(made: World, tmp_path: Path) -> None:
    mine = tmp_path / "merchant.pem"
    real = made.sim("wechat").files()["merchant_key"]
    mine.write_bytes(Path(real).read_bytes())
    mine.chmod(0o644)
    change(made, f'private_key = "{real}"', f'private_key = "{mine}"')
    refused(made, "wechat", "0600")


@each_channel
def test_a_wrong_key_is_found_before_a_customer_pays(
    made: World, channel: Channel, tmp_path: Path
) -> None:
    mine = tmp_path / "other.pem"
    mine.write_bytes(private_pem(key("another")))
    mine.chmod(0o600)
    name = "merchant_key" if channel == "wechat" else "app_private_key"
    real = made.sim(channel).files()[name]
    change(made, f'private_key = "{real}"', f'private_key = "{mine}"')
    refused(made, channel, "密钥不对")


@each_channel
def test_a_clock_that_is_off_is_told(made: World, channel: Channel) -> None:
    """Warned as the payment screen opens; then the key refuses, and cash is taken."""
    made.sim(channel).clock.set(made.shop.hands.at.timestamp() + 90)
    made.open()
    made.pay_screen(MILK)

    def warned() -> bool:
        message = made.person.till.view().message
        return message is not None and "时钟" in message.text

    made.until(warned)
    made.person.key(channel)
    assert "时钟" in made.person.message.text
    assert made.rows() == []
    made.person.enter()
    assert made.closed()


@each_channel
def test_a_clock_put_right_is_noticed_as_the_payment_screen_opens(
    made: World, channel: Channel
) -> None:
    right = made.shop.hands.at.timestamp()
    made.sim(channel).clock.set(right + 90)
    made.open()
    made.pay_screen(MILK)
    payments = made.person.till.payments
    assert payments is not None
    made.until(lambda: channel in payments._unwell)
    made.person.key("back")
    made.sim(channel).clock.set(right)
    made.shop.hands.since += UNWELL_SECONDS
    made.person.enter()
    made.until(lambda: channel not in payments._unwell)
    made.person.key(channel)
    assert made.person.mode() == "collecting"


@each_channel
def test_a_line_that_breaks_before_anybody_is_asked_for_money_says_so(
    made: World, channel: Channel
) -> None:
    with Line(lambda request: None) as line:
        change(made, made.sim(channel).url, line.url)
        made.open()
        made.pay_screen(MILK)

        def told() -> str:
            message = made.person.till.view().message
            return message.text if message is not None else ""

        made.until(lambda: "未收款" in told())
        assert "请勿重复收款" not in told()
        assert made.rows() == []
        made.person.leave()


@each_channel
def test_a_portal_is_told(made: World, channel: Channel) -> None:
    page = http(b"<html><body>please log in</body></html>", {"Content-Type": "text/html"})
    with Line(lambda request: page) as line:
        change(made, made.sim(channel).url, line.url)
        refused(made, channel, "网页")
        made.person.leave()


@each_channel
@pytest.mark.parametrize("days", [1, -1])
def test_no_trust_no_charge(made: World, channel: Channel, tmp_path: Path, days: int) -> None:
    """TLS of an authority nobody knows; a certificate of yesterday."""
    context, authority = tls(tmp_path, days)
    with Line(lambda request: None, context) as line:
        change(made, made.sim(channel).url, line.url)
        if days < 0:
            change(made, 'ca_file = "" ', f'ca_file = "{authority}" ')
        refused(made, channel, "安全连接不可信")
        made.person.leave()
        assert line.requests == []


def test_an_expired_certificate_is_named_with_its_day(made: World, tmp_path: Path) -> None:
    """Alipay's certificate mode: the shop's own certificate ran out yesterday."""
    files = made.sim("alipay").files()
    private = serialization.load_pem_private_key(Path(files["app_private_key"]).read_bytes(), None)
    assert isinstance(private, rsa.RSAPrivateKey)
    ended = made.shop.hands.at - timedelta(days=1)
    papers = {
        "app_certificate": certificate("app", "root", 22, end=ended, of=private.public_key()),
        "alipay_certificate": certificate("alipay", "root", 33),
        "root_certificate": certificate("root", "root", 11),
    }
    change(made, 'mode = "key" ', 'mode = "certificate" ')
    for name, paper in papers.items():
        (tmp_path / name).write_bytes(pem(paper))
        change(made, f'{name} = "" ', f'{name} = "{tmp_path / name}" ')
    refused(made, "alipay", "2026-03-01")


@each_channel
def test_nobody_there_no_charge(made: World, channel: Channel) -> None:
    """Nobody listens where the provider should be: told at once, nothing begun twice."""
    made.sim(channel).stop()
    made.open()
    made.pay_screen(MILK)
    made.person.key(channel)
    made.until(lambda: made.person.mode() == "collecting" and made.panel.state == "declined")
    assert "连不上" in made.panel.hints[0]
    made.person.key("back")
    made.person.enter()
    assert made.closed()


def scripts(channel: str) -> list[str]:
    wanted = ("paid", "not_paid", "returned")
    found = [
        script.name
        for script in SCRIPTS
        if channel in script.wallets and "code" in script.flows and script.end in wanted
    ]
    return found if FULL else found[::7]


@each_channel
def test_scripts_end_as_they_should_at_the_counter(made: World, channel: Channel) -> None:
    """One customer after another; what the provider moved is what the orders say."""
    made.open()
    wrong = []
    for name in scripts(channel):
        script = next(script for script in SCRIPTS if script.name == name)
        made.pay_screen(MILK)
        code = made.code(channel, name)
        made.person.enter(code)
        made.play(400.0)
        paid = made.last().state == "paid"
        charged, back = made.moved()[-1]
        if paid != (script.end == "paid") or charged - back != (550 if paid else 0):
            late = made.last().state in ("paid_late", "cancelled", "declined")
            if not (script.end == "returned" and late):
                wrong.append((name, made.last().state, charged, back))
        if not paid:
            made.person.key("back")
            made.person.enter()
            assert made.closed(), made.told()
        for _ in range(8):
            made.go(20)
            made.until(lambda: not made._busy())
    assert wrong == []


def test_an_error_in_a_gateway_is_told_and_what_became_of_the_money_asked_after(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, errors, told = WechatGateway.pay_code, [KeyError("x")], list[str]()

    def broken_once(*about: Any) -> PayAnswer:
        answer = right(*about)
        if errors:
            raise errors.pop()  # the money has moved by now
        return answer

    monkeypatch.setattr(threading, "excepthook", lambda t: told.append(t.thread.name))
    monkeypatch.setattr(WechatGateway, "pay_code", broken_once)
    made.open()
    made.pay_screen(MILK)
    made.person.enter(made.code("wechat"))
    made.until(lambda: told == ["payments"])
    made.play()
    assert made.last().state == "paid"
    assert made.closed()
    assert made.moved() == [(550, 0)]
    assert made.person.till.goes_on_without("payments")
