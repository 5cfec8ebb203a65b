"""Proofs of the laws. `POS_TRUST` says how far they go: nothing, `ci`, or `full`."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How much a run tries: `test` in `make test`, `ci` in `.ci/run`, `full` in `make trust`."""

    name: str

    def of(self, *, test: int, ci: int, full: int) -> int:
        """The number for this run."""
        return {"test": test, "ci": ci, "full": full}[self.name]


SIZE = Size(os.environ.get("POS_TRUST") or "test")
