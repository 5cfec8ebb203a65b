"""A wallet's bill of the whole merchant against the records of all tills, split by till.

The bill is read and matched by the same rules as at a till (`pos.payments`); here every row is
ours. What only midnight may have made waits for the next day's bill, as it does there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from pos.clock import local, moment_of, stamp
from pos.headoffice.database import Row, Work, one
from pos.headoffice.pages.gate import Answer, Moved, Shown, Visit
from pos.headoffice.pages.views.shops import Day, day_of
from pos.payments.bills import Bill, BillRow, read_bill
from pos.payments.reconcile import (
    LocalManual,
    LocalPayment,
    LocalRefund,
    Pooled,
    Records,
    Report,
    reconcile,
)
from pos.record import RefundAsked, from_bytes
from pos.refusal import Refused

CHANNELS = ("wechat", "alipay")
MOST_BYTES = 24 * 1024 * 1024
_SHOWN = 500
_TENDERS = """SELECT o.shop_id, o.till_id, o.number, o.ended_at, t.way, t.fen, t.reference
    FROM shops s CROSS JOIN orders o
    CROSS JOIN order_tenders t
    WHERE t.shop_id = o.shop_id AND t.number = o.number AND o.shop_id = s.shop_id
    AND o.business_date >= :a AND o.business_date <= :b
    AND o.state = 'closed' AND t.way IN (:w, 'static_code')"""
_ASKED = """SELECT p.shop_id, p.till_id, p.at, i.body,
    CASE WHEN EXISTS (SELECT 1 FROM payments e WHERE e.shop_id = p.shop_id
        AND e.kind = 'payment.refund_ended' AND e.reference = p.reference
        AND e.state = 'refunded') THEN 1 ELSE 0 END AS done
    FROM payments p JOIN inbox i ON i.shop_id = p.shop_id AND i.till_id = p.till_id
    AND i.epoch = p.epoch AND i.jn = p.jn
    WHERE p.kind = 'payment.refund_asked' AND p.channel = :c AND p.at >= :a AND p.at < :b"""
_SETTLED = """SELECT reference, reason, state FROM payments
    WHERE kind = 'payment.difference_resolved' AND channel = :c"""


class TillSum(msgspec.Struct, frozen=True):
    """A till's part, fen: what the bill says came and went back, what its own records say."""

    place: str
    bill_rows: int
    bill_fen: int
    bill_back_fen: int
    own_rows: int
    own_fen: int
    own_back_fen: int

    @property
    def difference_fen(self) -> int:
        """Bill less records."""
        return (self.bill_fen - self.bill_back_fen) - (self.own_fen - self.own_back_fen)


class Kept(msgspec.Struct, frozen=True):
    """What is kept of a run; the bill itself is not."""

    report: Report
    tills: tuple[TillSum, ...]
    rows: int
    refused: tuple[int, ...]
    """Lines that could not be read."""
    complete: bool | None


class _Own(msgspec.Struct, frozen=True):
    """The chain's side, and which till each number of it is of."""

    records: Records
    places: Mapping[str, str]


def show(visit: Visit) -> Answer:
    """`/bills`: the form, and the run of a channel and a day."""
    return _show(visit, "", 200)


def _show(visit: Visit, why: str, status: int) -> Shown:
    day, channel = _day(visit), _channel(visit)

    def ask(work: Work) -> Shown:
        row = _kept(work, channel, day.iso)
        kept = None if row is None else msgspec.json.decode(row["report"], type=Kept)
        classes: dict[str, int] = {}
        for difference in () if kept is None else kept.report.differences:
            classes[difference.kind] = classes.get(difference.kind, 0) + 1
        wanted = visit.get("kind")
        runs = "SELECT channel, day, at, who FROM reconciled ORDER BY day DESC, channel LIMIT 20"
        values = {
            "day": day,
            "channel": channel,
            "channels": CHANNELS,
            "row": row,
            "kept": kept,
            "classes": classes,
            "kind": wanted if wanted in classes else "",
            "differences": [] if kept is None else _told(kept, wanted, classes),
            "settled": {one["reference"]: one for one in work.rows(_SETTLED, c=channel)},
            "names": {one["shop_id"]: one["name"] for one in work.rows("SELECT * FROM shops")},
            "runs": work.rows(runs),
            "why": why,
        }
        return Shown("bills.html", values, status)

    return visit.house.database.read(ask)


def _told(kept: Kept, kind: str, classes: Mapping[str, int]) -> list[object]:
    found = [d for d in kept.report.differences if kind not in classes or d.kind == kind]
    return list(found[:_SHOWN])


def upload(visit: Visit) -> Answer:
    """The form of `/bills`: read, match, keep what came of it."""
    day, channel = _day(visit), _channel(visit)
    content = visit.files.get("bill", b"")
    try:
        if not content:
            raise Refused("bill_missing")
        bill = read_bill(channel, content)
        kept = visit.house.database.read(lambda work: run(work, date.fromisoformat(day.iso), bill))
    except Refused as refused:
        return _show(visit, visit.told(refused), 422)
    text = msgspec.json.encode(kept).decode()
    row = (channel, day.iso, stamp(visit.house.clock.now()), visit.who.name, text)

    def put(work: Work) -> None:
        then = "(channel, day) DO UPDATE SET at = excluded.at, who = excluded.who, "
        columns = "channel day at who report"
        work.put("reconciled", columns, [row], then + "report = excluded.report")

    visit.house.database.run(put)
    return Moved(f"/bills?channel={channel}&day={day.iso}", "bill")


def run(work: Work, day: date, bill: Bill) -> Kept:
    """The bill of a day (Beijing) against what all tills sent."""
    own = _own(work, day, bill.channel)
    before = _kept(work, bill.channel, (day - timedelta(days=1)).isoformat())
    pool: Sequence[Pooled] = ()
    if before is not None:
        pool = msgspec.json.decode(before["report"], type=Kept).report.pool
    report = reconcile(day, bill, own.records, pool)
    lines = tuple(bad.line for bad in bill.refused)
    return Kept(report, _by_till(day, bill, own), len(bill.rows), lines, bill.complete)


def _own(work: Work, day: date, channel: str) -> _Own:
    """Tenders and refunds of the day and its neighbours. An order's number stands for its id."""
    first, last = day - timedelta(days=1), day + timedelta(days=1)
    payments: list[LocalPayment] = []
    manual: list[LocalManual] = []
    places: dict[str, str] = {}
    rows = work.rows(_TENDERS, a=first.isoformat(), b=last.isoformat(), w=channel)
    for row in rows:
        at, number, fen = moment_of(row["ended_at"]), row["number"], int(row["fen"])
        if row["way"] == "static_code":
            manual.append(LocalManual(number, fen, at))
        elif fen > 0:
            payments.append(LocalPayment(channel, row["reference"], number, fen, "paid", at))
            places[row["reference"]] = row["shop_id"] + row["till_id"]
    known = {payment.out_trade_no for payment in payments}
    refunds: list[LocalRefund] = []
    for row in work.rows(_ASKED, c=channel, a=f"{first}T", b=f"{last + timedelta(days=1)}T"):
        fact = from_bytes(row["body"].encode()).fact
        if not isinstance(fact, RefundAsked):
            raise AssertionError(row["body"])
        at, number = moment_of(row["at"]), fact.out_refund_no
        refunds.append(
            LocalRefund(channel, number, fact.out_trade_no, fact.fen, bool(row["done"]), at)
        )
        places[number] = row["shop_id"] + row["till_id"]
        if fact.out_trade_no not in known:  # money that came too late and went back by itself
            known.add(fact.out_trade_no)
            places[fact.out_trade_no] = places[number]
            payments.append(LocalPayment(channel, fact.out_trade_no, "", fact.fen, "returned", at))
    return _Own(Records(tuple(payments), tuple(refunds), tuple(manual)), places)


def _by_till(day: date, bill: Bill, own: _Own) -> tuple[TillSum, ...]:
    sums: dict[str, list[int]] = {}

    def at(place: str) -> list[int]:
        return sums.setdefault(place, [0] * 6)

    for row in bill.rows:
        found = at(_place(row, own))
        found[0] += 1
        found[1 if row.kind == "payment" else 2] += row.fen
    for payment in own.records.payments:
        if payment.state == "paid" and local(payment.at).date() == day:
            found = at(own.places[payment.out_trade_no])
            found[3] += 1
            found[4] += payment.fen
    for refund in own.records.refunds:
        if refund.done and local(refund.at).date() == day:
            found = at(own.places[refund.out_refund_no])
            found[3] += 1
            found[5] += refund.fen
    return tuple(TillSum(place, *found) for place, found in sorted(sums.items()))


def _place(row: BillRow, own: _Own) -> str:
    """Shop and till: as we know its number, else as the bill says, else nobody's."""
    known = own.places.get(row.out_refund_no) or own.places.get(row.out_trade_no)
    said = row.place if len(row.place) == 6 and row.place.isdigit() else ""
    return known or said


def _kept(work: Work, channel: str, day: str) -> Row | None:
    sql = "SELECT * FROM reconciled WHERE channel = :c AND day = :d"
    return one(work.rows(sql, c=channel, d=day))


def _channel(visit: Visit) -> str:
    return visit.get("channel") if visit.get("channel") in CHANNELS else CHANNELS[0]


def _day(visit: Visit) -> Day:
    """The day asked for; yesterday, whose bill is the newest there is, if none."""
    day = day_of(visit)
    if visit.get("day"):
        return day
    yesterday = msgspec.structs.replace(visit, values={**visit.values, "day": day.previous})
    return day_of(yesterday)
