"""Orders of other tills that head office told of, kept while something of them comes back here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from pos.record import OrderClosed, SoldLine, from_bytes

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.store.ledger import Ledger

Rows = Callable[[str, tuple[object, ...]], Sequence[Any]]
KIND = "elsewhere"
_VALUE = "SELECT value FROM received WHERE kind = 'elsewhere' AND key = ?"


class _Body(msgspec.Struct, frozen=True):
    body: str


class _Taken(msgspec.Struct, frozen=True):
    line_no: int
    reserved: int


class _Told(msgspec.Struct, frozen=True):
    """What head office said, as far as it matters here (`OrderFound` of the protocol)."""

    till: str
    order: _Body
    returns: tuple[_Body, ...] = ()
    reserved: tuple[_Taken, ...] = ()


class Elsewhere(msgspec.Struct, frozen=True):
    """Another till's order, what came back of it, thousandths of its lines kept for others."""

    till: str
    order: OrderClosed
    returns: tuple[OrderClosed, ...]
    kept: dict[int, int]


def keep(ledger: Ledger, order_id: str, told: bytes) -> None:
    """Remember what head office told of an order; the latest counts."""
    from sqlalchemy import text

    sql = (
        "INSERT INTO received (kind, key, stream, version, value)"
        " VALUES ('elsewhere', :key, 'asked', 0, :value)"
        " ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value"
    )

    def put(connection: Connection) -> None:
        connection.execute(text(sql), {"key": order_id, "value": told.decode()})

    ledger.change(put)


def order_id_of(told: bytes) -> str:
    """The id of the order that is told of, empty where it is no closed order."""
    order = _closed(msgspec.json.decode(told, type=_Told).order)
    return order.order_id if order else ""


def found(rows: Rows, order_id: str) -> Elsewhere | None:
    """What was told of an order; its lines name the products of this till."""
    row = rows(_VALUE, (order_id,))
    if not row:
        return None
    told = msgspec.json.decode(row[0]["value"], type=_Told)
    order = _closed(told.order)
    if order is None:
        return None
    lines = tuple(_own(rows, line) for line in order.lines)
    returns = tuple(one for one in map(_closed, told.returns) if one is not None)
    kept = {one.line_no: one.reserved for one in told.reserved}
    return Elsewhere(told.till, replace(order, lines=lines), returns, kept)


def _closed(told: _Body) -> OrderClosed | None:
    fact = from_bytes(told.body.encode()).fact
    return fact if isinstance(fact, OrderClosed) else None


def _own(rows: Rows, line: SoldLine) -> SoldLine:
    known = rows("SELECT product_id FROM products WHERE sku = ?", (line.sku,))
    return replace(line, product_id=int(known[0]["product_id"]) if known else 0)
