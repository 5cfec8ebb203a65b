"""Rows of facts without a table of their own: who, of what, in one line."""

from __future__ import annotations

from pos.record import (
    CatalogImported,
    ClockJumped,
    ConfigChanged,
    DifferenceResolved,
    DrawerOpened,
    EpochBegan,
    LedgerCreated,
    MasterReceived,
    MemberChanged,
    MessageAsked,
    OffersChanged,
    OperatorChanged,
    OrderShared,
    PaymentResolved,
    PersonErased,
    ProductChanged,
    Record,
    RefundAsked,
    RefundEnded,
    RefundSettled,
    Reprinted,
    Session,
    TrainingSwitched,
    Where,
    kind_of,
)
from pos.store.projection.rows import Rows, where_row


def event(record: Record) -> Rows:
    """Everything that has no table of its own."""
    fact = record.fact
    where, subject, detail = Where("", "", ""), "", ""
    match fact:
        case LedgerCreated():
            subject, detail = fact.ledger_id, fact.public_key
        case EpochBegan():
            subject = str(fact.before)
            detail = f"{fact.why} {fact.lost_jn} {fact.lost_hash}"
        case MasterReceived():
            subject, detail = fact.stream, f"{fact.cursor} {fact.changes}"
        case OrderShared():
            where, subject = fact.where, fact.order_id
            detail = f"{fact.move} {fact.lines} {fact.total_fen} {fact.label}"
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
        case MemberChanged():
            where, subject = fact.where, fact.person_id
            detail = f"{fact.change} {fact.level}"
        case MessageAsked():
            where, subject = fact.where, fact.number
            detail = f"{fact.what} {fact.person_id}"
        case PersonErased():
            where, subject = fact.where, fact.person_id
        case CatalogImported():
            where = Where(fact.by, "", "")
            subject = fact.file_sha256
            detail = f"{fact.read} {fact.created} {fact.updated}"
        case OffersChanged():
            where, subject = Where(fact.by, "", ""), fact.sha256
            detail = f"{fact.source} {fact.version} {fact.count}"
        case TrainingSwitched():
            where, subject = fact.where, "on" if fact.on else "off"
        case PaymentResolved():
            where, subject = fact.where, fact.out_trade_no
            detail = f"{fact.verdict} {fact.fen} {fact.reason}"
        case RefundAsked():
            where, subject = fact.where, fact.out_refund_no
            detail = f"{fact.out_trade_no} {fact.fen} {fact.reason}"
        case RefundEnded():
            subject = fact.out_refund_no
            detail = f"{fact.state} {fact.fen} {fact.refund_id or fact.reason}"
        case RefundSettled():
            where, subject = fact.where, fact.out_refund_no
            detail = f"{fact.way} {fact.fen} {fact.reference} {fact.reason}"
        case DifferenceResolved():
            where, subject = fact.where, fact.number
            detail = f"{fact.channel} {fact.day} {fact.difference} {fact.reason}"
    row = {"kind": kind_of(fact), "subject": subject, "detail": detail}
    return [("events", [where_row(record, where) | row])]
