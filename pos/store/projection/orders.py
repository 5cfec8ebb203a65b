"""Rows of ended orders, and of what is known of orders beside them."""

from __future__ import annotations

from pos.record import Fulfilled, LineVoided, OrderClosed, OrderVoided, Record, SoldLine
from pos.store.projection import stock
from pos.store.projection.rows import Row, Rows, where_row


def ended(record: Record, fact: OrderClosed | OrderVoided) -> Rows:
    """An order with what it was made of; a voided one moved no money and no goods."""
    rows: Rows = [
        ("orders", [_order(record, fact)]),
        ("order_lines", [_line(record, fact, line) for line in fact.lines]),
        ("line_adjustments", _adjustments(record, fact)),
    ]
    if isinstance(fact, OrderClosed):
        rows.append(("order_offers", _offers(record, fact)))
        rows.append(("order_tenders", _tenders(record, fact)))
        rows.append(("stock_moves", stock.sold(record, fact)))
    return [(table, found) for table, found in rows if found]


def _order(record: Record, fact: OrderClosed | OrderVoided) -> Row:
    row = where_row(record, fact.where) | {
        "order_id": fact.order_id,
        "epoch": record.epoch,
        "seq": fact.seq,
        "number": fact.number,
        "ref": None,
        "state": "voided",
        "opened_at": fact.opened_at,
        "ended_at": record.at,
        "total_fen": fact.total_fen,
        "tax_fen": sum(line.tax_fen for line in fact.lines),
        "rounding_fen": 0,
        "change_fen": 0,
        "person_id": "",
        "delivery_id": "",
        "note": "",
        "reason": "",
        "reopened_as": "",
    }
    if isinstance(fact, OrderVoided):
        return row | {"reason": fact.reason}
    return row | {
        "ref": fact.ref or None,
        "state": "closed",
        "rounding_fen": fact.rounding_fen,
        "change_fen": fact.change_fen,
        "person_id": fact.person_id,
        "delivery_id": fact.delivery_id,
        "reason": fact.reason,
        "reopened_as": fact.reopened_as,
        "note": fact.note,
    }


def _line(record: Record, fact: OrderClosed | OrderVoided, line: SoldLine) -> Row:
    return {
        "order_id": fact.order_id,
        "jn": record.jn,
        "line_no": line.line_no,
        "product_id": line.product_id,
        "sku": line.sku,
        "barcode": line.barcode,
        "name": line.name,
        "unit": line.unit,
        "milli": line.milli,
        "unit_fen": line.unit_fen,
        "list_fen": line.list_fen,
        "net_fen": line.net_fen,
        "tax_bp": line.tax_bp,
        "tax_fen": line.tax_fen,
        "factor": line.factor,
        "cost_fen": line.cost_fen,
        "points": line.points,
        "account": line.account,
        "of_order": line.of_order,
        "of_line": line.of_line,
        "condition": line.condition,
        "seller": line.seller,
    }


def _adjustments(record: Record, fact: OrderClosed | OrderVoided) -> list[Row]:
    return [
        {
            "order_id": fact.order_id,
            "jn": record.jn,
            "line_no": line.line_no,
            "n": n,
            "kind": adjustment.kind,
            "fen": adjustment.fen,
            "offer_id": adjustment.offer,
        }
        for line in fact.lines
        for n, adjustment in enumerate(line.adjustments, 1)
    ]


def _offers(record: Record, fact: OrderClosed) -> list[Row]:
    return [
        {
            "order_id": fact.order_id,
            "n": n,
            "jn": record.jn,
            "business_date": fact.where.business_date,
            "person_id": fact.person_id,
            "offer_id": given.offer,
            "name": given.name,
            "kind": given.kind,
            "times": given.times,
            "fen": given.fen,
            "code": given.code,
            "points": given.points,
        }
        for n, given in enumerate(fact.offers, 1)
    ]


def _tenders(record: Record, fact: OrderClosed) -> list[Row]:
    return [
        {
            "order_id": fact.order_id,
            "jn": record.jn,
            "n": n,
            "way": taken.way,
            "fen": taken.fen,
            "given_fen": taken.given_fen,
            "reference": taken.reference,
            "account": taken.account,
            "of_order": taken.of_order,
            "of_tender": taken.of_tender,
            "unverified": int(taken.unverified),
        }
        for n, taken in enumerate(fact.tenders, 1)
    ]


def line_voided(record: Record, fact: LineVoided) -> Rows:
    """Goods taken off an open order."""
    row = {
        "order_id": fact.order_id,
        "line_no": fact.line_no,
        "sku": fact.sku,
        "name": fact.name,
        "milli": fact.milli,
        "unit_fen": fact.unit_fen,
        "list_fen": fact.list_fen,
    }
    return [("voided_lines", [where_row(record, fact.where) | row])]


def fulfilled(record: Record, fact: Fulfilled) -> Rows:
    """What became of an order to be delivered."""
    row = {"order_id": fact.order_id, "state": fact.state, "at": record.at}
    return [("fulfilments", [where_row(record, fact.where) | row])]
