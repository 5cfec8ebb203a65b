"""Records on their way up, and back down to a till that lost them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated, Literal, get_args

import msgspec

from pos.protocol import MAX_BATCH
from pos.protocol.fields import Count, Epoch, Hash, Jn, Message, ShopId, Signature, Stamp, TillId

Verdict = Literal["accepted", "duplicate", "conflict", "rejected"]
Why = Literal[
    "hash",  # not the hash of previous and body
    "signature",  # not this till's
    "misplaced",  # the body names another shop, till, epoch or jn
    "malformed",  # the body is no record
    "chain",  # it follows another record than the one that is there
    "fenced",  # its epoch ended; a newer one of this till is in use
    "key",  # its epoch began with another key, or nobody enrolled it
]
WHY: tuple[Why, ...] = get_args(Why)
State = Literal["current", "behind", "forked", "fenced"]
"""current: go on. behind: head office has more of this epoch than the till, the till was put back.
forked: head office has another record at the till's head. fenced: a newer epoch is in use."""


class Sent(Message, frozen=True):
    """A record: `body` is its canonical bytes as text, never made anew."""

    jn: Jn
    body: str
    hash: Hash
    signature: Signature
    previous: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")] = ""


class Batch(Message, frozen=True):
    """Records of one epoch in `jn` order."""

    shop: ShopId
    till: TillId
    epoch: Epoch
    records: Annotated[tuple[Sent, ...], msgspec.Meta(min_length=1, max_length=MAX_BATCH)]


class Judged(Message, frozen=True):
    """What became of one record; `code` (a `Why`) and `words` where it is not in."""

    jn: Jn
    hash: Hash
    verdict: Verdict
    code: str = ""
    words: str = ""


class HighWater(Message, frozen=True):
    """Of one epoch: nothing up to `jn` is missing, `hash` is that record's. `top` is the highest
    `jn` head office has at all; above `jn` there are gaps where they differ."""

    epoch: Epoch
    jn: Count
    hash: str
    top: Count = 0
    fenced: bool = False


class Receipt(Message, frozen=True):
    """The answer to a batch; `batch` is `batch_hash` of it, `records` in its order."""

    shop: ShopId
    till: TillId
    epoch: Epoch
    batch: Hash
    records: tuple[Judged, ...]
    high_water: tuple[HighWater, ...]


class OwnRecord(Message, frozen=True):
    """A record of the asking till as head office keeps it."""

    epoch: Epoch
    jn: Jn
    body: str
    hash: Hash
    signature: Signature
    previous: Hash


class OwnRecords(Message, frozen=True):
    """Records after the place asked for, by epoch and `jn`; `next` is what to ask for after
    them, empty at the end."""

    records: tuple[OwnRecord, ...]
    next: str = ""


class Heartbeat(Message, frozen=True):
    """How a till is: its head, how many records wait and since when the oldest does.

    `cursors` are the stream cursors it stands at, `jn` is 0 and `hash` empty before the first
    record of a ledger.
    """

    shop: ShopId
    till: TillId
    epoch: Epoch
    ledger_id: str
    jn: Count
    hash: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")]
    pending: Count
    rejected: Count
    oldest: Annotated[str, msgspec.Meta(max_length=30)]
    version: Annotated[str, msgspec.Meta(max_length=40)]
    clock: Stamp
    cursors: dict[str, str] = msgspec.field(default_factory=dict)


class Open(Message, frozen=True):
    """Something of this till that is neither confirmed nor released; `about` as in `Settle`."""

    kind: Literal["return", "spend", "coupon"]
    request_id: str
    since: Stamp
    about: str = ""


class Pulse(Message, frozen=True):
    """What head office knows of the till. `epoch` is the newest it has seen, `next_epoch` is free;
    `changed` names streams with news, `holds` counts what waits in the shop."""

    server_time: Stamp
    state: State
    epoch: Count
    next_epoch: Epoch
    high_water: tuple[HighWater, ...]
    changed: tuple[str, ...] = ()
    holds: Count = 0
    open: tuple[Open, ...] = ()


def batch_hash(hashes: Iterable[str]) -> str:
    """SHA-256 over the records' hashes in the order sent, each a line."""
    return hashlib.sha256("".join(f"{one}\n" for one in hashes).encode()).hexdigest()
