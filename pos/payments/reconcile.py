"""A provider's bill against the till's own records, difference by difference.

Rows are known by number first, then by the provider's own id. Rows of other tills are counted and
left out. A difference that only the calendar may have made waits a day in the pool: what is sold
around midnight is on the bill of one day and in the records of another. The classes are those of
Chinese settlement: 长款, 短款, amount, refund, reversed, fee, duplicate, by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from pos.clock import local
from pos.money import half_up
from pos.payments.bills import Bill, BillRow

LocalState = Literal["paid", "returned", "unpaid", "unknown"]
Class = Literal[
    "long",  # 长款 A: the provider has money that we know nothing of
    "short",  # 短款 B: we believe in money that the provider does not have
    "amount",  # C: both, but not the same; `explained` where a coupon makes the difference
    "refund",  # D: given back at one side only, or not the same
    "reversed",  # E: taken and given back while cancelling: nothing to do
    "fee",  # F: the fee is not what was agreed
    "duplicate",  # G: one order was paid twice
    "manual",  # H: a tender on a person's word meets a row: proposed
]
MANUAL_WINDOW = timedelta(minutes=5)
FEE_SLACK_MILLI = 1000
"""A fee may be a fen off: providers round each row."""


class LocalPayment(msgspec.Struct, frozen=True):
    """An attempt of this till as its records have it."""

    channel: str
    out_trade_no: str
    order_id: str
    fen: int
    state: LocalState
    at: datetime
    transaction_id: str = ""


class LocalRefund(msgspec.Struct, frozen=True):
    """A refund of this till; `done`: the provider confirmed it."""

    channel: str
    out_refund_no: str
    out_trade_no: str
    fen: int
    done: bool
    at: datetime


class LocalManual(msgspec.Struct, frozen=True):
    """An unverified tender: a static code's money that a cashier saw arrive.

    `tender_id`: the order whose tender it is.
    """

    tender_id: str
    fen: int
    at: datetime


class Difference(msgspec.Struct, frozen=True):
    """One thing a manager resolves. `number` is ours where there is one, else the provider's."""

    kind: Class
    number: str
    local_fen: int | None
    bill_fen: int | None
    order_id: str = ""
    tender_id: str = ""
    explained: bool = False
    line: int = 0


class Pooled(msgspec.Struct, frozen=True):
    """What has no counterpart yet, kept for the next day's run."""

    day: date
    payment: LocalPayment | None = None
    refund: LocalRefund | None = None
    row: BillRow | None = None


class Report(msgspec.Struct, frozen=True):
    """What came of one day. `fee_milli` adds up the fees of matched rows (thousandths of a fen)."""

    matched: int
    matched_fen: int
    fee_milli: int
    differences: tuple[Difference, ...]
    pool: tuple[Pooled, ...]
    elsewhere: int
    """Rows of other tills."""
    by_hand_left: int = 0
    """Tenders of the day on a person's word that no row was found for."""


class Records(msgspec.Struct, frozen=True):
    """The till's side: all attempts and refunds of the day and its neighbours, in any state."""

    payments: tuple[LocalPayment, ...] = ()
    refunds: tuple[LocalRefund, ...] = ()
    manual: tuple[LocalManual, ...] = ()


def reconcile(
    day: date,
    bill: Bill,
    records: Records,
    pool: Iterable[Pooled] = (),
    place: str = "",
    fee_bp: int | None = None,
) -> Report:
    """Match the bill of `day` (Beijing, 00:00 to 24:00) with this till's records.

    `pool`: what the run of the day before left. `place`: shop and till as sent with each payment.
    `fee_bp`: the agreed rate in basis points; None: fees are not compared.
    """
    return _Run(day, bill, records, tuple(pool), place, fee_bp).report()


class _Run:
    def __init__(
        self,
        day: date,
        bill: Bill,
        records: Records,
        pool: tuple[Pooled, ...],
        place: str,
        fee_bp: int | None,
    ) -> None:
        self.day, self.channel, self.place, self.fee_bp = day, bill.channel, place, fee_bp
        waiting = list(pool)
        self.waited = {_key(p) for p in waiting}
        self.payments = _by(
            [*[p.payment for p in waiting if p.payment], *records.payments], self.channel
        )
        self.refunds = {
            r.out_refund_no: r
            for r in [*[p.refund for p in waiting if p.refund], *records.refunds]
            if r.channel == self.channel
        }
        self.by_provider = {p.transaction_id: p for p in self.payments.values() if p.transaction_id}
        self.manual = list(records.manual)
        old = [p.row for p in waiting if p.row and p.row.channel == self.channel]
        self.rows = [*old, *bill.rows]
        self.old = {id(row) for row in old}
        self.differences: list[Difference] = []
        self.pool: list[Pooled] = []
        self.seen: set[str] = set()
        self.matched = self.matched_fen = self.fee_milli = self.elsewhere = 0

    def report(self) -> Report:
        back: dict[str, int] = {}
        for row in self.rows:
            if row.kind == "revoke":
                back[row.out_trade_no] = back.get(row.out_trade_no, 0) + row.fen
        for row in self.rows:
            if row.kind == "payment":
                self._payment(row, back.get(row.out_trade_no, 0))
        for row in self.rows:
            if row.kind == "refund":
                self._refund(row)
        self._left_over()
        return Report(
            self.matched,
            self.matched_fen,
            self.fee_milli,
            tuple(self.differences),
            tuple(self.pool),
            self.elsewhere,
            sum(_day(tender.at) == self.day for tender in self.manual),
        )

    # --- rows of payments ---

    def _payment(self, row: BillRow, revoked_fen: int) -> None:
        ours = self.payments.get(row.out_trade_no) or self.by_provider.get(row.transaction_id)
        if ours is None:
            self._stranger(row, revoked_fen)
        elif ours.out_trade_no in self.seen:
            self._tell("duplicate", row, ours)
        else:
            self.seen.add(ours.out_trade_no)
            if ours.state == "paid" and not revoked_fen:
                self._same(row, ours)
            else:
                self._tell(self._kind_of(row, ours, revoked_fen), row, ours)

    def _kind_of(self, row: BillRow, ours: LocalPayment, revoked_fen: int) -> Class:
        """What a row is that is no plain sale of ours."""
        if ours.state == "paid":
            return "short"  # we sold for money that the provider took back
        if revoked_fen >= row.fen or (ours.state == "returned" and self._given_back(row)):
            return "reversed"
        return "duplicate" if self._paid_otherwise(ours) else "long"

    def _same(self, row: BillRow, ours: LocalPayment) -> None:
        if row.fen != ours.fen:
            self._tell("amount", row, ours, explained=ours.fen == row.settled_fen)
            return
        self.matched += 1
        self.matched_fen += row.fen
        self.fee_milli += row.fee_milli
        if self.fee_bp is not None:
            wanted = half_up(row.settled_fen * 1000 * self.fee_bp, 10_000)
            if abs(abs(row.fee_milli) - wanted) > FEE_SLACK_MILLI:
                self._tell("fee", row, ours)

    def _stranger(self, row: BillRow, revoked_fen: int) -> None:
        """No attempt of ours has this number: another till's, a static code's, or a riddle."""
        ours = not self.place or row.place == self.place
        tender = self._by_hand(row) if ours or not row.place else None
        if tender is not None:
            self._propose(row, tender)
        elif not ours:
            self.elsewhere += 1
        elif revoked_fen >= row.fen:
            self._tell("reversed", row, None)
        elif id(row) in self.old:
            self._tell("long", row, None)
        else:
            self.pool.append(Pooled(self.day, row=row))

    def _by_hand(self, row: BillRow) -> LocalManual | None:
        near = [m for m in self.manual if m.fen == row.fen and abs(m.at - row.at) <= MANUAL_WINDOW]
        return min(near, key=lambda m: (abs(m.at - row.at), m.tender_id), default=None)

    def _propose(self, row: BillRow, tender: LocalManual) -> None:
        self.manual.remove(tender)
        self.differences.append(
            Difference(
                "manual",
                row.transaction_id,
                tender.fen,
                row.fen,
                tender_id=tender.tender_id,
                line=row.line,
            )
        )

    def _paid_otherwise(self, ours: LocalPayment) -> bool:
        return any(
            p.order_id == ours.order_id and p.state == "paid" and p is not ours
            for p in self.payments.values()
        )

    def _given_back(self, row: BillRow) -> bool:
        """A cancel that Alipay shows as a refund of the whole."""
        refunds = [
            r
            for r in self.rows
            if r.kind == "refund"
            and r.out_trade_no == row.out_trade_no
            and r.out_refund_no not in self.refunds
        ]
        if sum(r.fen for r in refunds) < row.fen:
            return False
        self.seen.update("refund:" + r.out_refund_no for r in refunds)
        return True

    # --- rows of refunds ---

    def _refund(self, row: BillRow) -> None:
        if "refund:" + row.out_refund_no in self.seen:
            return
        ours = self.refunds.get(row.out_refund_no)
        if ours is not None:
            self.seen.add("refund:" + ours.out_refund_no)
            same = ours.fen == row.fen and ours.out_trade_no == row.out_trade_no
            if same and ours.done:
                self.matched += 1
            else:
                self._tell_refund(ours, row)
        elif row.out_trade_no in self.payments or (self.place and row.place == self.place):
            self._tell_refund(None, row)  # made in the merchant's portal
        else:
            self.elsewhere += 1

    def _tell_refund(self, ours: LocalRefund | None, row: BillRow | None) -> None:
        number = ours.out_refund_no if ours else row.out_refund_no if row else ""
        trade = ours.out_trade_no if ours else row.out_trade_no if row else ""
        payment = self.payments.get(trade)
        self.differences.append(
            Difference(
                "refund",
                number,
                ours.fen if ours and ours.done else None,
                row.fen if row else None,
                order_id=payment.order_id if payment else "",
                line=row.line if row else 0,
            )
        )

    # --- what the bill does not have ---

    def _left_over(self) -> None:
        for payment in self.payments.values():
            if payment.state == "paid" and payment.out_trade_no not in self.seen:
                self._missing(Pooled(_day(payment.at), payment=payment))
        for refund in self.refunds.values():
            if refund.done and "refund:" + refund.out_refund_no not in self.seen:
                self._missing(Pooled(_day(refund.at), refund=refund))

    def _missing(self, waiting: Pooled) -> None:
        if waiting.day > self.day:
            return  # a later bill's
        if _key(waiting) not in self.waited:
            if waiting.day == self.day:
                self.pool.append(waiting)
            return  # an earlier day's, settled by an earlier run
        if waiting.payment is not None:
            ours = waiting.payment
            self.differences.append(
                Difference("short", ours.out_trade_no, ours.fen, None, order_id=ours.order_id)
            )
        else:
            self._tell_refund(waiting.refund, None)

    def _tell(
        self, kind: Class, row: BillRow, ours: LocalPayment | None, explained: bool = False
    ) -> None:
        self.differences.append(
            Difference(
                kind,
                ours.out_trade_no if ours else row.out_trade_no,
                ours.fen if ours and ours.state == "paid" else None,
                row.fen,
                order_id=ours.order_id if ours else "",
                explained=explained or kind == "reversed",
                line=row.line,
            )
        )


def _by(payments: Iterable[LocalPayment], channel: str) -> dict[str, LocalPayment]:
    return {p.out_trade_no: p for p in payments if p.channel == channel}


def _day(moment: datetime) -> date:
    return local(moment).date()


def _key(pooled: Pooled) -> str:
    if pooled.payment:
        return "payment:" + pooled.payment.out_trade_no
    if pooled.refund:
        return "refund:" + pooled.refund.out_refund_no
    return f"row:{pooled.row.transaction_id}" if pooled.row else ""
