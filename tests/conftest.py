"""Property tests draw the same examples in every run; `HYPOTHESIS_PROFILE=wander` draws others."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import pytest
from hypothesis import Phase, settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("wander", deadline=None)
settings.register_profile(  # of a mutant it is enough to know that it fails
    "unshrunk",
    settings.get_profile("steady"),
    phases=(Phase.explicit, Phase.generate),
    report_multiple_bugs=False,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

Record = Callable[[dict[str, int]], None]


@pytest.fixture
def record(record_property: Callable[[str, object], None]) -> Record:
    """Figures for the page of promises: `tried_X` and `bad_X` of all tests of one are added up."""

    def kept(figures: dict[str, int]) -> None:
        record_property("figures", json.dumps(figures))

    return kept
