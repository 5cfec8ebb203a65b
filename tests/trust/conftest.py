"""Where lives come from, and a place for what they leave behind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.trust import forked
from tests.trust.forked import Forks

Record = Callable[[dict[str, int]], None]


@pytest.fixture
def record(record_property: Callable[[str, object], None]) -> Record:
    """Figures for the page of promises; those of all tests of a promise are added up."""

    def kept(figures: dict[str, int]) -> None:
        record_property("figures", json.dumps(figures))

    return kept


@pytest.fixture(scope="session")
def forks() -> Forks:
    return Forks()


@pytest.fixture
def room() -> Iterator[Path]:
    with forked.room() as made:
        yield made
