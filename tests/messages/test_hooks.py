"""Group robots and a hook of one's own: forms, signatures, what their answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pos.messages.hooks import Hooks
from pos.messages.message import Later, Message, Rejected, Sent, Uncertain, message_id
from pos.messages.settings import Hook
from pos.refusal import Refused
from tests.payments.line import Handler, Line, Request, http

NOW = datetime(2026, 7, 27, 2, 0, 0, 500_000, tzinfo=UTC)
MESSAGE = Message(message_id("close:1", "boss"), "hook", "boss", "close:1", "日结", "短款 5.00 元")
SECRET = "SEC0123456789"  # noqa: S105 - of nobody


def send(
    folder: Path, kind: str, handler: Handler, path: str = "/robot/send?access_token=x",
    doubtful: bool = False, message: Message = MESSAGE,
) -> tuple[object, list[Request]]:  # fmt: skip
    """One try at a line that answers with `handler`."""
    with Line(handler) as line:
        for name, text in (("url", f"http://127.0.0.1:{line.port}{path}\n"), ("secret", SECRET)):
            (folder / name).write_text(text)
            (folder / name).chmod(0o600)
        own = Hook("dingtalk", "url", "secret", 2.0)
        if kind == "wecom":
            own = Hook("wecom", "url", "", 2.0)
        elif kind == "generic":
            own = Hook("generic", "url", "secret", 2.0)
        hook = Hooks(own, folder, "（可能重复）")
        told = hook.send(message, doubtful, NOW)
        hook.close()
        return told, line.requests


def answer(body: bytes, status: str = "200 OK") -> Handler:
    """Always the same."""
    return lambda request: http(body, status=status)


OK = b'{"errcode":0,"errmsg":"ok"}'


def test_dingtalk_is_signed(tmp_path: Path) -> None:
    told, (request,) = send(tmp_path, "dingtalk", answer(OK))
    assert told == Sent()
    query = parse_qs(urlsplit(request.target).query)
    assert query["access_token"] == ["x"]
    assert query["timestamp"] == ["1785117600500"]
    mac = hmac.new(SECRET.encode(), f"1785117600500\n{SECRET}".encode(), hashlib.sha256)
    assert query["sign"] == [base64.b64encode(mac.digest()).decode()]
    assert json.loads(request.body) == {
        "msgtype": "text",
        "text": {"content": "日结\n短款 5.00 元"},
    }


def test_wecom_takes_2048_bytes(tmp_path: Path) -> None:
    long = Message("1", "hook", "boss", "x", "日结", "字" * 2000)
    told, (request,) = send(
        tmp_path, "wecom", answer(OK), "/cgi-bin/webhook/send?key=k", True, long
    )
    assert told == Sent()
    content = json.loads(request.body)["text"]["content"]
    assert content.startswith("（可能重复）\n日结\n字")
    assert len(content.encode()) <= 2048


def test_a_hook_of_ones_own_is_signed_over_time_and_body(tmp_path: Path) -> None:
    told, (request,) = send(tmp_path, "generic", answer(b"", "204 No Content"))
    assert told == Sent()
    moment = request.headers["x-guitai-timestamp"]
    mac = hmac.new(SECRET.encode(), moment.encode() + b"." + request.body, hashlib.sha256)
    assert request.headers["x-guitai-signature"] == mac.hexdigest()
    assert json.loads(request.body)["id"] == MESSAGE.message_id


@pytest.mark.parametrize(
    ("kind", "handler", "outcome"),
    [
        ("wecom", answer(b'{"errcode":45009,"errmsg":"freq"}'), Later("45009 freq")),
        ("wecom", answer(b'{"errcode":93000,"errmsg":"bad key"}'), Rejected("93000 bad key")),
        ("dingtalk", answer(b'{"errcode":130101,"errmsg":"fast"}'), Later("130101 fast")),
        ("dingtalk", answer(b'{"errcode":310000,"errmsg":"sign"}'), Rejected("310000 sign")),
        ("dingtalk", answer(b"<html>"), Uncertain("answer")),
        ("generic", answer(b"", "500 Oops"), Later("http 500")),
        ("generic", answer(b"", "404 None"), Rejected("http 404")),
        ("generic", lambda request: None, Uncertain("broken")),
    ],
)
def test_what_answers_mean(tmp_path: Path, kind: str, handler: Handler, outcome: object) -> None:
    assert send(tmp_path, kind, handler)[0] == outcome


def test_addresses_are_secrets(tmp_path: Path) -> None:
    path = tmp_path / "url"
    path.write_text("https://oapi.dingtalk.com/robot/send?access_token=x")
    path.chmod(0o644)
    for text, mode, code in (
        ("https://a.example/x", 0o644, "secret_mode"),
        ("http://a.example/x", 0o600, "wire_url"),
        ("nonsense", 0o600, "message_hook_url"),
        ("https://user@a.example/x", 0o600, "message_hook_url"),
    ):
        path.write_text(text)
        path.chmod(mode)
        with pytest.raises(Refused, match=code):
            Hooks(Hook("dingtalk", "url"), tmp_path, "")
