"""Ledgers with random days in them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos.store.reader import Reader
from tests.reports.days import Days
from tests.shop import make_shop


class Made:
    """A finished ledger: what happened, and a reader of it."""

    def __init__(self, days: Days, reader: Reader) -> None:
        self.days, self.reader = days, reader
        self.path = reader.path


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., Made]]:
    """A function that makes a ledger by its seed; products have categories, some have a cost."""
    readers: list[Reader] = []

    def make(seed: int, acts: int = 90, dates: int = 3) -> Made:
        folder = tmp_path / f"shop-{seed}"
        folder.mkdir()
        shop = make_shop(folder)
        raw = sqlite3.connect(shop.place().path)
        with raw:
            raw.execute("UPDATE products SET category = '饮品' WHERE sku IN ('000001', '000002')")
            raw.execute(
                "UPDATE products SET category = '生鲜', cost_fen = 801 WHERE sku = '000003'"
            )
            raw.execute("UPDATE products SET cost_fen = 111 WHERE sku = '000001'")
        raw.close()
        ledger = shop.ledger()
        days = Days(shop, ledger, random.Random(seed))
        days.run(acts, dates=dates)
        ledger.close()
        readers.append(Reader(ledger.place.path))
        return Made(days, readers[-1])

    yield make
    for reader in readers:
        reader.close()
