"""Webhooks: WeCom (企业微信) and DingTalk (钉钉) group robots, and a plain signed one.

A generic hook gets JSON with `id`, `about`, `subject`, `text`, `doubtful`, and two headers:
`X-Guitai-Timestamp` (seconds) and `X-Guitai-Signature`, the hex HMAC-SHA-256 of
`TIMESTAMP.BODY` under the secret.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

import msgspec

from pos.messages.message import Later, Message, Outcome, Rejected, Sent, Uncertain
from pos.messages.settings import Hook
from pos.refusal import Refused
from pos.system import read_private
from pos.text import clean, harmless
from pos.untrusted import decoded
from pos.wire import Limits, Reply, Wire, WireFailed

_MOST_BYTES = {"wecom": 2048, "dingtalk": 16_000, "generic": 64_000}
_BUSY = {"wecom": (45009, -1), "dingtalk": (130101, -1, 88), "generic": ()}
"""errcodes that mean too fast or try again."""


class _Told(msgspec.Struct):
    errcode: int = 0
    errmsg: str = ""


class Hooks:
    """One webhook; its connection is kept between calls."""

    def __init__(self, settings: Hook, folder: Path, repeat: str) -> None:
        """Raises Refused: secret_missing, secret_mode, wire_url, message_hook_url."""
        address = _secret(folder / settings.url)
        parts = urlsplit(address)
        if not parts.netloc or parts.fragment or parts.username:
            raise Refused("message_hook_url", path=settings.url)
        self._settings = settings
        self._repeat = repeat
        self._target = parts.path + (f"?{parts.query}" if parts.query else "")
        self._secret = _secret(folder / settings.secret) if settings.secret else ""
        patience = Limits(settings.seconds, settings.seconds, settings.seconds * 2)
        self._wire = Wire([f"{parts.scheme}://{parts.netloc}"], patience)

    def send(self, message: Message, doubtful: bool, now: datetime) -> Outcome:
        """One try."""
        body = self._body(message, doubtful)
        target, headers = self._signed(body, now)
        try:
            reply = self._wire.call("POST", target, headers, body)
        except WireFailed as failed:
            return Uncertain(failed.code) if failed.sent else Later(failed.code)
        return self._meaning(reply)

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def _body(self, message: Message, doubtful: bool) -> bytes:
        repeat = f"{self._repeat}\n" if doubtful else ""
        subject, said = harmless(message.subject), harmless(message.text)
        if self._settings.kind == "generic":
            told = {
                "id": message.message_id,
                "about": harmless(message.about),
                "subject": subject,
                "text": said,
                "doubtful": doubtful,
            }
            return msgspec.json.encode(told)
        text = _within(f"{repeat}{subject}\n{said}", _MOST_BYTES[self._settings.kind])
        return msgspec.json.encode({"msgtype": "text", "text": {"content": text}})

    def _signed(self, body: bytes, now: datetime) -> tuple[str, dict[str, str]]:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if not self._secret:
            return self._target, headers
        if self._settings.kind == "dingtalk":
            moment = str(int(now.timestamp() * 1000))
            sign = quote_plus(dingtalk_sign(self._secret, moment))
            joint = "&" if "?" in self._target else "?"
            return f"{self._target}{joint}timestamp={moment}&sign={sign}", headers
        if self._settings.kind == "generic":
            moment = str(int(now.timestamp()))
            mac = hmac.new(self._secret.encode(), f"{moment}.".encode() + body, "sha256")
            headers |= {"X-Guitai-Timestamp": moment, "X-Guitai-Signature": mac.hexdigest()}
        return self._target, headers

    def _meaning(self, reply: Reply) -> Outcome:
        if reply.status == 429 or reply.status >= 500:
            return Later(f"http {reply.status}")
        if not 200 <= reply.status < 300:
            return Rejected(f"http {reply.status}")
        if self._settings.kind == "generic":
            return Sent()
        try:
            told = decoded(reply.body, _Told)
        except msgspec.DecodeError:
            return Uncertain("answer")
        if told.errcode == 0:
            return Sent()
        why = clean(f"{told.errcode} {told.errmsg}", 120)
        return Later(why) if told.errcode in _BUSY[self._settings.kind] else Rejected(why)


def dingtalk_sign(secret: str, moment: str) -> str:
    """加签: HMAC-SHA-256 of `TIMESTAMP\\nSECRET` under the secret, base64."""
    mac = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), "sha256")
    return base64.b64encode(mac.digest()).decode("ascii")


def _secret(path: Path) -> str:
    return read_private(path).decode("utf-8", "replace").strip()


def _within(text: str, most: int) -> str:
    """The head of a text in at most `most` bytes of UTF-8."""
    return text.encode()[:most].decode("utf-8", "ignore")
