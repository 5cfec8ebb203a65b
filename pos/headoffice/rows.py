"""Which rows a record makes at head office. Pure: the same record always makes the same rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from pos.clock import local, moment_of
from pos.record import (
    CashMoved,
    Counted,
    DayClosed,
    DifferenceResolved,
    InvoiceAsked,
    InvoiceEnded,
    LineVoided,
    MemberChanged,
    OrderClosed,
    OrderVoided,
    Override,
    PaymentResolved,
    PaymentStep,
    Record,
    RecordRecovered,
    RedAsked,
    RedEnded,
    RefundAsked,
    RefundEnded,
    RefundSettled,
    ShiftClosed,
    ShiftCounted,
    ShiftOpened,
    StockCounted,
    StockMoved,
    Where,
    kind_of,
)

Cell = str | int
COLUMNS = {
    "orders": "shop_id number till_id epoch jn seq order_id state operator shift_id business_date "
    "opened_at ended_at hour lines total_fen tax_fen rounding_fen change_fen person_id reason",
    "order_lines": "shop_id number line_no business_date sku barcode name unit milli factor "
    "unit_fen list_fen net_fen tax_bp tax_fen costed cost_fen adjustments",
    "order_tenders": "shop_id number n business_date way fen given_fen reference",
    "shifts": "shop_id till_id shift_id epoch jn operator business_date opened_at",
    "cash_moves": "shop_id till_id epoch jn operator shift_id business_date at move fen reason",
    "voided_lines": "shop_id till_id epoch jn operator shift_id business_date at order_id sku name "
    "milli list_fen",
    "overrides": "shop_id till_id epoch jn operator approver business_date at command reason "
    "before after order_id",
    "payments": "shop_id till_id epoch jn kind at business_date channel reference fen state reason",
    "closes": "shop_id till_id epoch jn z business_date at operator after_jn upto_jn first_seq "
    "last_seq orders net_fen tax_fen grand_total_fen ways counted difference_fen uncounted auto",
    "shift_closes": "shop_id till_id epoch jn shift_id owner business_date opened_at closed_at "
    "orders net_fen expected_fen left_fen counted approver reason auto",
    "counts": "shop_id till_id epoch jn way shift_id business_date declared_fen expected_fen "
    "difference_fen",
    "stock_moves": "shop_id till_id epoch jn n sku kind milli doc at operator partner reason",
    "account_moves": "shop_id till_id epoch jn n account asset amount",
    "invoices": "shop_id till_id epoch jn invoice_no number business_date at operator special "
    "total_fen tax_fen",
    "invoice_reds": "shop_id till_id epoch jn red_no invoice_no total_fen",
    "invoice_ends": "shop_id till_id epoch jn no state bureau_no at",
    "recovered": "shop_id till_id epoch jn of_epoch of_jn",
    "events": "shop_id till_id epoch jn kind at operator business_date",
}
"""Tables a record may fill, with the columns of their rows."""


class Returned(msgspec.Struct, frozen=True):
    """Goods that came back with order `number`: of which order's line, by which of its own."""

    order_id: str
    line_no: int
    number: str
    by_line: int
    milli: int


class Made(msgspec.Struct):
    """Rows by table, and what stock changes by; added to as records go by."""

    rows: dict[str, list[tuple[Cell, ...]]] = msgspec.field(
        default_factory=lambda: defaultdict(list)
    )
    stock: dict[str, int] = msgspec.field(default_factory=lambda: defaultdict(int))
    returned: list[Returned] = msgspec.field(default_factory=list)
    spent: list[tuple[str, str]] = msgspec.field(default_factory=list)
    """Requests that held what an order was paid with, and the order's number."""
    paid_out: set[str] = msgspec.field(default_factory=set)
    """Orders (ids) that pay a balance back to its owner."""
    coupons: list[tuple[str, str, str]] = msgspec.field(default_factory=list)
    """Codes of coupons that an order was given, its id and its number."""


def business_date_of(record: Record) -> str:
    """The trading day a record belongs to, empty where it belongs to none."""
    where = getattr(record.fact, "where", None)
    return where.business_date if isinstance(where, Where) else ""


def make(record: Record, into: Made) -> None:
    """Add the rows of one record."""
    fact, rows = record.fact, into.rows
    place = (record.shop, record.till, record.epoch, record.jn)
    told: tuple[Cell, ...]
    match fact:
        case OrderClosed() | OrderVoided():
            _order(record, fact, into)
        case ShiftOpened():
            who = fact.where
            shift = (record.shop, record.till, who.shift_id, record.epoch, record.jn)
            rows["shifts"].append((*shift, who.operator, who.business_date, record.at))
        case CashMoved():
            told = (record.at, fact.move, fact.fen, fact.reason)
            rows["cash_moves"].append((*place, *_who(fact.where), *told))
        case LineVoided():
            told = (record.at, fact.order_id, fact.sku, fact.name, fact.milli, fact.list_fen)
            rows["voided_lines"].append((*place, *_who(fact.where), *told))
        case Override():
            who = fact.where
            by = (who.operator, fact.approver, who.business_date, record.at, fact.command)
            told = (fact.reason, fact.before, fact.after, fact.order_id)
            rows["overrides"].append((*place, *by, *told))
        case (
            PaymentResolved()
            | RefundAsked()
            | RefundEnded()
            | RefundSettled()
            | DifferenceResolved()
        ):
            rows["payments"].append((*place, *_payment(record, fact)))
        case RecordRecovered():
            rows["recovered"].append((*place, fact.epoch, fact.jn))
        case DayClosed():
            rows["closes"].append((*place, *_day(record, fact)))
        case ShiftClosed():
            rows["shift_closes"].append((*place, *_shift(record, fact)))
            _counts(place, fact.shift_id, fact.business_date, fact.counted or (), into)
        case ShiftCounted():
            _counts(place, fact.shift_id, fact.where.business_date, fact.counted, into)
        case MemberChanged() if fact.change == "joined":
            rows["account_moves"].append((*place, 1, fact.person_id, "stored", 0))
        case InvoiceAsked() | InvoiceEnded() | RedAsked() | RedEnded():
            _invoice(record, fact, into)
        case StockMoved() | StockCounted():
            _moved(record, fact, into)
        case PaymentStep():
            pass  # of the till alone; the order and its refunds tell what came of it
        case _:
            where = getattr(fact, "where", None)
            operator = where.operator if isinstance(where, Where) else getattr(fact, "by", "")
            told = (kind_of(fact), record.at, operator, business_date_of(record))
            rows["events"].append((*place, *told))


def _invoice(
    record: Record, fact: InvoiceAsked | InvoiceEnded | RedAsked | RedEnded, into: Made
) -> None:
    rows = into.rows
    place = (record.shop, record.till, record.epoch, record.jn)
    end: tuple[Cell, ...]
    match fact:
        case InvoiceAsked():
            who = (fact.where.business_date, record.at, fact.where.operator)
            told = (int(fact.special), fact.total_fen, fact.tax_fen)
            rows["invoices"].append((*place, fact.invoice_no, fact.number, *who, *told))
        case RedAsked():
            rows["invoice_reds"].append((*place, fact.red_no, fact.invoice_no, fact.total_fen))
        case InvoiceEnded():
            end = (fact.invoice_no, fact.state, fact.bureau_no, record.at)
            rows["invoice_ends"].append((*place, *end))
        case RedEnded():
            end = (fact.red_no, fact.state, fact.bureau_no, record.at)
            rows["invoice_ends"].append((*place, *end))


def _who(where: Where) -> tuple[str, str, str]:
    return where.operator, where.shift_id, where.business_date


def _payment(
    record: Record,
    fact: PaymentResolved | RefundAsked | RefundEnded | RefundSettled | DifferenceResolved,
) -> tuple[Cell, ...]:
    """kind at business_date channel reference fen state reason"""
    head = (kind_of(fact), record.at, business_date_of(record), fact.channel)
    match fact:
        case PaymentResolved():
            return (*head, fact.out_trade_no, fact.fen, fact.verdict, fact.reason)
        case RefundAsked():
            return (*head, fact.out_refund_no, fact.fen, "asked", fact.reason)
        case RefundEnded():
            return (*head, fact.out_refund_no, fact.fen, fact.state, fact.reason)
        case RefundSettled():
            return (*head, fact.out_refund_no, fact.fen, fact.way, fact.reason)
        case DifferenceResolved():
            return (*head, fact.number, 0, fact.difference, fact.reason)


def _order(record: Record, fact: OrderClosed | OrderVoided, into: Made) -> None:
    closed = fact if isinstance(fact, OrderClosed) else None
    shop, number, day = record.shop, fact.number, fact.where.business_date
    into.rows["orders"].append(
        (
            *(shop, number, record.till, record.epoch, record.jn, fact.seq, fact.order_id),
            "voided" if closed is None else "closed",
            *_who(fact.where),
            *(fact.opened_at, record.at, local(moment_of(record.at)).hour),
            *(len(fact.lines), fact.total_fen, _tax(fact)),
            *((0, 0, "") if closed is None else _paid(closed)),
            fact.reason if isinstance(fact, OrderVoided) else "",
        )
    )
    # flat and plain: this is what head office does most often
    into.rows["order_lines"] += [
        (
            shop,
            number,
            line.line_no,
            day,
            line.sku,
            line.barcode,
            line.name,
            line.unit,
            line.milli,
            line.factor,
            line.unit_fen,
            line.list_fen,
            line.net_fen,
            line.tax_bp,
            line.tax_fen,
            0 if line.cost_fen is None else 1,
            line.cost_fen or 0,
            ",".join([f"{one.kind}:{one.fen}" for one in line.adjustments])
            if line.adjustments
            else "",
        )
        for line in fact.lines
    ]
    if closed is not None:
        stock = into.stock
        for line in closed.lines:
            stock[line.sku] -= line.milli * line.factor
            if line.of_order:
                back = (line.of_order, line.of_line, number, line.line_no, -line.milli)
                into.returned.append(Returned(*back))
    if closed is not None:
        _accounts(record, closed, into)
        if any(line.account and line.net_fen < 0 for line in closed.lines):
            into.paid_out.add(closed.order_id)
        used = [t.reference for t in closed.tenders if t.account and t.fen > 0]
        used += {one.code for one in closed.offers if one.points > 0 and one.code}
        into.spent += [(request_id, number) for request_id in used]
        coupons = [one.code for one in closed.offers if one.kind == "coupon" and one.code]
        into.coupons += [(code, closed.order_id, number) for code in coupons]
        tenders = into.rows["order_tenders"]
        for n, one in enumerate(closed.tenders, 1):
            tenders.append((shop, number, n, day, one.way, one.fen, one.given_fen, one.reference))


def _accounts(record: Record, closed: OrderClosed, into: Made) -> None:
    """What an order pays into accounts: top-ups, stored value given back, points either way.

    What it spends is taken off when what was held for it is settled.
    """
    found = [(line.account, "stored", line.net_fen) for line in closed.lines if line.account]
    found += [(t.account, "stored", -t.fen) for t in closed.tenders if t.account and t.fen < 0]
    points = sum(line.points for line in closed.lines)
    points -= sum(one.points for one in closed.offers if one.points < 0)
    if points and closed.person_id:
        found.append((closed.person_id, "points", points))
    place = (record.shop, record.till, record.epoch, record.jn)
    rows = into.rows["account_moves"]
    for n, one in enumerate(found, 1):
        rows.append((*place, n, *one))


def _tax(fact: OrderClosed | OrderVoided) -> int:
    if isinstance(fact, OrderClosed):
        return fact.tax_fen
    return sum(line.tax_fen for line in fact.lines)


def _paid(closed: OrderClosed) -> tuple[int, int, str]:
    return closed.rounding_fen, closed.change_fen, closed.person_id


def _day(record: Record, fact: DayClosed) -> tuple[Cell, ...]:
    """z business_date at … auto"""
    found = fact.figures
    ways = ",".join(f"{way.way}:{way.net_fen}" for way in found.tenders)
    over = sum(one.difference_fen for one in fact.counted or ())
    return (
        *(fact.z, fact.business_date, record.at, fact.where.operator),
        *(found.of.after_jn, found.of.upto_jn, fact.first_seq, fact.last_seq),
        *(found.orders, found.net_fen, found.tax_fen, fact.grand_total_fen, ways),
        *(int(fact.counted is not None), over, fact.uncounted, int(fact.auto)),
    )


def _shift(record: Record, fact: ShiftClosed) -> tuple[Cell, ...]:
    """shift_id owner … auto"""
    found = fact.figures
    return (
        *(fact.shift_id, fact.owner, fact.business_date, fact.opened_at, record.at),
        *(found.orders, found.net_fen, found.drawer.expected_fen, fact.left_fen),
        *(int(fact.counted is not None), fact.approver, fact.reason, int(fact.auto)),
    )


def _counts(
    place: tuple[str, str, int, int],
    shift: str,
    day: str,
    counted: Iterable[Counted],
    into: Made,
) -> None:
    for one in counted:
        sums = (one.declared_fen, one.expected_fen, one.difference_fen)
        into.rows["counts"].append((*place, one.way, shift, day, *sums))


def _moved(record: Record, fact: StockMoved | StockCounted, into: Made) -> None:
    kind = fact.move if isinstance(fact, StockMoved) else "counted"
    partner = fact.partner if isinstance(fact, StockMoved) else ""
    about = (fact.number, record.at, fact.where.operator, partner, fact.reason)
    for line in fact.lines:
        if line.milli:
            place = (record.shop, record.till, record.epoch, record.jn, line.line_no)
            into.rows["stock_moves"].append((*place, line.sku, kind, line.milli, *about))
            into.stock[line.sku] += line.milli
