"""Facts beside sales: the ledger itself, settings, clock, operators, products, people."""

from __future__ import annotations

from typing import Literal

from pos.record.parts import Base, Where


class LedgerCreated(Base, frozen=True, tag="ledger.created"):
    """The first record: the key that signs all that follow."""

    ledger_id: str
    public_key: str


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
    change: Literal["added", "pin", "disabled", "enabled"]
    role: str


class CatalogImported(Base, frozen=True, tag="catalog.imported"):
    """A product file went in."""

    by: str
    file_sha256: str
    read: int
    created: int
    updated: int


class ProductChanged(Base, frozen=True, tag="product.changed"):
    """A product changed at the counter: each field that did, with its text before and after."""

    where: Where
    product_id: int
    sku: str
    change: Literal["created", "edited", "disabled", "enabled"]
    fields: dict[str, tuple[str, str]]


class PersonErased(Base, frozen=True, tag="person.erased"):
    """A person's key was destroyed; nobody can read their data any more."""

    where: Where
    person_id: str
