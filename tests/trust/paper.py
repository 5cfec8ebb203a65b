"""A sale and its paper: the spool's own work on a line that tells when the first byte leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace as changed
from datetime import timedelta
from unittest.mock import patch

from msgspec.structs import replace

from pos.config import Config
from pos.devices import Printer
from pos.hardware import connect
from pos.store import jobs
from pos.store.reader import Reader
from pos.till.spool import Spool
from tests.sync.office import direct
from tests.trust.life import Ack, Life

LATE = timedelta(hours=3)
"""Lives are an hour apart: what an earlier one left is printed by the next."""
MOST = 2


class Roll:
    """A printer that takes everything and answers nothing."""

    two_way, keeps = False, True

    def __init__(self, life: Life, job_id: str) -> None:
        self._life, self._job_id = life, job_id
        self._begun = False

    def open(self) -> None:
        """It is there."""

    def write(self, data: memoryview, seconds: float) -> int:
        """On paper now, whatever comes."""
        if not self._begun:
            self._begun = True
            self._life.told(Ack("paper", number=self._job_id))
        return len(data)

    def read(self, seconds: float) -> bytes:
        """Nothing."""
        return b""

    def finish(self, seconds: float) -> bool:
        """It has all of it."""
        return True

    def close(self) -> None:
        """Nothing is open."""


def print_(life: Life) -> Ack:
    """What a till does that opens and prints what waits: in order, said, sent, done."""
    jobs.put_in_order(life.ledger, LATE)
    with closing(life.reader()) as reader:
        waiting = jobs.jobs(reader, ("queued", "failed"))
    spool = Spool(
        _with_printer(life.world.config), life.hands.clock(), direct(life.ledger), _nobody
    )
    [worker] = spool._workers.values()
    worker.ask_to_stop()  # a disk that refuses is told, not asked again and again
    for job in waiting[-MOST:]:
        with patch.object(connect, "line_to", lambda *_, job_id=job.job_id: Roll(life, job_id)):
            worker._once(job.job_id)
    return life.ack("printed")


def _with_printer(config: Config) -> Config:
    printers = {"receipt": Printer(connection="virtual")}
    return changed(config, settings=replace(config.settings, printers=printers))


def _nobody() -> None:
    """Is told."""


def unsaid(reader: Reader, acks: Sequence[Ack]) -> list[str]:
    """Paper of a job that was not on disk as being sent, or that came twice by itself."""
    papers = Counter(ack.number for ack in acks if ack.act == "paper")
    states = {row["job_id"]: row["state"] for row in reader.rows("SELECT * FROM print_jobs")}
    found = [f"job {job_id}: {n} papers" for job_id, n in papers.items() if n > 1]
    return found + [
        f"job {job_id}: on paper, and {states.get(job_id)}"
        for job_id in papers
        if states.get(job_id) not in ("sending", "uncertain", "printed")
    ]
