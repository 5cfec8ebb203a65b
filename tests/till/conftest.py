"""A shop and somebody signed in at its till."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.store.verify import verify_ledger
from tests.shop import Shop, make_shop
from tests.till.person import Person


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return make_shop(tmp_path)


@pytest.fixture
def person(shop: Shop) -> Iterator[Person]:
    someone = Person(shop)
    someone.sign_in()
    yield someone
    someone.leave()


@pytest.fixture
def boss(shop: Shop) -> Iterator[Person]:
    """A manager at the counter; the ledger is sound when they leave."""
    someone = Person(shop)
    someone.sign_in("9001")
    yield someone
    someone.leave()
    assert verify_ledger(shop.place().path).ok
