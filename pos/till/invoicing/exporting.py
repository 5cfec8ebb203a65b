"""What waits for the workbook, written to it and put on record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.clock import local
from pos.config import Config
from pos.invoices.document import Document
from pos.invoices.workbook.child import in_child
from pos.invoices.workbook.filling import Report
from pos.refusal import Refused
from pos.store import invoices
from pos.store.invoices import Work
from pos.store.reader import Reader
from pos.till.invoicing import keeping
from pos.till.invoicing.keeping import course_of

if TYPE_CHECKING:
    from pos.store.ledger import Ledger


def export(
    ledger: Ledger, config: Config, folder: Path, progress: Callable[[int, int], bool]
) -> Report:
    """Every invoice that waits, in as many files as the template wants, then marked as exported.

    The bureau takes a 发票流水号 once: files that were written and not yet on record when the
    program died are written again and do no harm. Refused: invoice_not_workbook and what
    `workbook` says.
    """
    own = config.settings.invoices
    if own.provider != "workbook":
        raise Refused("invoice_not_workbook")
    documents: list[Document] = []
    waiting: list[Work] = []
    with closing(Reader(config.ledger)) as reader:
        for work in invoices.open_work(reader, "invoice"):
            document = keeping.document_of(reader, config, work.no)
            if document is not None and not keeping.blocked(reader, work):
                documents.append(document)
                waiting.append(work)
    moment = local(ledger.place.clock.now())
    stem = f"发票{moment:%Y%m%d-%H%M%S}"
    template = config.file.parent / own.template
    report = in_child(documents, own, template, folder, stem, progress)
    names = {no: file.name for file in report.files for no in file.invoices}
    for work in waiting:
        course = replace(course_of(work), state="exported", next_at="", why=names[work.no])
        keeping.end(ledger, work, course)
    return report
