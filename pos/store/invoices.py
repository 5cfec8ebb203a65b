"""E-invoices as they are kept: facts beside the work that is not done yet.

The bodies of the work are the machines' states, which this room does not read; the documents with
their buyers are sealed under the buyers' own keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from pos.store.reader import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

SEEN = "invoices_seen_jn"
"""Up to which record returns were looked at for red letters."""


class Work(msgspec.Struct, frozen=True):
    """An invoice or a red letter on its way. `open`: something is still to come."""

    no: str
    kind: Literal["invoice", "red"]
    order_id: str
    person_id: str
    state: str
    open: int
    next_at: str
    waits_for: str
    body: bytes
    sealed: bytes


class InvoiceRow(msgspec.Struct, frozen=True):
    """An invoice in a list: `state` is asked, issued, exported, failed; `red_fen` was taken back,
    `red_open_fen` is asked to be."""

    invoice_no: str
    order_id: str
    number: str
    business_date: str
    asked_at: str
    provider: str
    special: int
    person_id: str
    total_fen: int
    tax_fen: int
    replaces: str
    state: str
    bureau_no: str
    issued_at: str
    reason: str
    red_fen: int
    red_open_fen: int
    jn: int

    @property
    def standing_fen(self) -> int:
        """What it stands for once every red letter that was asked for is there."""
        return 0 if self.state == "failed" else self.total_fen - self.red_fen - self.red_open_fen


class RedRow(msgspec.Struct, frozen=True):
    """A red letter in a list: `state` is asked, red, failed, lapsed, refused, gone."""

    red_no: str
    invoice_no: str
    order_id: str
    business_date: str
    asked_at: str
    cause: str
    total_fen: int
    tax_fen: int
    state: str
    bureau_no: str
    reason: str


class AtHeadOffice(msgspec.Struct, frozen=True):
    """How an order's invoice stands at head office, where it issues: asked, issued, failed,
    red_asked, red; `invoice_no` is the bureau's number."""

    status: str
    invoice_no: str = ""
    url: str = ""
    reason: str = ""


_WORK = ", ".join(Work.__struct_fields__)
_INVOICES = """
SELECT i.invoice_no, i.order_id, i.number, i.business_date, i.asked_at, i.provider, i.special,
       i.person_id, i.total_fen, i.tax_fen, i.replaces,
       coalesce(e.state, 'asked') AS state, coalesce(e.bureau_no, '') AS bureau_no,
       coalesce(e.issued_at, '') AS issued_at, coalesce(e.reason, '') AS reason,
       (SELECT coalesce(sum(r.total_fen), 0) FROM invoice_reds r WHERE r.invoice_no = i.invoice_no
        AND EXISTS (SELECT 1 FROM red_ends x WHERE x.red_no = r.red_no AND x.state = 'red'))
        AS red_fen,
       (SELECT coalesce(sum(r.total_fen), 0) FROM invoice_reds r WHERE r.invoice_no = i.invoice_no
        AND NOT EXISTS (SELECT 1 FROM red_ends x WHERE x.red_no = r.red_no)) AS red_open_fen, i.jn
FROM invoices i LEFT JOIN invoice_ends e
     ON e.jn = (SELECT max(jn) FROM invoice_ends WHERE invoice_no = i.invoice_no)
"""
_REDS = """
SELECT r.red_no, r.invoice_no, r.order_id, r.business_date, r.asked_at, r.cause, r.total_fen,
       r.tax_fen, coalesce(e.state, 'asked') AS state, coalesce(e.bureau_no, '') AS bureau_no,
       coalesce(e.reason, '') AS reason
FROM invoice_reds r LEFT JOIN red_ends e
     ON e.jn = (SELECT max(jn) FROM red_ends WHERE red_no = r.red_no)
"""


# --- inside a transaction of the ledger ---


def put(connection: Connection, row: Work) -> None:
    """Keep work, new or changed. What it is about never changes."""
    from sqlalchemy.dialects.sqlite import insert

    from pos.store.models import table

    into = insert(table("invoice_work"))
    changing = ("state", "open", "next_at", "waits_for", "body")
    connection.execute(
        into.on_conflict_do_update(
            index_elements=["no"], set_={column: into.excluded[column] for column in changing}
        ),
        msgspec.structs.asdict(row),
    )


def get(connection: Connection, no: str) -> Work | None:
    """Work by its number."""
    rows = _all(connection, f"SELECT {_WORK} FROM invoice_work WHERE no = ?", (no,))  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    return Work(**rows[0]) if rows else None


def of_order_in(connection: Connection, order_id: str) -> list[InvoiceRow]:
    """As `of_order`, in a transaction."""
    rows = _all(connection, f"{_INVOICES} WHERE i.order_id = ? ORDER BY i.jn", (order_id,))
    return [InvoiceRow(**row) for row in rows]


def reds_of_in(connection: Connection, order_id: str) -> list[RedRow]:
    """As `reds_of`, in a transaction."""
    rows = _all(connection, f"{_REDS} WHERE r.order_id = ? ORDER BY r.jn", (order_id,))
    return [RedRow(**row) for row in rows]


def rows_in(connection: Connection, table: str, key: str, no: str) -> list[dict[str, Any]]:
    """Rows of an invoice or of a red letter."""
    sql = f"SELECT n, line_no, milli, net_fen, tax_fen FROM {table} WHERE {key} = ? ORDER BY n"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    return _all(connection, sql, (no,))


def _all(connection: Connection, sql: str, values: tuple[object, ...]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.exec_driver_sql(sql, values).mappings()]


# --- looking up ---


def due(reader: Reader, now: str, most: int = 50) -> list[Work]:
    """Open work whose time has come and whose turn it is, the oldest first."""
    rows = reader.rows(
        f"SELECT {_WORK} FROM invoice_work w WHERE open = 1 AND next_at <= ?"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        " AND (waits_for = '' OR EXISTS (SELECT 1 FROM invoice_work o WHERE o.no = w.waits_for"
        " AND o.open = 0)) ORDER BY next_at, rowid LIMIT ?",
        (now, most),
    )
    return [Work(**dict(row)) for row in rows]


def work(reader: Reader, no: str) -> Work | None:
    """Work by its number."""
    rows = reader.rows(f"SELECT {_WORK} FROM invoice_work WHERE no = ?", (no,))  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    return Work(**dict(rows[0])) if rows else None


def open_work(reader: Reader, kind: str = "") -> list[Work]:
    """All that is not done, the oldest first."""
    where = "AND kind = ?" if kind else "AND ? = ''"
    rows = reader.rows(
        f"SELECT {_WORK} FROM invoice_work WHERE open = 1 {where} ORDER BY rowid",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        (kind,),
    )
    return [Work(**dict(row)) for row in rows]


def of_order(reader: Reader, order_id: str) -> list[InvoiceRow]:
    """The invoices of an order, the oldest first."""
    rows = reader.rows(f"{_INVOICES} WHERE i.order_id = ? ORDER BY i.jn", (order_id,))
    return [InvoiceRow(**dict(row)) for row in rows]


def at_headoffice(reader: Reader, number: str) -> AtHeadOffice | None:
    """What came down of an order's invoice; None where head office issued none."""
    rows = reader.rows("SELECT value FROM received WHERE kind = 'invoice' AND key = ?", (number,))
    return msgspec.json.decode(rows[0]["value"], type=AtHeadOffice) if rows else None


def of_day(reader: Reader, day: str) -> list[InvoiceRow]:
    """The invoices asked for on a business date."""
    rows = reader.rows(f"{_INVOICES} WHERE i.business_date = ? ORDER BY i.jn", (day,))
    return [InvoiceRow(**dict(row)) for row in rows]


def get_invoice(reader: Reader, no: str) -> InvoiceRow | None:
    """An invoice by our own number or the bureau's."""
    rows = reader.rows(
        f"{_INVOICES} WHERE i.invoice_no = ? OR (e.bureau_no = ? AND e.bureau_no <> '')", (no, no)
    )
    return InvoiceRow(**dict(rows[0])) if rows else None


def reds_of(reader: Reader, order_id: str) -> list[RedRow]:
    """The red letters of an order's invoices."""
    rows = reader.rows(f"{_REDS} WHERE r.order_id = ? ORDER BY r.jn", (order_id,))
    return [RedRow(**dict(row)) for row in rows]


def reds_of_day(reader: Reader, day: str) -> list[RedRow]:
    """The red letters asked for on a business date."""
    rows = reader.rows(f"{_REDS} WHERE r.business_date = ? ORDER BY r.jn", (day,))
    return [RedRow(**dict(row)) for row in rows]


def returns_since(connection: Connection, jn: int) -> list[tuple[int, bytes]]:
    """Records of returns behind a record that take back something of an invoiced order."""
    sql = (
        "SELECT jn, body FROM journal WHERE jn > ? AND jn IN"
        " (SELECT l.jn FROM order_lines l JOIN invoices i ON i.order_id = l.of_order"
        "  WHERE l.of_order <> '' AND l.jn > ? AND l.jn > i.jn) ORDER BY jn"
    )
    rows = connection.exec_driver_sql(sql, (jn, jn)).all()
    return [(int(row[0]), bytes(row[1])) for row in rows]


def goods_of(reader: Reader, ids: list[int]) -> dict[int, tuple[str, str, str]]:
    """Tax code, category and specification of products, by id."""
    marks = ",".join("?" * len(ids))
    rows = reader.rows(
        f"SELECT product_id, tax_code, category, spec FROM products"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        f" WHERE product_id IN ({marks})",
        tuple(ids),
    )
    return {row["product_id"]: (row["tax_code"], row["category"], row["spec"]) for row in rows}
