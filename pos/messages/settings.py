"""Settings of `[messages]`. Secrets are files, never values; paths are relative to config.toml."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Topic = Literal[
    "close", "low_stock", "payment_unresolved", "till_silent", "printer_down", "records_rejected"
]
TOPICS: tuple[Topic, ...] = (
    "close",
    "low_stock",
    "payment_unresolved",
    "till_silent",
    "printer_down",
    "records_rejected",
)
Address = Annotated[
    str,
    msgspec.Meta(pattern=r"^[0-9A-Za-z._%+\-]{1,64}@[0-9A-Za-z\-]{1,60}(\.[0-9A-Za-z\-]{1,30})*$"),
]
Seconds = Annotated[float, msgspec.Meta(ge=0.1, le=120)]


def _about(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Mail(_Section, frozen=True):
    """The mail server messages go out by."""

    host: Annotated[str, msgspec.Meta(max_length=120), _about("SMTP server; empty: no mail")] = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535), _about("587 STARTTLS, 465 TLS")] = 587
    security: Annotated[
        Literal["starttls", "tls", "none"], _about("none only to this very machine")
    ] = "starttls"
    user: Annotated[str, msgspec.Meta(max_length=120), _about("empty: no sign-in")] = ""
    password: Annotated[str, _about("file with the password, mode 0600")] = ""
    sender: Annotated[str, msgspec.Meta(max_length=120), _about("address mail comes from")] = ""
    ca_file: Annotated[str, _about("PEM of a private authority; empty: the system's")] = ""
    seconds: Annotated[Seconds, _about("until the server is given up")] = 20.0


class Hook(_Section, frozen=True):
    """A webhook: 企业微信 or 钉钉 group robot, or a program of your own."""

    kind: Annotated[Literal["wecom", "dingtalk", "generic"], _about("whose form the text takes")]
    url: Annotated[str, _about("file with the whole address, mode 0600: its key is a secret")]
    secret: Annotated[
        str, _about("file with the signing secret, mode 0600 (钉钉 加签; generic: HMAC-SHA-256)")
    ] = ""
    seconds: Annotated[Seconds, _about("until an answer is given up")] = 10.0


class MessageSettings(_Section, frozen=True):
    """Messages to customers and managers. All off until switched on."""

    mail: Mail = Mail()
    hooks: Annotated[dict[str, Hook], _about("webhooks, `[messages.hooks.NAME]` each")] = {}
    receipts: Annotated[bool, _about("mail a receipt to a customer who asks for it")] = False
    invoices: Annotated[bool, _about("mail the links of an issued invoice to its buyer")] = False
    managers: Annotated[tuple[Address, ...], _about("addresses managers are told at")] = ()
    manager_hooks: Annotated[tuple[str, ...], _about("names of webhooks managers are told by")] = ()
    topics: Annotated[tuple[Topic, ...], _about("what managers are told of; empty: nothing")] = ()
    templates: Annotated[str, _about("folder with texts of your own, close.txt …; empty: ours")] = (
        ""
    )
    silent_minutes: Annotated[
        int, msgspec.Meta(ge=5, le=10_080), _about("a till not heard of for so long is told of")
    ] = 60

    @property
    def on(self) -> bool:
        """Whether anything is ever sent."""
        return bool(self.receipts or self.invoices or self.topics)
