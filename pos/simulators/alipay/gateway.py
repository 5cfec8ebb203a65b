"""gateway.do: who asks, is it signed, and how an answer is wrapped and signed.

Sources: opendocs.alipay.com "公共错误码" 105806, "自行实现签名", "公钥证书方式"; the SN of a
certificate is MD5(issuer + serial number in decimal).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.x509.oid import NameOID

from pos.simulators.wallets.clock import moment_of
from pos.simulators.wallets.keys import Held, Private, sign, verified
from pos.simulators.wallets.server import Request

SKEW_S = 600
CHARSETS = {"utf-8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030"}
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_MESSAGES = {
    "10000": "Success",
    "10003": "order success pay inprocess",
    "20000": "Service Currently Unavailable",
    "40001": "Missing Required Arguments",
    "40002": "Invalid Arguments",
    "40004": "Business Failed",
    "40005": "Call Limited",
}


class GatewayError(Exception):
    """A refusal in the provider's words. `bare` goes out as `error_response`, unsigned."""

    def __init__(self, code: str, sub_code: str, sub_msg: str, bare: bool = False) -> None:
        super().__init__(sub_code)
        self.code = code
        self.sub_code = sub_code
        self.sub_msg = sub_msg
        self.bare = bare
        self.more: dict[str, str] = {}

    def data(self) -> dict[str, Any]:
        told = said(self.code) | {"sub_code": self.sub_code, "sub_msg": self.sub_msg}
        return told | self.more


def said(code: str = "10000") -> dict[str, Any]:
    return {"code": code, "msg": _MESSAGES[code]}


def business(sub_code: str, sub_msg: str) -> GatewayError:
    """40004 Business Failed."""
    return GatewayError("40004", sub_code, sub_msg)


@dataclass(frozen=True)
class Application:
    """The merchant's application and the two keys the provider may answer with."""

    app_id: str
    seller_id: str
    app: Held
    root: Held
    alipay: Held  # certificate mode
    alipay_key: Private  # key mode
    stranger: Private


@dataclass(frozen=True)
class Asked:
    """A request that was understood: `charset` is Python's name of it."""

    method: str
    biz: dict[str, Any]
    charset: str
    with_certificate: bool

    @property
    def node(self) -> str:
        return self.method.replace(".", "_") + "_response"


def cert_sn(certificate: x509.Certificate) -> str:
    """`app_cert_sn`, `alipay_cert_sn`, `alipay_root_cert_sn` of one certificate."""

    def part(oid: x509.ObjectIdentifier) -> str:
        found = certificate.issuer.get_attributes_for_oid(oid)
        return str(found[0].value) if found else ""

    issuer = (
        f"CN={part(NameOID.COMMON_NAME)},OU={part(NameOID.ORGANIZATIONAL_UNIT_NAME)},"
        f"O={part(NameOID.ORGANIZATION_NAME)},C={part(NameOID.COUNTRY_NAME)}"
    )
    text = f"{issuer}{certificate.serial_number}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def parameters(request: Request) -> tuple[dict[str, str], str]:
    """All parameters and the charset they are in, which only the URL can tell: a body without it
    is read as GBK."""
    named = dict(parse_qsl(request.query, keep_blank_values=True, encoding="latin-1"))
    charset = CHARSETS.get(named.get("charset", "gbk").lower(), "")
    if not charset:
        raise GatewayError("40002", "isv.invalid-charset", "字符集错误", bare=True)
    found: dict[str, str] = {}
    for raw in (request.query, request.body.decode("latin-1")):
        pairs = parse_qsl(raw, keep_blank_values=True, encoding=charset, errors="replace")
        found |= dict(pairs)
    return found, charset


def signed_text(values: Mapping[str, str]) -> str:
    """What a request's signature covers: all but `sign`, without the empty ones, sorted."""
    kept = sorted((key, value) for key, value in values.items() if key != "sign" and value)
    return "&".join(f"{key}={value}" for key, value in kept)


def understand(
    request: Request,
    app: Application,
    methods: Mapping[str, Any],
    clocks: tuple[float, float],
    strict: bool,
) -> Asked:
    """Everything the gateway itself checks. `strict`: only certificate mode will do.

    Raises `GatewayError`.
    """
    if request.path != "/gateway.do" or request.method not in ("GET", "POST"):
        raise GatewayError("40002", "isv.invalid-method", "不存在的方法名", bare=True)
    values, charset = parameters(request)
    method = _wanted(values, "method", "方法名", bare=True)
    if method not in methods:
        raise GatewayError("40002", "isv.invalid-method", "不存在的方法名", bare=True)
    if _wanted(values, "app_id", "应用ID", bare=True) != app.app_id:
        raise GatewayError("40002", "isv.invalid-app-id", "无效的AppID参数", bare=True)
    if _wanted(values, "sign_type", "签名类型") != "RSA2":
        raise GatewayError("40002", "isv.invalid-signature-type", "无效的签名类型")
    by_certificate = _check_certificates(values, app, strict)
    _check_signature(values, charset, app)
    _check_time(_wanted(values, "timestamp", "时间戳"), clocks)
    if _wanted(values, "version", "版本") != "1.0":
        raise GatewayError("40002", "isv.invalid-version", "无效的版本")
    if values.get("format", "JSON").upper() != "JSON":
        raise GatewayError("40002", "isv.invalid-format", "无效的数据格式")
    return Asked(method, _biz(values), charset, by_certificate)


def _wanted(values: Mapping[str, str], name: str, words: str, bare: bool = False) -> str:
    value = values.get(name, "")
    if not value:
        sub_code = f"isv.missing-{name.replace('_', '-')}"
        raise GatewayError("40001", sub_code, f"缺少{words}参数", bare=bare)
    return value


def _check_certificates(values: Mapping[str, str], app: Application, strict: bool) -> bool:
    given = values.get("app_cert_sn", ""), values.get("alipay_root_cert_sn", "")
    if given == ("", "") and not strict:
        return False
    if not all(given):
        raise GatewayError(
            "40001", "isv.missing-app-cert-sn", "缺少应用公钥证书或支付宝根证书序列号"
        )
    if given != (cert_sn(app.app.certificate), cert_sn(app.root.certificate)):
        raise GatewayError(
            "40002", "isv.invalid-app-cert-sn", "应用公钥证书或支付宝根证书序列号不正确"
        )
    return True


def _check_signature(values: Mapping[str, str], charset: str, app: Application) -> None:
    given = _wanted(values, "sign", "签名")
    try:
        signature = base64.b64decode(given, validate=True)
        message = signed_text(values).encode(charset)
    except ValueError:
        signature, message = b"", b""
    if not verified(app.app.key.public_key(), signature, message):
        words = "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为："
        safe = re.sub(r'("auth_code"\s*:\s*")[^"]*', r"\1***", signed_text(values))
        raise GatewayError("40002", "isv.invalid-signature", words + safe, bare=True)


def _check_time(stamp: str, clocks: tuple[float, float]) -> None:
    try:
        if not _STAMP.fullmatch(stamp):
            raise ValueError(stamp)
        moment = moment_of(stamp)
    except ValueError:
        moment = float("inf")
    if all(abs(now - moment) > SKEW_S for now in clocks):
        raise GatewayError("40002", "isv.invalid-timestamp", "非法的时间戳参数，应为北京时间")


def _biz(values: Mapping[str, str]) -> dict[str, Any]:
    raw = _wanted(values, "biz_content", "业务")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as why:
        raise GatewayError("40002", "isv.invalid-parameter", "biz_content不是合法的JSON") from why
    if not isinstance(data, dict):
        raise GatewayError("40002", "isv.invalid-parameter", "biz_content应为JSON对象")
    return data


def wrapped(app: Application, asked: Asked, data: Mapping[str, Any], fault: str = "") -> bytes:
    """`{"…_response":{…},"sign":"…"}`: the signature covers the inner object's very bytes.

    A slash is written `\\/`, as the provider does.
    """
    inner = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
    raw = inner.encode(asked.charset, "replace")
    key = app.alipay.key if asked.with_certificate else app.alipay_key
    serial = cert_sn(app.alipay.certificate)
    if fault in ("bad_signature", "unknown_serial"):
        key = app.stranger
    if fault == "unknown_serial":
        serial = "0" * 32
    parts = [f'{{"{asked.node}":'.encode(), raw]
    if asked.with_certificate:
        parts.append(f',"alipay_cert_sn":"{serial}"'.encode())
    if fault != "unsigned":
        parts.append(b',"sign":"' + base64.b64encode(sign(key, raw)) + b'"')
    return b"".join((*parts, b"}"))


def bare_error(data: Mapping[str, Any], charset: str = "utf-8") -> bytes:
    """An answer nobody signed."""
    text = json.dumps({"error_response": data}, ensure_ascii=False, separators=(",", ":"))
    return text.encode(charset, "replace")
