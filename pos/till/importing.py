"""A product file imported while the till runs: read in a process of its own, put in at once.

What reads spreadsheets and knows pinyin never loads into the running till.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from pos.access.signing import where_of
from pos.config import basis_points
from pos.goods import initials
from pos.refusal import Refused
from pos.store import products
from pos.till import signing
from pos.till.state import Approved, Work

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.store.staging import Applied
    from pos.till.till import Till

REJECTS_SUFFIX = ".rejects.csv"


def keep_initials(till: Till, product_id: int, name: str) -> None:
    """Have a product found by its pinyin initials; worked out in a short-lived process."""

    def keep(found: dict[str, tuple[str, ...]]) -> None:
        keys = found.get(name, ())
        till.write(lambda ledger: products.set_initials(ledger, product_id, keys), lambda _: None)

    till.aside(lambda: initials.in_child([name]), keep, lambda _: None)


class _Child:
    """The reading process; its progress comes line by line, its report last."""

    def __init__(self, source: Path, target: Path, options: list[str]) -> None:
        self.stopped = False
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "pos.goods.importing", str(source), str(target), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, progress: Callable[[int, int], None]) -> dict[str, Any]:
        """Wait for the report; Refused says why there is none."""
        last: dict[str, Any] = {}
        if self._process.stdout is not None:
            for line in self._process.stdout:
                last = json.loads(line)
                if "done" in last:
                    progress(last["done"], last["total"])
            self._process.stdout.close()
        self._process.wait()
        if self.stopped:
            raise Refused("import_stopped")
        if "refused" in last:
            raise Refused(last["refused"], **last.get("values", {}))
        if "report" not in last:
            raise Refused("import_failed", code=self._process.returncode)
        return dict(last["report"])

    def stop(self) -> None:
        """End it; it leaves nothing behind."""
        self.stopped = True
        self._process.terminate()


def start(till: Till, text: str, approved: Approved | None) -> None:
    """Read a file in a child process, then put all that is good in, in one transaction."""
    source = Path(text).expanduser()
    if not source.is_file():
        raise Refused("file_unreadable", path=source, why="?")
    words, folder = till.words.finding, Path(mkdtemp(prefix="guitai-import-"))
    tax = basis_points(till.config.settings.tax.default_rate)
    target = folder / "staging.db"
    child = _Child(source, target, ["--tax-bp", str(tax)])
    reading = words.import_reading.format(file=source.name)
    work = Work(words.importing, child.stop, (reading, words.import_stop_hint))
    till.state.work, till.state.mode = work, "working"
    facts = signing.override(till, "import_products", approved, "", source.name)

    def progress(done: int, total: int) -> None:
        row = words.import_row.format(done=done, total=total)
        work.lines = (reading, row, words.import_stop_hint)
        work.part = done / total if total else 0.0
        till.changed()

    def ended() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        till.state.work = None
        till.state.mode = "products" if till.state.find is not None else "selling"

    def failed(refused: Refused) -> None:
        ended()
        till.refuse(refused)

    def read(report: dict[str, Any]) -> None:
        operator = where_of(till.session).operator

        def job(ledger: Ledger) -> Applied:
            from pos.store import staging

            return staging.apply(ledger, target, operator, tax, facts=facts)

        def put(done: Applied) -> None:
            ended()
            _tell(till, source, report, done)

        till.wait(till.submit(job), put, failed)

    till.aside(lambda: child.run(progress), read, failed)


def _tell(till: Till, source: Path, report: dict[str, Any], done: Applied) -> None:
    words = till.words.finding
    rejected = report["rejected"] + len(done.not_put)
    said = words.import_done.format(
        created=done.created, updated=done.updated, unchanged=done.unchanged, rejected=rejected
    )
    if rejected:
        path = source.with_name(source.name + REJECTS_SUFFIX)
        said = f"{said}；{words.import_rejects.format(path=path)}"
        language = till.config.settings.till.language
        till.aside(lambda: write_rejects(report, done, path, language), lambda _: None)
    till.tell(said, "warn" if rejected else "ok")
    if till.state.find is not None:
        from pos.till import finding

        finding.again(till)
