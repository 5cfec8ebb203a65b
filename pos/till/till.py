"""The till at work: one state, one place where input comes in and results come back.

Everything here runs in one thread, the screen's. Writes go to the ledger thread; while something
waits for the disk that the next key depends on, `busy` is true and the screen keeps its input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from pos.access.rights import Session
from pos.access.signing import Gate
from pos.clock import Clock, stamp
from pos.commands import Keymap, Mode
from pos.config import Config
from pos.ids import Ids
from pos.record import ClockJumped, Fact, SoldLine
from pos.refusal import Refused
from pos.sale.order import Line, Order
from pos.store.reader import Reader
from pos.store.writer import Writer
from pos.text import FNC1, harmless
from pos.till import (
    behind,
    finding,
    offering,
    outcomes,
    printing,
    routing,
    signing,
    syncing,
    viewing,
)
from pos.till.collecting import Collector
from pos.till.counterside import Counterside
from pos.till.events import Acted, Entered, Event, Rejected, Strayed, Typed
from pos.till.invoicing.thread import Invoicing
from pos.till.messaging.thread import Messenger
from pos.till.offering import Watched
from pos.till.opening import gate, open_ledger
from pos.till.promoting import Promoter
from pos.till.results import Results
from pos.till.spool import Spool
from pos.till.state import State
from pos.till.view import LineView, MessageView, Tone, View
from pos.words import CATALOGUE, Words
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

T = TypeVar("T")
_STAYS: frozenset[Mode] = frozenset({"signing", "locked", "working"})
"""Nobody is in, or long work is on its way; every other mode locks itself."""
CLOCK_JUMP_SECONDS = 60
HEADER_EVERY_SECONDS = 5
MOST_REMEMBERED = 2000


@dataclass(frozen=True)
class Surroundings:
    """What a till is given from outside; tests give their own."""

    config: Config
    clock: Clock
    ids: Ids
    holder: str = "pos run"


class Till:
    """One till. `view()` paints it, `handle()` works it."""

    def __init__(self, around: Surroundings) -> None:
        self.config = around.config
        self.clock = around.clock
        self.ids = around.ids
        self.words: Words = CATALOGUE[around.config.settings.till.language]
        self.state = State()
        self.failure: Refused | None = None
        self.quitting = False
        self.leaving = False
        """Somebody switches between selling and training."""
        self._started = False
        self._results = Results(self.changed, self.refuse)
        self._writer = Writer(
            partial(open_ledger, around.config, around.clock, around.ids, around.holder)
        )
        self._reader: Reader | None = None
        self._gate: Gate | None = None
        self._changed: Callable[[], None] = lambda: None
        self._beep: Callable[[], None] = lambda: None
        self._last_key = around.clock.monotonic()
        self._drift = self._wall_minus_monotonic()
        self._header_at = 0.0
        self._lines: dict[tuple[Line, SoldLine], LineView] = {}
        self.promoter: Promoter | None = None
        self.watched = Watched()
        self._rooms: dict[str, ThreadPoolExecutor] = {}
        self.stop_check: Callable[[], None] | None = None
        """Ends the check of a closed day that runs behind."""
        self.spool: Spool | None = None
        self.payments: Collector | None = None
        self.invoicing: Invoicing | None = None
        self.messenger: Messenger | None = None
        self.headoffice: syncing.HeadOffice | None = None
        self.beside = Counterside(around.config, around.clock, self.changed)

    # what the screen sees

    @property
    def mode(self) -> Mode:
        """The mode input belongs to."""
        return self.state.mode

    @property
    def keymap(self) -> Keymap:
        """Keys after preset and `[keys]`."""
        return self.config.keymap

    @property
    def free_text(self) -> bool:
        """Whether any text may be typed now."""
        ask = self.state.ask
        return self.state.mode == "asking" and ask is not None and ask.free

    @property
    def busy(self) -> bool:
        """Whether input has to wait: for the start, or for the disk."""
        self._settle()
        return not self._started or self._results.waiting > 0

    @property
    def pending(self) -> bool:
        """Whether the disk is waited for; results are not taken in."""
        return self._results.waiting > 0

    @property
    def ready(self) -> bool:
        """Whether the ledger is open."""
        return self._reader is not None

    def line_view(self, line: Line, sold: SoldLine, names: Mapping[str, str]) -> LineView:
        """A line in words, remembered while it stays the same; `names` of offers by their ids."""
        key = (line, sold)
        found = self._lines.get(key)
        if found is None:
            if len(self._lines) > MOST_REMEMBERED:
                self._lines.clear()
            found = self._lines[key] = viewing.line_view(self, line, sold, names)
        return found

    def view(self) -> View:
        """The whole screen as it is on disk."""
        self._settle()
        return viewing.view(self)

    # life

    def start(self, changed: Callable[[], None], beep: Callable[[], None]) -> None:
        """Open the ledger behind the first paint; `changed` is called from any thread."""
        self._changed, self._beep, self._started = changed, beep, True
        self.wait(self._writer.start(), self._opened, self._fail)

    def stop(self) -> None:
        """Finish all writing and let go of the ledger."""
        if self.state.work is not None:
            self.state.work.stop()
        if self.stop_check is not None:
            self.stop_check()
        for room in self._rooms.values():
            room.shutdown()
        behind.stop(self)
        self._writer.stop()
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def scanned(self) -> list[Event]:
        """What scanners with threads of their own have read since last time."""
        return self.beside.events()

    def goes_on_without(self, thread: str) -> bool:
        """Whether the till works on after an error in that thread; it says so."""
        return behind.goes_on_without(self, thread)

    def tick(self) -> None:
        """Once a second: idle lock, clock, header."""
        self._settle()
        if self._reader is None:
            return
        offering.look(self)
        now = self.clock.monotonic()
        drift = self._wall_minus_monotonic()
        if abs(drift - self._drift) > CLOCK_JUMP_SECONDS:
            self._clock_jumped(drift - self._drift)
            self._drift = drift
        if self._left_alone(now):
            signing.lock(self)
        if now - self._header_at > HEADER_EVERY_SECONDS or self._spool_news():
            self.refresh_header()

    def _left_alone(self, now: float) -> bool:
        """Whether somebody is signed in and has gone away: a payment under way is waited for."""
        idle, wallet = self.config.settings.access.idle_lock_seconds, self.state.wallet
        if not idle or now - self._last_key <= idle or self.state.session is None:
            return False
        free = not self.pending and (wallet is None or not wallet.live)
        return free and self.state.mode not in _STAYS

    def handle(self, event: Event) -> None:
        """One thing a person did."""
        self._settle()
        self._last_key = self.clock.monotonic()
        self.state.message = None
        try:
            match event:
                case Entered():
                    routing.entered(self, harmless(event.text, FNC1), event.burst)
                case Acted():
                    routing.acted(self, event.command, harmless(event.text, FNC1))
                case Typed():
                    finding.typed(self, harmless(event.text, FNC1))
                case Rejected():
                    raise Refused(event.code)
                case Strayed():
                    raise Refused("not_here")
        except Refused as refused:
            self.refuse(refused)
        if self.state.mode == "paying" and self.payments is not None:
            self.payments.warm()

    # for the controllers

    @property
    def session(self) -> Session:
        """Who is signed in."""
        if self.state.session is None:
            raise Refused("not_signed_in")
        return self.state.session

    @property
    def reader(self) -> Reader:
        """For looking up."""
        if self._reader is None:
            raise Refused("ledger_not_open")
        return self._reader

    @property
    def gate(self) -> Gate:
        """For checking PINs."""
        if self._gate is None:
            self._gate = gate(self.config)
        return self._gate

    def tell(self, text: str, tone: Tone = "info") -> None:
        """Show one line until the next key."""
        self.state.message = MessageView(harmless(text), tone)

    def alarm_message(self, text: str) -> None:
        """Something that nobody asked about but everybody should hear."""
        self.tell(text, "warn")
        self._beep()

    def refuse(self, refused: Refused) -> None:
        """Say why not, with a sound."""
        self.tell(say(self.words.refusals, refused), "error")
        self._beep()

    def keep(self, order: Order) -> None:
        """The order is now this, with its offers; it is painted when it is on disk."""
        self.state.order = order = offering.promoted(self, order)
        self.follow(self._writer.save_draft(order), self._kept, partial(self._not_kept, order))

    def changed(self) -> None:
        """From any thread: there is something new to paint."""
        self._changed()

    def submit(self, job: Callable[[Ledger], T]) -> Future[T]:
        """Have the ledger thread do something; `wait` or `write` take it from there."""
        return self._writer.submit(job)

    def write(self, job: Callable[[Ledger], T], then: Callable[[T], None]) -> None:
        """Write something the next key depends on: input waits until it is on disk."""
        self.wait(self._writer.submit(job), then)

    def keep_with(self, order: Order, facts: tuple[Fact, ...], then: Callable[[], None]) -> None:
        """Save the order, with its offers, together with facts about it."""
        order = offering.promoted(self, order)
        fewer = self.state.order is not None and len(order.returned) < len(
            self.state.order.returned
        )

        def saved(_: None) -> None:
            self.state.order = self.state.shown = order
            if fewer:  # another till may want to take those goods back
                syncing.let_go(self)
            then()

        self.write(lambda ledger: ledger.save_draft(order, *facts), saved)

    def wait(
        self,
        future: Future[T],
        then: Callable[[T], None],
        otherwise: Callable[[Refused], None] | None = None,
    ) -> None:
        """Hold further input until `future` is done."""
        self._results.wait(future, then, otherwise or self.refuse)

    def aside(
        self,
        job: Callable[[], T],
        then: Callable[[T], None],
        otherwise: Callable[[Refused], None] | None = None,
        room: str = "slips",
    ) -> None:
        """Do what nobody waits for (a receipt to look at) in a thread of its own, in order."""
        self.follow(self._room(room).submit(job), then, otherwise or self.refuse)

    def held(self, job: Callable[[], T], then: Callable[[T], None]) -> None:
        """As `aside`, for what the next key is meant for: input waits."""
        self.wait(self._room("slips").submit(job), then)

    def later(self, act: Callable[[], None]) -> None:
        """From any thread: do it in the till's own, and paint."""
        self._results.put(act)

    def _room(self, name: str) -> ThreadPoolExecutor:
        if name not in self._rooms:
            self._rooms[name] = ThreadPoolExecutor(1, thread_name_prefix=name)
        return self._rooms[name]

    def refresh_header(self) -> None:
        """Read the counts of the top line."""
        self._header_at = self.clock.monotonic()
        self.state.unsent = self.reader.unsent()
        printing.look(self)
        outcomes.look(self)
        syncing.look(self)

    # results

    def follow(
        self, future: Future[T], good: Callable[[T], None], bad: Callable[[Refused], None]
    ) -> None:
        """Have `good` or `bad` take what came of a job, in the screen's thread; nobody waits."""
        self._results.follow(future, good, bad)

    def _settle(self) -> None:
        self._results.settle()
        outcomes.take_news(self)

    def _kept(self, order: Order) -> None:
        current = self.state.order
        if current is not None and current.order_id == order.order_id:
            self.state.shown = order

    def _not_kept(self, order: Order, refused: Refused) -> None:
        if self.state.order is order:
            self.state.order = self.state.shown
        self.refuse(refused)

    def _opened(self, ledger: Ledger) -> None:
        self._reader = Reader(self.config.ledger)
        behind.start(self, ledger)

    def _spool_news(self) -> bool:
        if self.spool is None or not self.spool.news.is_set():
            return False
        self.spool.news.clear()
        return True

    def _fail(self, refused: Refused) -> None:
        self.failure, self.quitting = refused, True

    def _wall_minus_monotonic(self) -> float:
        return self.clock.now().timestamp() - self.clock.monotonic()

    def _clock_jumped(self, seconds: float) -> None:
        now = self.clock.now()
        expected = stamp(type(now).fromtimestamp(now.timestamp() - seconds, now.tzinfo))
        fact = ClockJumped(expected, stamp(now), int(seconds))
        self.follow(
            self._writer.submit(lambda ledger: ledger.write(fact)), lambda _: None, self.refuse
        )
        self.tell(self.words.counter.clock_jumped.format(seconds=int(seconds)), "warn")
