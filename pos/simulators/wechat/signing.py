"""WECHATPAY2-SHA256-RSA2048: who asked, and that it was we who answered.

Sources: pay.weixin.qq.com, "签名与验签规则", "如何从平台证书切换成微信支付公钥", "平台证书".
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pos.simulators.wallets.clock import http_date, rfc3339
from pos.simulators.wallets.keys import Held, Private, pem, sign, verified
from pos.simulators.wallets.server import Request

SCHEME = "WECHATPAY2-SHA256-RSA2048"
SKEW_S = 300
_FIELD = re.compile(r'([a-z_]+)="([^"]*)"')
_WANTED = {"mchid", "nonce_str", "timestamp", "serial_no", "signature"}


class ApiError(Exception):
    """An answer that is not the one hoped for: HTTP status, code and message of the provider."""

    def __init__(self, status: int, code: str, message: str, **detail: object) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail

    def data(self) -> dict[str, object]:
        body: dict[str, object] = {"code": self.code, "message": self.message}
        return body | ({"detail": self.detail} if self.detail else {})


@dataclass(frozen=True)
class Merchant:
    """Who may ask. `private_key` signs requests, and is here only to be handed to the till."""

    mchid: str
    appid: str
    certificate: Held
    apiv3_key: str


@dataclass(frozen=True)
class Platform:
    """Whose answers are believed: a platform certificate, or a public key with an id."""

    certificate: Held
    public_key: Private
    public_key_id: str
    stranger: Private  # a key nobody trusts

    def key_of(self, serial: str) -> Private | None:
        return {
            self.public_key_id: self.public_key,
            self.certificate.serial: self.certificate.key,
        }.get(serial)


class Doorkeeper:
    """Looks at Authorization. Remembers nonces for as long as a timestamp may be used."""

    def __init__(self, merchant: Merchant) -> None:
        self._merchant = merchant
        self._lock = threading.Lock()
        self._nonces: dict[str, float] = {}

    def admit(self, request: Request, clocks: tuple[float, float]) -> float:
        """Returns the time by which the request was timely: the provider's, else the real one.

        Raises `ApiError` 401 SIGN_ERROR.
        """
        fields = self._fields(request.headers.get("authorization", ""))
        if fields["mchid"] != self._merchant.mchid:
            raise ApiError(401, "SIGN_ERROR", "商户号不存在", field="mchid")
        if fields["serial_no"].upper() != self._merchant.certificate.serial:
            raise ApiError(401, "SIGN_ERROR", "商户证书序列号有误", field="serial_no")
        stamp = fields["timestamp"]
        if not stamp.isascii() or not stamp.isdecimal() or len(stamp) != 10:
            raise ApiError(
                401, "SIGN_ERROR", "Http头Authorization时间戳格式错误", field="timestamp"
            )
        now = next((it for it in clocks if abs(it - int(stamp)) <= SKEW_S), None)
        if now is None:
            raise ApiError(401, "SIGN_ERROR", "Http头Authorization时间戳已过期", field="timestamp")
        self._check_signature(request, fields)
        with self._lock:
            self._forget(now)
            if fields["nonce_str"] in self._nonces:
                raise ApiError(401, "SIGN_ERROR", "请求随机串重复", field="nonce_str")
            self._nonces[fields["nonce_str"]] = now
        return now

    def _fields(self, header: str) -> dict[str, str]:
        scheme, _, rest = header.partition(" ")
        if not header:
            raise ApiError(401, "SIGN_ERROR", "Http头缺少Accept或User-Agent或Authorization")
        if scheme != SCHEME:
            raise ApiError(401, "SIGN_ERROR", "Http头Authorization认证类型不正确")
        pairs = _FIELD.findall(rest)
        fields = dict(pairs)
        if len(pairs) != len(_WANTED) or set(fields) != _WANTED or not fields["nonce_str"]:
            raise ApiError(
                401,
                "SIGN_ERROR",
                "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》",
            )
        return fields

    def _check_signature(self, request: Request, fields: Mapping[str, str]) -> None:
        message = b"\n".join(
            (
                request.method.encode(),
                request.target.encode("latin-1"),
                fields["timestamp"].encode(),
                fields["nonce_str"].encode("latin-1"),
                request.body,
                b"",
            )
        )
        try:
            signature = base64.b64decode(fields["signature"], validate=True)
        except ValueError:
            signature = b""
        public = self._merchant.certificate.key.public_key()
        if not verified(public, signature, message):
            raise ApiError(
                401,
                "SIGN_ERROR",
                "错误的签名，导致验签失败",
                field="signature",
                location="authorization",
                issue="sign not match",
                sign_information={
                    "method": request.method,
                    "url": request.target,
                    "sign_message_length": len(message),
                },
            )

    def _forget(self, now: float) -> None:
        if len(self._nonces) > 10_000:
            self._nonces = {
                nonce: at for nonce, at in self._nonces.items() if abs(now - at) <= 2 * SKEW_S
            }


def signed_headers(
    platform: Platform, serial: str, body: bytes, now: float, fault: str = ""
) -> dict[str, str]:
    """The headers that prove an answer, or what `fault` makes of them."""
    if fault == "unsigned":
        return {}
    key = platform.key_of(serial)
    if key is None or fault == "bad_signature":
        key = platform.stranger
    if fault == "unknown_serial":
        serial, key = "PUB_KEY_ID_" + "0" * 32, platform.stranger
    stamp = str(int(now) - (3600 if fault == "stale" else 0))
    nonce = secrets.token_hex(16)
    message = stamp.encode() + b"\n" + nonce.encode() + b"\n" + body + b"\n"
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature": base64.b64encode(sign(key, message)).decode(),
        "Wechatpay-Signature-Type": SCHEME,
    }


def common_headers(now: float) -> dict[str, str]:
    return {
        "Date": http_date(now),
        "Cache-Control": "no-cache, must-revalidate",
        "Content-Language": "zh-CN",
        "Request-ID": f"08{os.urandom(12).hex().upper()}-0",
    }


def certificates(platform: Platform, apiv3_key: str) -> dict[str, object]:
    """GET /v3/certificates: the platform's certificate under AEAD_AES_256_GCM."""
    held = platform.certificate
    nonce, purpose = secrets.token_hex(6), "certificate"
    sealed = AESGCM(apiv3_key.encode()).encrypt(
        nonce.encode(), pem(held.certificate), purpose.encode()
    )
    return {
        "data": [
            {
                "serial_no": held.serial,
                "effective_time": rfc3339(held.certificate.not_valid_before_utc.timestamp()),
                "expire_time": rfc3339(held.certificate.not_valid_after_utc.timestamp()),
                "encrypt_certificate": {
                    "algorithm": "AEAD_AES_256_GCM",
                    "nonce": nonce,
                    "associated_data": purpose,
                    "ciphertext": base64.b64encode(sealed).decode(),
                },
            }
        ]
    }


def to_json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
