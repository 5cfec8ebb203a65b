"""The first half of an import: from the file to a staging file, and a report of what was found."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from pos.goods.importing.cells import shown
from pos.goods.importing.checking import COLUMNS, Checked, Checker
from pos.goods.importing.fields import IGNORED, STAGED, Header
from pos.goods.importing.merging import Conflict, Merger
from pos.goods.importing.opening import Table, open_table
from pos.goods.importing.report import (
    FORMAT_VERSION,
    MOST_LISTED,
    Findings,
    ImportOptions,
    Reject,
    Report,
)
from pos.goods.importing.staging import StagingFile
from pos.refusal import Refused

Progress = Callable[[int, int], bool]
"""Told rows done and rows expected (the latter an estimate); True stops the import."""

_STEP = 500
_CHUNK = 1 << 20


def stage(
    source: Path,
    staging: Path,
    options: ImportOptions = ImportOptions(),  # noqa: B008 - frozen
    progress: Progress = lambda done, total: False,
) -> Report:
    """Read `source`, clean and check every row, write the good ones to the new file `staging`.

    `progress(done, total)` is called at least every 500 rows. Refused where nothing can be read
    at all, where `progress` says stop ("import_stopped"), or where the file changes meanwhile
    ("file_changed"); then there is no staging file. Rows that cannot go in are no refusal: the
    report lists them.
    """
    try:
        return _Staging(source, options, progress).run(staging)
    except OSError as error:
        raise Refused("file_unreadable", path=source, why=error.strerror or error) from error


class _Staging:
    """One run of `stage`."""

    def __init__(self, source: Path, options: ImportOptions, progress: Progress) -> None:
        self._source, self._options, self._progress = source, options, progress
        self._findings = Findings()
        self._done = self._total = self._read = self._conflicts = 0

    def run(self, staging: Path) -> Report:
        before = self._source.stat()
        with warnings.catch_warnings():
            # openpyxl tells of styles and extensions that it leaves out
            warnings.filterwarnings("ignore", module="openpyxl")
            table, header = open_table(self._source, self._options, self._tick)
            try:
                self._total = table.total
                sha256 = self._digest()
                file = StagingFile(staging, _columns(header))
                try:
                    report = self._fill(table, header, file, sha256)
                    after = self._source.stat()
                    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                        raise Refused("file_changed", path=self._source.name)
                    file.finish(_meta(report, self._options))
                except BaseException:
                    file.discard()
                    raise
            finally:
                table.close()
        self._progress(self._done, self._done)
        return report

    def _tick(self) -> None:
        if self._progress(self._done, max(self._done, self._total)):
            raise Refused("import_stopped")

    def _digest(self) -> str:
        digest = hashlib.sha256()
        with self._source.open("rb") as file:
            while data := file.read(_CHUNK):
                self._tick()
                digest.update(data)
        return digest.hexdigest()

    def _fill(self, table: Table, header: Header, file: StagingFile, sha256: str) -> Report:
        guarded = table.format == "csv"
        checker = Checker(header, guarded, table.delimiter, self._findings)
        merger = Merger(file, _headers(header))
        self._tell_of_file(table, header)
        for batch in self._batches(table, header, checker):
            merger.put(batch)
            self._tick()
        self._reject_conflicts(table, checker, merger)
        self._findings.rejects.sort(key=lambda reject: reject.line)
        good, codes = (file.ask(f"SELECT count(*) FROM {t}")[0][0] for t in ("rows", "codes"))  # noqa: S608  # nosec B608  # two names of ours
        return Report(
            format=table.format,
            encoding=table.encoding,
            delimiter=table.delimiter,
            sheet=table.sheet,
            sha256=sha256,
            header_line=header.line,
            mapping=header.mapping,
            read=self._read,
            good=good,
            codes=codes,
            repeated=merger.repeated,
            rejected=self._findings.rejected,
            conflicts=self._conflicts,
            rejects=tuple(self._findings.rejects),
            warnings=tuple(self._findings.warnings),
            warned=self._findings.warned,
        )

    def _batches(self, table: Table, header: Header, checker: Checker) -> Iterator[list[Checked]]:
        """Good rows in batches; an empty batch where a while brought none."""
        batch: list[Checked] = []
        for seen, (line, last, cells) in enumerate(table.rows(), 1):
            self._done = line
            if seen % _STEP == 0:
                yield batch
                batch = []
            if line > header.line and cells:
                row = checker.read(line, last, cells)
                if row is not None:
                    self._read += 1
                    batch.append(row)
        self._read += self._findings.rejected
        yield batch

    def _reject_conflicts(self, table: Table, checker: Checker, merger: Merger) -> None:
        """Rows in conflict, with their cells, for which the file is read once more."""
        found: dict[int, Conflict] = {}
        for conflict in merger.settle():
            self._conflicts += 1
            if len(found) < MOST_LISTED:
                found[conflict.line] = conflict
        if found:
            for line, _, cells in table.rows():
                conflict_here = found.get(line)
                if conflict_here is not None:
                    clash = conflict_here.clash
                    fault = Reject(line, shown(clash.column), clash.code, clash.values, (), True)
                    self._findings.reject(checker.plain_cells(cells), [fault])
        self._findings.rejected += self._conflicts - len(found)

    def _tell_of_file(self, table: Table, header: Header) -> None:
        warn = self._findings.warn
        if table.damaged:
            warn(0, "", "text_damaged", {"count": table.damaged})
        others = getattr(table, "other_sheets", ())
        if others:
            told = ", ".join(others)
            warn(0, "", "other_sheets", {"sheet": shown(table.sheet), "others": shown(told)})
        for name, field in header.mapping:
            if field == "offer_price":
                warn(0, shown(name), "offer_price_ignored", {})


def _columns(header: Header) -> list[str]:
    """The staging columns that rows under this header can fill."""
    always = ("line", "name", "initials", "search")
    filled = {STAGED.get(field) for field in header.fields}
    return [column for column in COLUMNS if column in filled or column in always]


def _headers(header: Header) -> dict[str, str]:
    """The header that stands for each staging column, for messages."""
    found: dict[str, str] = {}
    for name, field in header.mapping:
        if field != IGNORED:
            found.setdefault(STAGED.get(field, "code"), name)
    return found


def _meta(report: Report, options: ImportOptions) -> dict[str, str]:
    told: dict[str, int | str] = {
        "format": FORMAT_VERSION,
        "sha256": report.sha256,
        "default_tax_bp": options.default_tax_bp,
        "read": report.read,
        "good": report.good,
        "codes": report.codes,
        "repeated": report.repeated,
        "rejected": report.rejected,
        "conflicts": report.conflicts,
    }
    return {key: str(value) for key, value in told.items()}
