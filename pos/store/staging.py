"""A product file that was staged goes into the ledger, whole, by SQL, in one transaction.

The staging file is a database of its own with the tables `rows`, `codes` and `meta`. In `rows` NULL
means that the file says nothing: a known product keeps its value, a new one gets the default.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from sqlalchemy import Connection, text

from pos.clock import stamp
from pos.record import CatalogImported, Fact
from pos.store.ledger import Ledger

DEFAULTS: Mapping[str, object] = {
    "sku": None,
    "name": None,
    "short_name": "",
    "spec": "",
    "unit": "件",
    "category": "",
    "brand": "",
    "origin": "",
    "supplier": "",
    "price_fen": None,
    "member_fen": None,
    "lowest_fen": None,
    "cost_fen": None,
    "tax_bp": None,
    "tax_code": "",
    "weighed": 0,
    "discountable": 1,
    "earns_points": 1,
    "stocked": 1,
    "low_milli": None,
    "high_milli": None,
    "active": 1,
}
"""Columns that a file may set, with what a new product gets where the file says nothing."""
_META = "SELECT key, value FROM staging.meta"
_MATCH = """
CREATE TEMP TABLE matched (line INTEGER PRIMARY KEY, product_id INTEGER NOT NULL);
CREATE TEMP TABLE fresh (line INTEGER PRIMARY KEY, sku TEXT NOT NULL);
CREATE INDEX temp.fresh_by_sku ON fresh (sku);
CREATE INDEX IF NOT EXISTS staging.codes_by_line ON codes (line);
CREATE TEMP TABLE touched (line INTEGER PRIMARY KEY, product_id INTEGER NOT NULL,
    what TEXT NOT NULL);
CREATE TEMP TABLE not_put (line INTEGER PRIMARY KEY, code TEXT NOT NULL, text TEXT NOT NULL,
    conflict INTEGER NOT NULL);
INSERT INTO temp.not_put
    SELECT c.line, 'codes_of_two_products', group_concat(c.code, ' '), 1
    FROM staging.codes c JOIN main.barcodes b ON b.code = c.code
    GROUP BY c.line HAVING count(DISTINCT b.product_id) > 1;
INSERT INTO temp.matched
    SELECT c.line, min(b.product_id)
    FROM staging.codes c JOIN main.barcodes b ON b.code = c.code
    WHERE c.line NOT IN (SELECT line FROM temp.not_put) GROUP BY c.line;
INSERT OR IGNORE INTO temp.not_put
    SELECT r.line, 'sku_of_other_product', r.sku, 1
    FROM temp.matched m JOIN staging.rows r ON r.line = m.line
    JOIN main.products p ON p.sku = r.sku WHERE p.product_id <> m.product_id;
INSERT OR IGNORE INTO temp.not_put
    SELECT r.line, 'ledger_barcode_taken',
           (SELECT min(c.code) FROM staging.codes c JOIN main.barcodes b ON b.code = c.code
            WHERE c.line = r.line), 1
    FROM temp.matched m JOIN staging.rows r ON r.line = m.line
    JOIN main.products p ON p.product_id = m.product_id
    WHERE r.sku IS NOT NULL AND p.sku <> r.sku
          AND NOT p.sku GLOB '9[0-9][0-9][0-9][0-9][0-9]'
          AND NOT EXISTS (SELECT 1 FROM main.barcodes b WHERE b.code = p.sku
                          AND b.product_id = p.product_id);
INSERT INTO temp.matched
    SELECT r.line, p.product_id FROM staging.rows r JOIN main.products p ON p.sku = r.sku
    WHERE r.line NOT IN (SELECT line FROM temp.matched)
          AND r.line NOT IN (SELECT line FROM temp.not_put);
INSERT INTO temp.matched
    SELECT r.line, min(p.product_id) FROM staging.rows r
    JOIN staging.codes c ON c.line = r.line JOIN main.products p ON p.sku = c.code
    WHERE r.sku IS NULL AND r.line NOT IN (SELECT line FROM temp.matched)
          AND r.line NOT IN (SELECT line FROM temp.not_put)
    GROUP BY r.line;
INSERT INTO temp.matched
    SELECT r.line, min(p.product_id) FROM staging.rows r
    JOIN main.products p ON p.name = r.name AND p.spec = coalesce(r.spec, '')
    WHERE r.sku IS NULL AND r.line NOT IN (SELECT line FROM staging.codes)
          AND NOT EXISTS (SELECT 1 FROM main.barcodes b WHERE b.product_id = p.product_id)
          AND p.sku GLOB '9[0-9][0-9][0-9][0-9][0-9]'
    GROUP BY r.line;
INSERT OR IGNORE INTO temp.not_put
    SELECT m.line, 'one_product_twice', p.name, 1
    FROM temp.matched m JOIN main.products p USING (product_id)
    WHERE m.product_id IN
        (SELECT product_id FROM temp.matched GROUP BY product_id HAVING count(*) > 1);
INSERT OR IGNORE INTO temp.not_put
    SELECT line, 'price_missing', name, 0 FROM staging.rows
    WHERE price_fen IS NULL AND line NOT IN (SELECT line FROM temp.matched);
DELETE FROM temp.matched WHERE line IN (SELECT line FROM temp.not_put);
INSERT INTO temp.fresh
    SELECT r.line, coalesce(r.sku,
        (SELECT min(code) FROM staging.codes c WHERE c.line = r.line), '')
    FROM staging.rows r WHERE r.line NOT IN (SELECT line FROM temp.matched)
         AND r.line NOT IN (SELECT line FROM temp.not_put);
UPDATE temp.fresh SET sku = n.sku FROM (
    SELECT line, CAST((SELECT max(900000, coalesce(max(CAST(sku AS INTEGER)), 0))
                       FROM main.products WHERE sku GLOB '9[0-9][0-9][0-9][0-9][0-9]')
                      + row_number() OVER (ORDER BY line) AS TEXT) AS sku
    FROM temp.fresh WHERE sku = '') n
    WHERE n.line = fresh.line;
INSERT OR IGNORE INTO temp.not_put
    SELECT f.line, 'sku_of_other_product', f.sku, 1 FROM temp.fresh f
    WHERE EXISTS (SELECT 1 FROM temp.fresh g WHERE g.sku = f.sku AND g.line <> f.line)
"""
"""Which product each staged row is; item codes from 900001 on for goods without any code."""


class NotPut(msgspec.Struct, frozen=True):
    """A row of the file that stayed outside: `code` is a refusal's, `conflict` says which kind."""

    line: int
    code: str
    text: str = ""
    conflict: bool = False


class Applied(msgspec.Struct, frozen=True):
    """What an import did, in products."""

    created: int
    updated: int
    unchanged: int
    not_put: tuple[NotPut, ...] = ()


class _DryRunError(Exception):
    """Ends the transaction of a dry run."""


def apply(
    ledger: Ledger,
    staging: Path,
    by: str,
    tax_bp: int,
    *,
    dry_run: bool = False,
    facts: tuple[Fact, ...] = (),
) -> Applied:
    """Put a staged file in, in one transaction; with `dry_run` only say what would happen.

    A product is known by any of its barcodes, then by its item code, then, where the file gives
    neither, by name and spec. What would change two products is reported and left out. Nothing is
    deleted; the same file again changes nothing and goes on no record. `tax_bp` is the rate of new
    products whose row names none; `facts` (an approval) go on record with what changed.
    """
    found: list[Applied] = []

    def put(connection: Connection) -> None:
        for table in ("matched", "fresh", "touched", "not_put"):
            connection.execute(text(f"DROP TABLE IF EXISTS temp.{table}"))
        for statement in _MATCH.split(";\n"):
            connection.execute(text(statement))
        values = {"now": stamp(ledger.place.clock.now()), "tax": tax_bp}
        for statement in _put():
            bound = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), bound)
        done = _applied(connection)
        found.append(done)
        if dry_run:
            raise _DryRunError
        if done.created or done.updated:
            meta = {row.key: row.value for row in connection.execute(text(_META))}
            read = done.created + done.updated + done.unchanged + len(done.not_put)
            sha256 = meta.get("sha256", "")
            fact = CatalogImported(by, sha256, read, done.created, done.updated)
            for extra in facts:
                ledger.chain.append(connection, extra, ledger.place.clock.now())
            ledger.chain.append(connection, fact, ledger.place.clock.now())

    with ledger.attached(staging, "staging"), suppress(_DryRunError):
        ledger.write(also=put)
    return found[0]


def _put() -> list[str]:
    """The statements behind the matching: what changes, the changes, what is new, how it is found.

    Names of columns are this module's own, values are bound.
    """
    differs = " OR ".join(f"p.{name} IS NOT coalesce(r.{name}, p.{name})" for name in DEFAULTS)
    sets = ", ".join(f"{name} = coalesce(r.{name}, p.{name})" for name in DEFAULTS)
    names = ", ".join(name for name in DEFAULTS if name != "sku")
    made = ", ".join(_new_value(name) for name in DEFAULTS if name != "sku")
    return [
        f"""INSERT INTO temp.touched
            SELECT m.line, m.product_id, 'updated' FROM temp.matched m
            JOIN staging.rows r ON r.line = m.line
            JOIN main.products p ON p.product_id = m.product_id
            WHERE {differs} OR EXISTS (
                SELECT 1 FROM staging.codes c LEFT JOIN main.barcodes b ON b.code = c.code
                WHERE c.line = m.line AND (b.code IS NULL OR b.factor <> c.factor
                      OR b.price_fen IS NOT coalesce(c.price_fen, b.price_fen)))""",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        """INSERT INTO temp.touched SELECT line, product_id, 'unchanged' FROM temp.matched
            WHERE line NOT IN (SELECT line FROM temp.touched)""",
        """INSERT INTO temp.touched
            SELECT line, (SELECT coalesce(max(product_id), 0) FROM main.products)
                   + row_number() OVER (ORDER BY line), 'created'
            FROM temp.fresh WHERE line NOT IN (SELECT line FROM temp.not_put)""",
        f"""UPDATE main.products AS p SET {sets}, changed_at = :now
            FROM temp.touched t JOIN staging.rows r ON r.line = t.line
            WHERE t.product_id = p.product_id AND t.what = 'updated'""",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        f"""INSERT INTO main.products
                (product_id, sku, {names}, created_at, changed_at)
            SELECT t.product_id, f.sku, {made}, :now, :now
            FROM temp.touched t JOIN staging.rows r ON r.line = t.line
            JOIN temp.fresh f ON f.line = t.line WHERE t.what = 'created' ORDER BY t.product_id""",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        """INSERT INTO main.barcodes (code, product_id, factor, price_fen)
            SELECT c.code, t.product_id, c.factor, c.price_fen
            FROM staging.codes c JOIN temp.touched t ON t.line = c.line
            WHERE t.what <> 'unchanged'
            ON CONFLICT (code) DO UPDATE SET factor = excluded.factor,
                price_fen = coalesce(excluded.price_fen, price_fen)""",
        """INSERT INTO main.product_search
            SELECT t.product_id, r.search FROM temp.touched t
            JOIN staging.rows r ON r.line = t.line WHERE t.what <> 'unchanged'
            ON CONFLICT (product_id) DO UPDATE SET text = excluded.text""",
        """DELETE FROM main.product_initials WHERE product_id IN
            (SELECT product_id FROM temp.touched WHERE what = 'updated')""",
        """INSERT OR IGNORE INTO main.product_initials
            WITH RECURSIVE split(product_id, word, rest) AS (
                SELECT t.product_id, '', r.initials || ' ' FROM temp.touched t
                JOIN staging.rows r ON r.line = t.line WHERE t.what <> 'unchanged'
                UNION ALL
                SELECT product_id, substr(rest, 1, instr(rest, ' ') - 1),
                       substr(rest, instr(rest, ' ') + 1) FROM split WHERE rest <> '')
            SELECT word, product_id FROM split WHERE word <> ''""",
    ]


def _new_value(name: str) -> str:
    default = DEFAULTS[name]
    if name == "tax_bp":
        return "coalesce(r.tax_bp, :tax)"
    if default is None:
        return f"r.{name}"
    return f"coalesce(r.{name}, {default!r})"


def _applied(connection: Connection) -> Applied:
    def count(what: str) -> int:
        sql = "SELECT count(*) FROM temp.touched WHERE what = :what"
        return int(connection.execute(text(sql), {"what": what}).scalar() or 0)

    outside = connection.execute(
        text("SELECT line, code, text, conflict FROM temp.not_put ORDER BY line")
    )
    not_put = tuple(NotPut(r.line, r.code, r.text, bool(r.conflict)) for r in outside)
    return Applied(count("created"), count("updated"), count("unchanged"), not_put)
