"""Each till's Z beside what arrived: the same orders must come to the same money."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from pos.headoffice.database import Row, Value, Work
from pos.headoffice.house import House

# Orders of a Z: those of its records' range. A till that was put back to an older copy goes on
# under a newer epoch from where the copy ended: an older epoch counts up to there. Orders it got
# back from head office stand in its ledger under the records that brought them.
_OF_Z = """FROM orders o WHERE o.shop_id = :s AND o.state = 'closed' AND o.number IN (
    SELECT x.number FROM orders x WHERE x.shop_id = :s AND x.till_id = :t
        AND x.jn > :a AND x.jn <= :u AND x.epoch <= :e AND NOT EXISTS (
            SELECT 1 FROM epochs n WHERE n.shop_id = x.shop_id AND n.till_id = x.till_id
            AND n.epoch > x.epoch AND n.epoch <= :e AND n.first_jn <= x.jn)
    UNION SELECT y.number FROM recovered r JOIN orders y ON y.shop_id = r.shop_id
        AND y.till_id = r.till_id AND y.epoch = r.of_epoch AND y.jn = r.of_jn
        WHERE r.shop_id = :s AND r.till_id = :t AND r.epoch = :e AND r.jn > :a AND r.jn <= :u)"""


class Compared(msgspec.Struct, frozen=True):
    """A Z and what arrived for it: number of orders, money with tax, fen by way of paying."""

    shop: str
    till: str
    epoch: int
    z: int
    business_date: str
    orders: tuple[int, int]
    net_fen: tuple[int, int]
    ways: Mapping[str, tuple[int, int]]

    @property
    def agrees(self) -> bool:
        """Whether told and arrived are the same everywhere."""
        pairs = (self.orders, self.net_fen, *self.ways.values())
        return all(told == arrived for told, arrived in pairs)


def compare(house: House, first: str, last: str, shop: str = "") -> list[Compared]:
    """The Zs of business dates `first` to `last`, of one shop or all, as told and as arrived."""
    sql = """SELECT * FROM closes WHERE business_date BETWEEN :a AND :b
        AND (:s = '' OR shop_id = :s) ORDER BY business_date, shop_id, till_id, epoch, jn"""

    def ask(work: Work) -> list[Compared]:
        return [_compared(work, row) for row in work.rows(sql, a=first, b=last, s=shop)]

    return house.database.read(ask)


def _compared(work: Work, row: Row) -> Compared:
    at: dict[str, Value] = {
        "s": row["shop_id"],
        "t": row["till_id"],
        "e": row["epoch"],
        "a": row["after_jn"],
        "u": row["upto_jn"],
    }
    sums = "SELECT count(*) AS n, COALESCE(sum(o.total_fen), 0) AS fen "
    arrived = work.rows(sums + _OF_Z, **at)[0]
    paid = work.rows(
        f"""SELECT t.way, sum(t.fen) AS fen FROM order_tenders t
        WHERE t.shop_id = :s AND t.number IN (SELECT o.number {_OF_Z})
        GROUP BY t.way""",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        **at,
    )
    here = {one["way"]: int(one["fen"]) for one in paid}
    told = {way: int(fen) for way, fen in (part.split(":") for part in _parts(row["ways"]))}
    return Compared(
        row["shop_id"],
        row["till_id"],
        row["epoch"],
        row["z"],
        row["business_date"],
        (row["orders"], int(arrived["n"])),
        (row["net_fen"], int(arrived["fen"])),
        {way: (told.get(way, 0), here.get(way, 0)) for way in sorted(told.keys() | here.keys())},
    )


def _parts(text: str) -> list[str]:
    return text.split(",") if text else []
