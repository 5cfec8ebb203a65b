"""RSA keys and certificates from files, with a plain refusal for everything wrong with one.

Private keys are 0600 files; public keys and certificates may be read by anybody. A base64 text
without PEM lines, as Alipay's key tool writes it, is taken too.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from pos.refusal import Refused
from pos.system import read_private

LEAST_BITS = 2048
MOST_BYTES = 64 * 1024
_Key = TypeVar("_Key", RSAPrivateKey, RSAPublicKey)


def private_key(path: Path) -> RSAPrivateKey:
    """The RSA key in a 0600 file.

    Raises Refused: secret_missing, secret_mode, pay_key_unreadable, pay_key_short.
    """
    data = read_private(path)
    key = _first(
        path,
        lambda: serialization.load_pem_private_key(data, None),
        lambda: serialization.load_der_private_key(_bare(data), None),
    )
    if not isinstance(key, RSAPrivateKey):
        raise Refused("pay_key_unreadable", path=path)
    return _long_enough(key, path)


def public_key(path: Path) -> RSAPublicKey:
    """The RSA public key in a file. Raises Refused: pay_file_missing, pay_key_unreadable, …"""
    data = read_public(path)
    key = _first(
        path,
        lambda: serialization.load_pem_public_key(data),
        lambda: serialization.load_der_public_key(_bare(data)),
    )
    if not isinstance(key, RSAPublicKey):
        raise Refused("pay_key_unreadable", path=path)
    return _long_enough(key, path)


def certificates(path: Path) -> list[x509.Certificate]:
    """All certificates in a PEM file. Raises Refused: pay_file_missing, pay_cert_unreadable."""
    try:
        return x509.load_pem_x509_certificates(read_public(path))
    except (ValueError, UnsupportedAlgorithm):
        raise Refused("pay_cert_unreadable", path=path) from None


def in_force(certificate: x509.Certificate, path: Path, now: datetime) -> x509.Certificate:
    """The certificate, if it holds now. Raises Refused: pay_cert_expired, pay_cert_not_yet."""
    if now > certificate.not_valid_after_utc:
        day = certificate.not_valid_after_utc.date()
        raise Refused("pay_cert_expired", path=path, day=day.isoformat())
    if now < certificate.not_valid_before_utc:
        day = certificate.not_valid_before_utc.date()
        raise Refused("pay_cert_not_yet", path=path, day=day.isoformat())
    return certificate


def rsa_key_of(certificate: x509.Certificate, path: Path) -> RSAPublicKey:
    """A certificate's key. Raises Refused: pay_cert_unreadable, pay_key_short."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise Refused("pay_cert_unreadable", path=path) from None
    if not isinstance(key, RSAPublicKey):
        raise Refused("pay_cert_unreadable", path=path)
    return _long_enough(key, path)


def read_public(path: Path) -> bytes:
    """Bytes of a file that is no secret. Raises Refused: pay_file_missing."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError:
        raise Refused("pay_file_missing", path=path) from None


def sign(key: RSAPrivateKey, message: bytes) -> str:
    """SHA-256 with RSA (PKCS #1 v1.5), base64: what both providers ask for."""
    signature = key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signature).decode("ascii")


def verified(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    """Whether `signature` (base64) over `message` was made with the key's other half."""
    try:
        raw = base64.b64decode(signature, validate=True)
        key.verify(raw, message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _first(path: Path, *ways: Callable[[], object]) -> object:
    for way in ways:
        try:
            return way()
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
    raise Refused("pay_key_unreadable", path=path)


def _bare(data: bytes) -> bytes:
    return base64.b64decode(b"".join(data.split()), validate=True)


def _long_enough(key: _Key, path: Path) -> _Key:
    if key.key_size < LEAST_BITS:
        raise Refused("pay_key_short", path=path, bits=key.key_size)
    return key
