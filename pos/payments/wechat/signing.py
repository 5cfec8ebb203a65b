"""Signatures of WeChat Pay API v3, both ways (pay.weixin.qq.com "签名与验签").

A request signs method, target, time, nonce and body, a line each, over the very bytes that are
sent. An answer signs time, nonce and body over the very bytes that came; the key is chosen by the
serial it names. WeChat now and then sends a wrong signature on purpose, to see who notices.
"""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pos.payments.keys import rsa_key_of, sign, verified
from pos.refusal import Refused
from pos.untrusted import decoded
from pos.wire import Reply

SCHEMA = "WECHATPAY2-SHA256-RSA2048"
FRESH_SECONDS = 300
MOST_SEEN = 4096
_HEADERS = (
    "wechatpay-timestamp",
    "wechatpay-nonce",
    "wechatpay-signature",
    "wechatpay-serial",
)


class Signer:
    """Signs requests with the merchant's key."""

    def __init__(self, mchid: str, serial_no: str, key: RSAPrivateKey) -> None:
        self._mchid = mchid
        self._serial = serial_no
        self._key = key

    def authorization(self, method: str, target: str, body: bytes, now: int, nonce: str) -> str:
        """The `Authorization` header for exactly these bytes at `now` (seconds since 1970)."""
        message = f"{method}\n{target}\n{now}\n{nonce}\n".encode() + body + b"\n"
        fields = {
            "mchid": self._mchid,
            "nonce_str": nonce,
            "timestamp": str(now),
            "serial_no": self._serial,
            "signature": sign(self._key, message),
        }
        return SCHEMA + " " + ",".join(f'{name}="{value}"' for name, value in fields.items())


class NotVerified(Exception):  # noqa: N818 - an outcome, caught by its one caller
    """An answer that cannot be believed; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Verifier:
    """Knows the provider's keys by serial, and every answer it has already believed."""

    def __init__(self, keys: dict[str, RSAPublicKey]) -> None:
        self._keys = dict(keys)
        self._seen: OrderedDict[str, None] = OrderedDict()

    @property
    def serials(self) -> list[str]:
        """The serials known; requests name one of them."""
        return list(self._keys)

    def learn(self, keys: dict[str, RSAPublicKey]) -> None:
        """Further keys: both kinds are held while a merchant changes over."""
        self._keys.update(keys)

    def check(self, reply: Reply, now: int) -> None:
        """Raises NotVerified: unsigned, clock_off, unknown_serial, bad_signature, replayed."""
        values = [reply.headers.get(name, "") for name in _HEADERS]
        moment, nonce, signature, serial = values
        if not all(values) or not moment.isascii() or not moment.isdigit() or len(moment) > 12:
            raise NotVerified("unsigned")
        key = self._keys.get(serial)
        if key is None:
            raise NotVerified("unknown_serial")
        message = f"{moment}\n{nonce}\n".encode() + reply.body + b"\n"
        if not verified(key, message, signature):
            raise NotVerified("bad_signature")
        if abs(now - int(moment)) > FRESH_SECONDS:
            raise NotVerified("clock_off")
        if signature in self._seen:
            raise NotVerified("replayed")
        self._seen[signature] = None
        if len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)


class _Sealed(msgspec.Struct):
    nonce: str
    ciphertext: str
    associated_data: str = ""


class _Listed(msgspec.Struct):
    serial_no: str
    encrypt_certificate: _Sealed


class _List(msgspec.Struct):
    data: list[_Listed]


def unseal(api_v3_key: bytes, nonce: str, associated_data: str, ciphertext: str) -> bytes:
    """AEAD_AES_256_GCM as WeChat Pay uses it. Raises NotVerified("not_sealed_for_us")."""
    try:
        sealed = base64.b64decode(ciphertext, validate=True)
        return AESGCM(api_v3_key).decrypt(nonce.encode(), sealed, associated_data.encode())
    except (InvalidTag, ValueError, binascii.Error):
        raise NotVerified("not_sealed_for_us") from None


def platform_keys(body: bytes, api_v3_key: bytes, now: datetime) -> dict[str, RSAPublicKey]:
    """The keys in an answer to GET /v3/certificates, by serial; those out of date are left out.

    That only the holder of the APIv3 key could have sealed them is what makes them trustworthy.
    Raises NotVerified("not_understood" | "not_sealed_for_us").
    """
    try:
        listed = decoded(body, _List).data
    except (msgspec.MsgspecError, RecursionError):
        raise NotVerified("not_understood") from None
    keys: dict[str, RSAPublicKey] = {}
    for item in listed[:20]:
        sealed = item.encrypt_certificate
        pem = unseal(api_v3_key, sealed.nonce, sealed.associated_data, sealed.ciphertext)
        try:
            certificate = x509.load_pem_x509_certificate(pem)
            key = rsa_key_of(certificate, Path("/v3/certificates"))
        except (ValueError, Refused):
            raise NotVerified("not_understood") from None
        same = format(certificate.serial_number, "X").zfill(40) == item.serial_no.upper().zfill(40)
        if same and certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            keys[item.serial_no] = key
    return keys
