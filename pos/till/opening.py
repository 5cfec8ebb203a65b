"""Opening a till's ledger for writing: keys read, settings and clock compared with last time."""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING

from pos.access.pins import Pins
from pos.access.signing import Gate
from pos.clock import Clock, stamp
from pos.config import Config, changed_keys
from pos.ids import Ids
from pos.record import ClockJumped, ConfigChanged, Fact
from pos.refusal import Refused
from pos.system import read_private

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

CLOCK_SLACK_SECONDS = 300
"""A clock this far before the last record has been set back."""


def open_ledger(config: Config, clock: Clock, ids: Ids, holder: str) -> Ledger:
    """The till's ledger, open and alone. Refused says what stands in the way.

    Settings that changed since the last opening and a clock that went back go on record. A ledger
    that lost records begins a new epoch, so that no number is given twice.
    """
    from pos.store import attempt_steps, epochs
    from pos.store.ledger import Ledger, Place
    from pos.till import rekeying

    settings = config.settings
    place = Place(
        path=config.ledger,
        shop=settings.shop.id,
        till=settings.till.id,
        signing_key=read_private(config.signing_key),
        clock=clock,
        ids=ids,
        holder=holder,
        copies=config.closes,
        prints=any(printer.enabled for printer in settings.printers.values()),
    )
    ledger = Ledger(place)
    if ledger.meta("replayed"):
        ledger.close()
        raise Refused("ledger_replayed", path=config.ledger)
    epochs.take_up(ledger)
    rekeying.settle(config, ledger)
    attempt_steps.adopt(ledger)
    facts: list[Fact] = []
    behind = ledger.seconds_behind()
    if behind > CLOCK_SLACK_SECONDS:
        ledger.jumped = -behind
        facts.append(ClockJumped(ledger.last_moment(), stamp(clock.now()), -int(behind)))
    text = config.file.read_text("utf-8")
    if (old := ledger.meta("config")) != text:
        changed = changed_keys(tomllib.loads(old), tomllib.loads(text))
        facts.append(ConfigChanged(hashlib.sha256(text.encode()).hexdigest(), changed))
    if facts:
        ledger.write(*facts, also=lambda connection: ledger.keep(connection, "config", text))
    return ledger


def gate(config: Config) -> Gate:
    """What checking PINs needs."""
    others = [read_private(config.chain_pepper)] if config.chain_pepper.exists() else []
    return Gate(Pins(read_private(config.pepper), *others), config.settings)
