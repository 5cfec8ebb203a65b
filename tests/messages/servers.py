"""A real mail server on loopback, with what it took and how it should behave."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.payments.line import key, private_pem
from tests.payments.papers import certificate, pem


@dataclass
class Box:
    """What arrived. `script`: `deny` at RCPT, `busy` at DATA, `vanish` after the text."""

    script: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.script == "deny":
            return "550 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.script == "busy":
            return "451 Try again later"
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.secure.append(session.ssl is not None)
        if self.script == "vanish":
            transport: Any = server.transport
            transport.abort()
        return "250 Taken"


class Server(Controller):
    """On a free port; with `tls` it wants STARTTLS and a sign-in."""

    def __init__(self, box: Box, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        super().__init__(box, hostname="127.0.0.1", port=0)

    def factory(self) -> SMTP:
        if self.tls is None:
            return SMTP(self.handler, hostname="mail.example")
        return SMTP(
            self.handler,
            hostname="mail.example",
            tls_context=self.tls,
            require_starttls=True,
            auth_required=True,
            authenticator=_knows,
        )

    def _trigger_server(self) -> None:
        """The port is known only now: the base class would connect to port 0."""
        assert isinstance(self.server, asyncio.AbstractServer)
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def _knows(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"shop", b"secret")
    return AuthResult(success=good)


def papers(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context for `localhost`, and the authority that vouches for it."""
    authority = folder / "authority.pem"
    authority.write_bytes(pem(certificate("ca", "ca", 1)))
    (folder / "mail.pem").write_bytes(pem(certificate("mail", "ca", 2, host="localhost")))
    (folder / "mail.key").write_bytes(private_pem(key("mail")))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "mail.pem", folder / "mail.key")
    return context, authority
