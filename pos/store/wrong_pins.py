"""Wrong PINs that commands met which only read, beside the ledger until it takes them in.

A ledger has one writer, by day the running till; a command that only reads has to count wrong PINs
all the same. They lie in a file of mode 0600 that is replaced whole, under a lock on its folder
which the system frees when its holder dies: a kill forgets none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from pos.clock import moment_of, stamp
from pos.store.reader import OperatorRow
from pos.system import alone_in, replace_file
from pos.untrusted import decoded


class Tried(msgspec.Struct, frozen=True):
    """An operator's wrong PINs, those the ledger knew included."""

    wrong: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    wait_until: str = ""
    unrecorded: Annotated[int, Meta(ge=0, le=10_000)] = 0
    """How many are not on record yet; they outlive a right PIN, which clears the rest."""


@contextmanager
def alone(ledger: Path, seconds: float) -> Iterator[bool]:
    """Nobody else counts meanwhile; False where another still does after so many seconds."""
    with alone_in(ledger.parent, seconds) as had:
        yield had


def found(ledger: Path) -> dict[str, Tried]:
    """What was counted, by operator; nothing where there is no file, or none that can be read."""
    try:
        told = decoded(_file(ledger).read_bytes(), dict[str, Tried])
    except (OSError, msgspec.DecodeError):
        return {}
    return {who: tried for who, tried in told.items() if _is_moment(tried.wait_until)}


def with_those_beside(ledger: Path, row: OperatorRow) -> OperatorRow:
    """An operator as the ledger keeps him, or with the later count that lies beside it."""
    beside = found(ledger).get(row.operator_id)
    if beside is None or not beside.wrong or beside.wrong < row.wrong_pins:
        return row
    return replace(row, wrong_pins=beside.wrong, wait_until=beside.wait_until)


def keep(ledger: Path, operator_id: str, wrong: int, wait_until: str, unrecorded: int) -> None:
    """Keep an operator's count, with so many more to put on record; on disk before it returns.

    To be called while `alone`; OSError: the disk refused.
    """
    old = found(ledger)
    before = old.get(operator_id, Tried()).unrecorded
    new = old | {operator_id: Tried(wrong, wait_until, before + unrecorded)}
    new = {who: tried for who, tried in new.items() if tried != Tried()}
    if new != old:
        replace_file(_file(ledger), msgspec.json.encode(new))


def forget(ledger: Path) -> None:
    """The ledger has them; to be called while `alone`."""
    _file(ledger).unlink(missing_ok=True)


def _is_moment(text: str) -> bool:
    try:
        return not text or stamp(moment_of(text)) == text
    except ValueError:
        return False


def _file(ledger: Path) -> Path:
    return ledger.with_name(ledger.name + ".pins")
