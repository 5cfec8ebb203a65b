"""Files as shops hand them over, and what staging made of them."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pos.goods.barcodes import check_digit
from pos.goods.importing import ImportOptions, Report, stage

MILK = "6901234567892"
TEA = "6920000000012"
NO_MORE = ImportOptions()


def ean(body: str) -> str:
    """`body` with its check digit."""
    return body + str(check_digit(body))


@dataclass
class Staged:
    """A staging file as read back."""

    report: Report
    rows: list[dict[str, Any]]
    codes: dict[str, tuple[int, int, int | None]]
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def row(self) -> dict[str, Any]:
        """The only row."""
        assert len(self.rows) == 1, self.report.rejects
        return self.rows[0]

    @property
    def rejected(self) -> list[tuple[int, str, str]]:
        """Line, column and code of every fault."""
        return [(r.line, r.column, r.code) for r in self.report.rejects]

    @property
    def warned(self) -> list[tuple[int, str]]:
        """Line and code of every warning."""
        return [(w.line, w.code) for w in self.report.warnings]


def read_back(path: Path, report: Report) -> Staged:
    """What lies in a staging file, checked for what must always hold."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        rows = [dict(row) for row in db.execute("SELECT * FROM rows ORDER BY line")]
        codes = {
            code: (line, factor, fen)
            for code, line, factor, fen in db.execute("SELECT * FROM codes ORDER BY code")
        }
        meta = dict(tuple(row) for row in db.execute("SELECT * FROM meta"))
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert {"rows", "codes", "meta"} == {t for t in tables if not t.startswith("sqlite_")}
    assert report.read == report.good + report.repeated + report.rejected
    assert report.good == len(rows)
    assert report.codes == len(codes)
    rejected = {reject.line for reject in report.rejects}
    assert len(rejected) == report.rejected
    assert not rejected & {row["line"] for row in rows}
    assert len({r.line for r in report.rejects if r.conflict}) == report.conflicts
    return Staged(report, rows, codes, meta)


class Shop:
    """A folder in which files are staged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.staging = folder / "staging.db"

    def bytes(
        self, data: bytes, options: ImportOptions = NO_MORE, name: str = "goods.csv"
    ) -> Staged:
        """Stage a file of these bytes."""
        path = self.folder / name
        path.write_bytes(data)
        return self.file(path, options)

    def file(self, path: Path, options: ImportOptions = NO_MORE) -> Staged:
        """Stage a file."""
        self.staging.unlink(missing_ok=True)
        report = stage(path, self.staging, options, lambda done, total: False)
        return read_back(self.staging, report)

    def text(self, text: str, options: ImportOptions = NO_MORE) -> Staged:
        """Stage a CSV file of this text."""
        return self.bytes(text.encode("utf-8", "surrogatepass"), options)

    def table(self, header: str, *rows: Sequence[str]) -> Staged:
        """Stage a CSV file with a header (commas between) and rows of cells."""
        return self.text(table(header, rows))

    def cell(self, header: str, cell: str) -> Staged:
        """Stage one product with one cell under `header`, beside its name and price."""
        return self.table(f"商品名称,售价,{header}", ["牛奶", "5.00", cell])


def table(header: str, rows: Iterable[Sequence[str]]) -> str:
    """The text of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue()
