"""Mail by SMTP (RFC 5321), step by step, so that it is known what may have arrived."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime
from pathlib import Path

from pos.clock import local
from pos.messages.message import Later, Message, Outcome, Rejected, Sent, Uncertain
from pos.messages.settings import Mail
from pos.refusal import Refused
from pos.system import read_private
from pos.text import clean, harmless

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Mailer:
    """Sends one mail a call over a connection of its own."""

    def __init__(self, settings: Mail, folder: Path, repeat: str) -> None:
        """`repeat`: the line put before a text that may have arrived already.

        Raises Refused: message_setting_missing, message_plain, wire_ca_file, secret_missing,
        secret_mode.
        """
        wanted = {"host": settings.host, "sender": settings.sender}
        if settings.user:
            wanted["password"] = settings.password
        for name, value in wanted.items():
            if not value:
                raise Refused("message_setting_missing", key=f"messages.mail.{name}")
        if settings.security == "none" and settings.host not in _LOOPBACK:
            raise Refused("message_plain", host=settings.host)
        self._settings = settings
        self._repeat = repeat
        self._tls = None if settings.security == "none" else _tls(settings, folder)
        self._password = ""  # nosec B105  # empty until one is there
        if settings.user:
            secret = read_private(folder / settings.password)
            self._password = secret.decode("utf-8", "replace").strip()

    def send(self, message: Message, doubtful: bool, now: datetime) -> Outcome:
        """One try. Whatever fails before the text went out is surely not sent."""
        try:
            data = self._compose(message, doubtful, now).as_bytes(policy=POLICY)
        except (ValueError, IndexError, UnicodeError):
            return Rejected("address")
        try:
            server = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            return Later(f"sign-in {error.smtp_code}")
        except smtplib.SMTPResponseException as error:
            return Later(f"{error.smtp_code}")
        except (OSError, smtplib.SMTPException) as error:
            return Later(_why(error))
        try:
            return self._deliver(server, message.to, data)
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        own = self._settings
        server: smtplib.SMTP
        if own.security == "tls":
            server = smtplib.SMTP_SSL(own.host, own.port, timeout=own.seconds, context=self._tls)
        else:
            server = smtplib.SMTP(own.host, own.port, timeout=own.seconds)
        try:
            if own.security == "starttls":
                # refused where the server does not offer it: never in the clear
                server.starttls(context=self._tls)
            server.ehlo_or_helo_if_needed()
            if own.user:
                server.login(own.user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _deliver(self, server: smtplib.SMTP, to: str, data: bytes) -> Outcome:
        try:
            for code, words in (
                server.mail(self._settings.sender),
                server.rcpt(to),
                server.docmd("DATA"),
            ):
                if code >= 400:
                    return _refused(code, words)
        except (OSError, smtplib.SMTPException) as error:
            return Later(_why(error))
        try:
            server.send(_dotted(data))
            code, words = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return Uncertain(_why(error))
        return Sent() if code < 400 else _refused(code, words)

    def _compose(self, message: Message, doubtful: bool, now: datetime) -> EmailMessage:
        domain = self._settings.sender.rpartition("@")[2]
        mail = EmailMessage(policy=POLICY)
        mail["Message-ID"] = f"<{message.message_id}@{domain}>"
        mail["Date"] = format_datetime(local(now))
        mail["From"] = Address(addr_spec=self._settings.sender)
        mail["To"] = Address(addr_spec=message.to)
        mail["Subject"] = clean(message.subject, 200)
        mail["Auto-Submitted"] = "auto-generated"
        text = f"{self._repeat}\n\n{message.text}" if doubtful else message.text
        mail.set_content(harmless(text))
        if message.html:
            mail.add_alternative(harmless(message.html), subtype="html")
        return mail


def _tls(settings: Mail, folder: Path) -> ssl.SSLContext:
    path = folder / settings.ca_file if settings.ca_file else None
    try:
        context = ssl.create_default_context(cafile=str(path) if path else None)
    except (OSError, ssl.SSLError):
        raise Refused("wire_ca_file", path=path) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _dotted(data: bytes) -> bytes:
    """The text as it goes over the wire: a dot that begins a line is doubled, one ends it all."""
    lines = data.replace(b"\r\n", b"\n").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    dotted = [b"." + line if line.startswith(b".") else line for line in lines]
    return b"\r\n".join(dotted) + b"\r\n.\r\n"


def _refused(code: int, words: bytes) -> Outcome:
    why = clean(f"{code} {words.decode('utf-8', 'replace')}", 120)
    return Rejected(why) if code >= 500 else Later(why)


def _why(error: Exception) -> str:
    return clean(type(error).__name__, 60)
