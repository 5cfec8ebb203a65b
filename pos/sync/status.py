"""How it stands with head office, for who looks at the till."""

from __future__ import annotations

from typing import Literal

import msgspec

Stage = Literal["starting", "idle", "sending", "waiting", "stopped"]
"""waiting: it failed and is tried again. stopped: nothing is sent until a person has helped."""


class Status(msgspec.Struct, frozen=True):
    """`code` and `values` say why it waits or stopped, as a refusal; `at` is the last success.

    `trouble` is what came down and could not be put in, `strange` counts lost records that could
    not come back after a restore, `conflicts` those of which head office has another version.
    """

    stage: Stage = "starting"
    code: str = ""
    values: dict[str, str | int] = {}
    at: str = ""
    skew: int = 0
    holds: int = 0
    trouble: str = ""
    trouble_values: dict[str, str | int] = {}
    recovered: int = 0
    strange: int = 0
    conflicts: int = 0
    epoch: int = 0

    @property
    def online(self) -> bool:
        """Whether head office answered last time."""
        return self.stage in ("idle", "sending")
