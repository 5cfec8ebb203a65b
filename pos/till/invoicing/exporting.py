"""What waits for the workbook, written to it and put on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from pos.clock import local
from pos.config import Config
from pos.invoices.document import Document
from pos.invoices.workbook.child import in_child
from pos.invoices.workbook.filling import Report
from pos.record import Fact
from pos.refusal import Refused
from pos.store import invoices
from pos.store.invoices import Work
from pos.store.reader import Reader
from pos.till.invoicing import keeping
from pos.till.invoicing.keeping import course_of

if TYPE_CHECKING:
    from pos.store.ledger import Ledger


class Waiting(msgspec.Struct, frozen=True):
    """An invoice that waits for the workbook."""

    work: Work
    document: Document


def export(
    ledger: Ledger, config: Config, folder: Path, progress: Callable[[int, int], bool]
) -> Report:
    """Every invoice that waits, in as many files as the template wants, then marked as exported.

    Refused: invoice_not_workbook and what `workbook` says.
    """
    found = waiting(config)
    report = write(config, found, folder, ledger.place.clock.now(), progress)
    mark(ledger, config, found, report)
    return report


def waiting(config: Config) -> list[Waiting]:
    """What waits, the oldest first. Refused("invoice_not_workbook")."""
    if config.settings.invoices.provider != "workbook":
        raise Refused("invoice_not_workbook")
    with closing(Reader(config.ledger)) as reader:
        found = [
            (work, keeping.document_of(reader, config, work.no))
            for work in invoices.open_work(reader, "invoice")
            if not keeping.blocked(reader, work)
        ]
    return [Waiting(work, document) for work, document in found if document is not None]


def write(
    config: Config,
    found: Sequence[Waiting],
    folder: Path,
    now: datetime,
    progress: Callable[[int, int], bool],
) -> Report:
    """Fill the bureau's workbook in a process of its own; nothing is on record yet.

    The bureau takes a 发票流水号 once: files that were written and not yet on record when the
    program died are written again and do no harm.
    """
    own = config.settings.invoices
    documents = [one.document for one in found]
    template = config.file.parent / own.template
    stem = f"发票{local(now):%Y%m%d-%H%M%S}"
    return in_child(documents, own, template, folder, stem, progress)


def mark(
    ledger: Ledger,
    config: Config,
    found: Sequence[Waiting],
    report: Report,
    facts: tuple[Fact, ...] = (),
) -> None:
    """What was written is on record as exported; what ended meanwhile stays as it is."""
    names = {no: file.name for file in report.files for no in file.invoices}
    with closing(Reader(config.ledger)) as reader:
        works = [invoices.work(reader, one.work.no) for one in found]
    for work in works:
        if work is not None and work.open:
            course = replace(course_of(work), state="exported", next_at="", why=names[work.no])
            keeping.end(ledger, work, course, *facts)
            facts = ()
