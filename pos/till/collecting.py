"""The `payments` thread: it does every call to a gateway, one at a time, and wakes what is due.

The rows are the ledger's; here lies only what is to be done next. A row is on disk before a call
and after each answer. While a gateway hangs nothing else waits: the screen talks to the ledger,
and what is due here waits its turn, the customer at the counter first.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from pos.clock import Clock
from pos.config import Config
from pos.payments.codes import PaymentCode
from pos.payments.protocol import Trouble
from pos.payments.row import Ask, Attempt, Event, Restarted, Wake
from pos.payments.schedule import SLOW
from pos.record import Where
from pos.refusal import Refused
from pos.store import attempts
from pos.store.reader import Reader
from pos.till import asking, attempting, moneyback
from pos.till.attempting import Done, RefundDone
from pos.till.gateways import Gateways, enabled
from pos.till.turning import report

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

Submit = Callable[[Callable[["Ledger"], Any]], Future[Any]]
LOOK_SECONDS = 0.5
"""How often the till's clock is looked at while something is due some time."""
AGAIN_SECONDS = 2.0
"""Until an outcome that the disk refused is put down again."""
WARM_SECONDS = 60.0
UNWELL_SECONDS = 3.0
"""What was wrong may have been put right: it is looked at again when the payment screen opens."""
STOP_SECONDS = 5.0
_COUNTER, _BEHIND = 0, 1
_LINE_DOWN = ("connect_failed", "connect_timeout", "read_timeout", "broken", "system_error")


class Warned(msgspec.Struct, frozen=True):
    """A wallet is not well: told before a customer has to wait for it."""

    channel: str
    trouble: Trouble


News = Done | RefundDone | Warned | Refused


class Collector:
    """All wallets of a till at work."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        submit: Submit,
        told: Callable[[], None],
        gateways: Gateways | None = None,
    ) -> None:
        self._config, self._clock, self._submit, self._told = config, clock, submit, told
        self.gateways = gateways or Gateways(config, clock)
        self.news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._work: queue.PriorityQueue[tuple[int, int, Callable[[], None]]] = queue.PriorityQueue()
        self._order = itertools.count()
        self._due: dict[str, datetime] = {}
        self._refunds_due: dict[str, datetime] = {}
        self._late: set[str] = set()
        self._guard = threading.Lock()
        self._wake, self._stop = threading.Event(), threading.Event()
        self._warmed: dict[str, float] = {}
        self._unwell: dict[str, Trouble] = {}
        self._thread = threading.Thread(target=self._run, name="payments", daemon=True)

    # from the screen's thread

    def start(self) -> None:
        """Find out what became of everything that is unresolved, then wait for work."""
        with closing(Reader(self._config.ledger)) as reader:  # before this life begins anything
            payments = [row.attempt_id for row in attempts.open_attempts(reader)]
            refunds = [row.out_refund_no for row in attempts.open_refunds(reader)]
        self._put(_BEHIND, self.gateways.prepare)
        self._put(_BEHIND, partial(self._recover, payments, refunds))
        self._thread.start()

    def stop(self) -> None:
        """Let the call under way come to its end, if it does so soon."""
        self._stop.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS)
        if not self._thread.is_alive():
            self.gateways.close()

    def warm(self) -> None:
        """The payment screen opens: open connections, try keys and clocks."""
        now = self._clock.monotonic()
        for channel in ("wechat", "alipay"):
            seconds = UNWELL_SECONDS if channel in self._unwell else WARM_SECONDS
            fresh = now - self._warmed.get(channel, -seconds) < seconds
            if enabled(self._config, channel) and not fresh:
                self._warmed[channel] = now
                self._put(_BEHIND, partial(self._warm, channel))

    def look(self) -> None:
        """The clock was moved: see what is due."""
        self._wake.set()

    def trouble(self, channel: str) -> Refused | None:
        """Why a wallet cannot be used, as far as known; it is tried again behind.

        Wrong keys, clocks and certificates are known before a customer's money is asked for; a
        line that is down is not: it may be back.
        """
        found = self.gateways.troubles.get(channel)
        if found is None and channel in self._unwell:
            trouble = self._unwell[channel]
            found = Refused(trouble.code, detail=trouble.detail)
        if found is not None:
            self._put(_BEHIND, partial(self._warm, channel))
        return found

    def begin(
        self, attempt: Attempt, where: Where, code: PaymentCode | None = None
    ) -> Future[Done]:
        """Put a new attempt on disk and send it. The code stays in memory until it is sent."""
        return self._do(lambda ledger: attempting.begin(ledger, attempt, where), code, _COUNTER)

    def send(self, attempt_id: str, event: Event, where: Where | None = None) -> Future[Done]:
        """Something happened to an attempt."""
        job = partial(attempting.apply, attempt_id=attempt_id, event=event, where=where)
        return self._do(job, None, _COUNTER)

    def refund(self, job: Callable[[Ledger], RefundDone]) -> Future[RefundDone]:
        """Begin or retry a refund: `job` is one of `attempting`'s, in the ledger's thread."""
        done: Future[RefundDone] = self._submit(job)
        done.add_done_callback(self._refund_done)
        return done

    def tidy(self) -> None:
        """Orders may have ended: late money that nobody waits for any more goes back."""
        with self._guard:
            late = tuple(self._late)
        for attempt_id in late:
            self._do(partial(attempting.apply, attempt_id=attempt_id, event=Wake()), None, _BEHIND)

    # anywhere

    def _put(self, rank: int, work: Callable[[], None]) -> None:
        self._work.put((rank, next(self._order), work))
        self._wake.set()

    def _do(
        self, job: Callable[[Ledger], Done], code: PaymentCode | None, rank: int
    ) -> Future[Done]:
        done: Future[Done] = self._submit(job)
        done.add_done_callback(lambda finished: self._done(finished, code, rank))
        return done

    def _done(self, finished: Future[Done], code: PaymentCode | None, rank: int) -> None:
        """In the ledger's thread: an event is on disk, its acts follow."""
        if finished.exception() is not None:
            return  # whoever asked is told
        self._follow(finished.result(), code, rank)

    def _follow(self, done: Done, code: PaymentCode | None, rank: int) -> None:
        attempt = done.attempt
        with self._guard:
            _note(self._due, attempt.attempt_id, attempt.next_at)
            if attempt.state == attempting.LATE and attempt.wanted:
                self._late.add(attempt.attempt_id)
            else:
                self._late.discard(attempt.attempt_id)
        for act in done.acts:
            if isinstance(act, Ask):
                behind = attempt.parked_at is not None or not attempt.live
                self._put(_BEHIND if behind else rank, partial(self._ask, attempt, act, code))
        for refund in done.refunds:
            self._follow_refund(refund)
        self._tell(done)

    def _refund_done(self, finished: Future[RefundDone]) -> None:
        if finished.exception() is None:
            self._follow_refund(finished.result())

    def _follow_refund(self, done: RefundDone) -> None:
        refund = done.refund
        with self._guard:
            _note(self._refunds_due, refund.ask.out_refund_no, refund.next_at)
        if done.act is not None:
            self._put(_BEHIND, partial(self._ask_refund, done))
        self._tell(done)

    def _tell(self, news: News) -> None:
        self.news.put(news)
        self._told()

    # in the thread

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._turn()
            except Exception as error:  # a row on disk is asked after again when it is due
                report(error)

    def _turn(self) -> None:
        self._wake_due()
        try:
            work = self._work.get_nowait()[2]
        except queue.Empty:
            self._wake.wait(self._pause())
            self._wake.clear()
        else:
            work()

    def _pause(self) -> float | None:
        with self._guard:
            return LOOK_SECONDS if self._due or self._refunds_due else None

    def _wake_due(self) -> None:
        now = self._clock.now()
        with self._guard:
            due = [k for k, at in self._due.items() if _is_due(at, now)]
            refunds = [k for k, at in self._refunds_due.items() if _is_due(at, now)]
            for key in due:
                del self._due[key]
            for key in refunds:
                del self._refunds_due[key]
        for attempt_id in due:
            self._try(partial(attempting.apply, attempt_id=attempt_id, event=Wake()))
        for number in refunds:
            self._try_refund(partial(moneyback.refund_wake, number=number))

    def _recover(self, payments: list[str], refunds: list[str]) -> None:
        """What was under way when the till stopped is asked after."""
        for attempt_id in payments:
            self._try(partial(attempting.apply, attempt_id=attempt_id, event=Restarted()))
        for number in refunds:
            self._try_refund(partial(moneyback.refund_restarted, number=number))

    def _ask(self, attempt: Attempt, act: Ask, code: PaymentCode | None) -> None:
        answered = asking.ask(self.gateways, attempt, act, code, self._clock)
        self._try(partial(attempting.apply, attempt_id=attempt.attempt_id, event=answered))

    def _ask_refund(self, done: RefundDone) -> None:
        act = done.act
        if act is None:
            return
        answer = asking.ask_refund(self.gateways, done.refund, act)
        number = done.refund.ask.out_refund_no
        self._try_refund(
            partial(moneyback.refund_answered, number=number, call_no=act.call_no, answer=answer)
        )

    def _try(self, job: Callable[[Ledger], Done]) -> None:
        """Put an event down; where the disk refuses, again and again: no outcome is dropped."""
        self._wait_for(self._do(job, None, _COUNTER), partial(self._try, job))

    def _try_refund(self, job: Callable[[Ledger], RefundDone]) -> None:
        self._wait_for(self.refund(job), partial(self._try_refund, job))

    def _wait_for(self, done: Future[Any], again: Callable[[], None]) -> None:
        try:
            done.result()
        except Refused as refused:
            self._tell(refused)
            if refused.code in ("ledger_not_open", "pay_unknown") or self._stop.is_set():
                return
            timer = threading.Timer(AGAIN_SECONDS, lambda: self._put(_COUNTER, again))
            timer.daemon = True
            timer.start()

    def _warm(self, channel: str) -> None:
        gateway = self.gateways.find(channel)
        if gateway is None:
            return
        trouble = gateway.warm()
        if trouble is None:
            self._unwell.pop(channel, None)
            return
        if trouble.code in _LINE_DOWN:
            trouble = Trouble("connect_failed")  # nobody was asked for money yet
        else:
            self._unwell[channel] = trouble
        self._tell(Warned(channel, trouble))


def _note(due: dict[str, datetime], key: str, at: datetime | None) -> None:
    if at is None:
        due.pop(key, None)
    else:
        due[key] = at


def _is_due(at: datetime, now: datetime) -> bool:
    """A wait longer than the longest means that the clock went back."""
    return not 0 < (at - now).total_seconds() <= SLOW
