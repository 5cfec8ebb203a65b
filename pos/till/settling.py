"""Payments without a screen: what is unresolved is asked after, decided, given back, one by one."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pos.access.rights import Session
from pos.clock import Clock, business_date, local, stamp
from pos.config import Config
from pos.payments.codes import PaymentCode
from pos.payments.refunding import Refund
from pos.payments.row import Ask, Attach, Attempt, Decide, Event, Restarted, Unwanted, Wake
from pos.payments.schedule import SLOW
from pos.record import Where
from pos.refusal import Refused
from pos.store import attempts, bills
from pos.store.reader import Reader
from pos.till import asking, attempting, moneyback, reconciling
from pos.till.attempting import Done, RefundDone
from pos.till.closing import where_in
from pos.till.gateways import Gateways
from pos.till.moneyback import SettledBy
from pos.words import Words
from pos.words.payments import tell

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

Verdict = Literal["paid", "unpaid", "attach", "refund", "settled"]
sleep = time.sleep
LONGEST_NAP = 1.0


def pending(reader: Reader, words: Words) -> list[dict[str, Any]]:
    """Everything that is unresolved, oldest first: payments, refunds, differences of bills."""
    found = [attempting.attempt_of(row) for row in attempts.open_attempts(reader)]
    rows = [payment_told(one, words) for one in found if one.unresolved]
    refunds = [attempting.refund_of(row) for row in attempts.open_refunds(reader)]
    rows += [refund_told(one, words) for one in refunds]
    for row in bills.differences(reader):
        if row.explained:
            continue
        rows.append(
            {
                "kind": "difference",
                "channel": row.channel,
                "number": row.number,
                "order_id": row.order_id,
                "fen": row.bill_fen if row.local_fen is None else row.local_fen,
                "state": row.difference,
                "at": row.day,
                "why": getattr(words.payments, f"class_{row.difference}"),
            }
        )
    return rows


def payment_told(attempt: Attempt, words: Words) -> dict[str, Any]:
    """A payment as JSON tells it."""
    return {
        "kind": "payment",
        "channel": attempt.channel,
        "number": attempt.charge.out_trade_no,
        "order_id": attempt.order_id,
        "fen": attempt.charge.fen,
        "state": attempt.state,
        "at": stamp(attempt.created_at),
        "why": tell(words.payments, attempt.reason) if attempt.reason else "",
    }


def refund_told(refund: Refund, words: Words) -> dict[str, Any]:
    """A refund as JSON tells it."""
    return {
        "kind": "refund",
        "channel": refund.channel,
        "number": refund.ask.out_refund_no,
        "out_trade_no": refund.ask.out_trade_no,
        "fen": refund.ask.fen,
        "state": refund.state,
        "at": stamp(refund.created_at),
        "why": tell(words.payments, refund.reason) if refund.reason else "",
    }


class Settler:
    """Does in one thread what the payments thread does; the till itself must not be at work."""

    def __init__(
        self, config: Config, ledger: Ledger, clock: Clock, gateways: Gateways | None = None
    ) -> None:
        self._config, self._ledger, self._clock = config, ledger, clock
        self.gateways = gateways or Gateways(config, clock)

    def close(self) -> None:
        """Close all connections."""
        self.gateways.close()

    def recover(self, seconds: float) -> int:
        """Ask after everything, and again when it is due, for at most so long; how many it were."""
        with closing(Reader(self._config.ledger)) as reader:
            payments = attempts.open_attempts(reader)
            refunds = attempts.open_refunds(reader)
        for row in payments:
            self.run(attempting.apply(self._ledger, row.attempt_id, Restarted()))
        for refund in refunds:
            self.run_refund(moneyback.refund_restarted(self._ledger, refund.out_refund_no))
        self.wait(seconds)
        return len(payments) + len(refunds)

    def wait(self, seconds: float) -> None:
        """Look after what is due until nothing is unresolved or the time is over."""
        end = self._clock.monotonic() + seconds
        while self._clock.monotonic() < end:
            due = self._next()
            if due is None:
                return
            left = (due - self._clock.now()).total_seconds()
            if 0 < left <= SLOW:
                sleep(min(left, LONGEST_NAP))
            else:
                self._wake()

    def _next(self) -> datetime | None:
        """When something unresolved is due next."""
        payments, refunds = self._open()
        moments = [one.next_at for one in payments] + [one.next_at for one in refunds]
        return min((at for at in moments if at is not None), default=None)

    def _open(self) -> tuple[list[Attempt], list[Refund]]:
        with closing(Reader(self._config.ledger)) as reader:
            payments = [attempting.attempt_of(row) for row in attempts.open_attempts(reader)]
            refunds = [attempting.refund_of(row) for row in attempts.open_refunds(reader)]
        return [one for one in payments if one.unresolved], refunds

    def _wake(self) -> None:
        payments, refunds = self._open()
        for one in payments:
            self.run(attempting.apply(self._ledger, one.attempt_id, Wake()))
        for refund in refunds:
            self.run_refund(moneyback.refund_wake(self._ledger, refund.ask.out_refund_no))

    def run(self, done: Done, code: PaymentCode | None = None) -> Done:
        """Do what follows an event, until nothing does; the last of it, or what settled it."""
        acts = list(done.acts)
        refunds = list(done.refunds)
        while acts:
            act = acts.pop(0)
            if isinstance(act, Ask):
                answer = asking.ask(self.gateways, done.attempt, act, code, self._clock)
                told = attempting.apply(self._ledger, done.attempt.attempt_id, answer)
                acts += told.acts
                refunds += told.refunds
                done = done if done.settled and not told.settled else told
        for refund in refunds:
            self.run_refund(refund)
        return done

    def pay(self, attempt: Attempt, where: Where, code: PaymentCode, seconds: float) -> Done:
        """Take money by a customer's code, and look after it until it is known or the time is over.

        Refused: what `attempting.begin` refuses. Ctrl-C ends only the waiting.
        """
        done = self.run(attempting.begin(self._ledger, attempt, where), code)
        end = self._clock.monotonic() + seconds
        with suppress(KeyboardInterrupt):
            while done.attempt.live and done.attempt.next_at is not None:
                if self._clock.monotonic() >= end:
                    break
                left = (done.attempt.next_at - self._clock.now()).total_seconds()
                if 0 < left <= SLOW:
                    sleep(min(left, LONGEST_NAP))
                else:
                    done = self.run(attempting.apply(self._ledger, attempt.attempt_id, Wake()))
        return done

    def run_refund(self, done: RefundDone) -> RefundDone:
        """Do the call that follows, until none does."""
        number = done.refund.ask.out_refund_no
        while done.act is not None:
            call_no = done.act.call_no
            answer = asking.ask_refund(self.gateways, done.refund, done.act)
            done = moneyback.refund_answered(self._ledger, number, call_no, answer)
        return done

    def resolve(self, number: str, verdict: Verdict, by: str, reason: str) -> dict[str, Any]:
        """A manager's decision on a payment or on a difference of a bill; it is on record.

        Refused: pay_unknown, pay_not_yet, pay_settled, pay_not_late, pay_why_missing,
        pay_order_gone, difference_unknown.
        """
        if not reason.strip():
            raise Refused("pay_why_missing")
        with closing(Reader(self._config.ledger)) as reader:
            if verdict == "settled":
                return self._settle_difference(reader, number, by, reason)
            row = attempts.of_number(reader, number)
        if row is None:
            raise Refused("pay_unknown", number=number[:40])
        where = Where(by, row.shift_id, row.business_date)
        event: Event
        match verdict:
            case "attach":
                event = Attach(by, reason)
            case "refund":
                event = Unwanted()
            case "paid" | "unpaid":
                event = Decide(verdict, by, reason)
        done = self.run(attempting.apply(self._ledger, row.attempt_id, event, where))
        closed = done.ended.number if done.ended is not None else ""
        return {"number": row.out_trade_no, "state": done.attempt.state, "closed": closed}

    def give_back(
        self, number: str, way: SettledBy, reference: str, session: Session, reason: str
    ) -> dict[str, Any]:
        """A manager gave the money of a refused refund back by another way; it is on record.

        Refused: what `moneyback.refund_settle` says.
        """
        with closing(Reader(self._config.ledger)) as reader:
            row = attempts.refund_of_number(reader, number)
            cutoff = self._config.settings.shift.cutoff_hour
            today = business_date(self._clock.now(), cutoff).isoformat()
            where = where_in(reader, session, today)
        if row is None:
            raise Refused("pay_unknown", number=number[:40])
        done = moneyback.refund_settle(
            self._ledger, row.out_refund_no, way, reference, where, reason
        )
        return {"number": row.out_refund_no, "state": done.refund.state, "closed": ""}

    def _settle_difference(
        self, reader: Reader, number: str, by: str, reason: str
    ) -> dict[str, Any]:
        found = [row for row in bills.differences(reader) if row.number.startswith(number)]
        if len({row.number for row in found}) != 1:
            raise Refused("difference_unknown", number=number[:40])
        where = Where(by, "", local(self._clock.now()).date().isoformat())
        for row in found:
            reconciling.settle(self._ledger, row, where, reason)
        return {"number": found[0].number, "state": "settled", "closed": ""}

    def refund(
        self, number: str, fen: int | None, by: str, reason: str, seconds: float
    ) -> RefundDone:
        """Give money back the way it came, and wait a while for the provider to confirm it.

        `number`: ours at the provider, the head of it, or the number of an order paid by one
        wallet; `fen` None is all that is left; a refund's own number retries one that was refused.
        """
        if not reason.strip():
            raise Refused("pay_why_missing")
        with closing(Reader(self._config.ledger)) as reader:
            again = attempts.refund_of_number(reader, number)
            trade = number if again else _trade_of(reader, number)
        if again is not None:
            done = moneyback.refund_retry(self._ledger, again.out_refund_no)
        else:
            left = moneyback.refundable(self._ledger, trade)[1]
            where = Where(by, "", local(self._clock.now()).date().isoformat())
            wanted = left if fen is None else fen
            done = moneyback.ask_refund(self._ledger, trade, wanted, reason, where)
        done = self.run_refund(done)
        self.wait(seconds if done.refund.unresolved else 0)
        with closing(Reader(self._config.ledger)) as reader:
            row = attempts.refund_of_number(reader, done.refund.ask.out_refund_no)
        return RefundDone(attempting.refund_of(row)) if row is not None else done


def _trade_of(reader: Reader, number: str) -> str:
    row = attempts.of_number(reader, number)
    if row is not None:
        return row.out_trade_no
    order = reader.order(number)
    found = reader.order_tenders(order.order_id) if order is not None else []
    ours = [tender["reference"] for tender in found if tender["way"] in attempting.WAYS]
    if len(ours) != 1:
        raise Refused("refund_unknown_payment", number=number[:40])
    return str(ours[0])
