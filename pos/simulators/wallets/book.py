"""Orders, refunds and the money they moved: what is the same at both providers.

Nothing here runs by itself: whatever fell due by the provider's clock is done, in order of time,
before anybody is answered.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pos.simulators.wallets.clock import WalletClock
from pos.simulators.wallets.journal import Entry, Journal, Kind, as_data
from pos.simulators.wallets.scripts import BY_NAME, Script

State = Literal["new", "waiting", "paid", "failed", "closed", "revoked"]
RefundState = Literal["processing", "success", "abnormal", "closed"]


@dataclass
class Order:
    """`new` is a QR nobody has scanned; `failed` a payment that did not succeed.

    `asked` is a digest of what was asked for: the same number may only repeat the same wishes.
    Moments are seconds since 1970, None = never.
    """

    no: str
    kind: Literal["code", "qr"]
    fen: int
    script: str
    asked: str
    provider_id: str
    created: float
    state: State = "waiting"
    code_hash: str = ""
    qr: str = ""
    expires: float | None = None
    paid_at: float | None = None
    ended_at: float | None = None
    scan_due: float | None = None
    act: str = ""
    act_due: float | None = None
    act_queries: int | None = None
    revoke_due: float | None = None
    late: bool = False
    scanned: bool = False
    coupon_fen: int = 0
    text: dict[str, str] = field(default_factory=dict)

    @property
    def live(self) -> bool:
        return self.state in ("new", "waiting")


@dataclass
class Refund:
    """A refund, or the return of the money by a cancel (`kind` reversal).

    `no` is unique in the book: where the provider lets numbers repeat from order to order it is
    `ORDER/NUMBER`.
    """

    no: str
    order_no: str
    fen: int
    refund_id: str
    created: float
    kind: Literal["refund", "reversal"] = "refund"
    state: RefundState = "processing"
    due: float | None = None
    ends: RefundState = "success"
    at: float | None = None
    reason: str = ""

    @property
    def number(self) -> str:
        """The merchant's number; a reversal has none."""
        return self.no.rpartition("/")[2] if self.kind == "refund" else ""


class Book:
    """All of one provider. Use it inside `with book.open_at_now():`."""

    def __init__(self, clock: WalletClock, path: Path | None = None, sync: bool = True) -> None:
        self.clock = clock
        self.orders: dict[str, Order] = {}
        self.refunds: dict[str, Refund] = {}
        self.entries: list[Entry] = []
        self.used_codes: dict[str, str] = {}
        self.serial = 0
        self._at: float | None = None
        self._lock = threading.RLock()
        self._changed: dict[tuple[str, str], Order | Refund] = {}
        self._new_entries: list[Entry] = []
        self._arrivals: list[tuple[float, Callable[[], None]]] = []
        self._live: dict[str, Order] = {}
        self._slow: dict[str, Refund] = {}
        self._journal = Journal(path, sync)
        for change in self._journal.open():
            self._replay(change)

    # --- one change

    @contextmanager
    def open_at_now(self) -> Iterator[float]:
        """Holds the book, does what is due, keeps what was changed before letting go."""
        with self._lock:
            try:
                self._settle()
                self._at = self.clock.now()
                yield self._at
            finally:
                self._at = None
                self._keep()

    def now(self) -> float:
        return self.clock.now() if self._at is None else self._at

    def close(self) -> None:
        self._journal.close()

    def keep_clock(self) -> None:
        """Writes down what the clock shows, so that a restart goes on from there."""
        with self._lock:
            self._journal.append({"clock": self.clock.state()})

    def touch(self, thing: Order | Refund) -> None:
        """`thing` was changed and is to be kept."""
        self._changed[type(thing).__name__, thing.no] = thing
        if isinstance(thing, Order):
            if thing.live or thing.act_due is not None:
                self._live[thing.no] = thing
            else:
                self._live.pop(thing.no, None)
        elif thing.state == "processing":
            self._slow[thing.no] = thing
        else:
            self._slow.pop(thing.no, None)

    def _keep(self) -> None:
        if not self._changed and not self._new_entries:
            return
        changed, entries = self._changed, self._new_entries
        self._changed, self._new_entries = {}, []
        self._journal.append(
            {
                "orders": [as_data(it) for it in changed.values() if isinstance(it, Order)],
                "refunds": [as_data(it) for it in changed.values() if isinstance(it, Refund)],
                "entries": [as_data(entry) for entry in entries],
                "serial": self.serial,
            }
        )

    def _replay(self, change: dict[str, Any]) -> None:
        if "clock" in change:
            self.clock.restore(change["clock"])
            return
        for row in change["orders"]:
            order = Order(**row)
            self.orders[order.no] = order
            if order.code_hash:
                self.used_codes[order.code_hash] = order.no
            self.touch(order)
        for row in change["refunds"]:
            refund = Refund(**row)
            self.refunds[refund.no] = refund
            self.touch(refund)
        self.entries += [Entry(**row) for row in change["entries"]]
        self.serial = change["serial"]
        self._changed.clear()

    # --- what falls due

    def _settle(self) -> None:
        until = self.clock.now()
        while True:
            due = [found for found in self._due() if found[0] <= until]
            if not due:
                return
            moment, _, act = min(due, key=lambda found: found[:2])
            self._at = moment
            act()

    def _due(self) -> Iterator[tuple[float, int, Callable[[], None]]]:
        for moment, arrive in self._arrivals:
            yield moment, 0, partial(self._arrive, moment, arrive)
        for order in self._live.values():
            if order.scan_due is not None:
                yield order.scan_due, 1, partial(self.scan, order)
            if order.act_due is not None:
                yield order.act_due, 2, partial(self.perform, order)
            if order.revoke_due is not None:
                yield order.revoke_due, 3, partial(self.end, order, "revoked")
            if order.expires is not None and order.live:
                yield order.expires, 4, partial(self.end, order, "closed")
        for refund in self._slow.values():
            if refund.due is not None:
                yield refund.due, 5, partial(self.finish_refund, refund)

    def _arrive(self, moment: float, request: Callable[[], None]) -> None:
        self._arrivals.remove((moment, request))
        request()

    def arrive_later(self, seconds: float, request: Callable[[], None]) -> None:
        """A request that is still on its way: `request` is done so many seconds from now."""
        self._arrivals.append((self.now() + seconds, request))

    # --- orders

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def place(self, order: Order) -> None:
        """A new order. One made by a payment code uses that code up."""
        self.orders[order.no] = order
        if order.code_hash:
            self.used_codes[order.code_hash] = order.no
        self.touch(order)

    def by_provider_id(self, provider_id: str) -> Order | None:
        return next((it for it in self.orders.values() if it.provider_id == provider_id), None)

    def by_qr(self, qr: str) -> Order | None:
        return next((it for it in self.orders.values() if it.qr and it.qr == qr), None)

    def plan(self, order: Order, script: Script) -> None:
        """What the customer of `script` will do, from this moment on."""
        if not script.act:
            return
        order.act = script.act
        order.act_queries = script.after_queries
        if script.after_s is not None:
            order.act_due = self.now() + script.after_s
        self.touch(order)

    def scan(self, order: Order) -> None:
        """The customer's phone has read the QR."""
        order.scan_due = None
        if order.state == "new":
            order.state, order.scanned = "waiting", True
            self.plan(order, BY_NAME[order.script])
        self.touch(order)

    def note_query(self, order: Order) -> None:
        """Somebody asks: a customer who acts after so many queries may act now."""
        if order.act_queries is None or not order.live:
            return
        if order.act_queries > 0:
            order.act_queries -= 1
        else:
            self.perform(order)
        self.touch(order)

    def note_cancel(self, order: Order) -> None:
        """A cancel arrives: some customers pay just then, some shortly after."""
        delay = BY_NAME[order.script].cancel_act_s
        if delay is None or order.act or not order.live:
            return
        order.act, order.act_due = "pay", self.now() + delay
        if delay == 0:
            self.perform(order)
        self.touch(order)

    def perform(self, order: Order) -> None:
        """The customer does what was planned, if the order still lets them."""
        act, order.act_due, order.act_queries = order.act, None, None
        if act == "pay" and (order.live or order.late):
            self.pay(order)
        elif act == "decline" and order.live and order.kind == "code":
            self.end(order, "failed")  # a QR may be tried again
        self.touch(order)

    def pay(self, order: Order) -> None:
        """The money moves."""
        order.state, order.paid_at, order.ended_at = "paid", self.now(), None
        order.late, order.scanned = False, True
        order.act_due = order.act_queries = order.revoke_due = order.scan_due = None
        self.touch(order)
        self._enter("payment", order, order.fen)

    def end(self, order: Order, state: State) -> None:
        """An order that was not paid is over; some scripts think otherwise later."""
        order.state, order.ended_at = state, self.now()
        order.act_due = order.act_queries = order.revoke_due = order.scan_due = None
        script = BY_NAME[order.script]
        order.late = script.late_s is not None and state in script.late_from
        if order.late and script.late_s is not None:
            order.act, order.act_due = "pay", self.now() + script.late_s
        self.touch(order)

    def give_back(self, order: Order) -> int:
        """What a cancel of a paid order does: all that is left goes back at once. Returns fen."""
        left = order.fen - self.refunded(order)
        order.state, order.ended_at = "revoked", self.now()
        self.touch(order)
        if left:
            refund = self.start_refund(order, order.no, left, "reversal", "success", 0, "")
            self.finish_refund(refund)
        return left

    # --- refunds

    def of_order(self, order: Order) -> list[Refund]:
        return [it for it in self.refunds.values() if it.order_no == order.no]

    def refunded(self, order: Order) -> int:
        """Fen given back or on the way; a refund that failed leaves the money where it was."""
        return sum(it.fen for it in self.of_order(order) if it.state != "closed")

    def start_refund(
        self,
        order: Order,
        no: str,
        fen: int,
        kind: Literal["refund", "reversal"],
        ends: RefundState,
        after_s: float,
        refund_id: str,
        reason: str = "",
    ) -> Refund:
        """Accepts a refund; it ends as `ends` after `after_s` seconds."""
        now = self.now()
        refund = Refund(no, order.no, fen, refund_id, now, kind, "processing", now + after_s, ends)
        refund.reason = reason
        if kind == "reversal":
            refund.no = f"reversal:{no}"
        refund.refund_id = refund_id or f"503{int(now):010d}{self.next_serial():016d}"
        self.refunds[refund.no] = refund
        self.touch(refund)
        return refund

    def finish_refund(self, refund: Refund) -> None:
        refund.state, refund.at, refund.due = refund.ends, self.now(), None
        self.touch(refund)
        if refund.state == "success":
            self._enter(refund.kind, self.orders[refund.order_no], refund.fen, refund)

    # --- money

    def _enter(self, kind: Kind, order: Order, fen: int, refund: Refund | None = None) -> None:
        entry = Entry(
            len(self.entries) + 1,
            kind,
            order.no,
            order.provider_id,
            fen,
            self.now(),
            refund.number if refund is not None else "",
            refund.refund_id if refund is not None else "",
        )
        self.entries.append(entry)
        self._new_entries.append(entry)


def digest(*parts: object) -> str:
    """A short name for what was asked, the same for the same wishes."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
