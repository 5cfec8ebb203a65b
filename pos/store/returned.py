"""What came back of closed orders, looked up before a return and again at its closing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from pos.record import Fact, OrderClosed, RecordRecovered, SoldLine, Taken, from_bytes
from pos.refusal import Refused
from pos.sale import spending
from pos.sale.order import Order
from pos.sale.returns import NOTHING, Returned, Sold, and_back, before_of, check_back
from pos.store import elsewhere

if TYPE_CHECKING:
    from sqlalchemy import Connection

Rows = Callable[[str, tuple[object, ...]], Sequence[Any]]
"""All rows of a query: a `Reader`'s, or those of a transaction of the ledger."""


def rows_in(connection: Connection) -> Rows:
    """Rows as a transaction of the ledger sees them."""
    return lambda sql, values: connection.exec_driver_sql(sql, values).mappings().all()


_OF_ORDER = "SELECT body FROM journal WHERE jn = (SELECT jn FROM orders WHERE order_id = ?)"
_RETURNS = (
    "SELECT body FROM journal WHERE jn IN"
    " (SELECT jn FROM order_lines WHERE of_order = ? AND of_order <> '') ORDER BY jn"
)
_REFUNDS = (
    "SELECT a.out_trade_no, sum(r.fen) AS fen FROM payment_attempts a"
    " JOIN payment_refunds r USING (attempt_id)"
    " WHERE a.order_id = ? AND r.state <> 'refused' GROUP BY 1"
)


def sold_of(rows: Rows, order_id: str, drafts: Iterable[Order] = ()) -> Sold:
    """A closed order with all that came back of it, `drafts` of returns included.

    Refused: order_unknown, order_not_closed.
    """
    found = rows(_OF_ORDER, (order_id,))
    foreign = None if found else elsewhere.found(rows, order_id)
    if not found and foreign is None:
        raise Refused("order_unknown", number=order_id[:40])
    fact = foreign.order if foreign else _fact(found[0]["body"])
    if not isinstance(fact, OrderClosed):
        raise Refused("order_not_closed", number=getattr(fact, "number", order_id))
    facts = [_fact(row["body"]) for row in rows(_RETURNS, (order_id,))]
    closed = {one.order_id: one for one in facts if isinstance(one, OrderClosed)}
    if foreign:
        closed = {one.order_id: one for one in foreign.returns} | closed
    back = before_of(line for one in closed.values() for line in one.lines)
    before = {line: done for (order, line), done in back.items() if order == order_id}
    for line_no, milli in foreign.kept.items() if foreign else ():
        done = before.get(line_no, NOTHING)
        before[line_no] = replace(done, milli=done.milli + milli)
    given = [taken for one in closed.values() for taken in one.tenders]
    for draft in drafts:
        _with_draft(before, order_id, draft.returned)
        given += draft.tenders
    return Sold(
        order_id,
        fact.lines,
        fact.tenders,
        before,
        _refunded(rows, fact, given),
        fact.number,
        fact.where.business_date,
        fact.person_id,
        fact.offers,
    )


def _fact(body: bytes) -> Fact:
    """The fact of a record; of one that brought a lost record back, what that says."""
    fact = from_bytes(body).fact
    return from_bytes(fact.body.encode()).fact if isinstance(fact, RecordRecovered) else fact


def _with_draft(before: dict[int, Returned], order_id: str, lines: Iterable[SoldLine]) -> None:
    for line in lines:
        if line.of_order == order_id:
            before[line.of_line] = and_back(before.get(line.of_line, NOTHING), line)


def _refunded(rows: Rows, fact: OrderClosed, given: Iterable[Taken]) -> dict[int, int]:
    """Fen given back by tender; a refund that was asked for without a return counts as well."""
    sums: Counter[int] = Counter()
    for taken in given:
        if taken.of_order == fact.order_id:
            sums[taken.of_tender] -= taken.fen
    asked = {row["out_trade_no"]: row["fen"] for row in rows(_REFUNDS, (fact.order_id,))}
    for place, tender in enumerate(fact.tenders, 1):
        sums[place] = max(sums[place], asked.get(tender.reference, 0))
    return {place: fen for place, fen in sums.items() if fen}


def check(rows: Rows, order: Order) -> None:
    """Hold a return that closes to what is on disk now. Refused as `check_back` says."""
    lines, tenders = order.returned, order.tenders
    named = {line.of_order for line in lines} | {taken.of_order for taken in tenders}
    for order_id in sorted(named - {""}):
        sold = sold_of(rows, order_id)
        check_back(
            sold,
            [line for line in lines if line.of_order == order_id],
            [taken for taken in tenders if taken.of_order == order_id],
        )


def with_points(rows: Rows, fact: OrderClosed) -> OrderClosed:
    """The order that closes with the points that go back with what comes back."""
    offers = list(fact.offers)
    for order_id in sorted({line.of_order for line in fact.lines} - {""}):
        lines = [line for line in fact.lines if line.of_order == order_id]
        offers += spending.back(sold_of(rows, order_id), lines)
    return replace(fact, offers=tuple(offers))
