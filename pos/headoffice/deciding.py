"""What a person decides about records that were kept aside: take them in after all, or leave them.

Nothing is ever dropped: a decision is written beside the bytes.
"""

from __future__ import annotations

from pos.clock import stamp
from pos.headoffice.database import Row, Value, Work, one
from pos.headoffice.house import House
from pos.refusal import Refused

_PLACE = "shop_id = :s AND till_id = :t AND epoch = :e AND jn = :j"
_INBOX = "shop_id till_id epoch jn body hash previous signature received_at"


def aside(house: House, shop: str = "") -> list[Row]:
    """Records nobody has decided about, oldest first; of one shop or all."""
    sql = """SELECT * FROM quarantine WHERE decided_at = '' AND (:s = '' OR shop_id = :s)
        ORDER BY received_at, shop_id, till_id, epoch, jn"""
    return house.database.read(lambda work: work.rows(sql, s=shop))


def decide(
    house: House,
    place: tuple[str, str, int, int],
    hashed: str,
    by: str,
    *,
    take_in: bool,
) -> None:
    """Take a record in that came under an epoch that had ended, or leave it aside for good.

    Refused: aside_unknown; aside_not_ours where signature or chain speak against it or its place
    is taken: such a record is never taken in.
    """
    now = stamp(house.clock.now())
    shop, till, epoch, jn = place

    def put(work: Work) -> None:
        at: dict[str, Value] = {"s": shop, "t": till, "e": epoch, "j": jn}
        sql = f"SELECT * FROM quarantine WHERE {_PLACE} AND hash = :h{work.locking}"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        row = one(work.rows(sql, **at, h=hashed))
        if row is None or row["decided_at"]:
            raise Refused("aside_unknown")
        if take_in:
            taken = (shop, till, epoch, jn)
            told = (row["body"], hashed, row["previous"], row["signature"], row["received_at"])
            if row["code"] != "fenced" or not _follows(work, row):
                raise Refused("aside_not_ours")
            if not work.put("inbox", _INBOX, [(*taken, *told)]):
                raise Refused("aside_not_ours")
            work.put("todo", "shop_id till_id epoch jn", [taken])
            work.put("progress", "shop_id till_id epoch jn", [(shop, till, epoch, 0)])
        work.do(
            f"""UPDATE quarantine SET decided_at = :n, decided_by = :b, decision = :d
            WHERE {_PLACE} AND hash = :h""",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
            **at,
            h=hashed,
            n=now,
            b=by,
            d="taken_in" if take_in else "left",
        )

    house.database.run(put)


def _follows(work: Work, row: Row) -> bool:
    """Whether a record goes on from the one before it, where that is here."""
    before = one(
        work.rows(
            f"SELECT hash FROM inbox WHERE {_PLACE}",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
            s=row["shop_id"],
            t=row["till_id"],
            e=row["epoch"],
            j=row["jn"] - 1,
        )
    )
    return before is None or before["hash"] == row["previous"]
