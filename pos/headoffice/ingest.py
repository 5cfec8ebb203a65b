"""Records come in: judged, kept with their bytes and signatures, answered. Nothing else is done.

The answer depends on the inbox alone; tables are made of it afterwards (`projecting`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from pos.clock import stamp
from pos.headoffice.database import Row, Value, Work, one
from pos.headoffice.gaps import Extent, Gap, widened
from pos.headoffice.house import House
from pos.headoffice.judging import Arrived, Kept, Known, Verifier, judge
from pos.headoffice.tills import Till, high_waters
from pos.protocol import MAX_BATCH_BYTES
from pos.protocol.problems import ProblemError
from pos.protocol.records import Batch, Judged, Receipt, Sent, Why, batch_hash

_INBOX = "shop_id till_id epoch jn body hash previous signature received_at"
_QUARANTINE = (
    "shop_id till_id epoch jn hash verdict code body previous signature received_at "
    "decided_at decided_by decision"
)
_EPOCH = (
    "shop_id till_id epoch public_key ledger_id first_jn top_jn high_jn high_hash opened_at "
    "fenced_at"
)
_PLACE = "shop_id = :s AND till_id = :t AND epoch = :e"


def ingest(
    house: House, till: Till, batch: Batch, said: Callable[[Why], str] = lambda _why: ""
) -> Receipt:
    """Judge and keep a batch; on disk when it returns. `said` gives words for a reason.

    ProblemError: forbidden, too_large, malformed, busy.
    """
    if (batch.shop, batch.till) != (till.shop, till.till):
        raise ProblemError("forbidden", "another till's batch")
    size = sum(len(sent.body) for sent in batch.records)
    if size > MAX_BATCH_BYTES and len(batch.records) > 1:
        raise ProblemError("too_large", f"more than {MAX_BATCH_BYTES} characters of records")
    places = [sent.jn for sent in batch.records]
    if places != sorted(set(places)):
        raise ProblemError("malformed", "records are not in the order of jn")
    # checked before the till's rows are locked: it is what takes longest
    verified = _verified(batch.records, till.public_key)
    now = stamp(house.clock.now())

    def put(work: Work) -> Receipt:
        row, closed = _epoch(work, till, batch.epoch)
        known = _known(work, batch, row, closed)
        arrived = judge(batch.records, known, verified)
        _keep(work, till, batch, row, arrived, now)
        judged = tuple(_with_words(one.judged, said) for one in arrived)
        return Receipt(
            batch.shop,
            batch.till,
            batch.epoch,
            batch_hash(sent.hash for sent in batch.records),
            judged,
            high_waters(work, till.shop, till.till),
        )

    return house.database.run(put)


def _with_words(judged: Judged, said: Callable[[Why], str]) -> Judged:
    if not judged.code:
        return judged
    words = said(judged.code)  # type: ignore[arg-type]
    return Judged(judged.jn, judged.hash, judged.verdict, judged.code, words)


def _verified(records: Sequence[Sent], public_key: str) -> Verifier:
    # half of what a batch costs; libsodium takes half as long for it as OpenSSL
    key = VerifyKey(bytes.fromhex(public_key))
    good = set()
    for sent in records:
        try:
            key.verify(bytes.fromhex(sent.hash), bytes.fromhex(sent.signature))
        except BadSignatureError:
            continue
        good.add((sent.hash, sent.signature))
    return lambda hashed, signature: (hashed, signature) in good


def _epoch(work: Work, till: Till, epoch: int) -> tuple[Row | None, Why | None]:
    """The epoch's row, locked, and why nothing new may come under it.

    The till's own row is locked first: two batches of one till are judged one after the other.
    """
    at = {"s": till.shop, "t": till.till}
    sql = "SELECT state FROM tills WHERE shop_id = :s AND till_id = :t"
    state = one(work.rows(sql + work.locking, **at))
    if state is None or state["state"] != "active":
        raise ProblemError("revoked")
    rows = work.rows("SELECT * FROM epochs WHERE shop_id = :s AND till_id = :t", **at)
    row = next((found for found in rows if found["epoch"] == epoch), None)
    newest = max((found["epoch"] for found in rows), default=0)
    if epoch < newest:
        return row, "fenced"
    if row is not None and row["public_key"] != till.public_key:
        return row, "key"
    return row, None


def _known(work: Work, batch: Batch, row: Row | None, closed: Why | None) -> Known:
    at = {"s": batch.shop, "t": batch.till}
    first, last = batch.records[0].jn, batch.records[-1].jn
    kept = work.rows(
        f"SELECT jn, hash, previous FROM inbox WHERE {_PLACE} AND jn BETWEEN :a AND :b",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        **at,
        e=batch.epoch,
        a=first - 1,
        b=last + 1,
    )
    before: dict[int, frozenset[str]] = {}
    if row is None:
        place = "shop_id = :s AND till_id = :t AND epoch < :e AND jn = :a"
        sql = f"""SELECT hash FROM inbox WHERE {place}
            UNION SELECT hash FROM quarantine WHERE {place}"""  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        older = work.rows(sql, **at, e=batch.epoch, a=first - 1)
        # a till that was put back goes on after records that were kept aside here
        if hashes := frozenset(str(found["hash"]) for found in older):
            before = {first - 1: hashes}
    return Known(
        batch.shop,
        batch.till,
        batch.epoch,
        {found["jn"]: Kept(found["hash"], found["previous"]) for found in kept},
        before,
        row is None,
        closed,
    )


def _keep(
    work: Work, till: Till, batch: Batch, row: Row | None, arrived: Sequence[Arrived], now: str
) -> None:
    place = (batch.shop, batch.till, batch.epoch)
    taken = [one for one in arrived if one.verdict == "accepted"]
    aside = [one for one in arrived if one.verdict in ("conflict", "rejected")]
    work.put(
        "quarantine",
        _QUARANTINE,
        [
            (
                *(*place, one.sent.jn, one.sent.hash, one.verdict, one.code or ""),
                *(one.sent.body.replace("\0", "\ufffd"), one.previous, one.sent.signature, now),
                *("", "", ""),
            )
            for one in aside
        ],
    )
    if not taken and row is None:
        return
    rows = [
        (*place, one.sent.jn, one.sent.body, one.sent.hash, one.previous, one.sent.signature, now)
        for one in taken
    ]
    if work.put("inbox", _INBOX, rows) != len(rows):
        raise ProblemError("busy", "another batch of this till came between", 1)
    rejected = [one for one in aside if one.verdict == "rejected" and one.code != "fenced"]
    came = [(one.sent.jn, True) for one in taken] + [(one.sent.jn, False) for one in rejected]
    _widen(work, till, batch.epoch, row, sorted(came), now)
    top = 0 if row is None else int(row["top_jn"])
    _queue_late(work, place, [one.sent.jn for one in taken if one.sent.jn <= top])


def _widen(
    work: Work,
    till: Till,
    epoch: int,
    row: Row | None,
    came: Sequence[tuple[int, bool]],
    now: str,
) -> None:
    """Move the epoch's extent; a new epoch fences the older ones."""
    at: dict[str, Value] = {"s": till.shop, "t": till.till, "e": epoch}
    old = Extent(0, 0)
    if row is None:
        fresh = (till.shop, till.till, epoch, till.public_key, till.ledger_id, 0, 0, 0, "", now, "")
        work.put("epochs", _EPOCH, [fresh])
        work.put("progress", "shop_id till_id epoch jn", [(till.shop, till.till, epoch, 0)])
        work.do(
            """UPDATE epochs SET fenced_at = :n
            WHERE shop_id = :s AND till_id = :t AND epoch < :e AND fenced_at = ''""",
            n=now,
            **at,
        )
    else:
        gaps = work.rows(f"SELECT * FROM gaps WHERE {_PLACE}", **at)  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        found = tuple(Gap(gap["from_jn"], gap["to_jn"], gap["kind"]) for gap in gaps)
        old = Extent(row["first_jn"], row["top_jn"], found)
    new = widened(old, came)
    if new == old:
        return
    if new.gaps != old.gaps:
        work.do(f"DELETE FROM gaps WHERE {_PLACE}", **at)  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        columns = "shop_id till_id epoch from_jn to_jn kind since"
        place = (till.shop, till.till, epoch)
        work.put(
            "gaps", columns, [(*place, gap.first, gap.last, gap.kind, now) for gap in new.gaps]
        )
    work.do(
        f"""UPDATE epochs SET first_jn = :f, top_jn = :p, high_jn = :h, high_hash = :x
        WHERE {_PLACE}""",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        f=new.first,
        p=new.top,
        h=new.high,
        x=_hash_at(work, at, new.high),
        **at,
    )


def _hash_at(work: Work, at: dict[str, Value], jn: int) -> str:
    """The hash of the record at the high water; of one kept aside where that is what is there."""
    for name in ("inbox", "quarantine"):
        sql = f"SELECT hash FROM {name} WHERE {_PLACE} AND jn = :j ORDER BY hash"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        if found := work.rows(sql, **at, j=jn):
            return str(found[0]["hash"])
    return ""


def _queue_late(work: Work, place: tuple[str, str, int], came: Sequence[int]) -> None:
    """Records below what projecting has reached would be passed over; they are queued by name.

    Only what fills a gap can be that: the usual batch does not wait for the worker.
    """
    if not came:
        return
    sql = f"SELECT jn FROM progress WHERE {_PLACE}{work.locking}"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    row = one(work.rows(sql, s=place[0], t=place[1], e=place[2]))
    reached = 0 if row is None else int(row["jn"])
    columns = "shop_id till_id epoch jn"
    work.put("todo", columns, [(*place, jn) for jn in came if jn <= reached])
