"""What happened at the provider, kept in a file that only grows: one line, one whole change.

A line is written and synced before the answer leaves, so that a killed client, or a killed
simulator, finds the same money moved. A last line cut short by a kill was never answered: it is
taken off when the file is opened again.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Kind = Literal["payment", "refund", "reversal"]


@dataclass(frozen=True)
class Entry:
    """Money that moved: `fen` > 0 always; a payment reaches the merchant, the others go back.

    `at` is seconds since 1970. A refund has the merchant's number in `refund_no`; a reversal has
    none of its own and repeats the order's.
    """

    seq: int
    kind: Kind
    out_trade_no: str
    provider_id: str
    fen: int
    at: float
    refund_no: str = ""
    refund_id: str = ""

    @property
    def signed_fen(self) -> int:
        """What the merchant has more afterwards."""
        return self.fen if self.kind == "payment" else -self.fen


class Journal:
    """Lines of JSON in `path`; without a path nothing outlives the process."""

    def __init__(self, path: Path | None, sync: bool = True) -> None:
        self._path = path
        self._sync = sync
        self._file = -1

    def open(self) -> list[dict[str, Any]]:
        """The changes so far, oldest first. Raises `ValueError` for a damaged line."""
        if self._path is None:
            return []
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(os.dup(self._file), "rb") as reader:
            raw = reader.read()
        whole = raw[: raw.rfind(b"\n") + 1]
        if len(whole) != len(raw):
            os.ftruncate(self._file, len(whole))
        changes = []
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                changes.append(json.loads(line))
            except ValueError as why:
                raise ValueError(f"{self._path}: line {number} is damaged") from why
        return changes

    def append(self, change: dict[str, Any]) -> None:
        if self._file < 0:
            return
        line = json.dumps(change, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        before = os.fstat(self._file).st_size
        try:
            while line:
                line = line[os.write(self._file, line) :]
            if self._sync:
                os.fsync(self._file)
        except OSError:
            os.ftruncate(self._file, before)
            raise

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def as_data(thing: Any) -> dict[str, Any]:
    """A dataclass as the JSON that is kept."""
    return asdict(thing)
