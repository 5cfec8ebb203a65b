"""Bare clients of both protocols, written from the protocols' pages for these tests alone."""

from __future__ import annotations

import base64
import http.client
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from pos.simulators.alipay import AlipaySimulator
from pos.simulators.wallets.clock import plain
from pos.simulators.wechat import WechatSimulator

PATIENCE_S = 0.3


class NoAnswerError(Exception):
    """Nothing that could be believed came back."""


@dataclass
class Got:
    status: int
    headers: dict[str, str]
    body: bytes
    data: dict[str, Any] = field(default_factory=dict)


def private(path: str | Path) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(
        Path(path).read_bytes(), None, unsafe_skip_rsa_key_validation=True
    )
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def public(path: str | Path) -> rsa.RSAPublicKey:
    key = serialization.load_pem_public_key(Path(path).read_bytes())
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def sign(key: rsa.RSAPrivateKey, message: bytes) -> str:
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def good(key: rsa.RSAPublicKey, signature: str, message: bytes) -> bool:
    try:
        key.verify(base64.b64decode(signature), message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def send(
    url: str, method: str, target: str, body: bytes, headers: dict[str, str], patience: float
) -> Got:
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=patience)
    try:
        connection.request(method, target, body or None, headers)
        answer = connection.getresponse()
        raw = answer.read()
        return Got(answer.status, {k.lower(): v for k, v in answer.getheaders()}, raw)
    except (OSError, http.client.HTTPException) as why:
        raise NoAnswerError(repr(why)) from why
    finally:
        connection.close()


class WechatClient:
    """Signs, sends, believes only what is signed and fresh."""

    def __init__(self, simulator: WechatSimulator) -> None:
        self.simulator = simulator
        files = simulator.files()
        self.files = files
        self.key = private(files["merchant_key"])
        self.answers = {files["public_key_id"]: public(files["public_key"])}

    def authorization(self, method: str, target: str, body: bytes, **other: str) -> str:
        values = {
            "mchid": self.files["mchid"],
            "nonce_str": secrets.token_hex(16),
            "timestamp": str(int(self.simulator.clock.now())),
            "serial_no": self.files["merchant_serial"],
        } | other
        lines = (method, target, values["timestamp"], values["nonce_str"], "")
        message = "\n".join(lines).encode() + body + b"\n"
        values.setdefault("signature", sign(self.key, message))
        fields = ",".join(f'{name}="{value}"' for name, value in values.items())
        return f"WECHATPAY2-SHA256-RSA2048 {fields}"

    def raw(
        self,
        method: str,
        target: str,
        wish: Any = None,
        patience: float = PATIENCE_S,
        other: Mapping[str, str] | None = None,
    ) -> Got:
        body = b"" if wish is None else json.dumps(wish, ensure_ascii=False).encode()
        headers = {
            "Accept": "application/json",
            "User-Agent": "test",
            "Content-Type": "application/json",
            "Wechatpay-Serial": self.files["public_key_id"],
            "Authorization": self.authorization(method, target, body, **(other or {})),
        }
        got = send(self.simulator.url, method, target, body, headers, patience)
        if got.headers.get("content-type", "").startswith("application/json"):
            got.data = json.loads(got.body)
        return got

    def believed(self, got: Got) -> bool:
        key = self.answers.get(got.headers.get("wechatpay-serial", ""))
        stamp = got.headers.get("wechatpay-timestamp", "0")
        nonce = got.headers.get("wechatpay-nonce", "")
        if key is None or abs(int(stamp) - self.simulator.clock.now()) > 300:
            return False
        message = f"{stamp}\n{nonce}\n".encode() + got.body + b"\n"
        return good(key, got.headers.get("wechatpay-signature", ""), message)

    def call(self, method: str, target: str, wish: Any = None) -> Got:
        got = self.raw(method, target, wish)
        if not self.believed(got):
            raise NoAnswerError("not signed")
        return got

    def order(self, number: str, fen: int, **more: Any) -> dict[str, Any]:
        files = self.files
        wish = {
            "appid": files["appid"],
            "mchid": files["mchid"],
            "description": "柜台小店, 购物",
            "out_trade_no": number,
            "amount": {"total": fen, "currency": "CNY"},
        }
        return wish | more

    def code_wish(self, number: str, fen: int, code: str) -> dict[str, Any]:
        scene = {"device_id": "TILL-01", "store_info": {"out_id": "S001"}}
        return self.order(number, fen, payer={"auth_code": code}, scene_info=scene)

    def native_wish(self, number: str, fen: int, **more: Any) -> dict[str, Any]:
        return self.order(number, fen, notify_url="https://shop.example/notify", **more)

    def refund_wish(self, number: str, refund_no: str, fen: int, total: int) -> dict[str, Any]:
        amount = {"refund": fen, "total": total, "currency": "CNY"}
        return {"out_trade_no": number, "out_refund_no": refund_no, "amount": amount}


def inner_of(body: bytes, node: str) -> bytes:
    """The bytes of the object under `node`, as they came: found by decoding, not by braces."""
    text = body.decode()
    begin = text.index(f'"{node}":') + len(node) + 3
    _, end = json.JSONDecoder().raw_decode(text, begin)
    return text[begin:end].encode()


class AlipayClient:
    """Key mode, POST, charset in the URL."""

    def __init__(self, simulator: AlipaySimulator) -> None:
        self.simulator = simulator
        self.files = simulator.files()
        self.key = private(self.files["app_private_key"])
        self.answers = public(self.files["alipay_public_key"])

    def raw(
        self,
        method: str,
        wish: Any,
        patience: float = PATIENCE_S,
        other: Mapping[str, str | None] | None = None,
    ) -> Got:
        values: dict[str, str | None] = {
            "app_id": self.files["app_id"],
            "method": method,
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": plain(self.simulator.clock.now()),
            "version": "1.0",
            "biz_content": json.dumps(wish, ensure_ascii=False),
        }
        values |= other or {}
        kept = {name: value for name, value in values.items() if value is not None}
        text = "&".join(f"{name}={kept[name]}" for name in sorted(kept) if name != "sign")
        kept.setdefault("sign", sign(self.key, text.encode()))
        charset = urlencode({"charset": kept.pop("charset", "")})
        headers = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}
        body = urlencode(kept).encode()
        got = send(self.simulator.url, "POST", f"/gateway.do?{charset}", body, headers, patience)
        if got.body[:1] == b"{":
            got.data = json.loads(got.body)
        return got

    def call(self, method: str, wish: Any) -> dict[str, Any]:
        got, node = self.raw(method, wish), method.replace(".", "_") + "_response"
        if node not in got.data or "sign" not in got.data:
            raise NoAnswerError("not signed")
        if not good(self.answers, got.data["sign"], inner_of(got.body, node)):
            raise NoAnswerError("signed by another")
        answer: dict[str, Any] = got.data[node]
        return answer

    def pay_wish(self, number: str, yuan: str, code: str) -> dict[str, Any]:
        return {
            "out_trade_no": number,
            "scene": "bar_code",
            "auth_code": code,
            "total_amount": yuan,
            "subject": "柜台小店",
            "store_id": "S001",
            "terminal_id": "TILL-01",
        }
