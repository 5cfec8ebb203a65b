"""WeChat's end of the line: checks a request as the provider would, signs what it answers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pos.clock import Clock
from pos.payments import keys
from pos.payments.settings import WechatSettings
from pos.payments.wechat.gateway import WechatGateway
from tests.payments.line import (
    Line,
    Request,
    http,
    key,
    private_pem,
    public_pem,
    rsa_holds,
    rsa_sign,
    secret,
)

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
MCHID, APPID, SERIAL = (
    "1900000001",
    "wxd678efh567hg6787",
    "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
)
KEY_ID = "PUB_KEY_ID_0119000000012026030100000000000000"
_FIELD = re.compile(r'(\w+)="([^"]*)"')


@dataclass
class Ticks:
    """Time that a test moves."""

    now: datetime = NOW
    steady: float = 1000.0

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, lambda: self.steady)


@dataclass
class Wechat:
    """Answers from `script`, in turn; the last one stays."""

    script: list[Any] = field(default_factory=list)
    nonce: int = 0
    bad: list[str] = field(default_factory=list)

    def __call__(self, request: Request) -> bytes | None:
        self.check(request)
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if callable(answer):
            answer = answer(request)
        if answer is None or isinstance(answer, bytes):
            return answer
        status, body = answer
        return self.signed(status, body)

    def signed(
        self, status: str, body: Any, headers: dict[str, str] | None = None, by: str = "wechat"
    ) -> bytes:
        """An answer signed over its bytes; `headers` change what was signed afterwards."""
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.nonce += 1
        nonce = f"n{self.nonce:031d}"
        message = f"{SECONDS}\n{nonce}\n".encode() + data + b"\n"
        told = {
            "Wechatpay-Timestamp": str(SECONDS),
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": KEY_ID,
            "Wechatpay-Signature": rsa_sign(key(by), message),
        }
        return http(data, {**told, **(headers or {})}, status)

    def check(self, request: Request) -> None:
        """What WeChat checks before anything else."""
        schema, _, rest = request.headers.get("authorization", "").partition(" ")
        told = dict(_FIELD.findall(rest))
        message = (
            f"{request.method}\n{request.target}\n{told.get('timestamp')}\n"
            f"{told.get('nonce_str')}\n".encode()
            + request.body
            + b"\n"
        )
        if schema != "WECHATPAY2-SHA256-RSA2048" or told.get("mchid") != MCHID:
            self.bad.append("schema")
        elif told.get("serial_no") != SERIAL or told.get("timestamp") != str(SECONDS):
            self.bad.append("serial or time")
        elif not rsa_holds(key("merchant"), message, told.get("signature", "")):
            self.bad.append("signature")


def settings(folder: Path, url: str, **changed: Any) -> WechatSettings:
    """Public-key mode, with its files in `folder`."""
    (folder / "wechat.pem").write_bytes(public_pem(key("wechat")))
    values: dict[str, Any] = {
        "enabled": True,
        "mchid": MCHID,
        "appid": APPID,
        "serial_no": SERIAL,
        "private_key": secret(folder / "merchant.pem", private_pem(key("merchant"))),
        "public_key_id": KEY_ID,
        "public_key": "wechat.pem",
        "base_url": url,
        "standby_url": "",
        "connect_seconds": 1.0,
        "read_seconds": 1.0,
    }
    return WechatSettings(**{**values, **changed})


def gateway(folder: Path, line: Line, **changed: Any) -> WechatGateway:
    """A gateway on this line; its key is not read again from the file, which takes a while."""
    chosen = settings(folder, line.url, **changed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "private_key", lambda path: key("merchant"))
        return WechatGateway(chosen, folder, Ticks().clock)
