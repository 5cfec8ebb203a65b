"""A product file imported while the till runs: read in a process of its own, put in at once.

What reads spreadsheets and knows pinyin never loads into the running till.
"""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from pos.access.signing import where_of
from pos.config import basis_points
from pos.goods import initials
from pos.refusal import Refused
from pos.till import finding, signing
from pos.till.state import Approved, Work

if TYPE_CHECKING:
    from pos.goods.importing import Report
    from pos.store.ledger import Ledger
    from pos.store.staging import Applied
    from pos.till.till import Till

REJECTS_SUFFIX = ".rejects.csv"


def keep_initials(till: Till, product_id: int, name: str) -> None:
    """Have a product found by its pinyin initials; worked out in a short-lived process."""

    def keep(found: dict[str, tuple[str, ...]]) -> None:
        keys = found.get(name, ())

        def job(ledger: Ledger) -> None:
            from pos.store import products  # SQLModel loads in the ledger's thread

            products.set_initials(ledger, product_id, keys)

        till.write(job, lambda _: None)

    till.aside(lambda: initials.in_child([name]), keep)


def start(till: Till, text: str, approved: Approved | None) -> None:
    """Read a file in a child process, then put all that is good in, in one transaction."""
    source = Path(text).expanduser()
    words, folder = till.words.finding, Path(mkdtemp(prefix="guitai-import-"))
    tax = basis_points(till.config.settings.tax.default_rate)
    staged, stop = folder / "staging.db", threading.Event()
    reading = words.import_reading.format(file=source.name)
    work = Work(words.importing, stop.set, (reading, words.import_stop_hint))
    till.state.work, till.state.mode = work, "working"
    facts = signing.override(till, "import_products", approved, "", source.name)
    operator = where_of(till.session).operator

    def read() -> Report:
        from pos.goods.importing import ImportOptions, in_child

        return in_child(source, staged, ImportOptions(default_tax_bp=tax), progress)

    def progress(done: int, total: int) -> bool:
        row = words.import_row.format(done=done, total=total)
        work.lines = (reading, row, words.import_stop_hint)
        work.part = done / total if total else 0.0
        till.changed()
        return stop.is_set()

    def staged_is(report: Report) -> None:
        def put_in(ledger: Ledger) -> Applied:
            from pos.store import staging

            return staging.apply(ledger, staged, operator, tax, facts=facts)

        def put(done: Applied) -> None:
            ended()
            _tell(till, source, report, done)

        till.wait(till.submit(put_in), put, failed)

    def ended() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        till.state.work = None
        till.state.mode = "products" if till.state.find is not None else "selling"

    def failed(refused: Refused) -> None:
        ended()
        till.refuse(refused)

    till.aside(read, staged_is, failed)


def _tell(till: Till, source: Path, report: Report, done: Applied) -> None:
    words, language = till.words.finding, till.config.settings.till.language
    rejected = report.rejected + len(done.not_put)
    said = words.import_done.format(
        created=done.created, updated=done.updated, unchanged=done.unchanged, rejected=rejected
    )
    if rejected:
        path = source.with_name(source.name + REJECTS_SUFFIX)
        said = f"{said}；{words.import_rejects.format(path=path)}"

        def write() -> None:
            from pos.goods.leftovers import write_leftovers

            write_leftovers(report, done, path, language)

        till.aside(write, lambda _: None)
    till.tell(said, "warn" if rejected else "ok")
    if till.state.find is not None:
        finding.again(till)
