"""What a till does last before the power goes: each in a process of its own, ended by kill -9.

Never a plain fork of the tests' own process: its threads may hold locks that the child waits for.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Literal

from pos.access.signing import Gate, authenticate, recognise
from pos.config import load
from pos.refusal import Refused
from pos.store import operators, persons
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.till import rekeying
from tests.shop import CheapPins, Hands, Shop

Cut = Literal["before", "inside", "behind", "nowhere"]
"""Where it is cut off: before the ledger's transaction, within it, behind it, or not at all."""


def wrong_pin(folder: Path, hands: Hands, counted: bool = True) -> None:
    """A wrong PIN, and the power goes the moment it was refused; not `counted`: only in memory."""
    if not counted:
        setattr(operators, "count_wrong", lambda *_: None)  # noqa: B010
    shop = Shop(folder, hands)
    config = load(shop.config_file)
    door = Gate(CheapPins(config.pepper.read_bytes()), config.settings)
    try:
        authenticate(door, shop.ledger(), Reader(config.ledger), "1001", "864201")
    except Refused:
        _die()


def wrong_pin_read(folder: Path, hands: Hands) -> None:
    """The same by a command that only reads, while another program holds the ledger."""
    config = load(Shop(folder, hands).config_file)
    door = Gate(CheapPins(config.pepper.read_bytes()), config.settings)
    try:
        recognise(door, Reader(config.ledger), hands.at, "1001", "864201")
    except Refused:
        _die()


def rotate(folder: Path, hands: Hands, cut: Cut) -> None:
    """People's data get another key."""
    if cut == "before":
        setattr(persons, "rotate", _die)  # noqa: B010 - mypy takes no assignment to a function
    elif cut == "inside":
        setattr(Ledger, "keep", _die)  # noqa: B010
    elif cut == "behind":
        setattr(rekeying, "_put_in_place", _die)  # noqa: B010
    shop = Shop(folder, hands)
    rekeying.rotate_person_key(load(shop.config_file), shop.ledger())
    _die()


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
