"""Another column key for people's data, another pepper for PINs: half done, the next opening ends
it or undoes it.

The new key lies beside the old one, then everything is wrapped with it and the ledger says so in
the same transaction, then it takes the old one's place. Cut off before the transaction, the new key
is thrown away; cut off behind it, it is put in place.

A PIN's hash cannot be wrapped anew, and whoever has the old pepper and the ledger finds six digits
in days: under a new pepper every PIN that was hashed here is set anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pos.access.pins import Pins, new_pepper
from pos.config import Config
from pos.record import Fact
from pos.sealing import Vault, new_key
from pos.store import operators, persons
from pos.system import read_private, sync_folder, write_private

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

_MARK, _PEPPER_MARK = "person_key", "pepper"
"""Single values: the marks of the column key and of the pepper that are in force, once changed."""


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


def change_pepper(
    config: Config, ledger: Ledger, operator_id: str, role: str, pin: str, fact: Fact
) -> None:
    """Hash PINs with a fresh pepper from now on: that of who does it is `pin`, no other one fits
    until it is set anew. PINs that head office sent are hashed with the chain's, and go on."""
    settle(config, ledger)
    fresh = new_pepper()
    write_private(config.next_pepper, fresh)
    operators.change_pepper(
        ledger,
        operator_id,
        role,
        Pins(fresh).hash(pin),
        fact,
        also=lambda connection: ledger.keep(connection, _PEPPER_MARK, _mark(fresh)),
    )
    _put_in_place(config.next_pepper, config.pepper)


def settle(config: Config, ledger: Ledger) -> None:
    """End or undo what was cut off; nothing where nothing was."""
    _settle(ledger, config.next_person_key, config.person_key, _MARK)
    _settle(ledger, config.next_pepper, config.pepper, _PEPPER_MARK)


def _settle(ledger: Ledger, aside: Path, key: Path, mark: str) -> None:
    if not aside.exists():
        return
    if _mark(read_private(aside)) == ledger.meta(mark):
        _put_in_place(aside, key)
    else:
        aside.unlink()
        sync_folder(aside.parent)


def _put_in_place(aside: Path, key: Path) -> None:
    aside.replace(key)
    sync_folder(key.parent)


def _mark(key: bytes) -> str:
    """Tells two keys apart and nothing about either."""
    return hashlib.sha256(b"guitai person key" + key).hexdigest()
