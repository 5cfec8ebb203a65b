"""Where lives come from, and a place for what they leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trust import forked
from tests.trust.forked import Forks


@pytest.fixture(scope="session")
def forks() -> Forks:
    return Forks()


@pytest.fixture
def room() -> Iterator[Path]:
    with forked.room() as made:
        yield made
