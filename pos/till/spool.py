"""The spool: one thread a printer takes jobs from the ledger, in order, and never lets a sale wait.

Nothing prints twice by itself. What provably never left is tried again, as long as it takes or by
the stand-in; what may stand on paper waits for a person. The drawer is kicked before the paper,
once, and never again for an old sale.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from typing import TYPE_CHECKING, Any

import msgspec

from pos.clock import Clock
from pos.config import Config
from pos.devices import Printer
from pos.refusal import Refused
from pos.store import jobs
from pos.store.jobs import Job, JobState
from pos.store.reader import Reader
from pos.till import receipts
from pos.till.turning import report

if TYPE_CHECKING:
    from pos.hardware.sending import Abilities, Outcome
    from pos.receiptline.rows import Layout
    from pos.store.ledger import Ledger

RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Pauses between tries of a job that never left; the last one for all further tries."""
AGAIN_SECONDS = 2.0
"""Until a state that the disk refused is put down again."""
STOP_SECONDS = 3.0
_WARM_SECONDS = 4.0
Submit = Callable[[Callable[["Ledger"], Any]], Future[Any]]


class Kick(msgspec.Struct, frozen=True):
    """Open the drawer, now or not at all."""


class Spool:
    """All printers of a till."""

    def __init__(
        self, config: Config, clock: Clock, submit: Submit, told: Callable[[], None]
    ) -> None:
        self._told = told
        enabled = {n: p for n, p in config.settings.printers.items() if p.enabled}
        self._workers = {
            name: _Worker(name, printer, config, clock, submit, self)
            for name, printer in enabled.items()
        }
        self._config = config
        self._taken: set[str] = set()
        """Jobs that a printer has and is not done with."""
        self.news = threading.Event()

    @property
    def receipt_printer(self) -> str:
        """The printer of receipts: the one named in `[receipt]`, else the first; or empty."""
        wanted = self._config.settings.receipt.printer
        return wanted if wanted in self._workers else next(iter(self._workers), "")

    @property
    def drawer_printer(self) -> str:
        """The printer whose plug the drawer hangs on; empty where there is none."""
        drawer = self._config.settings.drawer
        if not drawer.enabled:
            return ""
        return drawer.printer if drawer.printer in self._workers else self.receipt_printer

    def start(self, waiting: list[Job]) -> None:
        """Take up what waits since last time, but for what a person has to decide."""
        for worker in self._workers.values():
            worker.start()
        for job in waiting:
            if job.state in ("queued", "failed") and job.last_error != jobs.TOO_LATE:
                self.print(job.job_id)

    def take(self, queued: list[Job]) -> None:
        """Take up jobs that were queued since last time."""
        for job in queued:
            if job.job_id not in self._taken:
                self.print(job.job_id)

    def print(self, job_id: str) -> None:
        """A job is in the ledger: print it soon."""
        self._taken.add(job_id)
        if worker := self._workers.get(self.receipt_printer):
            worker.put(job_id)

    def kick(self) -> None:
        """Open the drawer before anything else is printed."""
        if worker := self._workers.get(self.drawer_printer):
            worker.put_first(Kick())

    def drawer_stuck(self) -> str:
        """Why the drawer did not open, told once; empty where it did."""
        worker = self._workers.get(self.drawer_printer)
        if worker is None:
            return ""
        why, worker.drawer_stuck = worker.drawer_stuck, ""
        return why

    def troubles(self) -> dict[str, str]:
        """Printers that are not right, with the word for what is wrong."""
        return {name: w.trouble for name, w in self._workers.items() if w.trouble}

    def stop(self) -> None:
        """Let a job that is being sent come to its end, then leave."""
        for worker in self._workers.values():
            worker.ask_to_stop()
        for worker in self._workers.values():
            worker.join(STOP_SECONDS)

    # for the workers, from their threads

    def tell(self) -> None:
        """Something is to be seen."""
        self.news.set()
        self._told()

    def done(self, job_id: str) -> None:
        """A job came to its end; should a person want it again, it is taken up again."""
        self._taken.discard(job_id)

    def hand_over(self, printer: str, job_id: str) -> bool:
        """Give a job to a stand-in; False where there is none at work."""
        worker = self._workers.get(printer)
        if worker is None or worker.trouble:
            return False
        worker.put(job_id, handed_over=True)
        return True


class _Worker:
    """One printer's thread."""

    def __init__(
        self,
        name: str,
        printer: Printer,
        config: Config,
        clock: Clock,
        submit: Submit,
        spool: Spool,
    ) -> None:
        self.name, self.printer, self.config, self.clock = name, printer, config, clock
        self._submit, self._spool = submit, spool
        self._first: queue.SimpleQueue[Kick] = queue.SimpleQueue()
        self._jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._handed: set[str] = set()
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"spool:{name}", daemon=True)
        self._known: Abilities | None = None
        self.flush = True  # nobody knows what was sent to it before
        self.drawer_stuck = ""
        """Why the last kick did not open the drawer."""
        self.trouble = ""
        """A word of `words.hardware`; empty while all is well."""

    def start(self) -> None:
        self._thread.start()

    def put(self, job_id: str, *, handed_over: bool = False) -> None:
        if handed_over:
            self._handed.add(job_id)
        self._jobs.put(job_id)
        self._wake.set()

    def put_first(self, kick: Kick) -> None:
        self._first.put(kick)
        self._wake.set()

    def ask_to_stop(self) -> None:
        self._stop.set()
        self._wake.set()

    def join(self, seconds: float) -> None:
        if self._thread.ident is not None:  # a till may be left before it has begun to print
            self._thread.join(seconds)

    def _run(self) -> None:
        if not self._wake.wait(_WARM_SECONDS):
            from pos.hardware.builder import builder

            builder()  # its first call takes a fifth of a second, better now than at a sale
        while not self._stop.is_set():
            try:
                self._turn()
            except Exception as error:  # that job waits for the next start; others are printed
                report(error)

    def _turn(self) -> None:
        self._kicks()
        try:
            job_id = self._jobs.get_nowait()
        except queue.Empty:
            self._sleep(None)
        else:
            self._job(job_id)

    def _sleep(self, seconds: float | None) -> None:
        """Until something new comes, or so long."""
        self._wake.wait(seconds)
        self._wake.clear()

    def _kicks(self) -> None:
        while not self._first.empty():
            self._first.get()
            from pos.hardware.drawer import pulse

            outcome = self._send(pulse(self.config.settings.drawer))
            if outcome.state not in ("printed", "sent"):
                self.drawer_stuck = outcome.reason
                self._spool.tell()

    def _job(self, job_id: str) -> None:
        """Try until it is printed, doubtful, cancelled or given to the stand-in."""
        tries = 0
        while not self._stop.is_set():
            self._kicks()
            state = self._once(job_id)
            if state != "failed":
                self._handed.discard(job_id)
                self._spool.done(job_id)
                return
            stand_in = self.printer.stand_in
            if stand_in and job_id not in self._handed and self._spool.hand_over(stand_in, job_id):
                return
            pause = RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)]
            tries += 1
            end = self.clock.monotonic() + pause
            while (left := end - self.clock.monotonic()) > 0 and not self._stop.is_set():
                self._sleep(left)
                self._kicks()

    def _once(self, job_id: str) -> JobState | None:
        """One try; None where there is nothing to do any more."""
        with closing(Reader(self.config.ledger)) as reader:
            job = jobs.job(reader, job_id)
            if job is None or job.state not in ("queued", "failed"):
                return None
            try:
                data = self._bytes(reader, job)
            except Refused as refused:
                state: JobState = "cancelled" if job.kind == jobs.QR else "failed"
                self._end(job_id, state, refused.code)
                return None  # a template does not mend itself
        if not self._write(lambda x: jobs.begin(x, job_id, self.name, data)):
            return None
        outcome = self._send(data)
        state = "printed" if outcome.state == "sent" else outcome.state
        self.flush = state == "uncertain"
        self._end(job_id, state, outcome.reason if state != "printed" else "")
        return state

    def _bytes(self, reader: Reader, job: Job) -> bytes:
        from pos.hardware.receipt import receipt_bytes

        layout = self._layout(reader, job)
        copies = None if job.kind == "sale" else 1
        return receipt_bytes(layout, self.printer, logo=self._logo(), copies=copies).data

    def _layout(self, reader: Reader, job: Job) -> Layout:
        config, columns = self.config, self.printer.width
        if job.kind == jobs.QR:
            return receipts.qr_slip(config, reader, job.order_id, self.clock.now(), columns)
        copy = job.copy_no if job.kind == "reprint" else 0
        doubtful = bool(job.doubtful)
        return receipts.job_slip(
            config, reader, job.kind, job.order_id, copy, columns=columns, doubtful=doubtful
        )

    def _logo(self) -> bytes:
        if not self.printer.logo:
            return b""
        path = self.config.file.parent / self.printer.logo
        try:
            return path.read_bytes()
        except OSError as error:
            raise Refused("file_unreadable", path=path, why=error.strerror) from error

    def _send(self, data: bytes) -> Outcome:
        from pos.hardware.asking import manner_of
        from pos.hardware.connect import line_to
        from pos.hardware.sending import Abilities, send

        line = line_to(self.printer, self.config.file.parent)
        known = self._known or Abilities()
        outcome = send(
            data,
            line,
            manner_of(self.printer),
            self.clock.monotonic,
            known=known,
            flush=self.flush,
        )
        self._known = outcome.abilities
        trouble = "" if outcome.state in ("printed", "sent") else outcome.reason
        if trouble != self.trouble:
            self.trouble = trouble
            self._spool.tell()
        return outcome

    def _end(self, job_id: str, state: JobState, error: str) -> None:
        self._write(lambda ledger: jobs.end(ledger, job_id, state, error))
        self._spool.tell()

    def _write(self, job: Callable[[Ledger], bool | None]) -> bool | None:
        """Put it down; where the disk refuses, again and again: what is on paper is to be known.
        None as well where the till ends first: then the next start finds it in doubt."""
        while True:
            try:
                written: bool | None = self._submit(job).result()
            except Refused:
                if self._stop.is_set():
                    return None
                self._sleep(AGAIN_SECONDS)
                self._kicks()
            else:
                return written
