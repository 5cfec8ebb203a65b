"""Facts beside sales: the ledger itself, settings, clock, operators, products, people."""

from __future__ import annotations

from typing import Literal

from pos.record.parts import Base, Where


class LedgerCreated(Base, frozen=True, tag="ledger.created"):
    """The first record: the key that signs all that follow."""

    ledger_id: str
    public_key: str


class EpochBegan(Base, frozen=True, tag="epoch.began"):
    """A new life of this ledger: it was put back to an older copy, or head office says so.

    `lost_jn` and `lost_hash` are the last record the witness remembers of the life before, where
    it goes beyond what is here; 0 and empty where nothing is known to be gone.
    """

    ledger_id: str
    public_key: str
    before: int
    why: Literal["restored", "behind", "forked", "fenced", "enrolled"]
    lost_jn: int = 0
    lost_hash: str = ""


class RecordRecovered(Base, frozen=True, tag="record.recovered"):
    """A record of an earlier epoch that this ledger had lost, as head office kept it.

    `body` is the record's own bytes as text; its rows are in the tables again, under this record.
    """

    epoch: int
    jn: int
    body: str
    hash: str
    signature: str


class OrderShared(Base, frozen=True, tag="order.shared"):
    """An open order was handed over to the shop's other tills, or taken from there."""

    where: Where
    order_id: str
    move: Literal["given", "taken"]
    lines: int
    total_fen: int
    label: str


class ConfigChanged(Base, frozen=True, tag="config.changed"):
    """The till started with other settings than last time; names of keys, never values."""

    sha256: str
    keys: tuple[str, ...]


class ClockJumped(Base, frozen=True, tag="clock.jumped"):
    """Wall time moved by `seconds` against what it should be."""

    expected: str
    seen: str
    seconds: int


class OperatorChanged(Base, frozen=True, tag="operator.changed"):
    """An operator was added, disabled, or got a new PIN; the PIN is not told."""

    by: str
    operator: str
    change: Literal["added", "pin", "disabled", "enabled", "role"]
    role: str


class CatalogImported(Base, frozen=True, tag="catalog.imported"):
    """A product file went in."""

    by: str
    file_sha256: str
    read: int
    created: int
    updated: int


class MasterReceived(Base, frozen=True, tag="master.received"):
    """What head office keeps came in, up to this cursor of a stream."""

    stream: str
    cursor: str
    changes: int


class ProductChanged(Base, frozen=True, tag="product.changed"):
    """A product changed at the counter: each field that did, with its text before and after."""

    where: Where
    product_id: int
    sku: str
    change: Literal["created", "edited", "disabled", "enabled"]
    fields: dict[str, tuple[str, str]]


class OffersChanged(Base, frozen=True, tag="offers.changed"):
    """Another state of all offers is live; `sha256` is over their bodies, sorted by id."""

    by: str
    source: Literal["file", "headoffice"]
    version: int
    count: int
    sha256: str


class PersonErased(Base, frozen=True, tag="person.erased"):
    """A person's key was destroyed; nobody can read their data any more."""

    where: Where
    person_id: str
