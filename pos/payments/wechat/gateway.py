"""The WeChat Pay gateway: each call signed once, each answer believed only when it is verified."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import io
import secrets
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from pos.clock import Clock, local
from pos.payments import keys
from pos.payments.codes import PaymentCode
from pos.payments.protocol import (
    BillAnswer,
    BillFile,
    BillNotReady,
    CancelAnswer,
    Charge,
    NoBill,
    NotSent,
    PayAnswer,
    QrAnswer,
    QrReady,
    QueryAnswer,
    RefundAnswer,
    RefundAsk,
    Trouble,
    Unknown,
    Way,
)
from pos.payments.settings import WechatSettings, needed
from pos.payments.wechat import answers
from pos.payments.wechat.signing import NotVerified, Signer, Verifier, platform_keys
from pos.refusal import Refused
from pos.system import read_private
from pos.wire import BILL_CAP, Limits, Reply, Wire, WireFailed

CLOCK_WARNING = 60
_CERTIFICATES = "/v3/certificates"
_RELEARN_AFTER = 60.0
_RELEARN_ANYWAY = 12 * 3600.0
_SELF_TEST = "guitaiselftest00"
_NO_LINE = {"connect_failed", "connect_timeout", "tls_failed"}
_TECHNICAL = {"unknown_serial", "clock_off", "not_sealed_for_us"}


class WechatGateway:
    """`PaymentGateway` for WeChat Pay. Blocking; for one thread at a time."""

    channel = "wechat"

    def __init__(
        self,
        settings: WechatSettings,
        base: Path,
        clock: Clock,
        nonce: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        """`base`: the folder that paths in `settings` start at.

        Raises Refused: pay_setting_missing, wire_url, and what `keys` raises for wrong files.
        """
        needed(
            "wechat",
            mchid=settings.mchid,
            appid=settings.appid,
            serial_no=settings.serial_no,
            private_key=settings.private_key,
        )
        self._settings = settings
        self._clock = clock
        self._nonce = nonce
        self._us = answers.Merchant(settings.mchid, settings.appid)
        merchant_key = keys.private_key(base / settings.private_key)
        self._signer = Signer(settings.mchid, settings.serial_no, merchant_key)
        self._verifier = Verifier(_own_keys(settings, base))
        self._api_v3_key = _api_v3_key(settings, base)
        self._learned: float | None = None
        bases = [settings.base_url, *([settings.standby_url] if settings.standby_url else [])]
        self._wire = Wire(
            bases,
            Limits(settings.connect_seconds, settings.read_seconds, 2 * settings.read_seconds),
            base / settings.ca_file if settings.ca_file else None,
            lambda: clock.now().timestamp(),
        )
        self.skew: int | None = None
        """Seconds by which the till's clock is ahead of WeChat's, as last told."""

    def close(self) -> None:
        """Close connections."""
        self._wire.close()

    def warm(self) -> Trouble | None:
        """Ask after an order that never was: opens the connection, tries keys and clock."""
        probe = Charge(_SELF_TEST, 1, "", "", "")
        answer = self.query(probe)
        if isinstance(answer, Unknown | NotSent):
            return Trouble(answer.code, answer.detail)
        if self.skew is not None and abs(self.skew) >= CLOCK_WARNING:
            return Trouble("clock_off", str(self.skew))
        return None

    def pay_code(self, charge: Charge, code: PaymentCode) -> PayAnswer:
        """付款码支付. Sent once, never again: what is not answered is queried."""
        body = self._order(charge)
        body["payer"] = {"auth_code": code.reveal()}
        body["scene_info"] = {
            "device_id": charge.shop + charge.till,
            "device_ip": self._settings.device_ip,
            "store_info": {"out_id": charge.shop},
        }
        reply = self._call("POST", "/v3/pay/transactions/codepay", body)
        if not isinstance(reply, Reply):
            return reply
        return answers.of_pay(reply.status, reply.body, charge, self._us)

    def create_qr(self, charge: Charge, expires_at: datetime) -> QrAnswer:
        """Native 下单: the text of a QR good until `expires_at`."""
        body = self._order(charge)
        body["notify_url"] = self._settings.notify_url
        body["time_expire"] = local(expires_at).isoformat(timespec="seconds")
        body["scene_info"] = {
            "payer_client_ip": self._settings.device_ip,
            "device_id": charge.shop + charge.till,
            "store_info": {"id": charge.shop},
        }
        reply = self._call("POST", "/v3/pay/transactions/native", body)
        if not isinstance(reply, Reply):
            return reply
        text = answers.of_qr(reply.status, reply.body)
        return QrReady(text, expires_at) if isinstance(text, str) else text

    def query(self, charge: Charge) -> QueryAnswer:
        """商户订单号查询订单."""
        query = urlencode({"mchid": self._us.mchid})
        reply = self._call("GET", f"{_order_path(charge)}?{query}")
        if not isinstance(reply, Reply):
            return reply
        return answers.of_query(reply.status, reply.body, charge, self._us)

    def cancel(self, charge: Charge, way: Way) -> CancelAnswer:
        """撤销 for a payment code, 关闭订单 for a QR; each refuses the other's orders."""
        if way == "qr":
            reply = self._call("POST", _order_path(charge) + "/close", {"mchid": self._us.mchid})
            if not isinstance(reply, Reply):
                return reply
            return answers.of_close(reply.status, reply.body)
        body = {"appid": self._us.appid, "mchid": self._us.mchid}
        reply = self._call("POST", _order_path(charge) + "/reverse", body)
        if not isinstance(reply, Reply):
            return reply
        return answers.of_reverse(reply.status, reply.body, charge, self._us)

    def refund(self, ask: RefundAsk) -> RefundAnswer:
        """退款申请: the same number is given back once."""
        body: dict[str, Any] = {
            "out_trade_no": ask.out_trade_no,
            "out_refund_no": ask.out_refund_no,
            "amount": {"refund": ask.fen, "total": ask.paid_fen, "currency": "CNY"},
        }
        if ask.reason:
            body["reason"] = ask.reason[:26]  # at most 80 bytes
        reply = self._call("POST", "/v3/refund/domestic/refunds", body)
        if not isinstance(reply, Reply):
            return reply
        return answers.of_refund(reply.status, reply.body, ask)

    def query_refund(self, ask: RefundAsk) -> RefundAnswer:
        """查询单笔退款."""
        number = quote(ask.out_refund_no, safe="")
        reply = self._call("GET", f"/v3/refund/domestic/refunds/{number}")
        if not isinstance(reply, Reply):
            return reply
        return answers.of_refund(reply.status, reply.body, ask)

    def fetch_bill(self, day: date) -> BillAnswer:
        """申请交易账单 and its download; the download is unsigned, its SHA-1 is compared."""
        if day >= local(self._clock.now()).date():
            return BillNotReady()
        asked = {"bill_date": day.isoformat(), "bill_type": "ALL", "tar_type": "GZIP"}
        reply = self._call("GET", "/v3/bill/tradebill?" + urlencode(asked))
        if not isinstance(reply, Reply):
            return reply
        if reply.status != 200:
            return _no_bill(reply.status, answers.failure(reply.body))
        place = answers.decoded(reply.body, answers.BillPlace)
        if place is None or place.hash_type != "SHA1":
            return Unknown("not_understood")
        target = self._bill_target(place.download_url)
        if target is None:
            return Unknown("mismatch")
        try:
            packed = self._send("GET", target, b"", BILL_CAP)
        except WireFailed as failed:
            return _unsent(failed)
        content = _unpacked(packed.body) if packed.status == 200 else None
        if content is None:
            return Unknown("bill_broken")
        found = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        if not hmac.compare_digest(found, place.hash_value.lower()):
            return Unknown("bill_hash")
        return BillFile(self.channel, day, content)

    def _order(self, charge: Charge) -> dict[str, Any]:
        return {
            "appid": self._us.appid,
            "mchid": self._us.mchid,
            "description": charge.subject[:40] or charge.out_trade_no,
            "out_trade_no": charge.out_trade_no,
            "attach": f"{charge.shop}{charge.till}",
            "amount": {"total": charge.fen, "currency": "CNY"},
        }

    def _bill_target(self, url: str) -> str | None:
        """The path of a download on the hosts we are configured for; no other host is asked."""
        parts = urlsplit(url)
        hosts = (self._settings.base_url, self._settings.standby_url)
        if f"{parts.scheme}://{parts.netloc}" not in [base.rstrip("/") for base in hosts]:
            return None
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        return target if target.isascii() and target.isprintable() else None

    def _call(
        self, method: str, target: str, body: dict[str, Any] | None = None
    ) -> Reply | Unknown | NotSent:
        """One call with a verified answer, or why there is none."""
        doubt = self._learn()
        if doubt is not None:  # without keys no answer could be believed: nothing is asked
            code = doubt.code if doubt.misconfigured or doubt.code in _NO_LINE else "keys_missing"
            return NotSent(code, doubt.detail or doubt.code, doubt.misconfigured)
        content = b"" if body is None else msgspec.json.encode(body)
        try:
            reply = self._send(method, target, content)
        except WireFailed as failed:
            return _unsent(failed)
        return self._checked(reply)

    def _send(self, method: str, target: str, content: bytes, cap: int = 256 * 1024) -> Reply:
        """Serialise once, sign those bytes, send those bytes."""
        now = int(self._clock.now().timestamp())
        headers = {
            "Authorization": self._signer.authorization(
                method, target, content, now, self._nonce()
            ),
            "Accept": "application/json",
        }
        if content:
            headers["Content-Type"] = "application/json"
        serials = self._verifier.serials
        if serials:
            headers["Wechatpay-Serial"] = self._settings.public_key_id or serials[-1]
        reply = self._wire.call(method, target, headers, content, cap)
        self.skew = reply.skew if reply.skew is not None else self.skew
        return reply

    def _checked(self, reply: Reply) -> Reply | Unknown:
        """The answer, if it is to be believed. It was sent for: nothing here says otherwise."""
        code = self._doubt(reply)
        if code == "unknown_serial" and self._api_v3_key is not None:
            self._learn(again=True)
            code = self._doubt(reply)
        if not code:
            return reply
        if code == "unsigned":
            return self._unsigned(reply)
        return Unknown(code, misconfigured=code in _TECHNICAL)

    def _doubt(self, reply: Reply) -> str:
        try:
            self._verifier.check(reply, int(self._clock.now().timestamp()))
        except NotVerified as doubt:
            return doubt.code
        return ""

    def _unsigned(self, reply: Reply) -> Unknown:
        """What an answer without a signature looks like: never believed, but worth a hint."""
        code = answers.failure(reply.body)
        if reply.status == 401 or code == "SIGN_ERROR":
            if self.skew is not None and abs(self.skew) > CLOCK_WARNING:
                return Unknown("clock_off", str(self.skew), misconfigured=True)
            return Unknown("keys_refused", code, misconfigured=True)
        if reply.status == 403:
            return Unknown("no_permission", code, misconfigured=True)
        if reply.body.lstrip()[:1] == b"<" or "html" in reply.headers.get("content-type", ""):
            return Unknown("portal")
        if reply.status >= 500:
            return Unknown("system_error", code)
        return Unknown("unsigned", code)

    def _learn(self, again: bool = False) -> Unknown | None:
        """Fetch platform certificates where the merchant uses them; what is wrong, if anything.

        They are fetched before the first call and twice a day, and once more, a minute apart at
        least, when an answer names a serial not known.
        """
        if self._api_v3_key is None or (self._settings.public_key_id and not again):
            return None
        now = self._clock.monotonic()
        age = None if self._learned is None else now - self._learned
        if age is not None and age < (_RELEARN_AFTER if again else _RELEARN_ANYWAY):
            return None
        try:
            reply = self._send("GET", _CERTIFICATES, b"")
            if reply.status != 200:
                return self._unsigned(reply)
            found = platform_keys(reply.body, self._api_v3_key, self._clock.now().astimezone(UTC))
            Verifier(found).check(reply, int(self._clock.now().timestamp()))
        except WireFailed as failed:
            return Unknown(failed.code, failed.detail)
        except NotVerified as doubt:
            return Unknown(doubt.code, misconfigured=doubt.code in _TECHNICAL)
        self._verifier.learn(found)
        self._learned = now
        return None


def _own_keys(settings: WechatSettings, base: Path) -> dict[str, RSAPublicKey]:
    if not settings.public_key_id:
        needed("wechat", api_v3_key=settings.api_v3_key)
        return {}
    needed("wechat", public_key=settings.public_key)
    return {settings.public_key_id: keys.public_key(base / settings.public_key)}


def _api_v3_key(settings: WechatSettings, base: Path) -> bytes | None:
    if not settings.api_v3_key:
        return None
    path = base / settings.api_v3_key
    key = read_private(path).strip()
    if len(key) != 32:
        raise Refused("pay_api_v3_key", path=path)
    return key


def _order_path(charge: Charge) -> str:
    return "/v3/pay/transactions/out-trade-no/" + quote(charge.out_trade_no, safe="")


def _unsent(failed: WireFailed) -> Unknown | NotSent:
    kind = Unknown if failed.sent else NotSent
    return kind(failed.code, failed.detail)


def _no_bill(status: int, code: str) -> BillAnswer:
    if code == "NO_STATEMENT_EXIST":
        return NoBill()
    if code in ("STATEMENT_CREATING", "STATEMENT_NOT_READY"):
        return BillNotReady()
    return answers.broken(status, code)


def _unpacked(packed: bytes) -> bytes | None:
    """What is inside a gzip, up to the cap; None where it is none or too much."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            content = file.read(BILL_CAP + 1)
    except (OSError, EOFError, zlib.error):
        return None
    return content if len(content) <= BILL_CAP else None
