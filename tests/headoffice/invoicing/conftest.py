"""A head office that issues, over both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.headoffice.conftest import Office
from tests.headoffice.invoicing.desk import Desk, open_desk
from tests.headoffice.pages.conftest import visitor

__all__ = ["desk", "visitor"]


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(office, tmp_path) as one:
        yield one
