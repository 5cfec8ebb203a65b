"""A head office on disk: its folder, settings and secrets, and the database it opened."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from pos.clock import Clock
from pos.config.checking import walk
from pos.config.lines import lines_of
from pos.headoffice.database import Database, open_database
from pos.invoices.settings import InvoiceSettings
from pos.messages.settings import MessageSettings
from pos.refusal import Refused
from pos.sealing import Vault
from pos.system import read_private, write_private

_KEY_BYTES = 32
SETTINGS_FILE = "headoffice.toml"
LINK_KEY, PERSON_KEY = "link.key", "person.key"
DEFAULT_TEXT = """\
# 总部 head office. Restart `pos headoffice serve` after a change.

[server]
host = "127.0.0.1"          # where it listens; 0.0.0.0 for all
port = 8700
url = "http://127.0.0.1:8700"   # how tills reach it; https unless it is this very machine
tls_cert = ""               # files of certificate and key, where no proxy does TLS
tls_key = ""

[limits]
requests_per_minute = 3000  # of one till
failures_per_minute = 30    # wrong codes and signatures from one address
invoices_per_minute = 60    # forms for invoices from one address; phones share some
code_hours = 48             # how long an enrolment code lives

[invoices]
owner = "till"              # who issues: "till", or "headoffice" (on the page behind the code)
provider = "none"           # "nuonuo" 诺税通, where head office issues
clerk = ""                  # 开票人, as signed in at the bureau
taxpayer = "general"        # "general" 一般纳税人, "small" 小规模纳税人
codes = "tax-codes.csv"     # 税收分类编码表, in this folder
default_code = ""           # tax code of goods that name none, 19 digits
most = "0"                  # an invoice over this many yuan is split; 0: never
link = ""                   # address customers reach this page by; empty: [server] url
valid_days = 60             # in which the code on a receipt can be scanned; the tills' valid_days

[invoices.seller]
tax_id = ""                 # 纳税人识别号
name = ""                   # 名称
address = ""
phone = ""
bank = ""                   # 开户行
account = ""                # 银行账号

[invoices.nuonuo]
app_key = ""
app_secret = ""             # file with the appSecret, mode 0600: secrets/nuonuo.secret
token = "secrets/nuonuo.token"
base_url = "https://sdk.nuonuo.com"
token_url = "https://open.nuonuo.com"
read_seconds = 20.0

[messages]
topics = []                 # till_silent, records_rejected; empty: nobody is told
managers = []               # mail addresses
manager_hooks = []          # names of webhooks: [messages.hooks.NAME] as in a till's config.toml
silent_minutes = 60         # a till not heard of for so long is told of, unless its day is closed
templates = ""              # folder with your own texts: till_silent.txt, records_rejected.txt

[messages.mail]
host = ""                   # SMTP server
port = 587
security = "starttls"       # starttls | tls | none (only to this very machine)
user = ""
password = ""               # file with the password, mode 0600: secrets/mail.password
sender = ""
"""


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it listens."""

    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 8700
    url: Annotated[str, msgspec.Meta(pattern="^https?://[^ ]+$")] = "http://127.0.0.1:8700"
    tls_cert: str = ""
    tls_key: str = ""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much one till and one address may ask."""

    requests_per_minute: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 3000
    failures_per_minute: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 30
    invoices_per_minute: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 60
    code_hours: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 48


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """headoffice.toml."""

    server: Server = Server()
    limits: Limits = Limits()
    invoices: InvoiceSettings = InvoiceSettings()
    messages: MessageSettings = MessageSettings()


class Keys:
    """Secrets outside the database: whoever copies the database can neither be a till nor try
    PINs. A till's token is derived, so that no table holds one; its serial makes a new one. `link`
    signs the codes on receipts, at the tills too; `person` opens what names buyers of invoices.
    Either is empty where there is none."""

    def __init__(
        self, master: bytes, pepper: bytes, link: bytes = b"", person: bytes = b""
    ) -> None:
        self._master = master
        self.link = link
        self.person = person
        self.pepper = pepper.hex()

    def token(self, shop: str, till: str, serial: int) -> str:
        """The token of a till's `serial`-th enrolment."""
        text = f"POS1T|{shop}|{till}|{serial}"
        return hmac.new(self._master, text.encode(), hashlib.sha256).hexdigest()

    def session(self, text: str) -> str:
        """A signature over what a browser is handed to keep."""
        return hmac.new(self._master, f"POS1S|{text}".encode(), hashlib.sha256).hexdigest()


class House:
    """What every part of head office is given."""

    def __init__(
        self,
        database: Database,
        keys: Keys,
        settings: Settings,
        clock: Clock,
        folder: Path = Path(),
    ) -> None:
        self.database = database
        self.keys = keys
        self.settings = settings
        self.clock = clock
        self.folder = folder
        self.issuing = threading.Event()
        """Set when there is news for who issues invoices."""
        self.trouble: Refused | None = None
        """Why invoices cannot be issued as they are set up."""

    @cached_property
    def vault(self) -> Vault:
        """What opens personal data. Refused("person_key_wrong") where there is no key."""
        return Vault(self.keys.person)

    def reached_by(self, port: int | None) -> None:
        """It listens on another port than its settings say: the address that tills are told
        follows, unless that one names a port of its own (a proxy's)."""
        server = self.settings.server
        address = urlsplit(server.url)
        if port is not None and address.port == server.port != port:
            there = address._replace(netloc=f"{address.netloc.rpartition(':')[0]}:{port}").geturl()
            self.settings = replace(self.settings, server=replace(server, url=there))

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def make_folder(folder: Path, database_url: str = "") -> None:
    """A new head office in `folder`: settings, secrets. Refused where there is one already."""
    file = folder / SETTINGS_FILE
    if file.exists():
        raise Refused("already_there", path=file)
    hidden = folder / "secrets"
    hidden.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in ("master.key", "pepper.key"):
        write_private(hidden / name, secrets.token_bytes(_KEY_BYTES))
    make_keys(folder)
    if database_url:  # it may hold a password
        write_private(hidden / "database-url", database_url.encode())
    file.write_text(DEFAULT_TEXT, "utf-8")


def make_keys(folder: Path) -> None:
    """The keys that came with later versions, where they are missing."""
    for name in (LINK_KEY, PERSON_KEY):
        file = folder / "secrets" / name
        if not file.exists():
            write_private(file, secrets.token_bytes(_KEY_BYTES))


def database_of(folder: Path, database_url: str = "") -> Database:
    """The database given, else the one told at `init`, else SQLite in the folder."""
    told = folder / "secrets" / "database-url"
    if not database_url and told.exists():
        database_url = read_private(told).decode().strip()
    return open_database(database_url or str(folder / "headoffice.db"))


def settings_of(folder: Path) -> Settings:
    """headoffice.toml; Refused names the first thing that is wrong."""
    file = folder / SETTINGS_FILE
    try:
        text = file.read_text("utf-8-sig")
        data = tomllib.loads(text)
    except FileNotFoundError:
        raise Refused("headoffice_missing", folder=folder) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("config_unreadable", file=file, why=str(error)) from error
    except ValueError as error:
        raise Refused("config_not_toml", file=file, why=str(error)) from error
    for problem in walk(Settings, data, (), file, lines_of(text)):
        raise problem
    return msgspec.convert(data, Settings)


def open_house(folder: Path, clock: Clock, database_url: str = "") -> House:
    """The head office in `folder`. Refused: headoffice_missing, _in_use, _database, secret_*."""
    settings = settings_of(folder)
    return House(database_of(folder, database_url), keys_of(folder), settings, clock, folder)


def keys_of(folder: Path) -> Keys:
    """The folder's secrets. Refused: secret_missing, secret_mode."""
    hidden = folder / "secrets"
    later = (hidden / name for name in (LINK_KEY, PERSON_KEY))
    link, person = (read_private(file) if file.exists() else b"" for file in later)
    master, pepper = read_private(hidden / "master.key"), read_private(hidden / "pepper.key")
    return Keys(master, pepper, link, person)
