"""RSA2 signatures of Alipay's gateway, both ways, and the certificates behind them.

A request signs its parameters sorted by name, `k=v&…` without `sign`. An answer signs the raw text
of its `…_response` member, exactly as it stands in the body, so that text is cut out, never written
anew. A certificate's SN is MD5(issuer, serial) as open.alipay.com computes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlencode

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import NameOID

from pos.payments.keys import sign
from pos.refusal import Refused

_DECODER = json.JSONDecoder()
_SPACE = " \t\r\n"
_SHORT = {
    NameOID.COMMON_NAME: "CN",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.COUNTRY_NAME: "C",
}


def signed_form(params: Mapping[str, str], key: RSAPrivateKey) -> bytes:
    """The body of a request: `params` with their signature, form-encoded in UTF-8."""
    text = "&".join(f"{name}={params[name]}" for name in sorted(params) if params[name])
    return urlencode({**params, "sign": sign(key, text.encode())}).encode("ascii")


class Parts(msgspec.Struct, frozen=True):
    """An answer taken apart: `node` is the raw signed text, empty where there is none."""

    node: str
    sign: str
    cert_sn: str
    error: str
    """The raw text of an `error_response`."""


def take_apart(body: bytes, node: str) -> Parts | None:
    """The members of an answer's JSON object; None where it is none, or names one twice."""
    try:
        text = body.decode("utf-8")
        members = _members(text)
    except (ValueError, RecursionError, IndexError):
        return None
    if members is None:
        return None
    return Parts(
        members.get(node, ""),
        _string(members.get("sign", "")),
        _string(members.get("alipay_cert_sn", "")),
        members.get("error_response", ""),
    )


def _members(text: str) -> dict[str, str] | None:
    """Each member of the object `text` with its value's raw text."""
    at = _skip(text, 0)
    if text[at] != "{":
        return None
    found: dict[str, str] = {}
    at = _skip(text, at + 1)
    while text[at] != "}":
        if found:
            if text[at] != ",":
                return None
            at = _skip(text, at + 1)
        name, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if not isinstance(name, str) or name in found or text[at] != ":":
            return None
        start = _skip(text, at + 1)
        _, end = _DECODER.raw_decode(text, start)
        found[name] = text[start:end]
        at = _skip(text, end)
    return found if _skip(text, at + 1) == len(text) else None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _string(raw: str) -> str:
    value = _DECODER.decode(raw) if raw else ""
    return value if isinstance(value, str) else ""


def certificate_sn(certificate: x509.Certificate) -> str:
    """MD5, in hex, of the issuer as `CN=…,OU=…,O=…,C=…` and the serial number in decimal."""
    names = {_SHORT[a.oid]: str(a.value) for a in certificate.issuer if a.oid in _SHORT}
    issuer = ",".join(f"{short}={names[short]}" for short in _SHORT.values() if short in names)
    text = f"{issuer}{certificate.serial_number}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def root_sn(certificates: Iterable[x509.Certificate]) -> str:
    """The SNs of the roots signed with RSA, joined by `_`; SM2 roots do not count."""
    return "_".join(certificate_sn(c) for c in certificates if _signed_with_rsa(c))


def _signed_with_rsa(certificate: x509.Certificate) -> bool:
    return certificate.signature_algorithm_oid.dotted_string.startswith("1.2.840.113549.1.1.")


def check_chain(leaf: x509.Certificate, pool: list[x509.Certificate], path: Path) -> None:
    """Whether `leaf` leads to a self-signed root of `pool`. Raises Refused("pay_cert_chain")."""
    current = leaf
    for _ in range(5):
        if current.issuer == current.subject:
            if current in pool:
                return
            break
        issuer = next((c for c in pool if _issued(current, c)), None)
        if issuer is None:
            break
        current = issuer
    raise Refused("pay_cert_chain", path=path)


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
