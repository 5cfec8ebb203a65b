"""Another column key for people's data: half done, the next opening ends it or undoes it.

The new key lies beside the old one, then everything is wrapped with it and the ledger says so in
the same transaction, then it takes the old one's place. Cut off before the transaction, the new key
is thrown away; cut off behind it, it is put in place.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pos.config import Config
from pos.record import Fact
from pos.sealing import Vault, new_key
from pos.store import persons
from pos.system import read_private, sync_folder, write_private

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

_MARK = "person_key"
"""Single value: the mark of the column key that people's keys are wrapped with, once rotated."""


def rotate_person_key(config: Config, ledger: Ledger, *facts: Fact) -> int:
    """Wrap every person's key with a fresh column key, with `facts` on record; how many."""
    settle(config, ledger)
    old, fresh = read_private(config.person_key), new_key()
    aside = config.next_person_key
    write_private(aside, fresh)
    count = persons.rotate(
        ledger,
        Vault(old),
        Vault(fresh),
        *facts,
        also=lambda connection: ledger.keep(connection, _MARK, _mark(fresh)),
    )
    _put_in_place(aside, config.person_key)
    return count


def settle(config: Config, ledger: Ledger) -> None:
    """End or undo what was cut off; nothing where nothing was."""
    aside = config.next_person_key
    if not aside.exists():
        return
    if _mark(read_private(aside)) == ledger.meta(_MARK):
        _put_in_place(aside, config.person_key)
    else:
        aside.unlink()
        sync_folder(aside.parent)


def _put_in_place(aside: Path, key: Path) -> None:
    aside.replace(key)
    sync_folder(key.parent)


def _mark(key: bytes) -> str:
    """Tells two keys apart and nothing about either."""
    return hashlib.sha256(b"guitai person key" + key).hexdigest()
