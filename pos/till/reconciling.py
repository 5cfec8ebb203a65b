"""A provider's bill of a day against this till's records; what differs waits for a manager."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from pos.clock import local
from pos.config import Config
from pos.payments import reconcile
from pos.payments.bills import Bill, read_bill
from pos.payments.protocol import BillFile, BillNotReady, NoBill
from pos.payments.reconcile import (
    Difference,
    LocalPayment,
    LocalRefund,
    LocalState,
    Pooled,
    Records,
    Report,
)
from pos.payments.row import Attempt
from pos.refusal import Refused
from pos.store import attempts
from pos.store.attempts import DifferenceRow
from pos.store.reader import Reader
from pos.till import attempting
from pos.till.gateways import CHANNELS, Gateways

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

MOST_BYTES = 64 * 1024 * 1024
_STATES: dict[str, LocalState] = {
    "paid": "paid",
    "decided_paid": "paid",
    "cancelled_refunded": "returned",
    "late_refunded": "returned",
    "declined": "unpaid",
    "cancelled": "unpaid",
    "decided_unpaid": "unpaid",
}
_POOL = msgspec.json.Decoder(tuple[Pooled, ...])


class Outcome(msgspec.Struct, frozen=True):
    """What came of a day: the report, and what of the bill could not be read."""

    channel: str
    day: date
    report: Report
    bad_lines: int
    complete: bool | None
    """Whether the bill's own sums agree; None where it has none."""


def run(
    config: Config, ledger: Ledger, gateways: Gateways, channel: str, day: date, file: Path | None
) -> Outcome:
    """Read or fetch the bill of `day`, match it, and keep what differs.

    Refused: bill_channel, file_unreadable, bill_none, bill_not_ready, what `read_bill` refuses,
    and where it cannot be fetched the reason.
    """
    if channel not in CHANNELS:
        raise Refused("bill_channel", channel=channel[:20])
    bill = read_bill(channel, _content(gateways, channel, day, file))
    settings = config.settings
    with closing(Reader(config.ledger)) as reader:
        records = records_of(reader, channel, day)
        waited = attempts.pool_before(reader, channel, day.isoformat())
    pool = _POOL.decode(waited) if waited else ()
    place = settings.shop.id + settings.till.id
    report = reconcile.reconcile(day, bill, records, pool, place)
    rows = [_row(channel, day, one) for one in report.differences]
    left = msgspec.json.encode(report.pool)
    ledger.change(lambda c: attempts.put_differences(c, channel, day.isoformat(), rows, left))
    return _outcome(channel, day, bill, report)


def _outcome(channel: str, day: date, bill: Bill, report: Report) -> Outcome:
    return Outcome(channel, day, report, len(bill.refused), bill.complete)


def _content(gateways: Gateways, channel: str, day: date, file: Path | None) -> bytes:
    if file is not None:
        try:
            with file.open("rb") as opened:
                return opened.read(MOST_BYTES + 1)
        except OSError as error:
            raise Refused("file_unreadable", path=file, why=error.strerror) from error
    gateway = gateways.find(channel)
    if gateway is None:
        raise gateways.troubles[channel]
    answer = gateway.fetch_bill(day)
    if isinstance(answer, BillFile):
        return answer.content
    if isinstance(answer, NoBill):
        raise Refused("bill_none", day=day.isoformat())
    if isinstance(answer, BillNotReady):
        raise Refused("bill_not_ready", day=day.isoformat())
    raise Refused(answer.code, detail=answer.detail)


def records_of(reader: Reader, channel: str, day: date) -> Records:
    """The till's side: attempts and refunds of the day and of both its neighbours."""
    noon = datetime.fromisoformat(f"{day.isoformat()}T12:00:00+08:00")
    start, end = noon - timedelta(hours=36), noon + timedelta(hours=36)
    rows, refunds = attempts.created_between(reader, channel, start, end)
    return Records(
        tuple(_payment(attempting.attempt_of(row)) for row in rows),
        tuple(
            LocalRefund(
                channel=refund.channel,
                out_refund_no=refund.ask.out_refund_no,
                out_trade_no=refund.ask.out_trade_no,
                fen=refund.ask.fen,
                done=refund.state == "refunded",
                at=refund.first_at or refund.created_at,
            )
            for refund in map(attempting.refund_of, refunds)
        ),
    )


def _payment(attempt: Attempt) -> LocalPayment:
    paid = attempt.paid
    at = attempt.settled_at or attempt.created_at
    if paid is not None and paid.paid_at:
        try:
            at = local(datetime.fromisoformat(paid.paid_at))
        except ValueError:
            at = attempt.settled_at or attempt.created_at
    return LocalPayment(
        channel=attempt.channel,
        out_trade_no=attempt.charge.out_trade_no,
        order_id=attempt.order_id,
        fen=attempt.charge.fen,
        state=_STATES.get(attempt.state, "unknown"),
        at=at,
        transaction_id=paid.transaction_id if paid is not None else "",
    )


def _row(channel: str, day: date, one: Difference) -> DifferenceRow:
    return DifferenceRow(
        channel=channel,
        day=day.isoformat(),
        difference=one.kind,
        number=one.number,
        order_id=one.order_id,
        local_fen=one.local_fen,
        bill_fen=one.bill_fen,
        explained=int(one.explained),
    )


def told(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON tells it: fen, and fees in thousandths of a fen."""
    report = outcome.report
    return {
        "channel": outcome.channel,
        "day": outcome.day.isoformat(),
        "matched": report.matched,
        "matched_fen": report.matched_fen,
        "fee_milli": report.fee_milli,
        "elsewhere": report.elsewhere,
        "pool": len(report.pool),
        "bad_lines": outcome.bad_lines,
        "complete": outcome.complete,
        "differences": [
            {
                "class": one.kind,
                "number": one.number,
                "order_id": one.order_id,
                "local_fen": one.local_fen,
                "bill_fen": one.bill_fen,
                "explained": one.explained,
                "line": one.line,
            }
            for one in report.differences
        ],
    }
