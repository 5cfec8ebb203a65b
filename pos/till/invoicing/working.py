"""One round of work: returns are followed, what is due is asked for or asked after."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from pos.clock import Clock, stamp
from pos.config import Config
from pos.invoices import driving
from pos.invoices.course import Course
from pos.invoices.document import Document, RedForm
from pos.invoices.protocol import InvoiceProvider
from pos.refusal import Refused
from pos.store import invoices
from pos.store.invoices import Work
from pos.store.reader import Reader
from pos.till.invoicing import keeping, returns
from pos.till.invoicing.keeping import course_of

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

T = TypeVar("T")
Run = Callable[[Callable[["Ledger"], T]], T]
"""Has the ledger's thread do something, and waits for it."""
Maker = Callable[[Config, Clock], InvoiceProvider | None]
Told = Callable[[Work, Course], None]
"""Hears of what has ended, once it is on disk."""


def provider_of(config: Config, clock: Clock) -> InvoiceProvider | None:
    """The provider that answers at once; None for the workbook, which a person carries.

    Refused: what is wrong with its settings.
    """
    own = config.settings.invoices
    if own.provider != "nuonuo":
        return None
    from pos.invoices.nuonuo.gateway import Nuonuo

    return Nuonuo(own, config.file.parent, clock.now)


class Worker:
    """Does the work of a till's invoices, one step at a time. For one thread."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        run: Callable[[Callable[[Ledger], object]], object],
        maker: Maker = provider_of,
        told: Told = lambda _work, _course: None,
    ) -> None:
        self._config, self._clock, self._run, self._maker = config, clock, run, maker
        self._told = told
        self._provider: InvoiceProvider | None = None
        self.trouble: Refused | None = None
        """Why the provider cannot be used as it is set up."""

    def close(self) -> None:
        """Close connections."""
        if self._provider is not None:
            self._provider.close()

    def turn(self) -> int:
        """Everything that is due now, once; how much there was."""
        if self._config.settings.invoices.owner != "till":
            return 0
        self._run(lambda ledger: returns.follow_returns(ledger, self._config))
        with closing(Reader(self._config.ledger)) as reader:
            due = invoices.due(reader, stamp(self._clock.now()))
        if due and not self._ready():
            return 0
        for work in due:
            self.work(work)
        return len(due)

    def work(self, work: Work) -> None:
        """One piece of work as far as it goes now."""
        with closing(Reader(self._config.ledger)) as reader:
            gone = keeping.came_to_nothing(reader, work)
            about: Document | RedForm | None = None
            if not gone and work.kind == "invoice":
                about = keeping.document_of(reader, self._config, work.no)
            elif not gone:
                about = self._filled(reader, work)
        if about is None:
            state = "failed" if work.kind == "invoice" else "gone"
            ended = replace(course_of(work), state=state, code=gone or "erased", next_at="")
            self._keep(work, ended)
            return
        if self._provider is None:
            raise Refused("invoice_off")
        keep = partial(self._keep, work)
        driving.drive(course_of(work), about, self._provider, keep, self._clock.now)

    def _ready(self) -> bool:
        if self._provider is None:
            try:
                self._provider = self._maker(self._config, self._clock)
                self.trouble = None
            except Refused as refused:
                self.trouble = refused
        return self._provider is not None

    def _filled(self, reader: Reader, work: Work) -> RedForm | None:
        """A red letter's form with the number its invoice got meanwhile."""
        form = keeping.form_of(reader, self._config, work)
        row = invoices.get_invoice(reader, course_of(work).of)
        if form is None or row is None:
            return None
        return replace(form, blue_no=row.bureau_no)

    def _keep(self, work: Work, course: Course) -> None:
        self._run(lambda ledger: keeping.end(ledger, work, course))
        if not course.open:
            self._told(work, course)
