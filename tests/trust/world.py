"""A shop in a folder with what lies outside it: a bank, head office. Opens without parsing settings
each time, and is small enough to be handed to another process."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from msgspec.structs import replace as changed

from pos.config import Config, load
from pos.ids import system_ids
from pos.store.ledger import Ledger, Place
from tests.shop import Hands, make_shop, shop_text
from tests.till.invoicing import BISCUIT, TABLE

HOUR = 3600.0


@cache
def _settings() -> Config:
    """The settings of every shop that `make_shop` lays out, parsed once a process."""
    with tempfile.TemporaryDirectory(prefix="guitai-") as name:
        file = Path(name) / "config.toml"
        file.write_text(shop_text(), "utf-8")
        config = load(file)
    invoices = changed(
        config.settings.invoices, provider="nuonuo", clerk="王五", default_code=BISCUIT
    )
    return replace(config, settings=changed(config.settings, invoices=invoices))


@dataclass(frozen=True)
class World:
    """One till. `hour` counts from when the shop was laid out; `url` and `token` are head
    office's, empty for a till that stands alone."""

    folder: Path
    till: str = "01"
    hour: int = 0
    url: str = ""
    token: str = ""

    @property
    def config(self) -> Config:
        """Its config.toml as it is read."""
        config = _settings()
        settings = changed(
            config.settings,
            till=changed(config.settings.till, id=self.till),
            headoffice=changed(config.settings.headoffice, url=self.url),
        )
        return replace(config, file=self.folder / "config.toml", settings=settings)

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.config.ledger

    def later(self) -> World:
        """An hour on."""
        return replace(self, hour=self.hour + 1)

    def hands(self) -> Hands:
        """Its clock."""
        hands = Hands()
        hands.go(self.hour * HOUR)
        return hands

    def place(self, hands: Hands | None = None) -> Place:
        """How its ledger opens."""
        config = self.config
        clock, key = (hands or self.hands()).clock(), config.signing_key.read_bytes()
        return Place(config.ledger, "0001", self.till, key, clock, system_ids(), "test")

    def open(self) -> Ledger:
        """Its ledger, for writing."""
        return Ledger(self.place())


def make_world(folder: Path, till: str = "01") -> World:
    """Lay out a shop that stands alone."""
    folder.mkdir(parents=True, exist_ok=True)
    changes = {} if till == "01" else {'id = "01" ': f'id = "{till}" '}
    make_shop(folder, changes, till=till)
    may_invoice(folder)
    return World(folder, till)


def may_invoice(folder: Path) -> None:
    """The table of tax codes, which the settings name."""
    (folder / "tax-codes.csv").write_text(TABLE, "utf-8")
