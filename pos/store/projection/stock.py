"""Rows of goods that moved: with an order, or by a document of their own."""

from __future__ import annotations

from pos.record import OrderClosed, Record, StockCounted, StockMoved
from pos.store.projection.rows import Row, Rows, where_row


def sold(record: Record, fact: OrderClosed) -> list[Row]:
    """The goods of a closed order, at what they cost.

    Damaged goods come back and are written off at once, so that neither is missing.
    """
    moves: list[Row] = []
    for line in fact.lines:
        if line.account:
            continue
        milli, value = -line.milli * line.factor, None if line.cost_fen is None else -line.cost_fen
        kinds = [("sold" if milli < 0 else "returned", 1)]
        if line.condition == "damaged":
            kinds.append(("damaged", -1))
        for kind, sign in kinds:
            row = _move(record, kind, len(moves) + 1, line.product_id, line.sku, sign * milli)
            value_fen = None if value is None else sign * value
            moves.append(row | {"value_fen": value_fen, "paid_fen": None})
    return moves


def moved(record: Record, fact: StockMoved) -> Rows:
    """Goods that came or left beside sales."""
    document = {
        "kind": fact.move,
        "frozen_at": "",
        "partner": fact.partner,
        "reference": fact.reference,
        "approver": "",
    }
    moves = [
        _move(record, fact.move, line.line_no, line.product_id, line.sku, line.milli)
        | {"value_fen": line.value_fen, "paid_fen": line.paid_fen}
        for line in fact.lines
    ]
    return [("stock_documents", [_document(record, fact) | document]), ("stock_moves", moves)]


def counted(record: Record, fact: StockCounted) -> Rows:
    """A stocktake: what differs moves, what was right does not."""
    document = {
        "kind": "counted",
        "frozen_at": fact.frozen_at,
        "partner": "",
        "reference": "",
        "approver": fact.approver,
    }
    moves = [
        _move(record, "counted", line.line_no, line.product_id, line.sku, line.milli)
        | {"value_fen": line.value_fen, "paid_fen": None}
        for line in fact.lines
        if line.milli
    ]
    rows: Rows = [("stock_documents", [_document(record, fact) | document])]
    return [*rows, ("stock_moves", moves)] if moves else rows


def _document(record: Record, fact: StockMoved | StockCounted) -> Row:
    return where_row(record, fact.where) | {
        "doc_id": fact.doc_id,
        "number": fact.number,
        "at": record.at,
        "reason": fact.reason,
        "lines": len(fact.lines),
        "value_fen": sum(line.value_fen or 0 for line in fact.lines),
    }


def _move(record: Record, kind: str, n: int, product_id: int, sku: str, milli: int) -> Row:
    row: Row = {"jn": record.jn, "n": n, "kind": kind}
    return row | {"product_id": product_id, "sku": sku, "milli": milli}
