"""What becomes of each record of a batch. Pure: bytes, chain, signature, and what is there already.

Nothing here looks at what a record says beyond its place: whether its fact can be understood is for
projecting, and no reason to send it back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from pos.protocol.records import Judged, Sent, Verdict, Why
from pos.record import FIRST_PREVIOUS, chain


class Place(msgspec.Struct, frozen=True):
    """What a record says of where it belongs; the rest of it is passed over."""

    v: int
    shop: str
    till: str
    epoch: int
    jn: int
    at: str
    fact: msgspec.Raw


class Kept(msgspec.Struct, frozen=True):
    """A record that is in the inbox already."""

    hash: str
    previous: str


class Arrived(msgspec.Struct, frozen=True):
    """A record of a batch: the hash before it, told or known from the one before; its verdict."""

    sent: Sent
    previous: str
    verdict: Verdict
    code: Why | None = None

    @property
    def judged(self) -> Judged:
        """The verdict as answered."""
        return Judged(self.sent.jn, self.sent.hash, self.verdict, self.code or "")


class Known(msgspec.Struct, frozen=True):
    """What a batch is judged against.

    `kept` has the inbox's records of the epoch at the batch's places and beside them; `before`
    what older epochs have by `jn`, kept aside or not, for an epoch that has nothing yet; `closed`
    is the reason why nothing new may come under this epoch.
    """

    shop: str
    till: str
    epoch: int
    kept: Mapping[int, Kept]
    before: Mapping[int, frozenset[str]]
    fresh: bool
    closed: Why | None = None


_PLACE = msgspec.json.Decoder(Place)
Verifier = Callable[[str, str], bool]
"""Whether this hash carries that signature of the till."""


def judge(records: Sequence[Sent], known: Known, verified: Verifier) -> list[Arrived]:
    """A verdict each, in order. A record is held against the one before it in the batch too."""
    kept = dict(known.kept)
    fresh = known.fresh
    found: list[Arrived] = []
    last: Sent | None = None
    for sent in records:
        previous = sent.previous
        if not previous and last is not None and sent.jn == last.jn + 1:
            previous = last.hash
        arrived = _judge_one(sent, previous, known, kept, fresh, verified)
        found.append(arrived)
        if arrived.verdict == "accepted":
            kept[sent.jn] = Kept(sent.hash, previous)
            fresh = False
        last = sent
    return found


def _judge_one(
    sent: Sent,
    previous: str,
    known: Known,
    kept: Mapping[int, Kept],
    fresh: bool,
    verified: Verifier,
) -> Arrived:
    there = kept.get(sent.jn)
    body = sent.body.encode()
    if there is not None and there.hash == sent.hash:
        same = chain(bytes.fromhex(there.previous), body).hex() == sent.hash
        return Arrived(sent, there.previous, "duplicate" if same else "rejected", _or("hash", same))
    if not previous or chain(bytes.fromhex(previous), body).hex() != sent.hash:
        return Arrived(sent, previous, "rejected", "hash")
    if not verified(sent.hash, sent.signature):
        return Arrived(sent, previous, "rejected", "signature")
    if there is not None:
        return Arrived(sent, previous, "conflict", "chain")
    why = _misplaced(sent, body, known) or known.closed
    why = why or _off_the_chain(sent, previous, known, kept, fresh)
    return Arrived(sent, previous, "rejected" if why else "accepted", why)


def _or(why: Why, good: bool) -> Why | None:
    return None if good else why


def _misplaced(sent: Sent, body: bytes, known: Known) -> Why | None:
    try:
        place = _PLACE.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return "malformed"
    if "\0" in sent.body:
        return "malformed"
    said = (place.shop, place.till, place.epoch, place.jn)
    return _or("misplaced", said == (known.shop, known.till, known.epoch, sent.jn))


def _off_the_chain(
    sent: Sent, previous: str, known: Known, kept: Mapping[int, Kept], fresh: bool
) -> Why | None:
    """Whether it follows, or is followed by, another record than what is there."""
    left, right = kept.get(sent.jn - 1), kept.get(sent.jn + 1)
    wanted = None if left is None else left.hash
    if sent.jn == 1:
        wanted = FIRST_PREVIOUS.hex()
    elif fresh and left is None:
        older = known.before.get(sent.jn - 1)
        wanted = previous if older is None or previous in older else ""
    if wanted is not None and wanted != previous:
        return "chain"
    return _or("chain", right is None or right.previous == sent.hash)
