"""A folder to stage in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.goods.importing.files import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A folder in which files are staged."""
    return Shop(tmp_path)
