"""Requests to head office that must have an end, kept beside the facts they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from pos.clock import stamp
from pos.record import OrderShared, Where
from pos.refusal import Refused
from pos.sale.order import Line, Order
from pos.sale.pricing import price
from pos.store.reader import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.store.ledger import Ledger

Kind = Literal["give", "claim", "return", "spend", "payout", "coupon"]
State = Literal["asked", "held", "confirm", "release", "done", "refused"]
KEPT = 500
"""So many ended requests are remembered, so that one head office still holds is known for ours."""


_RETURN_OF = """UPDATE sync_requests SET state = '{state}' WHERE order_id = :id
    AND kind = 'return' AND state IN ('asked', 'held') AND about = (
        SELECT json_extract(value, '$.number') FROM received
        WHERE kind = 'elsewhere' AND key = :sold)"""
"""What another till's order `sold` was kept with for an order of this till."""


class RequestRow(msgspec.Struct, frozen=True):
    """`about`: the hold, the order's number, the member's shop; `why` ends with who used it."""

    request_id: str
    kind: Kind
    about: str
    order_id: str
    state: State
    body: bytes
    why: str
    at: str


def kept(reader: Reader) -> list[RequestRow]:
    """The latest requests, newest first."""
    sql = "SELECT * FROM sync_requests ORDER BY at DESC, request_id DESC LIMIT ?"
    return [RequestRow(**dict(row)) for row in reader.rows(sql, (KEPT,))]


def unfinished(reader: Reader) -> list[RequestRow]:
    """Requests that wait for an answer or are to be told how they ended, oldest first."""
    sql = "SELECT * FROM sync_requests WHERE state IN ('asked', 'confirm', 'release') ORDER BY at"
    return [RequestRow(**dict(row)) for row in reader.rows(sql)]


def ended(reader: Reader, before: str) -> dict[str, State]:
    """What is still held for orders that have ended here, and what is to become of it.

    A return or a pay-out that closed has used it, which its record tells head office; one that was
    given up lets go. Asked before `before`: what was asked just now may not be on its order yet.
    """
    sql = (
        "SELECT q.request_id, o.state FROM sync_requests q LEFT JOIN orders o USING (order_id)"
        " WHERE q.kind IN ('return', 'payout') AND q.state = 'held' AND q.at < ?"
        " AND NOT EXISTS (SELECT 1 FROM drafts d WHERE d.order_id = q.order_id)"
    )
    return {
        row["request_id"]: "done" if row["state"] == "closed" else "release"
        for row in reader.rows(sql, (before,))
    }


def conclude(ledger: Ledger, found: Mapping[str, State]) -> None:
    """Put down what becomes of requests whose orders have ended."""

    def put_down(connection: Connection) -> None:
        for request_id, state in found.items():
            mark(connection, request_id, state)

    ledger.change(put_down)


def giving(reader: Reader) -> set[str]:
    """Orders that are being handed over: until the answer is there, nobody works on them."""
    sql = "SELECT order_id FROM sync_requests WHERE kind = 'give' AND state = 'asked'"
    return {row[0] for row in reader.rows(sql)}


def ask(
    ledger: Ledger, request_id: str, kind: Kind, about: str, order_id: str, body: bytes
) -> None:
    """Put a request down before it is asked; the same once more changes nothing."""
    ledger.change(lambda x: put(ledger, x, request_id, kind, about, order_id, body))


def put(
    ledger: Ledger,
    connection: Connection,
    request_id: str,
    kind: Kind,
    about: str,
    order_id: str,
    body: bytes,
) -> None:
    """As `ask`, inside a transaction: with the draft it is about."""
    now = stamp(ledger.place.clock.now())
    row = RequestRow(request_id, kind, about, order_id, "asked", body, "", now)
    sql = (
        "INSERT INTO sync_requests VALUES"
        " (:request_id, :kind, :about, :order_id, :state, :body, :why, :at)"
        " ON CONFLICT (request_id) DO NOTHING"
    )
    _run(connection, sql, **msgspec.structs.asdict(row))


def want(ledger: Ledger, request_id: str, state: State) -> None:
    """How a request is to go on."""
    ledger.change(lambda connection: mark(connection, request_id, state))


def end(ledger: Ledger, request_id: str, state: State, why: str) -> None:
    """A request has its end."""
    ledger.change(lambda connection: mark(connection, request_id, state, why))


def mark(connection: Connection, request_id: str, state: State, why: str = "") -> None:
    """Inside a transaction, as with the close of the order that uses it (confirm, its number)."""
    sql = "UPDATE sync_requests SET state = :state, why = :why WHERE request_id = :id"
    _run(connection, sql, id=request_id, state=state, why=why)


def release_of(connection: Connection, order_id: str) -> None:
    """Inside a transaction: what was held for an order that is given up."""
    sql = (
        "UPDATE sync_requests SET state = 'release' WHERE order_id = :id"
        " AND kind IN ('return', 'spend', 'payout', 'coupon') AND state IN ('asked', 'held')"
    )
    _run(connection, sql, id=order_id)


def release_dropped(connection: Connection, old: Order, new: Order) -> None:
    """Inside a transaction that saves a draft: points, coupons and goods of other tills' orders
    that it no longer has are let go."""
    if old.points_request and old.points_request != new.points_request:
        mark(connection, old.points_request, "release")
    sql = (
        "UPDATE sync_requests SET state = 'release' WHERE order_id = :id AND about = :code"
        " AND kind = 'coupon' AND state IN ('asked', 'held')"
    )
    for code in old.coupons:
        if code not in new.coupons:
            _run(connection, sql, id=new.order_id, code=code)
    for sold in sorted(_sold(old) - _sold(new)):
        _run(connection, _RETURN_OF.format(state="release"), id=new.order_id, sold=sold)


def settle_order(connection: Connection, order: Order, number: str) -> None:
    """Inside the transaction that closes an order: stored value, points and coupons are used.

    Whatever else was held for it is let go.
    """
    for given in order.offers.given:
        if given.kind == "coupon":
            use = (
                "UPDATE sync_requests SET state = 'confirm', why = :number WHERE order_id = :id"
                " AND about = :code AND kind = 'coupon' AND state = 'held'"
            )
            _run(connection, use, id=order.order_id, code=given.code, number=number)
    for sold in sorted(_sold(order)):  # its record tells head office
        _run(connection, _RETURN_OF.format(state="done"), id=order.order_id, sold=sold)
    used = [t.reference for t in order.tenders if t.way == "stored_value" and t.fen > 0]
    for request_id in (*used, *filter(None, (order.points_request,))):
        mark(connection, request_id, "confirm", number)
    sql = (
        "UPDATE sync_requests SET state = 'release' WHERE order_id = :id"
        " AND kind IN ('spend', 'coupon', 'return') AND state IN ('asked', 'held')"
    )
    _run(connection, sql, id=order.order_id)


def _sold(order: Order) -> set[str]:
    """Orders of which goods come back with this one."""
    return {line.of_order for line in order.returned} - {""}


def release_unused(connection: Connection) -> None:
    """Inside a transaction: what is held of stored value, points and coupons for drafts that do
    not name it."""
    sql = (
        "UPDATE sync_requests SET state = 'release' WHERE kind IN ('spend', 'coupon')"
        " AND state IN ('asked', 'held') AND NOT EXISTS (SELECT 1 FROM drafts d"
        " WHERE d.order_id = sync_requests.order_id AND instr(CAST(d.body AS TEXT),"
        " json_quote(CASE kind WHEN 'spend' THEN request_id ELSE about END)) > 0)"
    )
    _run(connection, sql)


def given(ledger: Ledger, request_id: str) -> None:
    """Head office has the order: it leaves this till, on record."""
    row = _row(ledger, request_id)
    if row is None or row.state == "done":
        return
    sent = msgspec.json.decode(row.body, type=_Given)
    where = Where(sent.operator, sent.shift_id, sent.business_date)
    fact = OrderShared(where, row.order_id, "given", sent.lines, sent.total_fen, sent.label)

    def put(connection: Connection) -> None:
        mark(connection, request_id, "done")
        _run(connection, "DELETE FROM drafts WHERE order_id = :id", id=row.order_id)

    ledger.write(fact, also=put)


def taken_back(ledger: Ledger, request_id: str) -> None:
    """Head office said no: the order stays, on hold."""
    end(ledger, request_id, "refused", "")


def taken(ledger: Ledger, request_id: str, order: Order) -> None:
    """The order of a claim is this till's: on hold here, on record, once.

    Refused("ho_bad_order") where an order of that id has ended here, or is this till's own.
    """
    row = _row(ledger, request_id)
    if row is None or row.state == "done":
        return
    if ledger.read(lambda x: _own_order(x, order.order_id)):
        raise Refused("ho_bad_order", why="order_id")
    asked = msgspec.json.decode(row.body, type=_Asked)
    where = Where(asked.operator, asked.shift_id, asked.business_date)
    order = msgspec.structs.replace(order, lines=ledger.read(lambda x: _own(x, order.lines)))
    total = price(order).total_fen
    fact = OrderShared(where, order.order_id, "taken", len(order.lines), total, order.label)
    ledger.save_draft(order, fact, also=lambda connection: mark(connection, request_id, "done"))


def _own_order(connection: Connection, order_id: str) -> bool:
    """Whether it ended here, or is open here and was never handed over."""
    from sqlalchemy import text

    sql = """SELECT 1 FROM orders WHERE order_id = :id UNION ALL
        SELECT 1 FROM drafts WHERE order_id = :id AND NOT EXISTS (
            SELECT 1 FROM sync_requests q WHERE q.order_id = :id AND q.kind = 'give')"""
    return connection.execute(text(sql), {"id": order_id}).first() is not None


def _own(connection: Connection, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Lines of another till with the products of this one, which it numbers in its own way."""
    from sqlalchemy import text

    sql = text("SELECT product_id FROM products WHERE sku = :sku")
    found = []
    for line in lines:
        number = connection.execute(sql, {"sku": line.product.sku}).scalar() or 0
        product = msgspec.structs.replace(line.product, product_id=number)
        found.append(msgspec.structs.replace(line, product=product))
    return tuple(found)


class _Asked(msgspec.Struct, frozen=True):
    operator: str
    shift_id: str = ""
    business_date: str = ""


class _Given(_Asked, frozen=True):
    label: str = ""
    lines: int = 0
    total_fen: int = 0


def _row(ledger: Ledger, request_id: str) -> RequestRow | None:
    from sqlalchemy import text

    sql = text("SELECT * FROM sync_requests WHERE request_id = :id")

    def look(connection: Connection) -> RequestRow | None:
        row = connection.execute(sql, {"id": request_id}).mappings().first()
        return RequestRow(**dict(row)) if row else None

    return ledger.read(look)


def _run(connection: Connection, sql: str, **values: Any) -> None:
    from sqlalchemy import text

    connection.execute(text(sql), values)
