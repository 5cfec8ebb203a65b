"""A till that lost records gets them back: its own, of all epochs, with bytes and signatures."""

from __future__ import annotations

from pos.headoffice.database import Row, Work
from pos.headoffice.house import House
from pos.headoffice.tills import Till
from pos.protocol import MAX_BATCH, MAX_BATCH_BYTES
from pos.protocol.problems import ProblemError
from pos.protocol.records import OwnRecord, OwnRecords


def own_records(house: House, till: Till, after: str) -> OwnRecords:
    """Records after `after` (`EPOCH.JN`, empty: from the first), a batch at a time."""
    epoch, jn = _place(after)

    def ask(work: Work) -> list[Row]:
        return work.rows(
            f"""SELECT epoch, jn, body, hash, signature, previous FROM inbox
            WHERE shop_id = :s AND till_id = :t AND (epoch > :e OR epoch = :e AND jn > :j)
            ORDER BY epoch, jn LIMIT {MAX_BATCH + 1}""",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
            s=till.shop,
            t=till.till,
            e=epoch,
            j=jn,
        )

    rows = house.database.read(ask)
    found: list[OwnRecord] = []
    size = 0
    for row in rows[:MAX_BATCH]:
        size += len(row["body"])
        if found and size > MAX_BATCH_BYTES:
            break
        found.append(own(row))
    more = len(found) < len(rows)
    return OwnRecords(tuple(found), f"{found[-1].epoch}.{found[-1].jn}" if more else "")


def own(row: Row) -> OwnRecord:
    """A row of the inbox as it is told."""
    return OwnRecord(
        row["epoch"], row["jn"], row["body"], row["hash"], row["signature"], row["previous"]
    )


def _place(after: str) -> tuple[int, int]:
    if not after:
        return 0, 0
    epoch, dot, jn = after.partition(".")
    good = dot and all(part.isascii() and part.isdigit() and len(part) < 17 for part in (epoch, jn))
    if not good:
        raise ProblemError("malformed", "after")
    return int(epoch), int(jn)
