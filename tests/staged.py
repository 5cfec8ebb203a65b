"""Products for tests, staged as a file's would be."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from pos.store.ledger import Ledger
from pos.store.staging import DEFAULTS, apply

STAGED = """
CREATE TABLE rows (line INTEGER PRIMARY KEY, sku TEXT, name TEXT NOT NULL, short_name TEXT,
    spec TEXT, unit TEXT, category TEXT, brand TEXT, origin TEXT, supplier TEXT,
    price_fen INTEGER, member_fen INTEGER, lowest_fen INTEGER, cost_fen INTEGER, tax_bp INTEGER,
    tax_code TEXT, weighed INTEGER, discountable INTEGER, earns_points INTEGER, stocked INTEGER,
    low_milli INTEGER, high_milli INTEGER, active INTEGER, initials TEXT NOT NULL,
    search TEXT NOT NULL) STRICT;
CREATE TABLE codes (code TEXT PRIMARY KEY, line INTEGER NOT NULL REFERENCES rows,
    factor INTEGER NOT NULL DEFAULT 1, price_fen INTEGER) WITHOUT ROWID, STRICT;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


class ProductRow(msgspec.Struct, frozen=True):
    """A product with all its barcodes, as tests write it down."""

    sku: str
    name: str
    unit: str
    price_fen: int
    tax_bp: int
    barcodes: tuple[str, ...] = ()
    short_name: str = ""
    spec: str = ""
    category: str = ""
    member_fen: int | None = None
    lowest_fen: int | None = None
    weighed: int = 0
    discountable: int = 1
    low_milli: int | None = None
    initials: str = ""
    packs: tuple[tuple[str, int, int | None], ...] = ()
    """Pack codes: code, units in it, its own price."""


def put_products(
    ledger: Ledger, rows: Sequence[ProductRow], file_sha256: str, by: str
) -> tuple[int, int, int]:
    """Stage and apply rows that are known to be good; (created, updated, unchanged)."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "staging.db"
        stage(path, rows, file_sha256)
        done = apply(ledger, path, by, 0)
    assert not done.not_put, done.not_put
    return done.created, done.updated, done.unchanged


def stage(path: Path, rows: Sequence[ProductRow], file_sha256: str) -> None:
    """Write rows to a staging file."""
    named = [
        name for name in ProductRow.__struct_fields__ if name in DEFAULTS or name == "initials"
    ]
    staging = sqlite3.connect(path)
    try:
        staging.executescript(STAGED)
        columns = ", ".join(["line", *named, "search"])
        marks = ", ".join("?" * (len(named) + 2))
        staging.executemany(
            f"INSERT INTO rows ({columns}) VALUES ({marks})",
            (
                (n, *(getattr(row, name) for name in named), f"{row.name} {row.spec}".lower())
                for n, row in enumerate(rows, 1)
            ),
        )
        staging.executemany(
            "INSERT INTO codes VALUES (?, ?, ?, ?)",
            (
                code
                for n, row in enumerate(rows, 1)
                for code in [
                    *((c, n, 1, None) for c in row.barcodes),
                    *((c, n, factor, fen) for c, factor, fen in row.packs),
                ]
            ),
        )
        staging.execute("INSERT INTO meta VALUES ('sha256', ?)", (file_sha256,))
        staging.commit()
    finally:
        staging.close()
