"""Lives of a ledger: a new epoch begins after a restore, and lost records come back from outside.

A ledger that was put back to an older copy would give numbers again that are printed already. So a
new epoch begins at once, with numbers of its own; what head office had received of the life before
comes back as records that carry the lost ones, and its rows are in the tables again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
from sqlalchemy import Connection, text

from pos.record import (
    EpochBegan,
    Fact,
    OrderClosed,
    OrderVoided,
    RecordRecovered,
    chain,
    from_bytes,
)
from pos.record import verify as signed_by
from pos.refusal import Refused
from pos.store import erasing
from pos.store.journal import Head, read_witness
from pos.store.ledger import Ledger

Why = Literal["restored", "behind", "forked", "fenced", "enrolled"]
MOST_EPOCHS = 99
RECOVER_AFTER = "recover_after"
"""Single value: after which place (epoch.jn) own records are to be fetched; empty: none are."""


class Recovery(msgspec.Struct, frozen=True):
    """How many records came back; how many could not, because what was done here since took their
    order, number or reference (`anew`) or because another key signed them (`strange`)."""

    came: int = 0
    anew: int = 0
    strange: int = 0

    def __add__(self, other: Recovery) -> Recovery:
        return Recovery(
            self.came + other.came, self.anew + other.anew, self.strange + other.strange
        )


class Lost(msgspec.Struct, frozen=True):
    """A record of an earlier life, as head office has it; hashes and signature in hex."""

    epoch: int
    jn: int
    body: str
    hash: str
    signature: str
    previous: str


def begin(ledger: Ledger, epoch: int, why: Why, lost: Head | None = None) -> None:
    """The ledger lives in `epoch` from now on, above its own. Refused("epochs_gone")."""
    if not ledger.epoch < epoch <= MOST_EPOCHS:
        raise Refused("epochs_gone", epoch=epoch)
    _begin(ledger, ledger.epoch, epoch, why, lost)


def _begin(ledger: Ledger, before: int, epoch: int, why: Why, lost: Head | None) -> None:
    jn, digest = (lost.jn, lost.hash) if lost else (0, "")
    public_key = ledger.meta("public_key")
    was = ledger.epoch
    fact = EpochBegan(ledger.meta("ledger_id"), public_key, before, why, jn, digest)
    # what head office had acknowledged in this copy is the same there: the rest is looked through
    after = ledger.meta(RECOVER_AFTER) or f"{before}.{ledger.meta('acked_jn') or 0}"

    def put(connection: Connection) -> None:
        ledger.keep(connection, "epoch", str(epoch))
        ledger.keep(connection, RECOVER_AFTER, "" if why == "enrolled" else after)

    ledger.chain.epoch = epoch
    try:
        ledger.write(fact, also=put)
    except BaseException:
        ledger.chain.epoch = was
        raise
    ledger.epoch = epoch


def take_up(ledger: Ledger) -> None:
    """At each opening: a new epoch where the witness saw records that are gone; one that a restore
    from a backup chose goes on record before anything else does. Whoever's erasure is on record
    is erased."""
    erasing.settle(ledger)
    if ledger.tail_lost:
        path = ledger.place.path
        seen = read_witness(path.with_name(path.name + ".head"))
        begin(ledger, ledger.epoch + 1, "restored", seen)
        return
    newest = text("SELECT max(epoch) FROM epochs")
    recorded = ledger.read(lambda connection: int(connection.execute(newest).scalar() or 0))
    if recorded < ledger.epoch:
        _begin(ledger, recorded, ledger.epoch, "restored", None)


def recover(ledger: Ledger, records: Sequence[Lost]) -> Recovery:
    """Bring lost records back, in one transaction. What is here already is passed over."""
    key = ledger.meta("public_key")
    facts: list[RecordRecovered] = []
    orders: list[str] = []
    anew = strange = 0

    def look(connection: Connection) -> None:
        nonlocal anew, strange
        for lost in records:
            if _has(connection, lost):
                continue
            fact = _fact_of(lost, key)
            if fact is None:
                strange += 1
                continue
            if isinstance(fact, RecordRecovered):
                continue  # what it brought back comes by itself
            if isinstance(fact, OrderClosed | OrderVoided):
                if _stands(connection, fact):
                    anew += 1
                    continue
                orders.append(fact.order_id)
            facts.append(RecordRecovered(lost.epoch, lost.jn, lost.body, lost.hash, lost.signature))

    ledger.read(look)
    if facts:
        ledger.write(*facts, also=lambda connection: _drop_drafts(connection, orders))
        erasing.settle(ledger)
    return Recovery(len(facts), anew, strange)


def _fact_of(lost: Lost, key: str) -> Fact | None:
    """The fact of a record that this till signed; None where it did not, or is not understood."""
    digest = bytes.fromhex(lost.hash)
    body = lost.body.encode()
    own = chain(bytes.fromhex(lost.previous), body) == digest
    if not own or not signed_by(key, digest, bytes.fromhex(lost.signature)):
        return None
    try:
        return from_bytes(body).fact
    except msgspec.DecodeError:
        return None


def _has(connection: Connection, lost: Lost) -> bool:
    own = text("SELECT 1 FROM journal WHERE hash = :hash AND jn = :jn")
    if connection.execute(own, {"hash": bytes.fromhex(lost.hash), "jn": lost.jn}).first():
        return True
    back = text("SELECT 1 FROM recovered WHERE epoch = :epoch AND own_jn = :jn")
    return connection.execute(back, {"epoch": lost.epoch, "jn": lost.jn}).first() is not None


def _stands(connection: Connection, fact: OrderClosed | OrderVoided) -> bool:
    """Whether the order, its number or its reference is taken by what was done here since."""
    sql = text("SELECT 1 FROM orders WHERE order_id = :id OR number = :number OR ref = :ref")
    ref = fact.ref or None if isinstance(fact, OrderClosed) else None
    values = {"id": fact.order_id, "number": fact.number, "ref": ref}
    return connection.execute(sql, values).first() is not None


def _drop_drafts(connection: Connection, orders: Sequence[str]) -> None:
    """An order that was open in the copy and ended in the life that was lost is not sold again."""
    for order_id in orders:
        connection.execute(text("DELETE FROM drafts WHERE order_id = :id"), {"id": order_id})
