"""The printer as a thing: takes bytes from a cable, prints, answers, fails when told to.

It knows no cable; session.py carries bytes between it and a socket, a terminal line or a file.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Self

import msgspec

from pos.simulators.printer import status
from pos.simulators.printer.folder import Folder
from pos.simulators.printer.interpreter import Ask, Interpreter
from pos.simulators.printer.paper import Kick, Model, Receipt
from pos.simulators.printer.status import State
from pos.simulators.printer.trouble import Trouble

_REALTIME = re.compile(
    rb"\x10\x04([\x01-\x04])|\x10\x05([\x01\x02])|\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
)
_LONGEST_REALTIME = 10


class Connection:
    """What went over one connection. `ended` is None while it is open.

    After it: ``peer`` (closed by the sender), ``reset`` (the printer died), ``closed`` (by the
    printer). `raw` is what was read, `answers` what was sent back.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.raw = bytearray()
        self.answers = bytearray()
        self.receipts: list[Receipt] = []
        self.ended: str | None = None
        self.waiting: deque[tuple[float, bytes]] = deque()
        self.tail = b""
        self.asb_mask = 0


class VirtualPrinter:
    """One printer. Every method may be called from any thread.

    `tear_on_close`: when a sender closes its connection in order, somebody tears the paper off,
    as with a printer that has no knife. Otherwise paper ends only by a cut, and a job broken off
    halfway stays in the printer until the next, as it does in a real one.
    `clock` gives seconds, for answers that are late and paper that is put in later.
    """

    def __init__(
        self,
        model: Model | None = None,
        *,
        folder: Folder | None = None,
        tear_on_close: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.model = model or Model()
        self.clock = clock
        self.receipts: list[Receipt] = []
        self.kicks: list[Kick] = []
        self.connections: list[Connection] = []
        self._folder = folder
        self._tear_on_close = tear_on_close
        self._brain = Interpreter(self.model)
        self._state = State()
        self._trouble = Trouble()
        self._held = bytearray()
        self._until_death: int | None = None
        self._until_paper_out: int | None = None
        self._resume_at: float | None = None
        self._open: list[Connection] = []
        self._changed = threading.Condition(threading.RLock())
        self.on_change: list[Callable[[], None]] = []

    # -- what a person does ------------------------------------------------------------------

    @property
    def state(self) -> State:
        """What is to be seen of the printer now."""
        with self._changed:
            return self._state

    @property
    def trouble(self) -> Trouble:
        """The faults in force."""
        with self._changed:
            return self._trouble

    def change(self, **fields: bool) -> None:
        """Sets fields of State, such as ``cover_open=True``; tells it where that was asked for."""
        with self._changed:
            self._become(msgspec.structs.replace(self._state, **fields))
            self._pump()
        self._notify()

    def load_paper(self) -> None:
        """New paper: printing goes on where it stopped."""
        self.change(paper_end=False, paper_near_end=False)

    def set_trouble(self, trouble: Trouble) -> None:
        """Puts faults in force from now on, in place of those before; counts begin at zero.

        When it returns, a port that is to refuse refuses.
        """
        with self._changed:
            self._trouble = trouble
            self._until_death = trouble.die_after
            self._until_paper_out = trouble.paper_out_at
            self._resume_at = None
            self._pump()
        self._notify()

    def power_cycle(self) -> None:
        """Off and on: what was not yet printed is lost, connections are reset."""
        with self._changed:
            self._lose_power()
        self._notify()

    def tear(self) -> None:
        """Tears off what is printed so far."""
        with self._changed:
            self._keep(self._brain.tear(), None)
            self._changed.notify_all()

    def wait(self, holds: Callable[[Self], bool], timeout: float = 10.0) -> bool:
        """Waits until `holds(self)`, at most `timeout` seconds; whether it does."""
        with self._changed:
            return self._changed.wait_for(lambda: holds(self), timeout)

    def wait_for_receipts(self, count: int = 1, timeout: float = 10.0) -> list[Receipt]:
        """All receipts as soon as there are `count`; TimeoutError."""
        if not self.wait(lambda p: len(p.receipts) >= count, timeout):
            raise TimeoutError(f"{len(self.receipts)} of {count} receipts in {timeout} s")
        with self._changed:
            return list(self.receipts)

    def wait_for_quiet(self, connections: int = 1, timeout: float = 10.0) -> None:
        """Waits until at least `connections` were made and all have ended; TimeoutError."""
        if not self.wait(lambda p: len(p.connections) >= connections and not p._open, timeout):
            raise TimeoutError(f"a connection was still open after {timeout} s")

    def _notify(self) -> None:
        for call in list(self.on_change):
            call()

    # -- what a cable does -------------------------------------------------------------------

    def connect(self) -> Connection:
        """A sender is there."""
        with self._changed:
            connection = Connection(len(self.connections) + 1)
            self.connections.append(connection)
            self._open.append(connection)
            if self._trouble.noise:
                self._say(connection, status.asb(self._state), noise=False)
            self._changed.notify_all()
            return connection

    def disconnect(self, connection: Connection, ended: str) -> None:
        """The sender is gone, or the printer closed."""
        with self._changed:
            if connection.ended is None:
                connection.ended = ended
            if connection in self._open:
                self._open.remove(connection)
            tearing = self._tear_on_close and ended == "peer" and not self._held
            if tearing and self._brain.between_commands:
                self._keep(self._brain.tear(), connection)
            if self._folder and connection.raw:
                self._folder.put_connection(bytes(connection.raw))
            self._changed.notify_all()

    def room(self) -> int:
        """Bytes that may be read now."""
        with self._changed:
            if self._trouble.never_read:
                return 0
            room = max(0, self.model.buffer_bytes - len(self._held))
            return room if self._until_death is None else min(room, max(1, self._until_death))

    def dies_now(self) -> bool:
        """Whether the printer is to lose its power before it takes another byte."""
        with self._changed:
            return self._until_death == 0

    def receive(self, connection: Connection, data: bytes) -> None:
        """Bytes from the cable. Connections whose `ended` is ``reset`` after it are to be reset."""
        with self._changed:
            if self._until_death is not None:
                data = data[: self._until_death]
                self._until_death -= len(data)
            connection.raw += data
            self._answer_at_once(connection, data)
            self._pump(connection)
            if self._until_death == 0:
                self.die()
            self._changed.notify_all()

    def die(self) -> None:
        """The fault `die_after`: power gone, and back unless `stay_dead`."""
        with self._changed:
            self._trouble = Trouble(refuse=self._trouble.stay_dead)
            self._until_death = self._until_paper_out = None
            self._lose_power()

    def due(self, connection: Connection) -> bytes:
        """Answers whose time has come."""
        with self._changed:
            now, out = self.clock(), bytearray()
            while connection.waiting and connection.waiting[0][0] <= now:
                out += connection.waiting.popleft()[1]
            connection.answers += out
            return bytes(out)

    def next_event(self, connection: Connection) -> float | None:
        """When something happens by itself: an answer, new paper. None: nothing will."""
        with self._changed:
            times = [connection.waiting[0][0]] if connection.waiting else []
            if self._resume_at is not None:
                times.append(self._resume_at)
            return min(times, default=None)

    def tick(self) -> None:
        """Does what is due by the clock."""
        with self._changed:
            if self._resume_at is None or self.clock() < self._resume_at:
                return
            self._resume_at = None
        self.load_paper()

    # -- inside ------------------------------------------------------------------------------

    def _answer_at_once(self, connection: Connection, data: bytes) -> None:
        """Real-time commands count when they arrive, even inside the data of other commands."""
        whole = connection.tail + data
        done = 0
        for found in _REALTIME.finditer(whole):
            self._held += whole[max(done, len(connection.tail)) : found.end()]
            done = found.end()
            if found[1]:
                self._say(connection, status.realtime(self._state, found[1][0]))
            elif found[2]:
                self._recover(clear=found[2] == b"\x02")
            else:
                self._recover(clear=True)
                self._say(connection, status.BUFFER_CLEARED)
        self._held += whole[max(done, len(connection.tail)) :]
        connection.tail = whole[max(done, len(whole) - _LONGEST_REALTIME + 1) :]

    def _recover(self, clear: bool) -> None:
        """DLE ENQ 1 and 2, DLE DC4 8: out of an error that can be left; 2 and 8 empty buffers."""
        if clear:
            self._held.clear()
            self._brain.drop_received()
        self._become(msgspec.structs.replace(self._state, cutter_error=False))

    def _pump(self, connection: Connection | None = None) -> None:
        """Prints what is held while the printer can print."""
        if connection is None and self._open:
            connection = self._open[-1]
        while self._held and not self._state.stopped:
            piece = bytes(self._held)
            if self._until_paper_out is not None:
                piece = piece[: self._until_paper_out]
                self._until_paper_out -= len(piece)
            del self._held[: len(piece)]
            for event in self._brain.feed(piece):
                self._happened(event, connection)
            if self._until_paper_out == 0:
                self._until_paper_out = None
                self._become(msgspec.structs.replace(self._state, paper_end=True))
                after = self._trouble.resume_after
                self._resume_at = None if after is None else self.clock() + after
        if self._tear_on_close and not self._open and self._brain.between_commands:
            self._keep(self._brain.tear(), None)
        self._changed.notify_all()

    def _happened(self, event: Receipt | Kick | Ask, connection: Connection | None) -> None:
        if isinstance(event, Receipt):
            self._keep(event, connection)
        elif isinstance(event, Kick):
            self.kicks.append(event)
            self._become(msgspec.structs.replace(self._state, drawer_open=True))
        elif connection is not None:
            self._answer(event, connection)

    def _answer(self, ask: Ask, connection: Connection) -> None:
        state = self._state
        if ask.command == "GS a":
            connection.asb_mask = ask.number
            if ask.number:
                self._say(connection, status.asb(state))
        elif ask.command == "GS I":
            self._say(connection, status.identity(self.model, ask.number))
        elif ask.command == "GS ( H":
            if ask.number == 0x30 and len(ask.data) == 4:
                self._say(connection, status.process_id(ask.data))
        elif ask.command == "GS ( k":
            self._say(connection, status.qr_size(ask.number))
        elif ask.command == "ESC v" or ask.number in (1, 49):
            self._say(connection, status.paper_sensors(state))
        elif ask.command == "ESC u" or ask.number in (2, 50):
            self._say(connection, status.drawer(state))

    def _say(self, connection: Connection, answer: bytes, noise: bool = True) -> None:
        trouble = self._trouble
        if not answer or trouble.silent:
            return
        if trouble.wrong_status and len(answer) == 1:
            answer = bytes([answer[0] ^ 0x93])
        if trouble.noise and noise:
            answer = status.asb(self._state) + answer
        connection.waiting.append((self.clock() + trouble.late, answer))

    def _become(self, state: State) -> None:
        before, self._state = self._state, state
        for connection in self._open:
            if connection.asb_mask and status.asb_due(connection.asb_mask, before, state):
                self._say(connection, status.asb(state), noise=False)
        self._changed.notify_all()

    def _keep(self, receipt: Receipt | None, connection: Connection | None) -> None:
        if receipt is None:
            return
        self.receipts.append(receipt)
        if connection is not None:
            connection.receipts.append(receipt)
        if self._folder:
            self._folder.put(receipt)

    def _lose_power(self) -> None:
        self._held.clear()
        self._keep(self._brain.power_off(), self._open[-1] if self._open else None)
        for connection in self._open:
            connection.ended = "reset"
            connection.waiting.clear()
        self._state = msgspec.structs.replace(self._state, cutter_error=False)
        self._changed.notify_all()
