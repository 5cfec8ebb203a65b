"""A head office, and a till of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.office import Office, TillSide, enrol_till


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    found = Office(tmp_path / "office")
    yield found
    found.stop()


@pytest.fixture
def till(tmp_path: Path, office: Office) -> Iterator[TillSide]:
    found = enrol_till(tmp_path / "till", office)
    yield found
    found.close()
