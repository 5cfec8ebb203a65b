"""A provider's bill of a day against this till's records; what differs waits for a manager."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from pos.clock import local, moment_of
from pos.config import Config, basis_points
from pos.payments import reconcile
from pos.payments.bills import read_bill
from pos.payments.protocol import BillFile, BillNotReady, NoBill
from pos.payments.reconcile import (
    Difference,
    LocalManual,
    LocalPayment,
    LocalRefund,
    LocalState,
    Pooled,
    Records,
    Report,
)
from pos.payments.row import Attempt
from pos.record import DifferenceResolved, Fact, Where
from pos.refusal import Refused
from pos.store import attempts, bills
from pos.store.bills import DifferenceRow
from pos.store.reader import Reader
from pos.till import attempting
from pos.till.gateways import CHANNELS, Gateways

if TYPE_CHECKING:
    from pos.store.attempts import Transaction
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

    Refused: bill_channel, what `read` and `fetch` refuse.
    """
    if channel not in CHANNELS:
        raise Refused("bill_channel", channel=channel[:20])
    content = read(file) if file is not None else fetch(gateways, channel, day)
    outcome = match(config, channel, day, content)
    keep(ledger, outcome)
    return outcome


def read(file: Path) -> bytes:
    """A bill that somebody fetched from the provider's pages. Refused: file_unreadable."""
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused("file_unreadable", path=file, why=error.strerror) from error


def fetch(gateways: Gateways, channel: str, day: date) -> bytes:
    """The bill as the provider gives it.

    Refused: bill_none, bill_not_ready; where it cannot be fetched the reason.
    """
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


def match(config: Config, channel: str, day: date, content: bytes) -> Outcome:
    """The bill against the till's records; nothing is written.

    Refused: what `read_bill` refuses.
    """
    bill = read_bill(channel, content)
    settings = config.settings
    with closing(Reader(config.ledger)) as reader:
        records = records_of(reader, channel, day)
        waited = bills.pool_before(reader, channel, day.isoformat())
    pool = _POOL.decode(waited) if waited else ()
    place = settings.shop.id + settings.till.id
    rate = getattr(settings.payments, channel).fee_rate
    fee_bp = basis_points(rate) if rate else None
    report = reconcile.reconcile(day, bill, records, pool, place, fee_bp)
    return Outcome(channel, day, report, len(bill.refused), bill.complete)


def keep(ledger: Ledger, outcome: Outcome) -> None:
    """Put what differs on the manager's list; what was settled stays so."""
    channel, day = outcome.channel, outcome.day.isoformat()
    rows = [_row(channel, outcome.day, one) for one in outcome.report.differences]
    left = msgspec.json.encode(outcome.report.pool)
    ledger.change(lambda c: bills.put_differences(c, channel, day, rows, left))


def settle(ledger: Ledger, row: DifferenceRow, where: Where, reason: str, *facts: Fact) -> None:
    """A manager settles a difference with a reason; it is on record."""
    fact = DifferenceResolved(where, row.channel, row.day, row.difference, row.number, reason)

    def put(connection: Transaction) -> None:
        bills.settle_difference(connection, row, where.operator, reason)

    ledger.write(*facts, fact, also=put)


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
        tuple(
            LocalManual(one.order_id, one.fen, moment_of(one.ended_at))
            for one in bills.unmatched_by_hand(reader, channel, day.isoformat(), start, end)
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
        order_id=one.order_id or one.tender_id,
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
        "by_hand_left": report.by_hand_left,
        "differences": [
            {
                "class": one.kind,
                "number": one.number,
                "order_id": one.order_id or one.tender_id,
                "local_fen": one.local_fen,
                "bill_fen": one.bill_fen,
                "explained": one.explained,
                "line": one.line,
            }
            for one in report.differences
        ],
    }
