"""A small shop on disk for tests: settings, keys, ledger, products, operators with known PINs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pos.access.pins import Pins, new_pepper
from pos.clock import Clock
from pos.config import default_text, load
from pos.ids import Ids, system_ids
from pos.record import new_key
from pos.sealing import new_key as new_person_key
from pos.store import operators
from pos.store.ledger import Ledger, Place
from pos.system import write_private
from tests.staged import ProductRow, put_products

PIN = {"1001": "135790", "2001": "246802", "9001": "975318"}
ROLE = {"1001": "cashier", "2001": "supervisor", "9001": "manager"}
NAME = {"1001": "收银员", "2001": "主管", "9001": "店长"}

WATER, MILK, APPLE, BAG, SMOKE = "690001", "690002", "690003", "690004", "690005"
PRODUCTS = [
    ProductRow("000001", "清溪矿泉水550ml", "瓶", 200, 1300, (WATER, "690011")),
    ProductRow("000002", "北麓纯牛奶250ml", "盒", 550, 900, (MILK,), lowest_fen=400),
    ProductRow("000003", "苹果", "kg", 1298, 900, (APPLE,), weighed=1),
    ProductRow("000004", "购物袋", "个", 30, 1300, (BAG,), discountable=0),
    ProductRow("000005", "云岭香烟", "盒", 2500, 1300, (SMOKE,), discountable=0),
]


MANY = 1000
"""Products of a shop that is not kept in memory to be laid out again."""


class CheapPins(Pins):
    """Real argon2id with a cost that suits tests."""

    def __init__(self, pepper: bytes) -> None:
        super().__init__(pepper, memory_kib=64, passes=1)


@dataclass
class Hands:
    """A clock moved by hand."""

    at: datetime = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    since: float = 1000.0

    def go(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)
        self.since += seconds

    def clock(self) -> Clock:
        """The clock that shows it."""
        return Clock(lambda: self.at, lambda: self.since)


@dataclass
class Shop:
    """A shop in a folder."""

    folder: Path
    hands: Hands = field(default_factory=Hands)
    ids: Ids = field(default_factory=system_ids)
    till: str = "01"

    @property
    def config_file(self) -> Path:
        """Its config.toml."""
        return self.folder / "config.toml"

    def place(self) -> Place:
        """How its ledger opens."""
        config = load(self.config_file)
        key = config.signing_key.read_bytes()
        clock, ids = self.hands.clock(), self.ids
        return Place(
            *(config.ledger, "0001", self.till, key, clock, ids, "test"), copies=config.closes
        )

    def ledger(self) -> Ledger:
        """Its ledger, for writing; close it before a till opens."""
        return Ledger(self.place())


def shop_text() -> str:
    """The shipped settings, but a shift begins without a float: a test sells after signing in."""
    return default_text().replace("ask_float = true", "ask_float = false")


def make_shop(
    folder: Path,
    changes: dict[str, str] | None = None,
    products: Sequence[ProductRow] = PRODUCTS,
    pins_of: Callable[[bytes], Pins] = CheapPins,
    till: str = "01",
) -> Shop:
    """Lay out a shop; `changes` replaces lines of `shop_text` (old text: new text)."""
    text = shop_text()
    for old, new in (changes or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    shop = Shop(folder, till=till)
    shop.config_file.write_text(text, "utf-8")
    config = load(shop.config_file)
    data = folder / "data"
    usual = [data / name for name in ("ledger.db", "till.key", "pepper", "person.key")]
    found = [config.ledger, config.signing_key, config.pepper, config.person_key]
    if found != usual or len(products) > MANY:
        _fill(shop, products, pins_of)
        return shop
    data.mkdir()
    for name, (content, mode) in _filled(tuple(products), pins_of, till).items():
        path = data / name
        path.write_bytes(content)
        path.chmod(mode)
    return shop


@functools.cache
def _filled(
    products: tuple[ProductRow, ...], pins_of: Callable[[bytes], Pins], till: str
) -> dict[str, tuple[bytes, int]]:
    """The files of such a shop and their modes: made once, since a ledger takes 50 ms to make."""
    with TemporaryDirectory(prefix="guitai-") as name:
        shop = Shop(Path(name), till=till)
        shop.config_file.write_text(shop_text(), "utf-8")
        _fill(shop, products, pins_of)
        files = (shop.folder / "data").iterdir()
        return {file.name: (file.read_bytes(), file.stat().st_mode & 0o777) for file in files}


def _fill(shop: Shop, products: Sequence[ProductRow], pins_of: Callable[[bytes], Pins]) -> None:
    config = load(shop.config_file)
    config.ledger.parent.mkdir(parents=True)
    write_private(config.signing_key, new_key())
    pepper = new_pepper()
    write_private(config.pepper, pepper)
    write_private(config.person_key, new_person_key())
    ledger = Ledger(shop.place(), create=True)
    pins = pins_of(pepper)
    for who, pin in PIN.items():
        operators.add(ledger, who, NAME[who], ROLE[who], pins.hash(pin), "test")
    put_products(ledger, products, "test", "test")
    ledger.close()
