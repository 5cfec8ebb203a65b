"""A head office on disk: its folder, settings and secrets, and the database it opened."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import tomllib
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from pos.clock import Clock
from pos.config.checking import walk
from pos.config.lines import lines_of
from pos.headoffice.database import Database, open_database
from pos.refusal import Refused
from pos.system import read_private, write_private

_KEY_BYTES = 32
SETTINGS_FILE = "headoffice.toml"
LINK_KEY = "link.key"
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
code_hours = 48             # how long an enrolment code lives

[invoices]
valid_days = 60             # in which the code on a receipt can be scanned; the tills' valid_days
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
    code_hours: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 48


class Invoices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The page behind the code on receipts."""

    valid_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 60


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """headoffice.toml."""

    server: Server = Server()
    limits: Limits = Limits()
    invoices: Invoices = Invoices()


class Keys:
    """Secrets outside the database: whoever copies the database can neither be a till nor try
    PINs. A till's token is derived, so that no table holds one; its serial makes a new one. `link`
    signs the codes on receipts, at the tills too; empty where there is none."""

    def __init__(self, master: bytes, pepper: bytes, link: bytes = b"") -> None:
        self._master = master
        self.link = link
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

    def __init__(self, database: Database, keys: Keys, settings: Settings, clock: Clock) -> None:
        self.database = database
        self.keys = keys
        self.settings = settings
        self.clock = clock

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
    for name in ("master.key", "pepper.key", LINK_KEY):
        write_private(hidden / name, secrets.token_bytes(_KEY_BYTES))
    if database_url:  # it may hold a password
        write_private(hidden / "database-url", database_url.encode())
    file.write_text(DEFAULT_TEXT, "utf-8")


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
    return House(database_of(folder, database_url), keys_of(folder), settings, clock)


def keys_of(folder: Path) -> Keys:
    """The folder's secrets. Refused: secret_missing, secret_mode."""
    hidden = folder / "secrets"
    link = read_private(hidden / LINK_KEY) if (hidden / LINK_KEY).exists() else b""
    return Keys(read_private(hidden / "master.key"), read_private(hidden / "pepper.key"), link)
