"""Tables of the ledger. All are STRICT; money is fen, quantities thousandths, moments text in UTC.

Tables of facts carry `jn`, the journal record they were made from; their rows are never changed.
`FACTS` lists them with the key that orders the rows of one record.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Insert, Table, insert
from sqlmodel import SQLModel

from pos.store.models import (
    counter,
    goods,
    invoices,
    journal,
    offers,
    orders,
    payments,
    people,
    printing,
    stock,
    sync,
)

__all__ = [
    "FACTS",
    "counter",
    "goods",
    "into",
    "invoices",
    "journal",
    "offers",
    "orders",
    "payments",
    "people",
    "printing",
    "stock",
    "sync",
    "table",
]

FACTS: tuple[tuple[str, str], ...] = (
    ("shifts", "shift_id"),
    ("shift_closes", "shift_id"),
    ("shift_counts", "way"),
    ("day_closes", "z"),
    ("orders", "order_id"),
    ("order_lines", "line_no"),
    ("line_adjustments", "line_no, n"),
    ("order_offers", "n"),
    ("order_tenders", "n"),
    ("stock_documents", "doc_id"),
    ("stock_moves", "n"),
    ("voided_lines", "jn"),
    ("overrides", "jn"),
    ("cash_moves", "jn"),
    ("events", "jn"),
    ("fulfilments", "jn"),
    ("epochs", "epoch"),
    ("recovered", "own_jn"),
    ("invoices", "invoice_no"),
    ("invoice_rows", "n"),
    ("invoice_ends", "jn"),
    ("invoice_reds", "red_no"),
    ("invoice_red_rows", "n"),
    ("red_ends", "jn"),
    ("payment_steps", "jn"),
)


@cache
def into(name: str) -> Insert:
    """The INSERT of a table, made once: building a statement costs more than running it."""
    return insert(table(name))


def table(name: str) -> Table:
    """A table by its name in the file, for Core statements."""
    return SQLModel.metadata.tables[name]
