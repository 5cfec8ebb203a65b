"""Between till and head office: how fast records get there, and that none is lost or doubled."""

from __future__ import annotations

from collections.abc import Callable

from bench import drain, ingest
from bench.figures import Result

PARTS: tuple[Callable[[Result, bool], None], ...] = (ingest.measure, drain.measure)
"""Each adds its rates and counts; told whether to be quick."""


def run(quick: bool, _full: bool) -> Result:
    """All parts into one result."""
    result = Result("sync", 0)
    for part in PARTS:
        part(result, quick)
    return result
