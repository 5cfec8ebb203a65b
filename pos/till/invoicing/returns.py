"""Red letters for what came back: asked for behind the return, from its record."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec

from pos.config import Config
from pos.invoices import reds
from pos.invoices.document import RedForm, RedRow
from pos.invoices.reds import Back
from pos.record import Fact, OrderClosed, from_bytes
from pos.refusal import Refused
from pos.store import invoices
from pos.store.reader import Reader
from pos.till.invoicing.keeping import document_of, put_red, red_fact, standing_of
from pos.till.receipts import vault_of

if TYPE_CHECKING:
    from pos.store.attempts import Transaction
    from pos.store.ledger import Ledger


class _Back(msgspec.Struct):
    """What one round of following returns has asked for, which is not on disk yet."""

    rows: dict[str, list[RedRow]] = {}
    reds: dict[str, int] = {}


def follow_returns(ledger: Ledger, config: Config) -> int:
    """Red letters for goods that came back since last time; how many were asked for.

    What was seen and what is asked for are one transaction: no return is followed twice.
    """
    seen = int(ledger.meta(invoices.SEEN) or 0)
    head = ledger.head.jn
    if head <= seen:
        return 0
    found = ledger.read(lambda connection: invoices.returns_since(connection, seen))
    facts: list[Fact] = []
    works: list[tuple[RedForm, tuple[str, str, str], str]] = []
    if found:
        with closing(Reader(config.ledger)) as reader:
            so_far = _Back()
            for jn, body in found:
                fact = from_bytes(body).fact
                if not isinstance(fact, OrderClosed):
                    continue
                for form, row in _of_return(reader, config, fact, jn, so_far):
                    facts.append(red_fact(form, row.invoice_no, row.order_id, fact.where))
                    waits = row.invoice_no if row.state == "asked" else ""
                    works.append((form, (row.person_id, row.order_id, row.invoice_no), waits))
    vault = vault_of(config) if works else None

    def put(connection: Transaction) -> None:
        for form, about, waits in works:
            if vault is not None:
                put_red(connection, config, vault, form, about, waits)
        ledger.keep(connection, invoices.SEEN, str(head))

    if works:
        ledger.write(*facts, also=put)
    else:
        ledger.change(put)
    return len(works)


def not_taken_back(reader: Reader, config: Config, row: invoices.InvoiceRow) -> tuple[RedRow, ...]:
    """What came back of an invoice's order since, and no red letter stands for: its form failed,
    lapsed or was refused.

    Refused: invoice_erased, invoice_none_back.
    """
    document = document_of(reader, config, row.invoice_no)
    if document is None:
        raise Refused("invoice_erased", number=row.number)
    gone: dict[int, list[int]] = {}
    for line_no, *figures in reader.rows(_BACK, (row.order_id, row.jn) * 2):
        gone[line_no] = figures
    back = tuple(Back(line_no, *figures) for line_no, figures in sorted(gone.items()))
    rows = reds.rows_for(standing_of(reader, document, ()), [x for x in back if x.net_fen > 0])
    if not rows:
        raise Refused("invoice_none_back", number=row.number)
    return rows


_BACK = """
SELECT line_no, sum(milli), sum(net_fen), sum(tax_fen) FROM (
  SELECT of_line AS line_no, -milli AS milli, -net_fen AS net_fen, -tax_fen AS tax_fen
  FROM order_lines WHERE of_order = ? AND of_order <> '' AND jn > ?
  UNION ALL
  SELECT x.line_no, -x.milli, -x.net_fen, -x.tax_fen FROM invoice_red_rows x
  JOIN invoice_reds r USING (red_no)
  WHERE r.order_id = ? AND r.jn > ? AND r.cause = 'return' AND NOT EXISTS
    (SELECT 1 FROM red_ends e WHERE e.red_no = r.red_no AND e.state <> 'red')
) GROUP BY line_no
"""
"""Goods of an order that came back, less what red letters for returns took with them."""


def _of_return(
    reader: Reader, config: Config, fact: OrderClosed, jn: int, so_far: _Back
) -> Iterable[tuple[RedForm, invoices.InvoiceRow]]:
    """The red letters of one return."""
    for order_id in sorted({line.of_order for line in fact.lines} - {""}):
        back = tuple(
            Back(line.of_line, -line.milli, -line.net_fen, -line.tax_fen)
            for line in fact.lines
            if line.of_order == order_id and line.net_fen < 0
        )
        for row in invoices.of_order(reader, order_id):
            document = document_of(reader, config, row.invoice_no)
            if row.state == "failed" or row.jn > jn or document is None:
                continue
            more = so_far.rows.setdefault(row.invoice_no, [])
            standing = standing_of(reader, document, more)
            rows = reds.rows_for(standing, back)
            if not rows:
                continue
            whole = reds.is_whole(standing, rows)
            back = reds.without(back, rows)
            more.extend(rows)
            so_far.reds[order_id] = so_far.reds.get(order_id, 0) + 1
            number = len(invoices.reds_of(reader, order_id)) + so_far.reds[order_id]
            form = reds.form_of(document, row.bureau_no, rows, whole, "return", number)
            yield form, row
