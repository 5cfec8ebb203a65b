"""Hostile text (`tests.trust.corpus`) on its way out: what a terminal shows, what is printed, what
is exported. Each room puts it everywhere and says what something would obey."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from tests.trust.outcome import Outcome

MOST = 3
"""So much is told of what is wrong with one thing."""


def add(outcome: Outcome, where: str, faults: Iterable[str]) -> None:
    """Count one thing that was looked at; one that cannot even be made is at fault."""
    try:
        problems = list(islice(faults, MOST))
    except Exception as error:
        problems = [f"crashes: {error!r}"]
    outcome.add(where, [], problems)
