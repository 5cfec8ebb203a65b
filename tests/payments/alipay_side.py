"""Alipay's end of the line: checks a request as the gateway would, signs the raw answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from pos.clock import Clock
from pos.payments import keys
from pos.payments.alipay.gateway import AlipayGateway
from pos.payments.settings import AlipaySettings
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
APP_ID = "2021000000000001"


@dataclass
class Alipay:
    """Answers from `script` in turn; the last stays. A dict is signed, bytes go as they are."""

    script: list[Any] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    cert_sn: str = ""
    app: str = "app"

    def __call__(self, request: Request) -> bytes | None:
        params = self.check(request)
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if answer is None or isinstance(answer, bytes):
            return answer
        return http(self.signed(params.get("method", ""), answer))

    def signed(self, method: str, answer: dict[str, Any], by: str = "alipay") -> bytes:
        """A body whose `sign` is over the text of its answer just as it stands there."""
        node = json.dumps(answer, ensure_ascii=False)
        sign = rsa_sign(key(by), node.encode())
        name = method.replace(".", "_") + "_response"
        extra = f',"alipay_cert_sn":"{self.cert_sn}"' if self.cert_sn else ""
        return f'{{"{name}":{node}{extra},"sign":"{sign}"}}'.encode()

    def check(self, request: Request) -> dict[str, str]:
        params = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        self.asked.append(params)
        text = "&".join(f"{k}={v}" for k, v in sorted(params.items()) if v and k != "sign")
        if request.target != "/gateway.do?charset=utf-8" or request.method != "POST":
            self.bad.append("target")
        elif not rsa_holds(key(self.app), text.encode(), params.get("sign", "")):
            self.bad.append("signature")
        elif params["timestamp"] != "2026-03-01 12:00:00":
            self.bad.append("time")
        return params


def settings(folder: Path, url: str, **changed: Any) -> AlipaySettings:
    """Key mode, with its files in `folder`."""
    (folder / "alipay.pem").write_bytes(public_pem(key("alipay")))
    values: dict[str, Any] = {
        "enabled": True,
        "app_id": APP_ID,
        "private_key": secret(folder / "app.pem", private_pem(key("app"))),
        "alipay_public_key": "alipay.pem",
        "base_url": url,
        "connect_seconds": 1.0,
        "read_seconds": 1.0,
    }
    return AlipaySettings(**{**values, **changed})


def gateway(folder: Path, line: Line, **changed: Any) -> AlipayGateway:
    """A gateway on this line; its key is not read again from the file, which takes a while."""
    clock = Clock(lambda: NOW, lambda: 1000.0)
    chosen = settings(folder, line.url, **changed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "private_key", lambda path: key("app"))
        return AlipayGateway(chosen, folder, clock)
