"""Many invoices at once from the screen: asked after, issued from a file, exported; with progress.

Each runs in a thread of its own and ends between two of them when somebody stops it; what is on
record stays there and goes on behind.
"""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pos.access.signing import where_of
from pos.refusal import Refused
from pos.store.invoices import InvoiceRow
from pos.store.reader import Reader
from pos.text import clean
from pos.till import moving, signing
from pos.till.invoicing import acts, asking, exporting
from pos.till.invoicing.keeping import document_of
from pos.till.invoicing.orders import Wanted
from pos.till.state import Approved, Work
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.record import Fact
    from pos.store.ledger import Ledger
    from pos.till.till import Till

T = TypeVar("T")
LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 120.0
MOST_BYTES = 4 << 20
Told = Callable[[int, int], bool]
"""Hears how many of how many are done; says whether to stop."""


def ask_all(till: Till) -> None:
    """Everything that is open is asked after now."""
    till.write(
        lambda ledger: asking.ask_now(ledger, till.config),
        lambda _: _run(till, partial(_watched, till), partial(_ended, till)),
    )


def issue_again(till: Till, failed: Sequence[InvoiceRow]) -> None:
    """What failed is asked for once more, for the same buyers."""
    if not failed:
        raise Refused("invoice_none_failed")

    def one(row: InvoiceRow, facts: tuple[Fact, ...], ledger: Ledger) -> object:
        with closing(Reader(till.config.ledger)) as reader:
            old = document_of(reader, till.config, row.invoice_no)
        if old is None:
            raise Refused("invoice_erased", number=row.number)
        wanted = Wanted(row.number, old.buyer, bool(row.special))
        where = where_of(till.session)
        return acts.amend(ledger, till.config, row.invoice_no, wanted, where, facts)

    def allowed(approved: Approved | None) -> None:
        facts = signing.override(till, "invoices_again", approved, str(len(failed)), "")
        jobs = [
            (row.number, partial(one, row, facts if not n else ())) for n, row in enumerate(failed)
        ]
        _run(till, partial(_each, till, jobs, None), partial(_ended, till))

    signing.guard(till, "invoices_again", lambda _: None, allowed)


def ask_file(till: Till) -> None:
    """A CSV of orders and their buyers."""
    words = till.words.invoices

    def allowed(approved: Approved | None) -> None:
        def named(text: str) -> None:
            path = Path(text).expanduser()
            wanted = asking.read_file(_read(path), path)
            facts = signing.override(till, "invoices_issue", approved, path.name, str(len(wanted)))
            where, config = where_of(till.session), till.config

            def one(what: Wanted, also: tuple[Fact, ...], ledger: Ledger) -> object:
                return acts.ask(ledger, config, what, where, False, also)

            jobs = [
                (what.number, partial(one, what, facts if not n else ()))
                for n, what in enumerate(wanted)
            ]
            _run(till, partial(_each, till, jobs, path), partial(_ended, till))

        moving.ask(till, words.batch_file, words.batch_file_hint, named, free=True)

    signing.guard(till, "invoices_issue", lambda _: None, allowed)


def export(till: Till) -> None:
    """The tax bureau's workbook of everything that waits for it."""
    words, config = till.words.invoices, till.config

    def allowed(approved: Approved | None) -> None:
        facts = signing.override(till, "invoices_export", approved, "", "")

        def named(text: str) -> None:
            folder = Path(text).expanduser() if text else config.file.parent
            moment = till.clock.now()

            def made(told: Told) -> str:
                waiting = exporting.waiting(config)
                report = exporting.write(config, waiting, folder, moment, told)
                till.submit(lambda x: exporting.mark(x, config, waiting, report, facts)).result()
                names = "  ".join(file.name for file in report.files)
                return words.export_done.format(count=len(waiting), names=names)

            _run(till, made, partial(_ended, till))

        hint = words.export_hint.format(folder=config.file.parent)
        moving.ask(till, words.export_to, hint, named, free=True, optional=True)

    signing.guard(till, "invoices_export", lambda _: None, allowed)


def _run(till: Till, work: Callable[[Told], str], then: Callable[[str], None]) -> None:
    """`work` in a thread of its own behind a picture of how far it is."""
    words, stop = till.words.invoices, threading.Event()
    shown = Work(words.batch, stop.set, (words.batch_stop,))
    back = till.state.mode
    till.state.work, till.state.mode = shown, "working"

    def told(done: int, total: int) -> bool:
        shown.lines = (words.progress.format(done=done, total=total), words.batch_stop)
        shown.part = done / total if total else 0.0
        till.changed()
        return stop.is_set()

    def ended() -> None:
        till.state.work = None
        if till.state.mode == "working":
            till.state.mode = back

    def good(said: str) -> None:
        ended()
        then(said)

    def failed(refused: Refused) -> None:
        ended()
        till.refuse(refused)

    pool = ThreadPoolExecutor(1, thread_name_prefix="invoices")
    future = pool.submit(work, told)
    pool.shutdown(wait=False)
    till.follow(future, good, failed)


def _watched(till: Till, told: Told, total: int = 0) -> str:
    """Until nothing is open that a provider answers for, or patience or somebody ends it."""
    words, pause = till.words.invoices, threading.Event()
    total = total or asking.open_count(till.config)
    waited = 0.0
    while (left := asking.open_count(till.config)) and waited < PATIENCE_SECONDS:
        if told(max(total - left, 0), total):
            return words.left.format(count=left)
        if till.invoicing is None:
            break
        till.invoicing.look()
        pause.wait(LOOK_SECONDS)
        waited += LOOK_SECONDS
    return words.left.format(count=left) if left else ""


def _each(
    till: Till,
    jobs: Sequence[tuple[str, Callable[[Ledger], object]]],
    path: Path | None,
    told: Told,
) -> str:
    """Each is put on record by the ledger's thread; one that cannot be stops no other."""
    words = till.words.invoices
    refused: list[tuple[str, str]] = []
    for done, (number, job) in enumerate(jobs):
        if told(done, len(jobs)):
            return words.batch_stopped.format(done=done, total=len(jobs))
        try:
            till.submit(job).result()
        except Refused as why:
            refused.append((number, clean(say(till.words.refusals, why))))
    said = _watched(till, told)
    if not refused:
        return said
    told_where = ""
    if path is not None:
        rejects = path.with_name(f"{path.stem}-未开.csv")
        rejects.write_text(_rows(refused), "utf-8-sig")
        told_where = rejects.name
    first = refused[0]
    return words.batch_refused.format(
        count=len(refused), number=first[0], why=first[1], file=told_where
    )


def _rows(refused: list[tuple[str, str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("单号", "原因"))
    writer.writerows(refused)
    return out.getvalue()


def _read(path: Path) -> io.StringIO:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused("file_unreadable", path=path, why=f"> {MOST_BYTES}")
        return io.StringIO(path.read_text("utf-8-sig"), newline="")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("file_unreadable", path=path, why=str(error)) from error


def _ended(till: Till, said: str) -> None:
    from pos.till.invoicing import daylist

    if till.state.invoices is not None:
        daylist.read(till)
    till.tell(said or till.words.invoices.batch_done, "warn" if said else "ok")
