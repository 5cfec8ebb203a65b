"""The staging file: whole, the same each time, or not there."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pos.child import environment
from pos.goods.importing import ImportOptions, reading, report, stage, staging
from pos.goods.importing.delimited import CsvTable
from pos.refusal import Refused
from tests.goods.importing.files import MILK, Shop, table

DEMO = Path(reading.__file__).parent.parent / "demo_products.csv"
ROWS = [[f"{n:05d}", f"茶{n}", "5"] for n in range(3000)]


def _write(shop: Shop, text: str) -> Path:
    path = shop.folder / "goods.csv"
    path.write_text(text, "utf-8")
    return path


def test_the_demo_products_go_in_unchanged(shop: Shop) -> None:
    found = shop.file(DEMO)
    assert (found.report.good, found.report.rejects, found.report.warnings) == (302, (), ())
    # the headers are the names of the fields
    assert all(header == field for header, field in found.report.mapping)
    first = found.rows[0]
    assert (first["sku"], first["price_fen"], first["tax_bp"]) == ("010001", 200, 1300)
    assert (first["short_name"], first["weighed"], first["discountable"]) == (None, 0, 1)


def test_what_stands_in_meta(shop: Shop) -> None:
    data = table("货号,名称,售价", ROWS[:3]).encode()
    found = shop.bytes(data, ImportOptions(default_tax_bp=900))
    assert found.meta == {
        "format": "1",
        "sha256": hashlib.sha256(data).hexdigest(),
        "default_tax_bp": "900",
        "read": "3",
        "good": "3",
        "codes": "0",
        "repeated": "0",
        "rejected": "0",
        "conflicts": "0",
    }
    assert found.report.sha256 == found.meta["sha256"]


def test_the_same_file_twice_gives_the_same(shop: Shop) -> None:
    rows = [*ROWS, ["00001", "别的", "5"], ["x", "", ""], ["00007", "茶7", ""]]
    path = _write(shop, table("货号,名称,售价", rows))
    one, two = shop.file(path), shop.file(path)
    assert one == two
    assert (one.report.good, one.report.repeated, one.report.rejected) == (2999, 1, 3)


def test_only_the_owner_may_read_it(shop: Shop) -> None:
    shop.text("名称,售价\n茶,5\n")
    assert stat.S_IMODE(shop.staging.stat().st_mode) == 0o600


def test_progress_is_told_often(shop: Shop) -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return False

    stage(_write(shop, table("货号,名称,售价", ROWS)), shop.staging, progress=progress)
    done = [d for d, _ in told]
    assert done == sorted(done)
    assert max(b - a for a, b in pairwise(done)) <= 500
    assert told[-1] == (3001, 3001)
    assert all(d <= total for d, total in told)


@pytest.mark.parametrize("calls", range(9))
def test_stopped_at_any_step_nothing_stays(shop: Shop, calls: int) -> None:
    left = iter(range(calls))
    path = _write(shop, table("货号,名称,售价", ROWS))
    with pytest.raises(Refused, match="import_stopped"):
        stage(path, shop.staging, progress=lambda done, total: next(left, None) is None)
    assert os.listdir(shop.folder) == ["goods.csv"]


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt, MemoryError, OSError(5, "Input/output error")]
)
def test_whatever_happens_nothing_stays(
    shop: Shop, error: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = CsvTable.rows

    def broken(self: CsvTable) -> Iterator[Any]:
        for row in rows(self):
            if row[0] == 1500:
                raise error
            yield row

    monkeypatch.setattr(CsvTable, "rows", broken)
    with pytest.raises((Refused, KeyboardInterrupt, MemoryError)):
        stage(_write(shop, table("货号,名称,售价", ROWS)), shop.staging)
    assert os.listdir(shop.folder) == ["goods.csv"]


def test_what_is_there_already_is_not_touched(shop: Shop) -> None:
    shop.staging.write_bytes(b"the ledger")
    with pytest.raises(Refused, match="already_there"):
        stage(_write(shop, "名称,售价\n茶,5\n"), shop.staging)
    assert shop.staging.read_bytes() == b"the ledger"
    with pytest.raises(Refused, match="file_unwritable"):
        stage(shop.folder / "goods.csv", shop.folder / "none" / "staging.db")


def test_a_file_that_changes_meanwhile(shop: Shop) -> None:
    path = _write(shop, table("货号,名称,售价", ROWS))

    def progress(done: int, total: int) -> bool:
        if done > 1000:
            os.utime(path, (1, 1))
        return False

    with pytest.raises(Refused, match="file_changed"):
        stage(path, shop.staging, progress=progress)
    assert not shop.staging.exists()


def test_a_full_disk(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "_PRAGMAS", (*staging._PRAGMAS, "PRAGMA max_page_count = 20"))
    with pytest.raises(Refused, match="disk_full"):
        stage(_write(shop, table("货号,名称,售价", ROWS)), shop.staging)
    assert os.listdir(shop.folder) == ["goods.csv"]


def test_a_broken_disk(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "_PRAGMAS", ("PRAGMA nothing(", *staging._PRAGMAS))
    with pytest.raises(Refused, match="disk_error"):
        stage(_write(shop, "名称,售价\n茶,5\n"), shop.staging)
    assert not shop.staging.exists()


def test_more_faults_than_can_be_listed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MOST_LISTED", 10)
    monkeypatch.setattr(report, "MOST_WARNINGS", 7)
    monkeypatch.setattr(reading, "MOST_LISTED", 10)
    rows = [["", f"茶{n}", "x"] for n in range(50)] + [["", f"水{n}", "0"] for n in range(50)]
    rows += [[f"{n // 2}", f"米{n}", "5"] for n in range(50)]
    path = _write(shop, table("货号,名称,售价", rows))
    found = stage(path, shop.staging)
    assert (found.read, found.good, found.rejected, found.conflicts) == (150, 50, 100, 50)
    assert (len(found.rejects), len(found.warnings)) == (10, 7)
    assert found.warned == {"price_zero": 50}


def test_rejects_take_little_memory(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "_MOST_CHARACTERS", 10_000)
    rows = [["", f"茶{n}", "x" * 5000] for n in range(50)]
    found = shop.table("货号,名称,售价", *rows).report
    assert found.rejected == 50
    assert len(found.rejects[0].cells[2]) == 1000
    assert sum(len(cell) for r in found.rejects for cell in r.cells) <= 10_000


def test_nothing_heavy_loads_for_a_text_file(shop: Shop) -> None:
    code = (
        "import sys; from pathlib import Path; from pos.goods.importing import stage;"
        " stage(Path(sys.argv[1]), Path(sys.argv[2]));"
        " print(sorted({'openpyxl', 'sqlalchemy', 'textual'} & set(sys.modules)))"
    )
    path = _write(shop, "名称,售价\n茶,5\n")
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(shop.staging)],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
        timeout=60,
    )
    assert done.stdout.strip() == "[]"


def test_the_staging_tables(shop: Shop) -> None:
    shop.text(f"名称,条码,售价\n茶,{MILK},5\n")
    with sqlite3.connect(shop.staging) as db:
        strict = {row[1]: row[5] for row in db.execute("PRAGMA table_list") if row[0] == "main"}
    db.close()
    assert strict == {"rows": 1, "codes": 1, "meta": 1, "sqlite_schema": 0}
