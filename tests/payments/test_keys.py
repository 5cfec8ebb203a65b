"""Keys, certificates and settings: what a technician is told of each that is wrong."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pos.payments import keys
from pos.payments.alipay.gateway import AlipayGateway
from pos.payments.alipay.signing import certificate_sn, root_sn
from pos.payments.codes import read_code
from pos.payments.protocol import Charge, Missing, NotSent, Paid, Unknown
from pos.payments.settings import AlipaySettings, PaymentSettings, WechatSettings
from pos.payments.wechat.gateway import WechatGateway
from pos.payments.wechat.signing import NotVerified, unseal
from pos.refusal import Refused
from tests.payments import alipay_side, wechat_side
from tests.payments.line import Line, key, private_pem, public_pem, secret
from tests.payments.papers import UNTIL, certificate, curve_root, pem

CHARGE = Charge("0123456789abcdef0123456789abcdef", 1234, "goods", "0001", "02")
API_KEY = b"0123456789abcdef0123456789abcdef"


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def refusal(call: Any) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def test_a_private_key_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "k.pem"
    path.write_bytes(private_pem(key("merchant")))
    path.chmod(0o644)
    assert refusal(lambda: keys.private_key(path)) == "secret_mode"
    assert refusal(lambda: keys.private_key(tmp_path / "none")) == "secret_missing"


def test_what_is_no_rsa_key_is_refused(tmp_path: Path) -> None:
    other = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    wrong = {
        "pay_key_unreadable": [b"", b"hello", other, public_pem(key("merchant")), b"A" * 100_000],
        "pay_key_short": [private_pem(key("short", 1024))],
    }
    for code, contents in wrong.items():
        for number, content in enumerate(contents):
            path = tmp_path / f"{code}{number}"
            secret(path, content)
            assert refusal(lambda path=path: keys.private_key(path)) == code
    path = tmp_path / "public.pem"
    path.write_bytes(private_pem(key("merchant")))
    assert refusal(lambda: keys.public_key(path)) == "pay_key_unreadable"
    assert refusal(lambda: keys.public_key(tmp_path / "none")) == "pay_file_missing"


def test_keys_as_alipays_tool_writes_them_are_taken(tmp_path: Path) -> None:
    """Base64 without PEM lines, PKCS 8 or PKCS 1."""
    private = key("app")
    for form in (serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL):
        der = private.private_bytes(serialization.Encoding.DER, form, serialization.NoEncryption())
        path = tmp_path / str(len(der))
        secret(path, base64.encodebytes(der))
        assert keys.private_key(path).private_numbers() == private.private_numbers()
    der = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "public").write_bytes(base64.b64encode(der))
    assert keys.public_key(tmp_path / "public").key_size == 2048


def test_missing_settings_are_named(tmp_path: Path) -> None:
    clock = wechat_side.Ticks().clock
    with pytest.raises(Refused) as caught:
        WechatGateway(WechatSettings(mchid="1900000001"), tmp_path, clock)
    assert caught.value.values == {"key": "payments.wechat.appid"}
    with pytest.raises(Refused) as caught:
        AlipayGateway(AlipaySettings(), tmp_path, clock)
    assert caught.value.values == {"key": "payments.alipay.app_id"}
    half = wechat_side.settings(tmp_path, "http://127.0.0.1:1", public_key_id="", public_key="")
    with pytest.raises(Refused) as caught:
        WechatGateway(half, tmp_path, clock)
    assert caught.value.values == {"key": "payments.wechat.api_v3_key"}


def test_settings_have_descriptions_and_take_no_secret_values() -> None:
    assert msgspec.convert({}, PaymentSettings) == PaymentSettings()
    schema = msgspec.json.schema(PaymentSettings)["$defs"]
    for section in ("WechatSettings", "AlipaySettings"):
        for name, field in schema[section]["properties"].items():
            assert field.get("description"), name
    for wrong in (
        {"mchid": "12; drop"},
        {"notify_url": "http://x/y"},
        {"read_seconds": 0},
        {"k": 1},
    ):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"wechat": wrong}, PaymentSettings)


# --- WeChat's platform certificates ---


class Platform:
    """A merchant that still uses platform certificates: GET /v3/certificates, sealed."""

    def __init__(self, names: list[str], api_key: bytes = API_KEY) -> None:
        self.side = wechat_side.Wechat([("404 Not Found", {"code": "ORDER_NOT_EXIST"})])
        self.names = names
        self.api_key = api_key
        self.asked = 0
        self.speaker = names[0]
        self.end = UNTIL

    def __call__(self, request: Any) -> bytes | None:
        self.side.check(request)
        if request.target != "/v3/certificates":
            told = {"Wechatpay-Serial": self.serial(self.speaker)}
            return self.side.signed(
                "404 Not Found", {"code": "ORDER_NOT_EXIST"}, told, by=self.speaker
            )
        self.asked += 1
        told = {"Wechatpay-Serial": self.serial(self.names[-1])}
        data = [self.sealed(name) for name in self.names]
        return self.side.signed("200 OK", {"data": data}, told, by=self.names[-1])

    def serial(self, name: str) -> str:
        return format(int.from_bytes(name.encode(), "big"), "X").zfill(40)

    def sealed(self, name: str) -> dict[str, Any]:
        number = int.from_bytes(name.encode(), "big")
        text = pem(certificate(name, name, number, end=self.end))
        nonce, extra = "0123456789ab", "certificate"
        sealed = AESGCM(self.api_key).encrypt(nonce.encode(), text, extra.encode())
        return {
            "serial_no": self.serial(name),
            "effective_time": "2026-01-01T00:00:00+08:00",
            "expire_time": "2031-01-01T00:00:00+08:00",
            "encrypt_certificate": {
                "algorithm": "AEAD_AES_256_GCM",
                "nonce": nonce,
                "associated_data": extra,
                "ciphertext": base64.b64encode(sealed).decode(),
            },
        }


def old_merchant(folder: Path, line: Line, ticks: wechat_side.Ticks) -> WechatGateway:
    chosen = wechat_side.settings(
        folder,
        line.url,
        public_key_id="",
        public_key="",
        api_v3_key=secret(folder / "v3.key", API_KEY + b"\n"),
    )
    return WechatGateway(chosen, folder, ticks.clock)


def test_platform_certificates_are_fetched_once_and_again_for_a_new_serial(tmp_path: Path) -> None:
    platform, ticks = Platform(["wechat"]), wechat_side.Ticks()
    with Line(platform) as line:
        wechat = old_merchant(tmp_path, line, ticks)
        assert wechat.query(CHARGE) == Missing()
        assert wechat.query(CHARGE) == Missing()
        assert platform.asked == 1
        platform.names, platform.speaker = ["wechat", "wechat2"], "wechat2"
        assert isinstance(wechat.query(CHARGE), Unknown)  # not twice within a minute
        assert platform.asked == 1
        ticks.steady += 61
        assert wechat.query(CHARGE) == Missing()
        assert platform.asked == 2
        ticks.steady += 13 * 3600
        assert wechat.query(CHARGE) == Missing()
        assert platform.asked == 3
        wechat.close()
    assert platform.side.bad == []


def test_a_wrong_api_v3_key_sends_no_payment(tmp_path: Path) -> None:
    platform = Platform(["wechat"], api_key=b"x" * 32)
    with Line(platform) as line:
        wechat = old_merchant(tmp_path, line, wechat_side.Ticks())
        answer = wechat.pay_code(CHARGE, read_code("130000000000000001"))
        assert isinstance(answer, NotSent)
        assert (answer.code, answer.misconfigured) == ("not_sealed_for_us", True)
        assert [request.target for request in line.requests] == ["/v3/certificates"]
        wechat.close()


def test_an_expired_platform_certificate_is_not_believed(tmp_path: Path) -> None:
    platform = Platform(["wechat"])
    platform.end = wechat_side.NOW - timedelta(seconds=1)
    with Line(platform) as line:
        wechat = old_merchant(tmp_path, line, wechat_side.Ticks())
        answer = wechat.query(CHARGE)
        assert isinstance(answer, NotSent)
        assert answer.code == "unknown_serial"
        wechat.close()


def test_certificates_that_cannot_be_fetched_after_a_payment_do_not_undo_it(tmp_path: Path) -> None:
    """The payment was sent; that a certificate cannot be had since says nothing of it."""
    platform, ticks = Platform(["wechat"]), wechat_side.Ticks()
    order = {"mchid": wechat_side.MCHID, "out_trade_no": CHARGE.out_trade_no}

    def handler(request: Any) -> bytes | None:
        if request.target.endswith("codepay"):
            told = {"Wechatpay-Serial": "F" * 40}
            return platform.side.signed("200 OK", order, told)
        return platform(request) if platform.asked == 0 else None

    with Line(handler) as line:
        wechat = old_merchant(tmp_path, line, ticks)
        assert wechat.query(CHARGE) == Unknown("broken")
        assert platform.asked == 1
        ticks.steady += 61
        answer = wechat.pay_code(CHARGE, read_code("130000000000000001"))
        assert answer == Unknown("unknown_serial", misconfigured=True)
        wechat.close()


def test_what_was_not_sealed_for_us_is_not_opened() -> None:
    sealed = base64.b64encode(AESGCM(API_KEY).encrypt(b"0123456789ab", b"text", b"x")).decode()
    assert unseal(API_KEY, "0123456789ab", "x", sealed) == b"text"
    for nonce, extra, text in (
        ("0123456789ac", "x", sealed),
        ("0123456789ab", "y", sealed),
        ("0123456789ab", "x", sealed[:-8] + "AAAAAAA="),
        ("0123456789ab", "x", "no base64"),
        ("", "x", sealed),
    ):
        with pytest.raises(NotVerified, match="not_sealed_for_us"):
            unseal(API_KEY, nonce, extra, text)


def test_the_api_v3_key_has_32_characters(tmp_path: Path) -> None:
    chosen = wechat_side.settings(
        tmp_path, "http://127.0.0.1:1", api_v3_key=secret(tmp_path / "v3", b"short")
    )
    clock = wechat_side.Ticks().clock
    assert refusal(lambda: WechatGateway(chosen, tmp_path, clock)) == "pay_api_v3_key"


# --- Alipay's certificate mode ---


def papers(folder: Path, **changed: Any) -> dict[str, str]:
    """The three certificates of a merchant, with what is wrong in `changed`."""
    root = changed.get("root") or certificate("root", "root", 11)
    files = {
        "app_certificate": pem(changed.get("app") or certificate("app", "root", 22)),
        "alipay_certificate": pem(changed.get("alipay") or certificate("alipay", "root", 33)),
        "root_certificate": pem(root, curve_root(44)),
    }
    for name, content in files.items():
        (folder / f"{name}.crt").write_bytes(content)
    return {"mode": "certificate"} | {name: f"{name}.crt" for name in files}


def test_certificate_mode_sends_its_numbers_and_expects_alipays(tmp_path: Path) -> None:
    side = alipay_side.Alipay([{"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}])
    chosen = papers(tmp_path)
    side.cert_sn = certificate_sn(certificate("alipay", "root", 33))
    with Line(side) as line:
        alipay = alipay_side.gateway(tmp_path, line, **chosen)
        assert alipay.query(CHARGE) == Missing()
        issuer = "CN=root,OU=Test,O=Example,C=CN"
        sent = side.asked[0]
        assert sent["app_cert_sn"] == md5(f"{issuer}22")
        assert sent["alipay_root_cert_sn"] == md5(f"{issuer}11")
        for other in ("", "0" * 32):
            side.cert_sn = other
            assert alipay.query(CHARGE) == Unknown("unknown_serial", misconfigured=True)
        alipay.close()
    assert side.bad == []


def test_the_roots_signed_with_rsa_are_numbered_in_their_order() -> None:
    roots = [certificate("root", "root", 11), curve_root(1), certificate("app", "app", 12)]
    assert root_sn(roots) == f"{certificate_sn(roots[0])}_{certificate_sn(roots[2])}"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"app": certificate("app", "root", 22, end=datetime(2026, 2, 1, tzinfo=UTC))},
         "pay_cert_expired"),
        ({"alipay": certificate("alipay", "root", 33, start=datetime(2027, 1, 1, tzinfo=UTC))},
         "pay_cert_not_yet"),
        ({"app": certificate("merchant", "root", 22)}, "pay_keys_differ"),
        ({"alipay": certificate("alipay", "stranger", 33)}, "pay_cert_chain"),
        ({"alipay": certificate("alipay", "alipay", 33)}, "pay_cert_chain"),
        ({"root": certificate("stranger", "stranger", 11)}, "pay_cert_chain"),
    ],
)  # fmt: skip
def test_certificates_that_do_not_hold_are_refused(
    tmp_path: Path, changed: dict[str, Any], code: str
) -> None:
    chosen = alipay_side.settings(tmp_path, "http://127.0.0.1:1", **papers(tmp_path, **changed))
    clock = wechat_side.Ticks().clock
    assert refusal(lambda: AlipayGateway(chosen, tmp_path, clock)) == code


def test_what_is_no_certificate_is_refused(tmp_path: Path) -> None:
    chosen = alipay_side.settings(tmp_path, "http://127.0.0.1:1", **papers(tmp_path))
    (tmp_path / "app_certificate.crt").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n")
    clock = wechat_side.Ticks().clock
    assert refusal(lambda: AlipayGateway(chosen, tmp_path, clock)) == "pay_cert_unreadable"


def test_both_keys_are_held_while_a_merchant_changes_over(tmp_path: Path) -> None:
    """Public-key mode with an APIv3 key: an answer under a platform certificate is checked too."""
    platform = Platform(["wechat2"])
    order = {
        "mchid": wechat_side.MCHID,
        "out_trade_no": CHARGE.out_trade_no,
        "trade_state": "SUCCESS",
        "transaction_id": "42",
        "amount": {"total": 1234},
    }

    def handler(request: Any) -> bytes | None:
        if request.target.startswith("/v3/certificates"):
            return platform(request)
        if request.method == "POST":
            return platform.side.signed("200 OK", order)
        told = {"Wechatpay-Serial": platform.serial("wechat2")}
        return platform.side.signed("200 OK", order, told, by="wechat2")

    with Line(handler) as line:
        wechat = wechat_side.gateway(
            tmp_path, line, api_v3_key=secret(tmp_path / "v3.key", API_KEY)
        )
        assert isinstance(wechat.pay_code(CHARGE, read_code("130000000000000001")), Paid)
        assert platform.asked == 0
        assert isinstance(wechat.query(CHARGE), Paid)
        assert platform.asked == 1
        wechat.close()
    sent = json.loads(line.requests[0].body)
    assert sent["payer"] == {"auth_code": "130000000000000001"}
