"""Batches of records and what an answer to one says. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pos.protocol import MAX_BATCH, MAX_BATCH_BYTES
from pos.protocol.records import Batch, HighWater, Receipt, Sent, batch_hash
from pos.store.outbox import Outgoing, Refusal, Water
from pos.sync.trouble import LinkFailed


def first_batch(records: Sequence[Outgoing], most: int = MAX_BATCH) -> list[Outgoing]:
    """The longest head of `records` that is one batch: of one epoch, of at most `most` records and
    `MAX_BATCH_BYTES`; a record above that goes alone."""
    taken: list[Outgoing] = []
    size = 0
    for record in records[:most]:
        size += len(record.body)
        if taken and (record.epoch != taken[0].epoch or size > MAX_BATCH_BYTES):
            break
        taken.append(record)
    return taken


def message(shop: str, till: str, records: Sequence[Outgoing]) -> Batch:
    """The batch as sent. The hash before it is told where it is not the record's before."""
    sent: list[Sent] = []
    last: int | None = None
    for record in records:
        follows = last is not None and record.jn == last + 1
        sent.append(
            Sent(
                record.jn,
                record.body.decode(),
                record.hash,
                record.signature,
                "" if follows else record.previous,
            )
        )
        last = record.jn
    return Batch(shop, till, records[0].epoch, tuple(sent))


class Answered(msgspec.Struct, frozen=True):
    """What became of a batch: records it has now, records it did not take."""

    done: tuple[int, ...]
    refused: tuple[Refusal, ...]
    told: dict[int, Water]

    @property
    def conflicts(self) -> int:
        """Records of which head office has another version: somebody must look."""
        return sum(one.verdict == "conflict" for one in self.refused)


def understood(batch: Batch, receipt: Receipt) -> Answered:
    """A receipt that is believed: our ids, our batch, each record's own number and hash, in order.

    LinkFailed("foreign") where anything differs; then nothing was acknowledged.
    """
    wanted = (batch.shop, batch.till, batch.epoch, batch_hash(one.hash for one in batch.records))
    if (receipt.shop, receipt.till, receipt.epoch, receipt.batch) != wanted:
        raise LinkFailed("foreign", "ho_other_batch")
    ours = [(one.jn, one.hash) for one in batch.records]
    if [(one.jn, one.hash) for one in receipt.records] != ours:
        raise LinkFailed("foreign", "ho_other_batch")
    done = tuple(x.jn for x in receipt.records if x.verdict in ("accepted", "duplicate"))
    refused = tuple(
        Refusal(x.jn, batch.epoch, x.hash, x.verdict, x.code[:40], x.words[:200])
        for x in receipt.records
        if x.verdict in ("conflict", "rejected")
    )
    return Answered(done, refused, waters(receipt.high_water))


def waters(told: Sequence[HighWater]) -> dict[int, Water]:
    """High water by epoch."""
    return {one.epoch: Water(one.jn, max(one.jn, one.top)) for one in told}
