"""Which table rows a record makes. Pure, so that verifying can make them again and compare."""

from __future__ import annotations

from typing import Any

from pos.record import (
    CashMoved,
    CatalogImported,
    ClockJumped,
    ConfigChanged,
    DifferenceResolved,
    DrawerOpened,
    Fulfilled,
    LedgerCreated,
    LineVoided,
    OperatorChanged,
    OrderClosed,
    OrderVoided,
    Override,
    PaymentResolved,
    PersonErased,
    ProductChanged,
    Record,
    RefundAsked,
    RefundEnded,
    Reprinted,
    Session,
    ShiftOpened,
    Where,
    kind_of,
)

Row = dict[str, Any]
Rows = list[tuple[str, list[Row]]]
"""Tables in the order in which foreign keys let them be filled."""


def rows_of(record: Record) -> Rows:
    """The rows of `record`, by table."""
    fact = record.fact
    match fact:
        case OrderClosed() | OrderVoided():
            return _order(record, fact)
        case LineVoided():
            return [
                (
                    "voided_lines",
                    [
                        _where(record, fact.where)
                        | {
                            "order_id": fact.order_id,
                            "line_no": fact.line_no,
                            "sku": fact.sku,
                            "name": fact.name,
                            "milli": fact.milli,
                            "unit_fen": fact.unit_fen,
                            "list_fen": fact.list_fen,
                        }
                    ],
                )
            ]
        case Override():
            return [
                (
                    "overrides",
                    [
                        _where(record, fact.where)
                        | {
                            "override_id": fact.override_id,
                            "command": fact.command,
                            "approver": fact.approver,
                            "order_id": fact.order_id,
                            "reason": fact.reason,
                            "before": fact.before,
                            "after": fact.after,
                        }
                    ],
                )
            ]
        case CashMoved():
            return [
                (
                    "cash_moves",
                    [
                        _where(record, fact.where)
                        | {
                            "cash_id": fact.cash_id,
                            "move": fact.move,
                            "fen": fact.fen,
                            "reason": fact.reason,
                        }
                    ],
                )
            ]
        case Fulfilled():
            row = {"order_id": fact.order_id, "state": fact.state, "at": record.at}
            return [("fulfilments", [_where(record, fact.where) | row])]
        case ShiftOpened():
            return [
                (
                    "shifts",
                    [
                        {
                            "shift_id": fact.where.shift_id,
                            "jn": record.jn,
                            "operator": fact.where.operator,
                            "business_date": fact.where.business_date,
                            "opened_at": record.at,
                        }
                    ],
                )
            ]
        case _:
            return [("events", [_event(record)])]


def _where(record: Record, where: Where) -> Row:
    return {
        "jn": record.jn,
        "operator": where.operator,
        "shift_id": where.shift_id,
        "business_date": where.business_date,
    }


def _order(record: Record, fact: OrderClosed | OrderVoided) -> Rows:
    closed = fact if isinstance(fact, OrderClosed) else None
    rows: Rows = [
        (
            "orders",
            [
                _where(record, fact.where)
                | {
                    "order_id": fact.order_id,
                    "epoch": record.epoch,
                    "seq": fact.seq,
                    "number": fact.number,
                    "ref": (closed.ref or None) if closed else None,
                    "state": "closed" if closed else "voided",
                    "opened_at": fact.opened_at,
                    "ended_at": record.at,
                    "total_fen": fact.total_fen,
                    "tax_fen": sum(line.tax_fen for line in fact.lines),
                    "rounding_fen": closed.rounding_fen if closed else 0,
                    "change_fen": closed.change_fen if closed else 0,
                    "person_id": closed.person_id if closed else "",
                    "delivery_id": closed.delivery_id if closed else "",
                    "reason": ""
                    if closed
                    else fact.reason
                    if isinstance(fact, OrderVoided)
                    else "",
                }
            ],
        )
    ]
    key = {"order_id": fact.order_id, "jn": record.jn}
    rows.append(
        (
            "order_lines",
            [
                key
                | {
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
                }
                for line in fact.lines
            ],
        )
    )
    rows.append(
        (
            "line_adjustments",
            [
                key
                | {"line_no": line.line_no, "n": n, "kind": adjustment.kind, "fen": adjustment.fen}
                for line in fact.lines
                for n, adjustment in enumerate(line.adjustments, 1)
            ],
        )
    )
    if closed:
        rows.append(
            (
                "order_tenders",
                [
                    key
                    | {
                        "n": n,
                        "way": t.way,
                        "fen": t.fen,
                        "given_fen": t.given_fen,
                        "reference": t.reference,
                    }
                    for n, t in enumerate(closed.tenders, 1)
                ],
            )
        )
        rows.append(
            (
                "stock_moves",
                [
                    {
                        "jn": record.jn,
                        "n": n,
                        "product_id": line.product_id,
                        "sku": line.sku,
                        "kind": "sold",
                        "milli": -line.milli * line.factor,
                    }
                    for n, line in enumerate(closed.lines, 1)
                ],
            )
        )
    return [(table, found) for table, found in rows if found]


def _event(record: Record) -> Row:
    fact = record.fact
    where, subject, detail = Where("", "", ""), "", ""
    match fact:
        case LedgerCreated():
            subject, detail = fact.ledger_id, fact.public_key
        case DrawerOpened():
            where, detail = fact.where, fact.reason
        case Session():
            where, subject, detail = fact.where, fact.event, fact.role
        case Reprinted():
            where, subject, detail = fact.where, fact.order_id, f"{fact.number} {fact.copy}"
        case ConfigChanged():
            subject, detail = fact.sha256, " ".join(fact.keys)
        case ClockJumped():
            subject, detail = fact.expected, f"{fact.seen} {fact.seconds}"
        case OperatorChanged():
            where = Where(fact.by, "", "")
            subject, detail = fact.operator, f"{fact.change} {fact.role}"
        case ProductChanged():
            where, subject = fact.where, fact.sku
            changes = (f"{name}: {old} > {new}" for name, (old, new) in fact.fields.items())
            detail = f"{fact.change} {'; '.join(sorted(changes))}"
        case PersonErased():
            where, subject = fact.where, fact.person_id
        case CatalogImported():
            where = Where(fact.by, "", "")
            subject = fact.file_sha256
            detail = f"{fact.read} {fact.created} {fact.updated}"
        case PaymentResolved():
            where, subject = fact.where, fact.out_trade_no
            detail = f"{fact.verdict} {fact.fen} {fact.reason}"
        case RefundAsked():
            where, subject = fact.where, fact.out_refund_no
            detail = f"{fact.out_trade_no} {fact.fen} {fact.reason}"
        case RefundEnded():
            subject = fact.out_refund_no
            detail = f"{fact.state} {fact.fen} {fact.refund_id or fact.reason}"
        case DifferenceResolved():
            where, subject = fact.where, fact.number
            detail = f"{fact.channel} {fact.day} {fact.difference} {fact.reason}"
    return _where(record, where) | {"kind": kind_of(fact), "subject": subject, "detail": detail}
