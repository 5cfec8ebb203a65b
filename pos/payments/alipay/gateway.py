"""The Alipay gateway: one URL, one form, one signature over the raw answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from pos.clock import Clock, local
from pos.money import yuan
from pos.payments import keys
from pos.payments.alipay import answers
from pos.payments.alipay.signing import (
    certificate_sn,
    check_chain,
    root_sn,
    signed_form,
    take_apart,
)
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
from pos.payments.settings import AlipaySettings, needed
from pos.refusal import Refused
from pos.wire import Limits, Reply, Wire, WireFailed

CLOCK_WARNING = 60
BILL_HOUR = 10
PAY_LIFE = "2m"
"""A code payment left open ends by itself soon after the last cancel was tried."""
_TARGET = "/gateway.do?charset=utf-8"
_SELF_TEST = "guitaiselftest00"
_BILL_HOST = ".alipay.com"


class AlipayGateway:
    """`PaymentGateway` for Alipay. Blocking; for one thread at a time."""

    channel = "alipay"

    def __init__(self, settings: AlipaySettings, base: Path, clock: Clock) -> None:
        """`base`: the folder that paths in `settings` start at.

        Raises Refused: pay_setting_missing, wire_url, pay_cert_expired, pay_keys_differ, and what
        `keys` raises for wrong files.
        """
        needed("alipay", app_id=settings.app_id, private_key=settings.private_key)
        self._settings = settings
        self._clock = clock
        self._private = keys.private_key(base / settings.private_key)
        self._extra: dict[str, str] = {}
        self._cert_sn = ""
        if settings.mode == "certificate":
            self._public = self._load_certificates(base, clock.now())
        else:
            needed("alipay", alipay_public_key=settings.alipay_public_key)
            self._public = keys.public_key(base / settings.alipay_public_key)
        self._wire = Wire(
            [settings.base_url],
            Limits(settings.connect_seconds, settings.read_seconds, 2 * settings.read_seconds),
            base / settings.ca_file if settings.ca_file else None,
            lambda: clock.now().timestamp(),
        )
        self.skew: int | None = None
        """Seconds by which the till's clock is ahead of Alipay's, as last told."""

    def close(self) -> None:
        """Close connections."""
        self._wire.close()

    def warm(self) -> Trouble | None:
        """Ask after an order that never was: opens the connection, tries keys and clock."""
        answer = self.query(Charge(_SELF_TEST, 1, "", "", ""))
        if isinstance(answer, Unknown | NotSent):
            return Trouble(answer.code, answer.detail)
        if self.skew is not None and abs(self.skew) >= CLOCK_WARNING:
            return Trouble("clock_off", str(self.skew))
        return None

    def pay_code(self, charge: Charge, code: PaymentCode) -> PayAnswer:
        """alipay.trade.pay. Sent once, never again: what is not answered is queried."""
        biz = self._order(charge)
        biz |= {"scene": "bar_code", "auth_code": code.reveal()}
        biz |= {"product_code": "FACE_TO_FACE_PAYMENT", "timeout_express": PAY_LIFE}
        answer = self._call("alipay.trade.pay", biz)
        if not isinstance(answer, answers.Answer):
            return answer
        return answers.of_pay(answer, charge, self._settings.seller_id)

    def create_qr(self, charge: Charge, expires_at: datetime) -> QrAnswer:
        """alipay.trade.precreate: no trade exists until somebody scans it."""
        biz = self._order(charge)
        minutes = max(1, -int((self._clock.now() - expires_at).total_seconds() // 60))
        biz["qr_code_timeout_express"] = f"{minutes}m"
        biz["timeout_express"] = f"{minutes}m"
        answer = self._call("alipay.trade.precreate", biz)
        if not isinstance(answer, answers.Answer):
            return answer
        text = answers.of_qr(answer, charge)
        return QrReady(text, expires_at) if isinstance(text, str) else text

    def query(self, charge: Charge) -> QueryAnswer:
        """alipay.trade.query."""
        answer = self._call("alipay.trade.query", {"out_trade_no": charge.out_trade_no})
        if not isinstance(answer, answers.Answer):
            return answer
        return answers.of_query(answer, charge, self._settings.seller_id)

    def cancel(self, charge: Charge, way: Way) -> CancelAnswer:
        """alipay.trade.cancel for a payment code; a QR is closed, which never gives money back."""
        method = "alipay.trade.cancel" if way == "code" else "alipay.trade.close"
        answer = self._call(method, {"out_trade_no": charge.out_trade_no})
        if not isinstance(answer, answers.Answer):
            return answer
        return answers.of_cancel(answer, charge)

    def refund(self, ask: RefundAsk) -> RefundAnswer:
        """alipay.trade.refund: the same out_request_no is given back once."""
        biz = {
            "out_trade_no": ask.out_trade_no,
            "out_request_no": ask.out_refund_no,
            "refund_amount": yuan(ask.fen),
        }
        if ask.reason:
            biz["refund_reason"] = ask.reason[:80]
        answer = self._call("alipay.trade.refund", biz)
        if not isinstance(answer, answers.Answer):
            return answer
        return answers.of_refund(answer, ask)

    def query_refund(self, ask: RefundAsk) -> RefundAnswer:
        """alipay.trade.fastpay.refund.query."""
        biz = {"out_trade_no": ask.out_trade_no, "out_request_no": ask.out_refund_no}
        answer = self._call(
            "alipay.trade.fastpay.refund.query", {**biz, "query_options": ["gmt_refund_pay"]}
        )
        if not isinstance(answer, answers.Answer):
            return answer
        return answers.of_refund_query(answer, ask)

    def fetch_bill(self, day: date) -> BillAnswer:
        """…bill.downloadurl.query and its download, within the 30 s that the URL lives."""
        if day >= local(self._clock.now()).date():
            return BillNotReady()
        answer = self._call(
            "alipay.data.dataservice.bill.downloadurl.query",
            {"bill_type": "trade", "bill_date": day.isoformat()},
        )
        if not isinstance(answer, answers.Answer):
            return answer
        if answer.code != answers.DONE:
            told = _no_bill(answer)
            ready = local(self._clock.now()) - timedelta(days=1, hours=BILL_HOUR)
            # the same code means "not yet" and "never": before ten it may still be made
            early = isinstance(told, NoBill) and ready.date() < day
            return BillNotReady() if early else told
        if not self._bill_place(answer.bill_download_url):
            return Unknown("mismatch")
        try:
            reply = self._wire.get(answer.bill_download_url)
        except WireFailed as failed:
            return _unsent(failed)
        if reply.status != 200 or reply.body[:2] != b"PK":
            return Unknown("bill_broken")
        return BillFile(self.channel, day, reply.body)

    def _order(self, charge: Charge) -> dict[str, Any]:
        order = {
            "out_trade_no": charge.out_trade_no,
            "total_amount": yuan(charge.fen),
            "subject": charge.subject[:40] or charge.out_trade_no,
            "store_id": charge.shop,
            "terminal_id": charge.shop + charge.till,
            "operator_id": charge.operator[:28],
        }
        return {name: value for name, value in order.items() if value}

    def _bill_place(self, url: str) -> bool:
        """Bills lie at Alipay's own hosts; a simulator's lie on this machine."""
        parts = urlsplit(url)
        if parts.username or parts.password or parts.fragment or not url.isascii():
            return False
        if self._wire.loopback:
            return parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
        host = parts.hostname or ""
        ours = urlsplit(self._settings.base_url).hostname
        return parts.scheme == "https" and (host.endswith(_BILL_HOST) or host == ours)

    def _call(self, method: str, biz: dict[str, Any]) -> answers.Answer | Unknown | NotSent:
        """One call with a verified answer, or why there is none."""
        params = {
            "app_id": self._settings.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": local(self._clock.now()).strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
            "biz_content": msgspec.json.encode(biz).decode(),
            **self._extra,
        }
        body = signed_form(params, self._private)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded;charset=utf-8",
            "Accept": "application/json",
        }
        try:
            reply = self._wire.call("POST", _TARGET, headers, body)
        except WireFailed as failed:
            return _unsent(failed)
        self.skew = reply.skew if reply.skew is not None else self.skew
        return self._checked(reply, method.replace(".", "_") + "_response")

    def _checked(self, reply: Reply, node: str) -> answers.Answer | Unknown:
        """The signed part of an answer, if its signature holds over the very text that came."""
        if reply.status != 200:
            return Unknown("system_error", str(reply.status))
        parts = take_apart(reply.body, node)
        if parts is None:
            html = reply.body.lstrip()[:1] == b"<"
            return Unknown("portal" if html else "not_understood")
        if not parts.node or not parts.sign:
            return self._unsigned(parts.error or parts.node)
        if self._cert_sn and parts.cert_sn != self._cert_sn:
            return Unknown("unknown_serial", misconfigured=True)
        if not keys.verified(self._public, parts.node.encode(), parts.sign):
            return Unknown("bad_signature")
        return answers.decoded(parts.node) or Unknown("not_understood")

    def _unsigned(self, text: str) -> Unknown:
        """An answer without a signature is never believed, but its code is worth a hint."""
        told = answers.decoded(text)
        hint = answers.broken(told) if told else None
        if hint and hint.misconfigured:
            if self.skew is not None and abs(self.skew) > CLOCK_WARNING:
                return Unknown("clock_off", str(self.skew), misconfigured=True)
            return hint
        return Unknown("unsigned", hint.detail if hint else "")

    def _load_certificates(self, base: Path, now: datetime) -> RSAPublicKey:
        """Certificate mode: SNs to send and to expect, and Alipay's key, which its root vouches."""
        names = ("app_certificate", "alipay_certificate", "root_certificate")
        needed("alipay", **{name: getattr(self._settings, name) for name in names})
        app, alipay, root = (base / getattr(self._settings, name) for name in names)
        own = keys.in_force(keys.certificates(app)[0], app, now)
        if (
            keys.rsa_key_of(own, app).public_numbers()
            != self._private.public_key().public_numbers()
        ):
            raise Refused("pay_keys_differ", path=app)
        chain = keys.certificates(alipay)
        theirs = keys.in_force(chain[0], alipay, now)
        roots = keys.certificates(root)
        check_chain(theirs, [*chain[1:], *roots], alipay)
        self._extra = {
            "app_cert_sn": certificate_sn(own),
            "alipay_root_cert_sn": root_sn(roots),
        }
        self._cert_sn = certificate_sn(theirs)
        return keys.rsa_key_of(theirs, alipay)


def _unsent(failed: WireFailed) -> Unknown | NotSent:
    kind: Callable[[str, str], Unknown | NotSent] = Unknown if failed.sent else NotSent
    return kind(failed.code, failed.detail)


def _no_bill(answer: answers.Answer) -> BillAnswer:
    code = answer.sub_code.lower()
    if "bill_not_exist" in code:
        return NoBill()
    if "not_ready" in code or "creating" in code:
        return BillNotReady()
    return answers.broken(answer)
