"""What runs behind the till: payments, printing, invoices, messages, sending; begun when the ledger
is open, ended before it is let go."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from pos.store import jobs
from pos.store.reader import Reader
from pos.till import offering, storing, syncing, training
from pos.till.collecting import Collector
from pos.till.invoicing import news as invoice_news
from pos.till.invoicing.thread import start_invoicing
from pos.till.messaging.thread import start_messages
from pos.till.spool import Spool

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.till.till import Till


def start(till: Till, ledger: Ledger) -> None:
    """Say what the ledger was found to be, and begin all that works behind."""
    till.submit(storing.let_go)
    if ledger.tail_lost:
        till.state.alarm = till.words.counter.tail_lost
    if ledger.jumped:
        till.tell(till.words.counter.clock_jumped.format(seconds=int(ledger.jumped)), "warn")
    if ledger.unclean:
        _check(till)
    offering.opened(till)
    if not till.config.training:
        till.follow(till.submit(training.came_back), lambda _: None, till.refuse)
    till.payments = Collector(till.config, till.clock, till.submit, till.changed)
    till.payments.start()
    till.invoicing = start_invoicing(
        till.config, till.clock, till.submit, partial(invoice_news.heard, till)
    )
    till.messenger = start_messages(till.config, till.clock, till.submit)
    _start_printing(till)
    till.beside.start()
    syncing.start(till)


def stop(till: Till) -> None:
    """End all of it; what is begun is finished or kept."""
    services = (till.headoffice, till.spool, till.payments, till.invoicing, till.messenger)
    for service in (till.beside, *services):
        if service is not None:
            service.stop()


def goes_on_without(till: Till, thread: str) -> bool:
    """Whether the till sells on after an error in a thread: in one of those behind it does, and
    says so until it is started anew; whatever is there to be told already stays."""
    words = till.words.counter
    part = words.behind.get(thread.partition(":")[0])
    if part is None:
        return False
    till.state.alarm = till.state.alarm or words.behind_failed.format(part=part)
    return True


def _start_printing(till: Till) -> None:
    printers = till.config.settings.printers
    if not any(printer.enabled for printer in printers.values()):
        till.refresh_header()
        return
    till.spool = spool = Spool(till.config, till.clock, till.submit, till.changed)
    late = timedelta(minutes=printers[spool.receipt_printer].late_minutes)

    def in_order(_: object) -> None:
        spool.start(jobs.jobs(till.reader))
        till.refresh_header()

    till.follow(till.submit(lambda x: jobs.put_in_order(x, late)), in_order, till.refuse)


def _check(till: Till) -> None:
    """On a connection of its own: a large ledger must not keep the first customer waiting."""

    def check() -> str:
        with closing(Reader(till.config.ledger)) as reader:
            return reader.quick_check()

    def checked(answer: str) -> None:
        if answer != "ok":
            till.state.alarm = till.words.counter.damaged.format(why=answer)

    till.aside(check, checked)
