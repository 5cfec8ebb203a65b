"""Printing as the cashier meets it: how the printer is, and what is to become of a job in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pos.access.rights import require
from pos.clock import local, moment_of
from pos.commands import shown_key
from pos.refusal import Refused
from pos.store import jobs, levels
from pos.store.jobs import Job
from pos.till import moving
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.till.till import Till

_DECISIONS: tuple[Literal["printed", "again", "cancel"], ...] = ("printed", "again", "cancel")


def state_text(till: Till) -> str:
    """What the top line says of printing: the worst first."""
    words, spool = till.words.printing, till.spool
    if spool is None or not spool.receipt_printer:
        return till.words.counter.no_printer
    if till.state.doubtful_prints:
        return words.doubtful.format(count=till.state.doubtful_prints)
    if troubles := spool.troubles():
        why = say(till.words.refusals, Refused(next(iter(troubles.values()))))
        return words.trouble.format(why=why.split("，")[0].split(",")[0])
    if till.state.waiting_prints:
        return words.waiting.format(count=till.state.waiting_prints)
    return words.good


def take_up(till: Till) -> None:
    """Give the spool what the ledger has queued since last time."""
    if till.spool is not None:
        till.spool.take(jobs.jobs(till.reader, ("queued",)))


def look(till: Till) -> None:
    """News of the spool: count what waits; say at once that one is in doubt."""
    before = till.state.doubtful_prints
    till.state.waiting_prints = till.reader.waiting_prints()
    till.state.doubtful_prints = till.reader.doubtful_prints()
    if till.spool is not None and (why := till.spool.drawer_stuck()):
        said = say(till.words.refusals, Refused(why))
        till.alarm_message(say(till.words.refusals, Refused("drawer_not_opened", why=said)))
    if till.state.doubtful_prints > before:
        key = shown_key(till.keymap.key_of("print_jobs"))
        till.alarm_message(till.words.printing.asked.format(key=key))


def show_jobs(till: Till) -> None:
    """Jobs that are not done; for each a person decides."""
    require("print_jobs", till.session)
    words = till.words.printing
    waiting = jobs.jobs(till.reader)
    if not waiting:
        raise Refused("no_print_jobs")
    rows = tuple(_row(till, job) for job in waiting)

    def pick(index: int) -> None:
        _decide(till, waiting[index], rows[index][0])

    moving.offer(till, words.title, words.columns, rows, pick)


def _row(till: Till, job: Job) -> tuple[str, ...]:
    words = till.words.printing
    why = say(till.words.refusals, Refused(job.last_error)) if job.last_error else ""
    number = job.order_id if job.kind == "z" else till.reader.number_of(job.order_id)
    number = number or levels.number_of(till.reader, job.order_id)
    return (
        number,
        (words.kinds | till.words.shifts.slips).get(job.kind, job.kind),
        f"{local(moment_of(job.queued_at)):%H:%M}",
        words.states[job.state],
        why,
    )


def _decide(till: Till, job: Job, number: str) -> None:
    words = till.words.printing

    def pick(index: int) -> None:
        decision = _DECISIONS[index]

        def done(_: object) -> None:
            till.tell(words.decided[index], "ok")
            if decision == "again" and till.spool is not None:
                till.spool.print(job.job_id)
            look(till)

        till.write(lambda ledger: jobs.decide(ledger, job.job_id, decision), done)

    rows = tuple((text,) for text in words.decisions)
    moving.offer(till, words.decide.format(number=number), ("",), rows, pick)
