"""Mail that arrives, is refused, has to wait, or may have arrived."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from pos.messages.mail import Mailer, _dotted
from pos.messages.message import Later, Message, Rejected, Sent, Uncertain, message_id
from pos.messages.settings import Mail
from pos.refusal import Refused
from tests.messages.servers import Box, Server, papers

NOW = datetime(2026, 7, 27, 2, 0, tzinfo=UTC)
MESSAGE = Message(
    message_id("invoice:1", "a@example.cn"), "mail", "a@example.cn", "invoice:1",
    "柜台便利店 电子发票 🧾", "您的发票已开具。\n.点开头的一行", "<p>您的发票</p>",
)  # fmt: skip


def plain(port: int) -> Mail:
    """To the server on loopback without TLS."""
    return Mail("127.0.0.1", port, "none", sender="pos@shop.example", seconds=5.0)


def send(box: Box, message: Message = MESSAGE, doubtful: bool = False) -> object:
    """One try at a fresh server."""
    server = Server(box)
    server.start()
    try:
        return Mailer(plain(server.port), Path(), "（可能重复）").send(message, doubtful, NOW)
    finally:
        server.stop()


def test_mail_arrives_as_it_was_meant() -> None:
    box = Box()
    assert send(box) == Sent()
    (mail,) = box.mails
    assert mail["Message-ID"] == f"<{MESSAGE.message_id}@shop.example>"
    assert mail["Subject"] == "柜台便利店 电子发票 🧾"
    assert mail["Date"] == "Mon, 27 Jul 2026 10:00:00 +0800"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r", "") == "您的发票已开具。\n.点开头的一行\n"
    assert html.get_content().strip() == "<p>您的发票</p>"


def test_a_repeat_says_so_under_the_same_id() -> None:
    box = Box()
    send(box)
    send(box, doubtful=True)
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]
    body = second.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("（可能重复）\r\n")


@pytest.mark.parametrize(
    ("script", "outcome", "arrived"),
    [
        ("deny", Rejected("550 No such user here"), 0),
        ("busy", Later("451 Try again later"), 0),
        ("vanish", Uncertain("SMTPServerDisconnected"), 1),
    ],
)
def test_what_a_server_may_do(script: str, outcome: object, arrived: int) -> None:
    box = Box(script)
    assert send(box) == outcome
    assert len(box.mails) == arrived


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    told = Mailer(plain(port), Path(), "").send(MESSAGE, False, NOW)
    assert told == Later("ConnectionRefusedError")


def test_starttls_and_sign_in(tmp_path: Path) -> None:
    context, authority = papers(tmp_path)
    (tmp_path / "word").write_text("secret\n")
    (tmp_path / "word").chmod(0o600)
    (tmp_path / "bad").write_text("wrong")
    (tmp_path / "bad").chmod(0o600)
    box = Box()
    server = Server(box, context)
    server.start()
    try:
        secret: Callable[[str], str] = str
        good = Mail(
            "localhost", server.port, "starttls", "shop", secret("word"), "pos@shop.example",
            authority.name, 5.0,
        )  # fmt: skip
        assert Mailer(good, tmp_path, "").send(MESSAGE, False, NOW) == Sent()
        wrong = replace(good, password=secret("bad"))
        assert isinstance(Mailer(wrong, tmp_path, "").send(MESSAGE, False, NOW), Later)
        stranger = replace(good, ca_file="")
        told = Mailer(stranger, tmp_path, "").send(MESSAGE, False, NOW)
        assert told == Later("SSLCertVerificationError")
    finally:
        server.stop()
    assert box.secure == [True]


def test_a_server_without_starttls_gets_nothing() -> None:
    box = Box()
    server = Server(box)
    server.start()
    try:
        own = replace(plain(server.port), host="localhost", security="starttls")
        told = Mailer(own, Path(), "").send(MESSAGE, False, NOW)
    finally:
        server.stop()
    assert told == Later("SMTPNotSupportedError")
    assert box.mails == []


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (Mail(), "message_setting_missing"),
        (Mail("mail.example", 25, "none", sender="a@b.cn"), "message_plain"),
        (Mail("mail.example", user="x", sender="a@b.cn"), "message_setting_missing"),
        (Mail("mail.example", sender="a@b.cn", ca_file="absent"), "wire_ca_file"),
    ],
)
def test_settings_that_cannot_be(tmp_path: Path, settings: Mail, code: str) -> None:
    with pytest.raises(Refused, match=code):
        Mailer(settings, tmp_path, "")


def test_an_address_that_would_add_a_header_is_refused() -> None:
    for to in ("a@b.cn\r\nBcc: x@y.cn", "", "a b"):
        box = Box()
        assert send(box, replace(MESSAGE, to=to)) == Rejected("address")
        assert box.mails == []
    box = Box()
    assert send(box, replace(MESSAGE, subject="一\r\nBcc: x@y.cn")) == Sent()
    assert box.mails[0]["Bcc"] is None


def test_dots_are_doubled() -> None:
    assert _dotted(b".a\n..\nb") == b"..a\r\n...\r\nb\r\n.\r\n"
